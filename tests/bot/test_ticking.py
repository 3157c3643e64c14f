"""The tick as the program runs it: each group and round in a transaction of its own, planning once an hour (A4, F4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from bot.delivery.engine import prepare_jobs
from bot.delivery.outbox import Jobs
from bot.ticking import Ticking
from bot.work import Desk
from lagesbild.deliveries import DeliveryKind
from lagesbild.ids import GroupId, MeetingId, RoundId
from lagesbild.rounds import RoundState
from lagesbild.templates import TemplateRef
from storage.engine import create_engine
from storage.migrate import migrate
from storage.unit_of_work import Storage
from tests.samples import NOW, a_coordinator, a_group, a_meeting, a_round
from tests.usecases.world import World

TOWNS = ("arboga", "fagersta", "ludvika")
OPEN, CLOSED = RoundState.OPEN, RoundState.CLOSED


@dataclass
class Clockwork:
    """The tick on a database, and what came of it."""

    world: World
    tick: Ticking

    async def has_group(self, town: str) -> None:
        """A group that nothing is planned for yet, and who leads it."""
        home = replace(a_group().home, team_id=f"19:{town}")
        leader = a_coordinator(id=f"karin in {town}", group_id=GroupId(town))
        await self.world.has(a_group(id=GroupId(town), home=home), leader)

    async def has_open_rounds(self) -> datetime:
        """One in each town, the first town's due first; when the last is due."""
        due = a_round().deadline
        for number, town in enumerate(TOWNS):
            due = a_round().deadline + timedelta(minutes=number)
            mine = {"id": MeetingId(town), "group_id": GroupId(town)}
            await self.has_group(town)
            round_ = a_round(
                id=RoundId(town), group_id=GroupId(town), meeting_id=MeetingId(town), deadline=due
            )
            await self.world.has(a_meeting(**mine), round_)
        return due

    async def states(self) -> list[RoundState]:
        """Of those rounds, by town."""
        async with self.world.work() as work:
            found = [await work.store.rounds.get(RoundId(town)) for town in TOWNS]
        return [one.state for one in found if one]

    async def previews(self) -> list[str]:
        """Whose previews were put on the outbox, by town: one for each closing."""
        async with self.world.work() as work:
            put = [
                await work.store.deliveries.list_by_group(GroupId(town), [DeliveryKind.PREVIEW])
                for town in TOWNS
            ]
        return [one.group_id for some in put for one in some]

    async def meetings(self, town: str) -> int:
        """How many lie ahead of the group."""
        async with self.world.work() as work:
            return len(await work.store.meetings.list_by_group(GroupId(town), NOW, 400))

    async def in_database(self, statement: str) -> None:
        """Run that in the database itself."""
        async with self.world.storage.engine.begin() as connection:
            await connection.execute(text(statement))


@pytest.fixture
async def clockwork(sqlite_url: str) -> AsyncIterator[Clockwork]:
    """Nothing is stored yet."""
    await migrate(sqlite_url)
    prepare_jobs(sqlite_url)
    engine, jobs = create_engine(sqlite_url), Jobs.on(sqlite_url)
    world = World(Storage(engine), NOW)
    try:
        yield Clockwork(world, Ticking(Desk(world.storage.begin, jobs, world, world.templates)))
    finally:
        jobs.close()
        await engine.dispose()


async def test_what_is_due_is_done_and_done_once(clockwork: Clockwork) -> None:
    due = await clockwork.has_open_rounds()
    await clockwork.tick(due - timedelta(minutes=1))
    assert await clockwork.states() == [CLOSED, CLOSED, OPEN]
    for _ in range(2):
        await clockwork.tick(due)
    assert await clockwork.states() == [CLOSED, CLOSED, CLOSED]
    assert await clockwork.previews() == list(TOWNS)


async def test_groups_are_planned_at_the_first_tick_and_then_once_an_hour(clockwork: Clockwork) -> None:
    await clockwork.has_group("fagersta")
    await clockwork.tick(NOW)
    assert await clockwork.meetings("fagersta") >= 8
    await clockwork.has_group("ludvika")
    await clockwork.tick(NOW + timedelta(minutes=59))
    assert await clockwork.meetings("ludvika") == 0
    await clockwork.tick(NOW + timedelta(minutes=60))
    assert await clockwork.meetings("ludvika") >= 8


async def test_a_round_that_fails_keeps_no_other_waiting_and_is_tried_again_at_the_next_tick(
    clockwork: Clockwork,
) -> None:
    due = await clockwork.has_open_rounds()
    await clockwork.in_database(
        "CREATE TRIGGER broken BEFORE UPDATE ON rounds WHEN new.id = 'fagersta' AND new.state = 'closed' "
        "BEGIN SELECT RAISE(ABORT, 'broken'); END"
    )
    before = _failures("round")
    await clockwork.tick(due)
    assert await clockwork.states() == [CLOSED, OPEN, CLOSED]
    assert _failures("round") == before + 1
    await clockwork.in_database("DROP TRIGGER broken")
    await clockwork.tick(due + timedelta(minutes=1))
    assert await clockwork.states() == [CLOSED, CLOSED, CLOSED]
    assert await clockwork.previews() == list(TOWNS)


async def test_a_group_whose_template_is_gone_keeps_no_other_from_its_round(clockwork: Clockwork) -> None:
    due = await clockwork.has_open_rounds()
    lost = replace(a_group(), id=GroupId("arboga"), template=TemplateRef("lost", 1))
    await clockwork.world.has(replace(lost, home=replace(lost.home, team_id="19:arboga")))
    before = _failures("plan")
    await clockwork.tick(due)
    assert _failures("plan") == before + 1
    assert await clockwork.states() == [CLOSED, CLOSED, CLOSED]
    assert await clockwork.meetings("ludvika") >= 8


def _failures(what: str) -> float:
    return REGISTRY.get_sample_value("lagesbild_due_work_failures_total", {"what": what}) or 0.0
