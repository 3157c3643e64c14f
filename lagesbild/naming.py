"""Likely names of people in a text, for the guard (A11): by lists, and by the words that stand beside them.

A name in small letters counts when the word is nothing else. What is named after people (a street, a school, a shop)
is no name. Linear in the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "secrecy"

_PART = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PLACES = (
    "gata|gatan|väg|vägen|torg|torget|park|parken|skola|skolan|förskola|förskolan|gränd|gränden|plats|platsen"
    "|gård|gården|center|centrum|allé|allén|kyrka|kyrkan|bro|bron|backe|backen|stig|stigen|område|området"
    "|hall|hallen|gymnasium|gymnasiet|kvarter|kvarteret|lund|lunden"
)
_SHOPS = (
    "livs|bygg|gatukök|däck|möbler|bageri|konditori|åkeri|kiosk|café|kafé|grill|pizzeria|restaurang|krog|salong|frisör"
    "|elektriska|måleri|järn|handel|lanthandel|plantskola|biograf|hotell|verkstad|städ|fastigheter|ab"
)
_PLACE = re.compile(rf"(?:{_PLACES}|{_SHOPS})s?|[\w-]{{2,}}(?:{_PLACES})s?", re.IGNORECASE)
_BEFORE_PLACE = frozenset(
    [
        "café",
        "kafé",
        "restaurang",
        "restaurangen",
        "pizzeria",
        "pizzerian",
        "hotell",
        "hotellet",
        "ica",
        "coop",
        "hemköp",
        "tempo",
        "salong",
        "frisör",
        "bageri",
        "konditori",
        "gymnasiet",
        "skolan",
        "förskolan",
        "friskolan",
        "biograf",
        "kiosken",
        "sankt",
        "sankta",
        "sta",
        "st",
        "drottning",
        "kung",
        "prins",
        "prinsessan",
        "kvarteret",
        "parken",
        "statyn",
    ]
)
_BEFORE_SURNAME = frozenset(
    ["familjen", "bröderna", "syskonen", "systrarna", "makarna", "herr", "fru", "fröken", "farbror", "tant"]
)
_BEFORE_NAME = _BEFORE_PLACE | _BEFORE_SURNAME
_SAINT = re.compile(r"\bs:ta? $", re.IGNORECASE)
_NEXT = 2
"""How many words after a given name can belong to what is named: `Astrid Lindgrens väg`."""


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand, in order and without overlaps."""
    if _names_of_any_kind().isdisjoint(_PART.findall(text.casefold())):
        return
    words = tuple(_WORD.finditer(text))
    at = 0
    while at < len(words):
        length = _name_at(text, words, at)
        if length and not _names_a_place(text, words, at, length):
            yield words[at].start(), words[at + length - 1].end()
        at += length or 1


def _name_at(text: str, words: Sequence[re.Match[str]], at: int) -> int:
    """How many words the name has that begins here; 0 if none does."""
    word = words[at].group()
    name = _given(word)
    if not name and (not word[0].isupper() or word.casefold() in _BEFORE_NAME):
        return 0
    after = _beside(text, words, at + 1)
    if name:
        if after and _goes_with(word, name, after):
            return 2
        return int(not _is_a_word(word, name))
    if _beside(text, words, at, back=True).casefold() in _BEFORE_SURNAME:
        return 1
    surname = after.casefold()
    return 2 if after[:1].isupper() and surname in _surnames() and surname not in _also_words() else 0


def _goes_with(word: str, name: str, after: str) -> bool:
    """Whether the next word is the rest of the name: a surname or another given name, and not just a word."""
    rest = _surname(after) or _given(after)
    if not rest:
        return False
    if rest not in _also_words() and rest not in _lower_words():
        return True
    return after[0].isupper() and (word[0].isupper() or not _is_a_word(word, name))


def _is_a_word(word: str, name: str) -> bool:
    """Whether a given name, alone, may be an ordinary word as it is written here."""
    is_title = word[0].isupper() and not word.isupper()
    return name in _also_words() or (not is_title and name in _lower_words())


def _names_a_place(text: str, words: Sequence[re.Match[str]], at: int, length: int) -> bool:
    before = _beside(text, words, at, back=True).casefold()
    if before in _BEFORE_PLACE or _SAINT.search(text, max(0, words[at].start() - 5), words[at].start()):
        return True
    for place in range(at + 1, at + 1 + _NEXT):
        word = _beside(text, words, place)
        if _PLACE.fullmatch(word):
            return True
        belongs = place < at + length or word[:1].isupper() or word.endswith("s")
        if not word or not belongs:
            return False
    return False


def _beside(text: str, words: Sequence[re.Match[str]], at: int, *, back: bool = False) -> str:
    """The word at that place (`back`: the one before it) if just a space parts it from its neighbour; else nothing."""
    if not 0 < at < len(words):
        return ""
    apart = text[words[at - 1].end() : words[at].start()]
    return words[at - 1 if back else at].group() if apart == " " else ""


def _given(word: str) -> str:
    """The given name that a word is, in small letters, without a genitive's `s`; of a double name, the clearest part."""
    found = [name for part in word.split("-") if (name := _listed(part, _given_names()))]
    return min(found, key=lambda name: name in _also_words() or name in _lower_words(), default="")


def _surname(word: str) -> str:
    return _listed(word.rsplit("-", maxsplit=1)[-1], _surnames())


def _listed(word: str, names: frozenset[str]) -> str:
    """The listed name that a word is, also in the genitive; a name that ends in `s` has none (`klass` is not Klas)."""
    folded = word.casefold()
    if folded in names:
        return folded
    bare = folded.removesuffix("s")
    return bare if bare in names and not bare.endswith("s") else ""


def _given_names() -> frozenset[str]:
    return _list("given_names")


def _surnames() -> frozenset[str]:
    return _list("surnames")


@cache
def _names_of_any_kind() -> frozenset[str]:
    """Words of which a text with a name in it holds one at least, in small letters: most texts hold none."""
    given = _given_names()
    return given | {f"{name}s" for name in given} | _surnames() | _BEFORE_SURNAME


def _also_words() -> frozenset[str]:
    """Names that are ordinary words or towns however they are written: names only beside another one."""
    return _list("also_words")


def _lower_words() -> frozenset[str]:
    """Names that are ordinary words, or nearly, in small letters."""
    return _list("lower_words")


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset((DATA / f"{name}.txt").read_text("utf-8").casefold().split())
