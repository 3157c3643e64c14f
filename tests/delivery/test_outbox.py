"""What is put on the outbox is sent once, if and only if its transaction commits (F4)."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.delivery.outbox import DurableOutbox
from lagesbild.deliveries import DeliveryState
from tests.connector import FakeConnector
from tests.delivery.rig import RealClock, Rig, prompt, somebody


async def test_what_is_put_is_sent_and_recorded(rig: Rig, teams: FakeConnector) -> None:
    await rig.join(somebody("anna", "chat-anna"))
    assert await rig.put(prompt("anna")) == [True]
    await rig.engine.drain()
    assert [one.body["text"] for one in teams.in_conversation("chat-anna")] == ["prompt:r1:anna"]
    row = await rig.row("prompt:r1:anna")
    assert (row.state, row.attempts, row.conversation_id, row.activity_id) == (
        DeliveryState.SENT,
        1,
        "chat-anna",
        "message-1",
    )


async def test_the_same_key_again_changes_nothing(rig: Rig, teams: FakeConnector) -> None:
    await rig.join(somebody("anna", "chat-anna"))
    assert await rig.put(prompt("anna"), prompt("anna")) == [True, False]
    await rig.engine.drain()
    assert await rig.put(prompt("anna")) == [False]
    await rig.engine.drain()
    assert len(teams.sent) == 1


async def _put_and_fail(rig: Rig) -> None:
    async with rig.storage.begin() as transaction:
        await DurableOutbox(transaction, rig.jobs, RealClock()).put(prompt("anna"))
        raise ZeroDivisionError


async def test_what_was_rolled_back_is_not_sent(rig: Rig, teams: FakeConnector) -> None:
    await rig.join(somebody("anna", "chat-anna"))
    with pytest.raises(ZeroDivisionError):
        await _put_and_fail(rig)
    await rig.engine.drain()
    await asyncio.sleep(0.3)
    assert teams.sent == []
    assert await rig.row("prompt:r1:anna") is None


async def test_again_sends_what_failed(rig: Rig, teams: FakeConnector) -> None:
    await rig.join(somebody("anna", "chat-anna"))
    teams.fail(403, "ConversationBlockedByUser")
    await rig.put(prompt("anna"))
    await rig.engine.drain()
    blocked = await rig.row("prompt:r1:anna")
    assert blocked.state is DeliveryState.BLOCKED
    await rig.again(blocked)
    await rig.engine.drain()
    row = await rig.row("prompt:r1:anna")
    assert (row.state, row.code, row.attempts) == (DeliveryState.SENT, "", 2)


async def test_again_asked_for_twice_sends_once(rig: Rig, teams: FakeConnector) -> None:
    await rig.join(somebody("anna", "chat-anna"))
    teams.fail(403, "ConversationBlockedByUser")
    await rig.put(prompt("anna"))
    await rig.engine.drain()
    blocked = await rig.row("prompt:r1:anna")
    await asyncio.gather(*(rig.again(blocked) for _ in range(4)))
    await rig.engine.drain()
    assert len(teams.sent) == 1


async def test_again_asked_for_what_has_been_sent_meanwhile_sends_nothing(
    rig: Rig, teams: FakeConnector
) -> None:
    await rig.join(somebody("anna", "chat-anna"))
    teams.fail(403, "ConversationBlockedByUser")
    await rig.put(prompt("anna"))
    await rig.engine.drain()
    blocked = await rig.row("prompt:r1:anna")
    for _ in range(2):
        await rig.again(blocked)
        await rig.engine.drain()
    assert len(teams.sent) == 1


async def test_of_two_who_ask_again_at_once_the_later_waits_and_changes_nothing(postgres_rig: Rig) -> None:
    rig = postgres_rig
    await rig.join(somebody("anna", "chat-anna"))
    row = replace(prompt("anna"), state=DeliveryState.BLOCKED, attempts=1)
    async with rig.storage.begin() as store:
        await store.deliveries.add(row)
    async with rig.storage.begin() as first:
        await first.deliveries.get(row.key)
        second = asyncio.create_task(rig.again(row))
        await asyncio.sleep(0.3)
        assert not second.done()
        await first.deliveries.save(replace(row, state=DeliveryState.SENT, attempts=2))
    await second
    assert (await rig.row(row.key)).state is DeliveryState.SENT


async def test_again_leaves_what_waits_for_its_turn_alone(sqlite_rig: Rig, teams: FakeConnector) -> None:
    rig = sqlite_rig
    await rig.join(somebody("anna", "chat-anna"))
    teams.fail(429, retry_after=1)
    await rig.put(prompt("anna"))
    await rig.engine.drain()
    waiting = await rig.row("prompt:r1:anna")
    assert waiting.state is DeliveryState.THROTTLED
    await rig.again(waiting)
    await rig.engine.drain(retries=True)
    assert len(teams.sent) == 1
    assert (await rig.row("prompt:r1:anna")).attempts == 2
