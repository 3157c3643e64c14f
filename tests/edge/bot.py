"""A bot on this machine for the edge's tests: the real web application with a handler that the test gives."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.door import opened
from bot.settings import Settings
from bot.teams.activities import Event, Reply
from bot.teams.connector import Connector
from bot.web import create_web_app
from tests.connector import FakeConnector
from tests.issuer import Issuer

Json = dict[str, Any]
Handler = Callable[[Event], Awaitable[Reply | None]]


@dataclass
class Answer:
    """What the bot answered over HTTP."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass
class RunningBot:
    """Post activities to it; `events` is what its handler was given, `reply` what the handler answers."""

    url: str
    http: aiohttp.ClientSession
    connector: Connector
    issuer: Issuer | None = None
    events: list[Event] = field(default_factory=list)
    reply: Reply | None = None
    handler: Handler | None = None
    is_ready: bool = True

    async def post(self, activity: Json, **claims: Any) -> Answer:
        """Post an activity as the Bot Connector does, with a really signed token if there is an issuer."""
        headers = self.issuer.authorization(activity["serviceUrl"], **claims) if self.issuer else {}
        return await self.request("POST", "/api/messages", json=activity, headers=headers)

    async def request(self, method: str, path: str, **arguments: Any) -> Answer:
        """Any request."""
        async with self.http.request(method, self.url + path, **arguments) as answer:
            is_json = answer.content_type == "application/json"
            body = await answer.json() if is_json else await answer.text()
            return Answer(answer.status, body, answer.headers)

    async def on_event(self, event: Event) -> Reply | None:
        self.events.append(event)
        return await self.handler(event) if self.handler else self.reply


@asynccontextmanager
async def running(environment: Mapping[str, str], issuer: Issuer | None = None) -> AsyncIterator[RunningBot]:
    """The real application on a free port."""
    settings = Settings.model_validate(dict(environment))
    async with Connector.from_settings(settings) as connector, aiohttp.ClientSession() as http:
        bot = RunningBot("", http, connector, issuer)

        async def ready() -> bool:
            return bot.is_ready

        app = create_web_app(
            settings, bot.on_event, lambda _: Reply(text="Något gick fel."), ready, connector
        )
        async with opened(app, "127.0.0.1", 0, stop_within=0.1) as bot.url:
            yield bot


@asynccontextmanager
async def trusted_bot() -> AsyncIterator[tuple[RunningBot, Issuer, FakeConnector]]:
    """A bot with an app id, the issuer that it believes, and a connector that demands its tokens."""
    async with (
        Issuer() as issuer,
        FakeConnector(accepts=issuer.accepts) as fake,
        running(issuer.environment, issuer) as bot,
    ):
        yield bot, issuer, fake
