"""Several turns in one SQLite transaction: they wait for the disk together instead of one after the other.

SQLite has one writer, and a durable commit waits for the disk. So the turns that wait for each other anyway run one
by one inside one transaction, each in a savepoint of its own, and all of them end when it has been committed. A turn
that fails rolls back to its savepoint, and the others know nothing of it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.statements import driver_of

_MOST = 16
"""Turns in one transaction: how long the first may wait for the last, and other processes for them all."""


class Undone(Exception):
    """The transaction could not be committed because of others' turns: nothing is stored. Try once more, alone."""


@dataclass
class _Shared:
    """An open transaction: `turns` so far; `ended` when it is committed, with the error if it is not."""

    connection: AsyncConnection
    turns: int = 0
    is_broken: bool = False
    ended: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    committer: asyncio.Task[None] | None = None


class SharedTransactions:
    """The writers of one process on one SQLite file, one at a time and in the order they came."""

    def __init__(self, engine: AsyncEngine, wait_seconds: float) -> None:
        self._engine = engine
        self._wait = wait_seconds
        self._lock = asyncio.Lock()
        self._open: _Shared | None = None

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """For as long as the block lasts, no other writer of this process has a transaction open."""
        await self._take_turn()
        try:
            await self._end()
            yield
        finally:
            self._lock.release()

    @asynccontextmanager
    async def share(self) -> AsyncIterator[AsyncConnection]:
        """A connection to write with; after a clean exit what was written is committed, `Undone` if it is not."""
        failure: Exception | None = None
        await self._take_turn()
        try:
            if self._open is not None and (self._open.is_broken or self._open.turns >= _MOST):
                await self._end()
            shared = self._open or await self._begin()
            shared.turns += 1
            try:
                with _savepoint(shared):
                    yield shared.connection
            except Exception as error:  # noqa: BLE001  raised again below
                failure = error
        finally:
            self._lock.release()
        # A failed turn waits too: what it says can rest on what the turns before it wrote.
        await asyncio.shield(shared.ended)
        if failure is not None:
            raise failure

    async def _take_turn(self) -> None:
        if self._lock.locked():
            async with asyncio.timeout(self._wait):
                await self._lock.acquire()
        else:
            await self._lock.acquire()

    async def _begin(self) -> _Shared:
        connection = self._engine.connect()
        try:
            await connection.start()
            await connection.begin()
        except BaseException:
            await asyncio.shield(connection.close())
            raise
        self._open = shared = _Shared(connection)
        # It stands in line like any turn: those before it share the transaction, those behind it the next one.
        shared.committer = asyncio.create_task(self._end_in_turn(shared))
        return shared

    async def _end_in_turn(self, shared: _Shared) -> None:
        async with self._lock:
            if self._open is shared:
                await self._end()

    async def _end(self) -> None:
        """Commit what is open, if anything is, and tell its turns; called with the lock held."""
        shared, self._open = self._open, None
        if shared is not None:
            # A task of its own: whoever happens to end it may give up, the others' turns must not.
            await asyncio.shield(asyncio.create_task(_commit(shared)))


async def _commit(shared: _Shared) -> None:
    """Commit, give the connection back, and only then tell: nobody hears of it before it is so."""
    failure: Exception | None = Undone()
    try:
        if not shared.is_broken:
            await shared.connection.commit()
            failure = None
    except Exception as error:  # noqa: BLE001  it is the turns' to hear of
        failure = error
        with suppress(SQLAlchemyError):
            await shared.connection.rollback()
    finally:
        try:
            await shared.connection.close()
        finally:
            _tell(shared, failure)


def _tell(shared: _Shared, error: Exception | None) -> None:
    if error is None:
        shared.ended.set_result(None)
        return
    if shared.turns > 1:
        error, cause = Undone(), error
        error.__cause__ = cause
    shared.ended.set_exception(error)
    shared.ended.exception()  # heard, even where every turn has given up


@contextmanager
def _savepoint(shared: _Shared) -> Iterator[None]:
    _or_broken(shared, "SAVEPOINT turn")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):  # the turn's own error says more
            _or_broken(shared, "ROLLBACK TO turn")
            _or_broken(shared, "RELEASE turn")
        raise
    _or_broken(shared, "RELEASE turn")


def _or_broken(shared: _Shared, sql: str) -> None:
    """Execute it; an error means that SQLite has given up the whole transaction, as it does when the disk fails."""
    try:
        driver_of(shared.connection).at_once(sql)
    except sqlite3.Error:
        shared.is_broken = True
        raise
