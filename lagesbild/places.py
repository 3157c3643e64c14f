"""Places and times of day that a comment names (B1).

What is found is shown in the channel, so a wrong place is worse than a missing one: only words that are shaped like
a Swedish place, or that follow a preposition of place with a capital, are taken, and what is likely to be a person,
an organisation, a day or an app is left out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "data" / "places.toml"

_LOOSE = "skolan|gatan|vägen|torget|parken|hallen|gården|badet|stationen|gymnasiet|tunneln"
_STRICT = "området|backen|berget|dalen|ängen|udden|plan"
_DIRECTION = "norra|södra|östra|västra|lilla|stora|gamla|nya"
_SHAPED = re.compile(
    rf"(?<![\w@#/.-])(?:(?P<which>(?i:{_DIRECTION}))[ ])?(?:"
    rf"(?P<loose>[A-ZÅÄÖa-zåäöé][a-zåäöé]+(?:{_LOOSE}))|(?P<strict>[A-ZÅÄÖ][a-zåäöé]+(?:{_STRICT}))"
    r")s?(?![\w@-])"
)
_CENTRUM = re.compile(
    r"(?<!står i )(?<!stod i )(?<!stå i )(?<!sätta i )(?<!sätter i )(?<!satt i )(?<![\w-])(rese|köp)?centrum(?![\w-])(?! för)",
    re.IGNORECASE,
)
_SHOP = re.compile(r"(?<![\w-])(coop|ica|willys|lidl|hemköp|systembolaget)s?(?![\w-])", re.IGNORECASE)
_KNOWN = re.compile(
    r"(?<!\w)(?:vid|på|i|utanför|bakom|kring|runt|nära)[ ]"
    r"(stationen|torget|biblioteket|kyrkan|badhuset|kommunhuset|folkets (?:hus|park))(?!\w)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<!\w)(?P<where>[Ii]|[Vv]id|[Uu]tanför|[Nn]ära|[Bb]akom|[Ff]ramför|[Ii]ntill)[ ](?P<name>[A-ZÅÄÖ][a-zåäöé]{2,}(?:[ ][A-ZÅÄÖ][a-zåäöé]{2,})*)(?![\w-])"
)
_SHOPS = {"coop": "Coop", "ica": "ICA", "willys": "Willys", "lidl": "Lidl", "hemköp": "Hemköp"}

_ENDS_IN_S = ("ås", "näs", "fors", "hus", "ors")


@dataclass(frozen=True)
class _Words:
    """What must not be taken for a place."""

    generic: frozenset[str]
    not_places: frozenset[str]
    given_names: frozenset[str]
    endings: tuple[str, ...]


@cache
def _words() -> _Words:
    data = tomllib.loads(WORDS.read_text("utf-8"))
    return _Words(
        generic=frozenset(data["generic"]),
        not_places=frozenset(data["not_places"]),
        given_names=frozenset(data["given_names"]),
        endings=tuple(data["endings"]),
    )


def places_in(text: str) -> tuple[str, ...]:
    """The places a text names, in its order and without repeats; spelling and genitive folded (B1).

    >>> places_in("Rutor krossade på risbroskolan, klotter vid Risbroskolans entré och i centrum")
    ('Risbroskolan', 'centrum')
    """
    found = sorted((*_shaped(text), *_plain(text), *_named(text)))
    return tuple(dict.fromkeys(name for _, name in found))


def is_sure(name: str) -> bool:
    """Whether a found place is one by its shape; otherwise a capital after a preposition is all that tells."""
    return name[0].islower() or bool(_SHAPED.fullmatch(name) or _SHOP.fullmatch(name))


def _shaped(text: str) -> Iterator[tuple[int, str]]:
    for match in _SHAPED.finditer(text):
        word = match["loose"] or match["strict"]
        if word.casefold() in _words().generic or (match["strict"] and _starts_sentence(text, match.start())):
            continue
        which = f"{match['which'].capitalize()} " if match["which"] else ""
        yield match.start(), which + word.capitalize()


def _plain(text: str) -> Iterator[tuple[int, str]]:
    for match in _CENTRUM.finditer(text):
        yield match.start(), match.group().casefold()
    for match in _SHOP.finditer(text):
        name = match[1].casefold()
        yield match.start(), _SHOPS.get(name, name.capitalize())
    for match in _KNOWN.finditer(text):
        yield match.start(1), match[1].casefold()


def _named(text: str) -> Iterator[tuple[int, str]]:
    for match in _NAMED.finditer(text):
        name = match["name"]
        if not _SHAPED.search(name) and not _SHOP.search(name) and _may_be_place(name.casefold().split()):
            yield match.start("name"), name


def _may_be_place(words: list[str]) -> bool:
    if len(words) > 1 and words[0] not in _DIRECTION.split("|"):
        return False  # two names in a row are a person's more often than a place's
    if not _words().not_places.isdisjoint(words) or not _words().given_names.isdisjoint(words):
        return False
    genitive = words[-1].endswith("s") and not words[-1].endswith(_ENDS_IN_S)
    return not genitive and not words[-1].endswith(_words().endings)


def _starts_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t-–•*\"'")
    return not before or before[-1] in ".!?:\n"


_DAYS = "måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag"
_PART = "kväll|natt|morgon|förmiddag|eftermiddag"
_TIME = re.compile(
    rf"(?<![\w-])(?:"
    rf"natten[ ](?:mot|till)[ ](?P<towards>{_DAYS})(?:en)?"
    rf"|(?P<day>{_DAYS})(?:s?(?P<part>{_PART})(?:en|ar|arna)?"
    rf"|(?:en|ar|arna|s)?(?:[ ](?:på[ ])?(?P<later>{_PART})(?:en|ar|arna)?(?![\w-]))?)"
    r"|(?:kl\.?|klockan)[ ]?(?P<hour>[01]?\d|2[0-4])(?:[.:](?P<minute>[0-5]\d))?(?!\d)"
    r"|(?P<school>efter[ ](?:skolan|skoltid|skoldagen))"
    r"|(?P<weekend>helg(?:en|er|erna|arna)|veckoslut(?:et|en)?)"
    r"|(?P<evening>kvällar|kvällarna|kvällstid|på[ ]kvällen)"
    r"|(?P<night>nätter|nätterna|nattetid|på[ ]natten)"
    r"|(?P<morning>morgnar|morgnarna|på[ ]morgonen)"
    r"|(?P<afternoon>eftermiddagar|eftermiddagarna|eftermiddagstid|på[ ]eftermiddagen)"
    r"|(?P<breaks>raster|rasterna|på[ ]rasten)"
    r")(?![\w-])",
    re.IGNORECASE,
)
_USUAL = {
    "school": "efter skolan",
    "weekend": "helgen",
    "evening": "kvällar",
    "night": "nätter",
    "morning": "morgnar",
    "afternoon": "eftermiddagar",
    "breaks": "rasterna",
}


def times_in(text: str) -> tuple[str, ...]:
    """The weekdays, times of day and clock times a text names, normalised, in its order and without repeats (B1).

    >>> times_in("Fredagskvällar efter kl. 22:30, mest natten mot lördag")
    ('fredag kväll', 'kl 22.30', 'natten mot lördag')
    """
    return tuple(dict.fromkeys(_time(match) for match in _TIME.finditer(text)))


def _time(match: re.Match[str]) -> str:
    if match["towards"]:
        return f"natten mot {match['towards'].casefold()}"
    if match["day"]:
        part = match["part"] or match["later"]
        return f"{match['day']} {part}".casefold() if part else match["day"].casefold()
    if match["hour"]:
        minute = match["minute"]
        return f"kl {int(match['hour'])}" + (f".{minute}" if minute and minute != "00" else "")
    return next(name for group, name in _USUAL.items() if match[group])
