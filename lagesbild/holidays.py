"""Swedish holidays, so that nobody is called to a meeting on midsummer's eve unasked (A4)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

_WORKING_WEEKDAYS = range(5)


def holiday_on(day: date) -> str | None:
    """The day's Swedish name if it is a holiday or an eve that is one in practice (julafton); None otherwise.

    Ordinary Sundays are not holidays here: a group that chose Sundays meant it.
    """
    return _swedish(day.year).get(day)


def is_working_day(day: date) -> bool:
    """Monday to Friday and no holiday."""
    return day.weekday() in _WORKING_WEEKDAYS and holiday_on(day) is None


def working_day_before(day: date) -> date:
    """The nearest working day before `day`."""
    earlier = day - timedelta(days=1)
    while not is_working_day(earlier):
        earlier -= timedelta(days=1)
    return earlier


def working_day_from(day: date) -> date:
    """`day` itself if it is a working day; otherwise the nearest one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def _swedish(year: int) -> dict[date, str]:
    found = holidays.country_holidays("SE", years=year, language="sv", categories=("public", "de_facto"))
    return dict(found.items())
