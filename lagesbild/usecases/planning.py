"""Keeping a group's meetings and rounds planned ahead of time (A4): what set-up, changes and the clock share.

A round exists for each coming meeting that takes place; a meeting that is cancelled or waits for a word about its
holiday has none. Planned rounds are numbered in the order they open, after those that opened already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lagesbild.audit import AuditAction
from lagesbild.calendar import (
    Occurrence,
    RoundPlan,
    Schedule,
    occurrences,
    occurrences_until,
    report_period,
    round_plan,
)
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import NotSetUp
from lagesbild.holidays import holiday_on
from lagesbild.ids import MeetingId, RoundId, fresh
from lagesbild.people import Group, Member, MemberState
from lagesbild.ports import Work
from lagesbild.rounds import Meeting, MeetingState, Round, RoundState
from lagesbild.templates import TemplateRef
from lagesbild.usecases.audit import record
from lagesbild.usecases.queueing import queue

AHEAD = 8
HORIZON = timedelta(days=92)
MANY = 400
SHORTEST_ROUND = timedelta(hours=1)
"""With less time than this left to the deadline, answers close when the meeting starts instead."""


@dataclass(frozen=True)
class Settings:
    """What a group must have before anything can be planned."""

    schedule: Schedule
    template: TemplateRef


def settings_of(group: Group) -> Settings:
    """The group's schedule and template; NotSetUp without them."""
    if group.schedule is None or group.template is None:
        raise NotSetUp
    return Settings(group.schedule, group.template)


async def plan_group(work: Work, group: Group, now: datetime) -> tuple[Meeting, ...]:
    """Add the meetings that are missing, eight ahead and three months ahead at least, with their rounds.

    Returns the new ones. Meetings on a holiday are asked about instead of planned.
    """
    coming = await coming_meetings(work, group, now)
    ahead = _ahead(settings_of(group).schedule, now)
    missing = [occurrence for occurrence in ahead if await _is_free(work, group, occurrence, coming)]
    added = [await _add(work, group, occurrence) for occurrence in missing]
    for meeting in (*coming, *added):
        await plan_round(work, group, meeting)
    await renumber(work, group)
    return tuple(added)


async def coming_meetings(work: Work, group: Group, now: datetime) -> Sequence[Meeting]:
    """All meetings from now on, cancelled ones too, by start."""
    return await work.store.meetings.list_by_group(group.id, after=now, limit=MANY)


async def plan_round(work: Work, group: Group, meeting: Meeting) -> Round | None:
    """Give a meeting that takes place its round, or bring the round that has not opened in line; None if it has none."""
    round_ = await work.store.rounds.get_by_meeting(meeting.id)
    if round_ is not None and round_.state is not RoundState.PLANNED:
        return round_
    if meeting.state is not MeetingState.PLANNED:
        if round_ is not None:
            await work.store.rounds.remove(round_)
        return None
    planned = await _fresh_round(work, group, meeting, round_)
    if planned != round_:
        await work.store.rounds.save(planned)
    return planned


async def renumber(work: Work, group: Group) -> None:
    """Number planned rounds in the order they open, following the last that opened."""
    opened = await work.store.rounds.list_by_group(group.id, 1)
    planned = await work.store.rounds.list_planned(group.id)
    first = (opened[0].number if opened else 0) + 1
    wrong = [
        (round_, number) for number, round_ in enumerate(_in_order(planned), first) if round_.number != number
    ]
    # Two steps: numbers are unique within a group, so nobody may be given one that another still has.
    aside = max((round_.number for round_ in planned), default=0) + len(planned) + first
    for offset, (round_, _) in enumerate(wrong):
        await work.store.rounds.save(replace(round_, number=aside + offset))
    for round_, number in wrong:
        await work.store.rounds.save(replace(round_, number=number))


def plan_for(group: Group, meeting: Meeting, now: datetime) -> RoundPlan:
    """The meeting's plan as it can still be kept: reminders to come, and a deadline that leaves time to answer."""
    plan = round_plan(settings_of(group).schedule, meeting.starts_at)
    deadline = usable_deadline(plan.deadline, meeting, now)
    return RoundPlan(plan.opens_at, tuple(at for at in plan.remind_at if now < at < deadline), deadline)


def usable_deadline(deadline: datetime, meeting: Meeting, now: datetime) -> datetime:
    """The deadline, or the start of the meeting when the deadline is past or nearly so."""
    return deadline if deadline - now >= SHORTEST_ROUND else max(deadline, meeting.starts_at)


async def leaders(work: Work, group: Group) -> tuple[Member, ...]:
    """The active coordinators and deputies that the bot can write to."""
    members = await work.store.members.list_by_group(group.id)
    return tuple(m for m in members if m.leads and m.state is MemberState.ACTIVE and m.user_id is not None)


async def ask_about_holiday(work: Work, group: Group, meeting: Meeting, occasion: str) -> None:
    """Ask the coordinator and the deputy whether the meeting stands: once an occasion (`planned`, `due`)."""
    for leader in await leaders(work, group):
        ids = (meeting.id, occasion, leader.id)
        await queue(work, DeliveryKind.HOLIDAY, group.id, *ids, to=leader.id, subject=meeting.id)


def _ahead(schedule: Schedule, now: datetime) -> Sequence[Occurrence]:
    soon = occurrences_until(schedule, now, schedule.local_day(now + HORIZON))
    return soon if len(soon) >= AHEAD else occurrences(schedule, now, AHEAD)


async def _is_free(work: Work, group: Group, occurrence: Occurrence, coming: Sequence[Meeting]) -> bool:
    """Whether the recurrence's day has no meeting yet: its own, nor another that was put on that day by hand."""
    schedule = settings_of(group).schedule
    taken: set[date] = {
        schedule.local_day(m.starts_at) for m in coming if m.state is not MeetingState.CANCELLED
    }
    if occurrence.slot in taken:
        return False
    return await work.store.meetings.get_by_slot(group.id, occurrence.slot) is None


async def _add(work: Work, group: Group, occurrence: Occurrence) -> Meeting:
    holiday = holiday_on(occurrence.slot)
    meeting = Meeting(
        id=MeetingId(fresh()),
        group_id=group.id,
        slot=occurrence.slot,
        starts_at=occurrence.starts_at,
        state=MeetingState.QUESTIONED if holiday else MeetingState.PLANNED,
        holiday=holiday,
    )
    await work.store.meetings.save(meeting)
    await record(work, group.id, None, AuditAction.PLAN_MEETING, f"meeting:{meeting.id}")
    if holiday:
        await ask_about_holiday(work, group, meeting, "planned")
    return meeting


async def _fresh_round(work: Work, group: Group, meeting: Meeting, known: Round | None) -> Round:
    settings = settings_of(group)
    plan = round_plan(settings.schedule, meeting.starts_at)
    day = settings.schedule.local_day(meeting.starts_at)
    first, last = report_period(work.templates.get(settings.template), day)
    return Round(
        id=known.id if known else RoundId(fresh()),
        group_id=group.id,
        meeting_id=meeting.id,
        number=known.number if known else await work.store.rounds.next_number(group.id),
        template=settings.template,
        state=RoundState.PLANNED,
        opens_at=plan.opens_at,
        remind_at=plan.remind_at,
        deadline=plan.deadline,
        period_first=first,
        period_last=last,
    )


def _in_order(rounds: Sequence[Round]) -> list[Round]:
    return sorted(rounds, key=lambda round_: (round_.deadline, round_.id))
