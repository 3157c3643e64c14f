"""`make run`: the bot, Microsoft's Teams client, and a sample group whose other members answer by themselves.

The person at the keyboard sets the group up and holds every role. What the others did comes through the use cases, with
the clock set back for the rounds of the past; what was sent then is on the ledger as sent, and is not sent now.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.app import listening, running
from bot.logging import set_up_logging
from bot.playground import PlaygroundError, playground
from bot.sample import SampleGroup, read_sample
from bot.settings import read_settings

LOOK_EVERY = 1.0
"""Seconds between looks at whether there is something for the sample's people to do that nobody's message began."""

WELCOME = """
  Öppna {url}

  1. Du är Karin, samordnare. Gå till kanalen Lägesbild i teamet EST Fagersta och tryck Kom igång.
     Spara formuläret. Gruppen får en historia, och kollegor som svarar.
  2. Tryck Öppna en insamling nu. Gå till Personal Chat: där ligger ditt kort.
     Notera något mellan mötena:   notera klotter vid Risbroskolan i går
     Svara på kortet, eller skriv   rapportera
  3. Skriv   sammanställ   i din chatt och lägg lägesbilden i kanalen.
     Vill du skriva i kanalen nämner du boten först, som i Teams:   @Lägesbild sammanställ
  4. Skriv   bedöm  , gör ett område rött och tryck Klart: frågan kommer till dig som Brå. Svara, och läs vad de som
     rapporterat får.
     Gruppens historia ser du med   brå   löften   insatser   status

  Avsluta med Ctrl+C. Allt ligger i {folder}; ta bort mappen för att börja om.
"""


async def demo(*, client_port: int) -> int:
    """Run until Ctrl+C or SIGTERM; the exit code is 1 when the client cannot start."""
    _end_like_ctrl_c()
    folder = Path(os.environ.get("DEMO_FOLDER", tempfile.gettempdir())) / "lagesbild-demo"
    folder.mkdir(exist_ok=True)
    settings = read_settings(
        app_id="",
        allow_anonymous=True,
        language="sv",
        host="127.0.0.1",
        database_url=os.environ.get("DATABASE_URL") or f"sqlite+aiosqlite:///{folder / 'lagesbild.db'}",
        log_level=os.environ.get("LOG_LEVEL") or "WARNING",
    )
    set_up_logging(settings)
    try:
        async with AsyncExitStack() as stack:
            app = await stack.enter_async_context(running(settings))
            sample = SampleGroup(app.desk, read_sample())
            app.web.middlewares.append(_before_the_reply(sample))
            await stack.enter_async_context(listening(app, settings))
            endpoint = f"http://127.0.0.1:{settings.port}/api/messages"
            client = await stack.enter_async_context(playground(endpoint, port=client_port))
            sys.stdout.write(WELCOME.format(url=client.url, folder=folder))
            sys.stdout.flush()
            while True:
                await sample.live()
                await asyncio.sleep(LOOK_EVERY)
    except PlaygroundError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0


def _before_the_reply(sample: SampleGroup) -> Middleware:
    """Lets the sample's people live before a reply goes out: who presses the next button at once finds the past there."""

    @web.middleware
    async def live(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        await sample.live()
        return response

    return live


def _end_like_ctrl_c() -> None:
    """SIGTERM ends the client, too, and not this process alone; Windows has no such signal to handle."""
    running_task = asyncio.current_task()
    assert running_task is not None  # noqa: S101 - called from a task
    with suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running_task.cancel)
