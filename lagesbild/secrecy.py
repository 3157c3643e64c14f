"""The guard: finds what may point out a person, before anything is stored (A10, A11).

Pure and linear in the text's length. It errs towards asking: the sender can call a finding a false alarm and say why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from phonenumbers import NumberParseException, is_possible_number, parse

from lagesbild.naming import names


class FindingKind(StrEnum):
    """What a finding seems to be; the words for it are in the texts."""

    PERSONAL_NUMBER = "personal_number"
    COORDINATION_NUMBER = "coordination_number"
    PHONE = "phone"
    EMAIL = "email"
    REGISTRATION_PLATE = "registration_plate"
    NAME = "name"
    CHILD_CONCERN = "child_concern"
    SECRET = "secret"  # noqa: S105 - a kind of finding


@dataclass(frozen=True)
class Finding:
    """Something in a text that should not be there: `text` is `original[start:end]`."""

    kind: FindingKind
    start: int
    end: int
    text: str


_ODD = re.compile(r"[^ -~åäöÅÄÖéÉ]")
"""Letters that may have to be read as another one."""
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"(?<!\d)((?:\d{2})?\d{6})[ ]{0,2}[-+]?[ ]{0,2}(\d{4})(?!\d)")
_PHONE = re.compile(r"(?<![\d-])(?:\+46|0046|0)[ ]?(?:\(0\))?[1-9](?:[ -]?\d){6,9}(?!\d)")
_ABROAD = re.compile(r"(?<![\d+])(?:\+|00)[ ]?[1-9](?:[ -]?\(?\d\)?){6,13}(?!\d)")
"""What may be a number in any country; which countries there are, and how long their numbers are, a library knows."""
_EMAIL = re.compile(r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PLATE = re.compile(r"(?<![\w-])([a-hj-pr-uw-zA-HJ-PR-UW-Z]{3}) ?(\d{2}[\da-zA-Z])(?![\w-])")
_NOT_PLATES = frozenset(
    [
        "est",
        "fas",
        "and",
        "nmr",
        "rum",
        "sal",
        "buss",
        "linje",
        "tel",
        "kr",
        "max",
        "min",
        "ca",
        "den",
        "det",
        "och",
        "att",
        "som",
        "var",
        "hos",
        "ett",
        "jul",
        "maj",
        "jun",
        "aug",
        "sep",
        "okt",
        "nov",
        "dec",
        "jan",
        "feb",
        "mar",
        "apr",
        "kl",
        "hus",
        "nr",
        "str",
        "dag",
        "man",
        "vid",
        "har",
        "bra",
        "alla",
        "barn",
        "unga",
    ]
)
_CHILD = re.compile(
    r"\b(?:(?:jag|vi)\s+är\s+orolig[at]?\s+för\s+(?:en|ett|den|det|min|vår)\s+\w+"
    r"|orolig(?:a)?\s+för\s+(?:en\s+(?:elev|pojke|flicka|kille|tjej|unge|familj|klient)|ett\s+barn|pojken|flickan|barnet|eleven)"
    r"|(?:blir|blivit|har\s+blivit)\s+(?:slag(?:en|na|it)|misshandla[dt]e?|utsatt|sexuellt)\s+(?:hemma|av\s+(?:sin|pappa|mamma|sina))"
    r"|(?:mamman|pappan|mamma|pappa|föräldrarna|styvpappan)\s+(?:\w+\s+){0,2}(?:dricker|slår|slog|missbrukar|super|hotar)"
    r"|(?:barnet|flickan|pojken|eleven)\s+(?:\w+\s+){0,2}(?:far\s+illa|vanvårdas|svälter|blåmärken|mår\s+dåligt|berätta(?:r|de))"
    r"|far\s+illa\s+hemma)",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"\b(?:LVU|LVM|klienten|patienten|diagnosen|har\s+(?:adhd|autism|schizofreni)|placerad\s+i\s+familjehem|skyddad\s+identitet)\b",
    re.IGNORECASE,
)


_CHILD_HINTS = (
    *(
        "orolig",
        "slagen",
        "slagna",
        "slagit",
        "misshandla",
        "utsatt",
        "sexuellt",
        "dricker",
        "slår",
        "slog",
        "missbrukar",
    ),
    *("super", "hotar", "illa", "vanvårdas", "svälter", "blåmärken", "dåligt", "berätta"),
)
_SECRET_HINTS = (
    *(
        "lvu",
        "lvm",
        "klienten",
        "patienten",
        "diagnosen",
        "adhd",
        "autism",
        "schizofreni",
        "familjehem",
        "identitet",
    ),
)
"""Of each pair one stands in whatever its pattern finds: to look for them is ten times as quick."""


def scan(text: str) -> tuple[Finding, ...]:
    """Everything found, by position and without overlaps. Never raises; offsets are those of `text`."""
    seen = _folded(text)
    return _kept(text, seen, _FINDERS if _DIGIT.search(seen) else _OF_WORDS)


def contacts(text: str) -> tuple[Finding, ...]:
    """Numbers and addresses of persons alone: for the name of something, which may well be like a person's."""
    return _kept(text, _folded(text), _CONTACTS)


def _kept(text: str, seen: str, finders: Sequence[_Finder]) -> tuple[Finding, ...]:
    found = [one for find in finders for one in find(seen)]
    kept: list[Finding] = []
    for kind, start, end in sorted(found, key=lambda one: (one[1], -(one[2] - one[1]))):
        if not kept or start >= kept[-1].end:
            kept.append(Finding(kind, start, end, text[start:end]))
    return tuple(kept)


_Found = tuple[FindingKind, int, int]
_Finder = Callable[[str], Iterator[_Found]]


def _folded(text: str) -> str:
    """The text as it is read, letter for letter: odd dashes, digits and spaces made plain, so that offsets stay."""
    return "".join(map(_plain, text)) if _ODD.search(text) else text


@cache
def _plain(letter: str) -> str:
    if letter.isascii():
        return " " if letter in "\t\r\n\v\f" else letter
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.digit(letter))
    if category == "Pd" or letter == "\u2212":
        return "-"
    return " " if category in ("Zs", "Zl", "Zp", "Cf") else letter


def _numbers(text: str) -> Iterator[_Found]:
    for match in _NUMBER.finditer(text):
        kind = _number_kind(match.group(1)[-6:])
        if kind is not None:
            yield kind, match.start(), match.end()


def _number_kind(digits: str) -> FindingKind | None:
    """By its date alone: a mistyped check digit still points out a person."""
    month, day = int(digits[2:4]), int(digits[4:6])
    coordination = day > 60
    try:
        date(2000, month, day - 60 if coordination else day)
    except ValueError:
        return None
    return FindingKind.COORDINATION_NUMBER if coordination else FindingKind.PERSONAL_NUMBER


def _phones(text: str) -> Iterator[_Found]:
    for match in _PHONE.finditer(text):
        yield FindingKind.PHONE, match.start(), match.end()


def _phones_abroad(text: str) -> Iterator[_Found]:
    for match in _ABROAD.finditer(text):
        if _can_be_called(match.group()):
            yield FindingKind.PHONE, match.start(), match.end()


def _can_be_called(number: str) -> bool:
    try:
        return is_possible_number(parse(number, "SE"))
    except NumberParseException:
        return False


def _emails(text: str) -> Iterator[_Found]:
    if "@" not in text and "at)" not in text and "at]" not in text:
        return
    for match in _EMAIL.finditer(text):
        yield FindingKind.EMAIL, match.start(), match.end()


def _plates(text: str) -> Iterator[_Found]:
    for match in _PLATE.finditer(text):
        letters, digits = match.groups()
        year = digits.isdigit() and match.group(0)[3] == " " and letters.islower()
        if letters.casefold() not in _NOT_PLATES and not year:
            yield FindingKind.REGISTRATION_PLATE, match.start(), match.end()


def _names(text: str) -> Iterator[_Found]:
    for start, end in names(text):
        yield FindingKind.NAME, start, end


def _phrases(text: str) -> Iterator[_Found]:
    plain = text.casefold()
    for kind, pattern, hints in _PHRASES:
        if any(hint in plain for hint in hints):
            for match in pattern.finditer(text):
                yield kind, match.start(), match.end()


_PHRASES = (
    (FindingKind.CHILD_CONCERN, _CHILD, _CHILD_HINTS),
    (FindingKind.SECRET, _SECRET, _SECRET_HINTS),
)
_OF_WORDS = (_emails, _names, _phrases)
_CONTACTS = (_numbers, _phones, _phones_abroad, _emails)
_FINDERS = (_numbers, _phones, _phones_abroad, _plates, *_OF_WORDS)
