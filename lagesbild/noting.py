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
_DAYS = "|".join(_WEEKDAYS)
_DAY = re.compile(rf"\bi\s+({_DAYS})s(?:kväll|natt|morse|morgon)?\b")
_DAY_OF = re.compile(
    rf"\bnatten\s+(?:till|mot)\s+({_DAYS})"
    rf"|\b({_DAYS})s?(?:kvällen|natten|morgonen|förmiddagen|eftermiddagen|en)\b"
    rf"|(?<!på )(?<!varje )\b({_DAYS})\s+(?:kväll|natt|morgon|förmiddag|eftermiddag)\b"
)
_RELATIVE = (
    (re.compile(r"\bi\s?förrgår\b"), 2),
    (re.compile(r"\b(i\s?går|i\s?natt)\b"), 1),
    (re.compile(r"\b(i\s?dag|just\s+nu|nyss|i\s?kväll|i\s?morse|nu\s+på\s+morgonen)\b"), 0),
)
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH = (
    "jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|sept?(?:ember)?|okt(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(rf"(?<![\d/])(?!24/7)(\d{{1,2}})(?:/(\d{{1,2}})|(?::e|:a)?\s+({_MONTH}))(?![\w/])")
_ISO = re.compile(r"(?<![\d-])(20\d\d)-(\d\d)-(\d\d)(?![\d-])")


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
    hits = {
        area: sum(worth for stem, worth in stems if stem.search(words)) for area, stems in _stems().items()
    }
    best = max(hits.values())
    leaders = [area for area, count in hits.items() if count == best]
    return leaders[0] if best and len(leaders) == 1 else None


@cache
def _stems() -> dict[Area, tuple[tuple[re.Pattern[str], float], ...]]:
    """The words of each area, each with what a hit is worth."""
    data = tomllib.loads(WORDS.read_text("utf-8"))
    half = data.pop("half")
    return {
        Area(area): (
            *((re.compile(rf"\b{stem}"), 1.0) for stem in stems),
            *((re.compile(rf"\b{stem}"), 0.5) for stem in half.get(area, ())),
        )
        for area, stems in data.items()
    }


def _day(text: str, today: date) -> date | None:
    words = text.casefold()
    for pattern, days in _RELATIVE:
        if pattern.search(words):
            return today - timedelta(days=days)
    if named := _DAY.search(words):
        return today - timedelta(days=_days_since(named.group(1), today) or 7)
    if named := _DAY_OF.search(words):
        return today - timedelta(days=_days_since(next(filter(None, named.groups())), today))
    return _calendar_day(words, today)


def _days_since(weekday: str, today: date) -> int:
    return (today.weekday() - _WEEKDAYS.index(weekday)) % 7


def _calendar_day(words: str, today: date) -> date | None:
    if whole := _ISO.search(words):
        day = _valid(int(whole[1]), int(whole[2]), int(whole[3]))
        return day if day is not None and day <= today else None
    found = _DATE.search(words)
    if found is None:
        return None
    month = int(found[2]) if found[2] else _MONTHS.index(found[3][:3]) + 1
    days = (_valid(year, month, int(found[1])) for year in (today.year, today.year - 1))
    return next((day for day in days if day is not None and day <= today), None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
