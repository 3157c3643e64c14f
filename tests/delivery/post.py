"""A world whose queued messages are sent, one attempt each, over real HTTP to a connector of our own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.app import FEATURES
from bot.delivery.couriers import Couriers
from bot.delivery.engine import prepare_jobs
from bot.delivery.limits import Gate
from bot.delivery.outbox import Job, Jobs
from bot.delivery.retry import Patience
from bot.delivery.worker import Worker
from bot.features import every_courier
from bot.teams.connector import Connector
from lagesbild.deliveries import Delivery, DeliveryState
from lagesbild.people import Group
from lagesbild.ports import Work
from storage.engine import create_engine
from storage.migrate import migrate
from storage.unit_of_work import Storage
from tests.connector import FakeConnector, Sent
from tests.samples import NOW, a_group
from tests.usecases.world import LedgerOutbox, World


@dataclass
class Post:
    """The world, the connector, and what was sent."""

    world: World
    teams: FakeConnector
    worker: Worker
    group: Group

    async def send(self) -> dict[str, DeliveryState]:
        """One attempt at everything that waits, oldest first; what became of each."""
        waiting = [one for one in await self.world.sent() if not one.state.is_final]
        for one in sorted(waiting, key=lambda one: (one.queued_at, one.key)):
            await self.worker.run(Job(one.key, one.attempts, self.world.time))
        sent = {one.key: one for one in await self.world.sent()}
        return {one.key: sent[one.key].state for one in waiting}

    async def row(self, key: str) -> Delivery:
        """A line of the ledger."""
        return next(one for one in await self.world.sent() if one.key == key)

    def got(self, member: str) -> list[Sent]:
        """What stands in somebody's chat, oldest first."""
        return self.teams.in_conversation(f"a:{member}")


@asynccontextmanager
async def a_post(url: str) -> AsyncIterator[Post]:
    """An empty world with a way out; the group's home is the connector."""
    await migrate(url)
    prepare_jobs(url)
    engine, jobs = create_engine(url), Jobs.on(url)
    async with FakeConnector() as teams, Connector() as connector:
        world = World(Storage(engine), NOW)
        group = a_group(home=replace(a_group().home, service_url=teams.url))

        def work_on(transaction: Any) -> Work:
            return Work(transaction, world, LedgerOutbox(transaction), world.templates)

        begin = world.storage.begin
        couriers = Couriers(work_on, every_courier(FEATURES))
        worker = Worker(begin, connector, couriers, jobs, Gate(), world, Patience())
        try:
            yield Post(world, teams, worker, group)
        finally:
            jobs.close()
            await engine.dispose()
