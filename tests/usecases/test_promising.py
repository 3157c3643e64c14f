"""A citizen promise from the first words to its renewal; each step, and who may take it (D1–D4, C2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lagesbild.assessments import Owner
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.ids import GroupId, PromiseId, ReferralId, RoundId
from lagesbild.people import Group, Member, MemberState, Role
from lagesbild.promise_data import promise_files, promise_from
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
from lagesbild.promises import CitizenPromise, PromiseState, SectionStatus
from lagesbild.referrals import DecisionForm, DecisionKind, Referral
from lagesbild.templates import Area
from lagesbild.usecases.deciding import decide
from lagesbild.usecases.promise_drafting import (
    add_section,
    adopt,
    change_promise,
    change_section,
    draft_from_example,
    draft_from_previous,
    draft_promise,
    remove_section,
    remove_signature,
    reopen,
    sign,
)
from lagesbild.usecases.promise_from_referral import draft_from_referral
from lagesbild.usecases.promising import (
    current_promises,
    follow_up_section,
    mark_opened,
    promise_overview,
    promise_sheet,
    publish,
    renewals_due,
)
from tests.samples import (
    NOW,
    a_coordinator,
    a_group,
    a_meeting,
    a_member,
    a_report,
    a_round,
    an_answer,
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


async def _begun(world: World) -> World:
    await world.has(a_group(), KARIN, CLAES, LENA, OMAR, GONE)
    home = replace(a_group().home, team_id="19:other@thread.tacv2")
    await world.has(a_group(id=GroupId("g2"), municipality="Ludvika", home=home), OTHER)
    return world


async def _draft(world: World, form: PromiseForm = FORM, *sections: SectionForm) -> CitizenPromise:
    draft = await world.do(draft_promise, KARIN, form)
    for section in sections:
        draft = await world.do(add_section, KARIN, draft.id, section)
    return draft


async def _published(world: World, form: PromiseForm = FORM, *sections: SectionForm) -> CitizenPromise:
    draft = await _draft(world, form, *(sections or (LIGHTS, YOUTH)))
    await world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY)
    return await world.do(publish, KARIN, draft.id)


async def _stored(world: World, promise_id: PromiseId) -> CitizenPromise:
    async with world.work() as work:
        found = await work.store.promises.get(promise_id)
    assert found is not None
    return found


async def _referral(world: World) -> Referral:
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
    await world.has(a_meeting(), a_round())
    async with world.work() as work:
        await work.store.referrals.save(referral)
    return referral


async def test_a_promise_goes_from_draft_to_everybody_and_each_step_is_kept(each_world: World) -> None:
    world = await _begun(each_world)
    draft = await _draft(world, FORM, LIGHTS, YOUTH)
    await world.do(sign, CLAES, draft.id, "Kommunpolis", name="Omar Said", day=TODAY)
    adopted = await world.do(adopt, CLAES, draft.id, "Kommunstyrelsen", TODAY)
    assert adopted.state is PromiseState.ADOPTED
    published = await world.do(publish, CLAES, draft.id)
    assert await _stored(world, draft.id) == published
    assert (published.first, published.last) == (date(2025, 3, 1), date(2025, 5, 31))
    assert [one.title for one in published.sections] == ["Ljus", "Unga"]
    assert published.signatures[0].signed_on == TODAY
    assert await world.receivers(DeliveryKind.PROMISE) == ["claes", "karin", "lena"]
    assert await world.actions() == [
        "draft promise",
        "add section",
        "add section",
        "sign promise",
        "adopt promise",
        "publish promise",
    ]


async def test_publishing_twice_sends_once(world: World) -> None:
    promise = await _published(await _begun(world))
    assert await world.do(publish, KARIN, promise.id) == promise
    keys = [one.key for one in await world.sent(DeliveryKind.PROMISE)]
    assert keys == [f"promise:{promise.id}:{who}" for who in ("claes", "karin", "lena")]


async def test_a_promise_of_the_past_is_kept_and_not_sent(world: World) -> None:
    form = PromiseForm("Förra", "", date(2024, 12, 1), PeriodKind.OTHER, date(2025, 2, 28))
    promise = await _published(await _begun(world), form)
    assert promise.state is PromiseState.PUBLISHED
    assert await world.sent(DeliveryKind.PROMISE) == []


@pytest.mark.parametrize("member", [LENA, GONE])
async def test_a_reporter_reads_and_does_not_write(world: World, member: Member) -> None:
    await _begun(world)
    draft = await _draft(world, FORM, LIGHTS)
    for attempt in (
        world.do(draft_promise, member, FORM),
        world.do(draft_from_previous, member, draft.id),
        world.do(draft_from_referral, member, ReferralId("ref1")),
        world.do(change_promise, member, draft.id, FORM),
        world.do(add_section, member, draft.id, LIGHTS),
        world.do(change_section, member, draft.id, 1, LIGHTS),
        world.do(remove_section, member, draft.id, 1),
        world.do(sign, member, draft.id, "Kommunpolis"),
        world.do(remove_signature, member, draft.id, "Kommunpolis"),
        world.do(adopt, member, draft.id, "Kommunstyrelsen", TODAY),
        world.do(reopen, member, draft.id),
        world.do(publish, member, draft.id),
        world.do(follow_up_section, member, draft.id, 1, SectionStatus.KEPT),
    ):
        with pytest.raises(NotAllowed):
            await attempt
    assert await _stored(world, draft.id) == draft


async def test_another_groups_promise_is_not_found(world: World) -> None:
    promise = await _published(await _begun(world))
    for attempt in (
        world.do(promise_sheet, OTHER, promise.id),
        world.do(mark_opened, OTHER, promise.id),
        world.do(draft_from_previous, OTHER, promise.id),
        world.do(change_promise, OTHER, promise.id, FORM),
        world.do(follow_up_section, OTHER, promise.id, 1, SectionStatus.KEPT),
        world.do(publish, OTHER, promise.id),
        world.do(reopen, OTHER, promise.id),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert (await world.do(promise_overview, OTHER)).shown is None


async def test_a_draft_is_found_only_by_those_who_run_promises(world: World) -> None:
    draft = await _draft(await _begun(world), FORM, LIGHTS)
    with pytest.raises(NotFound):
        await world.do(promise_sheet, LENA, draft.id)
    assert (await world.do(promise_sheet, CLAES, draft.id)).runs
    assert (await world.do(promise_overview, LENA)).in_work == ()
    assert (await world.do(promise_overview, CLAES)).in_work == (draft,)


async def test_only_a_draft_can_be_changed_and_an_adoption_can_be_taken_back(world: World) -> None:
    draft = await _draft(await _begun(world), FORM, LIGHTS)
    await world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY)
    for attempt in (
        world.do(change_promise, KARIN, draft.id, FORM),
        world.do(add_section, KARIN, draft.id, YOUTH),
        world.do(remove_section, KARIN, draft.id, 1),
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
    draft = await _draft(await _begun(world))

    async def refused() -> str:
        with pytest.raises(Invalid) as error:
            await world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY)
        return f"{error.value.field} {error.value.reason} {error.value.facts.get('what', '')}".strip()

    assert await refused() == "promise lacks_sections"
    await world.do(add_section, KARIN, draft.id, SectionForm("Tomt"))
    assert await refused() == "promise lacks_commitments Tomt"
    await world.do(change_section, KARIN, draft.id, 1, LIGHTS)
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
    draft = await _draft(await _begun(world), FORM, LIGHTS)
    await world.do(sign, KARIN, draft.id, "Kommunpolis")
    with pytest.raises(Invalid, match="role: unknown"):
        await world.do(remove_signature, KARIN, draft.id, "Kommundirektören")
    assert (await world.do(remove_signature, KARIN, draft.id, "Kommunpolis")).signatures == ()
    with pytest.raises(Invalid, match="signed_on: in_future"):
        await world.do(sign, KARIN, draft.id, "Kommunpolis", day=TODAY + timedelta(days=1))


async def test_sections_are_changed_removed_and_numbered_anew(each_world: World) -> None:
    draft = await _draft(await _begun(each_world), FORM, LIGHTS, YOUTH)
    draft = await each_world.do(change_section, KARIN, draft.id, 2, replace(YOUTH, title="Unga vuxna"))
    draft = await each_world.do(remove_section, KARIN, draft.id, 1)
    assert [(one.number, one.title) for one in draft.sections] == [(1, "Unga vuxna")]
    with pytest.raises(NotFound):
        await each_world.do(change_section, KARIN, draft.id, 2, YOUTH)
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
    await _begun(world)
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
    world = await _begun(each_world)
    draft = await _draft(world, FORM, LIGHTS, YOUTH)
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
    promise = await _published(await _begun(world))
    scratch = await _draft(world, PromiseForm("Sommar", "", date(2025, 6, 1)), replace(LIGHTS, title="Nytt"))
    assert scratch.previous_id == promise.id
    world.at("2025-06-20 09:00")
    assert (await world.do(draft_from_previous, KARIN, promise.id)).first == date(2025, 6, 1)
    later = await _published(world, replace(FORM, first=date(2025, 3, 2)))
    world.at("2026-01-07 09:00")
    late = await world.do(draft_from_previous, KARIN, later.id)
    assert (late.first, late.last) == (date(2026, 1, 7), date(2026, 4, 6))


async def test_what_is_sent_twice_is_one(world: World) -> None:
    await _begun(world)
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
    await _begun(world)
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


async def test_the_outcome_of_the_period_before_stands_beside_each_section(each_world: World) -> None:
    world = await _begun(each_world)
    before = await _published(
        world, PromiseForm("Vinter", "", date(2024, 12, 1)), replace(YOUTH, title="UNGA "), LIGHTS
    )
    await world.do(follow_up_section, KARIN, before.id, 1, SectionStatus.ONGOING, value=4)
    world.time += timedelta(minutes=1)
    await world.do(follow_up_section, KARIN, before.id, 1, SectionStatus.PARTLY_KEPT, value=5.5)
    promise = await _published(world)
    await world.do(follow_up_section, CLAES, promise.id, 2, SectionStatus.KEPT, comment="Klart", value=7)
    sheet = await world.do(promise_sheet, LENA, promise.id)
    lights, youth = sheet.sections
    assert (lights.latest, lights.before and lights.before.latest) == (None, None)
    assert youth.latest is not None
    assert (youth.latest.status, youth.latest.comment, youth.latest.value) == (SectionStatus.KEPT, "Klart", 7)
    assert youth.before is not None
    assert youth.before.latest is not None
    assert (youth.before.latest.status, youth.before.latest.value) == (SectionStatus.PARTLY_KEPT, 5.5)
    assert sheet.previous == before
    assert not sheet.runs


async def test_only_what_is_published_is_followed_up_and_nothing_is_overwritten(world: World) -> None:
    draft = await _draft(await _begun(world), FORM, LIGHTS)
    with pytest.raises(Invalid, match="promise: not_published"):
        await world.do(follow_up_section, KARIN, draft.id, 1, SectionStatus.KEPT)
    promise = await _published(world)
    with pytest.raises(NotFound):
        await world.do(follow_up_section, KARIN, promise.id, 9, SectionStatus.KEPT)
    with pytest.raises(Invalid, match="comment: words_point_out"):
        await world.do(follow_up_section, KARIN, promise.id, 1, SectionStatus.KEPT, comment="070-174 06 05")
    for status in (SectionStatus.ONGOING, SectionStatus.KEPT):
        world.time += timedelta(hours=1)
        await world.do(follow_up_section, KARIN, promise.id, 1, status)
    sheet = await world.do(promise_sheet, KARIN, promise.id)
    assert [one.status for one in sheet.sections[0].follow_ups] == [SectionStatus.ONGOING, SectionStatus.KEPT]


async def test_the_councils_answer_becomes_a_section_once(each_world: World) -> None:
    world = await _begun(each_world)
    referral = await _referral(world)
    draft = await world.do(draft_from_referral, CLAES, referral.id)
    assert (draft.first, draft.last) == (TODAY, date(2025, 6, 10))
    section = draft.sections[0]
    assert (section.title, section.areas, section.referral_id) == (referral.title, (Area.YOUTH,), referral.id)
    assert await world.do(draft_from_referral, CLAES, referral.id) == draft
    changed = await world.do(change_section, CLAES, draft.id, 1, replace(LIGHTS, title="Ny rubrik"))
    assert changed.sections[0].referral_id == referral.id


def _answer(kind: DecisionKind) -> DecisionForm:
    return DecisionForm(kind, "Gör det", "Vi lovar bot.", Owner("Polisen"), TODAY + timedelta(days=30))


async def test_a_decision_to_promise_is_in_the_draft_at_once_and_gone_if_the_council_thinks_again(
    each_world: World,
) -> None:
    world = await _begun(each_world)
    referral = await _referral(world)
    await world.do(decide, CLAES, referral.id, _answer(DecisionKind.PROMISE))
    (draft,) = (await world.do(promise_overview, CLAES)).in_work
    assert [one.referral_id for one in draft.sections] == [referral.id]
    world.time += timedelta(minutes=1)
    await world.do(decide, CLAES, referral.id, _answer(DecisionKind.MEASURE))
    assert (await _stored(world, draft.id)).sections == ()


async def test_a_section_that_somebody_has_written_stays_when_the_council_thinks_again(world: World) -> None:
    await _begun(world)
    referral = await _referral(world)
    await world.do(decide, CLAES, referral.id, _answer(DecisionKind.PROMISE))
    (draft,) = (await world.do(promise_overview, CLAES)).in_work
    await world.do(change_section, CLAES, draft.id, 1, YOUTH)
    world.time += timedelta(minutes=1)
    await world.do(decide, CLAES, referral.id, _answer(DecisionKind.MEASURE))
    assert len((await _stored(world, draft.id)).sections) == 1


async def test_a_decision_is_not_refused_because_the_draft_is_full(world: World) -> None:
    await _begun(world)
    referral = await _referral(world)
    full = await _draft(world, FORM, *(replace(LIGHTS, title=f"Ljus {n}") for n in range(15)))
    with pytest.raises(Invalid, match="sections: too_many"):
        await world.do(add_section, KARIN, full.id, YOUTH)
    assert (await world.do(draft_from_referral, CLAES, referral.id)).id != full.id


async def test_the_councils_answer_goes_into_the_draft_that_is_written(world: World) -> None:
    await _begun(world)
    referral = await _referral(world)
    older = await _draft(world, FORM, LIGHTS)
    world.time += timedelta(hours=1)
    newer = await _draft(world, replace(FORM, title="Sommar"), LIGHTS)
    assert (await world.do(draft_from_referral, KARIN, referral.id)).id == newer.id
    with pytest.raises(NotFound):
        await world.do(draft_from_referral, OTHER, referral.id)
    await world.do(remove_section, KARIN, newer.id, 2)
    assert (await world.do(draft_from_referral, KARIN, referral.id, older.id)).id == older.id


async def test_those_who_reported_what_the_promise_answers_hear_of_it_in_their_feedback(world: World) -> None:
    await _begun(world)
    referral = await _referral(world)
    await world.has(a_report(LENA, an_answer(4, 4, "Bråk vid skolan")))
    draft = await world.do(draft_from_referral, CLAES, referral.id)
    await world.do(change_section, CLAES, draft.id, 1, YOUTH)
    await world.do(adopt, CLAES, draft.id, "Kommunstyrelsen", TODAY)
    assert await world.receivers(DeliveryKind.FEEDBACK) == []
    await world.do(publish, CLAES, draft.id)
    assert await world.receivers(DeliveryKind.FEEDBACK) == ["lena"]


async def test_current_promises_are_those_in_force_and_about_the_area(world: World) -> None:
    group = a_group()
    promise = await _published(await _begun(world))
    await _published(world, replace(FORM, first=date(2025, 6, 1)))
    await _draft(world, FORM, LIGHTS)
    for areas, found in (
        ((), 1),
        ((Area.YOUTH,), 1),
        ((Area.VIOLENCE,), 0),
        ((Area.VIOLENCE, Area.YOUTH), 1),
    ):
        current = await world.do(current_promises, group, areas)
        assert [one.id for one in current] == [promise.id] * found
    world.at("2025-05-31 23:30")
    assert await world.do(current_promises, group)
    world.at("2025-06-01 00:30")
    assert [one.first for one in await world.do(current_promises, group)] == [date(2025, 6, 1)]


async def test_without_a_current_promise_the_latest_that_ended_is_shown_and_what_comes(world: World) -> None:
    await _begun(world)
    assert (await world.do(promise_overview, LENA)).shown is None
    await _published(world, PromiseForm("Hösten", "", date(2024, 9, 1)))
    winter = await _published(world, PromiseForm("Vintern", "", date(2024, 12, 1)))
    coming = await _published(world, PromiseForm("Våren", "", date(2025, 4, 1)))
    seen = await world.do(promise_overview, LENA)
    assert seen.shown is not None
    assert seen.shown.promise == winter
    assert seen.shown.days_left < 0
    assert seen.others == (coming,)


async def test_who_opened_is_remembered_once_and_a_draft_is_not_counted(each_world: World) -> None:
    world = await _begun(each_world)
    promise, draft = await _published(world), await _draft(world)
    for _ in range(2):
        await world.do(mark_opened, LENA, promise.id)
        await world.do(mark_opened, KARIN, draft.id)
        world.time += timedelta(hours=1)
    async with world.work() as work:
        opened = await work.store.promises.opened(promise.id)
        assert [(one.member_id, one.at) for one in opened] == [(LENA.id, NOW)]
        assert not await work.store.promises.opened(draft.id)


async def test_renewal_is_asked_for_twice_of_those_who_can_do_it(each_world: World) -> None:
    world, group = await _begun(each_world), a_group()
    promise = await _published(world)
    world.at("2025-05-03 03:00")
    assert await world.do(renewals_due, group, world.time) == 0
    asked: list[int] = []
    for day in (
        "2025-04-30",
        "2025-05-01",
        "2025-05-02",
        "2025-05-23",
        "2025-05-24",
        "2025-05-31",
        "2025-06-01",
    ):
        world.at(f"{day} 09:00")
        asked += [await world.do(renewals_due, group, world.time) for _ in range(2)]
    assert asked == [0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0]
    keys = [one.key for one in await world.sent(DeliveryKind.PROMISE_RENEWAL)]
    assert keys == [
        f"promise_renewal:{promise.id}:{stage}:{who}" for stage in (30, 7) for who in ("claes", "karin")
    ]


async def test_nobody_is_asked_to_renew_what_has_a_later_promise_or_is_no_promise_yet(world: World) -> None:
    group: Group = a_group()
    draft = await _draft(await _begun(world), FORM, LIGHTS)
    world.at("2025-05-25 09:00")
    assert await world.do(renewals_due, group, world.time) == 0
    await world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY)
    promise = await world.do(publish, KARIN, draft.id)
    await world.do(draft_from_previous, KARIN, promise.id)
    assert await world.do(renewals_due, group, world.time) == 0


async def test_a_shipped_promise_can_be_stored_and_read_back(each_world: World) -> None:
    await _begun(each_world)
    file = promise_files()["ludvika-2021"]
    promise = promise_from(file, PromiseId("shipped"), OTHER.group_id, OTHER.id, NOW)
    async with each_world.work() as work:
        await work.store.promises.save(promise)
    assert await _stored(each_world, promise.id) == promise
    seen = await each_world.do(promise_overview, OTHER)
    assert seen.shown is not None
    assert len(seen.shown.sections) == 6
