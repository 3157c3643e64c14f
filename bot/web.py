"""The web application: Teams' door, and what an operator looks at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.logging import where_raised
from bot.settings import Settings
from bot.teams.adapter import OnEvent, OnFailure, TeamsAdapter
from bot.teams.authentication import TeamsAuthentication
from bot.teams.connector import Connector

log = structlog.get_logger(__name__)

Ready = Callable[[], Awaitable[bool]]

MOST_BODY = 256 * 1024
"""Bytes of a request: a full report card's answer is under 20 kB."""


def create_web_app(
    settings: Settings, on_event: OnEvent, on_failure: OnFailure, ready: Ready, connector: Connector
) -> web.Application:
    """The application; it closes the connector when it stops. `ready` tells whether work can be taken on."""
    adapter = TeamsAdapter(TeamsAuthentication(settings, connector), on_event, on_failure)
    app = web.Application(client_max_size=MOST_BODY)

    async def readyz(_: web.Request) -> web.Response:
        try:
            return _state(is_well=await ready())
        except Exception as error:  # noqa: BLE001  whatever it is, we are not ready
            log.warning("not_ready", **where_raised(error))
            return _state(is_well=False)

    async def close(_: web.Application) -> None:
        await connector.close()

    app.router.add_post("/api/messages", adapter.process)
    app.router.add_get("/healthz", _healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", _metrics)
    app.on_cleanup.append(close)
    return app


async def _healthz(_: web.Request) -> web.Response:
    return _state(is_well=True)


def _state(*, is_well: bool) -> web.Response:
    return web.json_response({"status": "ok" if is_well else "not ready"}, status=200 if is_well else 503)


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
