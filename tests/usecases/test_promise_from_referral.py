"""The council's answer "promise" becomes a section, and its reporters hear of it (C2, C5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotFound
from lagesbild.referrals import DecisionKind
from lagesbild.templates import Area
from lagesbild.usecases.deciding import decide
from lagesbild.usecases.promise_drafting import (
    add_section,
    adopt,
    change_section,
    remove_section,
)
from lagesbild.usecases.promise_from_referral import draft_from_referral
from lagesbild.usecases.promising import (
    promise_overview,
    publish,
)
from tests.samples import (
    a_report,
    an_answer,
)
from tests.usecases.promises import (
    CLAES,
    FORM,
    KARIN,
    LENA,
    LIGHTS,
    OTHER,
    TODAY,
    YOUTH,
    a_draft,
    a_referral,
    an_answer_of,
    begun,
    stored,
)
from tests.usecases.world import World


async def test_the_councils_answer_becomes_a_section_once(each_world: World) -> None:
    world = await begun(each_world)
    referral = await a_referral(world)
    draft = await world.do(draft_from_referral, CLAES, referral.id)
    assert (draft.first, draft.last) == (TODAY, date(2025, 6, 10))
    section = draft.sections[0]
    assert (section.title, section.areas, section.referral_id) == (referral.title, (Area.YOUTH,), referral.id)
    assert await world.do(draft_from_referral, CLAES, referral.id) == draft
    other = replace(LIGHTS, title="Ny rubrik")
    changed = await world.do(change_section, CLAES, draft.id, section.mark, other)
    assert changed.sections[0].referral_id == referral.id


async def test_a_decision_to_promise_is_in_the_draft_at_once_and_gone_if_the_council_thinks_again(
    each_world: World,
) -> None:
    world = await begun(each_world)
    referral = await a_referral(world)
    await world.do(decide, CLAES, referral.id, an_answer_of(DecisionKind.PROMISE))
    (draft,) = (await world.do(promise_overview, CLAES)).in_work
    assert [one.referral_id for one in draft.sections] == [referral.id]
    world.time += timedelta(minutes=1)
    await world.do(decide, CLAES, referral.id, an_answer_of(DecisionKind.MEASURE))
    assert (await stored(world, draft.id)).sections == ()


async def test_a_section_that_somebody_has_written_stays_when_the_council_thinks_again(world: World) -> None:
    await begun(world)
    referral = await a_referral(world)
    await world.do(decide, CLAES, referral.id, an_answer_of(DecisionKind.PROMISE))
    (draft,) = (await world.do(promise_overview, CLAES)).in_work
    await world.do(change_section, CLAES, draft.id, draft.sections[0].mark, YOUTH)
    world.time += timedelta(minutes=1)
    await world.do(decide, CLAES, referral.id, an_answer_of(DecisionKind.MEASURE))
    assert len((await stored(world, draft.id)).sections) == 1


async def test_a_decision_is_not_refused_because_the_draft_is_full(world: World) -> None:
    await begun(world)
    referral = await a_referral(world)
    full = await a_draft(world, FORM, *(replace(LIGHTS, title=f"Ljus {n}") for n in range(15)))
    with pytest.raises(Invalid, match="sections: too_many"):
        await world.do(add_section, KARIN, full.id, YOUTH)
    assert (await world.do(draft_from_referral, CLAES, referral.id)).id != full.id


async def test_the_councils_answer_goes_into_the_draft_that_is_written(world: World) -> None:
    await begun(world)
    referral = await a_referral(world)
    older = await a_draft(world, FORM, LIGHTS)
    world.time += timedelta(hours=1)
    newer = await a_draft(world, replace(FORM, title="Sommar"), LIGHTS)
    held = await world.do(draft_from_referral, KARIN, referral.id)
    assert held.id == newer.id
    with pytest.raises(NotFound):
        await world.do(draft_from_referral, OTHER, referral.id)
    await world.do(remove_section, KARIN, newer.id, held.sections[1].mark)
    assert (await world.do(draft_from_referral, KARIN, referral.id, older.id)).id == older.id


async def test_those_who_reported_what_the_promise_answers_hear_of_it_in_their_feedback(world: World) -> None:
    await begun(world)
    referral = await a_referral(world)
    await world.has(a_report(LENA, an_answer(4, 4, "Bråk vid skolan")))
    draft = await world.do(draft_from_referral, CLAES, referral.id)
    await world.do(change_section, CLAES, draft.id, draft.sections[0].mark, YOUTH)
    await world.do(adopt, CLAES, draft.id, "Kommunstyrelsen", TODAY)
    assert await world.receivers(DeliveryKind.FEEDBACK) == []
    await world.do(publish, CLAES, draft.id)
    assert await world.receivers(DeliveryKind.FEEDBACK) == ["lena"]
