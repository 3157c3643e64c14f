"""Teams' rates, kept before sending: so many messages in any span of so many seconds."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from typing import NamedTuple

_MOST_IDLE = 1_000
_APP = "app"


class Rate(NamedTuple):
    """At most `most` calls in any `seconds`."""

    most: int
    seconds: float


APP_RATE = Rate(50, 1.0)
Share = Callable[[str, Sequence[Rate]], AbstractAsyncContextManager[None]]
"""Holds a place in rates that all processes keep together under a name, during one call."""
Surely = Callable[[], Awaitable[float]]
"""Waits until nobody can take this process for dead; since when that has been so without a break."""
CONVERSATION_RATES = (Rate(7, 1.0), Rate(8, 2.0), Rate(60, 30.0))


class Busy(Exception):
    """The rates leave no room soon; try again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"busy for {seconds} s")
        self.seconds = seconds


class Window:
    """A sliding window that keeps several rates. A call counts until a full span after its answer, so whatever the
    network does to single calls, the receiver never counts more than the rate in one span."""

    def __init__(self, *rates: Rate) -> None:
        self.rates = rates
        self._span = max(rate.seconds for rate in rates)
        self._calls = asyncio.Semaphore(min(rate.most for rate in rates))
        self._line = asyncio.Lock()
        self._inside = self._under_way = 0
        self._answered: deque[float] = deque(maxlen=max(rate.most for rate in rates))

    @property
    def is_idle(self) -> bool:
        """Whether nothing is counted or waits."""
        return not self._inside and (not self._answered or self._answered[-1] + self._span <= _now())

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for room, in the order they came; hold it during one call."""
        self._inside += 1
        try:
            async with self._calls:
                async with self._line:
                    while (wait := self._full_for()) > 0:  # noqa: ASYNC110 - it is the clock that makes room
                        await asyncio.sleep(wait)
                    self._under_way += 1
                try:
                    yield
                finally:
                    self._under_way -= 1
                    self._answered.append(_now())
        finally:
            self._inside -= 1

    def _full_for(self) -> float:
        """Seconds until every rate has room; `_calls` sees to it that one more may be under way."""
        count, now = len(self._answered), _now()
        return max(
            (
                self._answered[self._under_way - rate.most] + rate.seconds - now
                for rate in self.rates
                if count + self._under_way >= rate.most
            ),
            default=0.0,
        )


def _now() -> float:
    return asyncio.get_running_loop().time()


class Gate:
    """Lets calls through at the rates of the app and of each conversation, in the order they came.

    One process keeps the rates exactly; several keep them together by what they `share`, if that is given.
    `patience` is the longest wait in seconds, after which a call is refused with Busy and comes back later. So it is if
    others may have taken over this process' work while it waited (`surely`): what they send is known by then.
    """

    def __init__(
        self,
        app: Rate = APP_RATE,
        conversation: Sequence[Rate] = CONVERSATION_RATES,
        patience: float = 20.0,
        share: Share | None = None,
        surely: Surely | None = None,
    ) -> None:
        self._app = Window(app)
        self._share = share or _alone
        self._surely = surely or _always
        self._rates = conversation
        self._patience = patience
        self._conversations: dict[str, Window] = {}

    @asynccontextmanager
    async def turn(self, conversation_id: str) -> AsyncIterator[None]:
        """Wait for room, hold it during one call. Busy if that takes too long, or another process may have the call now."""
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._patience):
                    since = await self._surely()
                    for name, window in ((conversation_id, self._of(conversation_id)), (_APP, self._app)):
                        await held.enter_async_context(window.place())
                        await held.enter_async_context(self._share(name, window.rates))
                    still = await self._surely() == since
            except TimeoutError:
                still = False
            if not still:
                raise Busy(self._patience)
            yield

    def _of(self, conversation_id: str) -> Window:
        if len(self._conversations) > _MOST_IDLE:
            self._forget_idle()
        if conversation_id not in self._conversations:
            self._conversations[conversation_id] = Window(*self._rates)
        return self._conversations[conversation_id]

    def _forget_idle(self) -> None:
        for key in [key for key, window in self._conversations.items() if window.is_idle]:
            del self._conversations[key]


def _alone(_name: str, _rates: Sequence[Rate]) -> AbstractAsyncContextManager[None]:
    return nullcontext()


async def _always() -> float:
    return 0.0
