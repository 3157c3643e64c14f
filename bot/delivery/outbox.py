"""The outbox: a delivery's ledger row and its job, written in the caller's own transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions

from bot.delivery.couriers import Transaction
from bot.delivery.limits import Rate
from lagesbild.deliveries import Delivery, DeliveryState
from lagesbild.ids import DeliveryKey
from lagesbild.ports import Clock

APP = "lagesbild"
SCHEMA = "dbos"
QUEUE = "deliveries"
JOB = "deliver"
TICK = "tick"


def jobs_url(database_url: str) -> str:
    """The same database as the domain's, for DBOS, which works synchronously."""
    return database_url.replace("sqlite+aiosqlite:", "sqlite:", 1)


@dataclass(frozen=True)
class Job:
    """One attempt at a delivery. `attempt` equals the row's `attempts` when it runs, else the job is outdated.

    Its id is made of both, so queueing one attempt twice, even at the same time on two machines, gives one job.
    `since` is when trying began: patience is counted from there.
    """

    key: DeliveryKey
    attempt: int
    since: datetime

    @property
    def id(self) -> str:
        """The DBOS workflow id."""
        return f"{self.key}#{self.attempt}"


class Jobs:
    """Writes jobs into transactions that others commit. It holds no connection of its own."""

    def __init__(self, client: DBOSClient) -> None:
        self._client = client

    @classmethod
    def on(cls, database_url: str) -> Self:
        """For the database at this address; its job tables must be there (`prepare_jobs`)."""
        return cls(
            DBOSClient(
                system_database_url=jobs_url(database_url),
                dbos_system_schema=SCHEMA,
                serializer=DBOSPortableJSONSerializer(),
                application_name=APP,
                system_database_pool_size=1,
                lazy=True,
            )
        )

    def declare_queue(self, rate: Rate, at_once: int, poll: float) -> None:
        """Make the queue or change its limits (blocking): `rate` over all processes, `at_once` in each of them."""
        self._client.register_queue(
            QUEUE,
            limiter={"limit": rate.most, "period": rate.seconds},
            worker_concurrency=at_once,
            polling_interval_sec=poll,
        )

    def close(self) -> None:
        """Let go of what the client holds."""
        self._client.destroy()

    async def enqueue(self, transaction: Transaction, job: Job, delay: float = 0.0) -> None:
        """Queue the job when the transaction commits, `delay` seconds later; nothing if its id is there already."""
        options = EnqueueOptions(workflow_name=JOB, queue_name=QUEUE, workflow_id=job.id)
        if delay > 0:
            options["delay_seconds"] = delay
        arguments = (job.key, job.attempt, job.since.isoformat())

        def write(connection: Any) -> None:
            self._client.enqueue_in_transaction(connection, options, *arguments)

        await transaction.connection.run_sync(write)


class DurableOutbox:
    """The `Outbox` of one open transaction (F4): what is put there is sent if, and only if, that commits."""

    def __init__(self, transaction: Transaction, jobs: Jobs, clock: Clock) -> None:
        self._transaction = transaction
        self._jobs = jobs
        self._clock = clock

    async def put(self, delivery: Delivery) -> bool:
        """Queue a delivery with its ledger row; False, changing nothing, if the key is known already."""
        if not await self._transaction.deliveries.add(delivery):
            return False
        await self._jobs.enqueue(self._transaction, Job(delivery.key, delivery.attempts, delivery.queued_at))
        return True

    async def again(self, delivery: Delivery) -> None:
        """Queue a known delivery once more; nothing if it is waiting for its turn anyway, is gone from the ledger, or has
        been sent since it was looked at: somebody else asked for the same."""
        row = await self._transaction.deliveries.get(delivery.key)
        if row is None or not row.state.is_final or row.attempts != delivery.attempts:
            return
        now = self._clock.now()
        await self._transaction.deliveries.save(
            replace(row, state=DeliveryState.QUEUED, code="", updated_at=now)
        )
        await self._jobs.enqueue(self._transaction, Job(row.key, row.attempts, now))
