"""A copy of the SQLite file while the bot runs, and the way back (blocking; for the command line)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.engine import database_file
from storage.migrate import VERSION_TABLE, knows


class BackupError(Exception):
    """Nothing was changed; the text says why, and what to do."""


def back_up(database_url: str, to: Path) -> int:
    """Copy the database as it is at one instant to a file, which is replaced when the copy is whole; its bytes.

    Readers and writers are not held up. The copy is readable by its owner alone, for it holds what people wrote.
    """
    database = _file_of(database_url)
    if not database.exists():
        raise BackupError(f"{database} does not exist: nothing to back up")
    if to.exists() and to.samefile(database):
        raise BackupError(f"{to} is the database itself: name another file")
    part = to.with_name(to.name + ".part")
    try:
        with _opened(database, "rw") as source:
            _copy(source, part)
        _check(part)
        _to_disk(part)
        part.replace(to)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{to} was not written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return to.stat().st_size


def restore(database_url: str, source: Path, now: datetime | None = None) -> Path | None:
    """Put a backup in the place of the database, in one transaction; where the database was kept, if there was one.

    Refused while anybody has the database open: a running bot would go on with what it remembers of the other one.
    """
    database = _file_of(database_url)
    _check(source)
    if database.exists() and source.samefile(database):
        raise BackupError(f"{source} is the database itself: name the backup")
    kept = _kept(database, now or datetime.now(UTC)) if database.exists() else None
    try:
        with _opened(source) as backup, _alone(database) as target:
            if kept is not None:
                _copy(target, kept)
            backup.backup(target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{source} was not restored: {error}") from error
    return kept


def _file_of(database_url: str) -> Path:
    if (file := database_file(database_url)) is not None:
        return file
    if database_url.startswith("sqlite"):
        raise BackupError("the database is in memory: there is no file")
    raise BackupError("this is for SQLite; the database is PostgreSQL: use pg_dump and pg_restore")


@contextmanager
def _opened(file: Path, mode: str = "ro") -> Iterator[sqlite3.Connection]:
    uri = f"{file.resolve().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=15)) as connection:
        yield connection


@contextmanager
def _alone(database: Path) -> Iterator[sqlite3.Connection]:
    """The database with nobody else in it: leaving WAL mode is what SQLite refuses while another has it open."""
    database.touch(mode=0o600)
    with closing(sqlite3.connect(database, isolation_level=None, timeout=1)) as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchone()
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise BackupError(f"{database} is in use: stop the bot first") from error
        yield connection


def _copy(source: sqlite3.Connection, to: Path) -> None:
    """One whole file, without a journal beside it."""
    to.unlink(missing_ok=True)
    to.touch(mode=0o600)
    with closing(sqlite3.connect(to, isolation_level=None)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE").fetchone()


def _check(file: Path) -> None:
    """Whether a file is a whole database of ours that this program understands; BackupError if not."""
    if not file.is_file():
        raise BackupError(f"{file} does not exist")
    try:
        with _opened(file) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            versions = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall()  # noqa: S608 - ours
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{file} is no whole database of this bot: {error}") from error
    if found != "ok":
        raise BackupError(f"{file} is damaged: {found}")
    if not versions or not knows(versions[0][0]):
        raise BackupError(f"{file} was written by a newer version of the bot: install that one first")


def _kept(database: Path, now: datetime) -> Path:
    return database.with_name(f"{database.name}.before-{now:%Y%m%dT%H%M%SZ}")


def _to_disk(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
