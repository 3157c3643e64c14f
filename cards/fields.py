"""The inputs of a card. Each has an id of its own, a label, and an error message where it must be filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from cards.base import BadValue, MissingProperty, Node, positional
from cards.elements import Element

RESERVED = frozenset({"verb", "lb", "msteams"})
"""Keys that a button's payload and Teams itself use beside the inputs' values: no input may be called so."""


class Input(Element):
    """Base of the inputs: `label` is read out by screen readers, `error_message` says what is missing."""

    id: str = positional(kw_only=False)
    label: str = positional(kw_only=False)
    is_required: bool | None = None
    error_message: str | None = None

    def check(self) -> None:
        if self.id in RESERVED:
            raise BadValue(type(self).__name__, "id", f"{self.id!r} is reserved")
        if self.is_required and not self.error_message:
            raise MissingProperty(type(self).__name__, "error_message", f"is missing on {self.id}")


class TextInput(Input):
    """A line of text, or several; `max_length` counts characters."""

    element_type: ClassVar[str] = "Input.Text"
    value: str | None = None
    placeholder: str | None = None
    is_multiline: bool | None = None
    max_length: int | None = None
    style: Literal["text", "tel", "url", "email"] | None = None


class Choice(Node):
    """One choice: what is read, and what is sent."""

    title: str = positional(kw_only=False)
    value: str = positional(kw_only=False)


class ChoiceSet(Input):
    """A choice among few. `compact` is the phone's own picker, `expanded` shows all; several values are sent joined by
    commas."""

    element_type: ClassVar[str] = "Input.ChoiceSet"
    choices: Sequence[Choice] = positional(kw_only=False)
    value: str | None = None
    placeholder: str | None = None
    style: Literal["compact", "expanded"] | None = None
    is_multi_select: bool | None = None
    wrap: bool | None = None

    def check(self) -> None:
        super().check()
        if any("," in choice.value for choice in self.choices):
            raise BadValue("ChoiceSet", "choices", f"of {self.id} have a comma in a value")


class DateInput(Input):
    """A day, as YYYY-MM-DD."""

    element_type: ClassVar[str] = "Input.Date"
    value: str | None = None
    min: str | None = None
    max: str | None = None
    placeholder: str | None = None


class TimeInput(Input):
    """A time of day, as HH:MM."""

    element_type: ClassVar[str] = "Input.Time"
    value: str | None = None
    min: str | None = None
    max: str | None = None
    placeholder: str | None = None


class NumberInput(Input):
    """A number."""

    element_type: ClassVar[str] = "Input.Number"
    value: float | None = None
    min: float | None = None
    max: float | None = None
    placeholder: str | None = None
