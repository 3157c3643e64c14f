"""Places that all processes on one PostgreSQL share: how they keep Teams' rates together."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from math import ceil
from weakref import WeakValueDictionary

import structlog
from psycopg import AsyncConnection, Error

from storage.sessions import lock_key, open_session

_log = structlog.get_logger(__name__)
_LOOK_EVERY = 0.02
_AWAY_FOR = 1.0
_STEPS = 50
"""Of a rate's seconds: places ripen at whole ones, a little late, so that many are given back in one statement."""
_ONE = """
    (SELECT number FROM (SELECT generate_series(0, %s - 1) AS number) AS numbers
     WHERE CASE WHEN number = ANY(%s::int[]) THEN false ELSE pg_try_advisory_lock(%s + number) END LIMIT 1)
"""
_GIVE_BACK = "SELECT pg_advisory_unlock(key) FROM unnest(%s::bigint[]) AS key"

Rates = Sequence[tuple[int, float]]
"""So many calls in so many seconds, each of them."""


@dataclass(frozen=True)
class _Place:
    key: int
    """The first of its rate."""
    number: int
    seconds: float
    holder: AsyncConnection


class SharedPlaces:
    """Rates that several processes keep together, under any names (F4).

    A rate has as many places as calls: each is an advisory lock, held from before a call until the rate's seconds after
    its answer. The database gives back what a process held that dies. Without the database nothing is held up: a 429
    then says what is too much.
    """

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._session: AsyncConnection | None = None
        self._connecting = asyncio.Lock()
        self._away_until = 0.0
        """Nobody is kept waiting for a connection that was just tried in vain."""
        self._own: dict[int, set[int]] = defaultdict(set)
        """What the session holds, by the rate's key: it would get its own locks once more."""
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._ripe: list[_Place] = []
        self._giving: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def place(self, name: str, rates: Rates) -> AsyncIterator[None]:
        """Wait for a place in every rate, in the order of coming; hold them during one call and their seconds after it."""
        line = self._lines.setdefault(name, asyncio.Lock())
        async with line:
            places = await self._taken(name, rates)
        try:
            yield
        finally:
            self._give_back_later(places)

    async def close(self) -> None:
        """Give everything back."""
        await self._disconnect(self._session)

    async def _taken(self, name: str, rates: Rates) -> list[_Place]:
        every = max(_LOOK_EVERY, min(seconds / most for most, seconds in rates) / 4)
        try:
            while not (places := await self._free(name, rates)):  # noqa: ASYNC110 - the database is asked
                await asyncio.sleep(every)
        except (Error, OSError) as error:
            _log.warning("rate_not_shared", error=type(error).__name__)
            return []
        return places

    async def _free(self, name: str, rates: Rates) -> list[_Place]:
        """A place in each rate, taken; none if one of them is full. Who gives up meanwhile takes no place along."""
        asked = asyncio.ensure_future(self._ask(await self._connected(), name, rates))
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            with suppress(Error, OSError):
                self._ripen(await asked)
            raise

    async def _ask(self, session: AsyncConnection, name: str, rates: Rates) -> list[_Place]:
        keys = [lock_key(f"{name} {seconds}") for _, seconds in rates]
        asked: list[object] = []
        for key, (most, _) in zip(keys, rates, strict=True):
            asked += [most, list(self._own.get(key, ())), key]
        try:
            row = await (await session.execute("SELECT " + ",".join([_ONE] * len(keys)), asked)).fetchone()
        except (Error, OSError):
            await self._disconnect(session)
            raise
        assert row is not None  # noqa: S101 - a SELECT without FROM gives one
        found = zip(keys, row, rates, strict=True)
        places = [_Place(key, n, seconds, session) for key, n, (_, seconds) in found if n is not None]
        for place in places:
            self._own[place.key].add(place.number)
        if len(places) < len(rates):
            self._ripen(places)
            return []
        return places

    def _give_back_later(self, places: list[_Place]) -> None:
        at = asyncio.get_running_loop().call_at
        for place in places:
            step = place.seconds / _STEPS
            at(ceil((_now() + place.seconds) / step) * step, self._ripen, [place])

    def _ripen(self, places: list[_Place]) -> None:
        """Give back now: together with all that ripen while the statement before is on its way."""
        self._ripe += places
        if self._ripe and (self._giving is None or self._giving.done()):
            self._giving = asyncio.create_task(self._give_back())

    async def _give_back(self) -> None:
        while self._ripe:
            places, self._ripe = self._ripe, []
            # On another session it was given back with the session.
            session = self._session
            held = [place for place in places if place.holder is session]
            if session is not None and held:
                try:
                    await session.execute(_GIVE_BACK, [[place.key + place.number for place in held]])
                except (Error, OSError):
                    await self._disconnect(session)
                self._forget(held)

    def _forget(self, places: list[_Place]) -> None:
        for place in places:
            if place.holder is self._session:
                self._own[place.key].discard(place.number)
                if not self._own[place.key]:
                    del self._own[place.key]

    async def _connected(self) -> AsyncConnection:
        async with self._connecting:
            if self._session is None or self._session.closed:
                if _now() < self._away_until:
                    raise ConnectionError
                try:
                    session = await open_session(self._url)
                except (Error, OSError):
                    self._away_until = _now() + _AWAY_FOR
                    raise
                self._own.clear()
                self._session = session
            return self._session

    async def _disconnect(self, session: AsyncConnection | None) -> None:
        if session is not None:
            if session is self._session:
                self._session = None
            with suppress(Error, OSError):
                await session.close()


def _now() -> float:
    return asyncio.get_running_loop().time()
