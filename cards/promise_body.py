"""What the cards of a promise show of it: head, sections that unfold, who adopted and signed (D2, D3)."""

from __future__ import annotations

from typing import Final

from cards.buttons import ToggleVisibility
from cards.elements import Column, ColumnSet, Container, Element, TextBlock
from cards.layout import notice, quiet, unfold
from cards.picture import size
from cards.safe import escape, one_line, plain
from cards.texts import Texts
from lagesbild.promise_drafts import MAX_TITLE
from lagesbild.promise_sheets import PromiseSheet, SectionSheet
from lagesbild.promises import CitizenPromise, PromiseState, SectionFollowUp, Signature

PAGE_BYTES: Final = 21 * 1024
"""What the body of one card takes; buttons and what is put over it have room beside it."""
SHORT: Final = 240
"""A preamble of so many characters stands open; a longer one unfolds."""


def promise_pages(
    t: Texts, sheet: PromiseSheet, *, coming: CitizenPromise | None = None, why: bool = False
) -> list[list[Element]]:
    """The promise in parts of a card's size: the first has title and background, the last who adopted and signed."""
    last = [*_adoption(t, sheet)]
    if why:
        text = t("promise.why", group=one_line(sheet.group.title))
        last.append(TextBlock(text, size="small", is_subtle=True))
    pages = [_head(t, sheet, coming)]
    used = sum(size(one.to_dict()) for one in (*pages[0], *last))
    for one in sheet.sections:
        parts = _section(t, sheet, one)
        needed = sum(size(part.to_dict()) for part in parts)
        if used + needed > PAGE_BYTES:
            pages.append([TextBlock(one_line(sheet.promise.title), weight="bolder", style="heading")])
            used = sum(size(one.to_dict()) for one in last)
        pages[-1] += parts
        used += needed
    pages[-1] += last
    return pages


def period_line(t: Texts, promise: CitizenPromise) -> str:
    """Such as "1 december 2020–28 februari 2021"; the year once where it is the same."""
    same = promise.first.year == promise.last.year
    return t(
        "promise.period", first=t.date(promise.first, year=not same), last=t.date(promise.last, year=True)
    )


def status_words(t: Texts, follow_up: SectionFollowUp | None) -> str:
    """The symbol and the word of a follow-up."""
    if follow_up is None:
        return t("promise.no_status")
    return t(f"promise.mark_{follow_up.status.value}", status=t(f"promise.status_{follow_up.status.value}"))


def signature_line(t: Texts, one: Signature) -> str:
    """Who signs, and the day or that it is waited for."""
    who = one_line(f"{one.name}, {one.role}" if one.name else one.role, 2 * MAX_TITLE + 2)
    if one.signed_on is None:
        return f"○ {t('promise.unsigned', who=who)}"
    return f"✓ {t('promise.signed', who=who, day=t.date(one.signed_on, year=True))}"


def coming_line(t: Texts, promise: CitizenPromise) -> str:
    """What comes next, and when."""
    return t("promise.coming", title=one_line(promise.title), day=t.day(promise.first))


def _head(t: Texts, sheet: PromiseSheet, coming: CitizenPromise | None) -> list[Element]:
    promise = sheet.promise
    found: list[Element] = [
        TextBlock(
            t("promise.label", municipality=one_line(sheet.group.municipality)),
            color="accent",
            weight="bolder",
            size="small",
        ),
        TextBlock(one_line(promise.title), size="large", weight="bolder", style="heading", spacing="none"),
        TextBlock(f"{period_line(t, promise)}{_left(t, sheet)}", is_subtle=True, spacing="none"),
    ]
    if promise.state is PromiseState.PUBLISHED and sheet.days_left < 0:
        ended = t("promise.ended", day=t.date(promise.last, year=True))
        found.append(notice(ended, coming_line(t, coming) if coming else t("promise.nothing_comes")))
    if 0 < len(promise.preamble) <= SHORT:
        found.append(TextBlock(escape(promise.preamble), spacing="small"))
    elif promise.preamble:
        found.append(unfold(f"▸ {t('promise.background')}", "background"))
        text = TextBlock(escape(promise.preamble), spacing="none")
        found.append(Container([text], id="background", is_visible=False, spacing="small"))
    return found


def _left(t: Texts, sheet: PromiseSheet) -> str:
    if sheet.promise.state is not PromiseState.PUBLISHED or not sheet.promise.is_current(sheet.today):
        return ""
    return f" · {t.plural('promise.days_left', sheet.days_left)}"


def _section(t: Texts, sheet: PromiseSheet, one: SectionSheet) -> list[Element]:
    """The title with its status; a tap unfolds who does what, why, and how it goes."""
    key, title = f"section_{one.section.number}", one_line(one.section.title)
    left: list[Element] = [TextBlock(title, weight="bolder")]
    if any(other.latest for other in sheet.sections):
        left.append(_status_line(t, one))
    toggle = ToggleVisibility(t("promise.unfold", title=plain(one.section.title)), [key])
    row = ColumnSet(
        [
            Column(left, width="stretch"),
            Column(
                [TextBlock("▾", color="accent", weight="bolder")],
                width="auto",
                vertical_content_alignment="center",
            ),
        ],
        select_action=toggle,
        separator=True,
        spacing="small",
    )
    inside = _inside(t, sheet, one)
    return [row, Container(inside, id=key, is_visible=False, style="emphasis", spacing="small")]


def _status_line(t: Texts, one: SectionSheet) -> TextBlock:
    silent = one.latest is None
    return TextBlock(status_words(t, one.latest), size="small", spacing="none", is_subtle=silent or None)


def _label(title: str) -> TextBlock:
    return TextBlock(title, weight="bolder", size="small", spacing="medium")


def _inside(t: Texts, sheet: PromiseSheet, one: SectionSheet) -> list[Element]:
    found: list[Element] = [
        TextBlock(f"**{one_line(c.who)}:** {one_line(c.what, 500)}", spacing="small")
        for c in one.section.commitments
    ]
    if one.section.why:
        found += [_label(t("promise.why_title")), TextBlock(escape(one.section.why), spacing="none")]
    if one.section.areas:
        areas = t.titles(t(f"promise.area_{area.value}") for area in one.section.areas)
        found.append(quiet(t("promise.answers_to", areas=areas)))
    return [*found, *_course(t, sheet, one)] or [quiet(t("promise.no_commitments"))]


def _course(t: Texts, sheet: PromiseSheet, one: SectionSheet) -> list[Element]:
    """How it goes, what is counted, and the period before beside it (D3)."""
    lines: list[Element] = []
    if one.latest is not None:
        day = t.date(sheet.group.local_day(one.latest.at))
        since = t("promise.status_since", status=status_words(t, one.latest), day=day)
        lines.append(TextBlock(since, spacing="none"))
        if one.latest.comment:
            lines.append(TextBlock(escape(one.latest.comment), spacing="none"))
    if one.section.indicator:
        lines.append(TextBlock(_indicator(t, one), spacing="small"))
    if one.before is not None and one.before.latest is not None:
        lines.append(quiet(t("promise.before", status=status_words(t, one.before.latest))))
    return [_label(t("promise.how_title")), *lines] if lines else []


def _indicator(t: Texts, one: SectionSheet) -> str:
    name = one_line(one.section.indicator)
    figure = _figure(t, one) or t("promise.no_figure")
    return t("promise.figure_line", name=name, value=figure)


def _figure(t: Texts, one: SectionSheet) -> str:
    """The last value, with that of the period before; empty if there is none."""
    if one.latest is None or one.latest.value is None:
        return ""
    value = t.number(one.latest.value, 2)
    if one.before is None or one.before.latest is None or one.before.latest.value is None:
        return f"**{value}**"
    return t("promise.figure_before", value=value, before=t.number(one.before.latest.value, 2))


def _adoption(t: Texts, sheet: PromiseSheet) -> list[Element]:
    promise = sheet.promise
    found: list[Element] = []
    if promise.adopted_on is not None:
        day = t.date(promise.adopted_on, year=True)
        text = t("promise.adopted", body=one_line(promise.adopted_by), day=day)
        found.append(TextBlock(text, separator=True, size="small"))
    lines = [TextBlock(signature_line(t, one), size="small", spacing="none") for one in promise.signatures]
    return [*found, *lines]
