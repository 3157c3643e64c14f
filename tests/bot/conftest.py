"""A chat on a fresh SQLite database, and a council beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.engine import create_engine
from storage.migrate import migrate
from storage.unit_of_work import Storage
from tests.bot.chat import Chat, a_chat
from tests.bot.council import Council, a_council_at_work
from tests.samples import NOW
from tests.usecases.world import World


@pytest.fixture
async def chat(sqlite_url: str) -> AsyncIterator[Chat]:
    """Karin leads, Mehmet reports, and a round is open."""
    await migrate(sqlite_url)
    engine = create_engine(sqlite_url)
    try:
        yield await a_chat(World(Storage(engine), NOW))
    finally:
        await engine.dispose()


@pytest.fixture
async def council(chat: Chat, sqlite_url: str) -> AsyncIterator[Council]:
    """Mehmet reported what waits for the council's answer."""
    async with a_council_at_work(chat, sqlite_url) as one:
        yield one
