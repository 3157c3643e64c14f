"""`python -m bot backup` and `restore`, as processes of their own beside a server that runs."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from storage import BackupError, back_up, migrate, restore
from tests.connector import FakeConnector
from tests.e2e.team import set_up
from tests.issuer import Issuer
from tests.process import FarTeam, a_far_team, run, served

PEOPLE = ("karin", "mehmet")


def _url(database: Path) -> str:
    return f"sqlite+aiosqlite:///{database}"


def _notes(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM observations ORDER BY text")]


def _beside(file: Path, pattern: str) -> list[Path]:
    return list(file.parent.glob(pattern))


async def _note_on(team: FarTeam, done: asyncio.Event) -> int:
    """Notes, one after the other, until it is enough."""
    count = 0
    while not done.is_set():
        count += 1
        await team.writes("mehmet", f"notera klotter nummer {count} vid skolan")
    return count


async def test_a_backup_of_a_running_bot_is_whole_and_can_be_gone_back_to(
    tmp_path: Path, database: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    copy, done = tmp_path / "copy.db", asyncio.Event()
    async with (
        served(tmp_path, environment) as server,
        a_far_team(server, environment["DATABASE_URL"], issuer, connector, *PEOPLE) as team,
    ):
        await set_up(team)
        noting = asyncio.create_task(_note_on(team, done))
        await asyncio.sleep(1)
        code, said = await run("backup", str(copy), DATABASE_URL=_url(database))
        assert (code, "whole" in said) == (0, True), said
        await asyncio.sleep(0.5)
        done.set()
        count = await noting

        code, said = await run("restore", str(copy), DATABASE_URL=_url(database))
        assert (code, "stop the bot first" in said) == (1, True), said
        await team.writes("mehmet", "notera efter försöket att återställa")
        assert (await server.stop())[0] == 0
    everything, kept = _notes(database), _notes(copy)
    assert 0 < len(kept) < count < len(everything)
    assert set(kept) < set(everything)

    code, said = await run("restore", str(copy), DATABASE_URL=_url(database))
    assert code == 0, said
    assert _notes(database) == kept
    (before,) = _beside(database, "test.db.before-*")
    assert before.name in said
    assert _notes(before) == everything
    async with (
        served(tmp_path, environment) as server,
        a_far_team(server, environment["DATABASE_URL"], issuer, connector, *PEOPLE) as team,
    ):
        await team.writes("mehmet", "mina uppgifter")
        card = json.dumps(connector.sent[-1].body, ensure_ascii=False)
        assert "Det här finns om dig" in card


async def test_a_backup_is_one_file_for_its_owner_alone(sqlite_url: str, tmp_path: Path) -> None:
    await migrate(sqlite_url)
    copy = tmp_path / "backups" / "copy.db"
    copy.parent.mkdir()
    for _ in range(2):
        assert back_up(sqlite_url, copy) == copy.stat().st_size
    assert [one.name for one in copy.parent.iterdir()] == ["copy.db"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


async def test_a_new_machine_is_filled_from_a_backup(sqlite_url: str, tmp_path: Path) -> None:
    await migrate(sqlite_url)
    copy, new = tmp_path / "copy.db", tmp_path / "new.db"
    back_up(sqlite_url, copy)
    assert restore(_url(new), copy) is None
    await migrate(_url(new))


def _damaged(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[4096 * 3 : 4096 * 9] = b"\xff" * (4096 * 6)
    file.write_bytes(whole)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: 4096 * 5])


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE schema_version SET version_num = '9999'")
        connection.commit()


def _anothers(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE t (a)")


@pytest.mark.parametrize(
    "spoil", [_damaged, _cut, _newer, _anothers, lambda file: file.write_text("text"), Path.unlink]
)
async def test_what_is_no_whole_backup_is_refused_and_the_database_stays(
    sqlite_url: str, tmp_path: Path, spoil: object
) -> None:
    assert callable(spoil)
    await migrate(sqlite_url)
    copy, database = tmp_path / "copy.db", tmp_path / "test.db"
    back_up(sqlite_url, copy)
    spoil(copy)
    before = database.read_bytes()
    with pytest.raises(BackupError):
        restore(sqlite_url, copy)
    assert database.read_bytes() == before
    assert not _beside(database, "*.before-*")


async def test_a_backup_that_can_not_be_written_leaves_the_last_one(sqlite_url: str, tmp_path: Path) -> None:
    await migrate(sqlite_url)
    copy = tmp_path / "copy.db"
    back_up(sqlite_url, copy)
    whole = copy.read_bytes()
    _damaged(tmp_path / "test.db")
    with pytest.raises(BackupError):
        back_up(sqlite_url, copy)
    assert copy.read_bytes() == whole
    with pytest.raises(BackupError, match="not written"):
        back_up(_url(copy), tmp_path / "nowhere" / "copy.db")


@pytest.mark.parametrize("command", ["backup", "restore"])
async def test_with_postgresql_its_own_tools_are_named(command: str) -> None:
    code, said = await run(command, "x.db", DATABASE_URL="postgresql+psycopg://bot@127.0.0.1/lagesbild")
    assert (code, "pg_dump" in said) == (1, True)
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["backup", "restore"])
async def test_the_database_itself_is_no_backup(sqlite_url: str, tmp_path: Path, command: str) -> None:
    await migrate(sqlite_url)
    code, said = await run(command, str(tmp_path / "test.db"), DATABASE_URL=sqlite_url)
    assert (code, "is the database itself" in said) == (1, True)


async def test_nothing_to_back_up_makes_no_file(tmp_path: Path) -> None:
    code, said = await run("backup", str(tmp_path / "x.db"), DATABASE_URL=_url(tmp_path / "none.db"))
    assert (code, "nothing to back up" in said) == (1, True)
    assert not _beside(tmp_path / "x.db", "*")
