"""The main job in a real Teams client: set up, prompt, note, answer, status, compile, picture in the channel."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.demo import KEPT, NUMBER, answer, publish, running_demo, set_up
from tests.browser.teams import Teams, open_teams
from tests.browser.test_reporting_on_the_phone import PICTURES


async def test_a_stranger_goes_from_set_up_to_the_picture_in_the_channel(
    tmp_path: Path, browser: Browser
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with running_demo(tmp_path) as url, open_teams(browser, url) as teams:
        await set_up(teams)
        await answer(teams)
        receipt = teams.cards.filter(has_text="Tack, din rapport är sparad")
        await expect(receipt).to_contain_text(KEPT)
        await expect(receipt).not_to_contain_text(NUMBER)
        await teams.page.screenshot(path=PICTURES / "answer-1280.png")
        await teams.write("samanställ")
        await teams.sees("Menade du")
        await _all_but_one_have_answered(teams)
        await teams.page.screenshot(path=PICTURES / "status-1280.png")
        await publish(teams)
        post = teams.cards.filter(has_text="Föreslagen ordning för mötet")
        await expect(post).to_contain_text("Lägesbild")
        await expect(post).to_contain_text("8 av 10")
        await teams.page.set_viewport_size({"width": 1280, "height": 1500})
        await teams.page.get_by_text("Ungdomar/skolor").last.click()
        await expect(post).to_contain_text("Bråk i matsalen")
        await teams.page.screenshot(path=PICTURES / "picture-1280.png")


async def _all_but_one_have_answered(teams: Teams) -> None:
    """The sample's people answer beside the one at the keyboard; `status` is asked until they have."""
    for _ in range(5):
        await teams.write("status")
        with suppress(AssertionError):
            await teams.sees("Tysta (1)", seconds=4)
            break
    await teams.sees("Tysta (1)")
