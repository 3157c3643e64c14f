"""The Bot Connector's calls over one pooled HTTP session. It never waits and never retries: delivery does."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Protocol, Self
from urllib.parse import quote

import aiohttp
import orjson
from yarl import URL

from bot.metrics import OUTBOUND, OUTBOUND_SECONDS
from bot.settings import Settings
from bot.teams.faults import ConnectorError, from_answer
from bot.teams.tokens import (
    CachedTokens,
    NoTokens,
    TokenRequest,
    Tokens,
    client_credentials,
    managed_identity,
)

Activity = dict[str, Any]

MOST_BYTES = 80 * 1024
"""The largest message sent, counted as UTF-16: Teams refuses what is over about 100 KB."""
_TIMEOUT = 15.0
"""Seconds that a call may take; the library's own is 100."""
_PAGE = 200
_MOST_PAGES = 100


class Destination(Protocol):
    """Where a message goes: a Place, or a Ref made of stored ids."""

    @property
    def service_url(self) -> str: ...
    @property
    def conversation_id(self) -> str: ...


@dataclass(frozen=True)
class Ref:
    """A conversation to send to. For a new post in a channel, the conversation is the channel's id."""

    service_url: str
    conversation_id: str


@dataclass(frozen=True)
class TeamsMember:
    """A person of a team or chat, as its roster says."""

    user_id: str
    aad_object_id: str | None
    name: str


@dataclass(frozen=True)
class Channel:
    """A channel of a team; the general one has no name of its own there."""

    id: str
    name: str | None


class Connector:
    """Sends to Teams. Every failure is a ConnectorError; an access token that was refused is renewed once."""

    def __init__(self, tokens: Tokens | None = None, timeout: float = _TIMEOUT) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=min(5.0, timeout))
        self._tokens = tokens or NoTokens()
        self._http: aiohttp.ClientSession | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The connector that the settings ask for; without an app id it sends anonymously."""
        connector = cls()
        if settings.app_id:
            connector._tokens = CachedTokens(connector.session, _token_request(settings))
        return connector

    def session(self) -> aiohttp.ClientSession:
        """The one HTTP session, made in the running loop when first needed."""
        if self._http is None or self._http.closed:
            pool = aiohttp.TCPConnector(limit=100, limit_per_host=50, ttl_dns_cache=300)
            self._http = aiohttp.ClientSession(
                connector=pool, timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._http

    async def close(self) -> None:
        """Let go of the connections."""
        if self._http is not None:
            await self._http.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def send(self, to: Destination, activity: Activity) -> str:
        """Post a message; its id. In a channel this begins a new thread."""
        answer = await self._call("send", "POST", to.service_url, _activities(to), activity)
        return str(answer.get("id") or "")

    async def reply(self, to: Destination, activity_id: str, activity: Activity) -> str:
        """Answer a message, in its thread; the answer's id."""
        body = {**activity, "replyToId": activity_id}
        answer = await self._call("reply", "POST", to.service_url, _activities(to, activity_id), body)
        return str(answer.get("id") or "")

    async def update(self, to: Destination, activity_id: str, activity: Activity) -> None:
        """Put another message in the place of one that the bot sent before."""
        body = {**activity, "id": activity_id}
        await self._call("update", "PUT", to.service_url, _activities(to, activity_id), body)

    async def open_personal(self, service_url: str, tenant_id: str, bot_id: str, user_id: str) -> str:
        """The id of the bot's personal chat with somebody; the same one however often it is asked for."""
        body = {
            "bot": {"id": bot_id},
            "members": [{"id": user_id}],
            "isGroup": False,
            "tenantId": tenant_id,
            "channelData": {"tenant": {"id": tenant_id}},
        }
        answer = await self._call("open", "POST", service_url, "v3/conversations", body)
        return str(answer.get("id") or "")

    async def members(self, service_url: str, conversation_id: str) -> list[TeamsMember]:
        """Everybody in a team or chat, read page by page."""
        path = f"v3/conversations/{_quoted(conversation_id)}/pagedmembers?pageSize={_PAGE}"
        found: list[TeamsMember] = []
        token = ""
        for _ in range(_MOST_PAGES):
            more = f"&continuationToken={_quoted(token)}" if token else ""
            page = await self._call("members", "GET", service_url, path + more)
            found += [_member(account) for account in page.get("members") or []]
            token = str(page.get("continuationToken") or "")
            if not token:
                break
        return found

    async def channels(self, service_url: str, team_id: str) -> list[Channel]:
        """The channels of a team."""
        answer = await self._call(
            "channels", "GET", service_url, f"v3/teams/{_quoted(team_id)}/conversations"
        )
        return [Channel(str(one["id"]), one.get("name")) for one in answer.get("conversations") or []]

    async def _call(
        self, what: str, method: str, service_url: str, path: str, body: Activity | None = None
    ) -> Activity:
        started = time.perf_counter()
        try:
            answer = await self._authorised(
                method, URL(f"{service_url.rstrip('/')}/{path}", encoded=True), body
            )
        except ConnectorError as error:
            OUTBOUND.labels(what, error.kind).inc()
            raise
        finally:
            OUTBOUND_SECONDS.observe(time.perf_counter() - started)
        OUTBOUND.labels(what, "ok").inc()
        return answer

    async def _authorised(self, method: str, url: URL, body: Activity | None) -> Activity:
        data = None if body is None else packed(body)
        token = await self._tokens.get()
        try:
            return await self._request(method, url, data, token)
        except ConnectorError as error:
            if error.status != 401 or token is None:
                raise
        self._tokens.refused(token)
        return await self._request(method, url, data, await self._tokens.get())

    async def _request(self, method: str, url: URL, data: bytes | None, token: str | None) -> Activity:
        headers = {"Content-Type": "application/json; charset=utf-8"} if data is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        http = self.session()
        try:
            async with http.request(method, url, data=data, headers=headers, allow_redirects=False) as answer:
                text = await answer.text(errors="replace")
                if not 200 <= answer.status < 300:
                    raise from_answer(answer.status, answer.headers, text)
        except TimeoutError as error:
            raise ConnectorError(0, "Timeout") from error
        except (aiohttp.ClientError, OSError) as error:
            raise ConnectorError(0, "NoAnswer", message=type(error).__name__) from error
        return _object(text)


def _token_request(settings: Settings) -> TokenRequest:
    if settings.app_type == "UserAssignedMSI":
        secret = settings.identity_header.get_secret_value()
        return managed_identity(settings.identity_endpoint, secret, settings.app_id, settings.token_scope)
    password = settings.app_password.get_secret_value()
    return client_credentials(settings.token_url, settings.app_id, password, settings.token_scope)


def packed(activity: Activity) -> bytes:
    """An activity as it is sent; ConnectorError `too_large` for one that Teams would refuse."""
    text = orjson.dumps(activity)
    if len(text) * 2 > MOST_BYTES and len(text.decode().encode("utf-16-le")) > MOST_BYTES:
        raise ConnectorError(413, "MessageSizeTooBig", message="refused before sending")
    return text


def _activities(to: Destination, activity_id: str = "") -> str:
    path = f"v3/conversations/{_quoted(to.conversation_id)}/activities"
    return f"{path}/{_quoted(activity_id)}" if activity_id else path


def _quoted(part: str) -> str:
    return quote(part, safe="")


def _object(text: str) -> Activity:
    try:
        body = orjson.loads(text) if text else {}
    except ValueError as error:
        raise ConnectorError(502, "NotJson") from error
    return body if isinstance(body, dict) else {}


def _member(account: Activity) -> TeamsMember:
    aad = account.get("aadObjectId") or account.get("objectId")
    return TeamsMember(str(account.get("id") or ""), aad, str(account.get("name") or ""))
