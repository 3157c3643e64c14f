"""A promise as text for the municipality's web page: Markdown and HTML (D4). Pure; nothing typed becomes a tag.

The words come from whoever calls (`cards.texts.Texts` fits `Words`), so that the page can be read in any language there is.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from lagesbild.promise_sheets import PromiseSheet, SectionSheet
from lagesbild.promises import Commitment, Signature

_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_BULLET_AT_START: Final = re.compile(r"^([-+=])")
_NUMBER_AT_START: Final = re.compile(r"^(\d{1,9})([.)])")
_JOINERS: Final = "\u200c\u200d\ufe0f"
"""Invisible, but what joins letters and emoji."""


class Words(Protocol):
    """The catalogue's words, dates and numbers in one language."""

    def __call__(self, key: str, /, **values: object) -> str: ...
    def date(self, day: dt.date, *, year: bool = False) -> str: ...
    def number(self, value: float, decimals: int = 1) -> str: ...


def as_html(t: Words, sheet: PromiseSheet) -> str:
    """A piece of HTML for a page that has its own h1: headings from h2, a section each, no styles, scripts or links."""
    promise = sheet.promise
    lines = ["<article>", f"<h2>{_safe(promise.title)}</h2>", f"<p>{_safe(_period(t, sheet))}</p>"]
    lines += [f"<p>{_safe(one)}</p>" for one in _paragraphs(promise.preamble)]
    for section in sheet.sections:
        lines += _html_section(t, sheet, section)
    lines += _html_adoption(t, sheet)
    return "\n".join([*lines, "</article>"]) + "\n"


def as_markdown(t: Words, sheet: PromiseSheet) -> str:
    """The same as Markdown, from the second level of headings."""
    promise = sheet.promise
    blocks = [f"## {_marked(promise.title)}", _marked(_period(t, sheet))]
    blocks += [_marked(one) for one in _paragraphs(promise.preamble)]
    for section in sheet.sections:
        blocks += _markdown_section(t, sheet, section)
    blocks += _markdown_adoption(t, sheet)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _html_section(t: Words, sheet: PromiseSheet, one: SectionSheet) -> Iterator[str]:
    yield "<section>"
    yield f"<h3>{_safe(one.section.title)}</h3>"
    if one.section.commitments:
        yield "<ul>"
        yield from (f"<li>{_html_commitment(c)}</li>" for c in one.section.commitments)
        yield "</ul>"
    if why := _paragraphs(one.section.why):
        yield f"<h4>{_safe(t('promise.page_why'))}</h4>"
        yield from (f"<p>{_safe(paragraph)}</p>" for paragraph in why)
    if status := _status(t, sheet, one):
        yield f"<h4>{_safe(t('promise.page_how'))}</h4>"
        yield from (f"<p>{_safe(line)}</p>" for line in status)
    yield "</section>"


def _html_commitment(one: Commitment) -> str:
    return f"<strong>{_safe(one.who)}:</strong> {_safe(one.what)}"


def _html_adoption(t: Words, sheet: PromiseSheet) -> Iterator[str]:
    lines, signed = _adoption(t, sheet), sheet.promise.signatures
    if not lines and not signed:
        return
    yield "<section>"
    yield f"<h3>{_safe(t('promise.page_adoption'))}</h3>"
    yield from (f"<p>{_safe(line)}</p>" for line in lines)
    if signed:
        yield "<ul>"
        yield from (f"<li>{_safe(_signature(t, one))}</li>" for one in signed)
        yield "</ul>"
    yield "</section>"


def _markdown_section(t: Words, sheet: PromiseSheet, one: SectionSheet) -> Iterator[str]:
    yield f"### {_marked(one.section.title)}"
    yield "\n".join(f"- **{_marked(c.who)}:** {_marked(c.what)}" for c in one.section.commitments)
    if why := _paragraphs(one.section.why):
        yield f"#### {_marked(t('promise.page_why'))}"
        yield from map(_marked, why)
    if status := _status(t, sheet, one):
        yield f"#### {_marked(t('promise.page_how'))}"
        yield from map(_marked, status)


def _markdown_adoption(t: Words, sheet: PromiseSheet) -> Iterator[str]:
    lines, signed = _adoption(t, sheet), sheet.promise.signatures
    if lines or signed:
        yield f"### {_marked(t('promise.page_adoption'))}"
        yield from map(_marked, lines)
        yield "\n".join(f"- {_marked(_signature(t, one))}" for one in signed)


def _period(t: Words, sheet: PromiseSheet) -> str:
    promise = sheet.promise
    return t(
        "promise.page_period", first=t.date(promise.first, year=True), last=t.date(promise.last, year=True)
    )


def _status(t: Words, sheet: PromiseSheet, one: SectionSheet) -> list[str]:
    """How it goes, if it was followed up: the word and the day, what was said, the figure beside the earlier one."""
    latest = one.latest
    if latest is None:
        return []
    day = latest.at.astimezone(ZoneInfo(sheet.group.timezone)).date()
    word = t(f"promise.status_{latest.status.value}")
    lines = [t("promise.page_status", status=word, day=t.date(day, year=True)), *_paragraphs(latest.comment)]
    if latest.value is not None:
        lines.append(_figure(t, one, latest.value))
    return lines


def _figure(t: Words, one: SectionSheet, value: float) -> str:
    name = _flat(one.section.indicator) or t("promise.figure")
    earlier = one.before.latest.value if one.before and one.before.latest else None
    if earlier is None:
        return t("promise.figure_line", name=name, value=t.number(value, 2))
    return t("promise.figure_compared", name=name, value=t.number(value, 2), before=t.number(earlier, 2))


def _adoption(t: Words, sheet: PromiseSheet) -> list[str]:
    promise = sheet.promise
    if promise.adopted_on is None:
        return []
    return [
        t("promise.page_adopted", body=_flat(promise.adopted_by), day=t.date(promise.adopted_on, year=True))
    ]


def _signature(t: Words, one: Signature) -> str:
    who = f"{_flat(one.name)}, {_flat(one.role)}" if one.name else _flat(one.role)
    if one.signed_on is None:
        return t("promise.unsigned", who=who)
    return t("promise.signed", who=who, day=t.date(one.signed_on, year=True))


def _paragraphs(text: str) -> list[str]:
    return [flat for line in text.splitlines() if (flat := _flat(line))]


def _flat(text: str) -> str:
    """On one line, without characters that can't be seen, which turn text around or are no characters of a page."""
    return " ".join("".join(filter(_is_shown, " ".join(text.split()))).split())


def _is_shown(char: str) -> bool:
    if ord(char) & 0xFFFE == 0xFFFE:
        return False
    return char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")


def _safe(text: str) -> str:
    return html.escape(_flat(text))


def _marked(text: str) -> str:
    marked = _MARKS.sub(r"\\\1", _flat(text))
    return _NUMBER_AT_START.sub(r"\1\\\2", _BULLET_AT_START.sub(r"\\\1", marked))
