"""The card itself: version 1.2, always, with a language and a text for clients that show no card.

Buttons that have no room beside each other on a phone stand in rows, the last of which is the card's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from cards.base import BareObject, Node, positional, required
from cards.buttons import Action, phone_rows
from cards.elements import ActionSet, Element

if TYPE_CHECKING:
    AdaptiveCard = BareObject
else:
    from adaptivecards.adaptivecard import AdaptiveCard


MOST_BYTES = 80 * 1024
"""Of a card, well under what Teams takes of a message."""


def bytes_of(card: Mapping[str, Any]) -> int:
    """A card's size as Teams counts it."""
    return utf16(json.dumps(card, ensure_ascii=False, separators=(",", ":")))


def utf16(text: str) -> int:
    """How Teams counts what a message holds: bytes in UTF-16."""
    return len(text.encode("utf-16-le"))


class Card(Node, AdaptiveCard):
    """A whole card. `fallback_text` is shown where cards aren't (and in notifications); `full_width` is Teams'."""

    body: Sequence[Element] = positional(kw_only=False)
    lang: Literal["sv", "en"] = required()
    fallback_text: str = required()
    actions: Sequence[Action] | None = None
    msteams: Mapping[str, Any] | None = None

    def full_width(self) -> Card:
        """The same card, as wide as the channel allows."""
        self.msteams = {**(self.msteams or {}), "width": "full"}
        return self

    def to_dict(self) -> dict[str, Any]:
        """The card as JSON-able values."""
        made = super().to_dict()
        *above, last = phone_rows(self.actions or ()) or [[]]
        if above:
            made["body"] = [*made["body"], *(ActionSet(row, spacing="small").to_dict() for row in above)]
            made["actions"] = [button.to_dict() for button in last]
        return made
