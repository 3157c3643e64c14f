"""A group that writes promises, for the tests of what it does with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from lagesbild.assessments import Owner
from lagesbild.ids import GroupId, PromiseId, ReferralId, RoundId
from lagesbild.people import MemberState, Role
from lagesbild.promise_drafts import (
    PromiseForm,
    SectionForm,
    parse_commitments,
)
from lagesbild.promises import CitizenPromise
from lagesbild.referrals import DecisionForm, DecisionKind, Referral
from lagesbild.templates import Area
from lagesbild.usecases.promise_drafting import (
    add_section,
    adopt,
    draft_promise,
)
from lagesbild.usecases.promising import (
    publish,
)
from tests.overwriting import overwriting
from tests.samples import (
    NOW,
    a_coordinator,
    a_group,
    a_meeting,
    a_member,
    a_round,
)
from tests.usecases.world import World

KARIN = a_coordinator(id="karin")
CLAES = a_member("Claes Berg", "Kommunledningen", Role.COUNCIL, id="claes")
LENA = a_member("Lena Holm", id="lena")
OMAR = a_member("Omar Said", "Polisen", id="omar", user_id=None)
GONE = a_member("Borta Bo", "NVK", id="gone", state=MemberState.LEFT)
OTHER = replace(a_coordinator(id="other"), group_id=GroupId("g2"))
TODAY = date(2025, 3, 11)
FORM = PromiseForm("Trygg vår", "Kommunen och polisen lovar.", date(2025, 3, 1))
LIGHTS = SectionForm("Ljus", parse_commitments("Kommunen: lagar lamporna"), "Det är mörkt", (Area.DISORDER,))
YOUTH = SectionForm(
    "Unga", parse_commitments("Polisen: besöker skolorna"), "", (Area.YOUTH,), "Besök i veckan"
)


async def begun(world: World) -> World:
    """Fagersta's group with its people, and another municipality's."""
    await world.has(a_group(), KARIN, CLAES, LENA, OMAR, GONE)
    home = replace(a_group().home, team_id="19:other@thread.tacv2")
    await world.has(a_group(id=GroupId("g2"), municipality="Ludvika", home=home), OTHER)
    return world


async def a_draft(world: World, form: PromiseForm = FORM, *sections: SectionForm) -> CitizenPromise:
    """A draft with those sections."""
    draft = await world.do(draft_promise, KARIN, form)
    for section in sections:
        draft = await world.do(add_section, KARIN, draft.id, section)
    return draft


async def a_published(world: World, form: PromiseForm = FORM, *sections: SectionForm) -> CitizenPromise:
    """The same, adopted and published."""
    draft = await a_draft(world, form, *(sections or (LIGHTS, YOUTH)))
    await world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY)
    return await world.do(publish, KARIN, draft.id)


async def stored(world: World, promise_id: PromiseId) -> CitizenPromise:
    """The promise as it is stored."""
    async with world.work() as work:
        found = await work.store.promises.get(promise_id)
    assert found is not None
    return found


async def a_referral(world: World) -> Referral:
    """Something about young people that the council is to answer."""
    referral = Referral(
        id=ReferralId("ref1"),
        group_id=KARIN.group_id,
        round_id=RoundId("round7"),
        area=Area.YOUTH,
        title="Oroligt vid Risbroskolan",
        comment="Tre verksamheter ser det.",
        referred_by=KARIN.id,
        referred_at=NOW,
        answer_by=TODAY + timedelta(days=14),
    )
    await world.has(a_meeting(), a_round(assessed_at=NOW))
    async with world.work() as work:
        await overwriting(work.store).referrals.save(referral)
    return referral


def an_answer_of(kind: DecisionKind) -> DecisionForm:
    """What the council answers it with."""
    return DecisionForm(kind, "Gör det", "Vi lovar bot.", Owner("Polisen"), TODAY + timedelta(days=30))
