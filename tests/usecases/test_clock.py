"""The clock plans, opens, prompts, reminds and closes, once each, however it ticks (A4, A7, F4)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from lagesbild.deliveries import DeliveryKind, DeliveryState
from lagesbild.people import GroupState, Role
from lagesbild.rounds import MeetingState, RoundState
from lagesbild.templates import TemplateRef
from lagesbild.usecases.absences import end_absences
from tests.samples import a_group, a_member, a_report, a_schedule, an_absence
from tests.usecases.planned import (
    DEADLINE,
    LENA,
    OPENING,
    PREVIEW,
    PROMPT,
    REMINDER,
    REMINDING,
    a_planned_group,
    an_open_round,
)
from tests.usecases.world import World, local


async def test_nothing_happens_before_the_time(world: World) -> None:
    await a_planned_group(world)
    await world.tick("2025-03-07 07:59")
    assert (await world.round(1)).state is RoundState.PLANNED
    assert await world.sent() == []


async def test_opening_prompts_everybody_who_reports(world: World) -> None:
    await an_open_round(world)
    assert (await world.round(1)).state is RoundState.OPEN
    assert await world.receivers(PROMPT) == ["karin", "lena", "omar"]
    assert [d.key for d in await world.sent(PROMPT)][1] == f"prompt:{(await world.round(1)).id}:lena"


async def test_a_repeated_tick_changes_nothing(each_world: World) -> None:
    await an_open_round(each_world)
    before = await each_world.sent(), await each_world.actions()
    assert await each_world.tick(OPENING) == 0
    assert (await each_world.sent(), await each_world.actions()) == before


async def test_those_who_said_no_are_away_or_lack_teams_are_not_prompted(world: World) -> None:
    no = a_member("Nej Tack", id="no", prompted=False)
    away = a_member("Åsa Borta", id="away")
    paper = a_member("Per Papper", id="paper", user_id=None)
    pending = a_member("Vera Väntar", "Skolan", Role.COUNCIL, id="council")
    await an_open_round(
        world, no, away, paper, pending, an_absence(away, date(2025, 3, 7), date(2025, 3, 14))
    )
    assert await world.receivers(PROMPT) == ["karin", "lena", "omar"]


async def test_who_comes_back_or_joins_while_a_round_is_open_is_prompted_then(world: World) -> None:
    away = a_member("Åsa Borta", id="away")
    await an_open_round(world, away, an_absence(away, date(2025, 3, 5), date(2025, 3, 10)))
    await world.has(a_member("Ny Person", id="new"))
    await world.tick("2025-03-10 10:00")
    assert await world.receivers(PROMPT) == ["karin", "lena", "new", "omar"]
    await world.tick("2025-03-11 00:01")
    assert await world.receivers(PROMPT) == ["away", "karin", "lena", "new", "omar"]


async def test_who_ends_an_absence_early_is_prompted_the_same_day(world: World) -> None:
    away = a_member("Åsa Borta", id="away")
    await an_open_round(world, away, an_absence(away, date(2025, 3, 5), date(2025, 3, 30)))
    world.at("2025-03-10 09:00")
    await world.do(end_absences, away, date(2025, 3, 10))
    await world.tick("2025-03-10 09:01")
    assert "away" in await world.receivers(PROMPT)


async def test_only_the_silent_are_reminded_and_once(world: World) -> None:
    quiet = a_member("Tyst Tyra", id="quiet", reminded=False)
    await an_open_round(world, quiet)
    await world.has(a_report(LENA, round_id=(await world.round(1)).id))
    for minute in ("13:00", "13:01", "14:30"):
        await world.tick(f"2025-03-12 {minute}")
    assert await world.receivers(REMINDER) == ["karin", "omar"]


async def test_who_was_never_reached_is_not_reminded(world: World) -> None:
    await an_open_round(world)
    blocked = next(d for d in await world.sent(PROMPT) if d.member_id == "omar")
    await world.has(replace(blocked, state=DeliveryState.BLOCKED))
    await world.tick(REMINDING)
    assert await world.receivers(REMINDER) == ["karin", "lena"]


async def test_a_late_start_sends_no_stale_reminder_with_the_prompt(world: World) -> None:
    await a_planned_group(world)
    await world.tick("2025-03-12 15:00")
    await world.tick("2025-03-12 15:01")
    assert await world.receivers(PROMPT) == ["karin", "lena", "omar"]
    assert await world.receivers(REMINDER) == []


async def test_the_deadline_closes_and_shows_the_picture_to_those_who_lead(world: World) -> None:
    await an_open_round(world)
    await world.tick(DEADLINE)
    closed = await world.round(1)
    assert (closed.state, closed.closed_at) == (RoundState.CLOSED, local(DEADLINE))
    assert await world.receivers(PREVIEW) == ["dag", "karin"]


async def test_down_over_the_deadline_but_not_the_meeting_everybody_can_still_answer_in_time(
    world: World,
) -> None:
    await a_planned_group(world)
    await world.tick("2025-03-13 10:00")
    opened = await world.round(1)
    assert (opened.state, opened.deadline) == (RoundState.OPEN, local("2025-03-13 13:00"))
    assert len(await world.receivers(PROMPT)) == 3


async def test_down_over_the_meeting_nobody_is_asked_and_the_round_closes(world: World) -> None:
    await a_planned_group(world)
    await world.tick("2025-03-14 10:00")
    assert (await world.round(1)).state is RoundState.CLOSED
    assert await world.receivers(PROMPT) == []
    assert await world.receivers(PREVIEW) == ["dag", "karin"]


async def test_a_paused_group_is_left_alone(world: World) -> None:
    await a_planned_group(world)
    await world.has(a_group(state=GroupState.PAUSED))
    await world.tick(OPENING)
    assert await world.sent() == []


async def test_a_round_takes_the_template_of_the_day_it_opens_and_keeps_it(world: World) -> None:
    await a_planned_group(world)
    await world.has(a_group(template=TemplateRef("ludvika", 1)))
    await world.tick(OPENING)
    await world.has(a_group())
    await world.tick(DEADLINE)
    assert (await world.round(1)).template == TemplateRef("ludvika", 1)


async def _deliveries_ticking(world: World, minutes: int) -> list[tuple[str, str]]:
    await a_planned_group(world)
    world.at("2025-03-07 07:00")
    while world.time < local("2025-03-13 12:00"):
        await world.tick()
        world.time += timedelta(minutes=minutes)
    number = (await world.round(1)).id
    return [(d.kind.value, d.key.replace(number, "round").rpartition(":")[0]) for d in await world.sent()]


@pytest.mark.parametrize("minutes", [25, 45, 130])
async def test_however_often_the_clock_ticks_the_same_is_sent(world: World, minutes: int) -> None:
    sent = await _deliveries_ticking(world, minutes)
    kinds = [kind for kind, _ in sent]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"prompt": 3, "reminder": 3, "preview": 2}


async def test_ticking_every_minute_around_each_instant_sends_the_same(world: World) -> None:
    world = await a_planned_group(world)
    for start in (OPENING, REMINDING, DEADLINE):
        world.time = local(start) - timedelta(minutes=3)
        for _ in range(7):
            await world.tick()
            world.time += timedelta(minutes=1)
    sent = [d.kind.value for d in await world.sent()]
    assert {kind: sent.count(kind) for kind in set(sent)} == {"prompt": 3, "reminder": 3, "preview": 2}


async def test_the_wall_clock_rules_over_summer_time(world: World) -> None:
    schedule = a_schedule(first=date(2025, 4, 1), lead=timedelta(days=5), reminders=())
    await a_planned_group(world, schedule=schedule)
    # Tuesday 1 April 13.00 is summer time; Thursday 27 March, five days before, is not.
    await world.tick("2025-03-27 12:59")
    assert (await world.round(1)).state is RoundState.PLANNED
    await world.tick("2025-03-27 13:00")
    assert (await world.round(1)).state is RoundState.OPEN
    await world.tick("2025-04-01 08:59")
    assert (await world.round(1)).state is RoundState.OPEN
    await world.tick("2025-04-01 09:00")
    assert (await world.round(1)).state is RoundState.CLOSED


async def test_a_round_waits_until_the_one_before_it_has_closed(world: World) -> None:
    # A week ahead of 19.00 is too late in the day, so the next prompts would go at 08.00, before the deadline at 15.00.
    await a_planned_group(world, schedule=a_schedule(at=time(19), rule="FREQ=WEEKLY", lead=timedelta(days=7)))
    await world.tick("2025-03-06 19:30")
    await world.tick("2025-03-13 08:00")
    assert [one.state for one in await world.rounds()][:2] == [RoundState.OPEN, RoundState.PLANNED]
    await world.tick("2025-03-13 15:00")
    assert [one.state for one in await world.rounds()][:2] == [RoundState.CLOSED, RoundState.OPEN]


async def test_two_machines_ticking_at_once_send_once(each_world: World) -> None:
    await a_planned_group(each_world)
    for instant in (OPENING, REMINDING, DEADLINE):
        each_world.at(instant)
        await asyncio.gather(*(each_world.tick() for _ in range(4)))
    kinds = [one.kind for one in await each_world.sent()]
    assert [kinds.count(kind) for kind in (PROMPT, REMINDER, PREVIEW)] == [3, 3, 2]
    actions = await each_world.actions()
    assert (actions.count("open round"), actions.count("close round")) == (1, 1)


async def test_planning_again_changes_nothing(each_world: World) -> None:
    await a_planned_group(each_world)
    before = await each_world.rounds(), await each_world.meetings(), await each_world.actions()
    assert len(before[1]) == 8
    assert await each_world.plan() == 0
    assert (await each_world.rounds(), await each_world.meetings(), await each_world.actions()) == before


async def test_an_unanswered_holiday_meeting_is_asked_about_again_and_then_cancelled(world: World) -> None:
    await a_planned_group(world, schedule=a_schedule(first=date(2025, 5, 1), rule="FREQ=WEEKLY;INTERVAL=6"))
    assert (await world.meetings())[0].state is MeetingState.QUESTIONED
    assert await world.receivers(DeliveryKind.HOLIDAY) == ["dag", "karin"]
    world.at("2025-04-28 09:00")
    await world.plan()
    await world.plan()
    assert await world.receivers(DeliveryKind.HOLIDAY) == ["dag", "dag", "karin", "karin"]
    world.at("2025-05-01 10:00")
    await world.plan()
    assert (await world.meetings())[0].state is MeetingState.CANCELLED
    await world.tick()
    assert await world.sent(PROMPT) == []
