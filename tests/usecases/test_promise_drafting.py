"""Writing a promise: what is refused, what is missing, what a renewal and an example take along (D1, D2, D5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.promise_data import promise_files
from lagesbild.promise_drafts import (
    PeriodKind,
    PromiseForm,
    SectionForm,
    checked_front,
    next_period,
    parse_commitments,
    period_end,
    period_kind,
)
from lagesbild.promises import CitizenPromise, PromiseState
from lagesbild.referrals import DecisionKind
from lagesbild.usecases.deciding import decide
from lagesbild.usecases.promise_drafting import (
    add_section,
    adopt,
    change_promise,
    change_section,
    discard,
    draft_from_example,
    draft_from_previous,
    draft_promise,
    remove_section,
    remove_signature,
    reopen,
    sign,
)
from lagesbild.usecases.promising import (
    mark_opened,
    promise_overview,
    publish,
)
from tests.overwriting import overwriting
from tests.usecases.promises import (
    CLAES,
    FORM,
    KARIN,
    LENA,
    LIGHTS,
    TODAY,
    YOUTH,
    a_draft,
    a_published,
    a_referral,
    an_answer_of,
    begun,
    stored,
)
from tests.usecases.world import World


async def _removed(world: World, draft: CitizenPromise, number: int) -> CitizenPromise:
    return await world.do(remove_section, KARIN, draft.id, draft.sections[number - 1].mark)


async def test_only_a_draft_can_be_changed_and_an_adoption_can_be_taken_back(world: World) -> None:
    draft = await a_draft(await begun(world), FORM, LIGHTS)
    await world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY)
    for attempt in (
        world.do(change_promise, KARIN, draft.id, FORM),
        world.do(add_section, KARIN, draft.id, YOUTH),
        world.do(remove_section, KARIN, draft.id, draft.sections[0].mark),
        world.do(sign, KARIN, draft.id, "Kommunpolis", day=TODAY),
        world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY),
    ):
        with pytest.raises(Invalid, match="promise: not_draft"):
            await attempt
    again = await world.do(reopen, KARIN, draft.id)
    assert (again.state, again.adopted_by, again.adopted_on) == (PromiseState.DRAFT, "", None)
    await world.do(adopt, KARIN, draft.id, "Kommunfullmäktige", TODAY)
    await world.do(publish, KARIN, draft.id)
    with pytest.raises(Invalid, match="promise: not_draft"):
        await world.do(reopen, KARIN, draft.id)


async def test_it_is_adopted_only_when_nothing_is_missing(world: World) -> None:
    draft = await a_draft(await begun(world))

    async def refused() -> str:
        with pytest.raises(Invalid) as error:
            await world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY)
        return f"{error.value.field} {error.value.reason} {error.value.facts.get('what', '')}".strip()

    assert await refused() == "promise lacks_sections"
    draft = await world.do(add_section, KARIN, draft.id, SectionForm("Tomt"))
    assert await refused() == "promise lacks_commitments Tomt"
    await world.do(change_section, KARIN, draft.id, draft.sections[0].mark, LIGHTS)
    await world.do(sign, KARIN, draft.id, "Kommunpolis")
    assert await refused() == "promise lacks_signature Kommunpolis"
    await world.do(sign, KARIN, draft.id, "  kommunpolis ", name="Omar Said", day=TODAY)
    with pytest.raises(Invalid, match="adopted_by: missing"):
        await world.do(adopt, KARIN, draft.id, " ", TODAY)
    with pytest.raises(Invalid, match="adopted_on: in_future"):
        await world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY + timedelta(days=1))
    with pytest.raises(Invalid, match="promise: not_adopted"):
        await world.do(publish, KARIN, draft.id)
    adopted = await world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY)
    assert len(adopted.signatures) == 1


async def test_a_signature_can_be_taken_away_again(world: World) -> None:
    draft = await a_draft(await begun(world), FORM, LIGHTS)
    await world.do(sign, KARIN, draft.id, "Kommunpolis")
    with pytest.raises(Invalid, match="role: unknown"):
        await world.do(remove_signature, KARIN, draft.id, "Kommundirektören")
    assert (await world.do(remove_signature, KARIN, draft.id, "Kommunpolis")).signatures == ()
    with pytest.raises(Invalid, match="signed_on: in_future"):
        await world.do(sign, KARIN, draft.id, "Kommunpolis", day=TODAY + timedelta(days=1))


async def test_sections_are_changed_removed_and_numbered_anew(each_world: World) -> None:
    draft = await a_draft(await begun(each_world), FORM, LIGHTS, YOUTH)
    adults, young = replace(YOUTH, title="Unga vuxna"), draft.sections[1].mark
    draft = await each_world.do(change_section, KARIN, draft.id, young, adults)
    draft = await each_world.do(remove_section, KARIN, draft.id, draft.sections[0].mark)
    assert [(one.number, one.title) for one in draft.sections] == [(1, "Unga vuxna")]
    with pytest.raises(NotFound):
        await each_world.do(change_section, KARIN, draft.id, young, YOUTH)
    assert await each_world.do(change_section, KARIN, draft.id, young, adults) == draft
    changed = await each_world.do(change_promise, KARIN, draft.id, replace(FORM, period=PeriodKind.YEAR))
    assert (changed.last, changed.sections) == (date(2026, 2, 28), draft.sections)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        (replace(FORM, title=" "), "title: missing"),
        (replace(FORM, title="x" * 121), "title: too_long"),
        (replace(FORM, preamble="Ring 070-174 06 05"), "preamble: words_point_out"),
        (replace(FORM, first=None), "first: missing"),
        (replace(FORM, period=PeriodKind.OTHER), "last: missing"),
        (replace(FORM, period=PeriodKind.OTHER, last=date(2025, 2, 1)), "last: before_first"),
        (replace(FORM, period=PeriodKind.OTHER, last=date(2031, 2, 1)), "period: too_long"),
    ],
)
async def test_what_cannot_be_used_is_refused_and_nothing_stored(
    world: World, form: PromiseForm, says: str
) -> None:
    await begun(world)
    with pytest.raises(Invalid, match=says):
        await world.do(draft_promise, KARIN, form)
    assert (await world.do(promise_overview, KARIN)).in_work == ()


def test_officials_may_be_named_in_a_promise() -> None:
    assert checked_front(replace(FORM, preamble="Leif Pettersson undertecknar.")).preamble


@pytest.mark.parametrize("name", ["fagersta-2020-12", "ludvika-2021"])
def test_the_shipped_promises_pass_the_guard(name: str) -> None:
    file = promise_files()[name]
    form = PromiseForm(file.title, file.preamble, file.first, PeriodKind.OTHER, file.last)
    assert checked_front(form).preamble == file.preamble


def test_what_somebody_does_is_typed_one_a_line() -> None:
    typed = "- Polisen: besöker skolorna: varje vecka\n\n• Kommunen och NVK:  tänder lampor "
    assert [(one.who, one.what) for one in parse_commitments(typed)] == [
        ("Polisen", "besöker skolorna: varje vecka"),
        ("Kommunen och NVK", "tänder lampor"),
    ]
    for line in ("besöker skolorna", ": besöker", "Polisen:"):
        with pytest.raises(Invalid, match="commitments: no_who"):
            parse_commitments(f"Polisen: ser\n{line}")


@pytest.mark.parametrize(
    ("first", "last", "kind", "then"),
    [
        (
            date(2020, 12, 1),
            date(2021, 2, 28),
            PeriodKind.THREE_MONTHS,
            (date(2021, 3, 1), date(2021, 5, 31)),
        ),
        (
            date(2023, 12, 1),
            date(2024, 2, 29),
            PeriodKind.THREE_MONTHS,
            (date(2024, 3, 1), date(2024, 5, 31)),
        ),
        (date(2021, 2, 1), date(2022, 1, 31), PeriodKind.YEAR, (date(2022, 2, 1), date(2023, 1, 31))),
        (date(2025, 3, 1), date(2025, 3, 10), PeriodKind.OTHER, (date(2025, 3, 11), date(2025, 3, 20))),
    ],
)
def test_the_next_period_follows_directly_and_is_as_long(
    first: date, last: date, kind: PeriodKind, then: tuple[date, date]
) -> None:
    assert period_kind(first, last) is kind
    assert next_period(first, last) == then
    if kind is not PeriodKind.OTHER:
        assert period_end(first, kind) == last


async def test_renewal_takes_sections_and_roles_along_and_asks_for_new_signatures(each_world: World) -> None:
    world = await begun(each_world)
    draft = await a_draft(world, FORM, LIGHTS, YOUTH)
    with pytest.raises(Invalid, match="promise: not_adopted"):
        await world.do(draft_from_previous, KARIN, draft.id)
    await world.do(sign, KARIN, draft.id, "Kommunpolis", name="Omar Said", day=TODAY)
    await world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY)
    promise = await world.do(publish, KARIN, draft.id)
    renewed = await world.do(draft_from_previous, CLAES, promise.id)
    assert (renewed.first, renewed.last) == (date(2025, 6, 1), date(2025, 8, 31))
    assert (renewed.sections, renewed.previous_id) == (promise.sections, promise.id)
    assert [(one.role, one.signed_on) for one in renewed.signatures] == [("Kommunpolis", None)]
    assert (renewed.state, renewed.adopted_by) == (PromiseState.DRAFT, "")
    assert await world.do(draft_from_previous, CLAES, promise.id) == renewed


async def test_a_late_renewal_begins_today_and_a_draft_from_scratch_is_not_taken_for_one(
    world: World,
) -> None:
    promise = await a_published(await begun(world))
    scratch = await a_draft(world, PromiseForm("Sommar", "", date(2025, 6, 1)), replace(LIGHTS, title="Nytt"))
    assert scratch.previous_id == promise.id
    world.at("2025-06-20 09:00")
    assert (await world.do(draft_from_previous, KARIN, promise.id)).first == date(2025, 6, 1)
    later = await a_published(world, replace(FORM, first=date(2025, 3, 2)))
    world.at("2026-01-07 09:00")
    late = await world.do(draft_from_previous, KARIN, later.id)
    assert (late.first, late.last) == (date(2026, 1, 7), date(2026, 4, 6))


async def test_what_is_sent_twice_is_one(world: World) -> None:
    await begun(world)
    first = await world.do(draft_promise, KARIN, FORM)
    assert await world.do(draft_promise, KARIN, FORM) == first
    once = await world.do(add_section, KARIN, first.id, LIGHTS)
    assert await world.do(add_section, KARIN, first.id, LIGHTS) == once
    assert (await world.do(draft_promise, KARIN, FORM)).id != first.id


@pytest.mark.parametrize(
    ("name", "last"), [("fagersta-2020-12", date(2025, 6, 10)), ("ludvika-2021", date(2026, 3, 10))]
)
async def test_an_example_lends_its_sections_and_roles_and_its_length(
    world: World, name: str, last: date
) -> None:
    await begun(world)
    example = promise_files()[name]
    draft = await world.do(draft_from_example, CLAES, example)
    assert (draft.first, draft.last) == (TODAY, last)
    assert (draft.sections, draft.state, draft.adopted_on) == (example.sections, PromiseState.DRAFT, None)
    assert [(one.role, one.signed_on) for one in draft.signatures] == [
        (one.role, None) for one in example.signatures
    ]
    assert await world.do(draft_from_example, CLAES, example) == draft
    with pytest.raises(NotAllowed):
        await world.do(draft_from_example, LENA, example)


async def test_a_draft_can_be_thrown_away_and_nothing_else(each_world: World) -> None:
    draft = await a_draft(await begun(each_world), FORM, LIGHTS)
    await each_world.do(mark_opened, KARIN, draft.id)
    await each_world.do(discard, KARIN, draft.id)
    async with each_world.work() as work:
        assert await work.store.promises.list_by_group(KARIN.group_id) == []
    assert (await each_world.actions())[-1] == "discard promise"
    published = await a_published(each_world)
    with pytest.raises(Invalid, match="not_draft"):
        await each_world.do(discard, KARIN, published.id)
    with pytest.raises(NotAllowed):
        await each_world.do(discard, LENA, published.id)


async def test_a_removal_that_comes_twice_takes_one_section(world: World) -> None:
    draft = await a_draft(await begun(world), FORM, LIGHTS, YOUTH, replace(YOUTH, title="Unga vuxna"))
    second = draft.sections[1].mark
    await world.do(remove_section, KARIN, draft.id, second)
    with pytest.raises(NotFound):
        await world.do(remove_section, KARIN, draft.id, second)
    assert [one.title for one in (await stored(world, draft.id)).sections] == [LIGHTS.title, "Unga vuxna"]


async def test_a_draft_and_a_section_that_alone_answer_the_council_are_kept(world: World) -> None:
    await a_draft(await begun(world), FORM, LIGHTS)
    referral = await a_referral(world)
    await world.do(decide, KARIN, referral.id, an_answer_of(DecisionKind.PROMISE))
    (draft,) = (await world.do(promise_overview, KARIN)).in_work
    for kept in (world.do(discard, KARIN, draft.id), _removed(world, draft, 2)):
        with pytest.raises(Invalid, match="holds_decision"):
            await kept
    assert len((await _removed(world, draft, 1)).sections) == 1


async def test_a_section_that_the_council_no_longer_promises_can_go(world: World) -> None:
    await begun(world)
    referral = await a_referral(world)
    await world.do(decide, KARIN, referral.id, an_answer_of(DecisionKind.PROMISE))
    (draft,) = (await world.do(promise_overview, KARIN)).in_work
    written = await world.do(change_section, KARIN, draft.id, draft.sections[0].mark, YOUTH)
    world.time += timedelta(minutes=1)
    await world.do(decide, KARIN, referral.id, an_answer_of(DecisionKind.MEASURE))
    assert (await _removed(world, written, 1)).sections == ()
    await world.do(discard, KARIN, draft.id)


async def test_a_promise_that_another_renews_is_kept(world: World) -> None:
    before = await a_published(await begun(world))
    renewal = await world.do(draft_from_previous, KARIN, before.id)
    async with world.work() as work:
        await overwriting(work.store).promises.save(replace(before, state=PromiseState.DRAFT))
    with pytest.raises(Invalid, match="renewed"):
        await world.do(discard, KARIN, before.id)
    assert (await world.do(discard, KARIN, renewal.id)).id == renewal.id
