"""Brings a database to the newest schema, by Alembic, without its command line and without touching logging."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import create_engine

VERSION_TABLE = "schema_version"
_LOCK = 7_305_011


async def migrate(database_url: str, to: str = "head") -> None:
    """Create or bring up to date the tables; does nothing when they are. Safe when several machines start at once.

    `to` an older revision makes what an older program left behind: for the tests of the way forward.
    """
    engine = create_engine(database_url)
    try:
        if not await is_current(engine):
            async with engine.begin() as connection:
                await connection.run_sync(_upgrade, to)
    finally:
        await engine.dispose()


async def is_current(engine: AsyncEngine) -> bool:
    """Whether the schema is the newest one; the database's own error if it cannot be reached."""
    async with engine.connect() as connection:
        await connection.execution_options(write=False)
        return await connection.run_sync(_current) == _newest()


def knows(revision: str) -> bool:
    """Whether a schema of that revision is this program's, or one that it can bring up to date."""
    return any(one.revision == revision for one in ScriptDirectory.from_config(_config()).walk_revisions())


def _upgrade(connection: Connection, to: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _current(connection: Connection) -> str | None:
    options = {"version_table": VERSION_TABLE}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()
