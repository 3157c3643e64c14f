"""Noting what happened: stored at once, completed, taken back, and carried by the next report (A5, A10, A11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lagesbild.answering import MAX_COMMENT, ReportForm, SecrecyFound
from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.ids import ObservationId
from lagesbild.people import Role
from lagesbild.reports import Observation
from lagesbild.templates import Area
from lagesbild.usecases.notes import complete_note, note, remove_note
from lagesbild.usecases.reports import report_sheet, submit_report
from tests.samples import NOW, a_member, a_round, an_answer
from tests.usecases.reporting import KARIN, LENA, NUMBER, OMAR, ROUND, answering
from tests.usecases.world import World

WHOLE = "klotter vid Risbroskolan i går"
BARE = "konstigt ljud"


async def _kept(world: World, note_id: ObservationId) -> Observation | None:
    async with world.work() as work:
        return await work.store.observations.get(note_id)


async def _unreported(world: World) -> list[str]:
    async with world.work() as work:
        return [one.text for one in await work.store.observations.list_unreported(LENA.id)]


async def _comment(world: World, number: int) -> str:
    sheet = await world.do(report_sheet, LENA, ROUND)
    return sheet.answers[number].comment if number in sheet.answers else ""


async def test_a_line_is_stored_at_once_with_what_its_words_tell(each_world: World) -> None:
    await answering(each_world)
    noted = await each_world.do(note, LENA, f"  {WHOLE} ")
    assert (noted.asks_area, noted.asks_place, noted.asks_when) == (False, False, False)
    stored = await _kept(each_world, noted.observation.id)
    assert stored == noted.observation
    assert stored is not None
    assert (stored.text, stored.area, stored.place) == (WHOLE, Area.DISORDER, "Risbroskolan")
    assert (stored.seen_on, stored.noted_at) == (date(2025, 3, 10), NOW)
    assert await each_world.actions() == ["note"]


async def test_only_what_the_words_do_not_tell_is_asked_for(world: World) -> None:
    await answering(world)
    noted = await world.do(note, LENA, BARE)
    assert (noted.asks_area, noted.asks_place, noted.asks_when) == (True, True, True)
    noted = await world.do(note, LENA, "konstigt ljud vid Risbroskolan")
    assert (noted.asks_area, noted.asks_place, noted.asks_when) == (True, False, True)


async def test_what_was_asked_for_is_filled_in_and_the_rest_is_left(each_world: World) -> None:
    await answering(each_world)
    noted = await each_world.do(note, LENA, BARE)
    done = await each_world.do(complete_note, LENA, noted.observation.id, area=Area.YOUTH)
    assert not done.asks_area
    day = date(2025, 3, 9)
    await each_world.do(complete_note, LENA, noted.observation.id, place=" Hallen ", seen_on=day)
    stored = await _kept(each_world, noted.observation.id)
    assert stored is not None
    assert (stored.text, stored.area, stored.place, stored.seen_on) == (BARE, Area.YOUTH, "Hallen", day)
    assert await each_world.actions() == ["note", "complete note", "complete note"]
    await each_world.do(complete_note, LENA, noted.observation.id, place="Hallen")
    assert len(await each_world.actions()) == 3


async def test_a_place_of_blanks_is_no_place(world: World) -> None:
    await answering(world)
    noted = await world.do(note, LENA, BARE)
    done = await world.do(complete_note, LENA, noted.observation.id, place="   ")
    assert done.observation.place == ""


async def test_a_place_that_points_somebody_out_is_not_stored(world: World) -> None:
    await answering(world)
    noted = await world.do(note, LENA, BARE)
    with pytest.raises(SecrecyFound):
        await world.do(complete_note, LENA, noted.observation.id, place="hemma hos Anna Svensson")
    stored = await _kept(world, noted.observation.id)
    assert stored is not None
    assert stored.place == ""


@pytest.mark.parametrize(("words", "reason"), [("   ", "empty"), ("x" * (MAX_COMMENT + 1), "too_long")])
async def test_a_line_without_words_or_too_long_is_refused(world: World, words: str, reason: str) -> None:
    await answering(world)
    with pytest.raises(Invalid) as refused:
        await world.do(note, LENA, words)
    assert (refused.value.field, refused.value.reason) == ("note", reason)


async def test_what_the_guard_finds_in_a_note_is_not_stored(each_world: World) -> None:
    await answering(each_world)
    with pytest.raises(SecrecyFound):
        await each_world.do(note, LENA, f"bråk med {NUMBER}")
    assert await _unreported(each_world) == []
    assert await each_world.actions() == []


async def test_a_false_alarm_needs_a_reason_and_the_reason_goes_with_the_note(each_world: World) -> None:
    await answering(each_world)
    words = f"klotter i går, ärende {NUMBER}"
    with pytest.raises(SecrecyFound) as stopped:
        await each_world.do(note, LENA, words)
    shown = frozenset(one.fingerprint for one in stopped.value.caught)
    with pytest.raises(SecrecyFound) as stopped:
        await each_world.do(note, LENA, words, accepted=shown)
    assert stopped.value.reason_missing
    with pytest.raises(Invalid):
        await each_world.do(note, LENA, words, accepted=shown, reason="Fråga Anna Svensson")
    noted = await each_world.do(note, LENA, words, accepted=shown, reason=" ett ärendenummer ")
    stored = await _kept(each_world, noted.observation.id)
    assert stored is not None
    assert stored.reason == "ett ärendenummer"


async def test_a_note_is_taken_back_by_the_one_who_wrote_it(each_world: World) -> None:
    await answering(each_world)
    noted = await each_world.do(note, LENA, WHOLE)
    assert await each_world.do(remove_note, LENA, noted.observation.id) == noted.observation
    assert await _unreported(each_world) == []
    assert await each_world.actions() == ["note", "remove note"]
    with pytest.raises(NotFound):
        await each_world.do(remove_note, LENA, noted.observation.id)


async def test_nobody_else_touches_a_note_not_even_who_leads(each_world: World) -> None:
    await answering(each_world)
    noted = await each_world.do(note, LENA, BARE)
    for other in (OMAR, KARIN):
        with pytest.raises(NotFound):
            await each_world.do(remove_note, other, noted.observation.id)
        with pytest.raises(NotFound):
            await each_world.do(complete_note, other, noted.observation.id, place="Hallen")
    assert await _kept(each_world, noted.observation.id) == noted.observation


async def test_a_note_that_a_report_has_carried_is_neither_changed_nor_taken_back(world: World) -> None:
    await answering(world)
    noted = await world.do(note, LENA, WHOLE)
    await world.do(submit_report, LENA, ROUND, ReportForm((an_answer(1, comment=WHOLE),)))
    for use_case in (remove_note, complete_note):
        with pytest.raises(Invalid, match="reported"):
            await world.do(use_case, LENA, noted.observation.id)


async def test_who_does_not_report_takes_no_notes(world: World) -> None:
    council = a_member("Råd Rådh", "Lokala Brå", Role.COUNCIL, id="rad")
    await answering(world, council)
    with pytest.raises(NotAllowed):
        await world.do(note, council, WHOLE)


async def test_notes_stand_under_their_area_in_the_next_report(each_world: World) -> None:
    await answering(each_world)
    await each_world.do(note, LENA, WHOLE)
    await each_world.do(note, LENA, BARE)
    assert await _comment(each_world, 1) == f"{WHOLE} (10/3)"
    other = next(
        q.number for q in each_world.templates.get(a_round().template).questions if q.area is Area.OTHER
    )
    assert await _comment(each_world, other) == f"{BARE} (11/3)"
    sheet = await each_world.do(report_sheet, OMAR, ROUND)
    assert sheet.notes == ()


async def test_a_note_after_midnight_is_of_the_day_where_the_group_is(world: World) -> None:
    await answering(world)
    world.at("2025-03-12 00:30")
    await world.do(note, LENA, "klotter vid Risbroskolan")
    assert await _comment(world, 1) == "klotter vid Risbroskolan (12/3)"


async def test_a_note_is_added_to_what_the_draft_or_report_says_already_and_only_once(world: World) -> None:
    await answering(world)
    await world.do(submit_report, LENA, ROUND, ReportForm((an_answer(1, 3, "Glas på gångvägen"),)))
    world.time += timedelta(minutes=1)
    await world.do(note, LENA, WHOLE)
    both = f"Glas på gångvägen\n{WHOLE} (10/3)"
    assert await _comment(world, 1) == both
    never = NOW - timedelta(days=1)
    await world.do(submit_report, LENA, ROUND, ReportForm((an_answer(1, 3, both),), notes_until=never))
    assert await _comment(world, 1) == both


async def test_a_report_carries_the_notes_that_its_card_showed_and_not_those_typed_since(
    each_world: World,
) -> None:
    await answering(each_world)
    await each_world.do(note, LENA, WHOLE)
    made_at = each_world.time
    each_world.time += timedelta(minutes=1)
    await each_world.do(note, LENA, BARE)
    form = ReportForm((an_answer(1, comment=WHOLE),), notes_until=made_at)
    receipt = await each_world.do(submit_report, LENA, ROUND, form)
    assert [one.text for one in receipt.notes_left] == [BARE]
    assert await _unreported(each_world) == [BARE]
    await each_world.do(
        submit_report, LENA, ROUND, replace(form, answers=(an_answer(1, 2),), notes_until=None)
    )
    assert await _unreported(each_world) == []


async def test_a_stopped_report_leaves_the_notes_unreported(world: World) -> None:
    await answering(world)
    await world.do(note, LENA, WHOLE)
    with pytest.raises(SecrecyFound):
        await world.do(submit_report, LENA, ROUND, ReportForm((an_answer(1, comment=NUMBER),)))
    assert await _unreported(world) == [WHOLE]


async def test_an_answer_for_somebody_leaves_that_persons_notes_for_the_own_report(world: World) -> None:
    await answering(world)
    await world.do(note, LENA, WHOLE)
    await world.do(note, KARIN, BARE)
    form = ReportForm((an_answer(1, comment=WHOLE),))
    await world.do(submit_report, KARIN, ROUND, form, on_behalf_of=LENA.id)
    assert await _unreported(world) == [WHOLE]
    async with world.work() as work:
        assert len(await work.store.observations.list_unreported(KARIN.id)) == 1
