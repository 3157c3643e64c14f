"""A process of its own on a database of either kind, and how to look into that database."""

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
    return {**issuer.environment, "DATABASE_URL": f"sqlite+aiosqlite:///{database}", "LOG_LEVEL": "WARNING"}
