"""Every statement that reaches a database, by whatever way: listened for where the driver has it."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.sqlite import _raw

_WORK = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


class Statements:
    """What an engine's connections are asked for, in order: not the beginning and end of transactions.

    The bot's own way round SQLAlchemy is heard too, which SQLAlchemy's own events do not tell of.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.heard: list[str] = []
        event.listen(engine.sync_engine, "connect", self._listen)

    def count(self) -> int:
        """How many there were since it was last asked."""
        counted, self.heard = len(self.heard), []
        return counted

    def _hear(self, sql: str) -> None:
        if sql.lstrip().upper().startswith(_WORK):
            self.heard.append(sql)

    def _listen(self, connection: Any, _record: object) -> None:
        driver = connection.driver_connection
        if isinstance(driver, psycopg.AsyncConnection):
            driver.cursor_factory = self._cursor()
        else:
            _raw(connection).set_trace_callback(self._hear)

    def _cursor(self) -> type[psycopg.AsyncCursor[Any]]:
        hear = self._hear

        class Heard(psycopg.AsyncCursor[Any]):
            async def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
                hear(str(query))
                return await super().execute(query, *args, **kwargs)

        return Heard
