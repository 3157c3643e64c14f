"""The web application: Teams' door, and what an operator looks at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.logging import where_raised
from bot.settings import Settings
from bot.teams.adapter import OnEvent, OnFailure, TeamsAdapter
from bot.teams.authentication import TeamsAuthentication
from bot.teams.connector import Connector
from cards.texts import Texts

log = structlog.get_logger(__name__)

Ready = Callable[[], Awaitable[bool]]

MOST_BODY = 256 * 1024
"""Bytes of a request: a full report card's answer is under 20 kB."""


def create_web_app(
    settings: Settings, on_event: OnEvent, on_failure: OnFailure, ready: Ready, connector: Connector
) -> web.Application:
    """The application. `ready` tells whether work can be taken on; the connector is the caller's to close."""
    adapter = TeamsAdapter(TeamsAuthentication(settings, connector), on_event, on_failure)
    app = web.Application(client_max_size=MOST_BODY)

    async def readyz(_: web.Request) -> web.Response:
        try:
            return _state(is_well=await ready())
        except Exception as error:  # noqa: BLE001  whatever it is, we are not ready
            log.warning("not_ready", **where_raised(error))
            return _state(is_well=False)

    app.router.add_post("/api/messages", adapter.process)
    app.router.add_get("/healthz", _healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", _metrics)
    for page in ("privacy", "terms"):
        app.router.add_get(f"/{page}", _page(page))
    return app


async def _healthz(_: web.Request) -> web.Response:
    return _state(is_well=True)


def _state(*, is_well: bool) -> web.Response:
    return web.json_response({"status": "ok" if is_well else "not ready"}, status=200 if is_well else 503)


def _page(name: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A page that the app's manifest must name: what is stored and by whom, and on what terms (Swedish)."""
    texts = Texts("sv")
    title, body = escape(texts(f"pages.{name}_title")), escape(texts(f"pages.{name}"))
    html = f'<!doctype html><html lang="sv"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><p>{body}</p></html>'

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html")

    return show


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
