"""A question lifted to the council, from the group's side: again, closed, and what the next meeting must see (C1, C6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lagesbild.assessments import Owner
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.feedback import FollowUp, Shows
from lagesbild.ids import GroupId, MeasureId
from lagesbild.measures import MeasureState
from lagesbild.ports import Work
from lagesbild.referrals import DecisionForm, DecisionKind, Referral, ReferralState
from lagesbild.usecases.deciding import decide
from lagesbild.usecases.finding import own_referral
from lagesbild.usecases.referring import Agenda, agenda, close_referral, refer_again, withdraw
from tests.chain import (
    DECISION,
    DONE,
    KARIN,
    LENA,
    MEASURE,
    MEHMET,
    REFERRAL,
    ROUND,
    begun,
    holds,
    referral_now,
)
from tests.overwriting import overwriting
from tests.samples import MEETING_AT, a_group
from tests.usecases.world import World

LATER = date(2025, 4, 10)
SENTENCE = "Lamporna är bytta nu, säg till om det blir mörkt igen."


def a_decision(due: date = LATER) -> DecisionForm:
    """Something is to be done by a day."""
    return DecisionForm(
        DecisionKind.MEASURE, "Byt armaturerna", "Vi byter lamporna.", Owner("Gata och park"), due
    )


async def lifted(world: World, state: ReferralState, *things: object, **changes: object) -> World:
    """The referral in that state, a week after the meeting."""
    await begun(world, replace(REFERRAL, state=state, **changes), *things)  # type: ignore[arg-type]
    async with world.work() as work:
        await overwriting(work.store).rounds.save(replace(ROUND, assessed_at=MEETING_AT))
    world.time = MEETING_AT + timedelta(days=7)
    return world


async def the_agenda(world: World) -> Agenda:
    return await world.do(agenda, a_group())


@pytest.mark.parametrize("state", [ReferralState.ON_AGENDA, ReferralState.CLOSED])
async def test_what_is_back_or_closed_is_put_once_more_with_a_new_day(
    each_world: World, state: ReferralState
) -> None:
    world = await lifted(each_world, state, closing="Så var det" if state is ReferralState.CLOSED else "")
    again = await world.do(refer_again, KARIN, REFERRAL.id, LATER)
    assert (again.state, again.times, again.answer_by, again.closing) == (ReferralState.WAITING, 2, LATER, "")
    assert await referral_now(world) == again
    assert await world.receivers(DeliveryKind.REFERRAL) == [KARIN.id]
    assert LENA.id in await world.receivers(DeliveryKind.FEEDBACK)
    repeated = await world.do(refer_again, KARIN, REFERRAL.id, LATER)
    assert repeated.times == 2
    assert await world.receivers(DeliveryKind.REFERRAL) == [KARIN.id]


@pytest.mark.parametrize("state", [ReferralState.DECIDED, ReferralState.WITHDRAWN])
async def test_what_is_decided_or_taken_back_is_not_put_once_more(
    each_world: World, state: ReferralState
) -> None:
    world = await lifted(each_world, state)
    with pytest.raises(Invalid, match="state"):
        await world.do(refer_again, KARIN, REFERRAL.id, LATER)
    assert (await referral_now(world)).state is state


async def test_a_day_that_has_been_is_no_day_to_answer_by(world: World) -> None:
    await lifted(world, ReferralState.ON_AGENDA)
    with pytest.raises(Invalid, match="past"):
        await world.do(refer_again, KARIN, REFERRAL.id, MEETING_AT.date())


@pytest.mark.parametrize("state", [ReferralState.DECIDED, ReferralState.ON_AGENDA])
async def test_it_is_closed_with_a_sentence_that_everybody_behind_it_reads(
    each_world: World, state: ReferralState
) -> None:
    world = await lifted(each_world, state)
    closed = await world.do(close_referral, KARIN, REFERRAL.id, f"  {SENTENCE} ")
    assert (closed.state, closed.closing) == (ReferralState.CLOSED, SENTENCE)
    told = await world.receivers(DeliveryKind.FEEDBACK)
    assert {LENA.id, MEHMET.id} <= set(told)
    world.time += timedelta(minutes=1)
    await world.do(close_referral, KARIN, REFERRAL.id, SENTENCE)
    assert await world.receivers(DeliveryKind.FEEDBACK) == told


async def test_nothing_is_closed_without_a_sentence(world: World) -> None:
    await lifted(world, ReferralState.ON_AGENDA)
    with pytest.raises(Invalid, match="sentence: missing"):
        await world.do(close_referral, KARIN, REFERRAL.id, "  ")


async def test_what_the_council_has_before_it_the_group_cannot_close(each_world: World) -> None:
    world = await lifted(each_world, ReferralState.WAITING)
    with pytest.raises(Invalid, match="waiting"):
        await world.do(close_referral, KARIN, REFERRAL.id, SENTENCE)
    assert (await referral_now(world)).state is ReferralState.WAITING


async def test_what_is_taken_back_was_neither_answered_nor_put_twice(each_world: World) -> None:
    world = await lifted(each_world, ReferralState.WAITING)

    async def taken_back(work: Work) -> Referral:
        return await withdraw(work, KARIN, await own_referral(work, KARIN, REFERRAL.id))

    assert (await world.do(taken_back)).state is ReferralState.WITHDRAWN
    for known in (replace(REFERRAL, state=ReferralState.DECIDED), replace(REFERRAL, times=2)):
        with pytest.raises(Invalid, match="decided"):
            await world.do(withdraw, KARIN, known)


async def test_only_those_who_lead_and_only_their_own(world: World) -> None:
    await lifted(world, ReferralState.ON_AGENDA)
    with pytest.raises(NotAllowed):
        await world.do(refer_again, LENA, REFERRAL.id, LATER)
    with pytest.raises(NotAllowed):
        await world.do(close_referral, LENA, REFERRAL.id, SENTENCE)
    with pytest.raises(NotFound):
        await world.do(close_referral, replace(KARIN, group_id=GroupId("g2")), REFERRAL.id, SENTENCE)


async def test_the_agenda_is_empty_when_nothing_is_back_or_late(world: World) -> None:
    await lifted(world, ReferralState.WAITING)
    assert (await the_agenda(world)).is_empty


async def test_the_agenda_has_what_does_not_show_with_its_whole_history(each_world: World) -> None:
    answers = [
        FollowUp(MEASURE.id, member.id, REFERRAL.id, 1, MEETING_AT, shows, "", MEETING_AT)
        for member, shows in ((LENA, Shows.NO), (MEHMET, Shows.YES))
    ]
    world = await lifted(each_world, ReferralState.ON_AGENDA, DECISION, DONE, *answers)
    (back,) = (await the_agenda(world)).back
    assert (back.referral.id, back.decisions, back.measures) == (REFERRAL.id, (DECISION,), (DONE,))
    assert {one.shows for one in back.follow_ups} == {Shows.NO, Shows.YES}


async def test_the_agenda_has_answers_that_are_late_by_a_day_but_not_on_the_day(each_world: World) -> None:
    world = await lifted(each_world, ReferralState.WAITING)
    world.at("2025-03-28 23:00")
    assert (await the_agenda(world)).overdue == ()
    world.at("2025-03-29 00:30")
    assert [one.id for one in (await the_agenda(world)).overdue] == [REFERRAL.id]


async def test_the_agenda_has_the_groups_own_late_measures_and_not_the_councils(each_world: World) -> None:
    own = replace(MEASURE, id=MeasureId("own"), referral_id=None, round_id=ROUND.id, due=date(2025, 3, 19))
    over = replace(own, id=MeasureId("over"), state=MeasureState.DONE)
    councils = replace(MEASURE, due=date(2025, 3, 19))
    world = await lifted(each_world, ReferralState.DECIDED)
    await holds(world, own, over, councils)
    assert [one.id for one in (await the_agenda(world)).late] == ["own"]


async def test_a_council_that_decides_about_what_is_back_takes_it_off_the_agenda(each_world: World) -> None:
    world = await lifted(each_world, ReferralState.ON_AGENDA)
    await world.do(decide, KARIN, REFERRAL.id, a_decision())
    assert (await the_agenda(world)).is_empty
    now: Referral = await referral_now(world)
    assert now.state is ReferralState.DECIDED
