"""`make fuzz`: malformed activities by the hundred thousand, over HTTP with signed tokens, to a server of its own process.

Fails (exit code 1) for an answer of 5xx, a handler's exception, an error in the log, or memory that grows by over 10 %.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import aiohttp
import psutil

from tests.connector import FakeConnector
from tests.e2e.team import set_up
from tests.edge.malformed import Breaker
from tests.issuer import Issuer
from tests.process import FarTeam, Served, a_far_team, served

PEOPLE = ("karin", *(f"p{number}" for number in range(30)))
AT_ONCE = 16
WARM = 0.2
"""The part after which memory is measured first: caches and pools are filled then."""
MOST_GROWTH = 1.10


@dataclass
class Outcome:
    """What came of it."""

    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def growth(self) -> float:
        return self.memory[-1] / self.memory[0] if self.memory else 1.0


async def fuzz(count: int, seed: int, folder: Path) -> Outcome:
    """So many requests to a fresh server with a group and an open round."""
    async with Issuer() as issuer, FakeConnector(accepts=issuer.accepts) as connector:
        database = folder / "fuzz.db"
        environment = {
            **issuer.environment, "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
            "LOG_FORMAT": "json", "LOG_LEVEL": "INFO",
        }  # fmt: skip
        async with (
            served(folder, environment) as server,
            a_far_team(server, environment["DATABASE_URL"], issuer, connector, *PEOPLE) as team,
        ):
            await set_up(team)
            await team.writes_in_channel("karin", "öppna")
            await team.delivered()
            outcome = Outcome()
            await _send(team, server, count, seed, outcome)
            outcome.faults += _faults(server.log)
            return outcome


async def _send(team: FarTeam, server: Served, count: int, seed: int, outcome: Outcome) -> None:
    known = sorted(_ids([sent.body for sent in team.connector.sent]))
    process = psutil.Process(server.process.pid)
    token = team.issuer.authorization(team.connector.url)
    left = iter(range(count))

    async def one_after_the_other(worker: int, http: aiohttp.ClientSession) -> None:
        breaker = Breaker(Random(f"{seed}-{worker}"), team.connector.url, PEOPLE, known)
        for number in left:
            body = breaker.body()
            headers = {**token, "Content-Type": "application/json"}
            async with http.post(f"{server.url}/api/messages", data=body, headers=headers) as answer:
                _note(outcome, answer.status, await answer.read(), body)
            if number % 1000 == 0:
                _forget(team.connector)
            if number and number % (count // 10 or 1) == 0:
                if number >= count * WARM:
                    outcome.memory.append(process.memory_info().rss)
                sys.stdout.write(f"{number:>9} of {count}, {process.memory_info().rss >> 20} MB\n")
                sys.stdout.flush()

    begun = time.monotonic()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http:
        await asyncio.gather(*(one_after_the_other(worker, http) for worker in range(AT_ONCE)))
    outcome.seconds = time.monotonic() - begun
    outcome.memory.append(process.memory_info().rss)


def _note(outcome: Outcome, status: int, answer: bytes, body: bytes) -> None:
    kind = str(status)
    if status == 200 and answer.startswith(b"{"):
        kind += f"/{json.loads(answer).get('statusCode')}"
    outcome.answers[kind] += 1
    if status >= 500 or kind.endswith("/500"):
        outcome.faults.append(f"{kind}: {body[:2000]!r}")


def _faults(log: Path) -> list[str]:
    """Lines of the log that should not be there; whatever is not JSON is a traceback."""
    wrong = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            level = json.loads(line).get("level", "")
        except ValueError:
            level = "error"
        if level in ("error", "critical"):
            wrong.append(line)
    return wrong


def _ids(value: object) -> set[str]:
    """Every text in the buttons that were sent: ids of the group, the round, the members."""
    if isinstance(value, dict):
        return {text for item in value.values() for text in _ids(item)}
    if isinstance(value, list):
        return {text for item in value for text in _ids(item)}
    return {value} if isinstance(value, str) and len(value) == 32 and value.isalnum() else set()


def _forget(connector: FakeConnector) -> None:
    for kept in (connector.calls, connector.sent, connector.updated, connector.messages):
        kept.clear()  # type: ignore[attr-defined]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parsed = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        outcome = asyncio.run(fuzz(parsed.count, parsed.seed, Path(folder)))
    print(f"seed {parsed.seed}: {sum(outcome.answers.values())} requests in {outcome.seconds:.0f} s")
    print(", ".join(f"{kind}: {count}" for kind, count in sorted(outcome.answers.items())))
    print(f"memory {outcome.memory[0] >> 20} -> {outcome.memory[-1] >> 20} MB ({outcome.growth:.2f})")
    for fault in dict.fromkeys(outcome.faults):
        print(fault[:3000])
    return 1 if outcome.faults or outcome.growth > MOST_GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
