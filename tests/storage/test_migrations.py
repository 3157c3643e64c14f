"""A database of every released schema comes forward with all that is in it (F4)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import running
from bot.settings import Settings
from lagesbild.ids import RoundId
from storage import Storage, create_engine, is_current, migrate
from storage.tables import metadata
from tests.bot.test_sample import lived
from tests.samples import GROUP_ID, a_note

VERSIONS = Path(__file__).parents[2] / "storage" / "migrations"
OLDER = [one.revision for one in ScriptDirectory(str(VERSIONS)).walk_revisions()][1:]
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Every row of a group that has lived for some rounds, by table."""
    return asyncio.run(_lived(tmp_path_factory.mktemp("life") / "life.db"))


async def _lived(file: Path) -> Rows:
    url = f"sqlite+aiosqlite:///{file}"
    settings = Settings.model_validate({"allow_anonymous": True, "host": "127.0.0.1", "database_url": url})
    async with running(settings) as app:
        await lived(app)
        async with app.desk.open() as work:
            somebody = (await work.store.members.list_by_group(GROUP_ID))[0]
            await work.store.observations.save(a_note(somebody))
    engine = create_engine(url)
    rows = await rows_of(engine)
    await engine.dispose()
    return rows


async def rows_of(engine: AsyncEngine) -> Rows:
    """All that is stored."""
    async with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in (await connection.execute(select(table))).mappings()]
            for table in metadata.sorted_tables
        }


def columns_of(connection: Connection) -> dict[str, set[str]]:
    """The tables that there are, with their columns."""
    there = MetaData()
    there.reflect(connection)
    return {name: {column.name for column in table.columns} for name, table in there.tables.items()}


def cut(rows: Rows, columns: dict[str, set[str]]) -> Rows:
    """The rows as far as that schema has room for them, in an order that does not depend on the database."""
    fitting = {
        name: [{key: value for key, value in row.items() if key in columns[name]} for row in found]
        for name, found in rows.items()
        if name in columns
    }
    return {name: sorted(found, key=repr) for name, found in fitting.items()}


@pytest.mark.parametrize("revision", OLDER)
async def test_all_that_an_older_schema_holds_comes_forward(
    database_url: str, revision: str, life: Rows
) -> None:
    await migrate(database_url, to=revision)
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        columns = await connection.run_sync(columns_of)
        for table in metadata.sorted_tables:
            for row in cut(life, columns).get(table.name, []):
                await connection.execute(insert(table).values(row))
    assert not await is_current(engine)

    await migrate(database_url)

    assert await is_current(engine)
    assert cut(await rows_of(engine), columns) == cut(life, columns)
    async with Storage(engine).begin(write=False) as store:
        for row in life["rounds"]:
            answered = {one["member_id"] for one in life["reports"] if one["round_id"] == row["id"]}
            reports = await store.reports.list_by_round(RoundId(row["id"]))
            assert {report.member_id for report in reports} == answered
    await engine.dispose()


def test_the_life_holds_something_of_everything_that_the_first_schema_knew(life: Rows) -> None:
    filled = {name for name, rows in life.items() if rows}
    assert filled >= {
        "groups",
        "members",
        "meetings",
        "rounds",
        "reports",
        "report_revisions",
        "audit",
        "observations",
    }
