"""What a person wrote, freed from Teams' markup: mentions, HTML, exotic spaces."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

_LINE_TAGS = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6]|blockquote)>", re.IGNORECASE)
_TAGS = re.compile(
    r"</?(?:at|a|p|div|span|br|b|i|u|s|em|strong|strike|sub|sup|ul|ol|li|table|tbody|thead|tr|td|th|pre|code"
    r"|blockquote|h[1-6]|hr|img|emoji|attachment|font|codeblock|systemeventmessage)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def plain(text: str) -> str:
    """Text without markup: composed letters, ordinary spaces, lines kept, at most one empty line in a row."""
    text = _TAGS.sub("", _LINE_TAGS.sub("\n", text))
    return tidy(html.unescape(text))


def tidy(text: str) -> str:
    """Text as it was typed, in one Unicode form and without invisible characters (a database refuses NUL)."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = _SPACES.sub(" ", _INVISIBLE.sub("", text)).split("\n")
    return _EMPTY_LINES.sub("\n\n", "\n".join(line.strip() for line in lines)).strip()


def without_mentions(text: str, entities: Iterable[Mapping[str, Any]], bot_id: str) -> tuple[str, bool]:
    """Text with the bot's mentions cut out and others' turned into names; and whether the bot was meant."""
    mentioned = False
    for entity in entities:
        if entity.get("type") != "mention" or not isinstance(entity.get("mentioned"), dict):
            continue
        markup, who = entity.get("text"), entity["mentioned"]
        is_bot = who.get("id") == bot_id
        mentioned = mentioned or is_bot
        if isinstance(markup, str) and markup:
            text = text.replace(markup, " " if is_bot else str(who.get("name") or ""), -1 if is_bot else 1)
    return text, mentioned
