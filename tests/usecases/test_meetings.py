"""Moved, cancelled and added meetings take their rounds with them, and nothing that was answered is lost (A4)."""

from __future__ import annotations

from datetime import date

import pytest

from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.ids import MeetingId
from lagesbild.rounds import Meeting, MeetingState, RoundState
from lagesbild.usecases.meetings import (
    HolidayAnswer,
    add_meeting,
    answer_holiday,
    cancel_meeting,
    find_meeting,
    list_meetings,
    move_meeting,
    restore_meeting,
)
from lagesbild.usecases.pictures import review_picture
from tests.samples import a_coordinator, a_group, a_member, a_report, a_schedule, an_answer
from tests.usecases.world import World, local

KARIN = a_coordinator(id="karin")
LENA = a_member("Lena Holm", id="lena")
CHANGED = DeliveryKind.MEETING_CHANGED


async def _planned(world: World, **changes: object) -> Meeting:
    """Meetings every second Thursday at 13.00; today is Thursday 6 March."""
    world.at("2025-03-06 12:00")
    await world.has(a_group(**changes), KARIN, LENA)
    await world.plan()
    return (await world.meetings())[0]


async def test_a_planned_round_follows_its_moved_meeting(world: World) -> None:
    meeting = await _planned(world)
    changed = await world.do(move_meeting, KARIN, meeting.id, local("2025-03-18 14:00"))
    assert changed.round is not None
    assert (changed.round.opens_at, changed.round.deadline) == (
        local("2025-03-14 14:00"),
        local("2025-03-18 10:00"),
    )
    assert (changed.round.period_first, changed.round.period_last) == (date(2025, 3, 4), date(2025, 3, 17))
    assert (changed.meeting.slot, changed.told) == (date(2025, 3, 13), 0)
    assert "move meeting" in await world.actions()


async def test_a_moved_meeting_is_not_planned_again_on_its_old_day(world: World) -> None:
    meeting = await _planned(world)
    await world.do(move_meeting, KARIN, meeting.id, local("2025-03-18 14:00"))
    assert await world.plan() == 0


async def test_an_open_round_gets_a_new_deadline_and_everybody_prompted_is_told_once(
    each_world: World,
) -> None:
    meeting = await _planned(each_world)
    await each_world.tick("2025-03-07 08:00")
    each_world.at("2025-03-10 09:00")
    to = local("2025-03-14 13:00")
    changed = await each_world.do(move_meeting, KARIN, meeting.id, to)
    await each_world.do(move_meeting, KARIN, meeting.id, to)
    assert changed.round is not None
    assert (changed.round.state, changed.round.deadline) == (RoundState.OPEN, local("2025-03-14 09:00"))
    assert changed.round.remind_at == (local("2025-03-13 13:00"),)
    assert await each_world.receivers(CHANGED) == ["lena"]


async def test_a_reminder_that_was_sent_does_not_stop_that_of_the_new_time(world: World) -> None:
    meeting = await _planned(world)
    await world.tick("2025-03-07 08:00")
    await world.tick("2025-03-12 13:00")
    await world.do(move_meeting, KARIN, meeting.id, local("2025-03-20 13:00"))
    await world.tick("2025-03-12 13:01")
    assert len(await world.sent(DeliveryKind.REMINDER)) == 2
    await world.tick("2025-03-19 13:00")
    assert len(await world.sent(DeliveryKind.REMINDER)) == 4


async def test_moved_so_near_that_the_deadline_is_past_answers_close_at_the_meeting(world: World) -> None:
    meeting = await _planned(world)
    await world.tick("2025-03-07 08:00")
    world.at("2025-03-10 09:00")
    changed = await world.do(move_meeting, KARIN, meeting.id, local("2025-03-10 11:00"))
    assert changed.round is not None
    assert changed.round.deadline == local("2025-03-10 11:00")


@pytest.mark.parametrize(("to", "reason"), [("2025-03-06 11:59", "past"), ("2025-03-27 08:00", "taken")])
async def test_a_meeting_moves_neither_to_the_past_nor_onto_another(
    world: World, to: str, reason: str
) -> None:
    meeting = await _planned(world)
    with pytest.raises(Invalid) as refused:
        await world.do(move_meeting, KARIN, meeting.id, local(to))
    assert (refused.value.field, refused.value.reason) == ("starts_at", reason)
    assert (await world.meetings())[0] == meeting


async def test_a_cancelled_meeting_has_no_round_and_the_numbers_close_up(world: World) -> None:
    meeting = await _planned(world)
    second = (await world.round(2)).id
    changed = await world.do(cancel_meeting, KARIN, meeting.id)
    assert (changed.meeting.state, changed.round) == (MeetingState.CANCELLED, None)
    assert (await world.round(1)).id == second
    await world.tick("2025-03-07 08:00")
    assert await world.sent() == []


async def test_a_restored_meeting_has_its_round_back(each_world: World) -> None:
    meeting = await _planned(each_world)
    await each_world.do(cancel_meeting, KARIN, meeting.id)
    changed = await each_world.do(restore_meeting, KARIN, meeting.id)
    assert changed.round is not None
    assert (changed.meeting.state, changed.round.number) == (MeetingState.PLANNED, 1)
    assert [one.number for one in await each_world.rounds()] == list(range(1, 9))


async def test_the_picture_survives_a_cancelled_meeting(each_world: World) -> None:
    meeting = await _planned(each_world)
    await each_world.tick("2025-03-07 08:00")
    opened = await each_world.round(1)
    await each_world.has(a_report(LENA, an_answer(1, 4, "Krossade rutor"), round_id=opened.id))
    each_world.at("2025-03-10 09:00")
    changed = await each_world.do(cancel_meeting, KARIN, meeting.id)
    assert changed.told == 1
    await each_world.has(a_member("Ny Person", id="new"))
    for at in ("2025-03-12 13:00", "2025-03-13 09:00"):
        await each_world.tick(at)
    assert await each_world.sent(DeliveryKind.REMINDER) == []
    assert await each_world.receivers(DeliveryKind.PROMPT) == ["karin", "lena"]
    review = await each_world.do(review_picture, KARIN)
    assert (review.round.id, review.round.state, review.picture.answered) == (opened.id, RoundState.CLOSED, 1)


async def test_a_meeting_cancelled_and_restored_while_open_reminds_after_all(world: World) -> None:
    meeting = await _planned(world)
    await world.tick("2025-03-07 08:00")
    world.at("2025-03-10 09:00")
    await world.do(cancel_meeting, KARIN, meeting.id)
    world.at("2025-03-10 09:30")
    changed = await world.do(restore_meeting, KARIN, meeting.id)
    assert changed.round is not None
    assert changed.round.remind_at == (local("2025-03-12 13:00"),)
    assert len(await world.sent(CHANGED)) == 2


async def test_an_extra_meeting_has_a_round_numbered_in_its_order(each_world: World) -> None:
    await _planned(each_world)
    changed = await each_world.do(add_meeting, KARIN, local("2025-03-20 10:00"))
    assert changed.round is not None
    assert changed.round.number == 2
    assert [one.number for one in await each_world.rounds()] == list(range(1, 10))
    with pytest.raises(Invalid, match="starts_at: taken"):
        await each_world.do(add_meeting, KARIN, local("2025-03-20 15:00"))


async def test_an_extra_meeting_on_a_cancelled_ones_day_takes_that_up_again(world: World) -> None:
    meeting = await _planned(world)
    await world.do(cancel_meeting, KARIN, meeting.id)
    changed = await world.do(add_meeting, KARIN, local("2025-03-13 15:00"))
    assert (changed.meeting.id, changed.meeting.state) == (meeting.id, MeetingState.PLANNED)


async def test_an_extra_meeting_fits_on_the_day_that_another_was_moved_from(world: World) -> None:
    meeting = await _planned(world)
    await world.do(move_meeting, KARIN, meeting.id, local("2025-03-14 13:00"))
    changed = await world.do(add_meeting, KARIN, local("2025-03-13 15:00"))
    assert changed.meeting.starts_at == local("2025-03-13 15:00")
    assert await world.plan() == 0


async def test_the_coordinator_keeps_cancels_or_moves_a_holiday_meeting(world: World) -> None:
    meeting = await _planned(
        world, schedule=a_schedule(first=date(2025, 5, 1), rule="FREQ=WEEKLY;INTERVAL=6")
    )
    assert (meeting.state, meeting.holiday) == (MeetingState.QUESTIONED, "Första maj")
    kept = await world.do(answer_holiday, KARIN, meeting.id, HolidayAnswer.KEEP)
    assert kept.meeting.state is MeetingState.PLANNED
    assert kept.round is not None
    assert kept.round.number == 1
    cancelled = await world.do(answer_holiday, KARIN, meeting.id, HolidayAnswer.CANCEL)
    assert (cancelled.meeting.state, cancelled.round) == (MeetingState.CANCELLED, None)
    to = local("2025-04-30 13:00")
    moved = await world.do(answer_holiday, KARIN, meeting.id, HolidayAnswer.MOVE, to)
    assert (moved.meeting.state, moved.meeting.starts_at, moved.meeting.holiday) == (
        MeetingState.PLANNED,
        to,
        None,
    )
    with pytest.raises(Invalid, match="starts_at: empty"):
        await world.do(answer_holiday, KARIN, meeting.id, HolidayAnswer.MOVE)


async def test_a_meeting_is_found_by_its_day_or_as_the_next(world: World) -> None:
    meeting = await _planned(world)
    assert await world.do(find_meeting, KARIN) == meeting
    assert (await world.do(find_meeting, LENA, date(2025, 3, 27))).slot == date(2025, 3, 27)
    await world.do(cancel_meeting, KARIN, meeting.id)
    assert (await world.do(find_meeting, KARIN)).slot == date(2025, 3, 27)
    with pytest.raises(NotFound):
        await world.do(find_meeting, KARIN, date(2025, 3, 14))


async def test_everybody_sees_the_meetings_and_leaders_alone_change_them(world: World) -> None:
    meeting = await _planned(world)
    listed = await world.do(list_meetings, LENA, 3)
    assert [one.round.number for one in listed if one.round] == [1, 2, 3]
    for change in (cancel_meeting, restore_meeting):
        with pytest.raises(NotAllowed):
            await world.do(change, LENA, meeting.id)
    with pytest.raises(NotAllowed):
        await world.do(move_meeting, LENA, meeting.id, local("2025-03-18 14:00"))


async def test_what_has_begun_or_belongs_to_others_is_not_changed(world: World) -> None:
    meeting = await _planned(world)
    with pytest.raises(NotFound):
        await world.do(cancel_meeting, a_coordinator(group_id="other"), meeting.id)
    with pytest.raises(NotFound):
        await world.do(cancel_meeting, KARIN, MeetingId("none"))
    world.at("2025-03-13 13:00")
    with pytest.raises(Invalid, match="meeting: past"):
        await world.do(cancel_meeting, KARIN, meeting.id)
