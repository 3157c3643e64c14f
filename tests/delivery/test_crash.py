"""A process killed in the middle of a crowd: after the restart everybody has been reached, hardly anybody twice (F4)."""

from __future__ import annotations

import asyncio
from collections import Counter

from lagesbild.deliveries import DeliveryState
from tests.connector import FakeConnector
from tests.delivery.rig import Rig, prompt, served, somebody, until

PEOPLE = [f"p{i}" for i in range(60)]


async def _sent(rig: Rig) -> int:
    async with rig.storage.begin() as transaction:
        rows = [await transaction.deliveries.get(prompt(one).key) for one in PEOPLE]
    return sum(row is not None and row.state is DeliveryState.SENT for row in rows)


async def test_a_kill_in_the_middle_loses_nobody(database_url: str, teams: FakeConnector) -> None:
    teams.delay = 0.02
    rig = Rig(database_url, teams.url)
    await rig.prepare()
    await rig.join(*(somebody(one, f"chat-{one}") for one in PEOPLE))
    async with served(database_url, teams.url):
        await rig.put(*map(prompt, PEOPLE))
        await teams.wait_for(lambda fake: len(fake.sent) >= 25)
    await asyncio.sleep(0.2)  # what had left before the kill arrives
    under_way = len(teams.sent) - await _sent(rig)
    assert len(teams.sent) < len(PEOPLE)

    async with served(database_url, teams.url):
        await until(lambda: _sent(rig), len(PEOPLE))
    await rig.close()
    times = Counter(one.conversation_id for one in teams.sent)
    assert set(times) == {f"chat-{one}" for one in PEOPLE}
    assert sum(times.values()) - len(PEOPLE) <= under_way
