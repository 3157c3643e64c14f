"""`python -m bot serve` as a process of its own, with people who write to it over HTTP."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import aiohttp
from sqlalchemy import NullPool, create_engine, text

from bot.app import App
from tests.connector import FakeConnector
from tests.e2e.team import Team
from tests.edge.payloads import TEAM
from tests.issuer import Issuer

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def run(*arguments: str, **environment: str) -> tuple[int, str]:
    """One command of the bot's command line; its exit code and all that it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        cwd=ROOT, env=_clean(environment), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


@dataclass
class Served:
    """A running server."""

    process: asyncio.subprocess.Process
    url: str
    log: Path

    async def stop(self) -> tuple[int, float]:
        """SIGTERM; the exit code and how many seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return await self.process.wait(), time.monotonic() - begun


@asynccontextmanager
async def served(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[Served]:
    """The bot, ready; killed at the end if it still runs."""
    port = free_port()
    log = folder / f"serve-{port}.log"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve",
            cwd=ROOT, env=_clean({**environment, "PORT": str(port), "HOST": "127.0.0.1"}), stdout=out, stderr=out,
        )  # fmt: skip
    one = Served(process, f"http://127.0.0.1:{port}", log)
    try:
        await _ready(one)
        yield one
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _ready(one: Served) -> None:
    async with asyncio.timeout(30), aiohttp.ClientSession() as http:
        while one.process.returncode is None:
            try:
                async with http.get(f"{one.url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise AssertionError(one.log.read_text())


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR", "LANG")}
    return {**kept, **environment}


@dataclass
class FarTeam(Team):
    """A team whose bot is another process, on a database that the test can look into."""

    database_url: str = ""

    async def delivered(self) -> None:
        """Wait until nothing is queued in the ledger."""
        async with asyncio.timeout(60):
            while waiting(self.database_url):  # noqa: ASYNC110 - another process fills it
                await asyncio.sleep(0.1)


def waiting(database_url: str) -> int:
    """Deliveries that the ledger is still to send."""
    return len(rows(database_url, "SELECT 1 FROM deliveries WHERE state IN ('queued', 'throttled')"))


def rows(database_url: str, query: str) -> list[Any]:
    """What a process's database says, asked from outside while it runs."""
    engine = create_engine(database_url.replace("+aiosqlite", ""), poolclass=NullPool)
    with engine.connect() as connection:
        return list(connection.execute(text(query)).all())


@asynccontextmanager
async def a_far_team(
    server: Served, database_url: str, issuer: Issuer, connector: FakeConnector, *names: str
) -> AsyncIterator[FarTeam]:
    """People who write to that process; the first one installs it."""
    async with aiohttp.ClientSession() as http:
        team = FarTeam(cast("App", None), server.url, http, issuer, connector, database_url=database_url)
        for name in names:
            team.people[name] = {"id": f"29:{name}", "name": name.title(), "aadObjectId": f"aad-{name}"}
        connector.roster[TEAM["id"]] = list(team.people.values())
        connector.channels[TEAM["id"]] = [
            {"id": TEAM["id"]}, {"id": "19:lage@thread.tacv2", "name": "Lägesbild"}
        ]  # fmt: skip
        yield team
