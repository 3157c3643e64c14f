"""From picture to decision, and back, in a real Teams client: nothing typed but what a person would (B5, C1–C6, D4)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, Locator, expect

from bot.app import App, listening, running
from bot.playground import playground
from bot.sample import SampleGroup, read_sample
from bot.settings import Settings
from tests.browser.demo import publish, set_up
from tests.browser.teams import PERSONAL, Teams, free_port, open_teams
from tests.browser.test_reporting_on_the_phone import PICTURES
from tests.clocks import Shifted

DARK = "Lamporna vid gångvägen i Kolarbyområdet är släckta"
SENTENCE = "Lamporna vid gångvägen i Kolarbyområdet byts före jul."
TALL = {"width": 1280, "height": 1600}


@asynccontextmanager
async def demo_of(folder: Path, clock: Shifted) -> AsyncIterator[tuple[App, str]]:
    """The demo in this process, with a clock that can be put forward; the app and the client's address."""
    settings = Settings.model_validate(
        {
            "allow_anonymous": True,
            "language": "sv",
            "host": "127.0.0.1",
            "port": free_port(),
            "database_url": f"sqlite+aiosqlite:///{folder / 'lagesbild.db'}",
            "log_level": "WARNING",
        }
    )
    async with running(settings, clock=clock) as app, listening(app, settings):
        endpoint = f"http://127.0.0.1:{settings.port}/api/messages"
        async with playground(endpoint, port=free_port()) as client:
            living = asyncio.create_task(_live(SampleGroup(app.desk, read_sample())))
            try:
                yield app, client.url
            finally:
                living.cancel()


async def _live(sample: SampleGroup) -> None:
    while True:
        await sample.live()
        await asyncio.sleep(0.5)


def _card(teams: Teams, words: str) -> Locator:
    """The newest card that says this."""
    return teams.cards.filter(has_text=words).last


async def _press(card: Locator, name: str) -> None:
    await card.get_by_role("button", name=name, exact=True).click()


async def _reports(teams: Teams) -> None:
    await teams.go(PERSONAL)
    card = _card(teams, "Lägesrapport inför mötet")
    await card.get_by_text("Kommentar", exact=True).first.click()
    await card.get_by_label("Vilka ordningsstörningar").fill(DARK)
    await _press(card, "Skicka")
    await teams.sees("Tack, din rapport är sparad")


async def _assesses(teams: Teams) -> None:
    """The meeting sets disorder red, and sends it on."""
    await teams.go(PERSONAL)
    await teams.write("bedöm")
    overview = _card(teams, "Gruppens bedömning, mötet")
    await _choose(teams, overview, "Område", "Ordningsstörningar och otrygghet")
    await _press(overview, "Bedöm området")
    form = _card(teams, "Kommentar. Den som rapporterat läser den")
    await _check(form, "Rött")
    await form.get_by_label("Kommentar. Den som rapporterat läser den").fill(
        "Mörkt, flera undviker gångvägen"
    )
    await teams.page.screenshot(path=PICTURES / "assess-1280.png")
    await _press(form, "Spara")
    await teams.sees("Sparat")
    await _press(_card(teams, "Klart: skicka vidare"), "Klart: skicka vidare")
    await teams.sees("Skickat vidare")
    # The Playground draws every card anew when a message comes, and forgets what was filled in.
    await expect(_card(teams, "Lyft till Brå av")).to_be_visible(timeout=20_000)
    await expect(_card(teams, "Så blev bilden")).to_be_visible(timeout=20_000)


async def _choose(teams: Teams, card: Locator, label: str, value: str) -> None:
    await card.get_by_role("combobox", name=label).click()
    await teams.page.get_by_role("option", name=value).click()


async def _check(card: Locator, name: str) -> None:
    await card.get_by_role("radio", name=re.compile(re.escape(name))).check()


async def test_a_report_becomes_a_decision_and_the_one_who_reported_hears_of_it(
    tmp_path: Path, browser: Browser
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    clock = Shifted()
    async with demo_of(tmp_path, clock) as (app, url), open_teams(browser, url) as teams:
        await set_up(teams)
        await _reports(teams)
        await publish(teams)
        await teams.page.set_viewport_size(TALL)
        await _assesses(teams)

        referral = _card(teams, "Lyft till Brå av")
        await _check(referral, "Insats – någon gör något bestämt")
        await referral.get_by_label("Det här får de som rapporterade läsa").fill(SENTENCE)
        await referral.get_by_label("… eller någon annan").fill("Tekniska förvaltningen")
        due = (clock.now() + timedelta(days=21)).date().isoformat()
        await referral.get_by_label("Klart senast").fill(due)
        await _press(referral, "Förhandsgranska")
        preview = _card(teams, "Så här läser de som rapporterade")
        await expect(preview).to_contain_text(SENTENCE)
        await teams.page.screenshot(path=PICTURES / "decision-1280.png")
        await _press(preview, "Skicka beslutet")

        feedback = _card(teams, "Det du rapporterade")
        await expect(feedback).to_contain_text(DARK, timeout=15_000)
        await expect(feedback).to_contain_text(SENTENCE)
        await feedback.screenshot(path=PICTURES / "feedback.png")
        await _is_done(teams)
        await _five_weeks_pass(app, clock)
        question = _card(teams, "Märks det?")
        await expect(question).to_contain_text(DARK, timeout=20_000)
        await _press(question, "Nej")
        await teams.sees("Tack! Ditt svar")
        await teams.write("bedöm")
        await teams.sees("Tillbaka på dagordningen")
        await teams.page.screenshot(path=PICTURES / "agenda-1280.png")


async def _is_done(teams: Teams) -> None:
    await teams.write("insatser")
    listed = _card(teams, "Öppna en insats")
    await _choose(teams, listed, "Öppna en insats", SENTENCE)
    await _press(listed, "Öppna")
    measure = _card(teams, "Hur långt har det kommit?")
    await _check(measure, "Klar")
    await measure.get_by_label("Vad har det lett till?").fill("Alla lampor är bytta")
    await _press(measure, "Spara")
    await teams.sees("Sparat")


async def _five_weeks_pass(app: App, clock: Shifted) -> None:
    clock.forward(days=36)
    await app.engine.tick_now()
