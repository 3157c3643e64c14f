"""Answering: stored once, changed openly, drafts kept apart (A6, A7, A9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lagesbild.answering import parse_counts
from lagesbild.audit import AuditAction
from lagesbild.errors import AlreadySubmitted, Invalid, NotFound, ReportChanged, RoundNotOpen
from lagesbild.ids import RoundId
from lagesbild.rounds import RoundState
from lagesbild.usecases.notes import note
from lagesbild.usecases.reports import (
    nothing_to_report,
    report_sheet,
    save_draft,
    stored_receipt,
    submit_report,
)
from tests.samples import (
    MEETING_AT,
    NOW,
    a_meeting,
    a_round,
    an_answer,
    counts,
)
from tests.usecases.reporting import (
    GLASS,
    LENA,
    NUMBER,
    OMAR,
    ROUND,
    a_form,
    answering,
    history,
    logged,
    stored,
)
from tests.usecases.world import World


async def test_a_report_is_stored_exactly_as_it_was_sent(each_world: World) -> None:
    await answering(each_world)
    receipt = await each_world.do(submit_report, LENA, ROUND, GLASS)
    report = await stored(each_world)
    assert report == receipt.report
    assert report is not None
    assert (report.answers, report.entered_by, report.revision) == (GLASS.answers, "lena", 1)
    assert (report.submitted_at, report.late, receipt.changed) == (NOW, False, True)
    assert await each_world.actions() == ["submit report"]


async def test_a_repeat_changes_nothing(each_world: World) -> None:
    await answering(each_world)
    first = await each_world.do(submit_report, LENA, ROUND, GLASS)
    each_world.time += timedelta(minutes=5)
    again = await each_world.do(submit_report, LENA, ROUND, GLASS)
    assert (again.changed, again.report) == (False, first.report)
    assert await stored(each_world) == first.report
    assert len(await history(each_world)) == 1
    assert await each_world.actions() == ["submit report"]


async def test_a_change_is_a_new_revision_and_the_old_words_are_kept(each_world: World) -> None:
    await answering(each_world)
    await each_world.do(submit_report, LENA, ROUND, GLASS)
    each_world.time += timedelta(minutes=5)
    receipt = await each_world.do(submit_report, LENA, ROUND, a_form(an_answer(4, 2, "Stökigt")))
    assert (receipt.report.revision, receipt.changed) == (2, True)
    kept = await history(each_world)
    assert [(one.revision, one.answers[0].comment) for one in kept] == [
        (1, "Glas på gångvägen"),
        (2, "Stökigt"),
    ]
    assert await each_world.actions() == ["submit report", "change report"]


async def test_what_the_log_keeps_never_holds_what_was_written(world: World) -> None:
    await answering(world)
    await world.do(submit_report, LENA, ROUND, GLASS)
    assert "Glas" not in str(await logged(world))


async def test_nothing_to_report_is_an_answer(each_world: World) -> None:
    await answering(each_world)
    receipt = await each_world.do(nothing_to_report, LENA, ROUND)
    assert receipt.report.nothing_to_report
    assert not (await each_world.do(nothing_to_report, LENA, ROUND)).changed


async def test_nothing_to_report_leaves_the_notes_for_the_next_report(each_world: World) -> None:
    await answering(each_world)
    await each_world.do(note, LENA, "klotter vid Risbroskolan i går")
    receipt = await each_world.do(nothing_to_report, LENA, ROUND)
    assert [one.text for one in receipt.notes_left] == ["klotter vid Risbroskolan i går"]


async def test_an_old_card_does_not_write_over_what_was_sent_since(each_world: World) -> None:
    await answering(each_world)
    first = await each_world.do(submit_report, LENA, ROUND, a_form(*GLASS.answers, on_revision=0))
    with pytest.raises(ReportChanged) as refused:
        await each_world.do(submit_report, LENA, ROUND, a_form(an_answer(4, 2), on_revision=0))
    assert refused.value.revision == 1
    with pytest.raises(ReportChanged):
        await each_world.do(nothing_to_report, LENA, ROUND, on_revision=0)
    assert await stored(each_world) == first.report
    changed = await each_world.do(submit_report, LENA, ROUND, a_form(an_answer(4, 2), on_revision=1))
    assert changed.report.revision == 2


async def test_an_old_card_that_says_what_is_stored_already_is_a_repeat(world: World) -> None:
    await answering(world)
    form = a_form(*GLASS.answers, on_revision=0)
    await world.do(submit_report, LENA, ROUND, form)
    assert not (await world.do(submit_report, LENA, ROUND, form)).changed


async def test_a_draft_is_kept_for_its_writer_and_becomes_the_report(each_world: World) -> None:
    await answering(each_world)
    draft = await each_world.do(save_draft, LENA, ROUND, GLASS)
    assert not draft.is_submitted
    assert (await each_world.do(report_sheet, LENA, ROUND)).answers[1].comment == "Glas på gångvägen"
    assert (await each_world.do(report_sheet, OMAR, ROUND)).answers == {}
    assert await history(each_world) == []
    sent = await each_world.do(submit_report, LENA, ROUND, GLASS)
    assert (sent.report.id, sent.report.revision, sent.changed) == (draft.id, 1, True)


async def test_each_change_of_a_draft_is_in_the_log_without_its_words(each_world: World) -> None:
    await answering(each_world)
    for form in (GLASS, GLASS, a_form(an_answer(2, 1))):
        await each_world.do(save_draft, LENA, ROUND, form)
    entries = await logged(each_world)
    assert [(e.action, e.actor_id, e.subject, e.detail) for e in entries] == [
        (AuditAction.SAVE_DRAFT, LENA.id, f"round:{ROUND}", "")
    ] * 2


async def test_a_draft_never_takes_the_place_of_what_is_sent(each_world: World) -> None:
    await answering(each_world)
    sent = await each_world.do(submit_report, LENA, ROUND, GLASS)
    with pytest.raises(AlreadySubmitted):
        await each_world.do(save_draft, LENA, ROUND, a_form(an_answer(2, 1)))
    assert await stored(each_world) == sent.report


async def test_a_draft_is_no_answer_until_it_is_sent(each_world: World) -> None:
    await answering(each_world)
    await each_world.do(save_draft, LENA, ROUND, GLASS)
    with pytest.raises(NotFound):
        await each_world.do(stored_receipt, LENA, ROUND)
    await each_world.do(submit_report, LENA, ROUND, GLASS)
    assert (await each_world.do(stored_receipt, LENA, ROUND)).report.answers == GLASS.answers


async def test_the_figures_are_stored_and_a_changed_figure_is_a_change(each_world: World) -> None:
    await answering(each_world)
    form = replace(GLASS, counts=parse_counts("3 larm, orosanmälningar: 2"))
    await each_world.do(submit_report, LENA, ROUND, form)
    report = await stored(each_world)
    assert report is not None
    assert report.counts == (*counts(larm=3), *counts(orosanmälningar=2))
    receipt = await each_world.do(submit_report, LENA, ROUND, replace(form, counts=counts(larm=4)))
    assert (receipt.changed, receipt.report.revision, receipt.report.counts) == (True, 2, counts(larm=4))


@pytest.mark.parametrize("typed", ["3", "larm", f"2 {NUMBER}", f"2 larm om {NUMBER}", "1 Anna Svensson"])
def test_figures_that_cannot_be_read_or_point_somebody_out_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_counts(typed)


async def test_an_answer_to_a_question_that_is_not_asked_is_refused(world: World) -> None:
    await answering(world)
    for wrong in (an_answer(99, 3), an_answer(1, 6), an_answer(7, 2), an_answer(1, comment="x" * 4001)):
        with pytest.raises(Invalid):
            await world.do(submit_report, LENA, ROUND, a_form(wrong))
    assert await stored(world) is None


async def test_a_round_that_is_not_opened_takes_no_answers(world: World) -> None:
    await answering(world, a_round(state=RoundState.PLANNED, opened_at=None))
    with pytest.raises(RoundNotOpen) as refused:
        await world.do(submit_report, LENA, ROUND, GLASS)
    assert refused.value.opens_at == a_round().opens_at
    assert await stored(world) is None


async def test_the_latest_round_is_answered_when_none_is_named(world: World) -> None:
    await answering(world)
    assert (await world.do(report_sheet, LENA)).round.id == ROUND


async def test_the_sheet_shows_the_last_rounds_levels_of_the_same_template(each_world: World) -> None:
    before = a_round(id="round6", number=6, meeting_id="meeting0", state=RoundState.CLOSED, closed_at=NOW)
    week = timedelta(days=7)
    earlier = a_meeting(id="meeting0", slot=(MEETING_AT - week).date(), starts_at=MEETING_AT - week)
    await answering(each_world, earlier, before)
    for who, level in ((LENA, 2), (OMAR, 3)):
        await each_world.do(submit_report, who, RoundId("round6"), a_form(an_answer(1, level)))
    sheet = await each_world.do(report_sheet, LENA, ROUND)
    assert sheet.last_levels == {1: 2.5}
