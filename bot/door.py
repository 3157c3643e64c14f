"""The HTTP server before the application: how much a stranger may send, how slowly, and over how many connections."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from bot.metrics import EVICTED, REFUSED
from bot.settings import SettingsError

log = structlog.get_logger(__name__)

MOST_CONNECTIONS = 500
"""Open at the same time in one process. Teams needs some tens; beyond this the one idle the longest is closed."""
IDLE = 620.0
"""Seconds that a connection may rest between requests: more than reverse proxies keep theirs, so that they close first."""
HEAD_WITHIN = 20.0
"""Seconds from a request's first byte to the end of its head."""
MOST_HEAD = 32 * 1024
"""Bytes of one header. Teams' tokens are under 2 kB; longer ones than `authentication` takes are refused there."""


class Connection(web.RequestHandler):
    """One connection: a head that takes too long ends it; what is no HTTP is counted, and fills no log with tracebacks."""

    __slots__ = ("_begun",)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._begun: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Some bytes; when they end no head, the time for it runs from the first of them."""
        super().data_received(data)
        waits = self._waiter is None or not self._waiter.done()
        if not waits or self._messages or self._request_in_progress:
            self._forget_head()
        elif self._begun is None:
            self._begun = asyncio.get_running_loop().call_later(HEAD_WITHIN, self._too_slow, self.idle_since)

    def connection_lost(self, exc: BaseException | None) -> None:
        """The other side is gone, or we closed."""
        self._forget_head()
        super().connection_lost(exc)

    def _too_slow(self, since: float) -> None:
        """Close, unless something was answered meanwhile: then what came was the rest of a body."""
        self._begun = None
        if self.is_idle and self.idle_since == since:
            REFUSED.labels("slow_head").inc()
            self.force_close()

    def _forget_head(self) -> None:
        if self._begun is not None:
            self._begun.cancel()
            self._begun = None

    @property
    def is_idle(self) -> bool:
        """Whether it waits for a request; half a head is none yet."""
        return self._waiter is not None

    @property
    def idle_since(self) -> float:
        """Orders connections by when they were opened, or last answered; single bytes do not make one younger."""
        return self._next_keepalive_close_time

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to broken HTTP (400, 431). Anything else is a fault of ours, and aiohttp's to log."""
        if status != 400:
            return super().handle_error(request, status, exc, message)
        status = 431 if isinstance(exc, LineTooLong) else 400
        REFUSED.labels("http").inc()
        log.info("request_refused", status=status, reason="http")
        answer = web.json_response({"error": "http"}, status=status)
        answer.force_close()
        return answer


class Door(web.Server):
    """Makes connections and keeps their number within bounds; a busy one is never closed for a new one."""

    def __call__(self) -> Connection:
        """The protocol of a new connection."""
        return Connection(self, loop=self._loop, **self._kwargs)

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """A connection was opened."""
        super().connection_made(handler, transport)
        if len(self.connections) <= MOST_CONNECTIONS:
            return
        others = (one for one in self.connections if isinstance(one, Connection) and one is not handler)
        idlest = min((one for one in others if one.is_idle), key=lambda one: one.idle_since, default=None)
        (idlest or handler).force_close()
        EVICTED.inc()


class Runner(web.AppRunner):
    """Runs the application behind the door."""

    __slots__ = ()

    def __init__(self, app: web.Application, *, stop_within: float) -> None:
        super().__init__(
            app,
            access_log=None,
            shutdown_timeout=stop_within,
            keepalive_timeout=IDLE,
            max_field_size=MOST_HEAD,
            lingering_time=1.0,
        )

    async def _make_server(self) -> web.Server:
        plain = await super()._make_server()
        return Door(plain.request_handler, request_factory=plain.request_factory, **plain._kwargs)  # noqa: SLF001


async def _listen(site: web.TCPSite, host: str, port: int) -> None:
    try:
        await site.start()
    except OSError as error:
        raise SettingsError(
            f"PORT: cannot listen on {host}:{port} ({os.strerror(error.errno or 0)})"
        ) from error


@asynccontextmanager
async def opened(app: web.Application, host: str, port: int, *, stop_within: float) -> AsyncIterator[str]:
    """The application on its port for as long as the block lasts; gives its address. SettingsError where the port is
    somebody else's."""
    runner = Runner(app, stop_within=stop_within)
    await runner.setup()
    try:
        await _listen(web.TCPSite(runner, host, port, backlog=1024), host, port)
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
