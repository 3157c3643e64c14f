"""A transaction with many statements lets others have the event loop in between: SQLite's run on it, and wait for nothing."""

from __future__ import annotations

import asyncio

from storage import Storage, create_engine, migrate
from tests.samples import GROUP_ID, a_group, a_meeting, a_member, a_prompt, a_report, a_round, an_answer

MANY = 400


async def test_others_have_the_loop_while_many_are_written_and_read(sqlite_url: str) -> None:
    await migrate(sqlite_url)
    engine = create_engine(sqlite_url)
    turns = 0

    async def another() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    people = [a_member(f"Person {number}", id=f"m{number}") for number in range(MANY)]
    try:
        async with Storage(engine).begin() as store:
            await store.groups.save(a_group())
            await store.meetings.save(a_meeting())
            await store.rounds.save(a_round())
            for one in people:
                await store.members.save(one)
                await store.reports.save(a_report(one, an_answer(1, 3, "Glas på gångvägen")))
            other = asyncio.create_task(another())
            for one in people:
                await store.deliveries.add(a_prompt(one))
            written, turns = turns, 0
            assert len(await store.reports.list_by_round(a_round().id)) == MANY
            assert len(await store.members.list_by_group(GROUP_ID)) == MANY
            read = turns
            other.cancel()
    finally:
        await engine.dispose()
    assert written > 3
    assert read > 1
