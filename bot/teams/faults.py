"""What a refusal of the Bot Connector means for whoever sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

FaultKind = Literal["throttled", "blocked", "not_installed", "gone", "too_large", "retryable", "rejected"]

_RETRYABLE = {412, 502, 503, 504}
_BLOCKED = ("ConversationBlockedByUser", "BotDisabledByAdmin", "MessageWritesBlocked")
_NOT_INSTALLED = ("BotNotInConversationRoster", "ForbiddenOperationException")
_TOO_LARGE = ("MessageSizeTooBig", "RequestEntityTooLarge")


class ConnectorError(Exception):
    """A call to Teams that failed. `status` 0: no answer came, and it may have been carried out all the same.

    `kind` tells what to do: `throttled` wait `retry_after` seconds, `retryable` try again with backoff,
    `blocked` and `not_installed` stop until that user or team acts, `gone` forget the cached id and create
    again, `too_large` split, `rejected` give up (also 500: never retried).
    """

    def __init__(self, status: int, code: str, retry_after: float | None = None, message: str = "") -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.retry_after = retry_after
        self.message = message
        self.kind: FaultKind = classify(status, code)


def classify(status: int, code: str) -> FaultKind:
    """The meaning of a status and an error code."""
    if status == 429:
        return "throttled"
    if status == 0 or status in _RETRYABLE:
        return "retryable"
    if status == 413 or code in _TOO_LARGE:
        return "too_large"
    if status in (404, 410):
        return "gone"
    if status == 403:
        return "blocked" if code in _BLOCKED else "not_installed" if code in _NOT_INSTALLED else "rejected"
    return "rejected"


def from_answer(status: int, headers: Mapping[str, str], text: str) -> ConnectorError:
    """The error that an unsuccessful answer stands for, whatever its body looks like."""
    error = _error(text)
    known = (*_BLOCKED, *_NOT_INSTALLED, *_TOO_LARGE)
    said = [str(error.get(key) or "") for key in ("subCode", "code", "message")]
    code = next((name for name in known if any(name in part for part in said)), said[0] or said[1])
    return ConnectorError(status, code or f"Http{status}", seconds(headers.get("Retry-After")), said[2])


def seconds(retry_after: str | None) -> float | None:
    """A Retry-After header as seconds from now: a number, or a date."""
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        wait = parsedate_to_datetime(retry_after) - datetime.now(UTC)
    except (ValueError, TypeError):
        return None
    return max(0.0, wait.total_seconds())


def _error(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(body, dict):
        return {}
    error = body.get("error", body)
    return error if isinstance(error, dict) else {"code": str(error)}
