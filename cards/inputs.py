"""What was typed into a card's inputs, read with types and limits. Untrusted: a wrong value names its field."""

# ruff: noqa: A002  (`max` and `date` are the names of HTML's and the card's own inputs)
from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Literal, overload

from cards.fields import RESERVED
from lagesbild.dates import YEARS

Problem = Literal[
    "missing",
    "too_long",
    "not_text",
    "not_a_choice",
    "not_a_date",
    "too_far_off",
    "not_a_time",
    "not_a_number",
    "out_of_range",
]


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")


class BadInput(Exception):
    """An input holds something unusable: `field` is its id, `limit` the limit it broke, where there is one."""

    def __init__(self, field: str, problem: Problem, limit: float | None = None) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem: Problem = problem
        self.limit = limit


class Inputs:
    """Reads inputs out of a button's data by id. An input that is absent or empty reads as "", None or (),
    unless `required=True`."""

    def __init__(self, data: Mapping[str, object]) -> None:
        self._data = {key: value for key, value in data.items() if key not in RESERVED}

    def has(self, field: str) -> bool:
        """Whether the card had that input and sent it, empty or not."""
        return field in self._data

    def text(self, field: str, *, max: int, required: bool = False) -> str:
        """Typed text, trimmed, in one Unicode form, with newlines as \\n; `max` counts characters. Problems: too_long, not_text, missing."""
        value = self._text(field)
        if not value.isascii():  # å typed as two signs, as in text from a PDF, is none of the guard's names
            value = unicodedata.normalize("NFC", value)
        if not value.isprintable():
            value = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
        value = value.strip()
        if len(value) > max:
            raise BadInput(field, "too_long", max)
        return self._filled(field, value, required)

    @overload
    def choice(self, field: str, allowed: Collection[str], *, required: Literal[True]) -> str: ...
    @overload
    def choice(self, field: str, allowed: Collection[str]) -> str | None: ...
    def choice(self, field: str, allowed: Collection[str], *, required: bool = False) -> str | None:
        """The chosen value; not_a_choice when it isn't one of `allowed`."""
        value = self._filled(field, self._text(field).strip(), required)
        if value and value not in allowed:
            raise BadInput(field, "not_a_choice")
        return value or None

    def choices(self, field: str, allowed: Collection[str], *, required: bool = False) -> tuple[str, ...]:
        """The chosen values of an input that takes several, in the order they were sent, each once."""
        value = self._filled(field, self._text(field), required)
        chosen = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
        if any(part not in allowed for part in chosen):
            raise BadInput(field, "not_a_choice")
        return chosen

    @overload
    def date(self, field: str, *, required: Literal[True]) -> dt.date: ...
    @overload
    def date(self, field: str) -> dt.date | None: ...
    def date(self, field: str, *, required: bool = False) -> dt.date | None:
        """A day (YYYY-MM-DD); not_a_date, or too_far_off where no calendar of ours reaches."""
        value = self._filled(field, self._text(field).strip(), required)
        try:
            found = dt.date.fromisoformat(value) if value else None
        except ValueError:
            raise BadInput(field, "not_a_date") from None
        if found is not None and found.year not in YEARS:
            raise BadInput(field, "too_far_off")
        return found

    @overload
    def time(self, field: str, *, required: Literal[True]) -> dt.time: ...
    @overload
    def time(self, field: str) -> dt.time | None: ...
    def time(self, field: str, *, required: bool = False) -> dt.time | None:
        """A time of day (HH:MM), without a zone."""
        value = self._filled(field, self._text(field).strip(), required)
        try:
            found = dt.time.fromisoformat(value.replace(".", ":")) if value else None
        except ValueError:
            raise BadInput(field, "not_a_time") from None
        if found is not None and found.tzinfo is not None:
            raise BadInput(field, "not_a_time")
        return found

    @overload
    def integer(self, field: str, *, min: int, max: int, required: Literal[True]) -> int: ...
    @overload
    def integer(self, field: str, *, min: int, max: int) -> int | None: ...
    def integer(self, field: str, *, min: int, max: int, required: bool = False) -> int | None:
        """A whole number within the limits, both included."""
        value = self._number(field, min, max, required)
        if value is not None and not value.is_integer():
            raise BadInput(field, "not_a_number")
        return None if value is None else int(value)

    def number(self, field: str, *, min: float, max: float) -> float | None:
        """A number within the limits, both included; a decimal comma is understood."""
        return self._number(field, min, max, required=False)

    def _number(self, field: str, low: float, high: float, required: bool) -> float | None:
        raw = self._data.get(field)
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            raw = str(raw)
        value = self._filled(field, self._text(field, raw).strip(), required)
        if not value:
            return None
        return _within(field, value, low, high)

    def _text(self, field: str, value: object = None) -> str:
        value = self._data.get(field) if value is None else value
        if value is None:
            return ""
        if not isinstance(value, str):
            raise BadInput(field, "not_text")
        return value

    def _filled(self, field: str, value: str, required: bool) -> str:
        if required and not value:
            raise BadInput(field, "missing")
        return value


def _within(field: str, value: str, low: float, high: float) -> float:
    try:
        number = float(value.replace(",", ".")) if len(value) < 40 else math.nan
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise BadInput(field, "not_a_number")
    if not low <= number <= high:
        raise BadInput(field, "out_of_range", high if number > high else low)
    return number
