"""Running engines: on an empty database of each kind, or on SQLite alone where that makes no difference."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.connector import FakeConnector
from tests.delivery.rig import Rig, running


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    """A connector that enforces Teams' limits."""
    async with FakeConnector(limited=True) as teams:
        yield teams


@pytest.fixture
async def rig(database_url: str, teams: FakeConnector) -> AsyncIterator[Rig]:
    """A running engine, on each kind of database in turn."""
    async with running(Rig(database_url, teams.url)) as rig:
        yield rig


@pytest.fixture
async def sqlite_rig(sqlite_url: str, teams: FakeConnector) -> AsyncIterator[Rig]:
    """The same, where the kind of database makes no difference."""
    async with running(Rig(sqlite_url, teams.url)) as rig:
        yield rig


@pytest.fixture
async def postgres_rig(postgres_url: str, teams: FakeConnector) -> AsyncIterator[Rig]:
    """The same on PostgreSQL, where there are several writers."""
    async with running(Rig(postgres_url, teams.url)) as rig:
        yield rig
