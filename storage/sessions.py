"""Connections to PostgreSQL that hold locks for as long as their process lives."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import make_url

_NUMBERS = 2**20
# A line that is cut says nothing: both ends ask whether the other is still there. The server waits the longer, so that a
# process has noticed before what it held is another's.
_OURS: dict[str, Any] = {
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 3000,
    "connect_timeout": 5,
}
_THEIRS = """
    SELECT set_config('tcp_keepalives_idle', '3', false), set_config('tcp_keepalives_interval', '1', false),
           set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '6000', false)
"""


async def open_session(database_url: str) -> AsyncConnection:
    """A connection that gives back what it holds within seconds of its process' death or the network's.

    Every statement is its own transaction. psycopg's Error if the database is not there.
    """
    address = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    session = await AsyncConnection.connect(address, autocommit=True, application_name="lagesbild", **_OURS)
    await session.execute(_THEIRS)
    return session


def lock_key(name: str) -> int:
    """The key of an advisory lock, named among all in the database; the next million belong to the same name."""
    number = int.from_bytes(blake2b(f"lagesbild {name}".encode(), digest_size=8).digest(), signed=True)
    return number // _NUMBERS * _NUMBERS
