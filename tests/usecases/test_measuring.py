"""Measures: what their owners say, whom it is told to, and who is asked when it is quiet (C4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lagesbild.assessments import Owner
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.ids import GroupId, MeasureId, MemberId, ReferralId
from lagesbild.measures import Measure, MeasureState, Reach
from lagesbild.people import MemberState, Role
from lagesbild.usecases.measuring import (
    MeasureForm,
    list_measures,
    measure_sheet,
    measures_due,
    update_measure,
)
from tests.council_samples import a_decision, a_measure, a_referral, on_the_table
from tests.samples import NOW, a_coordinator, a_group, a_meeting, a_member, a_report, a_round, an_answer
from tests.usecases.world import World, local

KARIN = a_coordinator(id="karin")
RUT = a_member("Rut Berg", None, Role.COUNCIL, id="rut")
LENA = a_member("Lena Holm", id="lena")
OMAR = a_member("Omar Said", "Polisen", id="omar")
BY_LENA = Owner("Lena Holm", MemberId("lena"))
X1 = MeasureId("x1")
ONGOING = MeasureForm(MeasureState.ONGOING)


async def _begun(world: World, *things: Any, **changes: Any) -> World:
    """Lena answers for a measure that came of what Omar reported."""
    await world.has(a_group(), KARIN, RUT, LENA, OMAR, a_meeting(), a_round())
    await world.has(a_report(OMAR, an_answer(1, 4, "Mörkt")))
    known = {"owner": BY_LENA, "referral_id": ReferralId("r1"), "decision_id": "d1", **changes}
    await on_the_table(world, a_referral(), a_decision(), a_measure(**known), *things)
    return world


async def _stored(world: World) -> Measure:
    async with world.storage.begin(write=False) as store:
        found = await store.measures.get(X1)
    assert found is not None
    return found


async def _details(world: World) -> list[str]:
    async with world.storage.begin(write=False) as store:
        return [entry.detail for entry in await store.audit.list_by_group(GroupId("g1"))]


@pytest.mark.parametrize("who", [LENA, RUT, KARIN])
async def test_its_owner_the_council_and_who_leads_the_group_say_how_it_goes(world: World, who: Any) -> None:
    await _begun(world)
    changed = await world.do(update_measure, who, X1, ONGOING)
    assert changed.state is MeasureState.ONGOING
    assert await _details(world) == ["planned -> ongoing"]


async def test_others_may_not(world: World) -> None:
    await _begun(world)
    with pytest.raises(NotAllowed):
        await world.do(update_measure, OMAR, X1, ONGOING)
    with pytest.raises(NotAllowed):
        await world.do(measure_sheet, OMAR, X1)
    with pytest.raises(NotFound):
        await world.do(update_measure, LENA, MeasureId("elsewhere"), ONGOING)


async def test_a_done_measure_has_its_day_and_is_told_to_who_reported(each_world: World) -> None:
    await _begun(each_world)
    each_world.time += timedelta(days=10)
    done = MeasureForm(MeasureState.DONE, "Lamporna lyser.", goal="Inga trasiga", reach=Reach.UNIVERSAL)
    await each_world.do(update_measure, LENA, X1, done)
    each_world.time += timedelta(days=1)
    await each_world.do(update_measure, LENA, X1, done)
    measure = await _stored(each_world)
    assert (measure.done_on, measure.outcome, measure.goal, measure.reach) == (
        date(2025, 3, 21),
        "Lamporna lyser.",
        "Inga trasiga",
        Reach.UNIVERSAL,
    )
    assert await each_world.receivers(DeliveryKind.FEEDBACK) == ["omar"]


async def test_a_stopped_one_needs_words_and_one_taken_up_again_is_not_done(world: World) -> None:
    await _begun(world)
    with pytest.raises(Invalid) as refused:
        await world.do(update_measure, LENA, X1, MeasureForm(MeasureState.STOPPED))
    assert (refused.value.field, refused.value.reason) == ("measure_outcome", "missing")
    await world.do(update_measure, LENA, X1, MeasureForm(MeasureState.STOPPED, "Pengarna räckte inte."))
    await world.do(update_measure, LENA, X1, MeasureForm(MeasureState.DONE, "Ändå klart."))
    await world.do(update_measure, LENA, X1, ONGOING)
    assert (await _stored(world)).done_on is None


async def test_a_new_day_is_kept_in_the_audit_log_and_may_not_be_past(world: World) -> None:
    await _begun(world)
    with pytest.raises(Invalid, match="past"):
        await world.do(update_measure, LENA, X1, replace(ONGOING, due=date(2025, 3, 10)))
    await world.do(update_measure, LENA, X1, MeasureForm(MeasureState.PLANNED, due=date(2025, 5, 30)))
    assert (await _stored(world)).due == date(2025, 5, 30)
    assert await _details(world) == ["due 2025-04-30 -> 2025-05-30"]


async def test_an_overdue_measure_can_be_closed_on_its_old_day(world: World) -> None:
    await _begun(world, due=date(2025, 3, 1))
    done = MeasureForm(MeasureState.DONE, due=date(2025, 3, 1))
    assert (await world.do(update_measure, LENA, X1, done)).state is MeasureState.DONE


async def test_a_goal_alone_is_nothing_that_the_reporters_hear_of(world: World) -> None:
    await _begun(world)
    await world.do(update_measure, LENA, X1, MeasureForm(MeasureState.PLANNED, goal="Inga trasiga lampor"))
    assert await world.receivers(DeliveryKind.FEEDBACK) == []


async def test_everybody_sees_those_they_answer_for_and_who_decides_sees_all(world: World) -> None:
    done = a_measure(id=MeasureId("x2"), state=MeasureState.DONE, done_on=NOW.date())
    old = a_measure(id=MeasureId("x3"), state=MeasureState.DONE, changed_at=NOW - timedelta(days=100))
    await _begun(world, done, old)
    whole = await world.do(list_measures, RUT)
    assert ([m.id for m in whole.under_way], [m.id for m in whole.over]) == (["x1"], ["x2"])
    own = await world.do(list_measures, LENA)
    assert ([m.id for m in own.under_way], own.over, own.everybody) == (["x1"], (), False)
    assert (await world.do(list_measures, OMAR)).under_way == ()


async def test_one_measure_comes_with_what_the_council_said(world: World) -> None:
    await _begun(world)
    sheet = await world.do(measure_sheet, LENA, X1)
    assert (sheet.referral, sheet.decision) == (a_referral(), a_decision())


async def _due(world: World, when: str) -> int:
    async with world.work() as work:
        return await measures_due(work, a_group(), local(when))


async def test_an_owner_is_asked_when_it_is_silent_and_when_it_is_due(each_world: World) -> None:
    await _begun(each_world)
    asked = {
        "2025-04-07 10:00": 0,
        "2025-04-08 07:00": 0,
        "2025-04-08 09:00": 1,
        "2025-04-29 09:00": 0,
        "2025-04-30 09:00": 1,
        "2025-05-27 09:00": 0,
        "2025-05-28 09:00": 1,
    }
    for when, expected in asked.items():
        assert await _due(each_world, when) == expected, when
        assert await _due(each_world, when) == 0
    assert await each_world.receivers(DeliveryKind.MEASURE_DUE) == ["lena"] * 3


async def test_a_new_day_is_asked_about_anew_and_what_is_over_never(world: World) -> None:
    await _begun(world, due=date(2025, 3, 11))
    assert await _due(world, "2025-03-11 10:00") == 1
    await world.do(update_measure, LENA, X1, replace(ONGOING, due=date(2025, 3, 20)))
    assert await _due(world, "2025-03-20 10:00") == 1
    await world.do(update_measure, LENA, X1, MeasureForm(MeasureState.DONE))
    assert await _due(world, "2025-08-20 10:00") == 0


@pytest.mark.parametrize("owner", [Owner("Tekniska"), BY_LENA])
async def test_who_has_no_chat_is_asked_through_who_leads_the_group(world: World, owner: Owner) -> None:
    await _begun(world, owner=owner, due=date(2025, 3, 11))
    await world.has(replace(LENA, state=MemberState.LEFT))
    assert await _due(world, "2025-03-11 10:00") == 1
    assert await world.receivers(DeliveryKind.MEASURE_DUE) == ["karin"]
