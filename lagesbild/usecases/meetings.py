"""Moving, cancelling and adding meetings; their rounds follow (A4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.calendar import is_occurrence
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotFound
from lagesbild.holidays import holiday_on
from lagesbild.ids import MeetingId, fresh
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.rounds import Meeting, MeetingState, Round, RoundState
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_group, own_group
from lagesbild.usecases.planning import MANY, coming_meetings, plan_for, plan_round, renumber, settings_of
from lagesbild.usecases.queueing import queue


class HolidayAnswer(StrEnum):
    """What the coordinator says about a meeting on a holiday."""

    KEEP = "keep"
    CANCEL = "cancel"
    MOVE = "move"


@dataclass(frozen=True)
class PlannedMeeting:
    """A meeting with its round; no round if it is cancelled or waits for an answer about its holiday."""

    meeting: Meeting
    round: Round | None


@dataclass(frozen=True)
class Changed:
    """A changed meeting: how it was (None if it is new), how it is, its round, and how many that were already prompted
    are told."""

    group: Group
    before: Meeting | None
    meeting: Meeting
    round: Round | None
    told: int = 0


async def list_meetings(work: Work, actor: Member, limit: int = 8) -> tuple[PlannedMeeting, ...]:
    """The coming meetings, cancelled ones too, by start."""
    require(actor, Act.SEE_MEETINGS)
    meetings = await work.store.meetings.list_by_group(actor.group_id, after=work.clock.now(), limit=limit)
    return tuple([PlannedMeeting(m, await work.store.rounds.get_by_meeting(m.id)) for m in meetings])


async def find_meeting(work: Work, actor: Member, day: date | None = None) -> Meeting:
    """The coming meeting on that day, or the next that is not cancelled; NotFound (`meeting`) if there is none."""
    require(actor, Act.SEE_MEETINGS)
    schedule = settings_of(await own_group(work, actor)).schedule
    for meeting in await work.store.meetings.list_by_group(
        actor.group_id, after=work.clock.now(), limit=MANY
    ):
        if day is None and meeting.state is not MeetingState.CANCELLED:
            return meeting
        if day is not None and day in (schedule.local_day(meeting.starts_at), meeting.slot):
            return meeting
    raise NotFound("meeting", str(day or "next"))


async def move_meeting(work: Work, actor: Member, meeting_id: MeetingId, starts_at: datetime) -> Changed:
    """Move a coming meeting (UTC). Its planned round follows; an open one gets a new deadline and reminders (A4).

    Invalid (`starts_at`: `past`, `taken`). Moving a cancelled or questioned meeting makes it take place.
    """
    require(actor, Act.PLAN_MEETINGS)
    group = await held_group(work, actor)
    meeting = await _coming(work, actor, meeting_id)
    if meeting.starts_at == starts_at and meeting.state is MeetingState.PLANNED:
        return Changed(group, meeting, meeting, await work.store.rounds.get_by_meeting(meeting.id))
    await _check_free(work, group, starts_at, meeting)
    day = settings_of(group).schedule.local_day(starts_at)
    moved = replace(meeting, starts_at=starts_at, state=MeetingState.PLANNED, holiday=holiday_on(day))
    return await _change(work, actor, group, meeting, moved, action=AuditAction.MOVE_MEETING)


async def move_next(work: Work, actor: Member, starts_at: datetime) -> Changed:
    """Move the next meeting (`möte flytta`). One that is at that time already stays, and no other is moved in its place:
    the line came twice."""
    require(actor, Act.PLAN_MEETINGS)
    coming = await work.store.meetings.list_by_group(actor.group_id, after=work.clock.now(), limit=MANY)
    there = (one for one in coming if one.starts_at == starts_at and one.state is MeetingState.PLANNED)
    moving = next(there, None) or await find_meeting(work, actor)
    return await move_meeting(work, actor, moving.id, starts_at)


async def cancel_meeting(work: Work, actor: Member, meeting_id: MeetingId) -> Changed:
    """Cancel a coming meeting. What was answered stays: an open round closes at its deadline without reminders,
    and its picture can be compiled; a round that is not open is dropped (A4).
    """
    require(actor, Act.PLAN_MEETINGS)
    group = await held_group(work, actor)
    meeting = await _coming(work, actor, meeting_id)
    if meeting.state is MeetingState.CANCELLED:
        return Changed(group, meeting, meeting, await work.store.rounds.get_by_meeting(meeting.id))
    cancelled = replace(meeting, state=MeetingState.CANCELLED)
    return await _change(work, actor, group, meeting, cancelled, action=AuditAction.CANCEL_MEETING)


async def restore_meeting(work: Work, actor: Member, meeting_id: MeetingId) -> Changed:
    """Let a cancelled meeting take place after all, on the day and time it had."""
    require(actor, Act.PLAN_MEETINGS)
    group = await held_group(work, actor)
    meeting = await _coming(work, actor, meeting_id)
    if meeting.state is not MeetingState.CANCELLED:
        return Changed(group, meeting, meeting, await work.store.rounds.get_by_meeting(meeting.id))
    await _check_free(work, group, meeting.starts_at, meeting)
    restored = replace(meeting, state=MeetingState.PLANNED)
    return await _change(work, actor, group, meeting, restored, action=AuditAction.RESTORE_MEETING)


async def add_meeting(work: Work, actor: Member, starts_at: datetime) -> Changed:
    """An extra meeting with a round of its own; a cancelled one of that day is taken up again instead.

    Invalid (`starts_at`: `past`, `taken`).
    """
    require(actor, Act.PLAN_MEETINGS)
    group = await held_group(work, actor)
    await _check_free(work, group, starts_at, None)
    day = settings_of(group).schedule.local_day(starts_at)
    known = await work.store.meetings.get_by_slot(group.id, day)
    if known is not None and known.state is MeetingState.CANCELLED:
        return await move_meeting(work, actor, known.id, starts_at)
    slot = await _free_slot(work, group, day)
    extra = Meeting(MeetingId(fresh()), group.id, slot, starts_at, holiday=holiday_on(day))
    return await _change(work, actor, group, None, extra, action=AuditAction.ADD_MEETING)


async def answer_holiday(
    work: Work, actor: Member, meeting_id: MeetingId, answer: HolidayAnswer, starts_at: datetime | None = None
) -> Changed:
    """Keep, cancel or move a meeting that falls on a holiday; `starts_at` goes with `move`, else Invalid (`starts_at`)."""
    require(actor, Act.PLAN_MEETINGS)
    if answer is HolidayAnswer.CANCEL:
        return await cancel_meeting(work, actor, meeting_id)
    if answer is HolidayAnswer.MOVE:
        if starts_at is None:
            raise Invalid("starts_at", "empty")
        return await move_meeting(work, actor, meeting_id, starts_at)
    group = await held_group(work, actor)
    meeting = await _coming(work, actor, meeting_id)
    if meeting.state is MeetingState.PLANNED:
        return Changed(group, meeting, meeting, await work.store.rounds.get_by_meeting(meeting.id))
    kept = replace(meeting, state=MeetingState.PLANNED)
    return await _change(work, actor, group, meeting, kept, action=AuditAction.KEEP_HOLIDAY_MEETING)


async def _change(
    work: Work, actor: Member, group: Group, before: Meeting | None, meeting: Meeting, *, action: AuditAction
) -> Changed:
    await work.store.meetings.save(meeting)
    await record(work, group.id, actor, action, f"meeting:{meeting.id}")
    round_ = await plan_round(work, group, meeting)
    told = 0
    if round_ is not None and round_.state is RoundState.OPEN:
        round_ = await work.store.rounds.get(round_.id) or round_  # answers may be writing to it
        round_ = await _follow(work, group, meeting, round_)
    if round_ is not None and round_.state is not RoundState.PLANNED:
        told = await _tell(work, actor, meeting, round_)
    await renumber(work, group)
    current = await work.store.rounds.get_by_meeting(meeting.id)
    return Changed(group, before, meeting, current, told)


async def _follow(work: Work, group: Group, meeting: Meeting, round_: Round) -> Round:
    """The open round of a changed meeting: without reminders if cancelled, else as planned from its new time."""
    if meeting.state is MeetingState.CANCELLED:
        changed = replace(round_, remind_at=())
    else:
        plan = plan_for(group, meeting, work.clock.now())
        changed = replace(round_, remind_at=plan.remind_at, deadline=plan.deadline)
    if changed != round_:
        await work.store.rounds.save(changed)
    return changed


async def _tell(work: Work, actor: Member, meeting: Meeting, round_: Round) -> int:
    """One message to each who was prompted for the meeting, but for the one who changed it."""
    kind, moment = DeliveryKind.MEETING_CHANGED, int(work.clock.now().timestamp())
    told = 0
    for prompt in await work.store.deliveries.list_by_round(round_.id, (DeliveryKind.PROMPT,)):
        if prompt.member_id is not None and prompt.member_id != actor.id:
            to, ids = prompt.member_id, (meeting.id, moment, prompt.member_id)
            told += await queue(
                work, kind, meeting.group_id, *ids, to=to, round_id=round_.id, subject=meeting.id
            )
    return told


async def _coming(work: Work, actor: Member, meeting_id: MeetingId) -> Meeting:
    """That meeting of the actor's group; Invalid (`meeting`, `past`) once it has begun."""
    meeting = await work.store.meetings.get(meeting_id)
    if meeting is None or meeting.group_id != actor.group_id:
        raise NotFound("meeting", meeting_id)
    if meeting.starts_at <= work.clock.now():
        raise Invalid("meeting", "past")
    return meeting


async def _check_free(work: Work, group: Group, starts_at: datetime, moving: Meeting | None) -> None:
    now = work.clock.now()
    if starts_at <= now:
        raise Invalid("starts_at", "past")
    schedule = settings_of(group).schedule
    day = schedule.local_day(starts_at)
    for other in await coming_meetings(work, group, now):
        itself = moving is not None and other.id == moving.id
        if (
            not itself
            and other.state is not MeetingState.CANCELLED
            and schedule.local_day(other.starts_at) == day
        ):
            raise Invalid("starts_at", "taken", day=day)


async def _free_slot(work: Work, group: Group, day: date) -> date:
    """The day itself, unless its own meeting was moved away: then a day before it that the rhythm never gives."""
    schedule = settings_of(group).schedule
    slot = day
    while await work.store.meetings.get_by_slot(group.id, slot) is not None or (
        slot != day and is_occurrence(schedule, slot)
    ):
        slot -= timedelta(days=1)
    return slot
