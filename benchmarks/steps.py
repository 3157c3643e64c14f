"""What each step of the answer turn's speed buys: the whole server beside one that lacks the step, alternating rounds."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import sample
from benchmarks.figures import Figure
from benchmarks.servers import OURS, serving, sqlite
from benchmarks.turn import Contender, answers
from benchmarks.without import STEPS
from tests.connector import FakeConnector
from tests.issuer import Issuer

WHOLE = "with every step"
NONE = "without any of them"


async def measure(
    rounds: int = 5, seconds: float = 2.0, groups: int = 3, steps: Sequence[str] = tuple(STEPS)
) -> tuple[list[Figure], dict[str, Any]]:
    """A step's factor is the median of the rounds' own ratios, with it to without it."""
    async with _contenders(seconds, groups, steps) as (whole, *others):
        for _ in range(rounds):
            for one in (whole, *others):
                await one.run()
    raw = {one.name: [asdict(each) for each in one.rounds] for one in (whole, *others)}
    return [_figure(whole, one) for one in others], raw


@asynccontextmanager
async def _contenders(seconds: float, groups: int, steps: Sequence[str]) -> AsyncIterator[list[Contender]]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        issuer = await stack.enter_async_context(Issuer())
        teams = await stack.enter_async_context(FakeConnector(accepts=issuer.accepts))
        found = []
        for number, (name, missing) in enumerate(_variants(steps)):
            url = sqlite(folder, f"steps{number}")
            await sample.fill(url, teams.url, groups)
            environment = {**issuer.environment, "DATABASE_URL": url, "LOG_LEVEL": "INFO"}
            command = ("benchmarks.without", *missing) if missing else OURS
            server = await stack.enter_async_context(
                serving(*command, environment=environment, ready="/readyz")
            )
            load = answers(server.port, issuer, teams, groups, seconds=seconds)
            found.append(Contender(name, server, load, url))
        yield found


def _variants(steps: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """What each server is called, and the steps that it lacks."""
    return [(WHOLE, ()), *((step, (step,)) for step in steps), (NONE, tuple(steps))]


def _figure(whole: Contender, without: Contender) -> Figure:
    ratios = [
        mine.per_second / its.per_second for mine, its in zip(whole.rounds, without.rounds, strict=True)
    ]
    return Figure(
        f"answer turn, SQLite: {without.name}",
        whole.times(),
        f"without: {without.times()}",
        f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})",
    )
