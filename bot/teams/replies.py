"""The answer to an Action.Execute: always HTTP 200, with the outcome in the body."""

from __future__ import annotations

from typing import Any

from bot.teams.activities import Reply
from bot.teams.messages import CARD

TEXT = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"


def invoke_body(reply: Reply | None) -> dict[str, Any]:
    """The outcome of an Action.Execute; the HTTP status is 200 whatever it says."""
    if reply is None:
        return {"statusCode": 200, "type": TEXT, "value": ""}
    if reply.outcome == "failed":
        error = {"code": "InternalServerError", "message": reply.text or ""}
        return {"statusCode": 500, "type": ERROR, "value": error}
    if reply.card is not None:
        return {"statusCode": 200, "type": CARD, "value": reply.card}
    return {"statusCode": 200, "type": TEXT, "value": reply.text or ""}
