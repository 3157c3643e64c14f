"""What is done about something: measures, root-cause analyses and the council's direction (C2, C3, C4, C7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lagesbild.assessments import Owner
from lagesbild.ids import (
    AnalysisId,
    DecisionId,
    DirectionId,
    GroupId,
    MeasureId,
    MemberId,
    ReferralId,
    RoundId,
)
from lagesbild.templates import Area


class Reach(StrEnum):
    """Whom a measure is for: everybody, those at risk, or individuals with known problems (C4)."""

    UNIVERSAL = "universal"
    SELECTIVE = "selective"
    INDICATED = "indicated"


class MeasureState(StrEnum):
    """How far a measure has come, as its owner says."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    DONE = "done"
    STOPPED = "stopped"

    @property
    def is_over(self) -> bool:
        return self in (MeasureState.DONE, MeasureState.STOPPED)


@dataclass(frozen=True)
class Measure:
    """Something somebody does by a day (`insats`, `åtgärd`): the group's own (yellow), or of a council's decision.

    SMART (C4): `text` is what, `goal` what shall be reached and how it is measured, `owner` and `due` who and when.
    """

    id: MeasureId
    group_id: GroupId
    area: Area
    text: str
    owner: Owner
    due: date
    created_at: datetime
    changed_at: datetime
    round_id: RoundId | None = None
    """The round whose joint assessment it comes from."""
    referral_id: ReferralId | None = None
    decision_id: DecisionId | None = None
    analysis_id: AnalysisId | None = None
    state: MeasureState = MeasureState.PLANNED
    reach: Reach | None = None
    goal: str = ""
    outcome: str = ""
    """What came of it, in the owner's words."""
    done_on: date | None = None


class AnalysisState(StrEnum):
    """A root-cause analysis is ordered, and has a result; what it is used for closes it (C3)."""

    ORDERED = "ordered"
    RESULT = "result"
    USED = "used"


@dataclass(frozen=True)
class RootCauseAnalysis:
    """Why a problem arises (`orsaksanalys`): which problem, who decided, who does it, by when, result, use (C3)."""

    id: AnalysisId
    group_id: GroupId
    area: Area
    problem: str
    decided_by: MemberId
    decided_at: datetime
    owner: Owner
    due: date
    changed_at: datetime
    referral_id: ReferralId | None = None
    decision_id: DecisionId | None = None
    hypotheses: tuple[str, ...] = ()
    result: str = ""
    used_for: str = ""
    """What was done with the result."""
    state: AnalysisState = AnalysisState.ORDERED


@dataclass(frozen=True)
class Priority:
    """One thing the council wants pursued in the period; `area` is None when it is wider than one."""

    text: str
    area: Area | None = None


@dataclass(frozen=True)
class Direction:
    """The council's direction for a period (`inriktningsbeslut`): what to pursue, and what not to (C2, C7).

    In force from `first` to `last`, both included; where several are, the one decided last.
    """

    id: DirectionId
    group_id: GroupId
    first: date
    last: date
    priorities: tuple[Priority, ...]
    not_pursued: tuple[str, ...]
    responsible: str
    decided_by: MemberId
    decided_at: datetime

    def holds(self, day: date) -> bool:
        """Whether it is in force that day."""
        return self.first <= day <= self.last
