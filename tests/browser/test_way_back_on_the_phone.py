"""What comes back to the one who reported, on a phone: read in one column, and answered with one touch (C5, C6)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from bot.app import FEATURES
from bot.routing import Router
from cards.feedback import feedback_card
from cards.follow_up import follow_up_card
from cards.texts import Texts
from lagesbild.usecases.feeding_back import feedback_of
from lagesbild.usecases.following_up import asked_of
from storage.engine import create_engine
from storage.migrate import migrate
from storage.unit_of_work import Storage
from tests.bot.chat import Chat, nothing_fetched
from tests.browser.phone import open_phone
from tests.browser.test_reporting_on_the_phone import Wire, picture
from tests.chain import (
    ASKED,
    ASSESSMENT,
    DECIDED,
    DECISION,
    DONE,
    KARIN,
    LENA,
    MARKERS,
    PROMISE,
    ROUND,
    TITLE,
    begun,
)
from tests.samples import NOW, a_group, a_meeting
from tests.usecases.world import World

TEXTS = Texts("sv")


@pytest.fixture
async def chat(sqlite_url: str) -> AsyncIterator[Chat]:
    """Lena reported, the council decided, it is done, and she is asked."""
    await migrate(sqlite_url)
    engine = create_engine(sqlite_url)
    try:
        world = World(Storage(engine), NOW)
        await begun(world, DECIDED, ASSESSMENT, DECISION, DONE, ASKED, PROMISE)
        router = Router(world.work, nothing_fetched, FEATURES)
        yield Chat(world, router, a_group(), a_meeting(), ROUND, KARIN, LENA)
    finally:
        await engine.dispose()


async def test_the_card_that_comes_back_reads_in_one_column(browser: Browser, chat: Chat) -> None:
    async with chat.world.work() as work:
        found = await feedback_of(work, a_group(), LENA, DECIDED)
    async with open_phone(browser, Wire(chat)) as phone:
        await phone.show(feedback_card(TEXTS, found).to_dict())
        card = phone.message("card")
        for words in (TITLE, MARKERS[LENA.id], DECISION.sentence):
            await expect(card).to_contain_text(words)
        await picture(phone, "feedback")
        assert not await phone.overflows()


async def test_whether_it_shows_is_one_touch(browser: Browser, chat: Chat) -> None:
    async with chat.world.work() as work:
        asked = await asked_of(work, LENA, ASKED.measure_id, ASKED.number)
    async with open_phone(browser, Wire(chat)) as phone:
        await phone.show(follow_up_card(TEXTS, asked).to_dict())
        await picture(phone, "follow-up")
        assert not await phone.overflows()
        await phone.start_counting()
        await phone.press("Nej")
        await expect(phone.message("card")).to_contain_text("Tack! Ditt svar")
        assert await phone.touches() == 1
