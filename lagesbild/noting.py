"""What can be told from one line: area, place and day (A5). Pure; the words that tell an area are data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from lagesbild.places import places_in
from lagesbild.reports import Observation
from lagesbild.templates import Area

WORDS = Path(__file__).parent / "data" / "noting.toml"
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_DAY = re.compile(r"\bi\s+(måndags|tisdags|onsdags|torsdags|fredags|lördags|söndags)\b")
_RELATIVE = (
    (re.compile(r"\b(i\s?förrgår|i\s?förrgår)\b"), 2),
    (re.compile(r"\b(i\s?går|igår|i\s?natt|inatt|i\s+går\s+kväll)\b"), 1),
    (
        re.compile(r"\b(i\s?dag|idag|just\s+nu|nyss|i\s?kväll|ikväll|i\s?morse|imorse|nu\s+på\s+morgonen)\b"),
        0,
    ),
)
_DATE = re.compile(
    r"\b(?:den\s+)?(\d{1,2})(?:/|\s+)(\d{1,2}|jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-zåäö]*\b"
)
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


@dataclass(frozen=True)
class Guess:
    """What the words tell; None or empty for what they do not."""

    area: Area | None
    place: str
    seen_on: date | None


def guess(text: str, today: date) -> Guess:
    """Area, place and day of a note. A day is never in the future; two equally likely areas mean none is guessed."""
    places = places_in(text)
    return Guess(_area(text), places[0] if places else "", _day(text, today))


def note_line(note: Observation, noted_on: date) -> str:
    """A note as it stands in the report's comment: the words, the place if they lack it, and the day.

    `noted_on` is the day it was noted where the group is: that counts when the words told no day.
    """
    place = f", {note.place}" if note.place and note.place.casefold() not in note.text.casefold() else ""
    day = note.seen_on or noted_on
    return f"{note.text}{place} ({day.day}/{day.month})"


def _area(text: str) -> Area | None:
    words = text.casefold()
    hits = {area: sum(1 for stem in stems if stem.search(words)) for area, stems in _stems().items()}
    best = max(hits.values())
    leaders = [area for area, count in hits.items() if count == best]
    return leaders[0] if best and len(leaders) == 1 else None


@cache
def _stems() -> dict[Area, tuple[re.Pattern[str], ...]]:
    data = tomllib.loads(WORDS.read_text("utf-8"))
    return {Area(area): tuple(re.compile(rf"\b{stem}") for stem in stems) for area, stems in data.items()}


def _day(text: str, today: date) -> date | None:
    words = text.casefold()
    for pattern, days in _RELATIVE:
        if pattern.search(words):
            return today - timedelta(days=days)
    if named := _DAY.search(words):
        back = (today.weekday() - _WEEKDAYS.index(named.group(1)[:-1])) % 7 or 7
        return today - timedelta(days=back)
    return _calendar_day(words, today)


def _calendar_day(words: str, today: date) -> date | None:
    found = _DATE.search(words)
    if found is None:
        return None
    month = found.group(2)
    number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
    for year in (today.year, today.year - 1):
        try:
            day = date(year, number, int(found.group(1)))
        except ValueError:
            return None
        if day <= today:
            return day
    return None
