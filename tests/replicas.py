"""Two processes on one PostgreSQL, one of which has its transaction open while the other comes to the same rows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import text

from lagesbild.ports import Work
from storage.engine import create_engine
from storage.migrate import migrate
from storage.unit_of_work import Storage
from tests.samples import NOW, a_coordinator
from tests.usecases.world import World

Replicas = tuple[World, World]
ASA = a_coordinator("Åsa Två", "Brå", id="asa")
"""Leads beside Karin."""
Step = Callable[[Work], Awaitable[Any]]
Given = TypeVar("Given")
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@asynccontextmanager
async def two_worlds(postgres_url: str) -> AsyncIterator[Replicas]:
    """Two processes' worlds on one empty database."""
    await migrate(postgres_url)
    one, two = (World(Storage(create_engine(postgres_url)), NOW) for _ in range(2))
    try:
        yield one, two
    finally:
        for world in (one, two):
            await world.storage.engine.dispose()


def step(use_case: Any, *args: Any, **named: Any) -> Step:
    """That use case with all it takes but the work."""
    return lambda work: use_case(work, *args, **named)


async def together(one: World, two: World, first: Step, second: Step) -> tuple[Any, Any]:
    """What both steps give: the second begins when the first has done all its work and not yet committed."""
    return await meanwhile(one, first, lambda: two.do(second))


async def meanwhile(world: World, first: Step, second: Callable[[], Awaitable[Given]]) -> tuple[Any, Given]:
    """The same, whatever the second does: the first commits once the second waits for it, or is over."""
    async with asyncio.timeout(30):
        async with world.storage.begin() as store:
            did = await first(world.on(store))
            await store.send()
            other = asyncio.ensure_future(second())
            while not other.done() and not await _somebody_waits(world):  # noqa: ASYNC110  no event tells of it
                await asyncio.sleep(0.01)
        return did, await other


async def found(world: World, what: str, key: str) -> Any:
    """What is stored under that key."""
    async with world.storage.begin(write=False) as store:
        return await getattr(store, what).get(key)


async def _somebody_waits(world: World) -> bool:
    async with world.storage.engine.connect() as connection:
        return bool(await connection.scalar(_WAITING))
