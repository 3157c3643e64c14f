"""The joint assessment: each colour leads somewhere, can be corrected, and goes out once (B5, A3, C1, C5)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lagesbild.assessments import AssessmentForm, JointAssessment, Owner
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed, NotFound, RoundNotOpen
from lagesbild.ids import GroupId, RoundId, ThemeId
from lagesbild.measures import Measure, MeasureState
from lagesbild.people import Role
from lagesbild.referrals import Council, CouncilKind, Referral, ReferralState
from lagesbild.rounds import Round, RoundState
from lagesbild.templates import Area, Colour
from lagesbild.themes import Theme
from lagesbild.usecases.assessing import assess, assessment_sheet, finish_assessment, finish_due
from lagesbild.usecases.deciding import decide
from lagesbild.usecases.pictures import publish_picture
from tests.chain import KARIN, LENA, ROUND, TITLE, begun, holds
from tests.overwriting import overwriting
from tests.samples import (
    MEETING_AT,
    NOW,
    a_coordinator,
    a_group,
    a_meeting,
    a_member,
    a_report,
    a_round,
    an_answer,
)
from tests.usecases.test_referring import a_decision
from tests.usecases.world import World

DAY = date(2025, 4, 3)
DEPUTY = a_member("Dag Berg", "Brå", Role.DEPUTY, id="dag")
GREEN = AssessmentForm(Colour.GREEN, "Lugnt nu")
YELLOW = AssessmentForm(Colour.YELLOW, "", "Vi går dit fredag kväll", Owner("Fritidsgården"), DAY)
RED = AssessmentForm(Colour.RED, "Mörkt länge", title=TITLE, answer_by=DAY)


async def in_the_meeting(world: World, *things: Any, **changes: Any) -> World:
    await begun(world, *things, **changes)
    world.time = MEETING_AT
    return world


async def assesses(
    world: World, form: AssessmentForm, area: Area = Area.DISORDER, **known: Any
) -> JointAssessment:
    return await world.do(assess, KARIN, ROUND.id, area, form, **known)


async def measures(world: World) -> list[Measure]:
    async with world.work() as work:
        return list(await work.store.measures.list_by_round(ROUND.id))


async def referral(world: World, area: Area = Area.DISORDER) -> Referral:
    async with world.work() as work:
        found = await work.store.referrals.get_by_area(ROUND.id, area)
    assert found is not None
    return found


async def round_now(world: World) -> Round:
    return next(one for one in await world.rounds() if one.id == ROUND.id)


async def test_green_needs_nothing_more_and_every_change_is_kept(each_world: World) -> None:
    world = await in_the_meeting(each_world)
    first = await assesses(world, AssessmentForm(Colour.GREEN))
    second = await assesses(world, GREEN)
    again = await assesses(world, GREEN)
    assert (first.revision, second.revision, again) == (1, 2, second)
    async with world.work() as work:
        history = await work.store.assessments.history(ROUND.id, Area.DISORDER)
    assert [one.comment for one in history] == ["", "Lugnt nu"]
    assert (await world.actions()).count("assess") == 2


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"measure": "  "}, "measure", "missing"),
        ({"owner": None}, "owner", "missing"),
        ({"due": None}, "due", "missing"),
        ({"due": MEETING_AT.date() - timedelta(days=1)}, "due", "past"),
        ({"comment": "Ring 0223-123 45"}, "comment", "words_point_out"),
        ({"owner": Owner("19121212-1212")}, "owner", "words_point_out"),
    ],
)
async def test_yellow_says_what_who_and_when_or_stores_nothing(
    world: World, changes: dict[str, Any], field: str, reason: str
) -> None:
    await in_the_meeting(world)
    with pytest.raises(Invalid) as refused:
        await assesses(world, replace(YELLOW, **changes))
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert await measures(world) == []


async def test_an_area_has_one_own_measure_however_often_it_is_corrected(each_world: World) -> None:
    world = await in_the_meeting(each_world)
    await assesses(world, YELLOW)
    await assesses(world, replace(YELLOW, measure="Vi går dit lördag", owner=Owner("Lena Holm", LENA.id)))
    (measure,) = await measures(world)
    assert (measure.text, measure.owner.member_id, measure.due) == ("Vi går dit lördag", LENA.id, DAY)
    assert (measure.round_id, measure.referral_id, measure.state) == (ROUND.id, None, MeasureState.PLANNED)


async def test_a_measure_that_nobody_began_goes_with_its_colour_and_one_under_way_stays(
    each_world: World,
) -> None:
    world = await in_the_meeting(each_world)
    await assesses(world, YELLOW)
    await assesses(world, YELLOW, Area.YOUTH)
    begun_one = next(one for one in await measures(world) if one.area is Area.YOUTH)
    await holds(world, replace(begun_one, state=MeasureState.ONGOING))
    await assesses(world, GREEN)
    await assesses(world, GREEN, Area.YOUTH)
    assert [one.area for one in await measures(world)] == [Area.YOUTH]
    assert "remove measure" in await world.actions()


async def test_the_words_can_be_corrected_after_the_day_has_passed(world: World) -> None:
    await in_the_meeting(world)
    await assesses(world, YELLOW)
    world.time += timedelta(days=40)
    corrected = await assesses(world, replace(YELLOW, comment="Det var vid skolan"))
    assert corrected.comment == "Det var vid skolan"
    with pytest.raises(Invalid, match="past"):
        await assesses(world, replace(YELLOW, due=DAY + timedelta(days=1)))


async def test_red_is_lifted_with_the_groups_words_and_waits_for_an_answer(each_world: World) -> None:
    world = await in_the_meeting(each_world)
    await assesses(world, RED)
    lifted = await referral(world)
    assert (lifted.title, lifted.comment, lifted.answer_by) == (TITLE, "Mörkt länge", DAY)
    assert (lifted.state, lifted.referred_by, lifted.times) == (ReferralState.WAITING, KARIN.id, 1)
    assert await world.sent(DeliveryKind.REFERRAL) == []


async def test_a_red_that_says_only_red_gets_the_areas_place_and_the_councils_days(each_world: World) -> None:
    report = a_report(LENA, an_answer(1, 5, "Mörkt vid Kolarbyskolan"))
    world = await in_the_meeting(each_world)
    await world.has(report)
    await assesses(world, AssessmentForm(Colour.RED))
    lifted = await referral(world)
    assert lifted.title == "Ordningsstörningar och otrygghet, Kolarbyskolan"
    assert lifted.answer_by == MEETING_AT.date() + timedelta(days=14)
    async with world.work() as work:
        await overwriting(work.store).councils.save(
            Council(a_group().id, CouncilKind.OFFICIALS, KARIN.id, NOW, None, 5)
        )
    await assesses(world, AssessmentForm(Colour.RED), Area.YOUTH)
    assert (await referral(world, Area.YOUTH)).answer_by == MEETING_AT.date() + timedelta(days=5)


async def test_the_council_is_not_asked_to_answer_on_a_holiday(world: World) -> None:
    await in_the_meeting(world)
    async with world.work() as work:
        await work.store.councils.save(Council(a_group().id, CouncilKind.OFFICIALS, KARIN.id, NOW, None, 36))
    await assesses(world, AssessmentForm(Colour.RED))
    assert MEETING_AT.date() + timedelta(days=36) == date(2025, 4, 18), "Good Friday"
    assert (await referral(world)).answer_by == date(2025, 4, 22)


async def test_a_referral_is_called_what_its_theme_is_unless_somebody_wrote_a_title(
    each_world: World,
) -> None:
    theme = Theme(ThemeId("theme1"), a_group().id, "Kolarbyskolan, belysning", KARIN.id, NOW)
    world = await in_the_meeting(each_world, theme)
    suggested = "Ordningsstörningar och otrygghet"
    await assesses(world, replace(RED, title=suggested), theme_id=theme.id)
    assert ((await referral(world)).title, (await referral(world)).theme_id) == (theme.title, theme.id)
    await assesses(world, replace(RED, title="Lamporna"), theme_id=theme.id)
    assert (await referral(world)).title == "Lamporna"
    await assesses(world, replace(RED, title="Lamporna"), theme_id=None)
    assert (await referral(world)).theme_id is None


async def test_another_groups_theme_is_not_found(each_world: World) -> None:
    world = await in_the_meeting(each_world)
    other = GroupId("g2")
    home = replace(a_group().home, team_id="19:other@thread.tacv2")
    await world.has(a_group(id=other, home=home), a_coordinator(id="ulla", group_id=other))
    await holds(world, Theme(ThemeId("theirs"), other, "Deras", a_coordinator(id="ulla").id, NOW))
    with pytest.raises(NotFound):
        await assesses(world, RED, theme_id=ThemeId("theirs"))
    async with world.work() as work:
        assert await work.store.assessments.get(ROUND.id, Area.DISORDER) is None


async def test_a_red_taken_back_is_kept_and_red_once_more_waits_again(each_world: World) -> None:
    world = await in_the_meeting(each_world)
    await assesses(world, RED)
    await assesses(world, GREEN)
    before = await referral(world)
    assert before.state is ReferralState.WITHDRAWN
    await assesses(world, RED)
    after = await referral(world)
    assert (after.id, after.state, after.times) == (before.id, ReferralState.WAITING, 1)


async def test_a_red_taken_back_after_the_finish_is_told_to_those_who_reported_it(each_world: World) -> None:
    world = await in_the_meeting(each_world)
    await assesses(world, RED)
    await assesses(world, GREEN)
    assert await world.receivers(DeliveryKind.FEEDBACK) == []
    await assesses(world, RED)
    await world.do(finish_assessment, KARIN, ROUND.id)
    await assesses(world, GREEN)
    assert set(await world.receivers(DeliveryKind.FEEDBACK)) >= {LENA.id}


async def test_what_the_council_has_answered_no_colour_takes_back(each_world: World) -> None:
    world = await in_the_meeting(each_world)
    await assesses(world, RED)
    await world.do(finish_assessment, KARIN, ROUND.id)
    await world.do(decide, KARIN, (await referral(world)).id, a_decision(DAY))
    with pytest.raises(Invalid, match="decided"):
        await assesses(world, GREEN)
    async with world.work() as work:
        kept = await work.store.assessments.get(ROUND.id, Area.DISORDER)
    assert kept is not None
    assert kept.colour is Colour.RED
    world.time += timedelta(days=60)
    corrected = await assesses(world, replace(RED, comment="Mörkt hela hösten"))
    assert corrected.comment == "Mörkt hela hösten"


async def test_what_went_well_is_green_or_nothing(world: World) -> None:
    await in_the_meeting(world)
    kept = await assesses(world, AssessmentForm(Colour.GREEN, "Nattvandringen drog folk"), Area.POSITIVE)
    assert kept.comment == "Nattvandringen drog folk"
    with pytest.raises(Invalid, match="positive"):
        await assesses(world, RED, Area.POSITIVE)


async def test_only_those_who_lead_assess_and_only_their_own_opened_rounds(world: World) -> None:
    await in_the_meeting(world, group=a_group())
    await world.has(DEPUTY)
    await world.do(assess, DEPUTY, ROUND.id, Area.DISORDER, GREEN)
    with pytest.raises(NotAllowed):
        await world.do(assess, LENA, ROUND.id, Area.DISORDER, GREEN)
    with pytest.raises(NotAllowed):
        await world.do(assessment_sheet, LENA)
    with pytest.raises(NotFound):
        await world.do(assess, replace(KARIN, group_id=GroupId("g2")), ROUND.id, Area.DISORDER, GREEN)
    await world.has(a_round(state=RoundState.PLANNED, opened_at=None))
    with pytest.raises(RoundNotOpen):
        await assesses(world, GREEN)


async def test_the_sheet_has_the_areas_in_the_suggested_order_with_what_went_well_last(world: World) -> None:
    await in_the_meeting(world)
    await assesses(world, YELLOW, Area.YOUTH)
    await assesses(world, RED)
    sheet = await world.do(assessment_sheet, KARIN)
    assert [one.area for one in sheet.questions][:1] == [Area.DISORDER]
    assert sheet.questions[-1].area is Area.POSITIVE
    assert len(sheet.questions) == 7
    assert (set(sheet.assessments), set(sheet.measures), set(sheet.referrals)) == (
        {Area.DISORDER, Area.YOUTH},
        {Area.YOUTH},
        {Area.DISORDER},
    )
    assert KARIN in sheet.owners
    assert not sheet.is_finished


async def test_finishing_lifts_the_reds_and_answers_everybody_who_reported_once(each_world: World) -> None:
    world = await in_the_meeting(each_world)
    await assesses(world, RED)
    await assesses(world, GREEN, Area.YOUTH)
    told = (await world.do(assessment_sheet, KARIN)).told
    for _ in range(2):
        await world.do(finish_assessment, KARIN, ROUND.id)
    assert await world.receivers(DeliveryKind.REFERRAL) == [KARIN.id]
    answered = await world.receivers(DeliveryKind.ROUND_FEEDBACK)
    assert answered == ["lena", "mehmet", "omar"]
    assert told == len(answered)
    assert (await round_now(world)).assessed_at == MEETING_AT
    assert (await world.actions()).count("finish assessment") == 1


async def test_nothing_is_finished_before_any_area_has_a_colour(world: World) -> None:
    await in_the_meeting(world)
    with pytest.raises(Invalid, match="nothing"):
        await world.do(finish_assessment, KARIN, ROUND.id)
    assert (await round_now(world)).assessed_at is None


async def test_a_red_set_after_the_finish_is_lifted_at_once(each_world: World) -> None:
    world = await in_the_meeting(each_world)
    await assesses(world, GREEN)
    await world.do(finish_assessment, KARIN, ROUND.id)
    await assesses(world, RED)
    assert await world.receivers(DeliveryKind.REFERRAL) == [KARIN.id]


async def test_what_is_corrected_after_the_finish_changes_the_councils_card_and_sends_no_second(
    each_world: World,
) -> None:
    world = await in_the_meeting(each_world)
    await assesses(world, RED)
    await world.do(finish_assessment, KARIN, ROUND.id)
    sent = {one.key for one in await world.sent(DeliveryKind.REFERRAL)}
    steps = (replace(RED, title="Lamporna"), GREEN, RED)
    for form in steps:
        world.time += timedelta(minutes=1)
        await assesses(world, form)
    changes = {one.key for one in await world.sent(DeliveryKind.REFERRAL)} - sent
    assert len(changes) == len(steps)
    assert all("changed" in key for key in changes)


async def test_two_who_lift_the_same_area_at_once_lift_it_once(each_world: World) -> None:
    world = await in_the_meeting(each_world)
    await world.has(DEPUTY)
    await world.do(assess, KARIN, ROUND.id, Area.YOUTH, GREEN)
    await asyncio.gather(
        world.do(assess, KARIN, ROUND.id, Area.DISORDER, RED),
        world.do(assess, DEPUTY, ROUND.id, Area.DISORDER, replace(RED, comment="Mörkt och halt")),
        world.do(finish_assessment, KARIN, ROUND.id),
    )
    async with world.work() as work:
        (lifted,) = await work.store.referrals.list_by_round(ROUND.id)
        history = await work.store.assessments.history(ROUND.id, Area.DISORDER)
    assert [one.revision for one in history] == [1, 2]
    assert lifted.comment == history[-1].comment
    first = [one for one in await world.sent(DeliveryKind.REFERRAL) if "changed" not in one.key]
    assert {one.subject for one in first} == {lifted.id}


async def test_what_nobody_finished_goes_out_the_day_after_and_not_before(each_world: World) -> None:
    world = await in_the_meeting(each_world)
    await assesses(world, RED)
    for when, finished in (
        ("2025-03-13 23:59", False),
        ("2025-03-14 00:01", True),
        ("2025-03-15 09:00", True),
    ):
        world.at(when)
        await world.do(finish_due, a_group(), world.now())
        assert ((await round_now(world)).assessed_at is not None) is finished
    assert await world.receivers(DeliveryKind.REFERRAL) == [KARIN.id]
    assert await world.receivers(DeliveryKind.ROUND_FEEDBACK) == ["lena", "mehmet", "omar"]
    assert (await world.actions()).count("finish assessment") == 1


async def test_a_red_of_an_older_round_goes_out_the_day_after_too(world: World) -> None:
    await in_the_meeting(world)
    for number in range(8, 11):
        later = a_meeting(id=f"m{number}", slot=date(2025, 3, number), starts_at=MEETING_AT)
        closed = {"state": RoundState.CLOSED, "number": number, "meeting_id": later.id}
        await world.has(later, a_round(id=RoundId(f"round{number}"), **closed))
    await assesses(world, RED)
    await world.do(finish_due, a_group(), world.now())
    assert (await round_now(world)).assessed_at is None
    world.time += timedelta(days=1)
    await world.do(finish_due, a_group(), world.now())
    assert await world.receivers(DeliveryKind.REFERRAL) == [KARIN.id]


async def _at(world: World, days: int) -> list[str]:
    world.time = MEETING_AT + timedelta(days=days)
    await world.do(finish_due, a_group(), world.now())
    return await world.receivers(DeliveryKind.ROUND_FEEDBACK)


async def test_a_meeting_that_assessed_nothing_leaves_no_silence(world: World) -> None:
    await in_the_meeting(world)
    assert await _at(world, 3) == []
    await world.do(publish_picture, KARIN, ROUND.id)
    assert await _at(world, 2) == []
    assert await _at(world, 3) == ["lena", "mehmet", "omar"]
    assert await _at(world, 4) == ["lena", "mehmet", "omar"]


async def test_of_a_meeting_long_past_nobody_is_reminded(world: World) -> None:
    await in_the_meeting(world)
    await world.do(publish_picture, KARIN, ROUND.id)
    assert await _at(world, 30) == []


async def test_who_answers_after_the_finish_gets_the_rounds_card_too(world: World) -> None:
    await in_the_meeting(world)
    await assesses(world, GREEN)
    await world.do(finish_assessment, KARIN, ROUND.id)
    await world.has(a_report("rektor", an_answer(1, 2, "Sent, men ändå"), late=True))
    assert await _at(world, 1) == ["lena", "mehmet", "omar", "rektor"]
    await world.has(a_report(KARIN, an_answer(1, 2, "Mycket senare"), late=True))
    assert await _at(world, 20) == ["lena", "mehmet", "omar", "rektor"]


async def test_a_round_that_is_not_there_is_not_found(world: World) -> None:
    await in_the_meeting(world)
    with pytest.raises(NotFound):
        await world.do(finish_assessment, KARIN, RoundId("nowhere"))
