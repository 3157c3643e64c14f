"""Several processes on one PostgreSQL: they keep Teams' rates together, and whoever dies is not missed for long (F4)."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace

import psycopg
from sqlalchemy import text

from bot.delivery.limits import Rate
from bot.delivery.outbox import SCHEMA, Job
from lagesbild.deliveries import DeliveryState
from lagesbild.usecases.telling import tell_round
from storage.sessions import lock_key
from tests.chain import OMAR, ROUND, begun
from tests.connector import FakeConnector
from tests.cutting import cut, plain
from tests.delivery.post import a_post
from tests.delivery.rig import QUICK, Rig, prompt, running, served, somebody, until

PROCESSES = 3
MANY = 24
PEOPLE = [f"p{n}" for n in range(10)]
SOON = 20.0
"""Seconds: a slow machine's two or three, and far from the two minutes after which a process looks for what it lost."""


async def _sent_in(rig: Rig, people: list[str]) -> int:
    rows = [await rig.row(prompt(one).key) for one in people]
    return sum(row.state is DeliveryState.SENT for row in rows)


async def _called(teams: FakeConnector) -> int:
    return len(teams.calls)


async def _tried(rig: Rig, one: str) -> int:
    return int((await rig.row(prompt(one).key)).attempts)


async def _senders(rig: Rig) -> int:
    """How many processes had something to send."""
    asked = text(f"SELECT count(DISTINCT executor_id) FROM {SCHEMA}.workflow_status")
    async with rig.storage.begin(write=False) as store:
        return int((await store.connection.execute(asked)).scalar_one())  # type: ignore[attr-defined]


async def test_three_processes_together_send_a_conversation_no_more_than_it_may(
    postgres_url: str, teams: FakeConnector
) -> None:
    people = [f"p{n}" for n in range(MANY)]
    rig = Rig(postgres_url, teams.url)
    await rig.prepare()
    await rig.join(*(somebody(one, "19:channel") for one in people))
    async with AsyncExitStack() as stack:
        for _ in range(PROCESSES):
            await stack.enter_async_context(served(postgres_url, teams.url))
        for one in people:  # one by one, so that each process gets its share
            await rig.put(prompt(one))
            await asyncio.sleep(0.05)
        await until(lambda: _sent_in(rig, people), MANY, within=60)
    assert await _senders(rig) == PROCESSES
    assert teams.refused == 0
    assert len(teams.sent) == MANY
    await rig.close()


async def test_what_a_dead_process_had_under_way_another_sends_at_once(
    postgres_url: str, teams: FakeConnector
) -> None:
    rig = Rig(postgres_url, teams.url, pace=replace(QUICK, lost_after=3600.0))
    await rig.prepare()
    await rig.join(*(somebody(one, f"chat-{one}") for one in PEOPLE))
    teams.fail(503, delay=60.0, times=len(PEOPLE))  # under way when it dies, and not arrived
    async with served(postgres_url, teams.url) as dies:
        await rig.put(*map(prompt, PEOPLE))
        await until(lambda: _called(teams), len(PEOPLE))
        async with running(rig):
            dies.kill()
            killed = time.monotonic()
            await until(lambda: _sent_in(rig, PEOPLE), len(PEOPLE), within=60)
            assert time.monotonic() - killed < SOON
    assert len(teams.sent) == len(PEOPLE)


async def test_who_lives_is_not_taken_for_dead_though_its_connections_are_cut(
    postgres_url: str, teams: FakeConnector
) -> None:
    rig = Rig(postgres_url, teams.url)
    await rig.prepare()
    await rig.join(*(somebody(one, f"chat-{one}") for one in PEOPLE))
    teams.fail(200, delay=6.0, times=len(PEOPLE))
    async with served(postgres_url, teams.url):
        await rig.put(*map(prompt, PEOPLE))
        await until(lambda: _called(teams), len(PEOPLE))
        async with running(rig):
            await cut(postgres_url)
            await until(lambda: _sent_in(rig, PEOPLE), len(PEOPLE), within=60)
            assert len(teams.calls) == len(PEOPLE)


async def test_who_may_have_been_taken_for_dead_sends_nothing_that_waited_meanwhile(
    postgres_url: str, teams: FakeConnector
) -> None:
    people = ["first", "second"]
    rig = Rig(postgres_url, teams.url, replace(QUICK, conversation_rates=(Rate(1, 8.0),)), executor="cut off")
    async with running(rig), await psycopg.AsyncConnection.connect(plain(postgres_url)) as rival:
        await rig.join(*(somebody(one, "19:channel") for one in people))
        for one in people:
            await rig.put(prompt(one))
            await until(lambda: _called(teams), 1)
        await _takes_the_place(postgres_url, rival, "cut off")
        await asyncio.sleep(3.0)
        await rival.rollback()
        await rival.close()
        await until(lambda: _tried(rig, "second"), 1, within=30)
        assert (await rig.row(prompt("second").key)).code == "busy"
        assert len(teams.calls) == 1


async def _takes_the_place(url: str, rival: psycopg.AsyncConnection, name: str) -> None:
    """As a process does that finds another one dead, whose connection is cut for it."""
    key = lock_key(f"process {name}")
    waits = asyncio.create_task(rival.execute("SELECT pg_advisory_lock(%s)", [key]))
    await asyncio.sleep(0.3)
    await cut(
        url,
        "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted "
        f"AND (classid::bigint << 32 | objid::bigint) = {key})",
    )
    await waits


async def test_a_failure_that_is_known_late_does_not_undo_what_another_process_sent(
    postgres_url: str,
) -> None:
    async with a_post(postgres_url) as post:
        await begun(post.world, group=post.group)
        await post.world.do(tell_round, post.group, ROUND)
        row = await post.row("round_feedback:round7:omar")
        job = Job(row.key, row.attempts, post.world.time)
        post.teams.fail(503, delay=1.0)
        late = asyncio.create_task(post.worker.run(job))
        await until(lambda: _called(post.teams), 1)
        await post.worker.run(job)
        await late
        row = await post.row(row.key)
        assert (row.state, row.attempts) == (DeliveryState.SENT, 1)
        assert len(post.got(OMAR.id)) == 1
