"""The janitor's two minutes: the report card at 390 × 844, answered with few touches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.teams.activities import Reply
from cards.report import report_card
from cards.texts import Texts
from lagesbild.usecases.reports import sheet_for
from lagesbild.usecases.under_way import with_under_way
from storage.engine import create_engine
from storage.migrate import migrate
from storage.unit_of_work import Storage
from tests.bot.chat import Chat, a_chat
from tests.browser.phone import Json, Phone, open_phone
from tests.chain import DIRECTION
from tests.samples import LUDVIKA, NOW
from tests.usecases.world import World

PICTURES = Path(__file__).resolve().parents[2] / "build" / "screenshots"
TYPING = "Glas och klotter på gångvägen"


@pytest.fixture
async def chat(sqlite_url: str) -> AsyncIterator[Chat]:
    """A group with an open round."""
    await migrate(sqlite_url)
    engine = create_engine(sqlite_url)
    try:
        yield await a_chat(World(Storage(engine), NOW))
    finally:
        await engine.dispose()


class Wire:
    """Takes what the phone sends to the bot's router, and gives the answer as Teams would."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat

    async def __call__(self, activity: Json) -> Json | None:
        if activity["type"] != "invoke":
            return None
        reply = await self.chat.presses(self.chat.mehmet, activity["value"]["action"]["data"])
        return _invoke_answer(reply)


def _invoke_answer(reply: Reply) -> dict[str, Any]:
    if reply.card is None:
        return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": reply.text}
    return {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": reply.card}


async def _report_card(chat: Chat) -> Json:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    return card


async def _prompt(chat: Chat, level: float = 2.5) -> Json:
    """The card that the clock sends, with the last round's level at every area."""
    async with chat.world.work() as work:
        await work.store.directions.save(DIRECTION)
        sheet = await with_under_way(work, await sheet_for(work, chat.mehmet, chat.round))
    assert sheet.under_way
    last = {question.number: level for question in sheet.template.questions}
    return report_card(Texts("sv"), replace(sheet, last_levels=last), why=True).to_dict()


async def picture(phone: Phone, name: str) -> None:
    """Keep what the phone shows as a build output."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    await phone.page.screenshot(path=PICTURES / f"{name}-390.png")


async def test_all_seven_areas_fit_on_one_screen(browser: Browser, chat: Chat) -> None:
    async with open_phone(browser, Wire(chat)) as phone:
        await phone.show(await _prompt(chat))
        await picture(phone, "report")
        assert await phone.fits_one_screen()
        assert not await phone.overflows()


@pytest.mark.parametrize("level", [1.0, 2.0, 3.0], ids=["green", "yellow", "red"])
async def test_all_seven_areas_fit_on_one_screen_also_with_colours(
    browser: Browser, chat: Chat, level: float
) -> None:
    chat = replace(chat, round=replace(chat.round, template=LUDVIKA))
    await chat.world.has(chat.round)
    async with open_phone(browser, Wire(chat)) as phone:
        await phone.show(await _prompt(chat, level))
        await expect(phone.page.get_by_text("Punkter", exact=True).first).to_be_visible()
        await picture(phone, "report-ludvika")
        assert await phone.fits_one_screen()
        assert not await phone.overflows()


async def test_nothing_to_report_takes_one_touch(browser: Browser, chat: Chat) -> None:
    async with open_phone(browser, Wire(chat)) as phone:
        await phone.show(await _report_card(chat))
        await phone.start_counting()
        await phone.press("Inget att rapportera")
        await expect(phone.message("card")).to_contain_text("Tack, din rapport är sparad")
        assert await phone.touches() == 1


async def test_one_area_with_a_comment_takes_at_most_five_touches(browser: Browser, chat: Chat) -> None:
    async with open_phone(browser, Wire(chat)) as phone:
        await phone.show(await _report_card(chat))
        await phone.start_counting()
        await phone.page.get_by_label("1. Ordningsstörningar och otrygghet").select_option("3")
        await phone.page.get_by_text("Kommentar", exact=True).first.click()
        field = phone.page.get_by_label("Vilka ordningsstörningar")
        await field.click()
        await field.press_sequentially(TYPING)
        await phone.press("Skicka")
        await expect(phone.message("card")).to_contain_text(TYPING)
        await picture(phone, "receipt")
        assert await phone.touches() <= 5


async def test_what_the_guard_found_is_marked_and_everything_typed_is_there(
    browser: Browser, chat: Chat
) -> None:
    async with open_phone(browser, Wire(chat)) as phone:
        await phone.show(await _report_card(chat))
        await phone.page.get_by_text("Kommentar", exact=True).first.click()
        await phone.page.get_by_label("Vilka ordningsstörningar").fill("Bråk med 19121212-1212")
        await phone.page.get_by_label("7. Något som gick bra?").fill("Fin kväll")
        await phone.press("Skicka")
        card = phone.message("card")
        await expect(card).to_contain_text("Inget är skickat än")
        assert await phone.starts_in_sight()
        await picture(phone, "guard")
        await expect(phone.page.get_by_label("Vilka ordningsstörningar")).to_have_value(
            "Bråk med 19121212-1212"
        )
        await expect(phone.page.get_by_label("7. Något som gick bra?")).to_have_value("Fin kväll")
        await phone.page.get_by_label("Vilka ordningsstörningar").fill("Bråk")
        await phone.press("Skicka")
        await expect(card).to_contain_text("Tack, din rapport är sparad")
