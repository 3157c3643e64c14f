"""An empty, migrated storage of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage import Storage, create_engine, migrate


@pytest.fixture
async def storage(database_url: str) -> AsyncIterator[Storage]:
    """A storage on a fresh database, which the migrations made."""
    await migrate(database_url)
    engine = create_engine(database_url)
    yield Storage(engine)
    await engine.dispose()
