"""Everything delivery needs, put together on a database and a Teams address; also a program of its own, to be killed.

`python -m tests.delivery.rig DATABASE_URL TEAMS_URL` serves the outbox until it ends by a signal.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.delivery.couriers import Couriers, Outgoing, Skip, ToMember
from bot.delivery.engine import Engine, Pace, prepare_jobs
from bot.delivery.limits import Rate
from bot.delivery.outbox import DurableOutbox, Jobs
from bot.delivery.retry import Patience
from bot.teams.connector import Connector
from bot.work import Desk
from lagesbild.deliveries import Delivery, DeliveryKind, delivery_key
from lagesbild.ids import DeliveryKey, MemberId
from lagesbild.people import Home, Member, MemberState
from lagesbild.ports import Work
from lagesbild.templates import shipped_templates
from storage import Storage, create_engine, migrate
from tests.overwriting import overwriting
from tests.samples import GROUP_ID, a_group, a_member

ROOT = Path(__file__).parents[2]
QUICK = Pace(
    poll=0.05,
    tick="0 0 0 1 1 *",
    patience=Patience(first=0.1, longest=0.5, give_up_after=timedelta(seconds=20)),
    lost_after=2.0,
    rewrites=(0.05, 0.1),
)


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def prompt(member: str, round_: str = "r1") -> Delivery:
    return Delivery(
        key=delivery_key(DeliveryKind.PROMPT, round_, member),
        group_id=GROUP_ID,
        kind=DeliveryKind.PROMPT,
        queued_at=datetime.now(UTC),
        member_id=MemberId(member),
    )


def somebody(member: str, conversation: str | None = None) -> Member:
    return a_member(member, id=member, user_id=f"29:{member}", conversation_id=conversation)


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
        self.storage = Storage(create_engine(self.url))
        self.jobs = Jobs.on(self.url)
        self.connector = Connector()
        self.desk = Desk(self.storage.begin, self.jobs, RealClock(), shipped_templates())
        self.couriers.setdefault(DeliveryKind.PROMPT, self.build)
        self.engine = self.new_engine()

    def new_engine(self) -> Engine:
        return Engine(
            self.url,
            transactions=self.storage.begin,
            undisturbed=self.storage.undisturbed,
            sender=self.connector,
            couriers=Couriers(self.desk.on, self.couriers),
            tick=self.tick,
            jobs=self.jobs,
            clock=RealClock(),
            pace=self.pace,
            executor=self.executor,
        )

    async def tick(self, now: datetime) -> None:
        self.ticks.append(now)

    async def ticked(self) -> int:
        return len(self.ticks)

    async def build(self, work: Work, delivery: Delivery) -> Outgoing | Skip:
        member = await work.store.members.get(delivery.member_id)
        if member.state is MemberState.LEFT:
            return Skip("left")
        home = Home("t1", self.teams_url, "28:bot", "team", "19:channel")
        return Outgoing(ToMember(home, member), {"type": "message", "text": delivery.key})

    async def prepare(self) -> None:
        await migrate(self.url)
        prepare_jobs(self.url)
        async with self.storage.begin() as transaction:
            await overwriting(transaction).groups.save(a_group())  # each process of a test comes by here

    async def row(self, key: str) -> Any:
        """A line of the ledger."""
        async with self.storage.begin(write=False) as transaction:
            return await transaction.deliveries.get(DeliveryKey(key))

    async def join(self, *members: Member) -> None:
        async with self.storage.begin() as transaction:
            for member in members:
                await transaction.members.save(member)

    async def put(self, *deliveries: Delivery) -> list[bool]:
        async with self.storage.begin() as transaction:
            outbox = DurableOutbox(transaction, self.jobs, RealClock())
            return [await outbox.put(delivery) for delivery in deliveries]

    async def again(self, delivery: Delivery) -> None:
        async with self.storage.begin() as transaction:
            await DurableOutbox(transaction, self.jobs, RealClock()).again(delivery)

    async def close(self) -> None:
        self.jobs.close()
        await self.connector.close()
        await self.storage.engine.dispose()


async def until(count: Callable[[], Awaitable[int]], enough: int, within: float = 20.0) -> None:
    """Wait until so many are counted."""
    async with asyncio.timeout(within):
        while await count() < enough:  # noqa: ASYNC110 - what is counted may be in a database
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(rig: Rig) -> AsyncIterator[Rig]:
    """The rig, started; stopped at the end."""
    await rig.prepare()
    await rig.engine.start()
    try:
        yield rig
    finally:
        await rig.engine.stop()
        await rig.close()


async def serve(url: str, teams_url: str) -> None:
    pace = Pace(app_rate=Rate(20, 1.0), poll=0.05, tick="0 0 0 1 1 *")
    async with running(Rig(url, teams_url, pace=pace)):
        print("ready", flush=True)
        await asyncio.Event().wait()


@asynccontextmanager
async def served(url: str, teams_url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The same in a process of its own, which is killed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.delivery.rig", url, teams_url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
