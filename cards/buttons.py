"""The actions of a card. A button that sends is made by `cards.actions.execute`, which adds the fallback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final, Literal

from cards.base import LibraryElement, Node, positional, required

_PHONE: Final = 328
_LETTER: Final = 7
_EDGES: Final = 32
"""Pixels: what a row of buttons has on a phone 390 wide, about what a letter of a title takes, and what a button
takes beside its letters. Teams cuts the titles of buttons that do not fit beside each other."""


class Action(Node, LibraryElement):
    """Base of all actions; `style` makes the main one stand out."""

    style: Literal["default", "positive", "destructive"] | None = None
    id: str | None = None
    icon_url: str | None = None
    is_enabled: bool | None = None
    mode: Literal["primary", "secondary"] | None = None


class Submit(Action):
    """Sends `data` and the inputs' values as a message; old clients know it, so it is the fallback of Execute."""

    element_type: ClassVar[str] = "Action.Submit"
    title: str = positional(kw_only=False)
    data: Mapping[str, Any] = required()
    associated_inputs: Literal["auto", "none"] | None = None


class Execute(Action):
    """Sends `data` and the inputs' values, and can be answered with a new card. Newer than 1.2: needs a fallback."""

    element_type: ClassVar[str] = "Action.Execute"
    title: str = positional(kw_only=False)
    verb: str = required()
    data: Mapping[str, Any] = required()
    fallback: Submit = required()
    associated_inputs: Literal["auto", "none"] | None = None


class ToggleVisibility(Action):
    """Unfolds and folds the parts with the given ids; sends nothing. As a part's `select_action` it still has a title,
    which a screen reader says."""

    element_type: ClassVar[str] = "Action.ToggleVisibility"
    title: str = positional(kw_only=False)
    target_elements: Sequence[str | Mapping[str, Any]] = positional(kw_only=False)


def fit_on_a_phone(titles: Iterable[str]) -> bool:
    """Whether buttons with these titles have room for them beside each other."""
    return sum(_LETTER * len(title) + _EDGES for title in titles) <= _PHONE


def phone_rows(buttons: Iterable[Action]) -> list[list[Action]]:
    """The buttons in their order, in as few rows as show every title whole."""
    rows: list[list[Action]] = []
    for button in buttons:
        if rows and fit_on_a_phone(one.get_data("title") for one in (*rows[-1], button)):
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows
