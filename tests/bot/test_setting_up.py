"""The form that sets a group up: what it proposes, and what it answers when it is saved (F5, A4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.teams.activities import BotAdded
from lagesbild.people import GroupState
from lagesbild.rounds import MeetingState
from tests.bot.chat import Chat, button, words
from tests.overwriting import overwriting
from tests.samples import a_group, a_member


async def _never_set_up(chat: Chat, now: str) -> None:
    async with chat.world.at(now).work() as work:
        await overwriting(work.store).groups.save(a_group(state=GroupState.NEW, schedule=None, template=None))


def _values(part: object) -> dict[str, Any]:
    """What stands in a form's fields."""
    if isinstance(part, list):
        return {key: value for one in part for key, value in _values(one).items()}
    if not isinstance(part, dict):
        return {}
    if str(part.get("type")).startswith("Input."):
        return {part["id"]: part.get("value")}
    return _values(list(part.values()))


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-26 09:00", "2026-12-03"),
        ("2026-11-29 09:00", "2026-12-07"),
        ("2026-12-18 09:00", "2026-12-28"),
    ],
    ids=["an ordinary week", "a Sunday", "Christmas Day"],
)
async def test_the_first_meeting_is_proposed_on_a_day_when_people_work(
    chat: Chat, now: str, first: str
) -> None:
    await _never_set_up(chat, now)
    form = (await chat.says(chat.karin, "inställningar", in_channel=True)).card
    assert form is not None
    assert _values(form)["first"] == first


async def _saves(chat: Chat, **changes: str) -> str:
    form = (await chat.says(chat.karin, "inställningar", in_channel=True)).card
    assert form is not None
    return words(await chat.presses(chat.karin, {**button(form, "Spara"), **_values(form), **changes}))


async def test_everybody_is_welcomed_the_first_time_it_is_saved_and_no_other_time(chat: Chat) -> None:
    await _never_set_up(chat, "2025-03-03 09:00")
    said = await _saves(chat, municipality="Fagersta", name="EST-gruppen", template="fagersta", at="13:00")
    assert "EST-gruppen Fagersta är igång" in said
    assert "Alla har fått ett välkomstkort" in said
    again = await _saves(chat, at="14:00")
    assert "✓ Sparat" in again
    assert "är igång" not in again
    assert "välkomstkort" not in again


async def test_a_cancelled_meeting_is_not_the_next_one(chat: Chat) -> None:
    async with chat.world.work() as work:
        await overwriting(work.store).meetings.save(replace(chat.meeting, state=MeetingState.CANCELLED))
    said = await _saves(chat)
    assert "✓ Sparat" in said
    assert "Nästa möte" in said
    assert "torsdag 13 mars" not in said


async def test_who_adds_the_bot_is_greeted_once_though_teams_tells_it_twice(chat: Chat) -> None:
    stranger = a_member("Sven Alm", None, id="sven", user_id="29:sven")
    for who, greeting in ((stranger, "Hej, jag är Lägesbild"), (chat.mehmet, "Hej igen!")):
        told = [
            BotAdded(chat._who(who), chat._where(), f"a{n}", in_team=False, installed=n == 1) for n in (1, 2)
        ]
        replies = [await chat.router(event) for event in told]
        assert replies[0] is not None
        assert greeting in words(replies[0])
        assert replies[1] is None
