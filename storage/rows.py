"""The few statements that all repositories share, and the context they work in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from lagesbild.ids import RoundId
from storage import tables


class Rows:
    """One transaction's connection: reads rows, replaces rows, locks rounds."""

    def __init__(self, connection: AsyncConnection, *, write: bool) -> None:
        self.connection = connection
        self._write = write
        self._locked: set[RoundId] = set()

    async def one(self, query: Select[Any]) -> RowMapping | None:
        return (await self.connection.execute(query)).mappings().first()

    async def all(self, query: Select[Any]) -> Sequence[RowMapping]:
        return (await self.connection.execute(query)).mappings().all()

    async def replace(self, table: Table, row: Mapping[str, Any]) -> None:
        """Insert, or update the row with the same primary key."""
        insert = self._insert(table).values(**row)
        key = [column.name for column in table.primary_key]
        changes = {name: insert.excluded[name] for name in row if name not in key}
        await self.connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changes))

    async def add(self, table: Table, row: Mapping[str, Any]) -> bool:
        """Insert; False, changing nothing, if the primary key is taken."""
        key = [column.name for column in table.primary_key]
        insert = self._insert(table).values(**row).on_conflict_do_nothing(index_elements=key)
        added = await self.connection.execute(insert.returning(*table.primary_key))
        return added.first() is not None

    async def lock_round(self, round_id: RoundId) -> None:
        """Until commit, nobody else changes that round or a report in it. SQLite has one writer anyway."""
        if self.locks and round_id not in self._locked:
            row = select(tables.rounds.c.id).where(tables.rounds.c.id == round_id)
            await self.connection.execute(row.with_for_update(key_share=True))
            self._locked.add(round_id)

    @property
    def locks(self) -> bool:
        return self._write and self.connection.dialect.name == "postgresql"

    def _insert(self, table: Table) -> Any:
        if self.connection.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)
