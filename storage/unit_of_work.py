"""One transaction for one turn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import Generic, TypeVar

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.assessments import Assessments, Themes
from storage.council import Councils, Directions, Referrals
from storage.deliveries import AuditLog, Deliveries
from storage.engine import WAIT_SECONDS
from storage.measures import Analyses, FollowUps, Measures
from storage.people import Absences, Groups, Members
from storage.pictures import Pictures
from storage.promises import Promises
from storage.reports import Observations, Reports
from storage.rounds import Meetings, Rounds
from storage.rows import Rows
from storage.sharing import SharedTransactions, Undone

R = TypeVar("R")


class _Repository(Generic[R]):
    """A repository of a unit of work, made when it is first asked for: a turn needs six of them."""

    def __init__(self, made_of: Callable[[Rows], R]) -> None:
        self._made_of = made_of

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, unit: StorageUnitOfWork, owner: type) -> R:
        made = vars(unit)[self._name] = self._made_of(unit._rows)  # noqa: SLF001  found there from now on
        return made


class StorageUnitOfWork:
    """The repositories of one open transaction; fulfils `lagesbild.ports.UnitOfWork`."""

    groups = _Repository(Groups)
    members = _Repository(Members)
    absences = _Repository(Absences)
    meetings = _Repository(Meetings)
    rounds = _Repository(Rounds)
    reports = _Repository(Reports)
    observations = _Repository(Observations)
    pictures = _Repository(Pictures)
    deliveries = _Repository(Deliveries)
    audit = _Repository(AuditLog)
    assessments = _Repository(Assessments)
    themes = _Repository(Themes)
    councils = _Repository(Councils)
    referrals = _Repository(Referrals)
    measures = _Repository(Measures)
    analyses = _Repository(Analyses)
    directions = _Repository(Directions)
    follow_ups = _Repository(FollowUps)
    promises = _Repository(Promises)

    def __init__(self, connection: AsyncConnection, *, write: bool = True) -> None:
        self.connection = connection
        self._rows = Rows(connection, write=write)

    async def send(self) -> None:
        """Send what is written to the database; the end of the transaction does."""
        await self._rows.send()


class Storage:
    """Opens units of work on one engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        # Writers in this process queue up fairly there; SQLite's own waiting is by sleeping.
        is_sqlite = engine.dialect.name == "sqlite"
        self._writers = SharedTransactions(engine, WAIT_SECONDS) if is_sqlite else None

    @asynccontextmanager
    async def begin(self, *, write: bool = True, shared: bool = False) -> AsyncIterator[StorageUnitOfWork]:
        """A transaction: commits on a clean exit, rolls back on an exception. Not to be nested when it writes.

        One that may be `shared` can raise `Undone`: then it is to be tried once more, not shared.
        """
        if write and shared and self._writers:
            async with self._writers.share() as connection:
                unit = StorageUnitOfWork(connection)
                yield unit
                await unit.send()
            return
        with _undone() if shared else nullcontext():
            async with self.undisturbed() if write else nullcontext(), self.engine.connect() as connection:
                options = {"write": True} if write else {"write": False, "postgresql_readonly": True}
                await connection.execution_options(**options)
                async with connection.begin():
                    unit = StorageUnitOfWork(connection, write=write)
                    yield unit
                    await unit.send()

    def undisturbed(self) -> AbstractAsyncContextManager[None]:
        """For as long as the block lasts, no transaction of this process holds SQLite's lock: what waits for that lock
        on the event loop itself would wait for one that only the loop can end."""
        return self._writers.alone() if self._writers else nullcontext()


@contextmanager
def _undone() -> Iterator[None]:
    """PostgreSQL undoes one of two transactions that wait for each other, and says that it can be tried again."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.errors.DeadlockDetected):
            raise Undone from error
        raise
