"""The Bot Connector on this machine: a real HTTP server with rosters, faults on demand and Teams' limits."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

Json = dict[str, Any]

CONVERSATION_LIMITS = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
"""Seconds and the most sends to one conversation within them."""
TENANT_LIMIT = 50
"""The most requests a second of one app in one tenant."""
MOST_BYTES = 100_000
"""The largest message, counted as UTF-16."""


@dataclass(frozen=True)
class Fault:
    """What to do to a request instead of serving it.

    `status` 0 cuts the connection; `carried_out` does the work first (a lost answer); `delay` waits first.
    """

    status: int = 200
    code: str = "ServiceError"
    retry_after: float | None = None
    delay: float = 0.0
    carried_out: bool = False


@dataclass(frozen=True)
class Call:
    """One request as it came."""

    method: str
    path: str
    conversation_id: str
    body: Json
    authorization: str | None
    at: float


@dataclass(frozen=True)
class Sent:
    """A message that was taken: new, or in the place of an earlier one."""

    conversation_id: str
    activity_id: str
    body: Json
    reply_to: str | None = None
    at: float = 0.0

    @property
    def card(self) -> Json | None:
        """The first card of the message."""
        attachments = self.body.get("attachments") or []
        return attachments[0]["content"] if attachments else None


@dataclass
class _Planned:
    fault: Fault
    times: int
    conversation_id: str | None
    method: str | None


@dataclass
class FakeConnector:
    """Serves `url` while entered. What happened is in `calls`, `sent`, `updated`, `opened`.

    `roster[conversation_id]` and `channels[team_id]` are what it knows; `fail(...)` plans faults;
    `limited=True` answers 429 as Teams does; `accepts` decides on Authorization headers (an Issuer's method).
    """

    roster: dict[str, list[Json]] = field(default_factory=dict)
    channels: dict[str, list[Json]] = field(default_factory=dict)
    limited: bool = False
    accepts: Callable[[str | None], bool] | None = None
    page_size: int = 50
    port: int = 0
    delay: float = 0.0

    calls: list[Call] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    updated: list[Sent] = field(default_factory=list)
    opened: dict[str, str] = field(default_factory=dict)
    messages: dict[str, Sent] = field(default_factory=dict)
    refused: int = 0
    """Requests answered with 429 for going over a limit."""
    connections: int = 0
    url: str = ""

    _planned: list[_Planned] = field(default_factory=list)
    _recent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _peers: set[object] = field(default_factory=set)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._door], client_max_size=2**21)
        conversation = "/v3/conversations/{conversation_id}"
        app.router.add_post("/v3/conversations", self._open)
        app.router.add_post(conversation + "/activities", self._send)
        app.router.add_post(conversation + "/activities/{activity_id}", self._send)
        app.router.add_put(conversation + "/activities/{activity_id}", self._update)
        app.router.add_get(conversation + "/pagedmembers", self._members)
        app.router.add_get("/v3/teams/{team_id}/conversations", self._channels)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def fail(
        self,
        status: int = 503,
        code: str = "ServiceError",
        *,
        times: int = 1,
        conversation_id: str | None = None,
        method: str | None = None,
        retry_after: float | None = None,
        delay: float = 0.0,
        carried_out: bool = False,
    ) -> None:
        """Plan a fault for the next `times` matching requests (-1: for ever; status 0: cut the line)."""
        fault = Fault(status, code, retry_after, delay, carried_out)
        self._planned.append(_Planned(fault, times, conversation_id, method))

    def heal(self) -> None:
        """Forget all planned faults."""
        self._planned.clear()

    def in_conversation(self, conversation_id: str) -> list[Sent]:
        """The messages that stand in a conversation now, oldest first, edits applied."""
        return [one for one in self.messages.values() if one.conversation_id == conversation_id]

    async def wait_for(self, enough: Callable[[FakeConnector], bool], within: float = 10.0) -> None:
        """Wait until what came fulfils a condition: `await fake.wait_for(lambda f: len(f.sent) >= 3)`."""
        async with asyncio.timeout(within), self._news:
            await self._news.wait_for(lambda: enough(self))

    @web.middleware
    async def _door(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Record, authorise, limit and fail; then serve."""
        call = await self._record(request)
        await asyncio.sleep(self.delay)
        if self.accepts and not self.accepts(call.authorization):
            return _error(401, "Unauthorized")
        wait = self._over_limit(call) if self.limited else None
        if wait is not None:
            self.refused += 1
            return _error(429, "TooManyRequests", math.ceil(wait))
        answer: web.StreamResponse = await self._served_or_failed(request, call, handler)
        async with self._news:
            self._news.notify_all()
        return answer

    async def _served_or_failed(self, request: web.Request, call: Call, handler: Any) -> web.StreamResponse:
        fault = self._fault(call)
        if fault is None:
            answer: web.StreamResponse = await handler(request)
            return answer
        await asyncio.sleep(fault.delay)
        served = await handler(request) if fault.carried_out or fault.status == 200 else None
        if fault.status == 0 and request.transport is not None:
            request.transport.abort()
        return (
            served
            if served is not None and fault.status == 200
            else _error(fault.status or 503, fault.code, fault.retry_after)
        )

    async def _record(self, request: web.Request) -> Call:
        if request.transport is not None and request.transport not in self._peers:
            self._peers.add(request.transport)
            self.connections += 1
        body = await request.json() if request.body_exists else {}
        call = Call(
            request.method,
            request.path,
            request.match_info.get("conversation_id", ""),
            body,
            request.headers.get("Authorization"),
            time.monotonic(),
        )
        self.calls.append(call)
        return call

    def _fault(self, call: Call) -> Fault | None:
        for planned in self._planned:
            if planned.conversation_id in (None, call.conversation_id) and planned.method in (
                None,
                call.method,
            ):
                planned.times -= 1
                if planned.times == 0:
                    self._planned.remove(planned)
                return planned.fault
        return None

    def _over_limit(self, call: Call) -> float | None:
        """Seconds to wait if the request goes over a limit; refused requests do not count."""
        limits: dict[str, tuple[tuple[float, int], ...]] = {"tenant": ((1.0, TENANT_LIMIT),)}
        if call.method == "POST" and call.conversation_id:
            limits[call.conversation_id] = CONVERSATION_LIMITS
        for key, windows in limits.items():
            times = self._recent[key]
            for span, most in windows:
                recent = [at for at in times if at > call.at - span]
                if len(recent) >= most:
                    return recent[0] + span - call.at
        for key in limits:
            self._recent[key].append(call.at)
        return None

    async def _send(self, request: web.Request) -> web.Response:
        conversation_id = request.match_info["conversation_id"]
        body = await request.json()
        if _size(body) > MOST_BYTES:
            return _error(413, "MessageSizeTooBig")
        activity_id = f"message-{len(self.sent) + 1}"
        reply_to = request.match_info.get("activity_id")
        message = Sent(conversation_id, activity_id, body, reply_to, time.monotonic())
        self.sent.append(message)
        self.messages[activity_id] = message
        return web.json_response({"id": activity_id}, status=201)

    async def _update(self, request: web.Request) -> web.Response:
        conversation_id, activity_id = (
            request.match_info["conversation_id"],
            request.match_info["activity_id"],
        )
        body = await request.json()
        if activity_id not in self.messages:
            return _error(404, "ActivityNotFoundInConversation")
        if _size(body) > MOST_BYTES:
            return _error(413, "MessageSizeTooBig")
        message = Sent(conversation_id, activity_id, body, at=time.monotonic())
        self.updated.append(message)
        self.messages[activity_id] = message
        return web.json_response({"id": activity_id})

    async def _open(self, request: web.Request) -> web.Response:
        body = await request.json()
        user_id = body["members"][0]["id"]
        conversation_id = self.opened.setdefault(user_id, f"personal-{user_id}")
        return web.json_response({"id": conversation_id}, status=201)

    async def _members(self, request: web.Request) -> web.Response:
        people = self.roster.get(request.match_info["conversation_id"])
        if people is None:
            return _error(404, "ConversationNotFound")
        start = int(request.query.get("continuationToken") or 0)
        end = start + min(self.page_size, int(request.query.get("pageSize") or self.page_size))
        page: Json = {"members": people[start:end]}
        if end < len(people):
            page["continuationToken"] = str(end)
        return web.json_response(page)

    async def _channels(self, request: web.Request) -> web.Response:
        channels = self.channels.get(request.match_info["team_id"])
        return (
            web.json_response({"conversations": channels})
            if channels is not None
            else _error(404, "NotFound")
        )


def _size(body: Json) -> int:
    return len(json.dumps(body, ensure_ascii=False).encode("utf-16-le"))


def _error(status: int, code: str, retry_after: float | None = None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    return web.json_response({"error": {"code": code, "message": code}}, status=status, headers=headers)
