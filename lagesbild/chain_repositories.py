"""What is stored from picture to decision and back, and of the citizen promises."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from lagesbild.assessments import JointAssessment
from lagesbild.feedback import FollowUp
from lagesbild.ids import (
    AnalysisId,
    GroupId,
    MeasureId,
    MemberId,
    PromiseId,
    ReferralId,
    RoundId,
    ThemeId,
)
from lagesbild.measures import Direction, Measure, RootCauseAnalysis
from lagesbild.promises import CitizenPromise, PromiseOpened, SectionFollowUp
from lagesbild.referrals import Council, Decision, Referral, ReferralState
from lagesbild.templates import Area
from lagesbild.themes import Theme, Tie


class Assessments(Protocol):
    async def get(self, round_id: RoundId, area: Area) -> JointAssessment | None: ...
    async def list_by_round(self, round_id: RoundId) -> Sequence[JointAssessment]:
        """In the order of the areas."""

    async def history(self, round_id: RoundId, area: Area) -> Sequence[JointAssessment]:
        """Every revision, oldest first."""

    async def save(self, assessment: JointAssessment) -> None:
        """Store it; each revision is also kept in the history."""


class Themes(Protocol):
    async def get(self, theme_id: ThemeId) -> Theme | None: ...
    async def lock(self, theme_id: ThemeId) -> Theme | None:
        """The theme, held until the end, to be saved changed."""

    async def list_by_group(self, group_id: GroupId) -> Sequence[Theme]:
        """Open ones first, then newest first."""

    async def save(self, theme: Theme) -> None: ...
    async def ties(self, theme_id: ThemeId) -> Sequence[Tie]:
        """By round, member and area."""

    async def tie(self, tie: Tie) -> None:
        """Changes nothing if it is tied already."""

    async def untie(self, tie: Tie) -> None: ...


class Councils(Protocol):
    async def get(self, group_id: GroupId) -> Council | None: ...
    async def list_by_conversation(self, conversation_id: str) -> Sequence[Council]:
        """Councils that meet there, by group: one council can serve several groups."""

    async def save(self, council: Council) -> None: ...


class Referrals(Protocol):
    async def get(self, referral_id: ReferralId) -> Referral | None: ...
    async def get_by_area(self, round_id: RoundId, area: Area) -> Referral | None: ...
    async def list_by_round(self, round_id: RoundId) -> Sequence[Referral]:
        """In the order they were referred."""

    async def list_by_group(
        self, group_id: GroupId, states: Collection[ReferralState] = ()
    ) -> Sequence[Referral]:
        """Oldest first; all states unless some are named."""

    async def save(self, referral: Referral) -> None: ...
    async def decisions(self, referral_id: ReferralId) -> Sequence[Decision]:
        """Oldest first; the last one holds."""

    async def add_decision(self, decision: Decision) -> None: ...


class Measures(Protocol):
    async def get(self, measure_id: MeasureId) -> Measure | None: ...
    async def lock(self, measure_id: MeasureId) -> Measure | None:
        """The measure, held until the end, to be saved changed; its round is held before it."""

    async def list_by_group(self, group_id: GroupId) -> Sequence[Measure]:
        """By due day."""

    async def list_by_round(self, round_id: RoundId) -> Sequence[Measure]:
        """The group's own of that round's joint assessment, by due day."""

    async def list_by_referral(self, referral_id: ReferralId) -> Sequence[Measure]:
        """In the order of their making."""

    async def save(self, measure: Measure) -> None: ...
    async def remove(self, measure: Measure) -> None:
        """Forget a measure that the group took back before anything came of it."""


class Analyses(Protocol):
    async def get(self, analysis_id: AnalysisId) -> RootCauseAnalysis | None: ...
    async def lock(self, analysis_id: AnalysisId) -> RootCauseAnalysis | None:
        """The analysis, held until the end, to be saved changed; its referral's round is held before it."""

    async def list_by_group(self, group_id: GroupId) -> Sequence[RootCauseAnalysis]:
        """By due day."""

    async def list_by_referral(self, referral_id: ReferralId) -> Sequence[RootCauseAnalysis]:
        """In the order of their ordering."""

    async def save(self, analysis: RootCauseAnalysis) -> None: ...
    async def remove(self, analysis: RootCauseAnalysis) -> None:
        """Forget one that the council took back before anything came of it."""


class Directions(Protocol):
    async def list_by_group(self, group_id: GroupId) -> Sequence[Direction]:
        """Decided last first."""

    async def save(self, direction: Direction) -> None: ...


class FollowUps(Protocol):
    async def get(self, measure_id: MeasureId, member_id: MemberId, number: int) -> FollowUp | None: ...
    async def list_by_referral(self, referral_id: ReferralId) -> Sequence[FollowUp]:
        """Oldest first."""

    async def list_by_group(self, group_id: GroupId) -> Sequence[FollowUp]:
        """Oldest first."""

    async def save(self, follow_up: FollowUp) -> None: ...


class Promises(Protocol):
    async def get(self, promise_id: PromiseId) -> CitizenPromise | None: ...
    async def lock(self, promise_id: PromiseId) -> CitizenPromise | None:
        """The promise, held until the end, to be saved changed."""

    async def list_by_group(self, group_id: GroupId) -> Sequence[CitizenPromise]:
        """Latest period first."""

    async def lock_by_group(self, group_id: GroupId) -> Sequence[CitizenPromise]:
        """The same, all of them held until the end; the group is held before them."""

    async def save(self, promise: CitizenPromise) -> None: ...
    async def remove(self, promise: CitizenPromise) -> None:
        """Throw a draft away, with who looked at it; does nothing to one that is adopted meanwhile."""

    async def follow_ups(self, promise_id: PromiseId) -> Sequence[SectionFollowUp]:
        """By section, oldest first."""

    async def add_follow_up(self, follow_up: SectionFollowUp) -> None: ...
    async def opened(self, promise_id: PromiseId) -> Sequence[PromiseOpened]:
        """By member."""

    async def save_opened(self, opened: PromiseOpened) -> None:
        """Changes nothing if the member opened it before."""
