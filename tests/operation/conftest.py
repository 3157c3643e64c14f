"""A process of its own: whom it believes, whom it sends to, and where it keeps what it knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.connector import FakeConnector
from tests.issuer import Issuer


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with Issuer() as one:
        yield one


@pytest_asyncio.fixture
async def connector(issuer: Issuer) -> AsyncIterator[FakeConnector]:
    async with FakeConnector(accepts=issuer.accepts) as one:
        yield one


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
def environment(issuer: Issuer, database: Path) -> dict[str, str]:
    return {**issuer.environment, "DATABASE_URL": f"sqlite+aiosqlite:///{database}", "STOP_WITHIN": "10"}
