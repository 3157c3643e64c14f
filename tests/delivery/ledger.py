"""A small ledger over a real database, so that delivery is tried with real transactions and nothing else of storage."""

from __future__ import annotations

import base64
import pickle
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_TABLE = (
    "CREATE TABLE IF NOT EXISTS shelf (kind VARCHAR(20), id VARCHAR(200), value TEXT, PRIMARY KEY (kind, id))"
)


class Shelf:
    """Frozen values of one kind, by id."""

    def __init__(self, connection: AsyncConnection, kind: str, id_name: str) -> None:
        self._connection, self._kind, self._id = connection, kind, id_name

    async def get(self, key: str) -> Any:
        sql = text("SELECT value FROM shelf WHERE kind = :kind AND id = :id")
        value = (await self._connection.execute(sql, {"kind": self._kind, "id": key})).scalar()
        return pickle.loads(base64.b64decode(value)) if value else None  # noqa: S301 - the tests' own

    async def add(self, value: Any) -> bool:
        sql = "INSERT INTO shelf VALUES (:kind, :id, :value) ON CONFLICT DO NOTHING"
        return (await self._write(sql, value)) == 1

    async def save(self, value: Any) -> None:
        await self._write(
            "INSERT INTO shelf VALUES (:kind, :id, :value) ON CONFLICT (kind, id) DO UPDATE SET value = :value",
            value,
        )

    async def _write(self, sql: str, value: Any) -> int:
        packed = base64.b64encode(pickle.dumps(value)).decode()
        values = {"kind": self._kind, "id": getattr(value, self._id), "value": packed}
        return (await self._connection.execute(text(sql), values)).rowcount


class LedgerTransaction:
    """One open transaction with the repositories that delivery uses."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.deliveries = Shelf(connection, "delivery", "key")
        self.members = Shelf(connection, "member", "id")


class Ledger:
    """Opens transactions."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Any]:
        async with self.engine.begin() as connection:
            yield LedgerTransaction(connection)

    async def prepare(self) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(_TABLE))

    async def get(self, key: str) -> Any:
        async with self.open() as transaction:
            return await transaction.deliveries.get(key)


def _engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url)
    if url.startswith("sqlite"):

        @event.listens_for(engine.sync_engine, "connect")
        def _settle(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in ("busy_timeout = 10000", "journal_mode = WAL", "synchronous = FULL"):
                cursor.execute(f"PRAGMA {pragma}")
                cursor.fetchall()
            cursor.close()

        @event.listens_for(engine.sync_engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
