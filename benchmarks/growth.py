"""The same questions asked of one group among 10, 100 and 1,000, each with two years behind it: each is to take as long.

`python -m benchmarks.growth [GROUPS …]`. The sizes take turns, so that what else the machine does meets them alike.
Naive: the clock asking every active group for its open rounds, instead of one question to an index.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks import sample
from benchmarks.figures import Figure, table
from benchmarks.servers import postgres, sqlite
from bot.app import FEATURES
from bot.delivery.engine import prepare_jobs
from bot.delivery.outbox import Jobs
from bot.fetching import Fetcher
from bot.routing import Router
from bot.teams.connector import Connector
from bot.teams.parse import parse
from bot.work import Desk
from lagesbild.ids import GroupId
from lagesbild.people import Member
from lagesbild.ports import Work
from lagesbild.templates import shipped_templates
from lagesbild.usecases.following import follow_group
from lagesbild.usecases.pictures import review_picture
from lagesbild.usecases.rounds import advance_round, due_rounds, plan_one
from lagesbild.usecases.status import status
from storage import Storage, create_engine
from tests import years
from tests.clocks import Shifted
from tests.copies import OPEN
from tests.edge.payloads import personal
from tests.years import Years

SIZES = {"SQLite": (10, 100, 1000), "PostgreSQL": (10, 100)}
TARGET = 1.5
RUNS = 25
GROUP = 5
"""The group that is asked; it stands neither first nor last in any town."""
SERVICE = "http://127.0.0.1:9/"
NAIVE = "naive: every group asked what is due"
Question = Callable[[], Awaitable[object]]


@dataclass
class Town:
    """The bot's parts on one database, without the engine: nothing but the questions touches it."""

    years: Years
    desk: Desk
    router: Router
    asked: int = 0

    async def answer(self) -> None:
        """A full report of one member after the other, committed durably (A5)."""
        self.asked += 1
        whose = f"g{GROUP}.m{1 + self.asked % (self.years.members - 1)}"
        text = sample.answer(SERVICE).replace("round@R@", years.open_round(GROUP, self.years))
        body = json.loads(text.replace("m@M@", whose).replace("@N@", str(self.asked)))
        reply = await self.router(parse(body))
        assert reply is not None, "no receipt"
        assert reply.card is not None, reply.text

    async def card(self) -> None:
        """The card to answer, asked for in the chat."""
        body = personal(SERVICE, "rapportera")
        body["from"] = {"id": f"29:g{GROUP}.m1", "name": "Person 1"}
        body["conversation"] |= {"id": f"a:g{GROUP}.m1", "tenantId": years.TENANT}
        reply = await self.router(parse(body))
        assert reply is not None, "no card"
        assert reply.card is not None, reply.text

    async def due(self) -> None:
        """What the clock asks every 20 seconds: the rounds to look at, over all groups."""
        async with self.desk.open() as work:
            found = await due_rounds(work, self.desk.clock.now())
        assert len(found) == OPEN, found

    async def naive(self) -> None:
        """The same without an index: each group in turn."""
        async with self.desk.open() as work:
            for group in await work.store.groups.list_active():
                await work.store.rounds.list_by_group(group.id, 1)

    async def prompt(self) -> None:
        """Who in one open round is still to be asked (A4)."""
        async with self.desk.open() as work:
            await advance_round(work, years.open_round(GROUP, self.years), self.desk.clock.now())

    async def plan(self) -> None:
        """One group looked after, as every hour: planned ahead and followed up (A4, C1)."""
        async with self.desk.open() as work:
            now = self.desk.clock.now()
            group = await work.store.groups.get(GroupId(f"g{GROUP}."))
            assert group is not None
            await plan_one(work, group.id, now)
            await follow_group(work, group, now)

    async def compile(self) -> None:
        """The picture of the open round, with what to review (B1, B6)."""
        await self._lead(review_picture)

    async def status(self) -> None:
        """Who answered and who did not, and how many got an answer (B2, C5)."""
        await self._lead(status)

    async def _lead(self, use_case: Callable[[Work, Member], Awaitable[object]]) -> None:
        async with self.desk.open() as work:
            karin = await work.store.members.get(years.coordinator(GROUP))
            assert karin is not None
            await use_case(work, karin)

    def questions(self) -> dict[str, Question]:
        """What is measured, by what it is called in the table."""
        return {
            "a report answered, durably": self.answer,
            "the card opened": self.card,
            "which rounds are due": self.due,
            "one open round looked at": self.prompt,
            "one group planned and followed": self.plan,
            "picture compiled": self.compile,
            "status": self.status,
            NAIVE: self.naive,
        }


@asynccontextmanager
async def town(url: str, size: Years) -> AsyncIterator[Town]:
    """The parts on a database that is filled first."""
    clock = Shifted()
    await years.fill(url, SERVICE, size, clock.now())
    await asyncio.to_thread(prepare_jobs, url)
    engine, jobs, connector = create_engine(url), Jobs.on(url), Connector()
    try:
        desk = Desk(Storage(engine).begin, jobs, clock, shipped_templates())
        yield Town(size, desk, Router(desk.open, Fetcher(connector), FEATURES))
    finally:
        jobs.close()
        await connector.close()
        await engine.dispose()


Times = dict[str, dict[int, float]]
"""Milliseconds, the median, for each question and number of groups."""


async def ask(towns: Sequence[Town], runs: int) -> Times:
    """Every question so many times of every town, taking turns, after two turns that do not count."""
    times: dict[str, dict[int, list[float]]] = {}
    for run in range(-2, runs):
        for one in towns:
            for name, question in one.questions().items():
                begun = perf_counter()
                await question()
                if run >= 0:
                    taken = times.setdefault(name, {}).setdefault(one.years.groups, [])
                    taken.append((perf_counter() - begun) * 1000)
    return {name: {size: median(some) for size, some in by_size.items()} for name, by_size in times.items()}


async def measure(
    sizes: dict[str, Sequence[int]] | None = None, *, rounds: int = years.ROUNDS, runs: int = RUNS
) -> tuple[list[Figure], dict[str, Any]]:
    """Both databases, one after the other."""
    found: list[Figure] = []
    raw: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for database, numbers in (sizes or SIZES).items():
            towns = [Years(groups, rounds) for groups in numbers]
            raw[database] = times = await _on(database, folder, towns, runs)
            found += [_figure(database, question, by_size, towns) for question, by_size in times.items()]
    return found, raw


async def _on(database: str, folder: Path, sizes: Sequence[Years], runs: int) -> Times:
    names = [f"growth{one.groups}" for one in sizes]
    async with AsyncExitStack() as stack:
        if database == "SQLite":
            urls = [sqlite(folder, name) for name in names]
        else:
            urls = stack.enter_context(postgres(folder / "pg", names))
        towns = [
            await stack.enter_async_context(town(url, size)) for url, size in zip(urls, sizes, strict=True)
        ]
        return await ask(towns, runs)


def _figure(database: str, question: str, times: dict[int, float], sizes: Sequence[Years]) -> Figure:
    smallest, largest = sizes[0], sizes[-1]
    ours, baseline = times[largest.groups], times[smallest.groups]
    between = "".join(f"; {one.groups}: {times[one.groups]:.1f} ms" for one in sizes[1:-1])
    has_target = question != NAIVE
    return Figure(
        f"{question}, {largest.groups} groups ({largest.answers:,} answers), {database}",
        f"{ours:.1f} ms",
        f"{smallest.groups} groups: {baseline:.1f} ms{between}",
        f"{ours / baseline:.2f}",
        f"≤ {TARGET}" if has_target else "",
        ours / baseline <= TARGET if has_target else None,
    )


def main() -> None:
    """Measure SQLite with these numbers of groups, or all, and print."""
    given = [int(one) for one in sys.argv[1:]]
    figures, _ = asyncio.run(measure({"SQLite": given} if given else None))
    print(table(figures))


if __name__ == "__main__":
    main()
