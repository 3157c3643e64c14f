"""Places that all processes on one PostgreSQL share: how they keep a rate together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog
from psycopg import AsyncConnection, Error
from sqlalchemy import make_url

_log = structlog.get_logger(__name__)
_PLACES = 7_305_012
"""Names our locks among others in the database."""
_LOOK_EVERY = 0.02
_TAKE = """
    SELECT place FROM generate_series(0, %(most)s - 1) AS place
    WHERE CASE WHEN place = ANY(%(own)s::int[]) THEN false ELSE pg_try_advisory_lock(%(places)s, place) END
    LIMIT 1
"""
_GIVE_BACK = "SELECT pg_advisory_unlock(%(places)s, %(place)s)"


@dataclass(frozen=True)
class _Place:
    number: int
    holder: AsyncConnection


class SharedPlaces:
    """So many places over several processes: each is an advisory lock, held from before a call until so many seconds
    after its answer. The database gives back what a process held that dies.

    Without the database nothing is held up: a 429 then says what is too much.
    """

    def __init__(self, database_url: str, most: int, seconds: float) -> None:
        address = make_url(database_url).set(drivername="postgresql")
        self._address = address.render_as_string(hide_password=False)
        self._most = most
        self._seconds = seconds
        self._connection: AsyncConnection | None = None
        self._own: set[int] = set()
        """What this connection holds: it would get its own locks once more."""
        self._line = asyncio.Lock()
        self._later: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place, in the order of coming, and hold it during one call and its seconds after it."""
        place = await self._taken()
        try:
            yield
        finally:
            if place is not None:
                task = asyncio.create_task(self._give_back_later(place))
                self._later.add(task)
                task.add_done_callback(self._later.discard)

    async def close(self) -> None:
        """Give everything back."""
        for task in self._later:
            task.cancel()
        await self._disconnect()

    async def _taken(self) -> _Place | None:
        async with self._line:
            try:
                while (place := await self._free()) is None:  # noqa: ASYNC110 - the database is asked
                    await asyncio.sleep(_LOOK_EVERY)
            except (Error, OSError) as error:
                _log.warning("rate_not_shared", error=type(error).__name__)
                await self._disconnect()
                return None
            return place

    async def _free(self) -> _Place | None:
        """A place that nobody has, taken; None if there is none."""
        connection = await self._connected()
        asked = {"most": self._most, "own": list(self._own), "places": _PLACES}
        try:
            row = await (await connection.execute(_TAKE, asked)).fetchone()
        except asyncio.CancelledError:
            await self._disconnect()  # it may hold a place by now that nobody would give back
            raise
        if row is None:
            return None
        self._own.add(int(row[0]))
        return _Place(int(row[0]), connection)

    async def _give_back_later(self, place: _Place) -> None:
        await asyncio.sleep(self._seconds)
        if place.holder is self._connection:  # on another one it was given back with the connection
            with suppress(Error, OSError):
                await place.holder.execute(_GIVE_BACK, {"places": _PLACES, "place": place.number})
            self._own.discard(place.number)

    async def _connected(self) -> AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._own = set()
            self._connection = await AsyncConnection.connect(
                self._address, autocommit=True, application_name="lagesbild"
            )
        return self._connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        self._own = set()
        if connection is not None:
            with suppress(Error, OSError):
                await connection.close()
