"""Teams' rates, kept before sending: so many messages in any span of so many seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Self

Share = Callable[[], AbstractAsyncContextManager[None]]
"""Holds a place that all processes share, during one call."""
_MOST_IDLE = 1_000


@dataclass(frozen=True)
class Rate:
    """At most `most` calls in any `seconds`."""

    most: int
    seconds: float


APP_RATE = Rate(50, 1.0)
CONVERSATION_RATES = (Rate(7, 1.0), Rate(8, 2.0), Rate(60, 30.0))


class Busy(Exception):
    """The rates leave no room soon; try again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"busy for {seconds} s")
        self.seconds = seconds


class Window:
    """A sliding window. A place is given back only a full span after its call was answered, so whatever the
    network does to single calls, the receiver never counts more than the rate in one span."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._taken = 0
        self._room = asyncio.Semaphore(rate.most)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is counted or waits."""
        return self._taken == 0

    async def __aenter__(self) -> Self:
        self._taken += 1
        try:
            await self._room.acquire()
        except BaseException:
            self._taken -= 1
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().call_later(self._rate.seconds, self._give_back)

    def _give_back(self) -> None:
        self._taken -= 1
        self._room.release()


class Gate:
    """Lets calls through at the rates of the app and of each conversation, in the order they came.

    One process keeps the rates exactly; several keep the app's together by what they `share`, if that is given.
    `patience` is the longest wait in seconds, after which a call is refused with Busy and comes back later.
    """

    def __init__(
        self,
        app: Rate = APP_RATE,
        conversation: Sequence[Rate] = CONVERSATION_RATES,
        patience: float = 20.0,
        share: Share = nullcontext,
    ) -> None:
        self._app = Window(app)
        self._share = share
        self._rates = conversation
        self._patience = patience
        self._conversations: dict[str, tuple[Window, ...]] = {}

    @asynccontextmanager
    async def turn(self, conversation_id: str) -> AsyncIterator[None]:
        """Wait for room, hold it during one call. Busy if that takes too long."""
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._patience):
                    for window in (*self._of(conversation_id), self._app):
                        await held.enter_async_context(window)
                    await held.enter_async_context(self._share())
            except TimeoutError:
                raise Busy(self._patience) from None
            yield

    def _of(self, conversation_id: str) -> tuple[Window, ...]:
        if len(self._conversations) > _MOST_IDLE:
            self._forget_idle()
        if conversation_id not in self._conversations:
            self._conversations[conversation_id] = tuple(Window(rate) for rate in self._rates)
        return self._conversations[conversation_id]

    def _forget_idle(self) -> None:
        for key in [key for key, windows in self._conversations.items() if all(w.is_idle for w in windows)]:
            del self._conversations[key]
