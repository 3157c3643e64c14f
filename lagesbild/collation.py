"""Swedish alphabetical order: å, ä and ö last, other accents and case aside."""

from __future__ import annotations

import unicodedata

_LAST = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})


def swedish(text: str) -> tuple[str, str]:
    """A sort key: letters in Swedish order, the text itself where those are equal."""
    if text.isascii():
        return text.casefold(), text
    folded = unicodedata.normalize("NFC", text).casefold().translate(_LAST)
    plain = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return plain, text
