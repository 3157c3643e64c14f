"""SQLite without a change of thread for each step of each statement.

aiosqlite sends every cursor call to a thread and back: four a statement, and each waits for the interpreter's lock.
Inside a transaction nothing waits for another writer, so statements run where they are called, and so does a whole
transaction that only reads. Beginning to write, committing that and whatever is done outside a transaction, which can
wait for a lock or the disk, stay on the thread.

A connection also remembers rows from one transaction to the next, for as long as nobody can have changed them.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)

BEGIN_TO_READ = "BEGIN"
"""Takes no lock: in the WAL a reader waits for nobody."""
_READS = ("SELECT", "BEGIN", "PRAGMA")
"""What statements begin with that change no row; whatever else SQLAlchemy executes may."""
_MOST = 2000
"""Reads that a connection remembers."""


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """Runs a statement at once if a transaction is open, or begins that will only read."""

    _adapt_connection: Connection

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        """Execute, and fetch all rows that there are."""
        connection = self._adapt_connection
        raw = _raw(connection)
        if not operation.startswith(_READS):
            connection.forget()
        if not raw.in_transaction:
            connection.is_reading = connection.is_settled and operation == BEGIN_TO_READ
            if not connection.is_reading:
                return self._on_the_thread(operation, parameters)
        try:
            self.await_(_at_once())  # SQLAlchemy insists that a statement awaits something
            found = raw.execute(operation, parameters or ())
            self._take(found)
        except sqlite3.Error as error:
            self._adapt_connection._handle_exception(error)  # noqa: SLF001  SQLAlchemy's own translation
        return None

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        """Execute it for each of them, on the thread."""
        self._adapt_connection.forget()
        return super().executemany(operation, seq_of_parameters)

    def _on_the_thread(self, operation: Any, parameters: Any) -> Any:
        self._adapt_connection.is_settled = False
        super().execute(operation, parameters)
        self._adapt_connection.is_settled = True

    def _take(self, found: sqlite3.Cursor) -> None:
        if found.description:
            self.description = found.description
            self.lastrowid = self.rowcount = -1
            self._rows = deque(found.fetchall())
        else:
            self.description = None
            self.lastrowid, self.rowcount = found.lastrowid or 0, found.rowcount
        found.close()


class Connection(AsyncAdapt_aiosqlite_connection):
    """SQLAlchemy's connection with that cursor.

    It is settled unless something on the thread failed or was given up waiting for, and may still come about.
    It is reading in a transaction that was begun to read.

    Its memory holds committed rows only: a transaction that writes where it reads neither uses it nor adds to it.
    """

    is_settled = False
    is_reading = False

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._memory: dict[tuple[object, ...], Any] = {}
        self._version: Any = None
        self._is_current = False
        self._has_written = False

    @property
    def memory(self) -> dict[tuple[object, ...], Any] | None:
        """What was read in this and earlier transactions, and is so in the open one; None once this one may have
        changed it."""
        if self._has_written:
            return None
        if not self._is_current:
            version = self.at_once("PRAGMA data_version")  # another one when another connection has committed
            if version != self._version or len(self._memory) > _MOST:
                self._memory.clear()
            self._version, self._is_current = version, True
        return self._memory

    def forget(self) -> None:
        """What is remembered may be changed by the open transaction; nobody knows yet whether that will last."""
        self._memory.clear()
        self._has_written = True

    def _over(self) -> None:
        self._is_current = self._has_written = False

    def cursor(self, server_side: bool = False) -> AsyncAdapt_aiosqlite_cursor:
        """A cursor; one that is read row by row stays as it was."""
        return super().cursor(server_side) if server_side else Cursor(self)

    def at_once(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Execute a statement inside the open transaction, round SQLAlchemy: its rows."""
        raw = _raw(self)
        if not raw.in_transaction:  # SQLite ends it by itself where the disk fails
            raise sqlite3.OperationalError("the transaction is gone")
        return raw.execute(sql, values).fetchall()

    def commit(self) -> None:
        """On the thread, where it waits for the disk; at once if the transaction was begun to read."""
        self._over()
        if self.is_reading:
            try:
                _raw(self).commit()
            except sqlite3.Error as error:
                self._handle_exception(error)
            return
        self.is_settled = False
        super().commit()
        self.is_settled = True

    def rollback(self) -> None:
        """Nothing where nothing can be open: the pool asks after every commit."""
        self._over()
        if not self.is_settled or _raw(self).in_transaction:
            super().rollback()


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """What `create_async_engine(module=…)` takes in the place of aiosqlite."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_aiosqlite_connection:
        """A connection, on a thread of its own until a transaction is open."""
        made = super().connect(*arg, **kw)
        return Connection(self, made._connection)  # noqa: SLF001  there is no other way in


async def _at_once() -> None:
    """Awaited without giving way to anybody."""


def _raw(connection: AsyncAdapt_aiosqlite_connection) -> sqlite3.Connection:
    raw: sqlite3.Connection = connection._connection._conn  # noqa: SLF001  aiosqlite's own connection
    return raw
