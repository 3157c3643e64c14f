"""Whatever Teams does to a message: nothing lost, nothing repeated without cause, and the coordinator reads why (F4)."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.bot.chat import button
from tests.connector import FakeConnector
from tests.e2e.team import set_up
from tests.faults.cases import FINAL, PASSING, SILENT, UNCERTAIN, Case
from tests.issuer import Issuer
from tests.process import FarTeam, a_far_team, rows, served

CHANNEL = "19:lage@thread.tacv2"
WELL = ("karin", "mehmet")
"""The coordinator, and a member whom nothing happens to."""


def prompts(team: FarTeam, who: str) -> int:
    """How often somebody's chat got the question."""
    chat = f"personal-29:{who}"
    return sum(
        sent.conversation_id == chat and "Lägesrapport" in str(sent.body) for sent in team.connector.sent
    )


def states(team: FarTeam, kind: str = "prompt") -> dict[str, str]:
    """What the ledger says, by person."""
    query = (
        "SELECT m.user_id, d.state FROM deliveries d JOIN members m ON m.id = d.member_id WHERE d.kind = '{}'"
    )
    return {row[0].removeprefix("29:"): row[1] for row in rows(team.database_url, query.format(kind))}


async def status(team: FarTeam) -> str:
    """What the coordinator reads."""
    await team.writes("karin", "status")
    return json.dumps([sent.body for sent in team.got("karin")][-1], ensure_ascii=False)


async def prompted_in_spite_of(team: FarTeam, cases: tuple[Case, ...]) -> None:
    """A round opens while Teams does all that; until the ledger waits for nothing any more."""
    await set_up(team)
    for case in cases:
        team.connector.fail(**case.fault, conversation_id=f"personal-29:{case.who}", method="POST")
    await team.writes_in_channel("karin", "öppna")
    await team.delivered()


def check(team: FarTeam, cases: tuple[Case, ...]) -> None:
    """Everybody stands where the table says."""
    stood = states(team)
    for case in cases:
        got = prompts(team, case.who)
        assert stood[case.who] == case.state, case
        assert (1 if case.state == "sent" else 0) <= got <= case.most, (case, got)
    assert [prompts(team, who) for who in WELL] == [1, 1]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.long)])
def environment(request: pytest.FixtureRequest, issuer: Issuer) -> dict[str, str]:
    url = str(request.getfixturevalue(f"{request.param}_url"))
    return {**issuer.environment, "DATABASE_URL": url, "LOG_LEVEL": "WARNING"}


async def test_what_teams_does_to_a_message_costs_nobody_else_anything(
    tmp_path: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    cases = PASSING + UNCERTAIN + FINAL
    people = [*WELL, *(case.who for case in cases)]
    async with (
        served(tmp_path, environment) as server,
        a_far_team(server, environment["DATABASE_URL"], issuer, connector, *people) as team,
    ):
        await prompted_in_spite_of(team, cases)
        check(team, cases)
        await the_coordinator_reads_why(team)
        await those_who_come_back_are_sent_it(team)
        await the_others_are_sent_it_again(team)
        await the_answer_of_one_who_was_missed_counts(team)
        await the_channel_gets_the_picture_once(team)


async def the_coordinator_reads_why(team: FarTeam) -> None:
    said = await status(team)
    unreached = [case for case in FINAL if f"**{case.who.title()}**" in said]
    assert len(unreached) >= 6, "the rest is counted"
    assert all(case.says in said for case in unreached)
    assert all(f"**{case.who.title()}**" not in said for case in PASSING + UNCERTAIN)


async def those_who_come_back_are_sent_it(team: FarTeam) -> None:
    back = [case.who for case in FINAL if case.returns]
    for who in back:
        await team.writes(who, "hej")
    await team.delivered()
    assert {who: (states(team)[who], prompts(team, who)) for who in back} == dict.fromkeys(back, ("sent", 1))


async def the_others_are_sent_it_again(team: FarTeam) -> None:
    before = {case.who: prompts(team, case.who) for case in PASSING + UNCERTAIN}
    await team.writes("karin", "status")
    card = team.got("karin")[-1].card
    assert card is not None
    await team.presses("karin", button(card, "Skicka igen"))
    await team.delivered()
    assert set(states(team).values()) == {"sent"}
    assert all(prompts(team, case.who) == 1 for case in FINAL)
    assert {who: prompts(team, who) for who in before} == before


async def the_answer_of_one_who_was_missed_counts(team: FarTeam) -> None:
    prompt = next(sent.card for sent in reversed(team.got("blocked")) if sent.card)
    assert prompt is not None
    answer = {**button(prompt, "Skicka"), "impact_1": "3", "comment_1": "Glas på gångvägen"}
    assert "Glas på gångvägen" in json.dumps(await team.presses("blocked", answer), ensure_ascii=False)


async def the_channel_gets_the_picture_once(team: FarTeam) -> None:
    team.connector.fail(503, conversation_id=CHANNEL, method="POST")
    team.connector.fail(429, conversation_id=CHANNEL, method="POST", retry_after=1)
    await team.writes("karin", "sammanställ")
    preview = team.got("karin")[-1].card
    assert preview is not None
    await team.presses("karin", button(preview, "Lägg i kanalen"))
    await team.delivered()
    posts = [sent for sent in team.connector.sent if sent.conversation_id == CHANNEL and sent.card]
    assert sum("Glas på gångvägen" in str(sent.body) for sent in posts) == 1


@pytest.mark.long
async def test_half_a_minute_of_silence_is_not_waited_for(
    tmp_path: Path, environment: dict[str, str], issuer: Issuer, connector: FakeConnector
) -> None:
    people = [*WELL, *(case.who for case in SILENT)]
    async with (
        served(tmp_path, environment) as server,
        a_far_team(server, environment["DATABASE_URL"], issuer, connector, *people) as team,
    ):
        began = time.monotonic()
        await prompted_in_spite_of(team, SILENT)
        assert time.monotonic() - began < 28
        check(team, SILENT)
