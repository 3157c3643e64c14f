"""The council's answer: what it needs, what it sets going, whom it tells, and what happens when it is late (C1, C2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lagesbild.assessments import Owner
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.ids import GroupId, MemberId, ReferralId
from lagesbild.measures import Measure, MeasureState, RootCauseAnalysis
from lagesbild.people import Role
from lagesbild.referrals import Decision, DecisionForm, DecisionKind, ReferralState
from lagesbild.usecases.deciding import council_due, decide, preview_decision, referral_sheet
from lagesbild.usecases.finding import owner_from
from tests.council_samples import (
    TECHNICAL,
    a_council,
    a_form,
    a_referral,
    on_the_table,
    referral_of,
)
from tests.overwriting import overwriting
from tests.samples import NOW, a_coordinator, a_group, a_meeting, a_member, a_report, a_round, an_answer
from tests.usecases.world import World, local

KARIN = a_coordinator(id="karin")
RUT = a_member("Rut Berg", None, Role.COUNCIL, id="rut")
LENA = a_member("Lena Holm", "Risbroskolan", id="lena")
OMAR = a_member("Omar Said", "Risbroskolan", Role.REPRESENTATIVE, id="omar")
R1 = ReferralId("r1")
NO = DecisionForm(DecisionKind.NO, "", "Nej, eftersom vägen är statlig.", TECHNICAL)


async def _begun(world: World, *things: Any, **changes: Any) -> World:
    """Lena reported what was lifted; Omar represents her school; the council meets in its channel."""
    await world.has(a_group(), KARIN, RUT, LENA, OMAR, a_meeting(), a_round(assessed_at=NOW))
    await world.has(a_report(LENA, an_answer(1, 4, "Mörkt")))
    await on_the_table(world, a_referral(**changes), a_council(), *things)
    return world


async def _queued(world: World, *kinds: DeliveryKind) -> list[str]:
    async with world.storage.begin(write=False) as store:
        return [d.key for d in await store.deliveries.list_by_group(GroupId("g1"), kinds)]


async def _measures(world: World) -> list[Measure]:
    async with world.storage.begin(write=False) as store:
        return list(await store.measures.list_by_referral(R1))


async def _analyses(world: World) -> list[RootCauseAnalysis]:
    async with world.storage.begin(write=False) as store:
        return list(await store.analyses.list_by_referral(R1))


async def _decisions(world: World) -> list[Decision]:
    async with world.storage.begin(write=False) as store:
        return list(await store.referrals.decisions(R1))


async def test_a_yes_becomes_a_measure_and_reaches_every_reporter_and_the_councils_card(
    each_world: World,
) -> None:
    await _begun(each_world)
    decision = await each_world.do(decide, RUT, R1, a_form())
    (measure,) = await _measures(each_world)
    assert (measure.owner, measure.due, measure.decision_id) == (TECHNICAL, date(2025, 4, 30), decision.id)
    assert (await referral_of(each_world)).state is ReferralState.DECIDED
    assert sorted(await each_world.receivers(DeliveryKind.FEEDBACK)) == ["lena", "omar"]
    assert len(await _queued(each_world, DeliveryKind.REFERRAL)) == 1
    assert await each_world.actions() == ["decide"]


async def test_the_same_decision_again_changes_nothing(each_world: World) -> None:
    await _begun(each_world)
    first = await each_world.do(decide, RUT, R1, a_form())
    each_world.time += timedelta(minutes=1)
    assert await each_world.do(decide, KARIN, R1, a_form(sentence=f" {a_form().sentence} ")) == first
    assert len(await _measures(each_world)) == 1
    assert len(await each_world.receivers(DeliveryKind.FEEDBACK)) == 2
    assert await each_world.actions() == ["decide"]


async def test_a_new_decision_replaces_the_one_before_which_is_kept(each_world: World) -> None:
    await _begun(each_world)
    await each_world.do(decide, RUT, R1, a_form())
    each_world.time += timedelta(minutes=1)
    await each_world.do(decide, RUT, R1, a_form(due=date(2025, 5, 30)))
    assert [one.due for one in await _decisions(each_world)] == [date(2025, 4, 30), date(2025, 5, 30)]
    (measure,) = await _measures(each_world)
    assert measure.due == date(2025, 5, 30)
    each_world.time += timedelta(minutes=1)
    await each_world.do(decide, RUT, R1, a_form(kind=DecisionKind.ROOT_CAUSE))
    assert await _measures(each_world) == []
    assert [one.problem for one in await _analyses(each_world)] == [a_form().text]
    each_world.time += timedelta(minutes=1)
    await each_world.do(decide, RUT, R1, NO)
    assert await _analyses(each_world) == []


async def test_what_has_begun_is_not_taken_back(world: World) -> None:
    await _begun(world)
    await world.do(decide, RUT, R1, a_form())
    (measure,) = await _measures(world)
    async with world.work() as work:
        begun = Measure(**{**vars(measure), "state": MeasureState.ONGOING})
        await overwriting(work.store).measures.save(begun)
    world.time += timedelta(minutes=1)
    await world.do(decide, RUT, R1, a_form(text="Sätt upp fler"))
    assert {one.text for one in await _measures(world)} == {a_form().text, "Sätt upp fler"}


@pytest.mark.parametrize(
    ("kind", "measures", "analyses"),
    [
        (DecisionKind.PRIORITISE, 1, 0),
        (DecisionKind.MAPPING, 1, 0),
        (DecisionKind.ROOT_CAUSE, 0, 1),
        (DecisionKind.PROMISE, 0, 0),
    ],
)
async def test_each_kind_sets_its_own_going(
    world: World, kind: DecisionKind, measures: int, analyses: int
) -> None:
    await _begun(world)
    await world.do(decide, RUT, R1, a_form(kind=kind, text=""))
    made = await _measures(world)
    assert (len(made), len(await _analyses(world))) == (measures, analyses)
    assert all(one.text == a_form().sentence for one in made)
    assert (await referral_of(world)).state is ReferralState.DECIDED


@pytest.mark.parametrize("sentence", ["Nej.", "Nej, tyvärr inte.", "Det blir nej"])
async def test_a_bare_no_is_asked_for_its_reason(world: World, sentence: str) -> None:
    await _begun(world)
    with pytest.raises(Invalid, match="no_because"):
        await world.do(decide, RUT, R1, a_form(kind=DecisionKind.NO, sentence=sentence))


@pytest.mark.parametrize("sentence", ["Nej, vi har inte råd i år.", "Pengarna räcker inte till det."])
async def test_a_reason_needs_no_word_of_its_own_and_a_no_owes_nothing(world: World, sentence: str) -> None:
    await _begun(world)
    day = world.time.date() + timedelta(days=30)
    decision = await world.do(decide, RUT, R1, a_form(kind=DecisionKind.NO, sentence=sentence, due=day))
    assert (decision.sentence, decision.due) == (sentence, None)


async def test_a_no_says_why_closes_the_question_and_is_told_too(world: World) -> None:
    await _begun(world)
    with pytest.raises(Invalid) as refused:
        await world.do(decide, RUT, R1, a_form(kind=DecisionKind.NO, sentence="Nej."))
    assert (refused.value.field, refused.value.reason) == ("decision_sentence", "no_because")
    decision = await world.do(decide, RUT, R1, NO)
    assert (decision.text, decision.due) == ("", None)
    assert (await referral_of(world)).state is ReferralState.CLOSED
    assert await world.receivers(DeliveryKind.FEEDBACK) == ["lena", "omar"]
    assert await world.do(decide, RUT, R1, NO) == decision
    world.time += timedelta(minutes=1)
    await world.do(decide, RUT, R1, a_form())
    assert (await referral_of(world)).state is ReferralState.DECIDED


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"sentence": "  "}, "decision_sentence", "missing"),
        ({"owner": None}, "decision_owner", "missing"),
        ({"due": None}, "decision_due", "missing"),
        ({"due": date(2025, 3, 10)}, "decision_due", "past"),
        ({"sentence": "Ring 0223-123 45"}, "decision_sentence", "words_point_out"),
        ({"text": "x" * 601}, "decision_text", "too_long"),
    ],
)
async def test_an_answer_without_what_it_needs_is_refused_and_nothing_is_stored(
    world: World, changes: dict[str, Any], field: str, reason: str
) -> None:
    await _begun(world)
    for act in (preview_decision, decide):
        with pytest.raises(Invalid) as refused:
            await world.do(act, RUT, R1, a_form(**changes))
        assert (refused.value.field, refused.value.reason) == (field, reason)
    assert await _decisions(world) == []
    assert (await referral_of(world)).state is ReferralState.WAITING


async def test_an_officials_name_may_stand_in_the_sentence(world: World) -> None:
    await _begun(world)
    await world.do(decide, RUT, R1, a_form(sentence="Anna Karlsson på tekniska byter lamporna."))
    assert len(await _decisions(world)) == 1


async def test_an_owner_is_a_member_of_the_group_or_somebody_by_name(world: World) -> None:
    await _begun(world)
    with pytest.raises(NotFound):
        await world.do(decide, RUT, R1, a_form(owner=Owner("Någon", MemberId("elsewhere"))))
    decision = await world.do(decide, RUT, R1, a_form(owner=Owner("Fel namn", LENA.id)))
    assert decision.owner == Owner("Lena Holm", LENA.id)


async def test_the_preview_counts_who_would_read_it_and_stores_nothing(world: World) -> None:
    await _begun(world)
    shown = await world.do(preview_decision, RUT, R1, a_form())
    assert (shown.reporters, shown.representatives, shown.replaces) == (1, 1, None)
    assert await _decisions(world) == []
    assert await world.actions() == []
    decision = await world.do(decide, RUT, R1, a_form())
    assert (await world.do(preview_decision, RUT, R1, NO)).replaces == decision


async def test_what_comes_back_can_be_answered_the_same_way_once_more(world: World) -> None:
    await _begun(world)
    await world.do(decide, RUT, R1, a_form())
    back = await referral_of(world)
    world.time += timedelta(days=20)
    await on_the_table(world, a_referral(state=ReferralState.ON_AGENDA, changed_at=back.changed_at))
    await world.do(decide, RUT, R1, a_form())
    assert len(await _decisions(world)) == len(await _measures(world)) == 2


@pytest.mark.parametrize("closed", [{"state": ReferralState.WITHDRAWN}, {"state": ReferralState.CLOSED}])
async def test_what_the_group_closed_or_took_back_is_not_answered(
    world: World, closed: dict[str, Any]
) -> None:
    await _begun(world, **closed, closing="Löst")
    with pytest.raises(Invalid, match="not_open"):
        await world.do(decide, RUT, R1, a_form())


async def test_what_the_meeting_is_still_assessing_is_neither_seen_nor_answered(world: World) -> None:
    await _begun(world)
    await world.has(a_round(assessed_at=None))
    for act in (preview_decision, decide):
        with pytest.raises(Invalid, match="not_sent"):
            await world.do(act, RUT, R1, NO)
    with pytest.raises(Invalid, match="not_sent"):
        await world.do(referral_sheet, RUT, R1)
    assert await _queued(world) == await _decisions(world) == []


async def test_a_question_that_came_back_is_answered_though_its_round_was_never_finished(
    world: World,
) -> None:
    await _begun(world, times=2)
    await world.has(a_round(assessed_at=None))
    assert (await world.do(decide, RUT, R1, NO)).kind is DecisionKind.NO


async def test_only_the_council_and_who_leads_the_group_decide(world: World) -> None:
    await _begun(world)
    for act in (preview_decision, decide):
        with pytest.raises(NotAllowed):
            await world.do(act, LENA, R1, a_form())
    with pytest.raises(NotAllowed):
        await world.do(referral_sheet, OMAR, R1)


async def test_the_sheet_counts_reporters_and_organisations_and_names_none(world: World) -> None:
    await _begun(world)
    sheet = await world.do(referral_sheet, RUT, R1)
    assert (sheet.reporters, sheet.organisations) == (1, 1)
    assert sheet.can_be_decided


async def _due(world: World, when: str) -> int:
    async with world.work() as work:
        return await council_due(work, a_group(), local(when))


async def test_a_late_answer_is_asked_for_then_goes_to_who_leads_and_again_every_week(
    each_world: World,
) -> None:
    await _begun(each_world)
    asked = {
        "2025-03-21 10:00": 0,
        "2025-03-22 07:00": 0,
        "2025-03-22 08:00": 1,
        "2025-03-25 10:00": 0,
        "2025-03-26 10:00": 1,
        "2025-03-27 10:00": 0,
        "2025-03-28 10:00": 1,
        "2025-04-03 10:00": 0,
        "2025-04-04 10:00": 1,
    }
    for when, expected in asked.items():
        assert await _due(each_world, when) == expected, when
        assert await _due(each_world, when) == 0
    reminders = await _queued(each_world, DeliveryKind.REFERRAL_REMINDER)
    assert {key.rpartition(":")[2] for key in reminders} == {"before", "after"}
    assert await each_world.receivers(DeliveryKind.ESCALATION) == ["karin", "karin"]


async def test_nobody_is_reminded_in_the_evening_and_the_morning_makes_up_for_it(world: World) -> None:
    await _begun(world)
    for evening in ("2025-03-25 18:00", "2025-03-25 23:00", "2025-03-26 07:59"):
        assert await _due(world, evening) == 0, evening
    assert await _due(world, "2025-03-26 08:00") > 0


async def test_nothing_is_asked_for_that_is_answered_or_came_a_moment_ago(world: World) -> None:
    await _begun(world, answer_by=date(2025, 3, 13))
    assert await _due(world, "2025-03-12 10:00") == 0
    await world.do(decide, RUT, R1, a_form())
    assert await _due(world, "2025-03-30 10:00") == 0


@pytest.mark.parametrize(
    ("typed", "owner"),
    [
        (" lena  HOLM ", Owner("Lena Holm", MemberId("lena"))),
        ("Lena", Owner("Lena")),
        ("Tekniska  förvaltningen", Owner("Tekniska förvaltningen")),
        ("Eva Ek", Owner("Eva Ek")),
        (" ", None),
    ],
)
async def test_the_whole_name_of_a_member_means_that_member(
    world: World, typed: str, owner: Owner | None
) -> None:
    """So the bot can ask how it goes; one name of two members means neither."""
    await _begun(world)
    await world.has(a_member("Eva Ek", "NVK", id="eva1"), a_member("Eva Ek", "Polisen", id="eva2"))
    assert await world.do(owner_from, KARIN, "", typed) == owner
