"""A world for use cases: a real database, a clock that the test sets, and an outbox that writes the real ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState
from lagesbild.ids import MemberId
from lagesbild.people import Group, Member
from lagesbild.ports import UnitOfWork, Work
from lagesbild.rounds import Meeting, Round
from lagesbild.templates import Templates, shipped_templates
from lagesbild.usecases.following import follow_group
from lagesbild.usecases.rounds import advance_round, due_rounds, plan_one
from storage.unit_of_work import Storage
from tests.overwriting import overwriting
from tests.samples import GROUP_ID

P = ParamSpec("P")
R = TypeVar("R")
HERE = ZoneInfo("Europe/Stockholm")


def local(text: str) -> datetime:
    """`2025-03-13 13:00` by the clock on the wall in Stockholm."""
    return datetime.fromisoformat(text).replace(tzinfo=HERE).astimezone(ZoneInfo("UTC"))


class LedgerOutbox:
    """Writes the ledger as the durable outbox does; nothing is sent."""

    def __init__(self, store: UnitOfWork) -> None:
        self._store = store

    async def put(self, delivery: Delivery) -> bool:
        return await self._store.deliveries.add(delivery)

    async def again(self, delivery: Delivery) -> None:
        known = await self._store.deliveries.get(delivery.key)
        await self._store.deliveries.save(replace(known or delivery, state=DeliveryState.QUEUED))


class World:
    """One group's world. `now` is what the clock shows; every `do` is one committed transaction."""

    def __init__(self, storage: Storage, now: datetime) -> None:
        self.storage = storage
        self.time = now
        self.templates: Templates = shipped_templates()

    def now(self) -> datetime:
        return self.time

    def at(self, text: str) -> World:
        """Set the clock to that local time."""
        self.time = local(text)
        return self

    @asynccontextmanager
    async def work(self, *, shared: bool = False) -> AsyncIterator[Work]:
        async with self.storage.begin(shared=shared) as store:
            yield self.on(store)

    def on(self, store: UnitOfWork) -> Work:
        """The `Work` of an open transaction."""
        return Work(store, self, LedgerOutbox(store), self.templates)

    async def do(
        self, use_case: Callable[Concatenate[Work, P], Awaitable[R]], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a use case in a transaction of its own."""
        async with self.work() as work:
            return await use_case(work, *args, **kwargs)

    async def has(self, *things: Group | Member | Meeting | Round | Any) -> None:
        """Store values: the group first, then whatever belongs to it."""
        async with self.storage.begin() as opened:
            store = overwriting(opened)
            shelves: dict[str, Any] = {
                "Group": store.groups,
                "Member": store.members,
                "Meeting": store.meetings,
            }
            shelves |= {"Round": store.rounds, "Report": store.reports, "Absence": store.absences}
            shelves |= {"Delivery": store.deliveries}
            for thing in things:
                await shelves[type(thing).__name__].save(thing)

    async def plan(self) -> int:
        """The clock's look after every group at this time, each in a transaction; how many meetings are new."""
        async with self.work() as work:
            groups = await work.store.groups.list_active()
        return sum([await self.do(_look_after, group, self.time) for group in groups])

    async def tick(self, text: str | None = None) -> int:
        """The clock's tick, at that local time if given, each round in a transaction; how many opened or closed."""
        if text:
            self.at(text)
        due = await self.do(due_rounds, self.time)
        return sum([await self.do(advance_round, round_.id, self.time) for round_ in due])

    async def rounds(self) -> list[Round]:
        """Every round, by number."""
        async with self.storage.begin(write=False) as store:
            opened = await store.rounds.list_by_group(GROUP_ID, 100)
            planned = await store.rounds.list_planned(GROUP_ID)
        return sorted([*opened, *planned], key=lambda one: one.number)

    async def meetings(self) -> list[Meeting]:
        """Every meeting to come, by start."""
        async with self.storage.begin(write=False) as store:
            return list(await store.meetings.list_by_group(GROUP_ID, self.time, 400))

    async def round(self, number: int) -> Round:
        return next(one for one in await self.rounds() if one.number == number)

    async def member(self, member_id: str) -> Member:
        async with self.storage.begin(write=False) as store:
            found = await store.members.get(MemberId(member_id))
        assert found is not None
        return found

    async def sent(self, *kinds: DeliveryKind) -> list[Delivery]:
        """What was put on the outbox, of those kinds (all unless named), by key."""
        async with self.storage.begin(write=False) as store:
            members = await store.members.list_by_group(GROUP_ID)
            found = [d for m in members for d in await store.deliveries.list_by_member(m.id)]
        return sorted((d for d in found if not kinds or d.kind in kinds), key=lambda d: d.key)

    async def receivers(self, kind: DeliveryKind) -> list[str]:
        """The ids of the members a kind went to, one for each message."""
        return sorted(d.member_id or "" for d in await self.sent(kind))

    async def actions(self) -> list[str]:
        """What the audit log says was done, oldest first."""
        async with self.storage.begin(write=False) as store:
            return [entry.action for entry in reversed(await store.audit.list_by_group(GROUP_ID, 1000))]


async def _look_after(work: Work, group: Group, now: datetime) -> int:
    new = await plan_one(work, group.id, now)
    await follow_group(work, group, now)
    return new
