"""Everything delivery needs, put together on a database and a Teams address; also a program of its own, to be killed.

`python -m tests.delivery.rig DATABASE_URL TEAMS_URL` serves the outbox until it ends by a signal.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.delivery.couriers import Outgoing, Skip, ToMember
from bot.delivery.engine import Engine, Pace
from bot.delivery.limits import Rate
from bot.delivery.outbox import DurableOutbox, Jobs
from bot.delivery.retry import Patience
from bot.teams.connector import Connector
from lagesbild.deliveries import Delivery, DeliveryKind, delivery_key
from lagesbild.ids import GroupId, MemberId, RoundId
from lagesbild.people import Home, Member, MemberState, Role
from tests.delivery.ledger import Ledger

QUICK = Pace(
    poll=0.05,
    tick="0 0 0 1 1 *",
    patience=Patience(first=0.1, longest=0.5, give_up_after=timedelta(seconds=20)),
    abandoned_after=3.0,
)


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def prompt(member: str, round_: str = "r1") -> Delivery:
    return Delivery(
        key=delivery_key(DeliveryKind.PROMPT, round_, member),
        group_id=GroupId("g1"),
        kind=DeliveryKind.PROMPT,
        queued_at=datetime.now(UTC),
        member_id=MemberId(member),
        round_id=RoundId(round_),
    )


def somebody(member: str, conversation: str | None = None) -> Member:
    return Member(
        id=MemberId(member),
        group_id=GroupId("g1"),
        name=member,
        roles=frozenset({Role.REPORTER}),
        state=MemberState.ACTIVE,
        joined_at=datetime.now(UTC),
        user_id=f"29:{member}",
        conversation_id=conversation,
    )


@dataclass
class Rig:
    """A running engine with its ledger; the prompts' courier can be replaced."""

    url: str
    teams_url: str
    pace: Pace = QUICK
    executor: str | None = None
    ticks: list[datetime] = field(default_factory=list)
    couriers: dict[DeliveryKind, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.url)
        self.jobs = Jobs.on(self.url)
        self.connector = Connector()
        self.couriers.setdefault(DeliveryKind.PROMPT, self.build)
        self.engine = self.new_engine()

    def new_engine(self) -> Engine:
        return Engine(
            self.url,
            transactions=self.ledger.open,
            sender=self.connector,
            couriers=self.couriers,
            tick=self.tick,
            jobs=self.jobs,
            clock=RealClock(),
            pace=self.pace,
            executor=self.executor,
        )

    async def tick(self, now: datetime) -> None:
        self.ticks.append(now)

    async def build(self, transaction: Any, delivery: Delivery) -> Outgoing | Skip:
        member = await transaction.members.get(delivery.member_id)
        if member is None:
            return Skip("no_member")
        home = Home("t1", self.teams_url, "28:bot", "team", "19:channel")
        return Outgoing(ToMember(home, member), {"type": "message", "text": delivery.key})

    async def join(self, *members: Member) -> None:
        async with self.ledger.open() as transaction:
            for member in members:
                await transaction.members.save(member)

    async def put(self, *deliveries: Delivery) -> list[bool]:
        async with self.ledger.open() as transaction:
            outbox = DurableOutbox(transaction, self.jobs, RealClock())
            return [await outbox.put(delivery) for delivery in deliveries]

    async def again(self, delivery: Delivery) -> None:
        async with self.ledger.open() as transaction:
            await DurableOutbox(transaction, self.jobs, RealClock()).again(delivery)

    async def close(self) -> None:
        self.jobs.close()
        await self.connector.close()
        await self.ledger.engine.dispose()


@asynccontextmanager
async def running(rig: Rig) -> AsyncIterator[Rig]:
    """The rig, started; stopped at the end."""
    await rig.ledger.prepare()
    await rig.engine.start()
    try:
        yield rig
    finally:
        await rig.engine.stop()
        await rig.close()


async def serve(url: str, teams_url: str) -> None:
    pace = Pace(app_rate=Rate(20, 1.0), poll=0.05, tick="0 0 0 1 1 *", abandoned_after=3.0)
    async with running(Rig(url, teams_url, pace=pace)):
        print("ready", flush=True)  # noqa: T201 - the parent waits for it
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
