"""Whatever Teams does to a message: nothing lost, nothing repeated without cause, and the coordinator reads why (F4)."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from tests.bot.chat import button
from tests.connector import Call, FakeConnector
from tests.e2e.team import set_up
from tests.faults.cases import CHANNEL_FINAL, CHANNEL_PASSING, FINAL, PASSING, SILENT, UNCERTAIN, Case
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


async def prompted_in_spite_of(team: FarTeam, cases: tuple[Case, ...]) -> list[Call]:
    """A round opens while Teams does all that; what Teams was asked until the ledger waits for nothing any more."""
    await set_up(team)
    before = len(team.connector.calls)
    for case in cases:
        team.connector.fail(**case.fault, conversation_id=f"personal-29:{case.who}", method="POST")
    await team.writes_in_channel("karin", "öppna")
    await team.delivered()
    return team.connector.calls[before:]


def check(team: FarTeam, cases: tuple[Case, ...], calls: list[Call]) -> None:
    """Everybody stands where the table says, and Teams was asked as often as it says."""
    stood = states(team)
    for case in cases:
        got, asked = prompts(team, case.who), to(calls, case.who)
        assert stood[case.who] == case.state, case
        assert (1 if case.state == "sent" else 0) <= got <= case.most, (case, got)
        assert len(asked) == case.calls, case
    assert [prompts(team, who) for who in WELL] == [1, 1]


def to(calls: list[Call], who: str) -> list[Call]:
    """What was to be sent to somebody."""
    chat = f"personal-29:{who}"
    return [call for call in calls if call.method == "POST" and call.conversation_id == chat]


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
        calls = await prompted_in_spite_of(team, cases)
        check(team, cases, calls)
        assert len({call.authorization for call in to(calls, "our-token-expired")}) == 2
        await the_coordinator_reads_why(team)
        await those_who_come_back_are_sent_it(team)
        await the_others_are_sent_it_again(team)
        await the_answer_of_one_who_was_missed_counts(team)
        await the_channel_gets_the_picture_once(team)


async def the_coordinator_reads_why(team: FarTeam) -> None:
    """`status` names just those who were not reached, and each with the words of the table."""
    said = await status(team)
    for case in FINAL:
        assert re.search(rf"\*\*{case.who.title()}\*\*, [^*]*{re.escape(case.says)}", said), case
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
    """Whatever Teams does to it first, and however often the coordinator has to send it again."""
    for fault in CHANNEL_PASSING:
        team.connector.fail(**fault, conversation_id=CHANNEL, method="POST")
    team.connector.fail(**CHANNEL_FINAL[0].fault, conversation_id=CHANNEL, method="POST")
    await team.writes("karin", "sammanställ")
    preview = team.got("karin")[-1].card
    assert preview is not None
    await team.presses("karin", button(preview, "Lägg i kanalen"))
    await team.delivered()
    for case, then in zip(CHANNEL_FINAL, (*CHANNEL_FINAL[1:], None), strict=True):
        assert case.says in await status(team), case
        assert posts(team) == 0
        if then is not None:
            team.connector.fail(**then.fault, conversation_id=CHANNEL, method="POST")
        card = team.got("karin")[-1].card
        assert card is not None
        await team.presses("karin", button(card, "Skicka igen"))
        await team.delivered()
    assert posts(team) == 1


def posts(team: FarTeam) -> int:
    """How often the picture is in the channel."""
    return sum(
        sent.conversation_id == CHANNEL and "Glas på gångvägen" in str(sent.card)
        for sent in team.connector.sent
    )


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
        calls = await prompted_in_spite_of(team, SILENT)
        assert time.monotonic() - began < 28
        check(team, SILENT, calls)
