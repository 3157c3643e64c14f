"""The database goes away for a while: what waits is sent when it is back (F4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import OperationalError

from bot.delivery.outbox import Job
from lagesbild.deliveries import DeliveryState
from lagesbild.usecases.telling import tell_round
from tests.chain import OMAR, ROUND, begun
from tests.delivery.post import a_post


async def test_a_ledger_that_cannot_be_read_is_read_later(sqlite_url: str) -> None:
    async with a_post(sqlite_url) as post:
        await begun(post.world, group=post.group)
        await post.world.do(tell_round, post.group, ROUND)
        begin, failures = post.worker.transactions, [OperationalError("BEGIN", None, Exception())] * 3

        @asynccontextmanager
        async def away(**how: Any) -> AsyncIterator[Any]:
            if failures:
                raise failures.pop()
            async with begin(**how) as transaction:
                yield transaction

        row = await post.row("round_feedback:round7:omar")
        worker = replace(post.worker, transactions=away, rewrites=(0.01,))
        await worker.run(Job(row.key, row.attempts, post.world.time))
        assert failures == []
        assert (await post.row(row.key)).state is DeliveryState.SENT
        assert len(post.got(OMAR.id)) == 1
