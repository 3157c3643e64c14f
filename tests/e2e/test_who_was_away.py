"""Who blocked the bot, or took it away, hears afterwards what the council said (C5, F4)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from tests.clocks import Shifted
from tests.e2e.chain import (
    DARK,
    LIGHTS,
    SENTENCE,
    TRAFFIC,
    assessed,
    card_of,
    council_of,
    decided,
    reported,
    said,
)
from tests.e2e.team import Team, a_team, set_up

MEETING = "Så blev bilden"


def times(team: Team, who: str, words: str) -> int:
    """How many cards in somebody's own chat say so."""
    return sum(words in said(sent.card) for sent in team.got(who) if sent.card is not None)


async def installed_again(team: Team) -> None:
    """Mehmet takes the app back."""
    await team.installs_alone("mehmet")


async def written(team: Team) -> None:
    """Mehmet lets the bot in again, and writes to it."""
    await team.writes("mehmet", "hej")


@pytest.mark.parametrize(
    ("code", "comes_back"),
    [("ForbiddenOperationException", installed_again), ("ConversationBlockedByUser", written)],
)
async def test_what_was_missed_comes_once_when_the_person_is_back(
    database_url: str, code: str, comes_back: Callable[[Team], Awaitable[None]]
) -> None:
    clock = Shifted()
    async with a_team(database_url, "karin", "mehmet", "lena", "per", clock=clock) as team:
        await set_up(team)
        await reported(team)
        await council_of(team, "per")
        chat = team.connector.opened[team.people["mehmet"]["id"]]
        team.connector.fail(403, code, times=-1, conversation_id=chat)
        await assessed(team)
        due = (clock.now() + timedelta(days=21)).date().isoformat()
        owner = {"decision_other": "Tekniska förvaltningen", "decision_due": due}
        await decided(team, LIGHTS, decision_kind="measure", decision_sentence=SENTENCE, **owner)
        await team.writes_in_channel("karin", "öppna")
        await team.delivered()
        assert (times(team, "mehmet", MEETING), times(team, "lena", MEETING)) == (0, 1)
        assert times(team, "mehmet", SENTENCE) == 0

        team.connector.heal()
        await comes_back(team)
        await team.delivered()
        assert (times(team, "mehmet", MEETING), times(team, "lena", MEETING)) == (1, 1)
        assert DARK in said(card_of(team, "mehmet", LIGHTS, SENTENCE, "Tekniska förvaltningen"))
        assert times(team, "mehmet", TRAFFIC) == times(team, "lena", TRAFFIC) == 1
        await comes_back(team)
        await team.delivered()
        assert (times(team, "mehmet", MEETING), times(team, "mehmet", SENTENCE)) == (1, 1)
