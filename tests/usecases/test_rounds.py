"""What the coordinator does with rounds by hand: open, close, open again, remind (A4, A7)."""

from __future__ import annotations

import pytest

from lagesbild.errors import Invalid, NoRound, NotAllowed, RoundNotOpen
from lagesbild.rounds import RoundState
from lagesbild.usecases.asking import Reason
from lagesbild.usecases.finding import pick_round
from lagesbild.usecases.rounds import close_round, open_round, remind_silent, reopen_round
from tests.samples import GROUP_ID, a_member, a_report
from tests.usecases.planned import (
    DEADLINE,
    KARIN,
    LENA,
    OPENING,
    PREVIEW,
    PROMPT,
    REMINDER,
    a_planned_group,
    an_open_round,
)
from tests.usecases.world import World, local


async def test_opening_by_hand_opens_the_next_ahead_of_time_and_says_who_was_not_asked(world: World) -> None:
    no = a_member("Nej Tack", id="no", prompted=False)
    await a_planned_group(world, no)
    opened = await world.do(open_round, KARIN)
    assert {m.id for m in opened.prompted} == {"karin", "lena", "omar"}
    assert [(s.member.id, s.reason) for s in opened.skipped] == [("no", Reason.OPTED_OUT)]
    again = await world.do(open_round, KARIN)
    assert (again.already, again.round.id, again.prompted) == (True, opened.round.id, ())
    await world.tick(OPENING)
    assert len(await world.sent(PROMPT)) == 3


async def test_another_round_is_not_opened_beside_the_open_one(world: World) -> None:
    await a_planned_group(world)
    await world.do(open_round, KARIN)
    with pytest.raises(Invalid) as refused:
        await world.do(open_round, KARIN, 2)
    assert (refused.value.reason, refused.value.facts) == ("other_open", {"number": 1})


async def test_a_round_opened_out_of_turn_takes_the_next_number(each_world: World) -> None:
    await a_planned_group(each_world)
    second = await each_world.round(2)
    opened = await each_world.do(open_round, KARIN, 2)
    assert (opened.round.id, opened.round.number) == (second.id, 1)
    numbers = [one.number for one in await each_world.rounds()]
    assert numbers == sorted(set(numbers))


async def test_closing_by_hand_and_opening_again_lets_people_answer_until_the_deadline(
    each_world: World,
) -> None:
    await an_open_round(each_world)
    each_world.at("2025-03-11 10:00")
    closed = await each_world.do(close_round, KARIN)
    assert closed.state is RoundState.CLOSED
    assert (await each_world.do(close_round, KARIN)) == closed
    opened = await each_world.do(reopen_round, KARIN)
    assert (opened.round.state, opened.round.deadline) == (RoundState.OPEN, local(DEADLINE))
    await each_world.tick(DEADLINE)
    assert await each_world.receivers(PREVIEW) == ["dag", "dag", "karin", "karin"]


async def test_opening_after_the_meeting_gives_another_day(world: World) -> None:
    await an_open_round(world)
    await world.tick(DEADLINE)
    world.at("2025-03-14 10:00")
    opened = await world.do(open_round, KARIN, 1)
    assert opened.round.deadline == local("2025-03-15 10:00")


async def test_reminding_by_hand_says_who_was_reminded_and_who_not_and_why(world: World) -> None:
    quiet = a_member("Tyst Tyra", id="quiet", reminded=False)
    paper = a_member("Per Papper", id="paper", user_id=None)
    await an_open_round(world, quiet, paper)
    await world.has(a_report(LENA, round_id=(await world.round(1)).id))
    world.at("2025-03-10 10:00")
    done = await world.do(remind_silent, KARIN)
    assert [m.id for m in done.reminded] == ["karin", "omar"]
    assert {s.member.id: s.reason for s in done.skipped} == {
        "lena": Reason.ANSWERED,
        "quiet": Reason.NO_REMINDERS,
        "paper": Reason.WITHOUT_TEAMS,
    }


async def test_nobody_is_reminded_twice_within_an_hour(world: World) -> None:
    await an_open_round(world)
    world.at("2025-03-10 10:00")
    await world.do(remind_silent, KARIN)
    world.at("2025-03-10 10:59")
    again = await world.do(remind_silent, KARIN)
    assert again.reminded == ()
    assert {s.reason for s in again.skipped} == {Reason.RECENT}
    world.at("2025-03-10 11:00")
    assert len((await world.do(remind_silent, KARIN)).reminded) == 3


async def test_the_clock_does_not_remind_right_after_the_coordinator(world: World) -> None:
    await an_open_round(world)
    world.at("2025-03-12 12:30")
    await world.do(remind_silent, KARIN)
    for minute in ("13:00", "13:31", "15:00"):
        await world.tick(f"2025-03-12 {minute}")
    assert len(await world.sent(REMINDER)) == 3


async def test_a_closed_round_cannot_be_reminded_of(world: World) -> None:
    await an_open_round(world)
    await world.tick(DEADLINE)
    with pytest.raises(RoundNotOpen):
        await world.do(remind_silent, KARIN)


async def test_a_reporter_runs_no_rounds(world: World) -> None:
    await a_planned_group(world)
    for use_case in (open_round, close_round, remind_silent, reopen_round):
        with pytest.raises(NotAllowed):
            await world.do(use_case, LENA)
    assert await world.sent() == []


async def test_the_current_round_is_the_open_one_else_the_latest_closed(world: World) -> None:
    await a_planned_group(world)
    with pytest.raises(NoRound):
        await world.do(pick_round, GROUP_ID)
    await world.tick(OPENING)
    assert (await world.do(pick_round, GROUP_ID)).number == 1
    await world.tick(DEADLINE)
    assert (await world.do(pick_round, GROUP_ID)).state is RoundState.CLOSED
