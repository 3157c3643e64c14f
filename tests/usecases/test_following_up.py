"""Does it show? Each reporter is asked once, and a "no" goes back to the agenda (C6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotFound
from lagesbild.feedback import FollowUp, Shows, reopened
from lagesbild.ids import AbsenceId
from lagesbild.measures import MeasureState
from lagesbild.people import Absence, MemberState
from lagesbild.referrals import ReferralState
from lagesbild.usecases.following_up import answer_follow_up, ask_again, asked_of, follow_ups_due
from tests.chain import (
    ASKED,
    DECIDED,
    DONE,
    LENA,
    MEASURE,
    MEHMET,
    OMAR,
    REFERRAL,
    REKTOR,
    RUT,
    begun,
    holds,
    referral_now,
)
from tests.samples import NOW, a_group
from tests.usecases.world import World

DAY = "2025-05-12"
"""Five weeks after the measure was done."""


async def due(world: World, text: str = f"{DAY} 09:00", group: Any = None) -> int:
    world.at(text)
    return await world.do(follow_ups_due, group or a_group(), world.time)


async def answer(world: World, shows: Shows, member: Any = LENA, **more: Any) -> Any:
    return await world.do(answer_follow_up, member, MEASURE.id, more.pop("number", 1), shows, **more)


async def stored(world: World, member: Any = LENA, number: int = 1) -> FollowUp:
    async with world.storage.begin(write=False) as store:
        found = await store.follow_ups.get(MEASURE.id, member.id, number)
    assert found is not None
    return found


async def test_each_reporter_with_teams_is_asked_once_five_weeks_after(each_world: World) -> None:
    await begun(each_world, DECIDED, DONE)
    assert await due(each_world, "2025-05-11 17:00") == 0
    assert await due(each_world) == 2
    assert await due(each_world, f"{DAY} 10:00") == 0
    sent = await each_world.sent(DeliveryKind.FOLLOW_UP)
    assert [one.key for one in sent] == [f"follow_up:mea1:{who}:1" for who in ("lena", "mehmet")]
    assert {one.subject for one in sent} == {"mea1:1"}
    assert {RUT.id, REKTOR.id, OMAR.id}.isdisjoint(one.member_id for one in sent)


async def test_the_group_decides_how_many_weeks(world: World) -> None:
    await begun(world, DECIDED, DONE)
    assert await due(world, "2025-04-21 09:00", a_group(follow_up_weeks=2)) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"state": MeasureState.ONGOING},
        {"state": MeasureState.STOPPED},
        {"done_on": None},
        {"referral_id": None},
        {"done_on": date(2024, 6, 1)},
    ],
    ids=str,
)
async def test_only_what_was_lifted_and_is_newly_done_is_asked_about(
    world: World, changes: dict[str, Any]
) -> None:
    await begun(world, DECIDED, replace(DONE, **changes))
    assert await due(world) == 0


async def test_nobody_is_asked_about_what_was_withdrawn(world: World) -> None:
    await begun(world, replace(REFERRAL, state=ReferralState.WITHDRAWN), DONE)
    assert await due(world) == 0


async def test_nobody_is_asked_at_night_and_the_morning_makes_up_for_it(world: World) -> None:
    await begun(world, DECIDED, DONE)
    for night in ("00:30", "18:00"):
        assert await due(world, f"{DAY} {night}") == 0
    assert await due(world, f"{DAY} 08:00") == 2


async def test_who_is_away_is_asked_when_back(world: World) -> None:
    await begun(world, DECIDED, DONE)
    await world.has(Absence(AbsenceId("a1"), LENA.id, date(2025, 5, 5), date(2025, 5, 12)))
    assert await due(world) == 1
    assert await due(world, "2025-05-13 09:00") == 1


async def test_who_wants_it_is_asked_once_more_and_the_others_are_not(each_world: World) -> None:
    await begun(each_world, DECIDED, DONE)
    await due(each_world)
    await answer(each_world, Shows.UNKNOWN, again=True)
    await answer(each_world, Shows.YES, MEHMET)
    assert await due(each_world, "2025-06-15 09:00") == 0
    assert await due(each_world, "2025-06-16 09:00") == 1
    assert await due(each_world, "2025-06-16 10:00") == 0
    assert (await stored(each_world, number=2)).shows is None
    assert await due(each_world, "2025-09-01 09:00") == 0


async def test_what_is_done_anew_is_asked_about_anew(world: World) -> None:
    await begun(world, DECIDED, DONE)
    await due(world)
    await answer(world, Shows.YES)
    await holds(world, replace(DONE, done_on=date(2025, 6, 2)))
    assert await due(world, "2025-07-07 09:00") == 2
    assert (await stored(world, number=2)).shows is None


@pytest.mark.parametrize("before", [ReferralState.DECIDED, ReferralState.CLOSED])
@pytest.mark.parametrize("shows", [Shows.NO, Shows.PARTLY])
async def test_a_no_puts_it_on_the_agenda_and_tells_everybody_with_a_part(
    each_world: World, before: ReferralState, shows: Shows
) -> None:
    await begun(each_world, replace(DECIDED, state=before), DONE, ASKED)
    asked = await answer(each_world, shows, comment="Två lampor är mörka igen")
    assert (await referral_now(each_world)).state is ReferralState.ON_AGENDA
    assert asked.referral.state is ReferralState.ON_AGENDA
    assert len(await each_world.sent(DeliveryKind.FEEDBACK)) == 4
    assert await each_world.actions() == ["answer follow-up", "reopen referral"]
    kept = await stored(each_world)
    assert (kept.shows, kept.comment) == (shows, "Två lampor är mörka igen")


@pytest.mark.parametrize("shows", [Shows.YES, Shows.UNKNOWN])
async def test_a_yes_closes_nothing_by_itself(world: World, shows: Shows) -> None:
    await begun(world, DECIDED, DONE, ASKED)
    await answer(world, shows)
    assert await referral_now(world) == DECIDED
    assert await world.sent(DeliveryKind.FEEDBACK) == []


async def test_an_answer_can_be_changed_until_it_has_led_on(each_world: World) -> None:
    await begun(each_world, DECIDED, DONE, ASKED)
    await answer(each_world, Shows.YES)
    await answer(each_world, Shows.NO)
    with pytest.raises(Invalid, match="reopened"):
        await answer(each_world, Shows.YES)
    assert (await stored(each_world)).shows is Shows.NO


async def test_a_repeat_changes_nothing_and_more_words_can_be_added(world: World) -> None:
    await begun(world, DECIDED, DONE, ASKED)
    await answer(world, Shows.NO)
    before = await world.actions()
    await answer(world, Shows.NO)
    assert await world.actions() == before
    await answer(world, Shows.NO, comment="Mörkt vid cykelstället")
    assert (await stored(world)).comment == "Mörkt vid cykelstället"


async def test_words_added_to_an_old_no_do_not_undo_what_was_decided_since(world: World) -> None:
    await begun(world, DECIDED, DONE, ASKED)
    await answer(world, Shows.NO)
    await holds(world, replace(DECIDED, times=2))
    await answer(world, Shows.NO, comment="Fortfarande mörkt då")
    await world.do(ask_again, LENA, MEASURE.id, 1, again=True)
    assert (await referral_now(world)).state is ReferralState.DECIDED
    assert (await stored(world)).again


@pytest.mark.parametrize("other", [MEHMET, REKTOR, OMAR], ids=lambda one: one.id)
async def test_only_the_one_who_was_asked_can_answer_or_see_the_question(world: World, other: Any) -> None:
    await begun(world, DECIDED, DONE, ASKED)
    with pytest.raises(NotFound):
        await answer(world, Shows.NO, other)
    with pytest.raises(NotFound):
        await world.do(asked_of, other, MEASURE.id, 1)
    assert await referral_now(world) == DECIDED


async def test_another_groups_measure_is_not_found(world: World) -> None:
    await begun(world, DECIDED, DONE, ASKED)
    with pytest.raises(NotFound):
        await answer(world, Shows.NO, replace(LENA, group_id="g2"))


async def test_words_that_point_somebody_out_are_not_stored(each_world: World) -> None:
    await begun(each_world, DECIDED, DONE, ASKED)
    with pytest.raises(Invalid, match="shows_comment"):
        await answer(each_world, Shows.NO, comment="Fråga 19121212-1212")
    assert (await stored(each_world)).shows is None
    assert await referral_now(each_world) == DECIDED


async def test_to_be_asked_again_needs_an_answer(world: World) -> None:
    await begun(world, DECIDED, DONE, ASKED)
    with pytest.raises(NotFound):
        await world.do(ask_again, LENA, MEASURE.id, 1, again=True)


async def test_who_has_left_is_not_asked(world: World) -> None:
    await begun(world, DECIDED, DONE)
    await world.has(replace(MEHMET, state=MemberState.LEFT))
    assert await due(world) == 1


@pytest.mark.parametrize("shows", list(Shows))
@pytest.mark.parametrize("state", list(ReferralState))
def test_what_reopens_a_referral(shows: Shows, state: ReferralState) -> None:
    before = replace(REFERRAL, state=state)
    settled = state in (ReferralState.DECIDED, ReferralState.CLOSED)
    leads_on = settled and shows in (Shows.NO, Shows.PARTLY)
    after = reopened(before, shows, NOW + timedelta(days=1))
    assert (after.state is ReferralState.ON_AGENDA and after != before) is leads_on
    assert leads_on or after == before
