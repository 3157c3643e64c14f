"""`python -m bot demo` as a stranger runs it, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from playwright.async_api import expect

from tests.browser.teams import CHANNEL, PERSONAL, Teams, free_port

START_SECONDS = 40.0
FIRST_AREA = "Vilka ordningsstörningar"
POSITIVE = "7. Något som gick bra?"
KEPT = "Lugn fredagskväll på fritidsgården"
NUMBER = "19121212-1212"


@asynccontextmanager
async def running_demo(folder: Path) -> AsyncIterator[str]:
    """The demo on an empty database in `folder`; gives the client's address."""
    port, client = free_port(), free_port()
    environment = {**os.environ, "PORT": str(port), "DEMO_FOLDER": str(folder)}
    environment.pop("DATABASE_URL", None)
    with (folder / "demo.log").open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "demo",
            "--port",
            str(client),
            env=environment,
            stdout=out,
            stderr=out,
        )
    try:
        await _until_it_answers(f"http://localhost:{client}", process)
        yield f"http://localhost:{client}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        assert not await _answers(f"http://localhost:{client}"), "the client outlived the demo"


async def _until_it_answers(url: str, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            assert process.returncode is None, "the demo stopped"
            if await _answers(url):
                return
            await asyncio.sleep(0.2)


async def _answers(url: str) -> bool:
    async with aiohttp.ClientSession() as http:
        try:
            async with http.get(f"{url}/_internal/v1/config") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


async def set_up(teams: Teams) -> None:
    """The coordinator sets Fagersta's group up in the channel and opens a round."""
    await teams.hide_log()
    await teams.go(CHANNEL)
    await teams.sees("Hej, jag är Lägesbild")
    await teams.press("Kom igång")
    await teams.sees("Inställningar för gruppen")
    await teams.press("Spara")
    await teams.sees("EST-gruppen Fagersta är igång")
    await teams.press("Öppna en insamling nu")
    await teams.sees("är öppen")


async def answer(teams: Teams) -> None:
    """The janitor notes something between meetings, and answers the card."""
    await teams.go(PERSONAL)
    await teams.sees("Lägesrapport inför mötet")
    await teams.write("notera klotter vid Risbroskolan i går")
    await teams.sees("Noterat")
    await teams.press("Svara på rapporten nu")
    await teams.sees("klotter vid Risbroskolan i går")
    await _be_stopped(teams)
    await teams.press("Skicka")
    await teams.sees("Tack, din rapport är sparad")


async def _be_stopped(teams: Teams) -> None:
    """The janitor writes a personal number (made up), gets everything back, and takes the number away."""
    before = await teams.field(FIRST_AREA).input_value()
    await teams.field(FIRST_AREA).fill(f"{before}, av {NUMBER}")
    await teams.field(POSITIVE).fill(KEPT)
    await teams.press("Skicka")
    await teams.sees("Inget är skickat än")
    await teams.sees(f"personnummer ”{NUMBER}”")
    await expect(teams.field(FIRST_AREA)).to_have_value(f"{before}, av {NUMBER}")
    await expect(teams.field(POSITIVE)).to_have_value(KEPT)
    await teams.field(FIRST_AREA).fill(before)


async def publish(teams: Teams) -> None:
    """The coordinator compiles, and puts the picture into the channel."""
    await teams.write("sammanställ")
    await teams.sees("Föreslagen ordning för mötet")
    await teams.press("Lägg i kanalen")
    await teams.sees("Lägesbilden är på väg")
    await teams.go(CHANNEL)
    await teams.sees("Föreslagen ordning för mötet")
