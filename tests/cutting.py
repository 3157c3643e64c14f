"""PostgreSQL's connections cut from outside, as by a restart."""

from __future__ import annotations

import psycopg


def plain(database_url: str) -> str:
    """SQLAlchemy's address as libpq understands it."""
    return database_url.replace("+psycopg", "", 1)


async def cut(database_url: str, which: str = "true") -> None:
    """Every connection to the database but one's own, or those that an SQL condition chooses."""
    async with await psycopg.AsyncConnection.connect(plain(database_url), autocommit=True) as admin:
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = current_database() AND pid <> pg_backend_pid() AND {which}"
        )
