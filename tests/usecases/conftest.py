"""A world on a fresh database of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from storage.engine import create_engine
from storage.migrate import migrate
from storage.unit_of_work import Storage
from tests.chain import begun
from tests.replicas import ASA, Replicas, two_worlds
from tests.samples import MEETING_AT, NOW
from tests.usecases.world import World


@pytest.fixture
async def each_world(database_url: str) -> AsyncIterator[World]:
    """An empty world, on SQLite and on PostgreSQL, for what depends on locks, constraints or order."""
    async for made in _world(database_url):
        yield made


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """An empty world on SQLite: the storage's own tests hold the two databases to the same behaviour."""
    async for made in _world(sqlite_url):
        yield made


@pytest.fixture
async def week_after(postgres_url: str) -> AsyncIterator[Replicas]:
    """Two processes' worlds on one database, a week after the meeting that lifted the lights."""
    async with two_worlds(postgres_url) as (one, two):
        one.time = two.time = MEETING_AT + timedelta(days=7)
        await begun(one)
        await one.has(ASA)
        yield one, two


async def _world(url: str) -> AsyncIterator[World]:
    await migrate(url)
    engine = create_engine(url)
    try:
        yield World(Storage(engine), NOW)
    finally:
        await engine.dispose()
