"""Several processes on one PostgreSQL keep the app's rate together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import psycopg
import pytest

from bot.delivery.limits import Rate
from bot.delivery.together import SharedWindow

RATE = Rate(3, 0.3)


@pytest.fixture
async def windows(postgres_url: str) -> AsyncIterator[tuple[SharedWindow, SharedWindow]]:
    """As two processes have them."""
    both = SharedWindow(postgres_url, RATE), SharedWindow(postgres_url, RATE)
    yield both
    for one in both:
        await one.close()


async def _called(window: SharedWindow, times: list[float], takes: float = 0.0) -> None:
    async with window.place():
        times.append(time.monotonic())
        await asyncio.sleep(takes)


async def test_two_processes_together_never_go_over_the_rate(
    windows: tuple[SharedWindow, SharedWindow],
) -> None:
    times: list[float] = []
    await asyncio.gather(*(_called(windows[n % 2], times, takes=0.01 * (n % 3)) for n in range(14)))
    assert len(times) == 14
    times.sort()
    assert all(later - first > RATE.seconds for first, later in zip(times, times[RATE.most :], strict=False))


async def test_what_a_process_held_that_dies_is_free(windows: tuple[SharedWindow, SharedWindow]) -> None:
    dies, lives = windows
    begun = time.monotonic()
    held = [asyncio.create_task(_called(dies, [], takes=30)) for _ in range(RATE.most)]
    await asyncio.sleep(0.3)
    await dies.close()
    times: list[float] = []
    async with asyncio.timeout(5):
        await _called(lives, times)
    assert times[0] - begun < 5
    for one in held:
        one.cancel()
    await asyncio.gather(*held, return_exceptions=True)


async def test_who_gives_up_waiting_takes_no_place_along(windows: tuple[SharedWindow, SharedWindow]) -> None:
    one, other = windows
    times: list[float] = []
    await asyncio.gather(*(_called(one, times) for _ in range(RATE.most)))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await _called(other, times)
    await asyncio.sleep(RATE.seconds)
    begun = time.monotonic()
    await asyncio.gather(*(_called(other, times) for _ in range(RATE.most)))
    assert time.monotonic() - begun < RATE.seconds


async def test_a_lost_connection_holds_nothing_up_and_is_made_anew(
    windows: tuple[SharedWindow, SharedWindow], postgres_url: str
) -> None:
    times: list[float] = []
    await _called(windows[0], times)
    address = postgres_url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    async with asyncio.timeout(5):
        await asyncio.gather(*(_called(windows[n % 2], times) for n in range(10)))
    assert len(times) == 11
    later = sorted(times)[-RATE.most - 1 :]
    assert later[-1] - later[0] > RATE.seconds


async def test_without_the_database_calls_go_through() -> None:
    window = SharedWindow("postgresql+psycopg://nobody@127.0.0.1:9/none", RATE)
    times: list[float] = []
    async with asyncio.timeout(5):
        await asyncio.gather(*(_called(window, times) for _ in range(5)))
    assert len(times) == 5
    await window.close()
