"""A council that meets in a channel of another team, through the router and over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.app import FEATURES
from bot.delivery.couriers import Couriers
from bot.delivery.limits import Gate
from bot.delivery.outbox import Job, Jobs
from bot.delivery.retry import Patience
from bot.delivery.worker import Worker
from bot.features import every_courier
from bot.teams.activities import Identity, Message, Place, Pressed, Reply
from bot.teams.connector import Connector
from lagesbild.deliveries import DeliveryKind, DeliveryState
from lagesbild.ids import GroupId
from lagesbild.people import Member, Role
from lagesbild.ports import Work
from lagesbild.usecases.council import send_referral
from tests.bot.chat import TENANT, Chat
from tests.connector import FakeConnector, Sent
from tests.council_samples import (
    HERE,
    a_council,
    a_referral,
    on_the_table,
    referral_of,
)
from tests.samples import a_group, a_member, a_report, a_round, an_answer
from tests.usecases.world import LedgerOutbox

STRANGER = a_member("Sven Alm", None, id="sven")
KINDS = (
    DeliveryKind.REFERRAL,
    DeliveryKind.REFERRAL_REMINDER,
    DeliveryKind.ESCALATION,
    DeliveryKind.MEASURE_DUE,
    DeliveryKind.ANALYSIS_DUE,
)


@dataclass
class Council:
    """The chat with a council that meets in a channel of another team, and a worker that sends to it."""

    chat: Chat
    teams: FakeConnector
    worker: Worker

    async def says(self, member: Member, text: str, *, where: str = HERE.conversation_id) -> Reply:
        """What the bot answers in a conversation of the council's team."""
        reply = await self.chat.router(Message(self._who(member), self._place(where), "a1", text))
        assert reply is not None
        return reply

    async def presses(
        self, member: Member, data: dict[str, Any], *, where: str = HERE.conversation_id
    ) -> Reply:
        """What the bot answers to a button pressed there."""
        event = Pressed(self._who(member), self._place(where), "a2", data)
        reply = await self.chat.router(event)
        assert reply is not None
        return reply

    async def deliver(self) -> list[DeliveryState]:
        """One attempt at everything that waits; what came of each."""
        begin = self.chat.world.storage.begin
        async with begin(write=False) as store:
            waiting = await store.deliveries.list_by_group(GroupId("g1"), KINDS)
        for delivery in waiting:
            await self.worker.run(Job(delivery.key, delivery.attempts, self.chat.world.time))
        async with begin(write=False) as store:
            found = [await store.deliveries.get(one.key) for one in waiting if not one.state.is_final]
        return [one.state for one in found if one is not None]

    async def send(self) -> None:
        """The referral is put before the council."""
        async with self.chat.world.work() as work:
            await send_referral(work, self.chat.group, await referral_of(self.chat.world))
        await self.deliver()

    def standing(self) -> list[Sent]:
        """The messages that stand in the council's channel."""
        return [m for m in self.teams.messages.values() if m.conversation_id == HERE.conversation_id]

    async def people(self) -> dict[str, frozenset[Role]]:
        async with self.chat.world.storage.begin(write=False) as store:
            return {m.name: m.roles for m in await store.members.list_by_group(GroupId("g1"))}

    def _who(self, member: Member) -> Identity:
        return Identity(member.user_id or "", None, member.name, TENANT, "sv-SE")

    def _place(self, where: str) -> Place:
        url = self.chat.group.home.service_url
        return Place(where, "channel", url, TENANT, "28:bot", "19:brateam", "Brå", where.partition(";")[0])


@asynccontextmanager
async def a_council_at_work(chat: Chat, database_url: str) -> AsyncIterator[Council]:
    """Mehmet reported what waits for the council's answer."""
    async with FakeConnector() as teams, Connector() as connector:
        group = a_group(home=replace(a_group().home, service_url=teams.url))
        world = chat.world
        await world.has(group, a_round(assessed_at=world.time), a_report("mehmet", an_answer(1, 4, "Mörkt")))
        here = replace(HERE, service_url=teams.url)
        await on_the_table(world, a_referral(), a_council(conversation=here))

        def work_on(transaction: Any) -> Work:
            return Work(transaction, world, LedgerOutbox(transaction), world.templates)

        couriers = Couriers(work_on, every_courier(FEATURES))
        jobs = Jobs.on(database_url)
        worker = Worker(world.storage.begin, connector, couriers, jobs, Gate(), world, Patience())
        yield Council(replace(chat, group=group), teams, worker)
        jobs.close()
