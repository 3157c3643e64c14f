"""Where an answer turn's time goes: the bot's own process profiled while it answers, its own time summed by part.

The profiler makes Python's calls dearer than what the libraries do in C, so the shares are a map, not a measurement.
"""

from __future__ import annotations

import cProfile
import pstats
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import sample, turn
from benchmarks.figures import Figure
from benchmarks.servers import free_port, sqlite
from bot.app import listening, running
from bot.logging import set_up_logging
from bot.settings import Settings
from tests.connector import FakeConnector
from tests.issuer import Issuer

PARTS = {
    "lagesbild/naming.py": "the guard",
    "lagesbild/secrecy.py": "the guard",
    "lagesbild/": "the subject, use cases",
    "cards/": "cards and texts",
    "storage/": "storage",
    "bot/": "the edge and the router",
    "sqlite3.": "SQLite itself",
    "sqlalchemy/": "SQLAlchemy (begin, commit)",
    "aiosqlite/": "SQLAlchemy (begin, commit)",
    "aiohttp/": "HTTP",
    "botbuilder/": "botbuilder",
    "structlog/": "the log",
    "prometheus_client/": "metrics",
    "json/": "JSON",
    "adaptivecards/": "cards and texts",
}
ELSE = "the rest: the loop, Python's own"


async def measure(seconds: float = 3.0, groups: int = 3) -> tuple[list[Figure], dict[str, Any]]:
    """The share of each part in the process's own time, the greatest first; waiting is left out."""
    with tempfile.TemporaryDirectory() as folder:
        async with Issuer() as issuer, FakeConnector(accepts=issuer.accepts) as teams:
            settings = await _settings(Path(folder), issuer, teams, groups)
            set_up_logging(settings)
            load = turn.answers(settings.port, issuer, teams, groups, seconds=seconds)
            async with running(settings) as app, listening(app, settings):
                warm = await turn.generate(replace(load, seconds=0.5))
                profile = cProfile.Profile()
                profile.enable()
                await turn.generate(replace(load, first=warm.next))
                profile.disable()
    spent = _by_part(profile)
    total = sum(spent.values())
    shares = {part: own / total for part, own in spent.most_common()}
    return [
        Figure(f"share of an answer turn: {part}", f"{share:.0%}") for part, share in shares.items()
    ], shares


async def _settings(folder: Path, issuer: Issuer, teams: FakeConnector, groups: int) -> Settings:
    url = sqlite(folder, "profile")
    await sample.fill(url, teams.url, groups)
    given = {**issuer.environment, "DATABASE_URL": url, "HOST": "127.0.0.1", "LOG_LEVEL": "WARNING"}
    return Settings.model_validate({**given, "PORT": free_port()})


def _by_part(profile: cProfile.Profile) -> Counter[str]:
    spent: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        where = f"{file}:{name}"
        if any(skipped in where for skipped in ("poll", "benchmarks/")):
            continue
        spent[_part(where)] += own
    return spent


def _part(where: str) -> str:
    return next((part for sign, part in PARTS.items() if sign in where), ELSE)
