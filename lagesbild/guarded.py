"""Words that others will read: assessments, decisions, promises, answers to "does it show?" (A11)."""

from __future__ import annotations

from lagesbild.errors import Invalid
from lagesbild.secrecy import FindingKind, scan

MAX_WORDS = 2000


def guarded(
    field: str, text: str, *, limit: int = MAX_WORDS, required: bool = False, names: bool = True
) -> str:
    """The text, trimmed; Invalid (`missing`, `too_long`, `words_point_out`) if it can't be stored as it is.

    `names` False lets names of persons pass: officials and politicians act under their names, reporters do not.
    """
    words = text.strip()
    if required and not words:
        raise Invalid(field, "missing")
    if len(words) > limit:
        raise Invalid(field, "too_long", limit=limit, length=len(words))
    found = scan(words)
    if not names:
        found = tuple(one for one in found if one.kind is not FindingKind.NAME)
    if found:
        raise Invalid(field, "words_point_out", what=found[0].text)
    return words
