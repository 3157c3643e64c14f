"""Messages as Teams takes them."""

from __future__ import annotations

from typing import Any, Protocol

from bot.teams.activities import Reply

CARD = "application/vnd.microsoft.card.adaptive"


class Card(Protocol):
    """A card of `cards`."""

    def to_dict(self) -> dict[str, Any]: ...


def card_activity(card: Card | dict[str, Any]) -> dict[str, Any]:
    """A message that shows a card; its fallback text is what the notification says."""
    content = card if isinstance(card, dict) else card.to_dict()
    activity = {"type": "message", "attachments": [{"contentType": CARD, "content": content}]}
    summary = content.get("fallbackText")
    return {**activity, "summary": summary} if summary else activity


def text_activity(text: str) -> dict[str, Any]:
    """A message of text; Markdown is shown as such."""
    return {"type": "message", "text": text, "textFormat": "markdown"}


def reply_activity(reply: Reply) -> dict[str, Any]:
    """A message that shows a reply's card, or its text, or both."""
    text = text_activity(reply.text) if reply.text else {}
    card = card_activity(reply.card) if reply.card is not None else {}
    return {"type": "message", **text, **card}
