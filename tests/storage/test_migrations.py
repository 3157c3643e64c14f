"""The newest schema is reached from the one before it, with what is stored there."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, func, inspect, select

from storage import Storage, create_engine, is_current, migrate, tables
from storage.migrate import _config
from tests.samples import a_group, a_meeting, a_member, a_round

PLANNED = "ix_rounds_group_id_state_opens_at"


def _indexes(connection: Connection) -> set[str | None]:
    return {index["name"] for index in inspect(connection).get_indexes("rounds")}


def _on(connection: Connection) -> Config:
    config = _config()
    config.attributes["connection"] = connection
    return config


async def test_what_was_stored_before_the_index_to_planned_rounds_is_there_after_it(
    database_url: str,
) -> None:
    await migrate(database_url)
    engine = create_engine(database_url)
    try:
        async with Storage(engine).begin() as store:
            await store.groups.save(a_group())
            await store.members.save(a_member(id="lena"))
            await store.meetings.save(a_meeting())
            await store.rounds.save(a_round())
        async with engine.begin() as connection:
            await connection.run_sync(lambda sync: command.downgrade(_on(sync), "0003"))
            assert PLANNED not in await connection.run_sync(_indexes)
        await migrate(database_url)
        assert await is_current(engine)
        async with engine.connect() as connection:
            assert PLANNED in await connection.run_sync(_indexes)
            assert (
                await connection.execute(select(func.count()).select_from(tables.rounds))
            ).scalar_one() == 1
    finally:
        await engine.dispose()
