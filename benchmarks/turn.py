"""The answer turn beside two empty turns: one process a server, one for the load, alternating rounds.

Ours: `python -m bot serve`; the token verified, a full report answered by Action.Execute, committed durably (each
answer is counted in the database afterwards), the receipt card back. Theirs: a short message, and nothing done.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import sample
from benchmarks.figures import Figure
from benchmarks.load import Load, Measured
from benchmarks.servers import OURS, ROOT, Server, postgres, serving, sqlite
from tests.connector import FakeConnector
from tests.issuer import Issuer

TARGET = 5.0
MOST_MEGABYTES = 200
RECEIPT = "application/vnd.microsoft.card.adaptive"
STOCK = "stock botbuilder, empty turn"
SDK = "Teams SDK, empty turn, no token check"


class AnswersLost(Exception):
    """What was answered with a receipt is not what the database holds."""


@dataclass
class Contender:
    """One of the servers compared, with its rounds."""

    name: str
    server: Server
    load: Load
    database_url: str = ""
    rounds: list[Measured] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """The median of the rounds."""
        return median(one.per_second for one in self.rounds)

    async def run(self) -> None:
        """One more round."""
        last = self.rounds[-1].next if self.rounds else 0
        measured = await generate(replace(self.load, first=last))
        if measured.bad:
            raise AnswersLost(f"{self.name}: {measured.bad} bad answers, the first: {measured.first_bad}")
        self.rounds.append(measured)

    def times(self) -> str:
        """The medians of the rounds' percentiles."""
        middle, slow = (median(getattr(one, name) for one in self.rounds) for name in ("p50", "p99"))
        return f"{self.per_second:.0f}/s, p50 {middle:.0f} ms, p99 {slow:.0f} ms"


async def generate(load: Load) -> Measured:
    """Run the load generator once."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.load",
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await child.communicate(json.dumps(asdict(load)).encode())
    if child.returncode:
        raise RuntimeError("the load generator failed")
    return Measured(**json.loads(out))


@asynccontextmanager
async def contenders(folder: Path, seconds: float, groups: int) -> AsyncIterator[list[Contender]]:
    """Every server started; the Teams SDK's only where it is installed."""
    async with AsyncExitStack() as stack:
        issuer = await stack.enter_async_context(Issuer())
        teams = await stack.enter_async_context(FakeConnector(accepts=issuer.accepts))
        urls = {"SQLite": sqlite(folder, "turn")}
        [urls["PostgreSQL"]] = stack.enter_context(postgres(folder / "pg", ["turn"]))
        found = []
        for name, url in urls.items():
            await sample.fill(url, teams.url, groups)
            environment = {**issuer.environment, "DATABASE_URL": url, "LOG_LEVEL": "INFO"}
            server = await stack.enter_async_context(serving(*OURS, environment=environment, ready="/readyz"))
            load = answers(server.port, issuer, teams, groups, seconds=seconds)
            found.append(Contender(name, server, load, url))
        for name, module in ((STOCK, "benchmarks.stock"), (SDK, "benchmarks.teams_sdk")):
            if name == SDK and not _has_sdk():
                continue
            server = await stack.enter_async_context(serving(module, "PORT", environment=issuer.environment))
            token = issuer.authorization(teams.url)["Authorization"]
            load = Load(server.port, sample.short_message(teams.url), token, seconds=seconds)
            found.append(Contender(name, server, load))
        yield found


def answers(port: int, issuer: Issuer, teams: FakeConnector, groups: int, seconds: float) -> Load:
    """Everybody in the groups of `sample.fill` answers, again and again."""
    return Load(
        port,
        sample.answer(teams.url),
        issuer.authorization(teams.url)["Authorization"],
        expected=RECEIPT,
        seconds=seconds,
        members=groups * sample.A_ROUND,
        members_a_round=sample.A_ROUND,
    )


def _has_sdk() -> bool:
    with suppress(ModuleNotFoundError):
        return importlib.util.find_spec("microsoft_teams.apps") is not None
    return False


async def measure(
    rounds: int = 5, seconds: float = 2.5, groups: int = 10
) -> tuple[list[Figure], dict[str, Any]]:
    """Alternate between the servers; the ratio is the median of the rounds' own ratios."""
    with tempfile.TemporaryDirectory() as folder:
        async with contenders(Path(folder), seconds, groups) as all_:
            for _ in range(rounds):
                for one in all_:
                    await one.run()
            for one in all_:
                await _check(one)
            memory = [(one.name, sum(r.good for r in one.rounds), one.server.megabytes) for one in all_[:2]]
        raw = {one.name: [asdict(r) for r in one.rounds] for one in all_}
    return [*_figures(all_), *(_memory(*one) for one in memory)], raw


async def _check(one: Contender) -> None:
    if one.database_url:
        promised, stored = sum(r.good for r in one.rounds), await sample.revisions(one.database_url)
        if promised != stored:
            raise AnswersLost(f"{one.name}: {promised} receipts, {stored} answers stored")


def _figures(all_: list[Contender]) -> list[Figure]:
    ours, theirs = all_[:2], all_[2:]
    return [_compared(one, other) for other in theirs for one in ours]


def _compared(one: Contender, other: Contender) -> Figure:
    ratios = [mine.per_second / its.per_second for mine, its in zip(one.rounds, other.rounds, strict=True)]
    ratio = median(ratios)
    has_target = other.name == STOCK
    return Figure(
        f"answer turn, {one.name}, against {other.name}",
        one.times(),
        other.times(),
        f"{ratio:.1f} ({min(ratios):.1f}–{max(ratios):.1f})",
        f"≥ {TARGET:.0f}" if has_target else "",
        ratio >= TARGET if has_target else None,
    )


def _memory(name: str, turns: int, megabytes: float) -> Figure:
    ok = megabytes < MOST_MEGABYTES
    return Figure(
        f"memory after {turns} turns, {name}",
        f"{megabytes:.0f} MB",
        target=f"< {MOST_MEGABYTES} MB",
        ok=ok,
    )
