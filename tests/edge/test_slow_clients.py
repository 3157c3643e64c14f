"""Clients that hold connections and say little, over real sockets: the others are answered meanwhile."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot import door
from bot.teams import adapter
from bot.teams.activities import Reply
from tests.connector import FakeConnector
from tests.edge.bot import RunningBot
from tests.edge.payloads import executed
from tests.issuer import Issuer

SOON = 2.0
"""Seconds in which somebody else is answered; a few milliseconds where nothing else runs."""
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(autouse=True, scope="module")
def _room_for_sockets() -> None:
    """Both ends of every connection are in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 4096:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))


@asynccontextmanager
async def _connections(bot: RunningBot, count: int) -> AsyncIterator[list[Stream]]:
    port = int(bot.url.rpartition(":")[2])
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count)]
    try:
        yield streams
    finally:
        for _, writer in streams:
            writer.close()


async def _is_answered_soon(bot: RunningBot, connector: FakeConnector) -> None:
    bot.reply = Reply(text="Sparat.")
    for _ in range(5):
        begun = time.monotonic()
        answer = await bot.post(executed(connector.url))
        assert (answer.status, answer.body["value"]) == (200, "Sparat.")
        assert time.monotonic() - begun < SOON


async def _ended(reader: asyncio.StreamReader, within: float = 10.0) -> bytes:
    """What came until the other side closed."""
    try:
        return await asyncio.wait_for(reader.read(), within)
    except ConnectionError:
        return b""


async def _evicted(bot: RunningBot) -> float:
    answer = await bot.request("GET", "/metrics")
    return next(
        float(line.split()[1])
        for line in answer.body.splitlines()
        if line.startswith("lagesbild_connections_evicted_total")
    )


async def test_a_thousand_idle_connections_stop_nobody(bot: RunningBot, connector: FakeConnector) -> None:
    before = await _evicted(bot)
    async with _connections(bot, 1000) as streams:
        await _is_answered_soon(bot, connector)
        assert await _evicted(bot) - before >= 1000 - door.MOST_CONNECTIONS
        assert await _ended(streams[0][0]) == b""


async def test_a_connection_at_work_is_not_closed_for_an_idle_one(
    bot: RunningBot, connector: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST_CONNECTIONS", 20)
    begun, release = asyncio.Event(), asyncio.Event()

    async def slow(_: object) -> Reply:
        begun.set()
        await release.wait()
        return Reply(text="Sparat.")

    bot.handler = slow
    pressed = asyncio.create_task(bot.post(executed(connector.url)))
    await begun.wait()
    async with _connections(bot, 60):
        await asyncio.sleep(0.1)
        release.set()
        assert (await pressed).body["value"] == "Sparat."


async def test_heads_that_come_byte_by_byte_stop_nobody_and_come_to_an_end(
    bot: RunningBot, connector: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "HEAD_WITHIN", 1.0)
    async with _connections(bot, 200) as streams:
        head = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 500
        drip = asyncio.create_task(_drip(streams, head))
        await _is_answered_soon(bot, connector)
        begun = time.monotonic()
        assert await asyncio.gather(*(_ended(reader) for reader, _ in streams)) == [b""] * 200
        assert time.monotonic() - begun < 8
        drip.cancel()
        await asyncio.gather(drip, return_exceptions=True)
    await _is_answered_soon(bot, connector)


async def test_a_head_in_two_parts_is_read_and_the_connection_rests_afterwards(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "HEAD_WITHIN", 0.3)
    async with _connections(bot, 1) as [(reader, writer)]:
        for _ in range(2):
            writer.write(b"GET /healthz HTTP/1.1\r\nHo")
            await asyncio.sleep(0.05)
            writer.write(b"st: x\r\n\r\n")
            answer = await reader.readuntil(b"}")
            assert answer.startswith(b"HTTP/1.1 200")
            await asyncio.sleep(0.6)


async def test_bodies_that_come_byte_by_byte_stop_nobody_and_are_refused(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "_BODY_WITHIN", 1.0)
    token = issuer.authorization(connector.url)["Authorization"]
    head = (
        f"POST /api/messages HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 9000\r\n\r\n"
    )
    async with _connections(bot, 100) as streams:
        for _, writer in streams:
            writer.write(head.encode())
        drip = asyncio.create_task(_drip(streams, b" " * 500))
        await _is_answered_soon(bot, connector)
        answers = await asyncio.gather(*(reader.readline() for reader, _ in streams))
        assert {answer.split()[1] for answer in answers} == {b"408"}
        drip.cancel()
        await asyncio.gather(drip, return_exceptions=True)
    assert len(bot.events) == 5


async def test_a_body_without_a_token_is_not_waited_for(bot: RunningBot) -> None:
    async with _connections(bot, 1) as [(reader, writer)]:
        writer.write(b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n")
        answer = await asyncio.wait_for(reader.readline(), SOON)
        assert answer.split()[1] == b"401"


async def test_a_client_that_reads_nothing_stops_nobody(bot: RunningBot, connector: FakeConnector) -> None:
    """Requests one after the other on one connection, and no answer is taken: it waits alone."""
    async with _connections(bot, 1) as [(_, writer)]:
        for _ in range(2000):
            writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        await _is_answered_soon(bot, connector)


async def _drip(streams: list[Stream], data: bytes) -> None:
    """One byte to each, again and again; those that are closed are left."""
    for at in range(len(data)):
        for _, writer in streams:
            if not writer.is_closing():
                writer.write(data[at : at + 1])
        await asyncio.sleep(0.02)
