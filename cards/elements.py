"""What a card is made of: text, containers and lists, and (re-exported) buttons.

Everything newer than version 1.2 derives from `Newer` and can't be made without a fallback.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from cards.base import LibraryElement, Node, positional, required
from cards.buttons import Action, Execute, Submit, ToggleVisibility

Spacing = Literal["none", "small", "default", "medium", "large", "extraLarge", "padding"]
Colour = Literal["default", "dark", "light", "accent", "good", "warning", "attention"]
Size = Literal["default", "small", "medium", "large", "extraLarge"]
Weight = Literal["default", "lighter", "bolder"]
Align = Literal["left", "center", "right"]
VerticalAlign = Literal["top", "center", "bottom"]
Style = Literal["default", "emphasis", "accent", "good", "warning", "attention"]
TargetWidth = Literal[
    "veryNarrow", "narrow", "standard", "wide", "atLeast:narrow", "atMost:narrow",
    "atLeast:standard", "atMost:standard", "atLeast:wide", "atMost:wide",
]  # fmt: skip


class Element(Node, LibraryElement):
    """Base of every element. `is_visible=False` with an `id` makes it one that a ToggleVisibility unfolds;
    `target_width` (Teams) shows it on some screen widths only, older clients show it always."""

    id: str | None = None
    spacing: Spacing | None = None
    separator: bool | None = None
    height: Literal["auto", "stretch"] | None = None
    is_visible: bool | None = None
    target_width: TargetWidth | None = None
    fallback: Element | Literal["drop"] | None = None


class Newer(Element):
    """Base of the elements newer than version 1.2: what is shown instead must be said; "drop" shows nothing."""

    fallback: Element | Literal["drop"] = required()


class TextBlock(Element):
    """Text with simple Markdown; what a person typed goes through `cards.safe.escape` first. Wraps by default."""

    element_type: ClassVar[str] = "TextBlock"
    text: str = positional(kw_only=False)
    size: Size | None = None
    weight: Weight | None = None
    color: Colour | None = None
    is_subtle: bool | None = None
    wrap: bool | None = True
    max_lines: int | None = None
    horizontal_alignment: Align | None = None
    font_type: Literal["default", "monospace"] | None = None
    style: Literal["default", "heading", "columnHeader"] | None = None


class Container(Element):
    """A group of elements. `bleed` lets its colour reach the card's edge; a colour goes with a word in it."""

    element_type: ClassVar[str] = "Container"
    items: Sequence[Element] = positional(kw_only=False)
    style: Style | None = None
    bleed: bool | None = None
    min_height: str | None = None
    vertical_content_alignment: VerticalAlign | None = None
    select_action: Action | None = None
    rounded_corners: bool | None = None
    show_border: bool | None = None


class Column(Element):
    """A column: `width` is "auto", "stretch", a weight ("2") or pixels ("80px")."""

    element_type: ClassVar[str] = "Column"
    items: Sequence[Element] = positional(kw_only=False)
    width: str | None = None
    style: Style | None = None
    bleed: bool | None = None
    min_height: str | None = None
    vertical_content_alignment: VerticalAlign | None = None
    select_action: Action | None = None


class ColumnSet(Element):
    """Columns side by side; on a phone they stay so: two, seldom three."""

    element_type: ClassVar[str] = "ColumnSet"
    columns: Sequence[Column] = positional(kw_only=False)
    style: Style | None = None
    bleed: bool | None = None
    min_height: str | None = None
    horizontal_alignment: Align | None = None
    select_action: Action | None = None


class Fact(Node):
    """One line of a FactSet; both parts take Markdown."""

    title: str = positional(kw_only=False)
    value: str = positional(kw_only=False)


class FactSet(Element):
    """Names and values in two columns."""

    element_type: ClassVar[str] = "FactSet"
    facts: Sequence[Fact] = positional(kw_only=False)


class ActionSet(Element):
    """Buttons inside the body; those that send count towards the card's six."""

    element_type: ClassVar[str] = "ActionSet"
    actions: Sequence[Action] = positional(kw_only=False)
    horizontal_alignment: Align | None = None


__all__ = [
    "Action", "ActionSet", "Align", "Colour", "Column", "ColumnSet", "Container", "Element", "Execute", "Fact",
    "FactSet", "Newer", "Size", "Spacing", "Style", "Submit", "TargetWidth", "TextBlock", "ToggleVisibility", "Weight",
]  # fmt: skip
