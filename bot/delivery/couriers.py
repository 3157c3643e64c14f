"""What delivery needs from the rest of the bot: an open transaction, a way to send, and a courier for each kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from bot.teams.connector import Destination, Ref
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.people import Home, Member
from lagesbild.ports import UnitOfWork, Work

Activity = dict[str, Any]


class Connection(Protocol):
    """A database connection inside the caller's transaction (SQLAlchemy's AsyncConnection)."""

    async def run_sync(self, fn: Callable[[Any], Any], /) -> Any: ...


class Transaction(UnitOfWork, Protocol):
    """An open unit of work that also shows its connection, so that jobs commit with the rows they belong to."""

    @property
    def connection(self) -> Connection: ...


class Transactions(Protocol):
    """Opens a unit of work (`Storage.begin`): leaving the block commits, an exception rolls back."""

    def __call__(
        self, *, write: bool = True, shared: bool = False
    ) -> AbstractAsyncContextManager[Transaction]: ...


class Sender(Protocol):
    """The calls to Teams that delivery makes; `Connector` fulfils it. Every failure is a ConnectorError."""

    async def send(self, to: Destination, activity: Activity) -> str: ...
    async def reply(self, to: Destination, activity_id: str, activity: Activity) -> str: ...
    async def update(self, to: Destination, activity_id: str, activity: Activity) -> None: ...
    async def open_personal(self, service_url: str, tenant_id: str, bot_id: str, user_id: str) -> str: ...


@dataclass(frozen=True)
class ToMember:
    """A member's personal chat. It is opened when not known yet, and opened anew when Teams has forgotten it."""

    home: Home
    member: Member


Sent = Callable[[Transaction, str, str], Awaitable[None]]
"""Called with (transaction, conversation id, activity id) in the transaction that records the outcome."""
Forget = Callable[[Transaction], Awaitable[None]]
"""Takes out of the database that a message stands somewhere."""


@dataclass(frozen=True)
class Outgoing:
    """One message to send: new, as an edit of `update`, or in the thread of `reply_to`.

    `more` says that the courier has another message for the same delivery: it is asked again, in a new transaction,
    once this one is recorded by `sent`; so what was sent already is not sent again when a later part fails.

    `forget` is called when the message to update is gone; the courier is then asked again, for what to send instead.
    """

    target: ToMember | Ref
    activity: Activity
    update: str | None = None
    reply_to: str | None = None
    sent: Sent | None = None
    more: bool = False
    forget: Forget | None = None


@dataclass(frozen=True)
class Skip:
    """Nothing to send any more; `reason` is a short code for the ledger (`answered`, `round_closed`)."""

    reason: str


class Skipped(Exception):
    """The same, from whatever a courier asks on its way to the message: there is no further to go."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


WorkOn = Callable[[Transaction], Work]
"""Makes the use cases' `Work` of an open transaction."""
Courier = Callable[[Work, Delivery], Awaitable[Outgoing | Skip]]
"""Says what a delivery consists of, from the state as it is stored now; its work is for reading only. Skip, or Skipped
raised anywhere in it, says that there is nothing to send."""


@dataclass(frozen=True)
class Couriers:
    """The courier of each kind, with how it comes to its work."""

    work_on: WorkOn
    by_kind: Mapping[DeliveryKind, Courier]

    async def __call__(self, transaction: Transaction, delivery: Delivery) -> Outgoing | Skip:
        """What the delivery consists of; KeyError if nobody carries its kind."""
        try:
            return await self.by_kind[delivery.kind](self.work_on(transaction), delivery)
        except Skipped as nothing:
            return Skip(nothing.reason)
