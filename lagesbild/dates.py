"""Dates, times and spans as people type them: "1 dec", "tisdag", "13.00", "4 dagar" (A4)."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from lagesbild.errors import Invalid

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february",
            "mar mars march",
            "apr april",
            "maj may",
            "jun juni june",
            "jul juli july",
            "aug augusti august",
            "sep sept september",
            "okt oktober oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "måndag mån monday mon",
            "tisdag tis tisd tuesday tue",
            "onsdag ons onsd wednesday wed",
            "torsdag tors tor torsd thursday thu",
            "fredag fre fred friday fri",
            "lördag lör lörd saturday sat",
            "söndag sön sönd sunday sun",
        )
    )
    for name in names.split()
}
_NEAR = {"idag": 0, "dag": 0, "today": 0, "imorgon": 1, "morgon": 1, "tomorrow": 1, "övermorgon": 2}
_FILLERS = frozenset(
    ["på", "i", "den", "kl", "kl.", "klockan", "till", "on", "at", "to", "the", "nästa", "next"]
)
_UNITS = {
    "timme": timedelta(hours=1),
    "dag": timedelta(days=1),
    "vecka": timedelta(weeks=1),
}
_UNIT_WORDS = {
    **dict.fromkeys(("h", "t", "tim", "timme", "timmar", "hour", "hours"), "timme"),
    **dict.fromkeys(("d", "dag", "dagar", "dygn", "day", "days"), "dag"),
    **dict.fromkeys(("v", "vecka", "veckor", "week", "weeks"), "vecka"),
}
_TIME = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:[-/ ](\d{4}))?")
_NAMED = re.compile(r"(\d{1,2})(?:\.|:e|:a|th|st|nd|rd)? ([a-zåäö]+)\.?(?: (\d{4}))?")
_SPAN = re.compile(r"(\d{1,3}) ?([a-zåäö]*)")
YEARS = range(2000, 2101)
"""The years that a day can lie in; calendars don't reach much farther, and nobody means more."""
_RECENTLY = timedelta(days=183)
_AT_NEW_YEAR = timedelta(days=91)
"""How long ago a day of this year, and one of last year, is still the one that people think of: in January "20 dec"
has just been, in May it is to come."""


def parse_time(text: str, field: str = "time") -> time:
    """`13.00`, `13:00`, `kl 13` or `13`. Invalid (`not_a_time`) otherwise."""
    found = _TIME.fullmatch(_plain(text))
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hour > 23 or minute > 59:
        raise Invalid(field, "not_a_time", text=text)
    return time(hour, minute)


def parse_date(text: str, today: date, field: str = "date") -> date:
    """`2026-12-01`, `1 dec`, `1/12`, `tisdag`, `imorgon`. Without a year: the next such day, today included;
    a weekday is the next one after today. Invalid (`not_a_date`, `too_far_off`; `has_been` for one that passed recently,
    which could be a slip as well as next year's).
    """
    plain = _plain(text)
    if plain in _NEAR:
        return today + timedelta(days=_NEAR[plain])
    if plain in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS[plain] - today.weekday() - 1) % 7 + 1)
    found = _day_month_year(plain)
    day = _valid(found, today) if found else None
    if found is None or day is None:
        raise Invalid(field, "not_a_date", text=text)
    if found[2] is None and (passed := _just_passed(*found[:2], today)):
        raise Invalid(field, "has_been", day=passed, year=day.year)
    if day.year not in YEARS:
        raise Invalid(field, "too_far_off")
    return day


def parse_span(text: str, field: str, unit: timedelta = timedelta(days=1)) -> timedelta:
    """`4 dagar`, `12 h`, `1 vecka`; a bare number counts `unit`. Invalid (`not_a_span`) otherwise, or if nothing."""
    found = _SPAN.fullmatch(_plain(text))
    word = found[2] if found else "?"
    if not found or (word and word not in _UNIT_WORDS) or int(found[1]) == 0:
        raise Invalid(field, "not_a_span", text=text)
    return int(found[1]) * (_UNITS[_UNIT_WORDS[word]] if word else unit)


def parse_spans(text: str, field: str, unit: timedelta = timedelta(days=1)) -> tuple[timedelta, ...]:
    """Several spans with comma or `och` between, longest first; nothing typed is none."""
    parts = [part for part in re.split(r",|;| och | and |\n", text) if part.strip()]
    return tuple(sorted({parse_span(part, field, unit) for part in parts}, reverse=True))


def span_text(span: timedelta) -> str:
    """A span as the set-up form shows it and `parse_span` reads it: `4 d`, `12 h`."""
    hours = round(span / timedelta(hours=1))
    return f"{hours // 24} d" if hours % 24 == 0 else f"{hours} h"


def _plain(text: str) -> str:
    words = text.casefold().replace(",", " ").split()
    return " ".join(word for word in words if word not in _FILLERS)


def _day_month_year(plain: str) -> tuple[int, int, int | None] | None:
    if found := _ISO.fullmatch(plain):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _SLASHED.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3]) if found[3] else None
    if (found := _NAMED.fullmatch(plain)) and found[2] in _MONTHS:
        return int(found[1]), _MONTHS[found[2]], int(found[3]) if found[3] else None
    return None


def _valid(found: tuple[int, int, int | None], today: date) -> date | None:
    day, month, year = found
    # Eight years ahead, since 29 February can be that far away.
    for candidate in (year,) if year else range(today.year, today.year + 9):
        try:
            whole = date(candidate, month, day)
        except ValueError:
            continue
        if year or whole >= today:
            return whole
    return None


def _just_passed(day: int, month: int, today: date) -> date | None:
    """That day of this year or last year, if it was so recently that it could be meant."""
    for year, recently in ((today.year, _RECENTLY), (today.year - 1, _AT_NEW_YEAR)):
        whole = _valid((day, month, year), today)
        if whole is not None and timedelta() < today - whole <= recently:
            return whole
    return None
