"""The answer to an Action.Execute: always HTTP 200, with the outcome in the body."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.teams.activities import Reply
from bot.teams.messages import CARD

TEXT = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
_MARK: Final = re.compile(r"\\([^\sA-Za-z0-9])|\*\*")


def invoke_body(reply: Reply | None) -> dict[str, Any]:
    """The outcome of an Action.Execute; the HTTP status is 200 whatever it says."""
    if reply is None:
        return {"statusCode": 200, "type": TEXT, "value": ""}
    if reply.outcome == "failed":
        error = {"code": "InternalServerError", "message": reply.text or ""}
        return {"statusCode": 500, "type": ERROR, "value": error}
    if reply.card is not None:
        return {"statusCode": 200, "type": CARD, "value": reply.card}
    return {"statusCode": 200, "type": TEXT, "value": _as_read(reply.text or "")}


def _as_read(text: str) -> str:
    """Markdown without its marks: the strip under a card shows them as they are."""
    return _MARK.sub(lambda mark: mark[1] or "", text)
