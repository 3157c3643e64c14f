"""The Teams SDK's empty turn, as a server: its `App` with a message handler that does nothing, and no token check.

`python -m benchmarks.teams_sdk PORT`. Its packages are in requirements-bench.lock, which `make bench` installs beside the others.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from microsoft_teams.apps import App, FastAPIAdapter


def application(port: int) -> App:
    """The SDK's own server without its access log, which would cost it time."""

    def server(app: FastAPI) -> uvicorn.Server:
        return uvicorn.Server(
            uvicorn.Config(app=app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
        )

    app = App(
        http_server_adapter=FastAPIAdapter(server_factory=server),
        dangerously_allow_unauthenticated_requests=True,
    )

    @app.on_message
    async def nothing(_: Any) -> None:
        return None

    return app


if __name__ == "__main__":
    asyncio.run(application(int(sys.argv[1])).start(int(sys.argv[1])))
