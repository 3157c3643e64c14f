"""SIGTERM to a real process: what was asked is answered, what is queued is kept, and the end comes in time."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from tests.bot.chat import button
from tests.connector import FakeConnector
from tests.e2e.team import set_up
from tests.issuer import Issuer
from tests.process import a_far_team, served, waiting

PEOPLE = ("karin", "mehmet", "lena", "per")


async def test_an_answer_in_flight_gets_its_receipt(
    tmp_path: Path, database: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    async with (
        served(tmp_path, environment) as server,
        a_far_team(server, environment["DATABASE_URL"], issuer, connector, *PEOPLE) as team,
    ):
        await set_up(team)
        await team.writes_in_channel("karin", "öppna")
        await team.delivered()
        prompt = team.got("mehmet")[-1].card
        assert prompt is not None
        answer = {**button(prompt, "Skicka"), "impact_1": "3", "comment_1": "Glas på gångvägen"}
        with closing(sqlite3.connect(database, isolation_level=None, timeout=10)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            pressed = asyncio.create_task(team.presses("mehmet", answer))
            await asyncio.sleep(0.5)
            stopped = asyncio.create_task(server.stop())
            await asyncio.sleep(0.5)
            assert not pressed.done()
            with pytest.raises(aiohttp.ClientConnectionError):
                async with aiohttp.ClientSession() as late:
                    await late.get(f"{server.url}/healthz")
            writer.execute("ROLLBACK")
        receipt = json.dumps(await pressed, ensure_ascii=False)
        assert "Glas på gångvägen" in receipt
        code, took = await stopped
        assert (code, took < 10) == (0, True)
    with closing(sqlite3.connect(database)) as after:
        assert after.execute("SELECT count(*) FROM reports WHERE submitted_at IS NOT NULL").fetchone() == (1,)


async def test_what_is_queued_is_sent_after_the_restart_and_nobody_is_sent_it_twice(
    tmp_path: Path, database: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    async with (
        served(tmp_path, environment) as server,
        a_far_team(server, environment["DATABASE_URL"], issuer, connector, *PEOPLE) as team,
    ):
        await set_up(team)
        had = len(connector.sent)
        connector.fail(503, times=-1, method="POST")
        await team.writes_in_channel("karin", "öppna")
        await connector.wait_for(lambda fake: any("Lägesrapport" in str(call.body) for call in fake.calls))
        assert (await server.stop())[0] == 0
        assert waiting(environment["DATABASE_URL"]) == len(PEOPLE)
        assert len(connector.sent) == had
    connector.heal()
    async with (
        served(tmp_path, environment) as server,
        a_far_team(server, environment["DATABASE_URL"], issuer, connector, *PEOPLE) as team,
    ):
        await team.delivered()
        prompts = [sent.conversation_id for sent in connector.sent[had:] if sent.card]
        assert (len(prompts), len(set(prompts))) == (len(PEOPLE), len(PEOPLE))


async def test_a_connector_that_never_answers_does_not_hold_the_end_up(
    tmp_path: Path, database: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    async with (
        served(tmp_path, {**environment, "STOP_WITHIN": "3"}) as server,
        a_far_team(server, environment["DATABASE_URL"], issuer, connector, *PEOPLE) as team,
    ):
        await set_up(team)
        connector.delay = 60.0
        before = len(connector.calls)
        asked = asyncio.create_task(team.writes_in_channel("karin", "öppna"))
        while len(connector.calls) < before + 2:  # noqa: ASYNC110 - a reply and a delivery hang
            await asyncio.sleep(0.05)
        _, took = await server.stop()
        assert took < 6
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
    assert waiting(environment["DATABASE_URL"]) == len(PEOPLE)


async def test_a_turn_that_hangs_does_not_hold_the_end_up_and_leaves_nothing_half(
    tmp_path: Path, database: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    async with (
        served(tmp_path, {**environment, "STOP_WITHIN": "2"}) as server,
        a_far_team(server, environment["DATABASE_URL"], issuer, connector, *PEOPLE) as team,
    ):
        await set_up(team)
        with closing(sqlite3.connect(database, isolation_level=None, timeout=10)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            pressed = asyncio.create_task(team.writes("mehmet", "notera klotter vid skolan"))
            await asyncio.sleep(0.5)
            _, took = await server.stop()
            assert took < 5
            assert isinstance(await asyncio.gather(pressed, return_exceptions=True), list)
            writer.execute("ROLLBACK")
            assert writer.execute("SELECT count(*) FROM observations").fetchone() == (0,)
            assert writer.execute("PRAGMA integrity_check").fetchone() == ("ok",)
