"""The text for the municipality's web page, to copy from the chat (D4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cards.actions import execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Container, Element, TextBlock
from cards.layout import header, quiet
from cards.picture import size
from cards.promise import PromiseForWeb, back_button
from cards.safe import escape
from cards.texts import Texts
from lagesbild.promise_sheets import PromiseSheet
from lagesbild.promise_text import as_html, as_markdown

PART_BYTES: Final = 18 * 1024
PAGE_LANGUAGE: Final = "sv"
"""The page is the municipality's own, whatever language the reader of the card has."""


def web_card(t: Texts, sheet: PromiseSheet, *, markdown: bool = False, page: int = 0) -> Card:
    """The text in a field of its own, literally as it is to be pasted; a long one in parts."""
    words = Texts(PAGE_LANGUAGE)
    text = as_markdown(words, sheet) if markdown else as_html(words, sheet)
    parts = _parts(text)
    page = min(max(page, 0), len(parts) - 1)
    title = t("promise.web_title")
    body: list[Element] = [*header(title, t("promise.web_markdown" if markdown else "promise.web_html"))]
    body.append(Container(_blocks(parts[page], markdown=markdown), style="emphasis"))
    if len(parts) > 1:
        body.append(quiet(t("promise.web_part", n=page + 1, total=len(parts))))
    buttons = _doings(t, sheet, page, len(parts), markdown=markdown)
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def _parts(text: str) -> list[list[str]]:
    """The lines, a card's worth at a time. No line is broken: what is pasted part by part is the whole."""
    parts: list[list[str]] = [[]]
    used = 0
    for line in filter(None, text.split("\n")):
        needed = size(_block(line).to_dict())
        if used + needed > PART_BYTES and parts[-1]:
            parts.append([])
            used = 0
        parts[-1].append(line)
        used += needed
    return parts


def _blocks(lines: Sequence[str], *, markdown: bool) -> list[TextBlock]:
    """HTML line by line; Markdown as paragraphs, since it is copied with the empty lines that it needs between them."""
    return [_block("\n".join(lines))] if markdown else [_block(line) for line in lines]


def _block(text: str) -> TextBlock:
    return TextBlock(escape(text), font_type="monospace", size="small", spacing="none")


def _doings(t: Texts, sheet: PromiseSheet, page: int, parts: int, *, markdown: bool) -> Sequence[Action]:
    facts = (sheet.group.id, sheet.promise.id)
    found: list[Action] = []
    if parts > 1:
        ahead = (page + 1) % parts
        title = t("promise.web_next" if ahead else "promise.web_first")
        found.append(execute(title, PromiseForWeb(*facts, markdown, ahead)))
    other = t("promise.web_as_html" if markdown else "promise.web_as_markdown")
    return [*found, execute(other, PromiseForWeb(*facts, not markdown)), back_button(t, sheet.group.id)]
