"""Meetings and the rounds of answers that precede them (A4, A7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lagesbild.ids import GroupId, MeetingId, MemberId, RoundId
from lagesbild.templates import TemplateRef


class MeetingState(StrEnum):
    """A QUESTIONED meeting falls on a holiday and waits for the coordinator's word (A4)."""

    PLANNED = "planned"
    QUESTIONED = "questioned"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Meeting:
    """A meeting (`möte`) of the group. `slot` is the day the recurrence gave, kept when the meeting is moved."""

    id: MeetingId
    group_id: GroupId
    slot: date
    starts_at: datetime
    state: MeetingState = MeetingState.PLANNED
    holiday: str | None = None


class RoundState(StrEnum):
    """PLANNED → OPEN → CLOSED. A closed round still takes late answers, marked so (A7)."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Round:
    """One collection (`insamling`) of reports before a meeting. `number` counts from 1 within the group."""

    id: RoundId
    group_id: GroupId
    meeting_id: MeetingId
    number: int
    template: TemplateRef
    state: RoundState
    opens_at: datetime
    remind_at: tuple[datetime, ...]
    deadline: datetime
    period_first: date
    period_last: date
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    revision: int = 0
    """How many times the picture was published; 0 = not yet (B6)."""
    reviewed_by: MemberId | None = None
    """Who released the picture to the channel, after review (A11)."""
    assessed_at: datetime | None = None
    """When the group's joint assessment was finished (B5)."""

    @property
    def takes_answers(self) -> bool:
        """Whether answers are received: open, or closed and then marked late."""
        return self.state is not RoundState.PLANNED

    def is_late(self, now: datetime) -> bool:
        """Whether an answer now counts as late: after the deadline, or after an early close."""
        return self.state is RoundState.CLOSED or now > self.deadline


@dataclass(frozen=True)
class PublishedPicture:
    """A revision of a round's picture that was posted: who released it, when, and a digest of its content (B6)."""

    round_id: RoundId
    revision: int
    published_at: datetime
    published_by: MemberId | None
    digest: str


@dataclass(frozen=True)
class ChannelPost:
    """One message of a posted picture: part 0 is the post itself, 1… its replies in the thread."""

    round_id: RoundId
    part: int
    conversation_id: str
    activity_id: str
    digest: str
