"""Copies of the one group that is stored, made by the database itself: a thousand groups in a minute."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, column, create_engine, func, insert, literal, select, text, update
from sqlalchemy import table as named
from sqlalchemy.sql import ColumnElement

from lagesbild.rounds import RoundState
from storage import tables
from storage.types import Words

OPEN = 10
"""The groups whose round is open now, in every town: what the clock is to find."""
FIRST = "g0."
"""What every id of the group begins with; in a copy it is `g1.`, `g2.`, and so on."""
_AT_ONCE = 50


def copy(database_url: str, groups: int) -> None:
    """Past SQLAlchemy's async engine and the checks of foreign keys, which the copies keep anyway."""
    engine = create_engine(database_url.replace("+aiosqlite", ""))
    try:
        with engine.connect() as connection:
            is_far = connection.dialect.name == "postgresql"
            if is_far:
                connection.execute(text("SET session_replication_role = replica"))
            filled = _set_aside(connection)
            connection.commit()
            for first in range(1, groups, _AT_ONCE):
                _add_copies(connection, filled, range(first, min(first + _AT_ONCE, groups)))
            _close_the_rest(connection)
            if is_far:
                connection.execute(text("ANALYZE"))
            connection.commit()
    finally:
        engine.dispose()


def _set_aside(connection: Connection) -> list[Table]:
    """The first group's rows in tables of their own, of which they are everything."""
    filled = []
    for table in tables.metadata.sorted_tables:
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            connection.execute(text(f"CREATE TEMP TABLE first_{table.name} AS SELECT * FROM {table.name}"))
            filled.append(table)
    return filled


def _add_copies(connection: Connection, filled: Iterable[Table], numbers: Iterable[int]) -> None:
    for number in numbers:
        for table in filled:
            kept = [one for one in table.c if table is not tables.audit or one.name != "id"]
            first = named(f"first_{table.name}", *(column(one.name, one.type) for one in kept))
            rows = select(*(_copied(first.c[one.name], number) for one in kept))
            connection.execute(insert(table).from_select([one.name for one in kept], rows))
    connection.commit()


def _copied(value: ColumnElement[Any], number: int) -> ColumnElement[Any]:
    if not isinstance(value.type, Words):
        return value
    return func.replace(value, literal(FIRST), literal(f"g{number}."))


def _close_the_rest(connection: Connection) -> None:
    rounds = tables.rounds.c
    busy = [f"g{number}." for number in range(OPEN)]
    closed = {"state": RoundState.CLOSED.value, "closed_at": rounds.opened_at}
    idle = rounds.group_id.not_in(busy), rounds.state == RoundState.OPEN
    connection.execute(update(tables.rounds).where(*idle).values(closed))
