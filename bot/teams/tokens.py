"""Access tokens for calls to Teams: cached, renewed ahead of their end, fetched once for many who wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import structlog

from bot.teams.faults import ConnectorError

log = structlog.get_logger(__name__)

_MACHINE_IDENTITY = "http://169.254.169.254/metadata/identity/oauth2/token"
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
class TokenRequest:
    """The HTTP request that a token is asked for with."""

    method: str
    url: str
    form: Mapping[str, str] | None = None
    query: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None


def client_credentials(url: str, app_id: str, password: str, scope: str) -> TokenRequest:
    """OAuth 2.0 client credentials: an app id and its password."""
    form = {
        "grant_type": "client_credentials",
        "client_id": app_id,
        "client_secret": password,
        "scope": scope,
    }
    return TokenRequest("POST", url, form=form)


def managed_identity(endpoint: str, secret: str, app_id: str, scope: str) -> TokenRequest:
    """A user-assigned identity of the Azure machine the bot runs on: there is no password to keep.

    App Service and Container Apps name an endpoint and a secret for it; a plain virtual machine has neither.
    """
    query = {"resource": scope.removesuffix("/.default"), "client_id": app_id}
    if endpoint:
        query["api-version"] = "2019-08-01"
        return TokenRequest("GET", endpoint, query=query, headers={"X-IDENTITY-HEADER": secret})
    query["api-version"] = "2018-02-01"
    return TokenRequest("GET", _MACHINE_IDENTITY, query=query, headers={"Metadata": "true"})


@dataclass(frozen=True)
class _Token:
    value: str
    expires_at: float
    renew_at: float


class CachedTokens:
    """One cached token for all senders: fetched once however many wait, renewed ahead of its end.

    Raises ConnectorError when none can be had: `rejected` for wrong credentials, else `retryable`.
    """

    def __init__(
        self,
        session: Callable[[], aiohttp.ClientSession],
        request: TokenRequest,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._how = request
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
        how = self._how
        try:
            async with self._session().request(
                how.method,
                how.url,
                data=how.form,
                params=how.query,
                headers=how.headers,
                allow_redirects=False,
            ) as answer:
                body = await answer.json(content_type=None) if answer.status == 200 else None
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise ConnectorError(0, "TokenUnavailable", message=type(error).__name__) from error
        if not isinstance(body, dict) or not body.get("access_token"):
            raise ConnectorError(
                401 if status in (400, 401, 403) else 503, "TokenRefused", message=f"status {status}"
            )
        lifetime = _lifetime(body)
        renew_after = max(lifetime - _AHEAD, lifetime * 0.8)
        self._token = _Token(str(body["access_token"]), asked + lifetime, asked + renew_after)
        return self._token


def _lifetime(body: Mapping[str, Any]) -> float:
    """Seconds that a token serves; Azure's machines say the end instead, and numbers as texts."""
    try:
        if "expires_in" in body:
            return float(body["expires_in"])
        return float(body["expires_on"]) - time.time()
    except (KeyError, TypeError, ValueError):
        return 600.0
