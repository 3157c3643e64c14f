"""Every word a person reads: gettext catalogues with symbolic ids, one .po file a feature and language.

`texts/sv/LC_MESSAGES/report.po` holds the ids that begin with `report.`. Placeholders are `{name}`, a plural is
`msgid "x"` + `msgid_plural "x"`. Swedish is the language of anyone whose client isn't set to English.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_day_names
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from cards.safe import heard

Language = Literal["sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("sv", "en")
HERE: Final = Path(__file__).parent

Entry = str | tuple[str, ...]


class TextError(Exception):
    """A catalogue lacks a text, or is written wrongly: a fault of the program."""

    def __init__(self, key: str, language: str, problem: str) -> None:
        super().__init__(f"{key} ({language}): {problem}")
        self.key = key
        self.language = language
        self.problem = problem


class Texts:
    """The texts in one language: `t("report.send")`, `t("report.deadline", when=t.day(d))`.

    Texts may hold Markdown; what a person typed goes through `cards.safe` before it is put in. Days are worded as
    they are said on `today`, which is the machine's unless it is given.
    """

    def __init__(self, locale: str | None = None, today: dt.date | None = None) -> None:
        self.language: Language = language_of(locale)
        self._today = today or dt.datetime.now(dt.UTC).date()
        self._entries = catalogue(self.language)

    def on(self, today: dt.date) -> Texts:
        """The same texts as they are read on another day."""
        return Texts(self.language, today)

    def __call__(self, key: str, /, **values: object) -> str:
        entry = self._entry(key)
        if not isinstance(entry, str):
            raise TextError(key, self.language, "is a plural")
        return self._fill(key, entry, values)

    def plural(self, key: str, n: int, /, **values: object) -> str:
        """The singular or plural form for `n`, which is `{n}` in the text unless `n=` is given."""
        entry = self._entry(key)
        if isinstance(entry, str):
            raise TextError(key, self.language, "is no plural")
        return self._fill(key, entry[0 if n == 1 else 1], {"n": n, **values})

    def has(self, key: str) -> bool:
        """Whether there is such a text: for ids made of a value's name."""
        return key in self._entries

    def _entry(self, key: str) -> Entry:
        try:
            return self._entries[key]
        except KeyError:
            raise TextError(key, self.language, "is missing") from None

    def _fill(self, key: str, text: str, values: Mapping[str, object]) -> str:
        try:
            return heard(text.format_map(values))
        except (KeyError, IndexError, ValueError) as error:
            raise TextError(key, self.language, f"lacks {error}") from error

    def date(self, day: dt.date, *, year: bool | None = None) -> str:
        """Such as "1 december", with the year where asked for, or where one could think of another."""
        needed = _needs_year(day, self._today) if year is None else year
        return self._formatted(day, "d MMMM y" if needed else "d MMMM")

    def day(self, day: dt.date) -> str:
        """Such as "tisdag 1 december", with the year where one could think of another."""
        return self._formatted(day, _day_pattern(day, self._today))

    def weekday(self, day: dt.date | int) -> str:
        """Such as "måndag", of a date or of 0 (Monday) to 6."""
        number = day if isinstance(day, int) else day.weekday()
        return heard(str(get_day_names("wide", "stand-alone", self._locale)[number]))

    def time(self, when: dt.time | dt.datetime, zone: str | dt.tzinfo | None = None) -> str:
        """Such as "15:00"; of a moment in the given zone, of a bare time of day as it is."""
        if isinstance(when, dt.datetime):
            when = _local(when, zone).time()
        return heard(f"{when:%H:%M}")

    def datetime(self, when: dt.datetime, zone: str | dt.tzinfo | None) -> str:
        """Such as "tisdag 1 december 15:00", of a moment (with a zone of its own) seen in the group's zone."""
        return heard(_moment(when.replace(second=0, microsecond=0), zone, self.language, self._today))

    def span(self, first: dt.date, last: dt.date) -> str:
        """Such as "17–30 november" or "24 november–7 december"."""
        if (first.year, first.month) == (last.year, last.month):
            return heard(f"{first.day}–{self.date(last)}")
        # The year that both lie in stands once, after the last.
        begun = self.date(first, year=False if first.year == last.year else None)
        return heard(f"{begun}–{self.date(last)}")

    def number(self, value: float, decimals: int = 1) -> str:
        """Such as "3,5": at most `decimals` decimals, none where they would be zero."""
        return heard(format_decimal(round(value, decimals), locale=self._locale))

    def list(self, parts: Iterable[str]) -> str:
        """Such as "a, b och c"."""
        return heard(format_list(list(parts), locale=self._locale))

    def titles(self, parts: Iterable[str]) -> str:
        """Such as "Hot och våld · Övrigt": of names that hold commas and an "och" of their own."""
        return heard(" · ".join(parts))

    def _formatted(self, day: dt.date, pattern: str) -> str:
        return heard(_date(day, pattern, self.language))

    @property
    def _locale(self) -> Locale:
        return _LOCALES[self.language]


_HALF_A_YEAR: Final = dt.timedelta(days=183)
_LOCALES: Final[Mapping[str, Locale]] = {"sv": Locale("sv", "SE"), "en": Locale("en", "GB")}


@lru_cache(maxsize=500)
def _date(day: dt.date, pattern: str, language: Language) -> str:
    """Babel reads the pattern anew each time; a day's cards name the same few dates."""
    return str(format_date(day, pattern, locale=_LOCALES[language]))


@lru_cache(maxsize=500)
def _moment(minute: dt.datetime, zone: str | dt.tzinfo | None, language: Language, today: dt.date) -> str:
    local = _local(minute, zone)
    return f"{_date(local.date(), _day_pattern(local.date(), today), language)} {local:%H:%M}"


def _day_pattern(day: dt.date, today: dt.date) -> str:
    return "EEEE d MMMM y" if _needs_year(day, today) else "EEEE d MMMM"


def _needs_year(day: dt.date, today: dt.date) -> bool:
    """Whether a day without its year would be taken for another: neither of this year nor of the next half year."""
    return day.year != today.year and not today <= day <= today + _HALF_A_YEAR


def language_of(locale: str | None) -> Language:
    """English for `en` and `en-*`, Swedish for everything else."""
    head = (locale or "").replace("_", "-").partition("-")[0].lower()
    return "en" if head == "en" else "sv"


@cache
def catalogue(language: Language) -> Mapping[str, Entry]:
    """All texts of a language by id. Raises TextError where a file is written wrongly."""
    found: dict[str, Entry] = {}
    for path in sorted((HERE / language / "LC_MESSAGES").glob("*.po")):
        found |= _read(path, language)
    return found


def _read(path: Path, language: Language) -> dict[str, Entry]:
    with path.open("rb") as file:
        messages = read_po(file, locale=language, abort_invalid=True)
    return dict(_entry_of(path, language, m.id, m.string) for m in messages if m.id)


def _entry_of(
    path: Path,
    language: Language,
    ids: str | list[str] | tuple[str, ...],
    strings: str | list[str] | tuple[str, ...] | None,
) -> tuple[str, Entry]:
    key = ids if isinstance(ids, str) else ids[0]
    if key.partition(".")[0] != path.stem:
        raise TextError(key, language, f"stands in {path.name}")
    entry: Entry = strings if isinstance(strings, str) else tuple(strings or ())
    if not entry or (isinstance(entry, tuple) and (len(entry) != 2 or not all(entry))):
        raise TextError(key, language, "is empty")
    return key, entry


def _local(when: dt.datetime, zone: str | dt.tzinfo | None) -> dt.datetime:
    if when.tzinfo is None or zone is None:
        raise ValueError("a moment needs its own zone and the group's")
    return when.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
