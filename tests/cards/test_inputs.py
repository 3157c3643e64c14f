"""What was typed: read with types and limits, wrong values named by their field."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.inputs import BadInput, Inputs

JSON: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()) | st.just({})
)


def test_each_kind_is_read() -> None:
    inputs = Inputs({
        "verb": "x", "lb": {}, "c": " Klotter\r\nvid skolan\x00 ", "r": "3", "m": "a,b,a",
        "d": "2026-12-01", "t": "15:30", "n": "2,5", "i": "4",
    })  # fmt: skip
    assert inputs.text("c", max=40) == "Klotter\nvid skolan"
    assert inputs.choice("r", {"1", "3"}) == "3"
    assert inputs.choices("m", {"a", "b"}) == ("a", "b")
    assert inputs.date("d") == date(2026, 12, 1)
    assert inputs.time("t") == time(15, 30)
    assert inputs.number("n", min=0, max=5) == 2.5
    assert inputs.integer("i", min=1, max=5) == 4
    assert inputs.has("c")
    assert not inputs.has("verb")


def test_what_is_absent_reads_as_empty() -> None:
    inputs = Inputs({})
    assert inputs.text("c", max=1) == ""
    assert [inputs.choice("r", {"1"}), inputs.date("d"), inputs.time("t")] == [None] * 3
    assert inputs.number("n", min=0, max=1) is inputs.integer("n", min=0, max=1) is None
    assert inputs.choices("m", {"a"}) == ()
    assert not inputs.has("c")


def test_letters_typed_as_two_signs_are_read_as_one() -> None:
    assert Inputs({"c": "Bjo\u0308rn A\u030akesson"}).text("c", max=20) == "Björn Åkesson"


WRONG: list[tuple[Any, Callable[[Inputs], object], str]] = [
    ("abc", lambda i: i.text("f", max=2), "too_long"),
    (5, lambda i: i.text("f", max=2), "not_text"),
    (" ", lambda i: i.text("f", max=2, required=True), "missing"),
    ("9", lambda i: i.choice("f", {"1"}), "not_a_choice"),
    ("1,9", lambda i: i.choices("f", {"1"}), "not_a_choice"),
    ("1/12", lambda i: i.date("f"), "not_a_date"),
    ("1999-12-31", lambda i: i.date("f"), "too_far_off"),
    ("9995-01-01", lambda i: i.date("f"), "too_far_off"),
    ("25:00", lambda i: i.time("f"), "not_a_time"),
    ("10:00+01:00", lambda i: i.time("f"), "not_a_time"),
    ("nan", lambda i: i.number("f", min=0, max=9), "not_a_number"),
    ("1e999", lambda i: i.number("f", min=0, max=9), "out_of_range"),
    ("2.5", lambda i: i.integer("f", min=0, max=9), "not_a_number"),
]


@pytest.mark.parametrize(("value", "read", "problem"), WRONG)
def test_a_wrong_value_names_its_field(value: Any, read: Callable[[Inputs], object], problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(Inputs({"f": value}))
    assert (caught.value.field, caught.value.problem) == ("f", problem)


@given(JSON)
def test_no_value_gives_another_error(value: Any) -> None:
    inputs = Inputs({"f": value})
    for _, read, _ in WRONG:
        with suppress(BadInput):
            read(inputs)
