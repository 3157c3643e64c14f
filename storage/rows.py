"""The few statements that all repositories share, and the context they work in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Dialect, RowMapping, Select, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Executable

from lagesbild.ids import GroupId, RoundId
from storage import tables


class Rows:
    """One transaction's connection: reads rows, replaces rows, locks rounds.

    What was read by its key is remembered until the transaction writes to that table, or waits for a lock.
    """

    def __init__(self, connection: AsyncConnection, *, write: bool) -> None:
        self.connection = connection
        self._write = write
        self._locked: set[RoundId] = set()
        self._known: dict[tuple[str, ...], Sequence[RowMapping]] = {}

    async def one(self, query: Select[Any]) -> RowMapping | None:
        return (await self.connection.execute(query)).mappings().first()

    async def all(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[RowMapping]:
        """The rows of a query; one that is made once, with `bindparam`s for its `values`, costs half as much."""
        return (await self.connection.execute(query, values)).mappings().all()

    async def by_key(self, table: Table, **key: str) -> RowMapping | None:
        """The row whose columns have these values."""
        known = (table.name, *key.values())
        if known not in self._known:
            query = _by_key(self.connection.dialect, table, tuple(key))
            self._known[known] = (await self.connection.execute(query, key)).mappings().all()
        return next(iter(self._known[known]), None)

    async def remembered(self, table: Table, query: Select[Any], **values: str) -> Sequence[RowMapping]:
        """The rows of the one query on that table which is asked with such values."""
        known = (table.name, "query", *values.values())
        if known not in self._known:
            self._known[known] = await self.all(query, values)
        return self._known[known]

    async def replace(self, table: Table, row: Mapping[str, Any]) -> None:
        """Insert, or update the row with the same primary key."""
        self._forget(table)
        await self.connection.execute(_upsert(self.connection.dialect, table, tuple(row)), dict(row))

    async def add(self, table: Table, row: Mapping[str, Any]) -> bool:
        """Insert; False, changing nothing, if the primary key is taken."""
        self._forget(table)
        added = await self.connection.execute(_insert(self.connection.dialect, table, tuple(row)), dict(row))
        return added.first() is not None

    async def write(
        self, table: Table, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> None:
        """Any other change to a table."""
        self._forget(table)
        await self.connection.execute(statement, values)

    async def lock_round(self, round_id: RoundId) -> None:
        """Until commit, nobody else changes that round or a report in it. SQLite has one writer anyway."""
        if self.locks and round_id not in self._locked:
            row = select(tables.rounds.c.id).where(tables.rounds.c.id == round_id)
            await self.connection.execute(row.with_for_update(key_share=True))
            self._locked.add(round_id)
            self._known.clear()

    async def lock_group(self, group_id: GroupId) -> None:
        """Until commit, nobody else who locks it plans, opens or closes its rounds; members and reports are free."""
        if self.locks:
            row = select(tables.groups.c.id).where(tables.groups.c.id == group_id)
            await self.connection.execute(row.with_for_update(key_share=True))
            self._known.clear()

    @property
    def locks(self) -> bool:
        return self._write and self.connection.dialect.name == "postgresql"

    def _forget(self, table: Table) -> None:
        self._known = {known: rows for known, rows in self._known.items() if known[0] != table.name}


# SQLAlchemy does not cache the SQL of "on conflict" inserts: made anew, it took a quarter of an answer's turn.
@lru_cache(maxsize=256)
def _upsert(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> Executable:
    insert = _dialects_insert(dialect, table)
    key = [column.name for column in table.primary_key]
    changes = {name: insert.excluded[name] for name in columns if name not in key}
    statement = insert.on_conflict_do_update(index_elements=key, set_=changes)
    return cast("Executable", statement.compile(dialect=dialect, column_keys=list(columns)))


@lru_cache(maxsize=256)
def _insert(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> Executable:
    key = [column.name for column in table.primary_key]
    statement = _dialects_insert(dialect, table).on_conflict_do_nothing(index_elements=key)
    returning = statement.returning(*table.primary_key)
    return cast("Executable", returning.compile(dialect=dialect, column_keys=list(columns)))


@lru_cache(maxsize=256)
def _by_key(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> Executable:
    query = select(table).where(*(table.c[name] == bindparam(name) for name in columns))
    return cast("Executable", query.compile(dialect=dialect))


def _dialects_insert(dialect: Dialect, table: Table) -> Any:
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)
