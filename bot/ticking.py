"""The clock's work: what is due now, each group and round by itself (A4, C1, C6)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.logging import where_raised
from bot.metrics import TICK_FAILURES
from bot.work import Desk
from lagesbild.usecases.following import follow_group
from lagesbild.usecases.rounds import advance_round, due_rounds, plan_one

log = structlog.get_logger(__name__)

PLAN_EVERY = timedelta(hours=1)


class Ticking:
    """Advances the rounds that are due, and once an hour plans ahead for the groups and follows up.

    Each of these is a transaction of its own. One that fails is logged and counted, keeps no other municipality from
    what is due there, and is tried again: a round at the next tick, a group within the hour.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._planned_at: datetime | None = None

    async def __call__(self, now: datetime) -> None:
        """One tick; repeated at the same instant it changes nothing. Raises only where the database is away."""
        if self._planned_at is None or now - self._planned_at >= PLAN_EVERY:
            await self._look_after_groups(now)
            self._planned_at = now
        async with self._desk.open() as work:
            due = [round_.id for round_ in await due_rounds(work, now)]
        for round_id in due:
            await self._by_itself("round", round_id, advance_round, round_id, now)

    async def _look_after_groups(self, now: datetime) -> None:
        async with self._desk.open() as work:
            groups = await work.store.groups.list_active()
        for group in groups:
            await self._by_itself("plan", group.id, plan_one, group.id, now)
            await self._by_itself("follow", group.id, follow_group, group, now)

    async def _by_itself(
        self, what: str, whose: str, act: Callable[..., Awaitable[object]], *given: object
    ) -> None:
        try:
            async with self._desk.open() as work:
                await act(work, *given)
        except Exception as error:  # noqa: BLE001  the others must not wait for what is wrong here
            TICK_FAILURES.labels(what).inc()
            log.error("due_work_failed", what=what, whose=whose, **where_raised(error))  # noqa: TRY400
