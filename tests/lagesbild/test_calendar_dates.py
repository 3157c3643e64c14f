"""People type days, times and spans as they say them (A4)."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.dates import parse_date, parse_span, parse_spans, parse_time, span_text
from lagesbild.errors import Invalid

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize("text", ["13.00", "13:00", "13", "kl 13", "kl. 13.00", "Klockan 13", " 13:00 "])
def test_a_time_is_read_in_each_usual_form(text: str) -> None:
    assert parse_time(text) == time(13)


@pytest.mark.parametrize("text", ["", "25", "13.60", "lunch", "1300", "-1", "13.0"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="at: not_a_time"):
        parse_time(text, "at")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("1 dec", date(2026, 12, 1)),
        ("den 1 december", date(2026, 12, 1)),
        ("1 december 2027", date(2027, 12, 1)),
        ("1/12", date(2026, 12, 1)),
        ("1:a dec.", date(2026, 12, 1)),
        ("December 1", None),
        ("24 november", date(2026, 11, 24)),
        ("23 nov 2027", date(2027, 11, 23)),
        ("20 maj", date(2027, 5, 20)),
        ("29 feb", date(2028, 2, 29)),
        ("tisdag", date(2026, 12, 1)),
        ("på onsdag", date(2026, 11, 25)),
        ("Måndag", date(2026, 11, 30)),
        ("friday", date(2026, 11, 27)),
        ("idag", date(2026, 11, 24)),
        ("i morgon", date(2026, 11, 25)),
        ("imorgon", date(2026, 11, 25)),
        ("31 nov", None),
        ("2026-13-01", None),
        ("snart", None),
        ("", None),
    ],
)
def test_a_day_is_read_or_refused(text: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(Invalid, match="not_a_date"):
            parse_date(text, TUESDAY)
    else:
        assert parse_date(text, TUESDAY) == day


@pytest.mark.parametrize(
    ("text", "today", "passed", "coming"),
    [
        ("23 nov", TUESDAY, date(2026, 11, 23), 2027),
        ("1 juni", TUESDAY, date(2026, 6, 1), 2027),
        ("20/12", date(2027, 1, 10), date(2026, 12, 20), 2027),
        ("29 feb", date(2028, 3, 10), date(2028, 2, 29), 2032),
    ],
)
def test_a_day_that_passed_recently_is_asked_for_with_its_year(
    text: str, today: date, passed: date, coming: int
) -> None:
    with pytest.raises(Invalid, match="day: has_been") as refused:
        parse_date(text, today, "day")
    assert refused.value.facts == {"day": passed, "year": coming}


def test_a_day_of_last_winter_is_this_years_in_spring() -> None:
    assert parse_date("1 dec", date(2027, 4, 20)) == date(2027, 12, 1)


@pytest.mark.parametrize("text", ["0001-01-01", "1 dec 1999", "1/12 2101", "9999-12-31"])
def test_a_day_that_nobody_can_mean_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="day: too_far_off"):
        parse_date(text, TUESDAY, "day")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("4", timedelta(days=4)),
        ("4 dagar", timedelta(days=4)),
        ("1 dygn", timedelta(days=1)),
        ("12 h", timedelta(hours=12)),
        ("12 timmar", timedelta(hours=12)),
        ("1 vecka", timedelta(weeks=1)),
        ("2d", timedelta(days=2)),
    ],
)
def test_a_span_is_read_with_its_unit(text: str, span: timedelta) -> None:
    assert parse_span(text, "lead") == span


@pytest.mark.parametrize("text", ["", "0", "0 dagar", "-4", "fyra", "4 år", "4,5 dagar", "9999 d"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="lead: not_a_span"):
        parse_span(text, "lead")


def test_several_reminders_are_read_longest_first() -> None:
    assert parse_spans("4 h, 2 dagar och 1 dag", "reminders") == (
        timedelta(days=2),
        timedelta(days=1),
        timedelta(hours=4),
    )
    assert parse_spans("  ", "reminders") == ()


@given(st.integers(1, 999).map(lambda hours: timedelta(hours=hours)))
def test_a_span_is_shown_as_it_can_be_typed(span: timedelta) -> None:
    assert parse_span(span_text(span), "lead") == span


@given(st.text(max_size=30))
def test_no_typed_line_does_anything_but_work_or_be_refused(text: str) -> None:
    for read in (
        lambda: parse_spans(text, "x"),
        lambda: parse_date(text, TUESDAY),
    ):
        with suppress(Invalid):
            assert read() is not None
