"""One transaction for one turn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext

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

_OF_ANOTHER = (
    # Each waited for the other; PostgreSQL undid this one.
    psycopg.errors.DeadlockDetected,
    # Another stored meanwhile what this one had found missing: Teams tells of most things twice, at the same time.
    psycopg.errors.UniqueViolation,
    # Another removed meanwhile what this one had found there.
    psycopg.errors.ForeignKeyViolation,
)
"""With READ COMMITTED nothing else is refused because of another: a SerializationFailure has no part in it."""


class StorageUnitOfWork:
    """The repositories of one open transaction; fulfils `lagesbild.ports.UnitOfWork`."""

    def __init__(self, connection: AsyncConnection, *, write: bool = True) -> None:
        self.connection = connection
        self._rows = rows = Rows(connection, write=write)
        self.groups = Groups(rows)
        self.members = Members(rows)
        self.absences = Absences(rows)
        self.meetings = Meetings(rows)
        self.rounds = Rounds(rows)
        self.reports = Reports(rows)
        self.observations = Observations(rows)
        self.pictures = Pictures(rows)
        self.deliveries = Deliveries(rows)
        self.audit = AuditLog(rows)
        self.assessments = Assessments(rows)
        self.themes = Themes(rows)
        self.councils = Councils(rows)
        self.referrals = Referrals(rows)
        self.measures = Measures(rows)
        self.analyses = Analyses(rows)
        self.directions = Directions(rows)
        self.follow_ups = FollowUps(rows)
        self.promises = Promises(rows)

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
    """What came of another transaction at the same time, and can be tried again: that one is over then, and is seen."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, _OF_ANOTHER):
            raise Undone from error
        raise
