"""What the use cases need of the world: Protocols that `storage` and `bot` fulfil.

`save` inserts or replaces by id; `get` returns None for what is not there; every `list_by_x` has a stable order,
said in its docstring. Nothing here commits: the edge opens and commits one unit of work per turn.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from lagesbild.assessments import JointAssessment
from lagesbild.audit import AuditEntry
from lagesbild.deliveries import Delivery, DeliveryKind, KeptCard
from lagesbild.feedback import FollowUp
from lagesbild.ids import (
    AnalysisId,
    DeliveryKey,
    GroupId,
    MeasureId,
    MeetingId,
    MemberId,
    ObservationId,
    PromiseId,
    ReferralId,
    RoundId,
    ThemeId,
)
from lagesbild.measures import Direction, Measure, RootCauseAnalysis
from lagesbild.people import Absence, Group, Member
from lagesbild.promise_data import PromiseFile, shipped_promises
from lagesbild.promises import CitizenPromise, PromiseOpened, SectionFollowUp
from lagesbild.referrals import Council, Decision, Referral, ReferralState
from lagesbild.reports import Observation, Report
from lagesbild.rounds import ChannelPost, Meeting, PublishedPicture, Round
from lagesbild.templates import Area, Templates
from lagesbild.themes import Theme, Tie


class Clock(Protocol):
    """Tells the time; UTC, aware."""

    def now(self) -> datetime: ...


class Outbox(Protocol):
    """Takes what must be sent to somebody else, in the caller's own transaction."""

    async def put(self, delivery: Delivery) -> bool:
        """Queue a delivery with its ledger row; False, changing nothing, if the key is known already."""

    async def again(self, delivery: Delivery) -> None:
        """Queue a known delivery once more (resend, re-arm): its row goes back to queued."""


class Groups(Protocol):
    async def get(self, group_id: GroupId) -> Group | None: ...
    async def lock(self, group_id: GroupId) -> Group | None:
        """The group, once no other unit of work holds it, and held until this one ends.

        Who plans, opens or closes rounds holds their group, and takes it before any of the rounds.
        """

    async def lock_by_round(self, round_id: RoundId) -> Group | None:
        """The same, of a round's group."""

    async def get_by_team(self, tenant_id: str, team_id: str) -> Group | None: ...
    async def list_by_tenant(self, tenant_id: str) -> Sequence[Group]:
        """By municipality, then name."""

    async def list_active(self) -> Sequence[Group]:
        """Groups in state ACTIVE, by id."""

    async def save(self, group: Group) -> None: ...


class Members(Protocol):
    async def get(self, member_id: MemberId) -> Member | None: ...
    async def get_by_user(self, group_id: GroupId, user_id: str) -> Member | None: ...
    async def list_by_user(self, tenant_id: str, user_id: str) -> Sequence[Member]:
        """A person's memberships over all groups of the tenant, in the order of joining; those that left are not included."""

    async def list_by_group(self, group_id: GroupId) -> Sequence[Member]:
        """Everybody, also pending and departed, by name."""

    async def save(self, member: Member) -> None: ...


class Absences(Protocol):
    async def list_by_member(self, member_id: MemberId) -> Sequence[Absence]:
        """By first day."""

    async def list_by_group(self, group_id: GroupId, first: date, last: date) -> Sequence[Absence]:
        """All that touch the days from `first` to `last`, by member and first day."""

    async def save(self, absence: Absence) -> None: ...
    async def remove(self, absence: Absence) -> None: ...


class Meetings(Protocol):
    async def get(self, meeting_id: MeetingId) -> Meeting | None: ...
    async def list_by_group(self, group_id: GroupId, after: datetime, limit: int = 20) -> Sequence[Meeting]:
        """Meetings that start after the instant, cancelled ones too, by start."""

    async def get_by_slot(self, group_id: GroupId, slot: date) -> Meeting | None: ...
    async def save(self, meeting: Meeting) -> None: ...
    async def remove(self, meeting: Meeting) -> None:
        """Forget a future meeting whose round never opened, with its round (a changed recurrence)."""


class Rounds(Protocol):
    async def get(self, round_id: RoundId) -> Round | None: ...
    async def peek(self, round_id: RoundId) -> Round | None:
        """The round as it is now, for what never changes about it (its group); `get` before anything rests on the rest."""

    async def hold(self, round_id: RoundId) -> Round | None:
        """The round, which stays as it is until the end; unlike with `get`, others can answer it at the same time."""

    async def get_by_number(self, group_id: GroupId, number: int) -> Round | None: ...
    async def get_by_meeting(self, meeting_id: MeetingId) -> Round | None: ...
    async def list_by_group(
        self, group_id: GroupId, limit: int = 20, *, before: int | None = None
    ) -> Sequence[Round]:
        """Opened or closed rounds, newest number first; only those numbered lower than `before`, if given."""

    async def list_planned(self, group_id: GroupId) -> Sequence[Round]:
        """Rounds not opened yet, by `opens_at`."""

    async def list_due(self, now: datetime) -> Sequence[Round]:
        """Over all active groups: planned rounds past `opens_at` and open rounds (a reminder or the deadline may be due)."""

    async def next_number(self, group_id: GroupId) -> int: ...
    async def save(self, round_: Round) -> None: ...
    async def remove(self, round_: Round) -> None:
        """Forget a round that never opened (its meeting is cancelled)."""


class Reports(Protocol):
    async def get(self, round_id: RoundId, member_id: MemberId) -> Report | None: ...
    async def list_by_round(self, round_id: RoundId) -> Sequence[Report]:
        """Drafts and submitted reports, by member id."""

    async def list_by_rounds(self, round_ids: Collection[RoundId]) -> Sequence[Report]:
        """Submitted reports of several rounds, by round and member id."""

    async def list_by_member(self, member_id: MemberId, limit: int = 20) -> Sequence[Report]:
        """A member's submitted reports, newest first."""

    async def history(self, round_id: RoundId, member_id: MemberId) -> Sequence[Report]:
        """Every submitted revision of one report, oldest first."""

    async def save(self, report: Report) -> None:
        """Store the report; a submitted revision is also kept in the history."""

    async def remove(self, report: Report) -> None:
        """Throw a draft away."""


class Observations(Protocol):
    async def get(self, observation_id: ObservationId) -> Observation | None: ...
    async def list_unreported(self, member_id: MemberId) -> Sequence[Observation]:
        """What the member noted and no report has carried, oldest first."""

    async def save(self, observation: Observation) -> None: ...
    async def remove(self, observation: Observation) -> None: ...


class Pictures(Protocol):
    async def latest(self, round_id: RoundId) -> PublishedPicture | None: ...
    async def list_by_round(self, round_id: RoundId) -> Sequence[PublishedPicture]:
        """By revision."""

    async def save(self, picture: PublishedPicture) -> None: ...
    async def posts(self, round_id: RoundId) -> Sequence[ChannelPost]:
        """By part."""

    async def save_post(self, post: ChannelPost) -> None: ...
    async def remove_post(self, post: ChannelPost) -> None: ...


class Deliveries(Protocol):
    async def get(self, key: DeliveryKey) -> Delivery | None: ...
    async def list_by_round(
        self, round_id: RoundId, kinds: Collection[DeliveryKind] = ()
    ) -> Sequence[Delivery]:
        """By key; all kinds unless some are named."""

    async def list_undelivered(
        self, group_id: GroupId, member_id: MemberId | None = None
    ) -> Sequence[Delivery]:
        """Deliveries whose state is undelivered, newest first; only those to that member, if one is named."""

    async def list_by_member(self, member_id: MemberId) -> Sequence[Delivery]:
        """By queueing time."""

    async def add(self, delivery: Delivery) -> bool:
        """Insert; False, changing nothing, if the key is there."""

    async def save(self, delivery: Delivery) -> None: ...

    async def list_by_group(self, group_id: GroupId, kinds: Collection[DeliveryKind]) -> Sequence[Delivery]:
        """Of those kinds, oldest first."""

    async def list_sent(
        self, group_id: GroupId, kinds: Collection[DeliveryKind], since: datetime
    ) -> Sequence[Delivery]:
        """The same of what Teams took, queued at `since` or later."""

    async def card(self, key: str) -> KeptCard | None: ...
    async def save_card(self, card: KeptCard) -> None: ...
    async def remove_card(self, key: str) -> None: ...


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
    async def list_by_group(self, group_id: GroupId) -> Sequence[Theme]:
        """Open ones first, then newest first."""

    async def save(self, theme: Theme) -> None: ...
    async def ties(self, theme_id: ThemeId) -> Sequence[Tie]:
        """By round, member and area."""

    async def ties_of_round(self, round_id: RoundId) -> Sequence[Tie]:
        """By theme, member and area."""

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
    async def list_by_measure(self, measure_id: MeasureId) -> Sequence[FollowUp]:
        """By member and number."""

    async def list_by_referral(self, referral_id: ReferralId) -> Sequence[FollowUp]:
        """Oldest first."""

    async def list_by_group(self, group_id: GroupId) -> Sequence[FollowUp]:
        """Oldest first."""

    async def save(self, follow_up: FollowUp) -> None: ...


class Promises(Protocol):
    async def get(self, promise_id: PromiseId) -> CitizenPromise | None: ...
    async def list_by_group(self, group_id: GroupId) -> Sequence[CitizenPromise]:
        """Latest period first."""

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


class AuditLog(Protocol):
    async def add(self, entry: AuditEntry) -> None: ...
    async def list_by_group(
        self, group_id: GroupId, limit: int = 100, *, skip: int = 0
    ) -> Sequence[AuditEntry]:
        """Newest first, without the newest `skip`."""


class UnitOfWork(Protocol):
    """One transaction's repositories."""

    @property
    def groups(self) -> Groups: ...
    @property
    def members(self) -> Members: ...
    @property
    def absences(self) -> Absences: ...
    @property
    def meetings(self) -> Meetings: ...
    @property
    def rounds(self) -> Rounds: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def observations(self) -> Observations: ...
    @property
    def pictures(self) -> Pictures: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def audit(self) -> AuditLog: ...
    @property
    def assessments(self) -> Assessments: ...
    @property
    def themes(self) -> Themes: ...
    @property
    def councils(self) -> Councils: ...
    @property
    def referrals(self) -> Referrals: ...
    @property
    def measures(self) -> Measures: ...
    @property
    def analyses(self) -> Analyses: ...
    @property
    def directions(self) -> Directions: ...
    @property
    def follow_ups(self) -> FollowUps: ...
    @property
    def promises(self) -> Promises: ...


@dataclass(frozen=True)
class Work:
    """What every use case is given: one open unit of work, the clock, the outbox, the templates and the examples."""

    store: UnitOfWork
    clock: Clock
    outbox: Outbox
    templates: Templates
    examples: Mapping[str, PromiseFile] = field(default_factory=shipped_promises)
    """Promises that a new one can begin from, by id (D5)."""
