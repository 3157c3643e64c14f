"""The databases that tests are given are real, and empty."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


async def test_a_test_gets_a_fresh_database_of_each_kind(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE only_here (id INTEGER)"))
        assert (await connection.execute(text("SELECT count(*) FROM only_here"))).scalar() == 0
    await engine.dispose()


async def test_another_test_does_not_see_it(database_url: str) -> None:
    await test_a_test_gets_a_fresh_database_of_each_kind(database_url)
