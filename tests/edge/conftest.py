from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.connector import FakeConnector
from tests.edge.bot import RunningBot, running, trusted_bot
from tests.issuer import Issuer

Trusted = tuple[RunningBot, Issuer, FakeConnector]


@pytest_asyncio.fixture
async def trusted() -> AsyncIterator[Trusted]:
    async with trusted_bot() as parts:
        yield parts


@pytest_asyncio.fixture
async def bot(trusted: Trusted) -> RunningBot:
    return trusted[0]


@pytest_asyncio.fixture
async def issuer(trusted: Trusted) -> Issuer:
    return trusted[1]


@pytest_asyncio.fixture
async def connector(trusted: Trusted) -> FakeConnector:
    return trusted[2]


@pytest_asyncio.fixture
async def open_bot() -> AsyncIterator[RunningBot]:
    """A bot that lets anybody on this machine in, as for the Playground."""
    async with running({"ALLOW_ANONYMOUS": "1"}) as started:
        yield started
