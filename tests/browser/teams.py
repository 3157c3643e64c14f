"""The Playground's page as a person uses it on a desktop, and the bot behind it."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, Locator, Page, expect

from bot.playground import Playground, playground

SIZE = (1280, 900)
READY_SECONDS = 30.0
PERSONAL = "Personal Chat"
GENERAL = "EST Fagersta - General"
CHANNEL = "EST Fagersta - Lägesbild"


@dataclass(frozen=True)
class Running:
    """The bot's address and the Teams client in front of it; `log` is what the bot wrote."""

    url: str
    client: Playground
    log: Path


@dataclass(frozen=True)
class Teams:
    """The page of the person at the keyboard. `page` is Playwright's, for everything that is not here."""

    page: Page

    async def go(self, place: str) -> None:
        """Open a conversation: PERSONAL, GENERAL or CHANNEL."""
        await self.page.get_by_role("treeitem", name=place, exact=True).click()

    async def write(self, text: str) -> None:
        """Write to the bot where the person is."""
        box = self.page.get_by_role("textbox").last
        await box.click()
        await box.press_sequentially(text)
        await self.page.get_by_role("button", name="Send Message").click()

    @property
    def cards(self) -> Locator:
        """Every card in the open conversation, oldest first."""
        return self.page.locator(".ac-adaptiveCard")

    @property
    def last_card(self) -> Locator:
        """The newest card in the open conversation."""
        return self.cards.last

    def field(self, label: str) -> Locator:
        """A field of the newest card, by the beginning of its label."""
        return self.last_card.get_by_label(label)

    async def press(self, name: str) -> None:
        """Press a button of the newest card."""
        await self.last_card.get_by_role("button", name=name).click()

    async def sees(self, text: str, *, seconds: float = 20.0) -> None:
        """Wait until the open conversation shows this text."""
        await expect(self.page.get_by_text(text).last).to_be_visible(timeout=seconds * 1000)

    async def hide_log(self) -> None:
        """Close the panel at the right, for pictures."""
        await self.page.locator("button:right-of(:text('Log Panel'))").last.click()


@asynccontextmanager
async def open_teams(browser: Browser, url: str) -> AsyncIterator[Teams]:
    """Open the Teams client's page."""
    context = await browser.new_context(
        viewport={"width": SIZE[0], "height": SIZE[1]}, device_scale_factor=2, locale="sv-SE"
    )
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_role("treeitem", name=PERSONAL, exact=True).wait_for()
    try:
        yield Teams(page)
    finally:
        await context.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def running_bot(folder: Path, settings: Mapping[str, str] | None = None) -> AsyncIterator[Running]:
    """`python -m bot serve` on an empty database in `folder`, with the Teams client connected."""
    port, log = free_port(), folder / "bot.log"
    environment = {
        **os.environ,
        "ALLOW_ANONYMOUS": "1",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'lagesbild.db'}",
        **(settings or {}),
    }
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", env=environment, stdout=out, stderr=out
        )
    url = f"http://127.0.0.1:{port}"
    try:
        await _until_ready(url, process, log)
        async with playground(f"{url}/api/messages", port=free_port()) as client:
            yield Running(url, client, log)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _until_ready(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as http:
        while not await _is_ready(http, url):
            if process.returncode is not None:
                raise RuntimeError(f"The bot stopped with {process.returncode}:\n{_tail(log)}")
            await asyncio.sleep(0.1)


async def _is_ready(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(f"{url}/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-4000:]
