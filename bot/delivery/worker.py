"""One attempt at a delivery: what to send, sending it, and what the ledger says afterwards.

Each touch of the database is a short transaction of its own; none is open during a call to Teams. The outcome and, if
there is to be another attempt, its job commit together. See docs/decisions/0020 for where a crash can repeat a message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TypeGuard

import structlog
from prometheus_client import Counter

from bot.delivery.couriers import Couriers, Outgoing, Sender, Sent, Skip, ToMember, Transaction, Transactions
from bot.delivery.limits import Busy, Gate
from bot.delivery.outbox import Job, Jobs
from bot.delivery.retry import Patience, Verdict
from bot.teams.connector import Ref
from bot.teams.faults import ConnectorError
from lagesbild.deliveries import Delivery, DeliveryState
from lagesbild.ports import Clock

_log = structlog.get_logger(__name__)
_DELIVERIES = Counter(
    "lagesbild_deliveries", "Attempts at deliveries, by kind and outcome.", ("kind", "outcome")
)
REWRITES = (0.05, 0.2, 1.0, 5.0, 15.0)
"""Seconds between attempts to write to the ledger."""
_MOST_PARTS = 50

Write = Callable[[Transaction], Awaitable[object]]


@dataclass(frozen=True)
class Worker:
    """Carries out jobs. Safe to run again for a job at any time: the ledger decides whether it still matters."""

    transactions: Transactions
    sender: Sender
    couriers: Couriers
    jobs: Jobs
    gate: Gate
    clock: Clock
    patience: Patience
    rewrites: Sequence[float] = REWRITES

    async def run(self, job: Job) -> None:
        """Make the job's attempt, and record what came of it."""
        delivery = await self._surely_loaded(job)
        if delivery is None:
            return
        try:
            done = await self._carry_out(delivery)
        except Busy as busy:
            await self._record(job, Verdict(DeliveryState.QUEUED, "busy", busy.seconds))
        except Exception as error:  # noqa: BLE001 - whatever happened, the ledger must say so
            if not isinstance(error, ConnectorError):
                _log.exception("delivery_error", kind=delivery.kind.value, error=type(error).__name__)
            now = self.clock.now()
            await self._record(job, self.patience.judge(error, delivery.attempts + 1, job.since, now))
        else:
            await self._finish(job, done)

    async def _surely_loaded(self, job: Job) -> Delivery | None:
        """The same, however long the database is away: a job that gave up would leave its row waiting for ever."""
        for wait in chain(self.rewrites, repeat(self.rewrites[-1])):
            try:
                return await self._load(job)
            except Exception as error:  # noqa: BLE001 - whatever it is, the ledger is not read yet
                _log.warning("ledger_not_read", error=type(error).__name__, again_in=wait)
                await asyncio.sleep(wait)
        return None

    async def _load(self, job: Job) -> Delivery | None:
        async with self.transactions(write=False) as transaction:
            delivery = await transaction.deliveries.get(job.key)
        return delivery if _waits_for(delivery, job) else None

    async def _carry_out(self, delivery: Delivery) -> _Done:
        """Send every part; the last one, or the reason for none."""
        part: _Done | None = None
        made: set[str] = set()
        for _ in range(_MOST_PARTS):
            async with self.transactions(write=False) as transaction:
                outgoing = await self.couriers(transaction, delivery)
            if isinstance(outgoing, Skip):
                return part or _Done(skipped=outgoing.reason)
            done = await self._send_or_forget(outgoing, made)
            if done is None:
                continue
            part = done
            if not outgoing.more:
                return part
            await self._keep(part)
            made.add(part.activity_id)
            part = replace(part, sent=None)
        raise RuntimeError(f"{delivery.kind.value}: the courier never ends")

    async def _send_or_forget(self, outgoing: Outgoing, made: set[str]) -> _Done | None:
        """Send it; None once a message that was to be updated is gone, and forgotten.

        What is in `made` was sent or forgotten by this delivery: it is not sent anew a second time.
        """
        try:
            return await self._send(outgoing)
        except ConnectorError as error:
            lost = outgoing.update if error.kind == "gone" else None
            if lost is None or lost in made or outgoing.forget is None:
                raise
        await self._surely(outgoing.forget)
        made.add(lost)
        return None

    async def _keep(self, part: _Done) -> None:
        if part.sent is not None:
            await self._surely(part.tell)

    async def _send(self, outgoing: Outgoing) -> _Done:
        target = outgoing.target
        if isinstance(target, Ref):
            return await self._send_to(target, outgoing)
        known = target.member.conversation_id
        if known:
            try:
                return await self._send_to(Ref(target.home.service_url, known), outgoing)
            except ConnectorError as error:
                if error.kind != "gone" or outgoing.update:
                    raise
        return await self._send_to(await self._open(target), outgoing)

    async def _open(self, target: ToMember) -> Ref:
        """Open the member's personal chat and remember it."""
        home, user_id = target.home, target.member.user_id
        if not user_id:
            raise ConnectorError(404, "NoTeamsUser")
        async with self.gate.turn(f"open:{user_id}"):
            conversation = await self.sender.open_personal(
                home.service_url, home.tenant_id, home.bot_id, user_id
            )
        await self._surely(lambda transaction: transaction.members.remember(target.member.id, conversation))
        return Ref(home.service_url, conversation)

    async def _send_to(self, to: Ref, outgoing: Outgoing) -> _Done:
        async with self.gate.turn(to.conversation_id):
            if outgoing.update:
                await self.sender.update(to, outgoing.update, outgoing.activity)
                activity_id = outgoing.update
            elif outgoing.reply_to:
                activity_id = await self.sender.reply(to, outgoing.reply_to, outgoing.activity)
            else:
                activity_id = await self.sender.send(to, outgoing.activity)
        return _Done(to.conversation_id, activity_id, sent=outgoing.sent)

    async def _finish(self, job: Job, done: _Done) -> None:
        """Record success: with what the courier wants to remember if that works, without if it does not."""

        async def write(transaction: Transaction) -> None:
            if await self._note(transaction, job, done):
                await done.tell(transaction)

        try:
            await self._surely(write)
        except Exception as error:  # noqa: BLE001 - it was sent: that must be recorded, or it is sent again
            _log.exception("delivery_half_recorded", error=type(error).__name__)
            await self._surely(lambda transaction: self._note(transaction, job, done), forever=True)

    async def _note(self, transaction: Transaction, job: Job, done: _Done) -> bool:
        """Write what was sent; False where the line says so already: a job that was taken for a dead process' is run by
        another one, too."""
        delivery = await transaction.deliveries.get(job.key)
        if delivery is None or delivery.state is DeliveryState.SENT:
            return False
        state = DeliveryState.SKIPPED if done.skipped else DeliveryState.SENT
        delivery = replace(self._attempted(delivery), state=state, code=done.skipped)
        if not done.skipped:
            delivery = replace(delivery, conversation_id=done.conversation_id, activity_id=done.activity_id)
        await transaction.deliveries.save(delivery)
        _DELIVERIES.labels(delivery.kind.value, state.value).inc()
        return True

    async def _record(self, job: Job, verdict: Verdict) -> None:
        """Record a failure, with the job of the next attempt if there is to be one.

        Nothing if the row is no longer at this attempt: another process took this one for dead, and did its work.
        """

        async def write(transaction: Transaction) -> None:
            delivery = await transaction.deliveries.get(job.key)
            if not _waits_for(delivery, job):
                return
            delivery = replace(self._attempted(delivery), state=verdict.state, code=verdict.code)
            await transaction.deliveries.save(delivery)
            if verdict.wait is not None:
                await self.jobs.enqueue(transaction, Job(job.key, delivery.attempts, job.since), verdict.wait)
            outcome = "again" if verdict.wait is not None else verdict.state.value
            _DELIVERIES.labels(delivery.kind.value, outcome).inc()

        await self._surely(write, forever=True)

    def _attempted(self, delivery: Delivery) -> Delivery:
        return replace(delivery, attempts=delivery.attempts + 1, updated_at=self.clock.now())

    async def _surely(self, write: Write, *, forever: bool = False) -> None:
        """Write in a transaction, again and again if the database is away; in the end its error, unless `forever`."""
        for wait in chain(self.rewrites, repeat(self.rewrites[-1]) if forever else ()):
            try:
                await self._write(write)
            except Exception as error:  # noqa: BLE001 - tried again, and let out below
                _log.warning("ledger_not_written", error=type(error).__name__, again_in=wait)
                await asyncio.sleep(wait)
            else:
                return
        await self._write(write)

    async def _write(self, write: Write) -> None:
        async with self.transactions(shared=True) as transaction:
            await write(transaction)


@dataclass(frozen=True)
class _Done:
    """What was sent, or why not."""

    conversation_id: str = ""
    activity_id: str = ""
    skipped: str = ""
    sent: Sent | None = None

    async def tell(self, transaction: Transaction) -> None:
        if self.sent is not None:
            await self.sent(transaction, self.conversation_id, self.activity_id)


def _waits_for(delivery: Delivery | None, job: Job) -> TypeGuard[Delivery]:
    """Whether the ledger's line waits for just this attempt."""
    return delivery is not None and not delivery.state.is_final and delivery.attempts == job.attempt
