"""Resident memory over 100,000 turns: reports answered, and commands between them. It is to stay where it was after 1,000.

`python -m benchmarks.memory [TURNS]`. One process on SQLite; what is compared is the median of three samples.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import sample
from benchmarks.figures import Figure, table
from benchmarks.load import Load
from benchmarks.servers import OURS, Server, serving, sqlite
from benchmarks.turn import RECEIPT, generate
from tests.connector import FakeConnector
from tests.edge.payloads import personal
from tests.issuer import Issuer

TURNS = 100_000
SETTLED = 1_000
"""Turns after which everything that is made once has been made."""
TARGET = 1.10
SECONDS = 8.0
"""Of answers; a quarter as long for the commands."""
GROUPS = 10
COMMANDS = ("rapportera", "mina uppgifter", "notera klotter vid skolan", "hjälp", "brå")


@dataclass
class Run:
    """A server with the load that it gets, and its memory as it was seen: turns so far, and megabytes."""

    server: Server
    teams: FakeConnector
    answers: Load
    turns: int = 0
    samples: list[tuple[int, float]] = field(default_factory=list)
    _next: int = 0

    async def until(self, turns: int, seconds: float) -> None:
        """Answers, a command, answers, another, until there were so many turns; a sample after each pair."""
        number = 0
        while self.turns < turns:
            await self._some(self.answers, seconds)
            command = _command(self.teams.url, COMMANDS[number % len(COMMANDS)])
            await self._some(replace(self.answers, body=command, expected=""), seconds / 4)
            self.samples.append((self.turns, self.server.megabytes))
            number += 1
            self._forget()

    async def _some(self, load: Load, seconds: float) -> None:
        measured = await generate(replace(load, seconds=seconds, first=self._next))
        if measured.bad:
            raise RuntimeError(f"{measured.bad} bad answers, the first: {measured.first_bad}")
        self._next = measured.next
        self.turns += measured.good

    def _forget(self) -> None:
        """What the connector keeps is this process's memory, and would slow it down."""
        self.teams.calls.clear()
        self.teams.sent.clear()
        self.teams.messages.clear()

    def around(self, turns: int) -> float:
        """The median of the three samples from so many turns on; the last three if there are no more."""
        later = [megabytes for done, megabytes in self.samples if done >= turns]
        return median(later[:3] if len(later) >= 3 else [megabytes for _, megabytes in self.samples[-3:]])


def _command(service_url: str, text: str) -> str:
    """What a member writes in the personal chat."""
    activity = personal(service_url, text, id="activity-@N@")
    activity["from"] = {"id": "29:m@M@", "name": "Medlem @M@", "aadObjectId": "aad-m@M@"}
    activity["conversation"] |= {"id": "a:m@M@", "tenantId": sample.TENANT}
    return json.dumps(activity, ensure_ascii=False)


@asynccontextmanager
async def started(folder: Path, groups: int) -> AsyncIterator[Run]:
    """The server with its groups, and what it is sent."""
    url = sqlite(folder, "memory")
    async with Issuer() as issuer, FakeConnector(accepts=issuer.accepts) as teams:
        await sample.fill(url, teams.url, groups)
        environment = {**issuer.environment, "DATABASE_URL": url, "LOG_LEVEL": "INFO"}
        async with serving(*OURS, environment=environment, ready="/readyz") as server:
            answers = Load(
                server.port, sample.answer(teams.url), issuer.authorization(teams.url)["Authorization"],
                RECEIPT, warm_up=0.0, members=groups * sample.A_ROUND, members_a_round=sample.A_ROUND,
            )  # fmt: skip
            yield Run(server, teams, answers)


async def measure(
    turns: int = TURNS, *, settled: int = SETTLED, seconds: float = SECONDS, groups: int = GROUPS
) -> tuple[list[Figure], dict[str, Any]]:
    """Sampled often at first, to have what it was after a thousand turns, then every few seconds."""
    with tempfile.TemporaryDirectory() as folder:
        async with started(Path(folder), groups) as run:
            await run.until(3 * settled, seconds / 8)
            await run.until(turns, seconds)
    before, after = run.around(settled), median(megabytes for _, megabytes in run.samples[-3:])
    figure = Figure(
        f"memory after {run.turns:,} turns",
        f"{after:.0f} MB",
        f"after {settled:,}: {before:.0f} MB",
        f"{after / before:.2f}",
        f"≤ {TARGET:.2f}",
        after / before <= TARGET,
    )
    return [figure], {"samples": run.samples}


def main() -> None:
    """Measure so many turns, and print."""
    given = [int(one) for one in sys.argv[1:]]
    figures, raw = asyncio.run(measure(*given[:1]))
    print(table(figures))
    for turns, megabytes in raw["samples"]:
        print(f"{turns:8,} turns: {megabytes:.1f} MB")


if __name__ == "__main__":
    main()
