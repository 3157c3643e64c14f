"""What goes back to those who reported: what you said → what the group and the council made of it (C5, C6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lagesbild.assessments import JointAssessment
from lagesbild.ids import MeasureId, MemberId, ReferralId
from lagesbild.measures import Measure, RootCauseAnalysis
from lagesbild.people import Group, Member
from lagesbild.promises import CitizenPromise
from lagesbild.referrals import Decision, Referral, ReferralState, may_move, moved
from lagesbild.reports import Answer
from lagesbild.rounds import Round
from lagesbild.templates import Colour, Question


class Part(StrEnum):
    """Why somebody gets feedback on a referral."""

    REPORTED = "reported"
    """An own answer stands behind it."""
    ORGANISATION = "organisation"
    """Represents the organisation of somebody who reported it."""


@dataclass(frozen=True)
class Behind:
    """One answer behind a referral, with the question it answers."""

    round: Round
    question: Question
    answer: Answer


@dataclass(frozen=True)
class Feedback:
    """Everything one member's card about one referral shows (`återkoppling`). Nothing another person reported is in it.

    `own` are the member's own answers; empty for somebody who only represents the organisation.
    """

    group: Group
    member: Member
    part: Part
    referral: Referral
    own: tuple[Behind, ...]
    assessment: JointAssessment | None
    decisions: tuple[Decision, ...]
    """Oldest first; the last one holds."""
    measures: tuple[Measure, ...]
    analyses: tuple[RootCauseAnalysis, ...]
    promises: tuple[CitizenPromise, ...]
    """Current ones that answer to the referral's area."""


@dataclass(frozen=True)
class AreaFeedback:
    """What became of one area that the member answered in: its colour in the meeting, if it got one."""

    question: Question
    colour: Colour | None
    comment: str
    referred: bool
    level: float | None = None
    """The level of all answers, to show when the group set no colour."""
    measure: Measure | None = None
    """What the group does itself (yellow)."""


@dataclass(frozen=True)
class RoundFeedback:
    """Once a round, to everybody who answered: how many did, what the picture was, what became of what you said (C5)."""

    group: Group
    member: Member
    round: Round
    answered: int
    asked: int
    areas: tuple[AreaFeedback, ...]
    """Those the member said something in."""
    lifted: tuple[str, ...]
    """Titles of what was referred to the council."""
    nothing_to_report: bool = False


class Shows(StrEnum):
    """The answer to "does it show?" (C6)."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def reopens(self) -> bool:
        return self in (Shows.NO, Shows.PARTLY)


@dataclass(frozen=True)
class FollowUp:
    """One question to one reporter: does the measure show (`uppföljning`, C6)? Unanswered while `shows` is None.

    `number` counts from 1: it is repeated only if the reporter wants.
    """

    measure_id: MeasureId
    member_id: MemberId
    referral_id: ReferralId
    number: int
    asked_at: datetime
    shows: Shows | None = None
    comment: str = ""
    answered_at: datetime | None = None
    again: bool = False
    """Whether the reporter wants to be asked once more."""


def reopened(referral: Referral, shows: Shows, now: datetime) -> Referral:
    """The referral after an answer to "does it show?": what was decided or closed, and does not show, goes to the next
    meeting's agenda (C6). Whatever waits already stays where it is; the same referral if nothing changes."""
    if not shows.reopens or not may_move(referral, ReferralState.ON_AGENDA):
        return referral
    return moved(referral, ReferralState.ON_AGENDA, now)


@dataclass(frozen=True)
class ChainOfReporter:
    """How one reporter's answers fared: how many were sent, how many ever got an answer back, and after how many days."""

    member: Member
    answers: int
    answered: int
    median_days: float | None


@dataclass(frozen=True)
class ChainFigures:
    """The chain, measured for the coordinator: counts and whole days; None where there is nothing to measure."""

    answers: int
    """Submitted reports that say something."""
    answered: int
    """Of those, how many got any feedback that arrived."""
    median_days: float | None
    """From report to first feedback."""
    noes: int
    """How many follow-ups were answered "no" or "partly"."""
    noes_led_on: int
    """Of those, how many were taken up at a meeting and closed with a reason or referred again."""
    members: int
    """Active ones, whom the current promises are for; 0 while no promise is current."""
    opened_promises: int
    """How many of them have opened a current promise."""
    reporters: tuple[ChainOfReporter, ...] = ()
