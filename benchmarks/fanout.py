"""Fan-out: 200 prompts to a connector that enforces Teams' limits, from the commit to the last arrival.

`python -m benchmarks.fanout [DATABASE_URL]`. The limit's own time is 200 / 50 = 4 s; the loop's worst delay is measured meanwhile.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass, replace

from bot.delivery.engine import Pace
from tests.connector import TENANT_LIMIT, FakeConnector
from tests.delivery.rig import QUICK, Rig, prompt, running, somebody

PEOPLE = 200


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


async def measure(database_url: str, *, recipients: int = PEOPLE) -> FanOut:
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
            await rig.engine.drain(retries=True)
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


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite+aiosqlite:///{folder}/fanout.db"
        for name, value in vars(asyncio.run(measure(url))).items():
            print(f"{name:22} {value:.3f}" if isinstance(value, float) else f"{name:22} {value}")


if __name__ == "__main__":
    main()
