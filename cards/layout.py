"""Small pieces that the cards share, so that they look alike. Texts come ready: from `Texts`, or through `cards.safe`."""

from __future__ import annotations

from collections.abc import Sequence

from cards.buttons import Action, ToggleVisibility, phone_rows
from cards.elements import (
    ActionSet,
    Column,
    ColumnSet,
    Container,
    Element,
    Fact,
    FactSet,
    Style,
    TextBlock,
)


def header(title: str, subtitle: str | None = None) -> list[Element]:
    """The card's heading and, quieter, what it is about."""
    heading: list[Element] = [TextBlock(title, size="large", weight="bolder", style="heading")]
    return [*heading, TextBlock(subtitle, is_subtle=True, spacing="none")] if subtitle else heading


def heading(title: str) -> TextBlock:
    """A heading inside the card."""
    return TextBlock(title, weight="bolder", style="heading", spacing="medium")


def subheading(title: str) -> TextBlock:
    """A heading inside a card that has many, no larger than its text: the whole fits a phone's screen."""
    return TextBlock(title, weight="bolder", style="heading", size="default", spacing="medium")


def titled(title: str, below: str, *, late: bool = False) -> Container:
    """One thing of a list: what it is, and quieter under it what matters about it. What is late stands out."""
    second = TextBlock(below, size="small", spacing="none", color="attention" if late else None)
    second.is_subtle = None if late else True
    return Container([TextBlock(title), second], spacing="small")


def quiet(text: str) -> TextBlock:
    """A small, subdued line right under what it belongs to."""
    return TextBlock(text, size="small", is_subtle=True, spacing="none")


def notice(*lines: str, style: Style = "emphasis") -> Container:
    """A field set apart: a rule, a warning. Its colour never says what its words don't."""
    return Container([TextBlock(line, size="small", spacing="small") for line in lines], style=style)


def section(title: str, items: Sequence[Element], *, separator: bool = True) -> Container:
    """A heading with what belongs under it."""
    return Container([heading(title), *items], separator=separator, spacing="medium")


def row(left: Sequence[Element], right: Sequence[Element], *, separator: bool = False) -> ColumnSet:
    """Something wide with something narrow at its right, side by side also on a phone."""
    return ColumnSet(
        [
            Column(left, width="stretch"),
            Column(right, width="auto", vertical_content_alignment="center"),
        ],
        separator=separator,
        spacing="small",
    )


def facts(*pairs: tuple[str, str]) -> FactSet:
    """Names and values; both take Markdown."""
    return FactSet([Fact(name, value) for name, value in pairs])


def unfold(title: str, *ids: str) -> Container:
    """Words that, tapped, show or hide the elements with these ids. Sends nothing."""
    return Container(
        [TextBlock(title, color="accent", weight="bolder", wrap=False)],
        select_action=ToggleVisibility(title, ids),
        spacing="none",
    )


def button_rows(buttons: Sequence[Action]) -> list[Element]:
    """Buttons inside the body, in as few rows as show every title whole on a phone."""
    return [ActionSet(row, spacing="small") for row in phone_rows(buttons)]
