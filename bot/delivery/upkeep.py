"""What the queue needs now and again: jobs of processes that died taken over, lost ones put back, old ones cleared away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from dbos import DBOS, WorkflowStatus

from bot.delivery.outbox import JOB, QUEUE, TICK
from storage import Presence

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Upkeep:
    """Runs beside the queue for as long as that does; times in seconds."""

    executor: str
    """This process among others on the database."""
    presence: Presence | None
    """Which of them live; None where there is no other that sends."""
    running: Container[str]
    """The jobs that are under way in this process, by id."""
    look: float
    lost_after: float
    keep_jobs: timedelta

    async def run(self) -> None:
        """Until it is cancelled. What fails is tried again."""
        duties = [_again_and_again(self.lost_after / 2, self.put_back_lost, self.clear_away)]
        if self.presence is not None:
            duties.append(_again_and_again(self.look, self.take_over))
        await asyncio.gather(*duties)

    async def take_over(self) -> None:
        """Put back what processes had under way that are dead."""
        presence = self.presence
        names = {
            one.executor_id for one in await _under_way() if one.executor_id not in (None, self.executor)
        }
        if presence is None or not names:
            return
        for name in await presence.missing(names):
            async with presence.in_place_of(name) as dead:
                # Asked once more: another process may have been quicker, and have some of them under way.
                if dead and (count := await self._put_back(await _under_way(executor_id=name))):
                    _log.warning("taken_over", jobs=count, executor=name)

    async def put_back_lost(self) -> None:
        """Put back our own that are not under way, though the database says so: it was gone when they were handed out."""
        before = datetime.now(UTC) - timedelta(seconds=self.lost_after)
        await self._put_back(await _under_way(executor_id=self.executor, dequeued_before=before.isoformat()))

    async def clear_away(self) -> None:
        """The ledger is what is kept; jobs and ticks that are over only fill the tables."""
        before = (datetime.now(UTC) - self.keep_jobs).isoformat()
        over: list[dict[str, Any]] = [
            {"status": ["SUCCESS", "ERROR", "CANCELLED"], "completed_before": before},
            {"name": TICK, "end_time": before},
        ]
        for which in over:
            while done := await DBOS.list_workflows_async(
                **which, limit=500, load_input=False, load_output=False
            ):
                await DBOS.delete_workflows_async([one.workflow_id for one in done])

    async def _put_back(self, jobs: list[WorkflowStatus]) -> int:
        lost = [one.workflow_id for one in jobs if one.workflow_id not in self.running]
        if lost:
            await DBOS.resume_workflows_async(lost, queue_name=QUEUE)
        return len(lost)


async def _under_way(**which: Any) -> list[WorkflowStatus]:
    return await DBOS.list_workflows_async(
        name=JOB, status="PENDING", load_input=False, load_output=False, **which
    )


async def _again_and_again(seconds: float, *duties: Callable[[], Awaitable[None]]) -> None:
    while True:
        for duty in duties:
            try:
                await duty()
            except Exception as error:  # noqa: BLE001 - upkeep is tried again
                _log.exception("upkeep_failed", error=type(error).__name__)
        await asyncio.sleep(seconds)
