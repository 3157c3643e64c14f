"""The engine room: DBOS set up, started and stopped. The only module that runs it.

DBOS is one to a process, so an Engine is, too; `stop` takes everything away again, for the next one (in tests).
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from bot.delivery.alone import Sending
from bot.delivery.couriers import Couriers, Sender, Transactions
from bot.delivery.limits import APP_RATE, CONVERSATION_RATES, Gate, Rate
from bot.delivery.outbox import APP, JOB, SCHEMA, TICK, Job, Jobs, jobs_url
from bot.delivery.retry import Patience
from bot.delivery.upkeep import Upkeep
from bot.delivery.worker import REWRITES, Worker
from lagesbild.ids import DeliveryKey
from lagesbild.ports import Clock
from storage import Presence, SharedPlaces

_log = structlog.get_logger(__name__)
_JOBS_VERSION = "1"
"""Of the jobs' arguments. Not of the code: jobs queued before an update are to run after it."""
_WAITING = ["ENQUEUED", "PENDING"]

Tick = Callable[[datetime], Awaitable[None]]
"""Does what is due at the instant, idempotently."""


@dataclass(frozen=True)
class Pace:
    """The engine's times, in seconds where nothing else is said. Tests make them short."""

    app_rate: Rate = APP_RATE
    conversation_rates: tuple[Rate, ...] = CONVERSATION_RATES
    patience: Patience = field(default_factory=Patience)
    poll: float = 0.1
    tick: str = "*/20 * * * * *"
    """Cron with seconds."""
    at_once: int = 50
    """Deliveries under way at the same time in this process: as many as Teams takes in a second. Those beyond would have
    built their cards and stand in line with them."""
    look: float = 0.5
    """How often a process looks whether others died."""
    lost_after: float = 120.0
    """A job that is said to be under way here for so long, and is not, was lost on its way."""
    keep_jobs: timedelta = timedelta(days=7)
    stand_by: float = 1.0
    """How often a process asks whether the one that sends is gone."""
    stop_within: int = 10
    rewrites: tuple[float, ...] = REWRITES


class Engine:
    """Sends what is on the outbox and calls the tick; survives restarts (F4).

    `executor` names this process among several on one database: with a name that stays, what it had begun is taken up
    again right after a restart; by default only SQLite has one, because only there no other process sends. A second
    process on the same file answers what it is asked, and sends once the first is gone.
    """

    def __init__(
        self,
        database_url: str,
        *,
        transactions: Transactions,
        undisturbed: Callable[[], AbstractAsyncContextManager[None]],
        sender: Sender,
        couriers: Couriers,
        tick: Tick,
        jobs: Jobs,
        clock: Clock,
        pace: Pace | None = None,
        executor: str | None = None,
    ) -> None:
        self._url = database_url
        self._pace = pace or Pace()
        self._clock = clock
        self._tick = tick
        self._jobs = jobs
        self._undisturbed = undisturbed
        self._alone = database_url.startswith("sqlite")
        self._executor = executor or ("only" if self._alone else uuid.uuid4().hex)
        self._sending = Sending(database_url)
        self._launched = False
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ticking = asyncio.Lock()
        self._upkeep: asyncio.Task[None] | None = None
        self._started = False
        self._together = None if self._alone else SharedPlaces(database_url)
        self._presence = None if self._alone else Presence(database_url, self._executor)
        gate, patience = self._gate(), self._pace.patience
        self._worker = Worker(
            transactions, sender, couriers, jobs, gate, clock, patience, self._pace.rewrites
        )

    def _gate(self) -> Gate:
        rates = self._pace.app_rate, self._pace.conversation_rates
        if self._together is None or self._presence is None:
            return Gate(*rates)
        return Gate(*rates, share=self._together.place, surely=self._presence.surely)

    async def start(self) -> None:
        """Make the job tables if need be, take up what was left, and begin. The first tick comes at once."""
        _quieten()
        await asyncio.to_thread(self._prepare)
        if self._sending.taken():
            await self._launch()
        else:
            _log.warning("stands_by", why="another process sends what is on this database file")
        self._upkeep = asyncio.create_task(self._keep_up(), name="delivery-upkeep")
        self._started = True

    async def _launch(self) -> None:
        DBOS(config=self._config())
        tick = self._workflows()
        try:
            if self._presence is not None:
                await self._presence.begin()
            async with (
                self._undisturbed()
            ):  # it waits for SQLite's lock on the loop, and works on the loop it is on
                DBOS.launch()
            await DBOS.apply_schedules_async(
                [{"schedule_name": TICK, "workflow_fn": tick, "schedule": self._pace.tick, "context": None}]
            )
        except BaseException:
            await self._dismantle(0)
            await self._leave_the_others()
            raise
        self._launched = True

    async def stop(self) -> None:
        """Take no more work, let what is under way end (within `stop_within`), and leave the rest for the next start."""
        if not self._started:
            return
        self._started = False
        if self._upkeep is not None:
            self._upkeep.cancel()
            await asyncio.gather(self._upkeep, return_exceptions=True)
        if self._launched:
            self._launched = False
            await self._dismantle(self._pace.stop_within if self._running else 0)
        await self._leave_the_others()

    async def _leave_the_others(self) -> None:
        """Only at the end: what is left is theirs from then on."""
        if self._together is not None and self._presence is not None:
            await self._together.close()
            await self._presence.close()

    async def _dismantle(self, patience: int) -> None:
        """Take DBOS away, after at most so many seconds for what is under way."""
        destroy = partial(DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=patience)
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as aside:
            await loop.run_in_executor(aside, destroy)
        # Only now: DBOS would have taken a cancelled job for one that is over.
        left = list(self._running.values())
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        # DBOS had put its own threads behind asyncio.to_thread, and they are gone now.
        loop.set_default_executor(ThreadPoolExecutor())
        self._sending.release()

    def ready(self) -> bool:
        """Whether the queue is being worked on, for `/readyz`."""
        return self._started and self._upkeep is not None and not self._upkeep.done()

    async def tick_now(self) -> None:
        """Do what is due now, without waiting for the clock. Its errors are the caller's."""
        async with self._ticking:
            await self._tick(self._clock.now())

    async def drain(self, *, retries: bool = False, within: float = 30.0) -> None:
        """Wait until nothing is queued or under way (with `retries`: nor waits for another attempt). For tests."""
        states = [*_WAITING, "DELAYED"] if retries else _WAITING
        async with asyncio.timeout(within):
            while await DBOS.list_workflows_async(name=JOB, status=states, limit=1, load_input=False):  # noqa: ASYNC110 - the database is asked
                await asyncio.sleep(0.05)

    def _prepare(self) -> None:
        """The tables and the queue, before the launch: a queue that comes later is noticed a second later."""
        prepare_jobs(self._url)
        self._jobs.declare_queue(self._pace.app_rate, self._pace.at_once, self._pace.poll)

    def _config(self) -> DBOSConfig:
        return {
            "name": APP,
            "system_database_url": jobs_url(self._url),
            "dbos_system_schema": SCHEMA,
            "application_version": _JOBS_VERSION,
            "executor_id": self._executor,
            "serializer": DBOSPortableJSONSerializer(),
            "sys_db_pool_size": 5,
            # SQLite has one writer at a time, and those that wait sleep: the fewer, the sooner each has its turn.
            "max_executor_threads": 2 if self._alone else 8,
            # Nobody waits for notifications; this is how soon its thread notices that it should stop.
            "notification_listener_polling_interval_sec": 0.1,
            "log_level": "WARNING",
            "db_engine_kwargs": {"pool_events": [(_leave_the_disk_to_us, "connect")]} if self._alone else {},
        }

    def _workflows(self) -> Callable[[datetime, Any], Coroutine[Any, Any, None]]:
        """Both workflows made known; the tick's is returned. Neither has steps: each may run again from its beginning."""

        @DBOS.workflow(name=JOB)
        async def deliver(key: str, attempt: int, since: str) -> None:
            job = Job(DeliveryKey(key), attempt, datetime.fromisoformat(since))
            if job.id in self._running:
                return
            self._running[job.id] = task = asyncio.create_task(self._worker.run(job))
            task.add_done_callback(lambda _: self._running.pop(job.id, None))
            await task

        @DBOS.workflow(name=TICK)
        async def tick(_at: datetime, _context: Any) -> None:
            await self._tick_safely()

        return tick

    async def _tick_safely(self) -> None:
        try:
            await self.tick_now()
        except Exception as error:  # noqa: BLE001 - the next tick finds what is still due
            _log.exception("tick_failed", error=type(error).__name__)

    async def _launch_if_alone(self) -> None:
        try:
            if self._sending.taken():
                await self._launch()
                _log.info("sends_now")
        except Exception as error:  # noqa: BLE001 - the database may be somebody else's just now; nobody else sends
            _log.warning("cannot_send_yet", error=type(error).__name__)

    async def _keep_up(self) -> None:
        """The first tick, once this process may send; then what the queue needs now and again."""
        while not self._launched:
            await asyncio.sleep(self._pace.stand_by)
            await self._launch_if_alone()
        await self._tick_safely()
        pace = self._pace
        await Upkeep(
            self._executor, self._presence, self._running, pace.look, pace.lost_after, pace.keep_jobs
        ).run()


def _leave_the_disk_to_us(connection: Any, _record: object) -> None:
    """DBOS' own commits in SQLite don't wait for the disk: three for each message would keep answers waiting.

    What they say can be lost with the machine's power alone, and only up to our own last commit, which waits for all that
    is before it. A job is queued by such a commit, and one that is begun again asks the ledger.
    """
    connection.execute("PRAGMA synchronous=NORMAL")


def prepare_jobs(database_url: str) -> None:
    """Make or update the job tables (blocking), for a program that fills the outbox without running an Engine."""
    DBOS.migrate(jobs_url(database_url), schema=SCHEMA)


def _quieten() -> None:
    """DBOS logs to the console on its own unless it finds a handler: let its records go where ours go."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = True
