"""The few statements that all repositories share, and the context they work in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from time import perf_counter
from typing import Any, TypeVar

from sqlalchemy import Select, Table, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Executable

from lagesbild.ids import GroupId, MemberId, RoundId
from storage import statements, tables
from storage.sqlite import Connection as SqliteConnection

Made = TypeVar("Made")
Row = Mapping[Any, Any]
Make = Callable[[Row], Made]

_ROUND = select(tables.rounds).where(tables.rounds.c.id == bindparam("id"))
_LOCK = _ROUND.with_for_update(key_share=True)
_SHARE = _ROUND.with_for_update(read=True)
_TAKE_TURNS = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("what"), 0)))
_STRETCH = 0.005
"""Seconds after which others have a go on the event loop: SQLite's statements run on it, and wait for nothing."""
_TOGETHER = 50
"""Statements sent in one go."""
_STEADY = frozenset(table.name for table in (tables.groups, tables.members, tables.meetings, tables.rounds))
"""What is read in every turn and hardly ever changes: the same row is the same frozen thing, and is made once.
Each connection to SQLite reads it once, too."""


def _made(statement: statements.Statement, make: Make[Any], row: statements.RawRow) -> Any:
    return make(statement.row(row))


_made_before = lru_cache(maxsize=1000)(_made)


class Rows:
    """One transaction's connection: reads rows, locks what is to be changed, saves rows.

    What was read by its key is remembered, as what was made of it, until the transaction writes to that table, or
    waits for a lock.
    """

    def __init__(self, connection: AsyncConnection, *, write: bool) -> None:
        self.connection = connection
        self._dialect = connection.dialect
        self._driver = statements.driver_of(connection)
        self._remembers = isinstance(self._driver, SqliteConnection)
        self._write = write
        self._locked: set[RoundId] = set()
        self._held: set[tuple[object, ...]] = set()
        self._shared: set[RoundId] = set()
        self._known: dict[tuple[object, ...], Sequence[Any]] = {}
        self._unsent: list[tuple[statements.Statement, statements.Row]] = []
        self._since = perf_counter()

    async def send(self) -> None:
        """Send what was written and is not on its way yet: before anything is read, and before the commit."""
        unsent, self._unsent = self._unsent, []
        await self._breathe()
        for first in range(0, len(unsent), _TOGETHER):
            await statements.run_together(self._driver, unsent[first : first + _TOGETHER])
            await self._breathe()

    async def one(self, query: Select[Any]) -> Row | None:
        await self.send()
        return (await self.connection.execute(query)).mappings().first()

    async def all(self, query: Select[Any]) -> Sequence[Row]:
        return await self.made(query, lambda row: row)

    async def made(self, query: Select[Any], make: Make[Made]) -> Sequence[Made]:
        """What is made of each row; where they are many, others have the loop in between."""
        await self.send()
        found = (await self.connection.execute(query)).mappings()
        made: list[Made] = []
        for some in found.partitions(_TOGETHER):
            made += map(make, some)
            await self._breathe()
        return made

    async def by_key(self, table: Table, make: Make[Made], **key: object) -> Made | None:
        """What is made of the row whose columns have these values."""
        known = (table.name, *key.values())
        found = self._known.get(known)
        if found is None:
            statement = statements.by_key(self._dialect, table, tuple(key))
            found = await self._remembered(known, statement, make, key)
        return found[0] if found else None

    async def locked(self, table: Table, make: Make[Made], **key: object) -> Made | None:
        """The same by its primary key, as it is once nobody else can change it until commit: to be saved changed.

        SQLite has one writer anyway.
        """
        held = [key[column.name] for column in table.primary_key]
        if self.locks and not self.holds(table, *held):
            self._known.pop((table.name, *key.values()), None)
            statement = statements.by_key(self._dialect, table, tuple(key), lock=True)
            await self._remembered((table.name, *key.values()), statement, make, key)
        found = await self.by_key(table, make, **key)
        if found is not None:
            self.hold(table, *held)
        return found

    async def all_locked(self, table: Table, query: Select[Any], make: Make[Made]) -> Sequence[Made]:
        """The same of each of a query's rows; in an order that does not change, so that nobody waits in a circle."""
        rows = await self.all(query.with_for_update(key_share=True) if self.locks else query)
        for row in rows:
            self.hold(table, *(row[column.name] for column in table.primary_key))
        return [make(row) for row in rows]

    def hold(self, table: Table, *key: object) -> None:
        """Nobody else changes the row with that primary key until commit: it, or what it belongs to, is locked."""
        self._held.add((table.name, *key))

    def holds(self, table: Table, *key: object) -> bool:
        """Whether that is so."""
        return (table.name, *key) in self._held

    async def remembered(
        self, table: Table, query: Select[Any], make: Make[Made], **values: object
    ) -> Sequence[Made]:
        """What is made of the few rows of a query that is made once, with `bindparam`s for these values."""
        statement = statements.query(self._dialect, query)
        return await self._remembered((table.name, statement, *values.values()), statement, make, values)

    async def save(self, table: Table, row: Mapping[str, Any], *more: Table) -> None:
        """Insert a new row, or update one that is held; into `more` tables with the same columns too.

        Whoever reads a row, changes it and saves it writes all of it. So it must have been read while nobody else could
        change it: one that was not meets its own key here, on both databases, instead of undoing what another wrote.
        """
        key, columns = [row[column.name] for column in table.primary_key], tuple(row)
        make = statements.upsert if self.holds(table, *key) else statements.insert
        statement = make(self._dialect, table, columns)
        bound = statement.bind(row)
        self._write_later(table, statement, bound)
        for each in more:
            self._write_later(each, statements.upsert(self._dialect, each, columns), bound)
        self.hold(table, *key)

    async def replace(self, table: Table, row: Mapping[str, Any]) -> None:
        """Insert, or update the row with the same primary key, where whoever writes last is right."""
        statement = statements.upsert(self._dialect, table, tuple(row))
        self._write_later(table, statement, statement.bind(row))

    async def add(self, table: Table, row: Mapping[str, Any]) -> bool:
        """Insert; False, changing nothing, if the primary key is taken."""
        self._forget(table)
        await self.send()
        added = statements.insert_new(self._dialect, table, tuple(row))
        is_new = bool(await added.run(self._driver, row))
        if is_new:
            self.hold(table, *(row[column.name] for column in table.primary_key))
        return is_new

    async def append(self, table: Table, row: Mapping[str, Any]) -> None:
        """Insert a row whose primary key the database gives."""
        statement = statements.insert(self._dialect, table, tuple(row))
        self._write_later(table, statement, statement.bind(row))

    async def write(self, table: Table, statement: Executable) -> None:
        """Any other change to a table."""
        self._forget(table)
        await self.send()
        await self.connection.execute(statement)

    async def lock_round(self, round_id: RoundId, make: Make[Any] | None = None) -> None:
        """Until commit, nobody else changes that round or a report in it. SQLite has one writer anyway.

        With `make`, what is made of the locked row is remembered: one way to the database instead of two.
        """
        if self.locks and round_id not in self._locked:
            rows = await self._ask(_LOCK, id=round_id)
            self._locked.add(round_id)
            self._known.clear()
            if make is not None:
                self._known[tables.rounds.name, round_id] = [make(row) for row in rows]

    async def share_round(self, round_id: RoundId, make: Make[Any]) -> None:
        """Until commit, nobody changes that round; others may share it. What is made of its row is remembered."""
        if self.locks and round_id not in self._locked | self._shared:
            rows = await self._ask(_SHARE, id=round_id)
            self._shared.add(round_id)
            self._known[tables.rounds.name, round_id] = [make(row) for row in rows]

    async def lock_report(self, round_id: RoundId, member_id: MemberId) -> None:
        """Until commit, nobody else writes that member's report: one that is not there yet cannot be locked itself."""
        if self.locks and round_id not in self._locked:
            await self._ask(_TAKE_TURNS, what=f"{round_id}:{member_id}")

    async def _ask(self, query: Select[Any], **values: str) -> list[statements.Row]:
        await self.send()
        return await statements.query(self._dialect, query).run(self._driver, values)

    async def _breathe(self) -> None:
        """Let others have the loop, if this transaction has held it for long."""
        if perf_counter() - self._since > _STRETCH:
            await asyncio.sleep(0)
            self._since = perf_counter()

    async def lock_group(self, group_id: GroupId) -> None:
        """Until commit, nobody else who locks it plans, opens or closes its rounds, or says who leads it."""
        if self.locks and not self.holds(tables.groups, group_id):
            await self.send()
            row = select(tables.groups.c.id).where(tables.groups.c.id == group_id)
            await self.connection.execute(row.with_for_update(key_share=True))
            self._known.clear()
        self.hold(tables.groups, group_id)

    @property
    def locks(self) -> bool:
        return self._write and self._dialect.name == "postgresql"

    async def _remembered(
        self, key: tuple[object, ...], statement: statements.Statement, make: Make[Made], values: Row
    ) -> Sequence[Made]:
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = await (
                self._steady(key, statement, make, values)
                if key[0] in _STEADY
                else self._read(statement, make, values, _made)
            )
        return known

    async def _steady(
        self, key: tuple[object, ...], statement: statements.Statement, make: Make[Made], values: Row
    ) -> Sequence[Made]:
        memory = self._driver.memory if self._remembers else None
        known = memory.get(key) if memory else None
        if known is None:
            known = await self._read(statement, make, values, _made_before)
            if memory is not None:
                memory[key] = known
        return known

    async def _read(
        self,
        statement: statements.Statement,
        make: Make[Made],
        values: Row,
        make_of: Callable[[statements.Statement, Make[Made], statements.RawRow], Made],
    ) -> list[Made]:
        await self.send()
        rows = await statement.execute(self._driver, statement.bind(values))
        return [make_of(statement, make, row) for row in rows]

    def _write_later(self, table: Table, statement: statements.Statement, bound: statements.Row) -> None:
        self._forget(table)
        self._unsent.append((statement, bound))

    def _forget(self, table: Table) -> None:
        if self._remembers and table.name in _STEADY:
            self._driver.forget()
        self._known = {known: made for known, made in self._known.items() if known[0] != table.name}
