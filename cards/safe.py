"""What people typed, made harmless to show. Used for every name, comment and place (A11: shown as it was written)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_heard: dict[str, None] | None = None
_KEPT: Final = 4000
_MARKS: Final = re.compile(r"([\\`*_\[<~]|&(?=#?\w+;))")
_AT_START: Final = (
    (re.compile(r"^(#{1,6})(?=\s|$)"), r"\\\1"),
    (re.compile(r"^([-+])(?=[\s-]|$)"), r"\\\1"),
    (re.compile(r"^(=+\s*)$"), r"\\\1"),
    (re.compile(r"^(>)"), r"\\\1"),
    (re.compile(r"^(\d{1,9})([.)])(?=\s|$)"), r"\1\\\2"),
)
_INVISIBLE: Final = "\u2060"


def escape(text: str) -> str:
    """A person's text for a place that takes Markdown (TextBlock, Fact): looks as it was typed, does nothing.

    Each line becomes a paragraph; invisible control characters, which can turn text around, are taken away.
    """
    lines = (_line(line.strip()) for line in _visible(text).split("\n"))
    return heard("\n\n".join(line for line in lines if line))


def plain(text: str) -> str:
    """A person's text for a place that shows text literally: a choice, a label, an input's value."""
    return heard(_visible(text).strip())


def one_line(text: str, limit: int = 120) -> str:
    """A person's text on one line of at most `limit` characters, escaped; what was cut shows as an ellipsis."""
    flat = " ".join(_visible(text).split())
    return heard(_line(flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"))


def _line(line: str) -> str:
    if _MARKS.search(line):
        line = _MARKS.sub(r"\\\1", line)
    if not line[:1].isalpha():
        for pattern, replacement in _AT_START:
            line = pattern.sub(replacement, line)
    return line.replace("{{", "{" + _INVISIBLE + "{")  # {{DATE(…)}} is reckoned out by the client


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(" " if char == "\t" else char for char in text if char in "\n\t" or _is_shown(char))


def _is_shown(char: str) -> bool:
    return char in "\u200d\u200c\ufe0f" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")


def heard(text: str) -> str:
    """Notes, when somebody listens, that these words came from a catalogue or a person; the card lint listens."""
    if _heard is not None and text:
        _heard.pop(text, None)
        _heard[text] = None
        if len(_heard) > _KEPT:
            _heard.pop(next(iter(_heard)))
    return text


def listen() -> dict[str, None]:
    """Starts noting what `Texts`, `escape` and `plain` give, and returns the notes (the latest 4,000). For tests."""
    global _heard  # noqa: PLW0603  (one listener a process: the tests')
    if _heard is None:
        _heard = {}
    return _heard
