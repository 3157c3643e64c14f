"""Processes on one PostgreSQL know which of them live, and never take one that does for dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from storage import Presence
from tests.cutting import cut, plain

GRACE = 1.0
BOTH = ("one", "other")


@pytest.fixture
async def both(postgres_url: str) -> AsyncIterator[tuple[Presence, Presence]]:
    """As two processes have it."""
    one, other = (Presence(postgres_url, name, GRACE) for name in BOTH)
    await one.begin()
    await other.begin()
    yield one, other
    await one.close()
    await other.close()


async def _until_missing(asks: Presence, name: str) -> float:
    """How long it took."""
    begun = asyncio.get_running_loop().time()
    async with asyncio.timeout(20):
        while name not in await asks.missing(BOTH):  # noqa: ASYNC110 - the database is asked
            await asyncio.sleep(0.1)
    return asyncio.get_running_loop().time() - begun


async def test_who_has_gone_is_missing_after_the_grace_and_not_before(
    both: tuple[Presence, Presence],
) -> None:
    one, other = both
    assert await one.missing(BOTH) == []
    await other.close()
    assert GRACE <= await _until_missing(one, "other") < GRACE + 5


async def test_who_lives_is_not_missing_when_all_connections_were_cut(
    both: tuple[Presence, Presence], postgres_url: str
) -> None:
    one, other = both
    since = await other.surely()
    assert await one.missing(BOTH) == []
    await cut(postgres_url)
    for _ in range(25):
        await asyncio.sleep(0.1)
        try:
            assert await one.missing(BOTH) == []
        except psycopg.Error:  # cut, and not yet connected again
            continue
    async with asyncio.timeout(10):
        assert await other.surely() == since


async def test_who_was_taken_for_dead_knows_it_and_comes_back_only_afterwards(
    both: tuple[Presence, Presence],
) -> None:
    one, other = both
    since = await other.surely()
    async with one.in_place_of("other") as dead:
        assert not dead
    await other.close()
    await _until_missing(one, "other")
    async with one.in_place_of("other") as dead:
        assert dead
        back = asyncio.create_task(other.begin())
        await asyncio.sleep(0.3)
        assert not back.done()
    async with asyncio.timeout(5):
        await back
    assert await other.surely() > since
    assert await one.missing(BOTH) == []


async def test_who_is_cut_off_for_long_is_not_sure_until_it_is_back_and_says_so(
    both: tuple[Presence, Presence], postgres_url: str
) -> None:
    _, other = both
    since = await other.surely()
    async with await psycopg.AsyncConnection.connect(plain(postgres_url)) as rival:
        await _cut_and_keep_away(rival, other)
        await asyncio.sleep(GRACE + 0.5)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await other.surely()
    async with asyncio.timeout(10):
        assert await other.surely() > since


async def _cut_and_keep_away(rival: psycopg.AsyncConnection, kept_out: Presence) -> None:
    """The rival waits in line for its lock, and has it as soon as its connection is cut."""
    asked = asyncio.create_task(rival.execute("SELECT pg_advisory_lock(%s)", [kept_out._key]))
    await asyncio.sleep(0.3)
    assert kept_out._session is not None
    await cut(kept_out._url, f"pid = {kept_out._session.info.backend_pid}")
    await asked
