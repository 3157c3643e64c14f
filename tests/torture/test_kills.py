"""The bot is killed at any time: no answer with a receipt is lost, everybody is reached, hardly anybody twice (F4)."""

from __future__ import annotations

import os

import pytest

from tests.torture.seen import MEMBERS
from tests.torture.town import STAGES, a_town

KILLS = int(os.environ.get("TORTURE_KILLS", "5"))
SEED = int(os.environ.get("TORTURE_SEED", "1"))


async def test_kills_lose_no_answer_and_repeat_no_message_without_cause(sqlite_url: str) -> None:
    await _torture(sqlite_url)


@pytest.mark.long
async def test_neither_do_they_on_postgresql(postgres_url: str) -> None:
    await _torture(postgres_url)


async def _torture(database_url: str) -> None:
    async with a_town(database_url, SEED) as town:
        groups = range(KILLS)
        await town.has_groups(KILLS)
        for number in groups:
            await town.kill_while_living(number)
        await town.settle(groups)
        assert town.refusals == []
        assert len(town.receipts) >= KILLS * MEMBERS
        assert await town.lost() == []
        assert town.unprompted(groups) == set()
        assert town.untold() == set()
        assert town.unheard() == set()
        assert town.misinformed() == set()
        print(f"killed in: {dict(town.killed_in)}")  # the long form's report
        assert set(town.killed_in) == set(STAGES) or KILLS < 50
        assert town.known or KILLS < 20
        assert town.needlessly_repeated() == []
