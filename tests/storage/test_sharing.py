"""Turns that share a SQLite transaction: each stands or falls by itself, and hears the truth about the commit."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from storage import Storage, Undone, create_engine

TABLES = (
    "CREATE TABLE words (word TEXT PRIMARY KEY)",
    "CREATE TABLE uses (word TEXT REFERENCES words (word) DEFERRABLE INITIALLY DEFERRED)",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
async def storage(file: Path) -> AsyncIterator[Storage]:
    engine = create_engine(f"sqlite+aiosqlite:///{file}")
    async with engine.begin() as connection:
        for table in TABLES:
            await connection.execute(text(table))
    yield Storage(engine)
    await engine.dispose()


def stored(file: Path) -> set[str]:
    """The words that another process sees: what is committed."""
    with sqlite3.connect(file) as other:
        return {word for (word,) in other.execute("SELECT word FROM words")}


async def add(storage: Storage, file: Path, word: str, *, shared: bool = True, table: str = "words") -> bool:
    """Store a word; whether it is committed when that returns."""
    async with storage.begin(shared=shared) as store:
        await store.connection.execute(text(f"INSERT INTO {table} VALUES (:word)"), {"word": word})
    return word in stored(file)


async def test_every_turn_ends_after_the_commit_and_few_commits_serve_many(
    storage: Storage, file: Path
) -> None:
    commits: list[object] = []
    event.listen(storage.engine.sync_engine, "commit", commits.append)
    words = [f"word {number}" for number in range(40)]
    assert all(await asyncio.gather(*(add(storage, file, word) for word in words)))
    assert stored(file) == set(words)
    assert len(commits) < 10


async def test_a_turn_that_fails_takes_back_what_it_wrote_and_no_more(storage: Storage, file: Path) -> None:
    async def failing() -> None:
        async with storage.begin(shared=True) as store:
            await store.connection.execute(text("INSERT INTO words VALUES ('lost')"))
            raise ValueError("no")

    done = await asyncio.gather(
        add(storage, file, "one"),
        failing(),
        add(storage, file, "one"),
        add(storage, file, "two"),
        return_exceptions=True,
    )
    assert [type(one) for one in done] == [bool, ValueError, IntegrityError, bool]
    assert stored(file) == {"one", "two"}


async def test_one_that_is_stopped_in_the_middle_stops_nobody_else(storage: Storage, file: Path) -> None:
    begun = asyncio.Event()

    async def slow() -> None:
        async with storage.begin(shared=True) as store:
            await store.connection.execute(text("INSERT INTO words VALUES ('lost')"))
            begun.set()
            await asyncio.sleep(10)

    first = asyncio.create_task(add(storage, file, "before"))
    task = asyncio.create_task(slow())
    behind = [asyncio.create_task(add(storage, file, f"behind {number}")) for number in range(3)]
    await begun.wait()
    behind[0].cancel()
    task.cancel()
    async with asyncio.timeout(9):
        await asyncio.gather(first, task, *behind, return_exceptions=True)
    assert stored(file) == {"before", "behind 1", "behind 2"}


async def test_who_gives_up_waiting_for_the_commit_leaves_it_to_the_others(
    storage: Storage, file: Path
) -> None:
    first_written = asyncio.Event()

    async def first() -> None:
        async with storage.begin(shared=True) as store:
            await store.connection.execute(text("INSERT INTO words VALUES ('word 0')"))
            first_written.set()

    tasks: list[asyncio.Task[object]] = [asyncio.create_task(first())]
    tasks += [asyncio.create_task(add(storage, file, f"word {number}")) for number in range(1, 4)]
    await asyncio.wait_for(first_written.wait(), 30)
    tasks[0].cancel()
    async with asyncio.timeout(30):
        await asyncio.gather(*tasks, return_exceptions=True)
    assert {"word 1", "word 2", "word 3"} <= stored(file)
    assert await add(storage, file, "after")


async def test_a_commit_that_fails_is_told_to_all_who_shared_it(storage: Storage, file: Path) -> None:
    done = await asyncio.gather(
        add(storage, file, "one"),
        add(storage, file, "nowhere", table="uses"),
        add(storage, file, "two"),
        return_exceptions=True,
    )
    assert [type(one) for one in done] == [Undone, Undone, Undone]
    assert stored(file) == set()
    assert await add(storage, file, "one", shared=False)
    with pytest.raises(IntegrityError):
        await add(storage, file, "nowhere", table="uses", shared=False)
    with pytest.raises(IntegrityError):
        await add(storage, file, "nowhere", table="uses")


async def test_one_that_wants_to_be_alone_waits_until_the_others_are_committed(
    storage: Storage, file: Path
) -> None:
    async def alone() -> set[str]:
        async with storage.begin() as store:
            seen = stored(file)
            await store.connection.execute(text("INSERT INTO words VALUES ('alone')"))
            return seen

    one, seen, two = await asyncio.gather(add(storage, file, "one"), alone(), add(storage, file, "two"))
    assert one
    assert two
    assert seen == {"one"}
    assert stored(file) == {"one", "alone", "two"}


async def test_a_transaction_that_sqlite_gave_up_is_nobodys(storage: Storage, file: Path) -> None:
    async def losing() -> None:
        async with storage.begin(shared=True) as store:
            # What SQLite does by itself when the disk is full.
            await store.connection.exec_driver_sql("ROLLBACK")

    done = await asyncio.gather(
        add(storage, file, "one"), losing(), add(storage, file, "two"), return_exceptions=True
    )
    assert [type(one) for one in done] == [Undone, Undone, bool]
    assert stored(file) == {"two"}
