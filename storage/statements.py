"""Statements compiled once and handed to the driver as they are.

SQLAlchemy writes the SQL and knows the types; its way from a compiled statement to the driver and back took ten times
as long as SQLite itself, so the statements of every turn go round it. All others are executed by SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler

from storage.sqlite import Connection as SqliteConnection

Row = dict[str, Any]
RawRow = tuple[Any, ...]
_Convert = Callable[[Any], Any]


class Statement:
    """The SQL of one statement for one database, and what turns its values and rows into the driver's and back."""

    def __init__(self, compiled: SQLCompiler, columns: Sequence[ColumnElement[Any]] = ()) -> None:
        self.dialect = dialect = compiled.dialect
        self._sql = compiled.string
        self._constants = compiled.params
        self._places = compiled.positiontup
        self._names = tuple(column.name for column in columns)
        self._read = _conversions(
            (column.name, column.type.dialect_impl(dialect).result_processor(dialect, None))
            for column in columns
        )
        self._write = _conversions(
            (name, bind.type.dialect_impl(dialect).bind_processor(dialect))
            for bind, name in compiled.bind_names.items()
        )

    async def run(self, driver: Any, values: Mapping[str, Any]) -> list[Row]:
        """Execute it in the open transaction of a driver's connection: its rows; an error is SQLAlchemy's usual one."""
        return [self.row(row) for row in await self.execute(driver, self.bind(values))]

    def bind(self, values: Mapping[str, Any]) -> Row:
        """The values as the driver takes them."""
        bound = {**self._constants, **values}
        try:
            for name, convert in self._write:
                bound[name] = convert(bound[name])
        except Exception as error:
            raise _usual(error, self._sql, self.dialect) from error
        return bound

    async def execute(self, driver: Any, bound: Row) -> Sequence[RawRow]:
        """Execute it with values that are bound: the rows as the driver gives them."""
        try:
            if isinstance(driver, SqliteConnection):
                return driver.at_once(self._sql, [bound[place] for place in self._places or ()])
            cursor = await driver.driver_connection.execute(self._sql, bound, prepare=True)
            return await cursor.fetchall() if self._names else ()
        except Exception as error:
            raise _usual(error, self._sql, self.dialect) from error

    def row(self, row: RawRow) -> Row:
        """A row of the driver's by the columns' names, as their types have it."""
        made = dict(zip(self._names, row, strict=True))
        for name, convert in self._read:
            made[name] = convert(made[name])
        return made


def _conversions(found: Iterable[tuple[str, _Convert | None]]) -> tuple[tuple[str, _Convert], ...]:
    return tuple((name, convert) for name, convert in found if convert is not None)


async def run_together(driver: Any, statements: Sequence[tuple[Statement, Row]]) -> None:
    """Execute them all with their bound values, in one way to PostgreSQL and back: most of a statement's time there is the way."""
    is_far = len(statements) > 1 and not isinstance(driver, SqliteConnection)
    try:
        async with driver.driver_connection.pipeline() if is_far else nullcontext():
            for statement, bound in statements:
                await statement.execute(driver, bound)
    except SQLAlchemyError:
        raise
    except Exception as error:
        raise _usual(error, f"one of {len(statements)} statements", statements[0][0].dialect) from error


def _usual(error: Exception, sql: str, dialect: Dialect) -> Exception:
    """The error as SQLAlchemy would raise it, without the values, which can be what somebody wrote."""
    dbapi: Any = dialect.loaded_dbapi
    return DBAPIError.instance(sql, None, error, dbapi.Error, hide_parameters=True, dialect=dialect)


def driver_of(connection: AsyncConnection) -> Any:
    """SQLAlchemy's wrapper around the driver's connection."""
    sync = connection.sync_connection
    assert sync is not None, "the connection is closed"  # noqa: S101  for the type checker
    return sync.connection.dbapi_connection


@lru_cache(maxsize=256)
def query(dialect: Dialect, select_: Select[Any]) -> Statement:
    """A query that is made once, with `bindparam`s for what varies."""
    return Statement(_compiled(dialect, select_), list(select_.selected_columns))


@lru_cache(maxsize=256)
def by_key(dialect: Dialect, table: Table, columns: tuple[str, ...], *, lock: bool = False) -> Statement:
    """The rows in which these columns have given values; with `lock`, nobody else changes them until commit."""
    found = select(table).where(*(table.c[name] == bindparam(name) for name in columns))
    if lock:
        found = found.with_for_update(key_share=True)
    return Statement(_compiled(dialect, found), list(table.c))


@lru_cache(maxsize=256)
def upsert(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> Statement:
    """Insert, or update the row with the same primary key."""
    new = _insert(dialect, table)
    key = [column.name for column in table.primary_key]
    changes = {name: new.excluded[name] for name in columns if name not in key}
    return Statement(_compiled(dialect, new.on_conflict_do_update(index_elements=key, set_=changes), columns))


@lru_cache(maxsize=256)
def insert_new(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> Statement:
    """Insert unless the primary key is taken; the key of what was inserted."""
    key = list(table.primary_key)
    new = _insert(dialect, table).on_conflict_do_nothing(index_elements=key)
    return Statement(_compiled(dialect, new.returning(*key), columns), key)


@lru_cache(maxsize=256)
def insert(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> Statement:
    """Insert a row; the database gives its primary key if that is not among the columns."""
    return Statement(_compiled(dialect, table.insert().inline(), columns))


def _compiled(dialect: Dialect, statement: Any, columns: tuple[str, ...] | None = None) -> SQLCompiler:
    compiled = statement.compile(dialect=dialect, column_keys=columns and list(columns))
    assert isinstance(compiled, SQLCompiler)  # noqa: S101  for the type checker
    return compiled


def _insert(dialect: Dialect, table: Table) -> Any:
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)
