"""Several processes on one PostgreSQL keep the app's rate together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import psycopg
import pytest

from storage import SharedPlaces

MOST, SECONDS = 3, 0.3


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[tuple[SharedPlaces, SharedPlaces]]:
    """As two processes have them."""
    both = SharedPlaces(postgres_url, MOST, SECONDS), SharedPlaces(postgres_url, MOST, SECONDS)
    yield both
    for one in both:
        await one.close()


async def _called(places: SharedPlaces, times: list[float], takes: float = 0.0) -> None:
    async with places.place():
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


async def test_a_lost_connection_holds_nothing_up_and_is_made_anew(
    shared: tuple[SharedPlaces, SharedPlaces], postgres_url: str
) -> None:
    times: list[float] = []
    await _called(shared[0], times)
    address = postgres_url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    async with asyncio.timeout(5):
        await asyncio.gather(*(_called(shared[n % 2], times) for n in range(10)))
    assert len(times) == 11
    later = sorted(times)[-MOST - 1 :]
    assert later[-1] - later[0] > SECONDS


async def test_without_the_database_calls_go_through() -> None:
    places = SharedPlaces("postgresql+psycopg://nobody@127.0.0.1:9/none", MOST, SECONDS)
    times: list[float] = []
    async with asyncio.timeout(5):
        await asyncio.gather(*(_called(places, times) for _ in range(5)))
    assert len(times) == 5
    await places.close()
