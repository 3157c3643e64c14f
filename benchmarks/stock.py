"""Stock botbuilder's empty turn, as a server: `CloudAdapter` and an `ActivityHandler` that does nothing, in aiohttp.

`python -m benchmarks.stock PORT`. It verifies tokens of the same issuer, named by the same environment as ours.
"""

from __future__ import annotations

import os
import sys

from aiohttp import web
from botbuilder.core import ActivityHandler
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication


class Configuration:
    """Botbuilder's names for the settings."""

    APP_ID = os.environ.get("MICROSOFT_APP_ID", "")
    APP_PASSWORD = os.environ.get("MICROSOFT_APP_PASSWORD", "")
    APP_TYPE = "MultiTenant"
    TO_CHANNEL_FROM_BOT_LOGIN_URL = os.environ.get("BOT_TOKEN_URL", "")
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = "https://api.botframework.com"
    TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = os.environ.get("BOT_TOKEN_ISSUER", "")
    TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = os.environ.get("BOT_OPENID_METADATA_URL", "")
    TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL = os.environ.get("BOT_OPENID_METADATA_URL", "")
    OAUTH_URL = "https://api.botframework.com"


def application() -> web.Application:
    """The server as botbuilder's own samples have it."""
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration()))
    bot = ActivityHandler()

    async def messages(request: web.Request) -> web.StreamResponse:
        answer: web.StreamResponse = await adapter.process(request, bot)
        return answer

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    return app


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
