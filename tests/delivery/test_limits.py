"""Teams' rates are kept before sending, so that nothing comes back with a 429."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.delivery.couriers import Outgoing
from bot.delivery.engine import Pace
from bot.delivery.limits import Busy, Gate, Rate, Window
from bot.teams.connector import Ref
from lagesbild.deliveries import Delivery, DeliveryKind
from tests.connector import FakeConnector
from tests.delivery.rig import QUICK, Rig, prompt, running, somebody

MANY = 120


async def _started_at(window: Window, count: int, takes: float) -> list[float]:
    begun: list[float] = []

    async def call() -> None:
        async with window.place():
            begun.append(time.monotonic())
            await asyncio.sleep(takes)

    await asyncio.gather(*(call() for _ in range(count)))
    return begun


async def test_a_window_lets_no_more_through_than_its_rate() -> None:
    begun = await _started_at(Window(Rate(3, 0.2)), 10, takes=0.0)
    for first, fourth in zip(begun, begun[3:], strict=False):
        assert fourth - first >= 0.199


async def test_a_slow_answer_keeps_its_place_so_that_late_arrivals_still_fit() -> None:
    begun = await _started_at(Window(Rate(2, 0.1)), 4, takes=0.2)
    assert begun[2] - begun[0] >= 0.299


async def test_a_failed_call_gives_its_place_back_too() -> None:
    window = Window(Rate(1, 0.05))
    with pytest.raises(ZeroDivisionError):
        async with window.place():
            raise ZeroDivisionError
    async with asyncio.timeout(1), window.place():
        pass


async def test_every_rate_of_a_window_is_kept() -> None:
    begun = await _started_at(Window(Rate(2, 0.1), Rate(3, 0.4)), 7, takes=0.0)
    for rate in (Rate(2, 0.1), Rate(3, 0.4)):
        for first, one_too_many in zip(begun, begun[rate.most :], strict=False):
            assert one_too_many - first >= rate.seconds - 0.001


async def test_a_window_is_idle_again_a_span_after_its_last_answer() -> None:
    window = Window(Rate(2, 0.1), Rate(3, 0.2))
    assert window.is_idle
    async with window.place():
        assert not window.is_idle
    assert not window.is_idle
    await asyncio.sleep(0.21)
    assert window.is_idle


async def test_who_gives_up_waiting_does_not_stand_in_the_way() -> None:
    window = Window(Rate(1, 0.2))
    async with window.place():
        waiting = [asyncio.create_task(_take(window)) for _ in range(3)]
        await asyncio.sleep(0.01)
        waiting[0].cancel()
    await asyncio.sleep(0.05)
    waiting[1].cancel()
    async with asyncio.timeout(1):
        await waiting[2]


async def _take(window: Window) -> None:
    async with window.place():
        pass


async def test_one_busy_conversation_does_not_hold_others_up() -> None:
    gate = Gate(Rate(10, 1.0), (Rate(1, 0.5),))
    async with gate.turn("a"):
        pass
    waiting = asyncio.create_task(_pass(gate, "a"))
    async with asyncio.timeout(0.2):
        await _pass(gate, "b")
    assert not waiting.done()
    await waiting


async def test_waiting_too_long_is_refused_and_takes_no_place() -> None:
    gate = Gate(Rate(10, 1.0), (Rate(1, 0.3),), patience=0.1)
    await _pass(gate, "a")
    with pytest.raises(Busy):
        await _pass(gate, "a")
    await asyncio.sleep(0.3)
    await _pass(gate, "a")


async def _pass(gate: Gate, conversation: str) -> None:
    async with gate.turn(conversation):
        pass


@pytest.fixture
async def hasty(sqlite_url: str, teams: FakeConnector) -> AsyncIterator[Rig]:
    """A rig with the real rates."""
    pace = replace(Pace(), tick=QUICK.tick)
    async with running(Rig(sqlite_url, teams.url, pace=pace)) as rig:
        yield rig


async def test_a_crowd_is_prompted_at_the_rate_teams_allows(hasty: Rig, teams: FakeConnector) -> None:
    people = [f"p{i}" for i in range(MANY)]
    await hasty.join(*(somebody(one, f"chat-{one}") for one in people))
    await hasty.put(*map(prompt, people))
    begun = time.monotonic()
    await hasty.engine.drain()
    assert teams.refused == 0
    assert {one.conversation_id for one in teams.sent} == {f"chat-{one}" for one in people}
    # The figure is measured by `benchmarks/fanout.py`; here the machine may be busy.
    assert teams.calls[-1].at - begun < 5 * MANY / 50


async def test_a_conversation_gets_no_more_than_it_may(hasty: Rig, teams: FakeConnector) -> None:
    async def post(_work: object, delivery: Delivery) -> Outgoing:
        return Outgoing(Ref(teams.url, "19:channel"), {"text": delivery.key})

    await hasty.join(*(somebody(f"p{i}") for i in range(12)))
    hasty.couriers[DeliveryKind.PROMPT] = post
    await hasty.put(*(prompt(f"p{i}") for i in range(12)))
    await hasty.engine.drain()
    assert teams.refused == 0
    assert len(teams.sent) == 12
