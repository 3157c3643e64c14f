"""Fan-out: 200 and 2,000 prompts to a connector that enforces Teams' limits, from the commit to the last arrival.

`python -m benchmarks.fanout [DATABASE_URL]`. The limit's own time is 200 / 50 = 4 s, and 40 s; the loop's worst delay is
measured meanwhile.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from benchmarks.servers import sqlite
from bot.delivery.engine import Pace
from tests.connector import TENANT_LIMIT, FakeConnector
from tests.delivery.rig import QUICK, Rig, prompt, running, somebody

PEOPLE = {200: 1.10, 2000: 1.05}
"""How many, and the most times the limit's own time that it may take."""


@dataclass(frozen=True)
class FanOut:
    """What was measured; times in seconds."""

    started_in: float
    arrived_in: float
    the_limits_own_time: float
    refused: int
    duplicates: int
    loop_late_median: float
    loop_late_p99: float
    loop_late_worst: float


async def measure(database_url: str, *, recipients: int = 200) -> FanOut:
    """Run once against an empty database."""
    people = [f"p{i}" for i in range(recipients)]
    async with FakeConnector(limited=True) as teams:
        rig = Rig(database_url, teams.url, pace=replace(Pace(), tick=QUICK.tick))
        begun = time.monotonic()
        async with running(rig):
            started = time.monotonic() - begun
            await rig.join(*(somebody(one, f"chat-{one}") for one in people))
            await rig.put(*map(prompt, people))
            late: list[float] = []
            watch = asyncio.create_task(_watch(late))
            begun = time.monotonic()
            await rig.engine.drain(retries=True, within=30 + 4 * recipients / TENANT_LIMIT)
            watch.cancel()
        late.sort()
        return FanOut(
            started,
            teams.sent[-1].at - begun,
            recipients / TENANT_LIMIT,
            teams.refused,
            len(teams.sent) - recipients,
            late[len(late) // 2],
            late[int(len(late) * 0.99)],
            late[-1],
        )


async def _watch(late: list[float]) -> None:
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.005)
        late.append(time.perf_counter() - begun - 0.005)


async def figures(people: Mapping[int, float] | None = None) -> tuple[list[Figure], dict[str, Any]]:
    """Each number of recipients on a database of its own."""
    found: list[Figure] = []
    raw: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for recipients, most in (people or PEOPLE).items():
            one = await measure(sqlite(Path(folder), f"fanout{recipients}"), recipients=recipients)
            raw[str(recipients)] = vars(one)
            found.append(_figure(one, recipients, most))
    return found, raw


def _figure(found: FanOut, recipients: int, most: float) -> Figure:
    limit = found.the_limits_own_time
    ratio = found.arrived_in / limit
    return Figure(
        f"fan-out of {recipients} prompts",
        f"{found.arrived_in:.2f} s, {found.refused} refused (429), {found.duplicates} twice",
        f"the limit's own {limit:.1f} s (a burst at once: {limit - 1:.1f} s)",
        f"{ratio:.2f}",
        f"≤ {most:.2f}, no 429",
        found.refused == 0 and found.duplicates == 0 and ratio <= most,
    )


def main() -> None:
    """Measure the smaller one and print."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else sqlite(Path(folder), "fanout")
        for name, value in vars(asyncio.run(measure(url))).items():
            print(f"{name:22} {value:.3f}" if isinstance(value, float) else f"{name:22} {value}")


if __name__ == "__main__":
    main()
