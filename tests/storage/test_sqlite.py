"""Statements that run where they are called leave nothing open behind them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import create_engine
from storage.unit_of_work import Storage


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE words (word TEXT PRIMARY KEY)"))
    yield engine
    await engine.dispose()


async def words(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return list((await connection.execute(text("SELECT word FROM words ORDER BY word"))).scalars())


async def add(storage: Storage, word: str) -> None:
    async with storage.begin() as store:
        await store.connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})


async def test_an_error_is_the_usual_one_and_the_next_transaction_works(engine: AsyncEngine) -> None:
    storage = Storage(engine)
    await add(storage, "one")
    with pytest.raises(IntegrityError):
        await add(storage, "one")
    await add(storage, "two")
    assert await words(engine) == ["one", "two"]


async def test_who_gives_up_waiting_for_another_writer_keeps_nobody_else_out(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    storage = Storage(engine)
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(add(storage, "given up"))
    await asyncio.sleep(0.1)
    waiting.cancel()
    await asyncio.sleep(0.05)
    other.execute("COMMIT")
    other.close()
    await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(10):
        await add(storage, "after")
    assert await words(engine) == ["after"]


async def test_who_is_stopped_in_the_middle_has_written_nothing(engine: AsyncEngine) -> None:
    storage, written = Storage(engine), asyncio.Event()

    async def stopped() -> None:
        async with storage.begin() as store:
            await store.connection.execute(text("INSERT INTO words VALUES ('lost')"))
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stopped())
    await written.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await add(storage, "kept")
    assert await words(engine) == ["kept"]
