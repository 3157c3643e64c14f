"""Answering: stored once, changed openly, stopped by the guard before anything is stored (A6–A8, A10, A11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lagesbild.answering import ReportForm, SecrecyFound, inspect, parse_counts
from lagesbild.audit import AuditEntry
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.errors import AlreadySubmitted, Invalid, NotAllowed, NotFound, ReportChanged, RoundNotOpen
from lagesbild.ids import MemberId, RoundId
from lagesbild.people import Group, MemberState, Role
from lagesbild.reports import Answer, Override, Report
from lagesbild.rounds import RoundState
from lagesbild.usecases.notes import note
from lagesbild.usecases.pictures import publish_picture
from lagesbild.usecases.reports import (
    nothing_to_report,
    report_sheet,
    save_draft,
    stored_receipt,
    submit_report,
)
from tests.samples import (
    GROUP_ID,
    MEETING_AT,
    NOW,
    a_coordinator,
    a_group,
    a_meeting,
    a_member,
    a_round,
    an_answer,
    counts,
)
from tests.usecases.world import World

KARIN = a_coordinator(id="karin")
DEPUTY = a_member("Dag Berg", "Brå", Role.DEPUTY, id="dag")
LENA = a_member("Lena Holm", id="lena")
OMAR = a_member("Omar Said", "Polisen", id="omar")
ROUND = RoundId("round7")
CLOSED = a_round(state=RoundState.CLOSED, closed_at=a_round().deadline)
NUMBER = "19121212-1212"
REASON = "Det är ett ärendenummer"


def _form(*answers: Answer, **changes: object) -> ReportForm:
    return replace(ReportForm(answers), **changes)  # type: ignore[arg-type]


GLASS = _form(an_answer(1, 3, "Glas på gångvägen"))
NUMBERED = an_answer(1, 4, f"Klotter, ärende {NUMBER}")


async def _begun(world: World, *things: object) -> World:
    await world.has(a_group(), KARIN, DEPUTY, LENA, OMAR, a_meeting(), a_round(), *things)
    return world


async def _closed(world: World, *things: object) -> World:
    world.time = MEETING_AT - timedelta(hours=1)
    return await _begun(world, CLOSED, *things)


async def _stored(world: World, member_id: str = "lena") -> Report | None:
    async with world.work() as work:
        return await work.store.reports.get(ROUND, MemberId(member_id))


async def _history(world: World) -> list[Report]:
    async with world.work() as work:
        return list(await work.store.reports.history(ROUND, LENA.id))


async def _logged(world: World) -> list[AuditEntry]:
    async with world.work() as work:
        return list(await work.store.audit.list_by_group(GROUP_ID))


async def _picture_posts(world: World) -> list[Delivery]:
    async with world.work() as work:
        return list(await work.store.deliveries.list_by_round(ROUND, (DeliveryKind.PICTURE,)))


def _other_group() -> Group:
    here = a_group()
    home = replace(here.home, team_id="19:other@thread.tacv2", channel_id="19:other-channel@thread.tacv2")
    return replace(here, id="g2", municipality="Norberg", home=home)


async def test_a_report_is_stored_exactly_as_it_was_sent(each_world: World) -> None:
    await _begun(each_world)
    receipt = await each_world.do(submit_report, LENA, ROUND, GLASS)
    stored = await _stored(each_world)
    assert stored == receipt.report
    assert stored is not None
    assert (stored.answers, stored.entered_by, stored.revision) == (GLASS.answers, "lena", 1)
    assert (stored.submitted_at, stored.late, receipt.changed) == (NOW, False, True)
    assert await each_world.actions() == ["submit report"]


async def test_a_repeat_changes_nothing(each_world: World) -> None:
    await _begun(each_world)
    first = await each_world.do(submit_report, LENA, ROUND, GLASS)
    each_world.time += timedelta(minutes=5)
    again = await each_world.do(submit_report, LENA, ROUND, GLASS)
    assert (again.changed, again.report) == (False, first.report)
    assert await _stored(each_world) == first.report
    assert len(await _history(each_world)) == 1
    assert await each_world.actions() == ["submit report"]


async def test_a_change_is_a_new_revision_and_the_old_words_are_kept(each_world: World) -> None:
    await _begun(each_world)
    await each_world.do(submit_report, LENA, ROUND, GLASS)
    each_world.time += timedelta(minutes=5)
    receipt = await each_world.do(submit_report, LENA, ROUND, _form(an_answer(4, 2, "Stökigt")))
    assert (receipt.report.revision, receipt.changed) == (2, True)
    history = await _history(each_world)
    assert [(one.revision, one.answers[0].comment) for one in history] == [
        (1, "Glas på gångvägen"),
        (2, "Stökigt"),
    ]
    assert await each_world.actions() == ["submit report", "change report"]


async def test_what_the_log_keeps_never_holds_what_was_written(world: World) -> None:
    await _begun(world)
    await world.do(submit_report, LENA, ROUND, GLASS)
    assert "Glas" not in str(await _logged(world))


async def test_nothing_to_report_is_an_answer(each_world: World) -> None:
    await _begun(each_world)
    receipt = await each_world.do(nothing_to_report, LENA, ROUND)
    assert receipt.report.nothing_to_report
    assert not (await each_world.do(nothing_to_report, LENA, ROUND)).changed


async def test_nothing_to_report_leaves_the_notes_for_the_next_report(each_world: World) -> None:
    await _begun(each_world)
    await each_world.do(note, LENA, "klotter vid Risbroskolan i går")
    receipt = await each_world.do(nothing_to_report, LENA, ROUND)
    assert [one.text for one in receipt.notes_left] == ["klotter vid Risbroskolan i går"]


async def test_an_old_card_does_not_write_over_what_was_sent_since(each_world: World) -> None:
    await _begun(each_world)
    first = await each_world.do(submit_report, LENA, ROUND, _form(*GLASS.answers, on_revision=0))
    with pytest.raises(ReportChanged) as refused:
        await each_world.do(submit_report, LENA, ROUND, _form(an_answer(4, 2), on_revision=0))
    assert refused.value.revision == 1
    with pytest.raises(ReportChanged):
        await each_world.do(nothing_to_report, LENA, ROUND, on_revision=0)
    assert await _stored(each_world) == first.report
    changed = await each_world.do(submit_report, LENA, ROUND, _form(an_answer(4, 2), on_revision=1))
    assert changed.report.revision == 2


async def test_an_old_card_that_says_what_is_stored_already_is_a_repeat(world: World) -> None:
    await _begun(world)
    form = _form(*GLASS.answers, on_revision=0)
    await world.do(submit_report, LENA, ROUND, form)
    assert not (await world.do(submit_report, LENA, ROUND, form)).changed


async def test_a_draft_is_kept_for_its_writer_and_becomes_the_report(each_world: World) -> None:
    await _begun(each_world)
    draft = await each_world.do(save_draft, LENA, ROUND, GLASS)
    assert not draft.is_submitted
    assert (await each_world.do(report_sheet, LENA, ROUND)).answers[1].comment == "Glas på gångvägen"
    assert (await each_world.do(report_sheet, OMAR, ROUND)).answers == {}
    assert await _history(each_world) == []
    sent = await each_world.do(submit_report, LENA, ROUND, GLASS)
    assert (sent.report.id, sent.report.revision, sent.changed) == (draft.id, 1, True)


async def test_a_draft_never_takes_the_place_of_what_is_sent(each_world: World) -> None:
    await _begun(each_world)
    sent = await each_world.do(submit_report, LENA, ROUND, GLASS)
    with pytest.raises(AlreadySubmitted):
        await each_world.do(save_draft, LENA, ROUND, _form(an_answer(2, 1)))
    assert await _stored(each_world) == sent.report


async def test_a_draft_is_no_answer_until_it_is_sent(each_world: World) -> None:
    await _begun(each_world)
    await each_world.do(save_draft, LENA, ROUND, GLASS)
    with pytest.raises(NotFound):
        await each_world.do(stored_receipt, LENA, ROUND)
    await each_world.do(submit_report, LENA, ROUND, GLASS)
    assert (await each_world.do(stored_receipt, LENA, ROUND)).report.answers == GLASS.answers


async def test_the_figures_are_stored_and_a_changed_figure_is_a_change(each_world: World) -> None:
    await _begun(each_world)
    form = replace(GLASS, counts=parse_counts("3 larm, orosanmälningar: 2"))
    await each_world.do(submit_report, LENA, ROUND, form)
    stored = await _stored(each_world)
    assert stored is not None
    assert stored.counts == (*counts(larm=3), *counts(orosanmälningar=2))
    receipt = await each_world.do(submit_report, LENA, ROUND, replace(form, counts=counts(larm=4)))
    assert (receipt.changed, receipt.report.revision, receipt.report.counts) == (True, 2, counts(larm=4))


@pytest.mark.parametrize("typed", ["3", "larm", f"2 {NUMBER}", f"2 larm om {NUMBER}", "1 Anna Svensson"])
def test_figures_that_cannot_be_read_or_point_somebody_out_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_counts(typed)


async def test_an_answer_to_a_question_that_is_not_asked_is_refused(world: World) -> None:
    await _begun(world)
    for wrong in (an_answer(99, 3), an_answer(1, 6), an_answer(7, 2), an_answer(1, comment="x" * 4001)):
        with pytest.raises(Invalid):
            await world.do(submit_report, LENA, ROUND, _form(wrong))
    assert await _stored(world) is None


async def test_an_answer_after_the_deadline_is_marked_late_and_those_who_lead_are_told(
    each_world: World,
) -> None:
    await _closed(each_world)
    receipt = await each_world.do(submit_report, LENA, ROUND, GLASS)
    assert receipt.report.late
    told = await each_world.sent(DeliveryKind.LATE_ANSWER)
    assert [(one.member_id, one.subject) for one in told] == [("dag", "lena"), ("karin", "lena")]
    await each_world.do(submit_report, LENA, ROUND, GLASS)
    assert len(await each_world.sent(DeliveryKind.LATE_ANSWER)) == 2
    await each_world.do(submit_report, LENA, ROUND, _form(an_answer(4, 2)))
    assert len(await each_world.sent(DeliveryKind.LATE_ANSWER)) == 4


async def test_who_enters_a_late_answer_is_not_told_of_it(world: World) -> None:
    await _closed(world)
    await world.do(submit_report, KARIN, ROUND, GLASS, on_behalf_of=LENA.id)
    assert await world.receivers(DeliveryKind.LATE_ANSWER) == ["dag"]


@pytest.mark.parametrize("state", [MemberState.LEFT, MemberState.PENDING])
async def test_who_no_longer_leads_is_not_told_of_a_late_answer(world: World, state: MemberState) -> None:
    await _closed(world, replace(DEPUTY, state=state))
    await world.do(submit_report, LENA, ROUND, GLASS)
    assert await world.receivers(DeliveryKind.LATE_ANSWER) == ["karin"]


async def test_an_answer_in_time_is_not_late_and_nobody_is_told(world: World) -> None:
    await _begun(world)
    world.time = a_round().deadline
    receipt = await world.do(submit_report, LENA, ROUND, GLASS)
    assert not receipt.report.late
    assert await world.sent(DeliveryKind.LATE_ANSWER) == []


async def test_a_late_answer_updates_the_picture_that_is_posted(each_world: World) -> None:
    await _closed(each_world)
    await each_world.do(submit_report, OMAR, ROUND, GLASS)
    assert await _picture_posts(each_world) == []
    await each_world.do(publish_picture, KARIN, ROUND)
    await each_world.do(submit_report, LENA, ROUND, _form(an_answer(4, 5, "Bråk i matsalen")))
    assert [one.subject for one in await _picture_posts(each_world)] == ["1", "2"]


async def test_a_late_answer_with_a_false_alarm_waits_for_the_coordinator(world: World) -> None:
    await _closed(world)
    await world.do(submit_report, OMAR, ROUND, GLASS)
    await world.do(publish_picture, KARIN, ROUND)
    shown = frozenset(one.fingerprint for one in inspect([NUMBERED]))
    await world.do(submit_report, LENA, ROUND, _form(NUMBERED, accepted=shown, reason=REASON))
    assert [one.subject for one in await _picture_posts(world)] == ["1"]
    assert await world.receivers(DeliveryKind.LATE_ANSWER) == ["dag", "dag", "karin", "karin"]


async def test_a_round_that_is_not_opened_takes_no_answers(world: World) -> None:
    await _begun(world, a_round(state=RoundState.PLANNED, opened_at=None))
    with pytest.raises(RoundNotOpen) as refused:
        await world.do(submit_report, LENA, ROUND, GLASS)
    assert refused.value.opens_at == a_round().opens_at
    assert await _stored(world) is None


async def test_those_who_lead_answer_for_somebody_and_it_is_recorded(each_world: World) -> None:
    await _begun(each_world)
    sheet = await each_world.do(report_sheet, KARIN, ROUND, on_behalf_of=LENA.id)
    assert (sheet.on_behalf, sheet.member.id) == (True, "lena")
    receipt = await each_world.do(submit_report, KARIN, ROUND, GLASS, on_behalf_of=LENA.id)
    assert (receipt.report.member_id, receipt.report.entered_by) == ("lena", "karin")
    assert receipt.report.on_behalf
    (entry,) = await _logged(each_world)
    assert (entry.actor_id, entry.on_behalf_of) == ("karin", "lena")


async def test_an_answer_for_oneself_is_on_nobodys_behalf(world: World) -> None:
    await _begun(world)
    receipt = await world.do(submit_report, KARIN, ROUND, GLASS, on_behalf_of=KARIN.id)
    assert not receipt.report.on_behalf
    assert (await _logged(world))[0].on_behalf_of is None


async def test_only_those_who_lead_answer_for_somebody(world: World) -> None:
    await _begun(world)
    with pytest.raises(NotAllowed):
        await world.do(submit_report, OMAR, ROUND, GLASS, on_behalf_of=LENA.id)
    with pytest.raises(NotAllowed):
        await world.do(nothing_to_report, OMAR, ROUND, on_behalf_of=LENA.id)
    with pytest.raises(NotAllowed):
        await world.do(report_sheet, OMAR, ROUND, on_behalf_of=LENA.id)
    with pytest.raises(NotAllowed):
        await world.do(stored_receipt, OMAR, ROUND, on_behalf_of=LENA.id)
    assert await _stored(world) is None


@pytest.mark.parametrize(
    "who",
    [
        a_member("Vera Väntar", id="vera", state=MemberState.PENDING),
        a_member("Gun Gått", id="gun", state=MemberState.LEFT),
        a_member("Råd Rådh", "Lokala Brå", Role.COUNCIL, id="rad"),
    ],
    ids=["pending", "left", "council"],
)
async def test_who_does_not_report_sends_no_report(world: World, who: object) -> None:
    await _begun(world, who)
    for use_case in (submit_report, save_draft):
        with pytest.raises(NotAllowed):
            await world.do(use_case, who, ROUND, GLASS)  # type: ignore[arg-type]


async def test_another_groups_round_and_member_are_not_found(each_world: World) -> None:
    await _begun(each_world)
    stranger = replace(a_coordinator("Stina Berg", id="stina"), group_id="g2")
    await each_world.has(_other_group(), stranger)
    for use_case in (submit_report, save_draft):
        with pytest.raises(NotFound):
            await each_world.do(use_case, stranger, ROUND, GLASS)
    with pytest.raises(NotFound):
        await each_world.do(report_sheet, stranger, ROUND)
    with pytest.raises(NotFound):
        await each_world.do(submit_report, KARIN, ROUND, GLASS, on_behalf_of=stranger.id)
    assert await _stored(each_world, "stina") is None


async def test_what_the_guard_finds_is_not_stored_anywhere(each_world: World) -> None:
    await _begun(each_world)
    for use_case in (submit_report, save_draft):
        with pytest.raises(SecrecyFound) as stopped:
            await each_world.do(use_case, LENA, ROUND, _form(NUMBERED))
        assert [one.finding.text for one in stopped.value.caught] == [NUMBER]
        assert NUMBER not in str(stopped.value)
    assert await _stored(each_world) is None
    assert await _history(each_world) == []
    assert await each_world.actions() == []


async def test_a_false_alarm_is_stored_with_the_reason_that_the_coordinator_sees(each_world: World) -> None:
    await _begun(each_world)
    shown = frozenset(one.fingerprint for one in inspect([NUMBERED]))
    with pytest.raises(SecrecyFound) as stopped:
        await each_world.do(submit_report, LENA, ROUND, _form(NUMBERED, accepted=shown, reason="  "))
    assert stopped.value.reason_missing
    await each_world.do(submit_report, LENA, ROUND, _form(NUMBERED, accepted=shown, reason=f" {REASON} "))
    stored = await _stored(each_world)
    assert stored is not None
    assert stored.overrides == (Override(1, "personal_number", NUMBER, REASON),)


async def test_a_finding_that_was_not_shown_stops_everything(world: World) -> None:
    await _begun(world)
    shown = frozenset(one.fingerprint for one in inspect([NUMBERED]))
    more = _form(NUMBERED, an_answer(2, comment="Ring 070-1740605"), accepted=shown, reason=REASON)
    elsewhere = _form(replace(NUMBERED, number=2), accepted=shown, reason=REASON)
    for form in (more, elsewhere):
        with pytest.raises(SecrecyFound):
            await world.do(submit_report, LENA, ROUND, form)
    assert await _stored(world) is None


async def test_the_reason_is_guarded_too(world: World) -> None:
    await _begun(world)
    shown = frozenset(one.fingerprint for one in inspect([NUMBERED]))
    form = _form(NUMBERED, accepted=shown, reason="Fråga Anna Svensson på 070-1740605")
    with pytest.raises(Invalid) as refused:
        await world.do(submit_report, LENA, ROUND, form)
    assert (refused.value.field, refused.value.reason) == ("reason", "points_out")
    assert await _stored(world) is None


async def test_a_reason_without_a_finding_is_not_kept(world: World) -> None:
    await _begun(world)
    receipt = await world.do(submit_report, LENA, ROUND, replace(GLASS, reason=REASON))
    assert receipt.report.overrides == ()


async def test_the_latest_round_is_answered_when_none_is_named(world: World) -> None:
    await _begun(world)
    assert (await world.do(report_sheet, LENA)).round.id == ROUND


async def test_the_sheet_shows_the_last_rounds_levels_of_the_same_template(each_world: World) -> None:
    before = a_round(id="round6", number=6, meeting_id="meeting0", state=RoundState.CLOSED, closed_at=NOW)
    week = timedelta(days=7)
    earlier = a_meeting(id="meeting0", slot=(MEETING_AT - week).date(), starts_at=MEETING_AT - week)
    await _begun(each_world, earlier, before)
    for who, level in ((LENA, 2), (OMAR, 3)):
        await each_world.do(submit_report, who, RoundId("round6"), _form(an_answer(1, level)))
    sheet = await each_world.do(report_sheet, LENA, ROUND)
    assert sheet.last_levels == {1: 2.5}
