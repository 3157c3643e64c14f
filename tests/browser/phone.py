"""A phone with Teams: our own page at 390 × 844 that renders cards with Microsoft's renderer and counts touches.

What the person writes or presses goes to `deliver(activity)`, an async callback of the test, as a bare activity:
`{"type": "message", "text"}`, `{"type": "message", "value", "replyToId"}` (Action.Submit) or
`{"type": "invoke", "name": "adaptiveCard/action", "value": {"action", "trigger"}, "replyToId"}` (Action.Execute). The
callback adds who and where, hands it to the bot, and returns the invoke response's body, which the page shows as Teams does.
What the bot sends or updates is shown with `receive` and `update`.
"""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, Locator, Page, Route

from tools.node import NODE_MODULES

Json = dict[str, Any]
Deliver = Callable[[Json], Awaitable[Json | None]]
Theme = Literal["light", "dark"]

ADDRESS = "http://teams.test"
"""No such host exists: every request is answered from this machine's files."""
PHONE = (390, 844)
DESKTOP = (1280, 900)
PAGE = Path(__file__).parent / "page"


async def _nowhere(_: Json) -> Json | None:
    return None


async def _answer_from_files(route: Route) -> None:
    path = urlsplit(route.request.url).path.lstrip("/")
    file = PAGE / path.removeprefix("page/") if path.startswith("page/") else NODE_MODULES / path
    if not file.is_file():
        await route.fulfill(status=404)
        return
    kind = "text/javascript" if file.suffix in {".js", ".mjs"} else mimetypes.guess_type(file.name)[0]
    await route.fulfill(body=file.read_bytes(), content_type=f"{kind or 'text/plain'}; charset=utf-8")


@dataclass
class Phone:
    """One person's conversation with the bot. `page` is Playwright's, for everything that is not here."""

    page: Page

    async def receive(self, activity: Json) -> None:
        """Show what the bot sent; the activity carries `id`, and `text` or `attachments`."""
        await self.page.evaluate("activity => client.receive(activity)", activity)

    async def update(self, activity: Json) -> None:
        """Show an edited message in the place of the one with the same id."""
        await self.page.evaluate("activity => client.update(activity)", activity)

    async def show(self, card: Json, message_id: str = "card") -> None:
        """Show a card as a message of its own."""
        await self.receive({"id": message_id, "attachments": [{"content": card}]})

    def message(self, message_id: str) -> Locator:
        """The message with this activity id."""
        return self.page.locator(f'article[data-id="{message_id}"]')

    async def press(self, name: str) -> None:
        """Press the newest button with this name, and wait for the bot's answer."""
        await self.page.locator("main").get_by_role("button", name=name).last.click()
        await self.settled()

    async def write(self, text: str) -> None:
        """Write to the bot as a message."""
        await self.page.locator("#text").fill(text)
        await self.page.locator("#composer button").click()
        await self.settled()

    async def settled(self) -> None:
        """Wait until everything delivered has been answered."""
        await self.page.wait_for_function("client.pending === 0")

    async def touches(self) -> int:
        """Touches so far: a press is one, a drop-down two (open, choose), stepping into a text field one."""
        return int(await self.page.evaluate("client.touches"))

    async def fields_typed_in(self) -> int:
        """How many text fields were typed in; typing itself is not a touch."""
        return int(await self.page.evaluate("client.fields.size"))

    async def start_counting(self) -> None:
        """Forget the touches so far."""
        await self.page.evaluate("client.touches = 0; client.fields.clear()")

    async def fits_one_screen(self, message_id: str = "card") -> bool:
        """Is the whole message visible at once between the title and the writing box?"""
        height = await self.message(message_id).evaluate("node => node.getBoundingClientRect().height")
        free = await self.page.evaluate(
            "innerHeight - document.querySelector('header').offsetHeight - composer.offsetHeight"
        )
        return float(height) <= float(free)

    async def starts_in_sight(self, message_id: str = "card") -> bool:
        """Is the message's upper edge below the title and above the writing box?"""
        top = await self.message(message_id).evaluate("node => node.getBoundingClientRect().top")
        first, last = await self.page.evaluate(
            "[document.querySelector('header').getBoundingClientRect().bottom, composer.getBoundingClientRect().top]"
        )
        return float(first) <= float(top) < float(last)

    async def overflows(self) -> bool:
        """Does anything stick out sideways?"""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@asynccontextmanager
async def open_phone(
    browser: Browser,
    deliver: Deliver = _nowhere,
    *,
    size: tuple[int, int] = PHONE,
    theme: Theme = "light",
) -> AsyncIterator[Phone]:
    """A conversation on a screen of this size; the page's own errors end the test that opened it."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, device_scale_factor=2, has_touch=True, locale="sv-SE"
    )
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.route(f"{ADDRESS}/**", _answer_from_files)
    await page.expose_function("deliver", deliver)
    await page.goto(f"{ADDRESS}/page/client.html")
    await page.wait_for_function("window.client?.ready")
    await page.evaluate("theme => client.start(theme)", theme)
    try:
        yield Phone(page)
    finally:
        await context.close()
    if errors:
        raise AssertionError(f"The page failed: {errors}")
