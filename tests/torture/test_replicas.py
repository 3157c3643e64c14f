"""The same program several times on one database: everything is done once, and those that are left carry on (A4, F4)."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from tests.torture.seen import who
from tests.torture.town import Town, a_town

REPLICAS = 3
PEOPLE = 60
NEAR = timedelta(days=3)
TWO_TICKS = 41.0


async def test_three_replicas_ask_once_and_one_that_dies_is_not_missed(postgres_url: str) -> None:
    async with a_town(postgres_url, 1, limited=True) as town, AsyncExitStack() as stack:
        await town.has_groups(2, PEOPLE, meets_in=NEAR)
        replicas = [await stack.enter_async_context(town.open()) for _ in range(REPLICAS)]
        await town.connector.wait_for(lambda _: len(town.prompted()) == 2 * PEOPLE, within=60)
        await town.is_settled()
        town.kill(replicas[0])
        town.urls.pop(0)
        await asyncio.gather(town.answer_all(0, PEOPLE), town.answer_all(1, PEOPLE))
        assert await town.opened() == 2
        assert town.repeated() == []
        assert town.connector.refused == 0
        assert town.refusals == []
        assert len(town.receipts) == 2 * PEOPLE
        assert await town.lost() == []


@pytest.mark.long
async def test_three_replicas_remind_the_silent_once(postgres_url: str) -> None:
    async with a_town(postgres_url, 1, limited=True) as town, AsyncExitStack() as stack:
        await town.has_groups(2, PEOPLE, meets_in=NEAR)
        for _ in range(REPLICAS):
            await stack.enter_async_context(town.open())
        await town.connector.wait_for(lambda _: len(town.prompted()) == 2 * PEOPLE, within=60)
        await town.answer_all(0, PEOPLE)
        for number in range(2):
            await town.reminds_in(number, timedelta(seconds=2))
        await town.connector.wait_for(lambda _: len(town.reminded()) >= PEOPLE, within=60)
        await asyncio.sleep(TWO_TICKS)
        await town.is_settled()
        assert sorted(town.reminded()) == sorted(f"a:{who(1, member)}" for member in range(PEOPLE))
        assert town.refusals == []


@pytest.mark.long
async def test_what_a_replica_had_under_way_when_it_died_is_taken_over(postgres_url: str) -> None:
    async with a_town(postgres_url, 1, limited=True) as town, AsyncExitStack() as stack:
        await town.has_groups(3, PEOPLE, meets_in=NEAR)
        replicas = [await stack.enter_async_context(town.open()) for _ in range(REPLICAS)]
        await town.connector.wait_for(lambda _: len(town.prompted()) >= PEOPLE, within=60)
        town.kill(replicas[1])
        await asyncio.to_thread(replicas[1].wait)
        await town.note_what_is_sent()
        await town.is_settled()
        assert len(town.prompted()) == 3 * PEOPLE
        assert await town.opened() == 3
        assert town.known
        assert town.needlessly_repeated() == []
        # Starts are shared out fifty a second; what a busy machine then lets go at once, Teams refuses and it waits.
        assert town.connector.refused <= 2 * REPLICAS


async def test_two_processes_on_one_sqlite_file_wait_for_each_other_and_one_of_them_sends(
    sqlite_url: str,
) -> None:
    async with a_town(sqlite_url, 1) as town, AsyncExitStack() as stack:
        await town.has_groups(2, PEOPLE, meets_in=NEAR)
        both = [await stack.enter_async_context(town.open()) for _ in range(2)]
        await town.connector.wait_for(lambda _: len(town.prompted()) == 2 * PEOPLE, within=60)
        await town.answer_all(0, PEOPLE)
        assert town.refusals == []
        assert len(town.receipts) == PEOPLE
        assert await town.lost() == []
        assert town.repeated() == []
        await the_other_carries_on(town, both[0])


async def the_other_carries_on(town: Town, sender: Any) -> None:
    """The one that sends is killed: what a press then causes is sent all the same, and nothing once more."""
    town.kill(sender)
    await asyncio.to_thread(sender.wait)
    town.urls.pop(0)
    await town.note_what_is_sent()
    await town.lives_through(1)
    await town.is_settled()
    assert town.unheard() == {one.member_id for one in town.receipts if one.round_id == "round0"}
    assert town.needlessly_repeated() == []
