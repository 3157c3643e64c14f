"""The chain, measured: from report to the first feedback that arrived (C5, C6, D4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState, delivery_key
from lagesbild.feedback import ChainFigures, Shows
from lagesbild.people import MemberState
from lagesbild.promises import PromiseOpened, PromiseState
from lagesbild.referrals import ReferralState
from lagesbild.rounds import RoundState
from lagesbild.templates import Area
from lagesbild.themes import Tie
from lagesbild.usecases.measuring_chain import chain_figures
from tests.chain import (
    ASKED,
    DECIDED,
    DONE,
    LENA,
    MEHMET,
    OMAR,
    PROMISE,
    REFERRAL,
    REKTOR,
    ROUND,
    RUT,
    THEME,
    VERA,
    another_round,
    arrives,
    begun,
    holds,
)
from tests.samples import GROUP_ID, NOW, a_group, a_report, an_answer
from tests.usecases.world import World


def feedback(about: str, through: str = "", days: float = 9, referral: str = REFERRAL.id) -> Delivery:
    at = NOW + timedelta(days=days)
    return Delivery(
        key=delivery_key(DeliveryKind.FEEDBACK, referral, about, days),
        group_id=GROUP_ID,
        kind=DeliveryKind.FEEDBACK,
        queued_at=at,
        member_id=through or about,
        subject=f"{referral}:{about}",
    )


def short_card(member: str, days: float = 2) -> Delivery:
    return Delivery(
        key=delivery_key(DeliveryKind.ROUND_FEEDBACK, ROUND.id, member),
        group_id=GROUP_ID,
        kind=DeliveryKind.ROUND_FEEDBACK,
        queued_at=NOW + timedelta(days=days),
        member_id=member,
        round_id=ROUND.id,
    )


async def figures(world: World, rounds: int = 6) -> ChainFigures:
    return await world.do(chain_figures, a_group(), rounds)


async def test_with_nothing_sent_there_is_no_median_and_no_promise_to_open(each_world: World) -> None:
    await begun(each_world)
    found = await figures(each_world)
    assert (found.answers, found.answered, found.median_days) == (5, 0, None)
    assert (found.noes, found.members, found.opened_promises) == (0, 0, 0)


async def test_days_are_counted_to_the_first_feedback_of_either_kind(each_world: World) -> None:
    await begun(each_world, REFERRAL)
    for delivery, days in (
        (short_card(LENA.id), 2),
        (feedback(LENA.id), 9),
        (feedback(MEHMET.id), 9),
        (feedback(MEHMET.id, days=20), 20),
        (feedback(RUT.id, "karin"), 10),
    ):
        await arrives(each_world, delivery, NOW + timedelta(days=days))
    found = await figures(each_world)
    assert (found.answers, found.answered, found.median_days) == (5, 3, 9)
    by_name = {one.member.id: (one.answers, one.answered, one.median_days) for one in found.reporters}
    assert by_name == {"lena": (1, 1, 2), "mehmet": (1, 1, 9), "rut": (1, 1, 10), "omar": (1, 0, None)}


@pytest.mark.parametrize("state", [state for state in DeliveryState if state is not DeliveryState.SENT])
async def test_what_did_not_arrive_is_no_feedback(world: World, state: DeliveryState) -> None:
    await begun(world, REFERRAL, replace(feedback(LENA.id), state=state, updated_at=NOW))
    assert (await figures(world)).answered == 0


async def test_news_to_a_representative_answers_nobody(world: World) -> None:
    await begun(world, REFERRAL)
    await arrives(world, feedback(REKTOR.id), NOW + timedelta(days=3))
    assert (await figures(world)).answered == 0


async def test_nothing_to_report_waits_for_no_answer_and_open_rounds_are_not_counted(world: World) -> None:
    meeting, later = another_round(8, 14, state=RoundState.OPEN, closed_at=None)
    await begun(world)
    await world.has(a_report(REKTOR), meeting, later, a_report(LENA, an_answer(1, 3), round_id=later.id))
    assert (await figures(world)).answers == 5


async def test_only_the_last_rounds_are_looked_at(world: World) -> None:
    meeting, later = another_round(8, 14)
    await begun(world)
    await world.has(meeting, later, a_report(LENA, an_answer(1, 3), round_id=later.id))
    assert (await figures(world, 1)).answers == 1
    assert (await figures(world, 2)).answers == 6


async def test_what_was_reported_after_the_feedback_was_not_answered_by_it(world: World) -> None:
    meeting, later = another_round(8, 14)
    await begun(world, THEME, replace(REFERRAL, theme_id=THEME.id))
    await world.has(meeting, later, a_report(LENA, an_answer(1, 3), round_id=later.id))
    await holds(world, Tie(THEME.id, later.id, LENA.id, Area.DISORDER))
    await arrives(world, feedback(LENA.id, days=5), NOW + timedelta(days=5))
    lena = next(one for one in (await figures(world)).reporters if one.member.id == LENA.id)
    assert (lena.answers, lena.answered) == (2, 1)


async def test_an_answer_changed_after_its_feedback_has_waited_no_less_than_nothing(world: World) -> None:
    await begun(world, REFERRAL)
    changed = a_report(LENA, an_answer(1, 4, "Mörkt"), submitted_at=NOW + timedelta(days=30))
    await world.has(changed)
    await arrives(world, feedback(LENA.id), NOW + timedelta(days=9))
    assert (await figures(world)).median_days == 0


@pytest.mark.parametrize(
    ("state", "led_on"),
    [
        (ReferralState.ON_AGENDA, 0),
        (ReferralState.WAITING, 1),
        (ReferralState.DECIDED, 1),
        (ReferralState.CLOSED, 1),
        (ReferralState.WITHDRAWN, 0),
    ],
)
async def test_a_no_has_led_on_once_the_question_left_the_agenda(
    world: World, state: ReferralState, led_on: int
) -> None:
    no = replace(ASKED, shows=Shows.NO, answered_at=NOW)
    yes = replace(ASKED, member_id=MEHMET.id, shows=Shows.YES, answered_at=NOW)
    await begun(world, replace(DECIDED, state=state), DONE, no, yes, replace(ASKED, member_id=OMAR.id))
    found = await figures(world)
    assert (found.noes, found.noes_led_on) == (1, led_on)


async def test_who_has_opened_the_current_promises_counts_once(each_world: World) -> None:
    second = replace(PROMISE, id="pro2")
    draft = replace(PROMISE, id="pro3", state=PromiseState.DRAFT)
    await begun(each_world, PROMISE, second, draft)
    await holds(
        each_world,
        PromiseOpened(PROMISE.id, LENA.id, NOW),
        PromiseOpened(second.id, LENA.id, NOW),
        PromiseOpened(second.id, VERA.id, NOW),
        PromiseOpened(draft.id, OMAR.id, NOW),
    )
    found = await figures(each_world)
    assert (found.members, found.opened_promises) == (6, 1)


async def test_who_has_left_is_counted_in_the_answers_but_not_by_name(world: World) -> None:
    await begun(world)
    await world.has(replace(OMAR, state=MemberState.LEFT))
    found = await figures(world)
    assert found.answers == 5
    assert {one.member.id for one in found.reporters} == {LENA.id, MEHMET.id, RUT.id}
