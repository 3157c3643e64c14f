"""Which of the processes on one PostgreSQL live: how the others know whose work to take over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

import structlog
from psycopg import AsyncConnection, Error

from storage.sessions import lock_key, open_session

_log = structlog.get_logger(__name__)
_BEAT = 0.5
_AGAIN = 0.1
_FREE = """
    SELECT key FROM unnest(%s::bigint[]) AS key
    WHERE CASE WHEN pg_try_advisory_lock(key) THEN pg_advisory_unlock(key) ELSE false END
"""


class Presence:
    """Shows that this process lives, and tells which others do not any more (F4).

    Each holds an advisory lock named after it, on a connection of its own; the database takes it back from who dies or
    is cut off. Who lives and lost its connection (PostgreSQL was restarted) takes its lock again at once: only one that
    nobody held for `grace` seconds, seen without a break, tells of a death.

    A process that was cut off for so long may have been taken for dead while it lived: `surely` tells.
    """

    def __init__(self, database_url: str, name: str, grace: float = 2.0) -> None:
        self._url = database_url
        self._key = _key(name)
        self._grace = grace
        self._session: AsyncConnection | None = None
        self._held_at = self._term = 0.0
        self._missing: dict[str, float] = {}
        """Whose lock nobody holds, and since when this has been seen."""
        self._beating: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Be there from now on. psycopg's Error if the database is not."""
        await self._take()
        self._held_at = self._term = _now()
        self._beating = asyncio.create_task(self._beat(), name="presence")

    async def close(self) -> None:
        """Be gone."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        await self._disconnect()

    async def surely(self) -> float:
        """Wait until nobody can have taken this process for dead, if it is not so now.

        The answer is since when that has been so, without a break, on the loop's clock.
        """
        while _now() >= self._held_at + self._grace:  # noqa: ASYNC110 - the next beat tells
            await asyncio.sleep(_AGAIN)
        return self._term

    async def missing(self, names: Collection[str]) -> list[str]:
        """Who else of these is dead. To be asked again and again, at intervals much shorter than the grace."""
        if self._session is None:
            return []
        keys = {_key(name): name for name in names}
        keys.pop(self._key, None)  # one's own lock one gets once more
        rows = await (await self._session.execute(_FREE, [list(keys)])).fetchall()
        free, now = {keys[key] for (key,) in rows}, _now()
        self._missing = {name: self._missing.get(name, now) for name in free}
        return [name for name, since in self._missing.items() if now - since >= self._grace]

    @asynccontextmanager
    async def in_place_of(self, name: str) -> AsyncIterator[bool]:
        """Whether that one is dead still; if so it cannot come back, nor be taken for dead by others, within the block."""
        session, key = self._session, _key(name)
        if session is None or not await _asked(session, "SELECT pg_try_advisory_lock(%s)", key):
            yield False
            return
        try:
            yield True
        finally:
            self._missing.pop(name, None)
            await _asked(session, "SELECT pg_advisory_unlock(%s)", key)

    async def _beat(self) -> None:
        while True:
            begun = _now()
            try:
                # A slow answer is none that is missing: it is the line that says when it is cut.
                if self._session is None:
                    await self._take()
                    self._back()
                else:
                    await self._session.execute("SELECT 1")
            except (Error, OSError) as error:
                _log.warning("presence_lost", error=type(error).__name__)
                await self._disconnect()
                await asyncio.sleep(_AGAIN)
            else:
                self._held_at = begun
                await asyncio.sleep(_BEAT)

    def _back(self) -> None:
        if _now() >= self._held_at + self._grace:
            self._term = _now()

    async def _take(self) -> None:
        session = await open_session(self._url)
        try:
            await session.execute("SELECT pg_advisory_lock(%s)", [self._key])
        except BaseException:
            await session.close()
            raise
        self._session, self._missing = session, {}

    async def _disconnect(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(Error, OSError):
                await session.close()


async def _asked(session: AsyncConnection, question: str, key: int) -> bool:
    row = await (await session.execute(question, [key])).fetchone()
    return row is not None and bool(row[0])


def _key(name: str) -> int:
    return lock_key(f"process {name}")


def _now() -> float:
    return asyncio.get_running_loop().time()
