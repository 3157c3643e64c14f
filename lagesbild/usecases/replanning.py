"""A changed rhythm: meetings to come follow it, but for those that somebody has decided about (A4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lagesbild.audit import AuditAction
from lagesbild.calendar import Schedule, is_occurrence
from lagesbild.people import Group
from lagesbild.ports import Work
from lagesbild.rounds import Meeting, MeetingState, RoundState
from lagesbild.usecases.audit import record
from lagesbild.usecases.planning import coming_meetings, settings_of


async def replan(work: Work, group: Group, before: Schedule, now: datetime) -> None:
    """Bring coming meetings from the schedule `before` to the group's own.

    Kept as they are: meetings moved, cancelled or added by hand, and those whose round has opened. The others get
    the new time of day, or go when the new rhythm has no meeting that day. Missing ones are left to `plan_group`.
    """
    schedule = settings_of(group).schedule
    for meeting in await coming_meetings(work, group, now):
        if await _decided(work, meeting, before):
            continue
        if is_occurrence(schedule, meeting.slot):
            await work.store.meetings.save(replace(meeting, starts_at=schedule.instant(meeting.slot)))
        else:
            await work.store.meetings.remove(meeting)
            await record(work, group.id, None, AuditAction.REMOVE_MEETING, f"meeting:{meeting.id}")


async def _decided(work: Work, meeting: Meeting, before: Schedule) -> bool:
    by_hand = meeting.starts_at != before.instant(meeting.slot) or not is_occurrence(before, meeting.slot)
    if by_hand or meeting.state is MeetingState.CANCELLED:
        return True
    round_ = await work.store.rounds.get_by_meeting(meeting.id)
    return round_ is not None and round_.state is not RoundState.PLANNED
