"""Engines for the two databases, set up so that a commit is durable and a second writer waits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.sqlite import BEGIN_TO_READ, Driver

WAIT_SECONDS = 15
"""How long a writer waits for another before it fails."""
_PRAGMAS = (
    f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)


def create_engine(database_url: str) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite:///file` or `postgresql+psycopg://…`; ArgumentError for a malformed address."""
    if make_url(database_url).get_backend_name() == "sqlite":
        return _sqlite(database_url)
    return create_async_engine(
        database_url,
        isolation_level="READ COMMITTED",
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={
            "application_name": "lagesbild",
            "options": f"-c timezone=UTC -c lock_timeout={WAIT_SECONDS}s",
        },
    )


def database_file(database_url: str) -> Path | None:
    """The SQLite file behind an address; None for PostgreSQL and for a database in memory."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def _sqlite(database_url: str) -> AsyncEngine:
    # One writer at a time; the rest are readers. A connection is a thread, so they are few and kept; the one used last
    # comes first, because it remembers the most.
    engine = create_async_engine(
        database_url, module=Driver(), pool_size=5, max_overflow=5, pool_use_lifo=True
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: it would begin them too late, at the first write.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else BEGIN_TO_READ)
