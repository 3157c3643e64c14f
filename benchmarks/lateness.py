"""What holds the event loop: while answers come in, a coordinator compiles pictures of 100 answers, 500 prompts go out, and the
token endpoint takes five seconds.

The bot and, as the baseline, a loop that does nothing, each a process of its own at the same time. A stretch on the
loop is one callback, by the clock and of the processor's time: the clock counts what other processes took, too.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks import sample
from benchmarks.figures import Figure, table
from benchmarks.load import Load
from benchmarks.servers import serving, sqlite
from benchmarks.turn import RECEIPT, generate
from benchmarks.watched import LONG
from lagesbild.ids import GroupId
from storage import Storage, create_engine
from tests import years
from tests.clocks import Shifted
from tests.connector import FakeConnector
from tests.edge.payloads import personal
from tests.issuer import Issuer
from tests.samples import NOW, a_coordinator, a_group, a_member, a_schedule
from tests.years import Years

PROMPTS = 500
TOKEN_TAKES = 5.0
SECONDS = 25.0
CONNECTIONS = 4
_BIG = GroupId("big")


async def _add_big_group(url: str, service_url: str, members: int) -> None:
    """A group whose rounds the first tick plans, so that its coordinator can open one."""
    engine = create_engine(url)
    home = replace(a_group().home, tenant_id=sample.TENANT, service_url=service_url, team_id="19:big")
    schedule = a_schedule(first=(NOW + timedelta(days=2)).date())
    try:
        async with Storage(engine).begin() as store:
            await store.groups.save(a_group(id=_BIG, home=home, schedule=schedule))
            await store.members.save(a_coordinator(id="karin", group_id=_BIG))
            for number in range(members):
                await store.members.save(a_member(f"Person {number}", id=f"big{number}", group_id=_BIG))
    finally:
        await engine.dispose()


@dataclass(frozen=True)
class _Coordinators:
    """Those who write commands meanwhile."""

    port: int
    service_url: str
    authorization: str

    async def work(self, seconds: float) -> None:
        """A round opened for the big group, and the other's picture and status asked for, again and again."""
        await asyncio.sleep(1)
        until = time.monotonic() + seconds - 1
        await self._write("karin", "öppna")
        while time.monotonic() < until:
            for command in ("sammanställ", "status", "möte", "hjälp"):
                await self._write("g0.m0", command)
                await asyncio.sleep(0.25)

    async def _write(self, who: str, command: str) -> None:
        body = personal(self.service_url, command)
        body["from"] = {"id": f"29:{who}", "name": "Karin Ek"}
        body["conversation"] |= {"id": f"a:{who}", "tenantId": sample.TENANT}
        async with (
            aiohttp.ClientSession(headers={"Authorization": self.authorization}) as http,
            http.post(f"http://127.0.0.1:{self.port}/api/messages", json=body) as answer,
        ):
            answer.raise_for_status()


async def watch(
    folder: Path, seconds: float, prompts: int, token_takes: float
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What was seen of the bot's loop and of the idle one, and what was done meanwhile."""
    url, seen, idle = sqlite(folder, "late"), folder / "seen.json", folder / "idle.json"
    async with Issuer() as issuer, FakeConnector(accepts=issuer.accepts, limited=True) as teams:
        issuer.token_delay = token_takes
        await years.fill(url, teams.url, Years(groups=1, rounds=6, members=100), Shifted().now())
        await sample.fill(url, teams.url, 2)
        await _add_big_group(url, teams.url, prompts)
        environment = {**issuer.environment, "DATABASE_URL": url, "LOG_LEVEL": "INFO"}
        authorization = issuer.authorization(teams.url)["Authorization"]
        async with (
            serving(
                "benchmarks.watched", "serve", str(seen), environment=environment, ready="/readyz"
            ) as ours,
            serving("benchmarks.watched", "idle", str(idle), environment={}),
        ):
            load = Load(
                ours.port, sample.answer(teams.url), authorization, RECEIPT, seconds, 0.5, CONNECTIONS,
                members=2 * sample.A_ROUND, members_a_round=sample.A_ROUND,
            )  # fmt: skip
            coordinators = _Coordinators(ours.port, teams.url, authorization)
            measured, _ = await asyncio.gather(generate(load), coordinators.work(seconds))
        done = {
            "answers": measured.good,
            "bad": measured.bad,
            "sent": len(teams.sent),
            "per_second": measured.per_second,
            "p50": measured.p50,
            "p99": measured.p99,
        }
    return _read(seen), _read(idle), done


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


async def measure(
    seconds: float = SECONDS, prompts: int = PROMPTS, token_takes: float = TOKEN_TAKES
) -> tuple[list[Figure], dict[str, Any]]:
    """Once, on SQLite, which does its work on the loop."""
    with tempfile.TemporaryDirectory() as folder:
        ours, idle, done = await watch(Path(folder), seconds, prompts, token_takes)
    clock, processor = (max((one[n] for one in ours["longest"]), default=0.0) * 1000 for n in (0, 1))
    over = [sum(one[n] > LONG for one in ours["longest"]) for n in (0, 1)]
    what = f"{done['answers']} answers and {done['sent']} messages"
    figures = [
        Figure(f"loop lateness, {what}", _late(ours["late"]), f"idle loop: {_late(idle['late'])}"),
        Figure(
            "longest stretch on the loop, of the processor's time",
            f"{processor:.0f} ms ({over[1]} over {LONG * 1000:.0f} ms)",
            f"by the clock: {clock:.0f} ms ({over[0]} over)",
            target=f"≤ {LONG * 1000:.0f} ms",
            ok=processor <= LONG * 1000,
        ),
        Figure(
            f"answers over {CONNECTIONS} connections meanwhile",
            f"{done['per_second']:.0f}/s, p50 {done['p50']:.0f} ms, p99 {done['p99']:.0f} ms",
        ),
    ]
    longest = sorted(ours["longest"], key=lambda one: one[1])[-20:]
    return figures, {**done, "longest": longest}


def _late(seconds: list[float]) -> str:
    ordered = sorted(1000 * one for one in seconds) or [0.0]
    p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {ordered[-1]:.0f} ms"


def main() -> None:
    """Measure for so many seconds, and print."""
    given = [float(one) for one in sys.argv[1:]]
    figures, raw = asyncio.run(measure(*given[:1]))
    print(table(figures))
    for clock, processor, place in raw["longest"]:
        print(f"{clock * 1000:.0f} ms, {processor * 1000:.0f} of the processor: {place}")


if __name__ == "__main__":
    main()
