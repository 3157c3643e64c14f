"""The sample group's people: a history of rounds, and colleagues who answer. All through the use cases."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.playground import SAMPLE, TEAM_ID, TENANT_ID
from bot.sample_chain import (
    council_decides,
    council_meets,
    meeting_assesses,
    promise_is_made,
    read_chain,
)
from bot.work import Desk
from lagesbild.answering import ReportForm
from lagesbild.calendar import Schedule
from lagesbild.deliveries import Delivery, DeliveryState
from lagesbild.people import Group, GroupState, Member
from lagesbild.ports import UnitOfWork, Work
from lagesbild.reports import Answer
from lagesbild.rounds import Round, RoundState
from lagesbild.usecases.absences import set_absence
from lagesbild.usecases.meetings import add_meeting
from lagesbild.usecases.members import add_person_without_teams, choose_organisation
from lagesbild.usecases.pictures import publish_picture
from lagesbild.usecases.reports import submit_report
from lagesbild.usecases.rounds import advance_round

ABSENT = "ove"
SOON_AFTER = timedelta(hours=2)
ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class SamplePerson:
    """Somebody of the sample: `id` is also the person's id in the client."""

    id: str
    name: str
    organisation: str


@dataclass(frozen=True)
class Sample:
    """The people, and what each answered in each round; the last round is the one that opens next."""

    people: tuple[SamplePerson, ...]
    rounds: tuple[Mapping[str, tuple[Answer, ...]], ...]


def read_sample(path: Path = SAMPLE) -> Sample:
    """The sample as its file has it."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    people = tuple(
        SamplePerson(one["id"], f"{one['given_name']} {one['surname']}", one["organisation"])
        for one in data["member"]
    )
    rounds = tuple(
        {who: tuple(_answer(*answer) for answer in answers) for who, answers in one["answers"].items()}
        for one in data["round"]
    )
    return Sample(people, rounds)


def _answer(number: int, impact: int, comment: str) -> Answer:
    return Answer(number, impact=impact or None, comment=comment)


@dataclass(frozen=True)
class PastClock:
    """A clock that stands still."""

    instant: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.instant


@dataclass(frozen=True)
class PastOutbox:
    """For the rounds of the past: what was sent then stands on the ledger as sent."""

    store: UnitOfWork

    async def put(self, delivery: Delivery) -> bool:
        """Write the row as sent."""
        sent = replace(delivery, state=DeliveryState.SENT, attempts=1, updated_at=delivery.queued_at)
        return await self.store.deliveries.add(sent)

    async def again(self, delivery: Delivery) -> None:
        """Nothing: the past is not sent again."""


class SampleGroup:
    """Looks now and then at the sample's team: gives a new group its past, and lets colleagues answer an open round."""

    def __init__(self, desk: Desk, sample: Sample) -> None:
        self._desk = desk
        self._sample = sample
        self._chain = read_chain()
        self._answered: set[str] = set()
        self._looking = asyncio.Lock()

    async def live(self) -> None:
        """One look; a repeat changes nothing."""
        async with self._looking:
            await self._look()

    async def _look(self) -> None:
        async with self._desk.open() as work:
            group = await work.store.groups.get_by_team(TENANT_ID, TEAM_ID)
            if group is None or group.state is not GroupState.ACTIVE or group.schedule is None:
                return
            rounds = await work.store.rounds.list_by_group(group.id)
            if not rounds:
                await self._make_past(work, group, group.schedule)
            elif rounds[0].state is RoundState.OPEN and rounds[0].id not in self._answered:
                await self._answer(work, group, rounds[0], self._sample.rounds[-1])
        self._answered.update(one.id for one in rounds[:1] if one.state is RoundState.OPEN)

    async def _make_past(self, work: Work, group: Group, schedule: Schedule) -> None:
        """In one transaction: between two, the clock that really runs would open or close what is due now."""
        await self._gather(work, group)
        past = self._sample.rounds[:-1]
        latest = schedule.instant(group.local_day(work.clock.now()) - timedelta(days=3))
        begun = _at(latest - timedelta(days=14 * len(past)), work)
        coordinator = _leader((await self._members(begun, group)).values())
        await council_meets(begun, coordinator, self._chain)
        await promise_is_made(begun, coordinator, self._chain)
        for number, (answers, (assessed, decided)) in enumerate(zip(past, self._chain.rounds, strict=False)):
            meeting_at = latest - timedelta(days=14 * (len(past) - 1 - number))
            round_ = await self._past_round(work, group, meeting_at, answers)
            meeting, council = _at(meeting_at + ONE_HOUR, work), _at(meeting_at + timedelta(days=2), work)
            members = await self._members(work, group)
            await meeting_assesses(meeting, members, coordinator, round_, assessed)
            await council_decides(council, members, coordinator, round_, decided)

    async def _gather(self, work: Work, group: Group) -> None:
        """Colleagues choose their organisations; those who are not in the client are people without Teams."""
        members = await self._members(work, group)
        coordinator = _leader(members.values())
        for person in self._sample.people:
            member = members.get(person.id)
            if member is None:
                await add_person_without_teams(work, coordinator, person.name, person.organisation)
            elif member.organisation is None:
                await choose_organisation(work, member, person.organisation)

    async def _past_round(
        self, work: Work, group: Group, meeting_at: datetime, answers: Mapping[str, tuple[Answer, ...]]
    ) -> Round:
        planning = _at(meeting_at - timedelta(days=10), work)
        coordinator = _leader((await self._members(planning, group)).values())
        planned = (await add_meeting(planning, coordinator, meeting_at)).round
        assert planned is not None  # noqa: S101 - an added meeting has a round
        await advance_round(_at(planned.opens_at, work), planned.id, planned.opens_at)
        await self._answer(_at(planned.opens_at + SOON_AFTER, work), group, planned, answers)
        ending = _at(planned.deadline, work)
        await advance_round(ending, planned.id, planned.deadline)
        await publish_picture(ending, coordinator, planned.id)
        return planned

    async def _answer(
        self, work: Work, group: Group, round_: Round, answers: Mapping[str, tuple[Answer, ...]]
    ) -> None:
        members = await self._members(work, group)
        coordinator = _leader(members.values())
        for who, said in answers.items():
            member = members.get(who)
            if member is None or await work.store.reports.get(round_.id, member.id):
                continue
            actor = member if member.user_id else coordinator
            await submit_report(work, actor, round_.id, ReportForm(said), on_behalf_of=member.id)
        if ABSENT not in answers and (away := members.get(ABSENT)):
            day = group.local_day(round_.deadline)
            await set_absence(work, coordinator, day, day + timedelta(days=7), member_id=away.id)

    async def _members(self, work: Work, group: Group) -> dict[str, Member]:
        """The group's members by the sample's ids: by user in the client, by name without Teams."""
        by_name = {person.name: person.id for person in self._sample.people}
        members = await work.store.members.list_by_group(group.id)
        return {member.user_id or by_name.get(member.name, member.id): member for member in members}


def _at(instant: datetime, work: Work) -> Work:
    """The same transaction, seen from then."""
    return replace(work, clock=PastClock(instant), outbox=PastOutbox(work.store))


def _leader(members: Iterable[Member]) -> Member:
    return next(member for member in members if member.leads)
