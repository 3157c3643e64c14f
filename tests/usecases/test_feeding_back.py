"""What goes back to one member: the own words, the group's and the council's, and nobody else's (C5, D4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lagesbild.feedback import Feedback, Part, RoundFeedback
from lagesbild.ids import AssessmentId, MeasureId, PromiseId, ReferralId
from lagesbild.measures import MeasureState
from lagesbild.people import Member
from lagesbild.promises import PromiseState, Section
from lagesbild.referrals import Referral, ReferralState
from lagesbild.reports import Report
from lagesbild.templates import Area, Colour
from lagesbild.themes import Tie
from lagesbild.usecases.feeding_back import feedback_of, round_feedback_of, want_fewer
from lagesbild.usecases.under_way import under_way_of
from tests.chain import (
    ANALYSIS,
    ASSESSMENT,
    DECIDED,
    DECISION,
    DIRECTION,
    DONE,
    LENA,
    MARKERS,
    MEASURE,
    MEHMET,
    NO,
    OMAR,
    PEOPLE,
    PROMISE,
    REFERRAL,
    REKTOR,
    ROUND,
    RUT,
    THEME,
    another_round,
    begun,
    holds,
)
from tests.samples import a_group, a_report, an_answer
from tests.usecases.world import World


async def of(world: World, member: Member, referral: Referral = REFERRAL) -> Feedback:
    return await world.do(feedback_of, a_group(), member, referral)


async def of_round(world: World, member: Member) -> RoundFeedback:
    return await world.do(round_feedback_of, a_group(), member, ROUND)


async def test_the_story_has_every_part_in_order(each_world: World) -> None:
    later = replace(NO, decided_at=DECISION.decided_at + timedelta(days=1))
    await begun(each_world, DECIDED, ASSESSMENT, later, DECISION, ANALYSIS, DONE, PROMISE)
    found = await of(each_world, LENA, DECIDED)
    assert found.part is Part.REPORTED
    assert [one.answer.comment for one in found.own] == [f"Mörkt vid skolan, {MARKERS[LENA.id]}"]
    assert found.assessment == ASSESSMENT
    assert found.decisions == (DECISION, later)
    assert found.measures == (DONE,)
    assert found.analyses == (ANALYSIS,)
    assert found.promises == (PROMISE,)


@pytest.mark.parametrize("member", PEOPLE, ids=lambda one: one.id)
async def test_nothing_another_person_reported_is_in_it(world: World, member: Member) -> None:
    await begun(world, THEME, replace(REFERRAL, theme_id=THEME.id), ASSESSMENT, DECISION, DONE)
    await holds(world, Tie(THEME.id, ROUND.id, OMAR.id, Area.VIOLENCE))
    found = await of(world, member, replace(REFERRAL, theme_id=THEME.id))
    short = await of_round(world, member)
    others = [word for whose, word in MARKERS.items() if whose != member.id]
    assert not [word for word in others if word in repr(found) + repr(short)]


async def test_a_representative_sees_no_words_of_the_colleague(world: World) -> None:
    await begun(world, REFERRAL)
    found = await of(world, REKTOR)
    assert (found.part, found.own) == (Part.ORGANISATION, ())


async def test_own_answers_over_several_rounds_come_newest_first(world: World) -> None:
    meeting, later = another_round(8, 14)
    themed = replace(REFERRAL, theme_id=THEME.id)
    await begun(world, THEME, themed)
    await world.has(meeting, later, a_report(LENA, an_answer(4, 2, "Eleverna är rädda"), round_id=later.id))
    await holds(world, Tie(THEME.id, later.id, LENA.id, Area.YOUTH))
    found = await of(world, LENA, themed)
    assert [(one.round.number, one.question.area) for one in found.own] == [
        (8, Area.YOUTH),
        (7, Area.DISORDER),
    ]


@pytest.mark.parametrize(
    ("promise", "answers"),
    [
        (PROMISE, True),
        (replace(PROMISE, sections=(Section(1, "Annat", (), areas=(Area.YOUTH,)),)), False),
        (replace(PROMISE, sections=(Section(1, "Annat", (), referral_id=REFERRAL.id),)), True),
        (replace(PROMISE, state=PromiseState.ADOPTED), False),
        (replace(PROMISE, last=date(2025, 3, 10)), False),
        (replace(PROMISE, last=date(2025, 3, 11)), True),
    ],
)
async def test_only_current_promises_that_answer_to_it_come_with_it(
    world: World, promise: Any, answers: bool
) -> None:
    await begun(world, REFERRAL, promise)
    assert bool((await of(world, LENA)).promises) is answers


async def test_the_round_tells_what_became_of_each_area_that_was_spoken_of(each_world: World) -> None:
    yellow = replace(
        ASSESSMENT, id=AssessmentId("ass4"), area=Area.YOUTH, colour=Colour.YELLOW, comment="Rasterna"
    )
    own = replace(
        MEASURE,
        id=MeasureId("mea4"),
        area=Area.YOUTH,
        referral_id=None,
        decision_id=None,
        round_id=ROUND.id,
        text="Fler rastvakter",
    )
    await begun(each_world, REFERRAL, ASSESSMENT, yellow, own)
    found = await of_round(each_world, MEHMET)
    first, second = found.areas
    assert (found.answered, found.asked, found.lifted) == (5, 7, (REFERRAL.title,))
    assert (first.question.area, first.colour, first.referred) == (Area.DISORDER, Colour.RED, True)
    assert (second.colour, second.comment, second.measure) == (Colour.YELLOW, "Rasterna", own)
    assert [one.question.area for one in (await of_round(each_world, OMAR)).areas] == [Area.VIOLENCE]


async def test_without_an_assessment_the_level_is_told(world: World) -> None:
    await begun(world)
    (area,) = (await of_round(world, LENA)).areas
    assert (area.colour, area.level, area.referred) == (None, 4, False)


async def test_what_was_withdrawn_was_not_lifted(world: World) -> None:
    await begun(world, replace(REFERRAL, state=ReferralState.WITHDRAWN))
    found = await of_round(world, LENA)
    assert found.lifted == ()
    assert not found.areas[0].referred


@pytest.mark.parametrize(
    ("report", "nothing"),
    [(a_report(REKTOR), True), (a_report(REKTOR, an_answer(7, None, "Fin kväll")), False)],
)
async def test_nothing_to_report_and_only_what_went_well_are_told_apart(
    world: World, report: Report, nothing: bool
) -> None:
    await begun(world)
    await world.has(report)
    found = await of_round(world, REKTOR)
    assert (found.areas, found.nothing_to_report) == ((), nothing)


async def test_wanting_fewer_is_kept_and_audited_once(each_world: World) -> None:
    await begun(each_world)
    changed = await each_world.do(want_fewer, LENA, fewer=True)
    await each_world.do(want_fewer, changed, fewer=True)
    assert (await each_world.member("lena")).fewer
    assert await each_world.actions() == ["set preferences"]


async def test_the_prompt_tells_the_direction_that_holds_today_and_only_that(world: World) -> None:
    older = replace(DIRECTION, id="dir0", decided_at=DIRECTION.decided_at - timedelta(days=9))
    over = replace(DIRECTION, id="dir2", last=date(2025, 3, 1), decided_at=DIRECTION.decided_at)
    await begun(world, older, DIRECTION, over)
    assert (await world.do(under_way_of, a_group(), LENA)).direction == DIRECTION


async def test_the_prompt_tells_the_promises_for_what_was_reported_else_all(world: World) -> None:
    youth = replace(PROMISE, id=PromiseId("pro2"), sections=(Section(1, "Unga", (), areas=(Area.YOUTH,)),))
    await begun(world, PROMISE, youth)
    assert (await world.do(under_way_of, a_group(), LENA)).promises == (PROMISE,)
    assert len((await world.do(under_way_of, a_group(), OMAR)).promises) == 2


async def test_the_prompt_tells_where_the_own_open_questions_are_and_nobody_elses(each_world: World) -> None:
    meeting, later = another_round(8, 14)
    closed = replace(REFERRAL, id=ReferralId("ref2"), area=Area.VIOLENCE, state=ReferralState.CLOSED)
    newer = replace(
        REFERRAL, id=ReferralId("ref3"), round_id=later.id, referred_at=later.deadline, title="Skolgården"
    )
    await begun(each_world, REFERRAL, closed)
    await each_world.has(meeting, later, a_report(LENA, an_answer(1, 3), round_id=later.id))
    await holds(each_world, newer)
    assert (await each_world.do(under_way_of, a_group(), LENA)).referrals == (newer, REFERRAL)
    assert (await each_world.do(under_way_of, a_group(), RUT)).referrals == (REFERRAL,)
    assert not await each_world.do(under_way_of, a_group(), OMAR)


async def test_the_prompt_knows_when_the_council_is_late_and_when_all_is_done(world: World) -> None:
    await begun(world, REFERRAL)
    assert not (await world.do(under_way_of, a_group(), LENA)).overdue
    world.at("2025-03-29 09:00")
    assert (await world.do(under_way_of, a_group(), LENA)).overdue == {REFERRAL.id}
    await holds(world, DECIDED, DONE, replace(MEASURE, id=MeasureId("mea2")))
    known = await world.do(under_way_of, a_group(), LENA)
    assert (known.overdue, known.done) == (frozenset(), {}), "one measure is left to do"
    await holds(world, replace(MEASURE, id=MeasureId("mea2"), state=MeasureState.STOPPED))
    assert (await world.do(under_way_of, a_group(), LENA)).done == {REFERRAL.id: DONE.done_on}
