"""Units of work for handlers, couriers and the clock: storage, outbox, clock and templates put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.delivery.couriers import Transaction, Transactions
from bot.delivery.outbox import DurableOutbox, Jobs
from lagesbild.ports import Clock, Work
from lagesbild.promise_data import PromiseFile, shipped_promises
from lagesbild.templates import Templates


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """Hands out `Work`: on a transaction that is open, or in one of its own."""

    transactions: Transactions
    jobs: Jobs
    clock: Clock
    templates: Templates
    examples: Mapping[str, PromiseFile] = field(default_factory=shipped_promises)

    def on(self, transaction: Transaction) -> Work:
        """The `Work` of an open transaction."""
        outbox = DurableOutbox(transaction, self.jobs, self.clock)
        return Work(transaction, self.clock, outbox, self.templates, self.examples)

    @asynccontextmanager
    async def open(self, *, shared: bool = False) -> AsyncIterator[Work]:
        """A `Work` in a transaction of its own: committed on a clean exit, rolled back on an exception.

        One that may be `shared` with other turns can raise `storage.Undone` at its end.
        """
        async with self.transactions(shared=shared) as transaction:
            yield self.on(transaction)
