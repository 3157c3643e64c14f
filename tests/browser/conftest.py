"""A browser for the tests that need one; skipped loudly where there is none, and a failure in CI."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.chromium import chromium
from tests.browser.teams import Running, Teams, open_teams, running_bot
from tools.chromium import MISSING, find

HERE = Path(__file__).parent
expect.set_options(timeout=15_000)  # a machine may be busy; what is there is seen at once


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if find() is None:
        terminalreporter.section("BROWSER TESTS NOT RUN", red=True, bold=True)
        terminalreporter.write_line(MISSING)


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """The machine's Chromium, headless."""
    if find() is None:
        if in_ci():
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Running]:
    """The real bot in a process of its own, with a Teams client connected to it."""
    async with running_bot(tmp_path) as running:
        yield running


@pytest_asyncio.fixture
async def playground(bot: Running, browser: Browser) -> AsyncIterator[Teams]:
    """The Teams client's page at 1,280 pixels, open at the personal chat."""
    async with open_teams(browser, bot.client.url) as teams:
        yield teams
