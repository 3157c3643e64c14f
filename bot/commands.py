"""The chat commands: their words in Swedish and English, and how a typed line is understood.

Tolerant of case, accents and punctuation; a near miss becomes a suggestion, never a guess that acts.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum

from rapidfuzz import fuzz, process

NEAR = 72
"""How alike (0–100) a typed word must be to a command's word to be suggested; measured on the tests' misspellings."""


class Command(Enum):
    """A command by its Swedish words first, its English words, then other words people try."""

    HELP = ("hjälp", "help", "hej", "hallå", "tjena", "hi", "hello", "start", "?")
    SETTINGS = ("inställningar", "settings", "inställning", "kom igång", "set up", "setup")
    REPORT = ("rapportera", "report", "rapport", "svara")
    NOTE = ("notera", "note", "anteckna")
    STATUS = ("status",)
    REMIND = ("påminn", "remind", "påminnelse")
    OPEN = ("öppna", "open")
    CLOSE = ("stäng", "close", "stänga")
    COMPILE = ("sammanställ", "compile", "sammanställning", "lägesbild", "sammanställa")
    ASSESS = ("bedöm", "assess", "bedömning", "bedöma", "assessment")
    MEETING = ("möte", "meeting", "möten", "meetings")
    MEMBERS = ("medlemmar", "members", "medlem")
    PROMISES = ("löften", "promises", "medborgarlöften", "löfte")
    COUNCIL = ("brå", "council", "lokala brå")
    MEASURES = ("insatser", "measures", "insats", "åtgärder", "åtgärd", "measure")
    AWAY = ("frånvaro", "away", "borta", "ledig")
    MY_DATA = ("mina uppgifter", "my data")
    AUDIT = ("logg", "log", "loggen", "händelser", "historik", "audit")

    @property
    def swedish(self) -> str:
        return str(self.value[0])

    @property
    def english(self) -> str:
        return str(self.value[1] if len(self.value) > 1 else self.value[0])

    def in_language(self, language: str) -> str:
        """Its word for somebody who reads that language."""
        return self.english if language == "en" else self.swedish


@dataclass(frozen=True)
class Typed:
    """A line that is a command, with what came after it as it was typed."""

    command: Command
    rest: str


@dataclass(frozen=True)
class Unclear:
    """A line that is no command; `nearest` is the one that was probably meant, or None."""

    nearest: Command | None
    rest: str = ""


def understand(line: str) -> Typed | Unclear:
    """What a typed line means. The longest command words win, so `mina uppgifter` is not read as `mina`."""
    words = line.split()
    for length in (2, 1):
        command = _WORDS.get(fold(" ".join(words[:length])))
        if command is not None and len(words) >= length:
            return Typed(command, _rest(line, length))
    return _nearest(words, line)


def fold(word: str) -> str:
    """A word without case, accents and surrounding punctuation: `Sammanställ!` → `sammanstall`."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.strip(" .,;:!\"'*_`/\\") or plain.strip()


def _rest(line: str, words: int) -> str:
    parts = line.strip().split(None, words)
    return parts[words].strip() if len(parts) > words else ""


def _nearest(words: list[str], line: str) -> Unclear:
    for length in (1, 2):
        typed = fold(" ".join(words[:length]))
        if len(typed) < 3:
            continue
        found = process.extractOne(typed, list(_WORDS), scorer=fuzz.ratio, score_cutoff=NEAR)
        if found is not None:
            return Unclear(_WORDS[found[0]], _rest(line, length))
    return Unclear(None)


_WORDS = {fold(word): command for command in Command for word in command.value}
