"""What was sent to whom, and what became of it: the ledger (F4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lagesbild.ids import DeliveryKey, GroupId, MemberId, RoundId


class DeliveryKind(StrEnum):
    """What a message is. Each kind has one courier at the edge, which reads the stored state when it is sent."""

    WELCOME = "welcome"
    PROMPT = "prompt"
    REMINDER = "reminder"
    PREVIEW = "preview"
    PICTURE = "picture"
    HOLIDAY = "holiday"
    JOIN_REQUEST = "join_request"
    JOIN_ANSWER = "join_answer"
    MEETING_CHANGED = "meeting_changed"
    LATE_ANSWER = "late_answer"
    REFERRAL = "referral"
    REFERRAL_REMINDER = "referral_reminder"
    ESCALATION = "escalation"
    FEEDBACK = "feedback"
    ROUND_FEEDBACK = "round_feedback"
    FOLLOW_UP = "follow_up"
    MEASURE_DUE = "measure_due"
    ANALYSIS_DUE = "analysis_due"
    PROMISE = "promise"
    PROMISE_RENEWAL = "promise_renewal"


class DeliveryState(StrEnum):
    """The outcome, as the coordinator sees it in `status`."""

    QUEUED = "queued"
    SENT = "sent"
    THROTTLED = "throttled"
    BLOCKED = "blocked"
    NOT_INSTALLED = "not_installed"
    GONE = "gone"
    TOO_LARGE = "too_large"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Not needed any more when its turn came: answered meanwhile, round closed, member left."""

    @property
    def is_final(self) -> bool:
        return self not in (DeliveryState.QUEUED, DeliveryState.THROTTLED)

    @property
    def is_undelivered(self) -> bool:
        return self in _UNDELIVERED


_UNDELIVERED = frozenset(
    {
        DeliveryState.BLOCKED,
        DeliveryState.NOT_INSTALLED,
        DeliveryState.GONE,
        DeliveryState.TOO_LARGE,
        DeliveryState.FAILED,
    }
)


@dataclass(frozen=True)
class Delivery:
    """One message to one recipient (`utskick`): the group's channel when `member_id` is None.

    The key is made of domain ids (`prompt:{round}:{member}`), so a repeat changes nothing. `subject` tells the
    courier what it is about when round and member do not (a meeting's id, a picture's revision).
    """

    key: DeliveryKey
    group_id: GroupId
    kind: DeliveryKind
    queued_at: datetime
    member_id: MemberId | None = None
    round_id: RoundId | None = None
    subject: str = ""
    state: DeliveryState = DeliveryState.QUEUED
    code: str = ""
    attempts: int = 0
    updated_at: datetime | None = None
    conversation_id: str | None = None
    activity_id: str | None = None


@dataclass(frozen=True)
class KeptCard:
    """A card in Teams that later news is written into, instead of sending another one (C5).

    The key is made of domain ids (`feedback:{referral}:{member}`); `digest` names what it shows now.
    """

    key: str
    conversation_id: str
    activity_id: str
    digest: str


def delivery_key(kind: DeliveryKind, *parts: object) -> DeliveryKey:
    """`prompt:{round}:{member}` and the like."""
    return DeliveryKey(":".join((kind.value, *map(str, parts))))
