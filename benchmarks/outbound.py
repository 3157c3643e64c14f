"""How fast messages go out on loopback, without limits: the bot's connector, its durable queue, and stock botbuilder's.

`python -m benchmarks.outbound [MESSAGES]`. All send the same text without a token to the same connector, a process of
its own, 16 at a time, taking turns. Stock: `CloudAdapter.continue_conversation`, as its proactive samples have it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import ChannelAccount, ConversationAccount, ConversationReference

from benchmarks.figures import Figure, table
from benchmarks.servers import postgres, serving, sqlite
from bot.delivery.limits import Rate
from bot.teams.connector import Connector, Ref
from tests.delivery.rig import QUICK, Rig, prompt, running, somebody

MESSAGES = 1000
ROUNDS = 5
AT_ONCE = 16
TARGET = 10.0
TEXT = "prompt:round7:m1"
_NO_LIMIT = Rate(1_000_000, 1.0)
_UNLIMITED = replace(
    QUICK, app_rate=_NO_LIMIT, conversation_rates=(_NO_LIMIT,), poll=0.02, at_once=100, lost_after=60.0
)
Send = Callable[[int], Awaitable[Any]]


class Stock:
    """Botbuilder's own names for the settings, and its way of sending."""

    APP_ID = ""
    APP_PASSWORD = ""
    APP_TYPE = "MultiTenant"
    APP_TENANTID = ""

    def __init__(self, url: str) -> None:
        self._url = url
        self._adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(self))

    async def send(self, number: int) -> None:
        reference = ConversationReference(
            bot=ChannelAccount(id="28:bot"),
            conversation=ConversationAccount(id=f"chat-{number}"),
            channel_id="msteams",
            service_url=self._url,
        )
        await self._adapter.continue_conversation(reference, _say, bot_app_id="")


async def _say(turn: TurnContext) -> None:
    await turn.send_activity(TEXT)


async def rate(send: Send, messages: int) -> float:
    """Messages a second, so many at a time."""
    numbers = iter(range(messages))

    async def one_after_the_other() -> None:
        for number in numbers:
            await send(number)

    begun = perf_counter()
    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    return messages / (perf_counter() - begun)


async def straight(url: str, messages: int, rounds: int) -> tuple[list[float], list[float]]:
    """Ours and stock's, taking turns; stock sends a tenth, or it would take minutes."""
    stock = Stock(url)
    ours: list[float] = []
    theirs: list[float] = []
    async with Connector() as connector:

        async def send(number: int) -> None:
            await connector.send(Ref(url, f"chat-{number}"), {"type": "message", "text": TEXT})

        await rate(send, AT_ONCE)
        await rate(stock.send, AT_ONCE)
        for _ in range(rounds):
            ours.append(await rate(send, messages))
            theirs.append(await rate(stock.send, max(AT_ONCE, messages // 10)))
    return ours, theirs


async def queued(url: str, database_url: str, messages: int) -> float:
    """Messages a second from the outbox, each with its ledger row, from the commit that queues them to the last one's."""
    rig = Rig(database_url, url, pace=_UNLIMITED)
    people = [f"p{number}" for number in range(messages)]
    async with running(rig):
        await rig.join(*(somebody(one, f"chat-{one}") for one in people))
        await rig.put(*map(prompt, people))
        begun = perf_counter()
        await rig.engine.drain(retries=True, within=600)
        return messages / (perf_counter() - begun)


async def measure(messages: int = MESSAGES, rounds: int = ROUNDS) -> tuple[list[Figure], dict[str, Any]]:
    """Straight against stock's in alternating rounds; then the queue on both databases."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with serving("benchmarks.sink", "PORT", environment={}) as sink:
            url = f"http://127.0.0.1:{sink.port}"
            ours, theirs = await straight(url, messages, rounds)
            durable = {"SQLite": await queued(url, sqlite(folder, "queue"), messages)}
            with postgres(folder / "pg", ["queue"]) as [address]:
                durable["PostgreSQL"] = await queued(url, address, messages)
    ratios = [mine / its for mine, its in zip(ours, theirs, strict=True)]
    figures = [
        _figure("messages sent, straight", median(ours), median(theirs), median(ratios)),
        *(
            _figure(f"messages sent from the durable queue, {database}", found, median(theirs))
            for database, found in durable.items()
        ),
    ]
    return figures, {"ours": ours, "stock": theirs, "durable": durable}


def _figure(what: str, ours: float, theirs: float, ratio: float | None = None) -> Figure:
    """The queue's has no target: Teams takes 50 a second, which it is compared with in the fan-out."""
    return Figure(
        what,
        f"{ours:.0f}/s",
        f"stock botbuilder: {theirs:.0f}/s",
        f"{ratio or ours / theirs:.1f}",
        "" if ratio is None else f"≥ {TARGET:.0f}",
        None if ratio is None else ratio >= TARGET,
    )


def main() -> None:
    """Measure and print."""
    given = [int(one) for one in sys.argv[1:]]
    figures, raw = asyncio.run(measure(*given[:1]))
    print(table(figures))
    print(raw)


if __name__ == "__main__":
    main()
