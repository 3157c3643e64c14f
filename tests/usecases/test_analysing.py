"""Root-cause analysis as a routine: ordered, found out, used (C3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lagesbild.assessments import Owner
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed
from lagesbild.ids import AnalysisId, GroupId, MemberId, ReferralId
from lagesbild.measures import AnalysisState, Measure
from lagesbild.people import Role
from lagesbild.templates import Area
from lagesbild.usecases.analysing import (
    AnalysisForm,
    Use,
    UseForm,
    analyses_due,
    analysis_sheet,
    order_analysis,
    update_analysis,
    use_result,
)
from tests.council_samples import TECHNICAL, a_referral, an_analysis, on_the_table
from tests.samples import a_coordinator, a_group, a_meeting, a_member, a_report, a_round, an_answer
from tests.usecases.world import World, local

KARIN = a_coordinator(id="karin")
RUT = a_member("Rut Berg", None, Role.COUNCIL, id="rut")
LENA = a_member("Lena Holm", id="lena")
OMAR = a_member("Omar Said", "Polisen", id="omar")
N1 = AnalysisId("n1")
FOUND = AnalysisForm(("Mörkt", "Ingen annanstans att vara"), "Fritidsgården stänger för tidigt.")
AS_MEASURE = UseForm(Use.MEASURE, "Håll öppet till 22", TECHNICAL, date(2025, 5, 1))


async def _begun(world: World, **changes: Any) -> World:
    """Lena carries out an analysis of what Omar reported."""
    await world.has(a_group(), KARIN, RUT, LENA, OMAR, a_meeting(), a_round())
    await world.has(a_report(OMAR, an_answer(1, 4, "Mörkt")))
    known = {"referral_id": ReferralId("r1"), **changes}
    await on_the_table(world, a_referral(), an_analysis(**known))
    return world


async def _measures(world: World) -> list[Measure]:
    async with world.storage.begin(write=False) as store:
        return list(await store.measures.list_by_group(GroupId("g1")))


async def _order(world: World, actor: Any = RUT, **changes: Any) -> Any:
    given = {"problem": "Varför krossas rutor?", "owner": TECHNICAL, "due": date(2025, 5, 1), **changes}
    return await world.do(order_analysis, actor, Area.DISORDER, **given)


async def test_the_council_orders_one_with_owner_and_day_and_a_repeat_is_the_same(each_world: World) -> None:
    await _begun(each_world)
    ordered = await _order(each_world)
    assert (ordered.state, ordered.decided_by) == (AnalysisState.ORDERED, "rut")
    assert await _order(each_world) == ordered
    assert await each_world.actions() == ["order analysis"]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"problem": ""}, "analysis_problem", "missing"),
        ({"owner": None}, "analysis_owner", "missing"),
        ({"due": None}, "analysis_due", "missing"),
        ({"due": date(2025, 3, 1)}, "analysis_due", "past"),
    ],
)
async def test_an_order_without_what_it_needs_is_refused(
    world: World, changes: dict[str, Any], field: str, reason: str
) -> None:
    await _begun(world)
    with pytest.raises(Invalid) as refused:
        await _order(world, **changes)
    assert (refused.value.field, refused.value.reason) == (field, reason)


async def test_reporters_do_not_order_and_only_see_what_they_carry_out(world: World) -> None:
    await _begun(world)
    with pytest.raises(NotAllowed):
        await _order(world, OMAR)
    with pytest.raises(NotAllowed):
        await world.do(analysis_sheet, OMAR, N1)
    sheet = await world.do(analysis_sheet, LENA, N1)
    assert (sheet.may_use, sheet.decider) == (False, "Karin Ek")


async def test_hypotheses_first_then_the_result_which_the_reporters_hear_of(each_world: World) -> None:
    await _begun(each_world)
    begun = await each_world.do(update_analysis, LENA, N1, AnalysisForm(("Mörkt",)))
    assert (begun.state, begun.hypotheses) == (AnalysisState.ORDERED, ("Mörkt",))
    each_world.time += timedelta(days=1)
    found = await each_world.do(update_analysis, LENA, N1, FOUND)
    assert (found.state, found.result) == (AnalysisState.RESULT, FOUND.result)
    before = len(await each_world.receivers(DeliveryKind.FEEDBACK))
    assert await each_world.do(update_analysis, LENA, N1, FOUND) == found
    assert len(await each_world.receivers(DeliveryKind.FEEDBACK)) == before == 2


async def test_a_result_becomes_a_measure_once(each_world: World) -> None:
    await _begun(each_world, state=AnalysisState.RESULT, result="Mörkt")
    used = await each_world.do(use_result, RUT, N1, AS_MEASURE)
    await each_world.do(use_result, RUT, N1, replace(AS_MEASURE, text="Något annat"))
    assert (used.state, used.used_for) == (AnalysisState.USED, "Håll öppet till 22")
    (measure,) = await _measures(each_world)
    assert (measure.analysis_id, measure.referral_id, measure.owner) == (N1, "r1", TECHNICAL)


@pytest.mark.parametrize("use", [Use.PROMISE, Use.WORDS])
async def test_or_it_is_kept_for_a_promise_or_in_words(world: World, use: Use) -> None:
    await _begun(world, state=AnalysisState.RESULT, result="Mörkt")
    used = await world.do(use_result, KARIN, N1, UseForm(use, "Tas med i löftet"))
    assert used.used_for == "Tas med i löftet"
    assert await _measures(world) == []
    assert await world.actions() == ["use analysis"]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(AS_MEASURE, text=""), "analysis_use"),
        (replace(AS_MEASURE, owner=None), "analysis_owner"),
        (replace(AS_MEASURE, due=None), "analysis_due"),
    ],
)
async def test_a_use_without_what_it_needs_is_refused(world: World, form: UseForm, field: str) -> None:
    await _begun(world, state=AnalysisState.RESULT, result="Mörkt")
    with pytest.raises(Invalid) as refused:
        await world.do(use_result, RUT, N1, form)
    assert refused.value.field == field
    assert await _measures(world) == []


async def test_what_has_no_result_is_not_used_and_what_is_used_is_not_changed(world: World) -> None:
    await _begun(world)
    with pytest.raises(Invalid, match="analysis_result"):
        await world.do(use_result, RUT, N1, AS_MEASURE)
    await world.do(update_analysis, LENA, N1, FOUND)
    with pytest.raises(NotAllowed):
        await world.do(use_result, LENA, N1, AS_MEASURE)
    await world.do(use_result, RUT, N1, AS_MEASURE)
    with pytest.raises(Invalid, match="is_used"):
        await world.do(update_analysis, LENA, N1, FOUND)


async def _due(world: World, when: str) -> int:
    async with world.work() as work:
        return await analyses_due(work, a_group(), local(when))


async def test_who_carries_it_out_is_asked_when_it_is_due(each_world: World) -> None:
    await _begun(each_world)
    assert [await _due(each_world, f"2025-04-{day} 09:00") for day in (14, 15, 15, 16)] == [0, 1, 0, 0]
    assert await each_world.receivers(DeliveryKind.ANALYSIS_DUE) == ["lena"]


async def test_who_leads_asks_for_an_owner_without_a_chat_and_about_a_result_nobody_used(
    world: World,
) -> None:
    await _begun(world, owner=Owner("Konsulten", None))
    assert await _due(world, "2025-04-15 09:00") == 1
    await world.do(update_analysis, KARIN, N1, FOUND)
    assert await _due(world, "2025-04-07 09:00") == 0
    assert [await _due(world, f"2025-04-{day} 09:00") for day in ("08", "09")] == [1, 0]
    assert await world.receivers(DeliveryKind.ANALYSIS_DUE) == ["karin", "karin"]


async def test_an_owner_who_has_left_is_not_asked(world: World) -> None:
    await _begun(world, owner=Owner("Borta", MemberId("gone")))
    assert await _due(world, "2025-04-15 09:00") == 1
    assert await world.receivers(DeliveryKind.ANALYSIS_DUE) == ["karin"]
