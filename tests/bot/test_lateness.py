"""What holds the event loop can be read in `/metrics`."""

from __future__ import annotations

import asyncio
import time

from prometheus_client import REGISTRY

from bot.lateness import watching


def _late_by_more_than_a_tenth() -> float:
    name = "lagesbild_loop_lateness_seconds"
    every = REGISTRY.get_sample_value(f"{name}_count") or 0.0
    return every - (REGISTRY.get_sample_value(f"{name}_bucket", {"le": "0.1"}) or 0.0)


async def test_work_that_holds_the_loop_is_counted_as_lateness() -> None:
    before = _late_by_more_than_a_tenth()
    async with watching(every=0.01):
        await asyncio.sleep(0.02)
        time.sleep(0.2)  # noqa: ASYNC251  what nothing on the loop may do
        await asyncio.sleep(0.02)
    assert _late_by_more_than_a_tenth() >= before + 1
