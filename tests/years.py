"""Many groups with two years behind them: one is written through the repositories, the others are copied by the database.

Every id of the first group begins with `g0.`; a copy's begin with its own. Only the first `copies.OPEN` have an open round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lagesbild.assessments import JointAssessment
from lagesbild.audit import AuditAction, AuditEntry
from lagesbild.calendar import Occurrence, occurrences
from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState, delivery_key
from lagesbild.ids import (
    AssessmentId,
    DecisionId,
    GroupId,
    MeasureId,
    MeetingId,
    MemberId,
    ReferralId,
    ReportId,
    RoundId,
)
from lagesbild.measures import MeasureState
from lagesbild.people import Group, Member
from lagesbild.ports import UnitOfWork
from lagesbild.referrals import ReferralState
from lagesbild.rounds import Meeting, PublishedPicture, Round, RoundState
from lagesbild.templates import Area, Colour
from storage import Storage, create_engine, migrate
from tests.copies import FIRST, copy
from tests.council_samples import a_decision, a_measure, a_referral
from tests.samples import (
    a_coordinator,
    a_group,
    a_meeting,
    a_member,
    a_round,
    a_schedule,
    fagersta,
    some_reports,
)

ROUNDS = 52
MEMBERS = 20
TENANT = "tenant-fagersta"
EVERY = timedelta(days=14)


@dataclass(frozen=True)
class Years:
    """How much there is: groups, and for each its rounds and members."""

    groups: int
    rounds: int = ROUNDS
    members: int = MEMBERS

    @property
    def answers(self) -> int:
        """All that were ever given."""
        return self.groups * self.rounds * self.members


async def fill(database_url: str, service_url: str, years: Years, now: datetime) -> None:
    """Migrate an empty database and store it all."""
    await migrate(database_url)
    engine = create_engine(database_url)
    try:
        async with Storage(engine).begin() as store:
            await _First(store, service_url, years, now).write()
    finally:
        await engine.dispose()
    copy(database_url, years.groups)


class _First:
    """The group that the others are copies of."""

    def __init__(self, store: UnitOfWork, service_url: str, years: Years, now: datetime) -> None:
        self._store = store
        self._years = years
        self._now = now
        home = replace(
            a_group().home,
            tenant_id=TENANT,
            service_url=service_url,
            team_id="g0.team",
            channel_id="g0.channel",
        )
        schedule = a_schedule(first=(now + timedelta(days=2)).date())
        self._group = a_group(id=GroupId(FIRST), home=home, schedule=schedule)
        reporters = (_member(number) for number in range(1, years.members))
        karin = a_coordinator(id="g0.m0", group_id=self._group.id)
        self._members: tuple[Member, ...] = (karin, *reporters)

    async def write(self) -> None:
        await self._store.groups.save(self._group)
        for member in self._members:
            await self._store.members.save(member)
        [coming, *later] = occurrences(self._group.schedule or a_schedule(), self._now, 8)
        for number in range(self._years.rounds, 0, -1):
            await self._closed(number, coming.starts_at - number * EVERY)
        await self._open(coming)
        for number, occurrence in enumerate(later, self._years.rounds + 2):
            await self._planned(number, occurrence)

    async def _closed(self, ago: int, starts: datetime) -> None:
        number = self._years.rounds + 1 - ago
        meeting = await self._meeting(number, starts)
        round_ = _round(self._group, meeting, number)
        done = {
            "state": RoundState.CLOSED,
            "closed_at": round_.deadline,
            "assessed_at": starts,
            "revision": 1,
        }
        round_ = replace(round_, **done)  # type: ignore[arg-type]  # four fields of four types
        await self._store.rounds.save(round_)
        await self._store.pictures.save(PublishedPicture(round_.id, 1, round_.deadline, None, "digest"))
        await self._send(DeliveryKind.PROMPT, round_, round_.opens_at)
        await self._send(DeliveryKind.ROUND_FEEDBACK, round_, starts)
        await self._answers(round_)
        await self._assess(round_, starts)

    async def _answers(self, round_: Round) -> None:
        for report in some_reports(self._members, fagersta(), round_.id):
            at = round_.opens_at + timedelta(days=1)
            report_id = ReportId(f"{round_.id}:{report.member_id}")
            await self._store.reports.save(replace(report, id=report_id, submitted_at=at, updated_at=at))
            entry = AuditEntry(
                self._group.id, at, report.member_id, AuditAction.SUBMIT_REPORT, f"round:{round_.id}"
            )
            await self._store.audit.add(entry)

    async def _assess(self, round_: Round, at: datetime) -> None:
        lifted = round_.number % 6 == 0
        for area in tuple(Area)[:6]:
            colour = Colour.RED if lifted and area is Area.DISORDER else Colour.GREEN
            made = JointAssessment(
                AssessmentId(f"{round_.id}:{area.value}"),
                self._group.id, round_.id, area, colour, "", self._members[0].id, at,
            )  # fmt: skip
            await self._store.assessments.save(made)
        if lifted:
            await self._lift(round_, at)

    async def _lift(self, round_: Round, at: datetime) -> None:
        """One red of every sixth round: answered, done, and told to everybody."""
        here: dict[str, Any] = {"group_id": self._group.id}
        referral = a_referral(
            id=ReferralId(f"{round_.id}.lift"), round_id=round_.id, referred_by=self._members[0].id,
            referred_at=at, answer_by=at.date(), state=ReferralState.DECIDED, **here,
        )  # fmt: skip
        decision = a_decision(
            id=DecisionId(f"{round_.id}.yes"), referral_id=referral.id, decided_by=self._members[0].id,
            decided_at=at, **here,
        )  # fmt: skip
        measure = a_measure(
            id=MeasureId(f"{round_.id}.do"), referral_id=referral.id, decision_id=decision.id,
            due=at.date(), done_on=at.date() - timedelta(weeks=20), state=MeasureState.DONE, **here,
        )  # fmt: skip
        await self._store.referrals.save(referral)
        await self._store.referrals.add_decision(decision)
        await self._store.measures.save(measure)
        await self._send(DeliveryKind.FEEDBACK, round_, at, referral.id)

    async def _send(self, kind: DeliveryKind, round_: Round, at: datetime, about: str = "") -> None:
        for member in self._members:
            sent = Delivery(
                delivery_key(kind, about or round_.id, member.id), self._group.id, kind, at, member.id, round_.id,
                f"{about}:{member.id}" if about else "", DeliveryState.SENT, "", 1, at, member.conversation_id, "1",
            )  # fmt: skip
            await self._store.deliveries.add(sent)

    async def _open(self, coming: Occurrence) -> None:
        number = self._years.rounds + 1
        round_ = _round(self._group, await self._meeting(number, coming.starts_at, coming), number)
        early = self._now - timedelta(days=1)
        await self._store.rounds.save(replace(round_, opens_at=early, opened_at=early))
        await self._send(DeliveryKind.PROMPT, round_, early)

    async def _planned(self, number: int, occurrence: Occurrence) -> None:
        round_ = _round(self._group, await self._meeting(number, occurrence.starts_at, occurrence), number)
        await self._store.rounds.save(replace(round_, state=RoundState.PLANNED, opened_at=None))

    async def _meeting(self, number: int, starts: datetime, planned: Occurrence | None = None) -> Meeting:
        slot = planned.slot if planned else starts.date()
        meeting = a_meeting(
            id=MeetingId(f"g0.k{number}"), group_id=self._group.id, slot=slot, starts_at=starts
        )
        await self._store.meetings.save(meeting)
        return meeting


def _member(number: int) -> Member:
    return a_member(f"Person {number}", f"Verksamhet {number}", id=f"g0.m{number}", group_id=GroupId(FIRST))


def _round(group: Group, meeting: Meeting, number: int) -> Round:
    opens, last = meeting.starts_at - timedelta(days=4), meeting.slot - timedelta(days=1)
    return a_round(
        id=RoundId(f"g0.r{number}"), group_id=group.id, meeting_id=meeting.id, number=number, opens_at=opens,
        opened_at=opens, remind_at=(), deadline=meeting.starts_at - timedelta(hours=4),
        period_first=last - EVERY, period_last=last,
    )  # fmt: skip


def coordinator(group: int) -> MemberId:
    """The coordinator of a group."""
    return MemberId(f"g{group}.m0")


def open_round(group: int, years: Years) -> RoundId:
    """The round that a group answers now."""
    return RoundId(f"g{group}.r{years.rounds + 1}")
