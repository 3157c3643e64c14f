"""Each fault of Teams, and what must come of it: the table of docs/delivery.md (F4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """What Teams does to the first messages for one person, and what the ledger, the person and the coordinator see.

    `state` and `says` are as they stand when Teams has had its say once: `says` are words of `status`, empty where
    everything went well. `most` is how often the message may come at that point, `calls` how often Teams is asked.
    """

    who: str
    fault: dict[str, Any]
    state: str = "sent"
    most: int = 1
    says: str = ""
    calls: int = 1
    returns: bool = False
    """Whether the person comes back by writing to the bot, instead of the coordinator sending again."""


def _fault(status: int, code: str = "ServiceError", **how: Any) -> dict[str, Any]:
    return {"status": status, "code": code, **how}


PASSING = (
    Case("throttled", _fault(429, "TooManyRequests", times=2, retry_after=1), calls=3),
    Case("throttled-unsaid", _fault(429, "TooManyRequests", times=2), calls=3),
    Case("precondition", _fault(412, "PreconditionFailed", times=2), calls=3),
    Case("bad-gateway", _fault(502), calls=2),
    Case("unavailable", _fault(503, times=2), calls=3),
    Case("gateway-timeout", _fault(504), calls=2),
    Case("reset", _fault(0), calls=2),
    Case("our-token-expired", _fault(401, "Unauthorized"), calls=2),
    Case("forgotten", _fault(404, "ConversationNotFound"), calls=2),
)
"""Nobody but the ledger ever hears of them."""
UNCERTAIN = (
    Case("taken-then-503", _fault(503, carried_out=True), most=2, calls=2),
    Case("taken-then-reset", _fault(0, carried_out=True), most=2, calls=2),
)
"""Teams took the message and did not say so: a second one is the price of losing none."""
FINAL = (
    Case("broken", _fault(500, "InternalServerError"), "failed", 0, "Teams tog inte emot det."),
    Case("bad-request", _fault(400, "BadSyntax"), "failed", 0, "Teams tog inte emot det."),
    Case(
        "uninstalled",
        _fault(403, "ForbiddenOperationException"),
        "not_installed",
        0,
        "har inte appen i Teams.",
        returns=True,
    ),
    Case(
        "unlisted",
        _fault(403, "BotNotInConversationRoster"),
        "not_installed",
        0,
        "har inte appen i Teams.",
    ),
    Case(
        "blocked",
        _fault(403, "ConversationBlockedByUser"),
        "blocked",
        0,
        "har blockerat mig i Teams.",
        returns=True,
    ),
    Case(
        "disabled",
        _fault(403, "BotDisabledByAdmin"),
        "blocked",
        0,
        "er Teams-administratör har stängt av mig",
    ),
    Case(
        "muted", _fault(403, "MessageWritesBlocked"), "blocked", 0, "tar inte emot meddelanden.", returns=True
    ),
    Case("too-large", _fault(413, "MessageSizeTooBig"), "too_large", 0, "för stort för Teams."),
    Case(
        "gone", _fault(404, "ConversationNotFound", times=2), "gone", 0, "finns inte längre där jag letade", 2
    ),
)
"""Trying again by itself would not help: the coordinator reads why, and what to do."""
SILENT = (Case("silent", _fault(200, delay=30.0), most=2, calls=2),)
"""No answer for half a minute: the call is given up after 15 s and made once more."""
CHANNEL_PASSING = (
    _fault(503),
    _fault(429, "TooManyRequests", retry_after=1),
    _fault(412, "PreconditionFailed"),
    _fault(0),
)
"""One after the other, before the channel takes the picture."""
CHANNEL_FINAL = (
    Case(
        "removed", _fault(403, "BotNotInConversationRoster"), "not_installed", 0, "jag är inte med i teamet."
    ),
    Case("broken", _fault(500, "InternalServerError"), "failed", 0, "Teams tog inte emot det."),
    Case(
        "deleted", _fault(404, "ConversationNotFound"), "gone", 0, "kanalen eller inlägget finns inte längre."
    ),
)
"""The coordinator reads why there is no picture in the channel, and sends it again."""
