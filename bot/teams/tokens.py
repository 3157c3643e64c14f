"""Access tokens for calls to Teams: OAuth 2.0 client credentials, fetched off the senders' path."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import aiohttp
import structlog

from bot.teams.faults import ConnectorError

log = structlog.get_logger(__name__)

SCOPE = "https://api.botframework.com/.default"
_AHEAD = 300.0
"""Seconds before its end that a token is renewed, while it still serves."""
_RETRY = 15.0
"""Seconds between attempts to renew a token that still serves."""


class Tokens(Protocol):
    """Gives the access token to send with; None means that calls carry no Authorization header."""

    async def get(self) -> str | None: ...

    def refused(self, token: str) -> None:
        """The token was not accepted: never give it again."""


class NoTokens:
    """For the Playground and other anonymous connectors."""

    async def get(self) -> str | None:
        return None

    def refused(self, token: str) -> None:
        """Nothing to forget."""


@dataclass(frozen=True)
class Credentials:
    """Where tokens come from, and as whom."""

    url: str
    app_id: str
    password: str
    scope: str = SCOPE


@dataclass(frozen=True)
class _Token:
    value: str
    expires_at: float
    renew_at: float


class ClientCredentials:
    """One cached token for all senders: fetched once however many wait, renewed ahead of its end.

    Raises ConnectorError when none can be had: `rejected` for wrong credentials, else `retryable`.
    """

    def __init__(
        self,
        session: Callable[[], aiohttp.ClientSession],
        credentials: Credentials,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._credentials = credentials
        self._now = now
        self._token: _Token | None = None
        self._fetching: asyncio.Task[_Token] | None = None

    async def get(self) -> str:
        """The token; waits only when there is none that serves."""
        token, now = self._token, self._now()
        if token and now < token.renew_at:
            return token.value
        fetching = self._fetch()
        if token and now < token.expires_at:
            return token.value
        return (await asyncio.shield(fetching)).value

    def refused(self, token: str) -> None:
        """Forget a token that Teams did not accept."""
        if self._token and self._token.value == token:
            self._token = None

    def _fetch(self) -> asyncio.Task[_Token]:
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._request())
            self._fetching.add_done_callback(self._fetched)
        return self._fetching

    def _fetched(self, task: asyncio.Task[_Token]) -> None:
        if not task.cancelled() and (error := task.exception()):
            log.error("token_not_fetched", error=str(error))
            if self._token:
                later = self._now() + _RETRY
                self._token = _Token(self._token.value, self._token.expires_at, later)

    async def _request(self) -> _Token:
        asked = self._now()
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.app_id,
            "client_secret": self._credentials.password,
            "scope": self._credentials.scope,
        }
        try:
            async with self._session().post(self._credentials.url, data=form) as answer:
                body = await answer.json(content_type=None) if answer.status == 200 else None
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise ConnectorError(0, "TokenUnavailable", message=type(error).__name__) from error
        if not isinstance(body, dict) or not body.get("access_token"):
            raise ConnectorError(
                401 if status in (400, 401, 403) else 503, "TokenRefused", message=f"status {status}"
            )
        lifetime = float(body.get("expires_in") or 3600)
        self._token = _Token(
            str(body["access_token"]), asked + lifetime, asked + max(lifetime - _AHEAD, lifetime * 0.8)
        )
        return self._token
