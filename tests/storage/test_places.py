"""Several processes on one PostgreSQL keep Teams' rates together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import psycopg
import pytest

from storage import SharedPlaces
from storage.places import Rates
from tests.cutting import cut, plain

MOST, SECONDS = 3, 0.3
RATE = ((MOST, SECONDS),)


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[tuple[SharedPlaces, SharedPlaces]]:
    """As two processes have them."""
    both = SharedPlaces(postgres_url), SharedPlaces(postgres_url)
    yield both
    for one in both:
        await one.close()


async def _called(
    places: SharedPlaces, times: list[float], takes: float = 0.0, name: str = "app", rates: Rates = RATE
) -> None:
    async with places.place(name, rates):
        times.append(time.monotonic())
        await asyncio.sleep(takes)


async def test_two_processes_together_never_go_over_the_rate(
    shared: tuple[SharedPlaces, SharedPlaces],
) -> None:
    times: list[float] = []
    await asyncio.gather(*(_called(shared[n % 2], times, takes=0.01 * (n % 3)) for n in range(14)))
    assert len(times) == 14
    times.sort()
    assert all(later - first > SECONDS for first, later in zip(times, times[MOST:], strict=False))


async def test_every_rate_is_kept_together(shared: tuple[SharedPlaces, SharedPlaces]) -> None:
    rates = (2, 0.2), (3, 0.8)
    times: list[float] = []
    await asyncio.gather(*(_called(shared[n % 2], times, rates=rates) for n in range(8)))
    assert len(times) == 8
    times.sort()
    for most, seconds in rates:
        assert all(later - first > seconds for first, later in zip(times, times[most:], strict=False))


async def test_a_conversation_that_is_full_holds_no_other_up(
    shared: tuple[SharedPlaces, SharedPlaces],
) -> None:
    rates, times = ((1, 20.0),), list[float]()
    await _called(shared[0], times, name="full", rates=rates)
    waits = asyncio.create_task(_called(shared[0], times, name="full", rates=rates))
    await asyncio.sleep(0.2)
    async with asyncio.timeout(10):
        for one in shared:
            await _called(one, times, name=f"free {id(one)}", rates=rates)
    assert not waits.done()
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)
    assert len(times) == 3


async def test_every_place_is_given_back_in_the_end(
    shared: tuple[SharedPlaces, SharedPlaces], postgres_url: str
) -> None:
    await asyncio.gather(*(_called(shared[0], [], name=f"chat {n}", rates=((1, 0.1),)) for n in range(40)))
    async with asyncio.timeout(10):
        while await _held(postgres_url):  # noqa: ASYNC110 - the database is asked
            await asyncio.sleep(0.02)
    assert not shared[0]._own


async def _held(url: str) -> int:
    """Advisory locks in the database."""
    async with await psycopg.AsyncConnection.connect(plain(url)) as admin:
        found = await admin.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        row = await found.fetchone()
    assert row is not None
    return int(row[0])


async def test_what_a_process_held_that_dies_is_free(shared: tuple[SharedPlaces, SharedPlaces]) -> None:
    dies, lives = shared
    begun = time.monotonic()
    held = [asyncio.create_task(_called(dies, [], takes=30)) for _ in range(MOST)]
    await asyncio.sleep(0.3)
    await dies.close()
    times: list[float] = []
    async with asyncio.timeout(5):
        await _called(lives, times)
    assert times[0] - begun < 5
    for one in held:
        one.cancel()
    await asyncio.gather(*held, return_exceptions=True)


async def test_who_gives_up_waiting_takes_no_place_along(shared: tuple[SharedPlaces, SharedPlaces]) -> None:
    one, other = shared
    times: list[float] = []
    await asyncio.gather(*(_called(one, times) for _ in range(MOST)))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await _called(other, times)
    await asyncio.sleep(SECONDS)
    begun = time.monotonic()
    await asyncio.gather(*(_called(other, times) for _ in range(MOST)))
    assert time.monotonic() - begun < SECONDS


async def test_who_is_stopped_while_the_database_is_asked_takes_no_place_along(
    shared: tuple[SharedPlaces, SharedPlaces], postgres_url: str
) -> None:
    await _called(shared[0], [])
    for n in range(40):
        stopped = asyncio.create_task(_called(shared[0], [], name=f"chat {n}", takes=30, rates=((1, 0.1),)))
        await asyncio.sleep(0.0001 * n)
        stopped.cancel()
        await asyncio.gather(stopped, return_exceptions=True)
    async with asyncio.timeout(10):
        while await _held(postgres_url):  # noqa: ASYNC110 - the database is asked
            await asyncio.sleep(0.02)


async def test_a_lost_connection_holds_nothing_up_and_is_made_anew(
    shared: tuple[SharedPlaces, SharedPlaces], postgres_url: str
) -> None:
    times: list[float] = []
    await _called(shared[0], times)
    await cut(postgres_url)
    async with asyncio.timeout(5):
        await asyncio.gather(*(_called(shared[n % 2], times) for n in range(10)))
    assert len(times) == 11
    later = sorted(times)[-MOST - 1 :]
    assert later[-1] - later[0] > SECONDS


async def test_without_the_database_calls_go_through() -> None:
    places = SharedPlaces("postgresql+psycopg://nobody@127.0.0.1:9/none")
    times: list[float] = []
    async with asyncio.timeout(5):
        await asyncio.gather(*(_called(places, times) for _ in range(5)))
    assert len(times) == 5
    await places.close()
