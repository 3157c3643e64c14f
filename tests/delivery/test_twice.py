"""A job that two processes run: one was taken for dead, and is not (F4)."""

from __future__ import annotations

import asyncio

from bot.delivery.couriers import Couriers
from bot.delivery.limits import Gate
from bot.delivery.outbox import Job
from bot.delivery.retry import Patience
from bot.delivery.worker import Worker
from bot.teams.connector import Ref
from bot.teams.faults import ConnectorError
from lagesbild.deliveries import DeliveryState
from tests.delivery.rig import RealClock, Rig, prompt, somebody


class _Teams:
    """Takes the first message slowly, and refuses the second one when it is told to."""

    def __init__(self) -> None:
        self.calls = 0
        self.refuse = asyncio.Event()

    async def send(self, to: Ref, activity: object) -> str:
        self.calls += 1
        if self.calls == 2:
            await self.refuse.wait()
            raise ConnectorError(503, "ServiceUnavailable")
        return "message-1"


async def test_a_job_that_two_processes_run_stays_sent_when_the_second_is_refused(database_url: str) -> None:
    rig, teams = Rig(database_url, "http://127.0.0.1:9/"), _Teams()
    await rig.prepare()
    await rig.join(somebody("anna", "chat-anna"))
    delivery = prompt("anna")
    await rig.put(delivery)
    worker = Worker(
        rig.storage.begin,
        teams,
        Couriers(rig.desk.on, rig.couriers),
        rig.jobs,
        Gate(),
        RealClock(),
        Patience(),
    )  # type: ignore[arg-type]  # it only sends
    job = Job(delivery.key, 0, delivery.queued_at)
    try:
        second = asyncio.create_task(worker.run(job))
        first = asyncio.create_task(worker.run(job))
        await asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED)
        teams.refuse.set()
        await asyncio.gather(first, second)
        row = await rig.row(delivery.key)
        assert (row.state, row.activity_id, row.attempts) == (DeliveryState.SENT, "message-1", 1)
    finally:
        await rig.close()
