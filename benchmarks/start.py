"""How long `python -m bot serve` takes to be ready, and the memory that it then has."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Figure
from benchmarks.servers import OURS, postgres, serving, sqlite
from tests.issuer import Issuer

MOST_SECONDS = 3.0
MOST_MEGABYTES = 200


@dataclass(frozen=True)
class Start:
    """One start: on which database, seconds until ready, megabytes then."""

    database: str
    ready_in: float
    megabytes: float


async def measure(runs: int = 3) -> tuple[list[Figure], dict[str, Any]]:
    """So many times on a new database, and each once more on the same, which is then migrated."""
    starts: list[Start] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with postgres(folder / "pg", [f"start{run}" for run in range(runs)]) as addresses:
            for run, address in enumerate(addresses):
                starts += await _both("SQLite", sqlite(folder, f"start{run}"))
                starts += await _both("PostgreSQL", address)
    figures = [
        figure for name in sorted({one.database for one in starts}) for figure in _figures(name, starts)
    ]
    return figures, {"starts": [vars(one) for one in starts]}


async def _both(name: str, database_url: str) -> list[Start]:
    return [await _start(f"{name}, {state}", database_url) for state in ("empty", "migrated")]


async def _start(name: str, database_url: str) -> Start:
    async with Issuer() as issuer:
        environment = {**issuer.environment, "DATABASE_URL": database_url}
        async with serving(*OURS, environment=environment, ready="/readyz") as server:
            return Start(name, server.ready_in, server.megabytes)


def _figures(name: str, starts: list[Start]) -> list[Figure]:
    mine = [one for one in starts if one.database == name]
    seconds = median(one.ready_in for one in mine)
    megabytes = max(one.megabytes for one in mine)
    return [
        Figure(
            f"ready, {name} database",
            f"{seconds:.2f} s",
            target=f"< {MOST_SECONDS:.0f} s",
            ok=seconds < MOST_SECONDS,
        ),
        Figure(
            f"memory when ready, {name} database",
            f"{megabytes:.0f} MB",
            target=f"< {MOST_MEGABYTES} MB",
            ok=megabytes < MOST_MEGABYTES,
        ),
    ]
