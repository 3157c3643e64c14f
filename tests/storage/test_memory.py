"""What a SQLite connection remembers between transactions is what the database holds, whoever wrote to it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, text

from lagesbild.ids import MemberId
from lagesbild.people import Member
from storage import Storage, create_engine, migrate
from tests.samples import a_group, a_member

GROUP = a_group()
MEMBER = a_member("Anna", group_id=GROUP.id)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
async def storage(file: Path) -> AsyncIterator[Storage]:
    url = f"sqlite+aiosqlite:///{file}"
    await migrate(url)
    engine = create_engine(url)
    storage = Storage(engine)
    async with storage.begin() as store:
        await store.groups.save(GROUP)
        await store.members.save(MEMBER)
    yield storage
    await engine.dispose()


async def name(storage: Storage, *, shared: bool = True) -> str:
    async with storage.begin(shared=shared) as store:
        found = await store.members.get(MEMBER.id)
    assert found is not None
    return found.name


def renamed(to: str) -> Member:
    return replace(MEMBER, name=to)


async def rename_and_fail(storage: Storage, *, shared: bool = True) -> None:
    async with storage.begin(shared=shared) as store:
        await store.members.lock(MEMBER.id)
        await store.members.save(renamed("Berit"))
        assert (await store.members.get(MEMBER.id)) == renamed("Berit")
        raise RuntimeError


async def test_what_was_read_is_not_read_again(storage: Storage) -> None:
    asked: list[str] = []

    def listen(connection: sqlite3.Connection, *_: object) -> None:
        connection._connection._conn.set_trace_callback(asked.append)  # type: ignore[attr-defined]

    event.listen(storage.engine.sync_engine, "checkout", listen)
    assert [await name(storage) for _ in range(3)] == ["Anna"] * 3
    assert len([sql for sql in asked if "FROM members" in sql]) == 1


async def test_another_process_may_write_between_two_turns(storage: Storage, file: Path) -> None:
    assert await name(storage) == "Anna"
    for to in ("Berit", "Carin"):
        with sqlite3.connect(file) as other:
            other.execute("UPDATE members SET name = ?", (to,))
        other.close()
        assert await name(storage) == to


@pytest.mark.parametrize("shared", [True, False])
async def test_a_turn_sees_what_it_wrote_and_the_next_one_too(storage: Storage, shared: bool) -> None:
    assert await name(storage) == "Anna"
    async with storage.begin(shared=shared) as store:
        await store.members.lock(MEMBER.id)
        await store.members.save(renamed("Berit"))
        assert (await store.members.get(MEMBER.id)) == renamed("Berit")
    assert await name(storage) == "Berit"


@pytest.mark.parametrize("shared", [True, False])
async def test_what_was_taken_back_is_forgotten(storage: Storage, shared: bool) -> None:
    assert await name(storage) == "Anna"
    with pytest.raises(RuntimeError):
        await rename_and_fail(storage, shared=shared)
    assert await name(storage) == "Anna"


async def test_turns_of_one_transaction_do_not_hear_of_what_one_took_back(storage: Storage) -> None:
    seen: list[str] = []

    async def look() -> None:
        seen.append(await name(storage))

    fail = rename_and_fail
    await asyncio.gather(look(), fail(storage), look(), fail(storage), look(), return_exceptions=True)
    assert seen == ["Anna"] * 3


async def test_a_write_past_the_repositories_is_seen(storage: Storage) -> None:
    assert await name(storage) == "Anna"
    async with storage.begin(shared=True) as store:
        await store.connection.execute(text("UPDATE members SET name = 'Berit'"))
    assert await name(storage) == "Berit"
    async with storage.begin() as store:
        await store.connection.execute(text("DELETE FROM members"))
    async with storage.begin() as store:
        assert await store.members.get(MemberId(MEMBER.id)) is None
