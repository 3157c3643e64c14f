"""How late the event loop comes to what is due: whatever holds it makes everybody wait. For `/metrics`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.metrics import LATENESS

EVERY = 0.05
"""Seconds between two looks."""


@asynccontextmanager
async def watching(every: float = EVERY) -> AsyncIterator[None]:
    """The running loop is watched for as long as the block lasts."""
    watch = asyncio.create_task(_watch(every), name="loop-lateness")
    try:
        yield
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


async def _watch(every: float) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + every
        await asyncio.sleep(every)
        LATENESS.observe(max(0.0, loop.time() - due))
