"""The tests' connector without limits, as a process of its own: `python -m benchmarks.sink PORT`."""

from __future__ import annotations

import asyncio
import sys

from tests.connector import FakeConnector


async def serve(port: int) -> None:
    """Take whatever comes, until the process ends."""
    async with FakeConnector(port=port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
