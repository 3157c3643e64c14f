"""A process killed in the middle of a crowd: after the restart everybody has been reached, hardly anybody twice (F4)."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from pathlib import Path

from lagesbild.deliveries import DeliveryState
from tests.connector import FakeConnector
from tests.delivery.rig import Rig, prompt, somebody, until

ROOT = Path(__file__).parents[2]
PEOPLE = [f"p{i}" for i in range(60)]


async def _serve(url: str, teams: FakeConnector) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.delivery.rig", url, teams.url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.communicate()


async def _sent(rig: Rig) -> int:
    async with rig.storage.begin() as transaction:
        rows = [await transaction.deliveries.get(prompt(one).key) for one in PEOPLE]
    return sum(row is not None and row.state is DeliveryState.SENT for row in rows)


async def test_a_kill_in_the_middle_loses_nobody(database_url: str, teams: FakeConnector) -> None:
    teams.delay = 0.02
    rig = Rig(database_url, teams.url)
    await rig.prepare()
    await rig.join(*(somebody(one, f"chat-{one}") for one in PEOPLE))
    first = await _serve(database_url, teams)
    try:
        await rig.put(*map(prompt, PEOPLE))
        await teams.wait_for(lambda fake: len(fake.sent) >= 25)
    finally:
        await _end(first)
    await asyncio.sleep(0.2)  # what had left before the kill arrives
    under_way = len(teams.sent) - await _sent(rig)
    assert len(teams.sent) < len(PEOPLE)

    second = await _serve(database_url, teams)
    try:
        await until(lambda: _sent(rig), len(PEOPLE))
    finally:
        await _end(second)
        await rig.close()
    times = Counter(one.conversation_id for one in teams.sent)
    assert set(times) == {f"chat-{one}" for one in PEOPLE}
    assert sum(times.values()) - len(PEOPLE) <= under_way
