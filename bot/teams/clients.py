"""A turn's connector client: ours, kept per service URL. Nothing is built in a turn."""

from __future__ import annotations

import asyncio
from typing import Any

from botframework.connector.auth import ConnectorFactory

from bot.teams.activities import Event, Pressed, Reply
from bot.teams.connector import Connector, Ref
from bot.teams.faults import ConnectorError
from bot.teams.messages import reply_activity

_MOST = 64
"""Service URLs kept: Teams has a handful of regions."""
_LONGEST_WAIT = 3.0
"""Seconds that a reply waits for its second try: somebody looks at the screen."""


class Client:
    """Answers events at one service URL that a token vouched for."""

    def __init__(self, connector: Connector, service_url: str) -> None:
        self._connector = connector
        self._service_url = service_url

    async def answer(self, event: Event, reply: Reply) -> None:
        """Send a reply to where the event happened; ConnectorError if that failed twice."""
        to = Ref(self._service_url, event.where.conversation_id)
        body = reply_activity(reply)
        pressed = event.card_message_id if isinstance(event, Pressed) else None
        if pressed and reply.card is not None and reply.replace and await self._replaced(to, pressed, body):
            return
        if event.activity_id:
            await self._twice(self._connector.reply, to, event.activity_id, body)
        else:
            await self._twice(self._connector.send, to, body)

    async def _replaced(self, to: Ref, message_id: str, body: dict[str, Any]) -> bool:
        """Put the message in the place of the pressed card's; False if that one can't be changed any more."""
        try:
            await self._twice(self._connector.update, to, message_id, body)
        except ConnectorError as error:
            if error.kind not in ("gone", "rejected"):
                raise
            return False
        return True

    async def _twice(self, call: Any, *arguments: Any) -> None:
        """A call, with one more try where Teams asks for it: a missing receipt looks like a lost answer."""
        try:
            await call(*arguments)
        except ConnectorError as error:
            wait = 0.5 if error.retry_after is None else error.retry_after
            if (
                error.kind not in ("throttled", "retryable")
                or wait > _LONGEST_WAIT
                or error.code == "Timeout"
            ):
                raise
            await asyncio.sleep(wait)
            await call(*arguments)


class PooledClients(ConnectorFactory):  # type: ignore[misc]
    """Gives the same client for the same service URL."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._clients: dict[str, Client] = {}

    async def create(self, service_url: str, audience: str = "") -> Client:  # noqa: ARG002
        """The client of a service URL."""
        client = self._clients.get(service_url)
        if client is None:
            if len(self._clients) >= _MOST:
                self._clients.clear()
            client = self._clients[service_url] = Client(self._connector, service_url)
        return client
