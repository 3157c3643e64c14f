"""The clock's work on rounds, and `öppna`, `stäng`, `påminn` (A4, A7, F4).

Every effect has a key made of domain ids, so a repeated tick, a restart or a second replica changes nothing.
A group has at most one open round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.calendar import round_plan
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NoRound, RoundNotOpen
from lagesbild.ids import GroupId, RoundId
from lagesbild.people import Group, GroupState, Member
from lagesbild.ports import Work
from lagesbild.rounds import Meeting, MeetingState, Round, RoundState
from lagesbild.usecases.asking import Reason, Skipped, asking, prompt_missing, remind
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_group, meeting_of, pick_round
from lagesbild.usecases.pictures import publish_due
from lagesbild.usecases.planning import (
    ask_about_holiday,
    coming_meetings,
    leaders,
    plan_group,
    renumber,
    settings_of,
    usable_deadline,
)
from lagesbild.usecases.queueing import queue

EXTENSION = timedelta(days=1)
"""How long a round that is opened again takes answers when its meeting has begun."""


@dataclass(frozen=True)
class Opened:
    """An open round: who was prompted now, who was not and why. `already` if it was open before."""

    round: Round
    meeting: Meeting
    prompted: tuple[Member, ...]
    skipped: tuple[Skipped, ...]
    already: bool = False


@dataclass(frozen=True)
class Reminded:
    """Whom a reminder goes to, and who gets none and why."""

    round: Round
    meeting: Meeting
    reminded: tuple[Member, ...]
    skipped: tuple[Skipped, ...]


async def plan_one(work: Work, group_id: GroupId, now: datetime) -> int:
    """Keep an active group's meetings and rounds planned; ask again about holidays when prompts would go (A4).

    Meant for every hour or so, each group in a transaction of its own. A holiday meeting that nobody has confirmed when
    it would start is cancelled. Returns how many meetings are new.
    """
    group = await work.store.groups.lock(group_id)
    if group is None or group.state is not GroupState.ACTIVE:
        return 0
    if group.schedule is None or group.template is None:
        return 0
    await _settle_holidays(work, group, now)
    return len(await plan_group(work, group, now))


async def due_rounds(work: Work, now: datetime) -> tuple[Round, ...]:
    """What the tick looks at, in its order: open rounds by their deadline first, so that one closes before the next opens."""
    due = await work.store.rounds.list_due(now)
    return tuple(sorted(due, key=lambda r: (r.state is RoundState.PLANNED, r.deadline, r.id)))


async def advance_round(work: Work, round_id: RoundId, now: datetime) -> bool:
    """The tick for one round, in a transaction of its own: open, prompt, remind or close it, if due. True if it opened
    or closed.

    A late tick opens once and sends no reminder older than the prompt; what is past its deadline closes.
    """
    group = await work.store.groups.lock_by_round(round_id)
    round_ = await work.store.rounds.get(round_id)
    if round_ is None or group is None:
        return False
    before = round_.state
    if round_.state is RoundState.PLANNED:
        round_ = await _open_if_due(work, group, round_, now)
    if round_.state is RoundState.OPEN and now < round_.deadline:
        await _ask(work, group, round_, now)
    elif round_.state is RoundState.OPEN:
        round_ = await _close(work, group, round_, None, now)
    return round_.state is not before


async def open_round(work: Work, actor: Member, number: int | None = None) -> Opened:
    """Open the next planned round now, or the numbered one; a closed one opens again (`öppna`).

    The round that is open already is answered as it is. NoRound if nothing is planned; Invalid (`number`,
    `other_open`) while another round is open.
    """
    require(actor, Act.RUN_ROUND)
    group = await held_group(work, actor)
    settings_of(group)
    wanted = await _wanted(work, group, number)
    open_ = await _open_one(work, group)
    if open_ is not None and open_.id != wanted.id:
        raise Invalid("number", "other_open", number=open_.number)
    if wanted.state is RoundState.CLOSED:
        return await reopen_round(work, actor, wanted.number)
    already = wanted.state is RoundState.OPEN
    now = work.clock.now()
    opened = wanted if already else await _open(work, group, wanted, actor, now)
    return await _opened(work, group, opened, now, already=already)


async def close_round(work: Work, actor: Member, number: int | None = None) -> Round:
    """Close the open round before its deadline (`stäng`); answers after that count as late. Closed is left as it is."""
    require(actor, Act.RUN_ROUND)
    group = await held_group(work, actor)
    round_ = await pick_round(work, group.id, number)
    if round_.state is RoundState.CLOSED:
        return round_
    return await _close(work, group, round_, actor, work.clock.now())


async def reopen_round(work: Work, actor: Member, number: int | None = None) -> Opened:
    """Take answers again without marking them late: until the deadline or the meeting if ahead, else for a day."""
    require(actor, Act.RUN_ROUND)
    group = await held_group(work, actor)
    round_ = await pick_round(work, group.id, number)
    now = work.clock.now()
    if round_.state is RoundState.OPEN:
        return await _opened(work, group, round_, now, already=True)
    deadline = await _new_deadline(work, group, round_, now)
    later = tuple(at for at in round_.remind_at if now < at < deadline)
    # A new `opened_at`, since the preview that follows the next closing is another one than the first.
    opened = replace(
        round_, state=RoundState.OPEN, opened_at=now, closed_at=None, deadline=deadline, remind_at=later
    )
    await work.store.rounds.save(opened)
    await record(work, group.id, actor, AuditAction.REOPEN_ROUND, f"round:{round_.id}")
    return await _opened(work, group, opened, now)


async def remind_silent(work: Work, actor: Member, number: int | None = None) -> Reminded:
    """Remind those that have not answered, at most once an hour each (`påminn`). RoundNotOpen if it is not open."""
    require(actor, Act.RUN_ROUND)
    group = await held_group(work, actor)
    round_ = await pick_round(work, group.id, number)
    if round_.state is not RoundState.OPEN:
        raise RoundNotOpen(round_.number)
    now = work.clock.now()
    known = await asking(work, group, round_, now)
    new = {member.id for member in (await prompt_missing(work, known)).prompted}
    reminded, skipped = await remind(work, known, by_hand=True)
    just = tuple(Skipped(member, Reason.JUST_PROMPTED) for member in known.members if member.id in new)
    if reminded:
        await record(
            work, group.id, actor, AuditAction.REMIND, f"round:{round_.id}", detail=str(len(reminded))
        )
    others = tuple(one for one in skipped if one.member.id not in new)
    return Reminded(round_, await meeting_of(work, round_), reminded, (*others, *just))


async def _ask(work: Work, group: Group, round_: Round, now: datetime) -> None:
    """Prompt those who should have a prompt and have none: all at the opening, later who joined or came back.

    Nobody more is asked once the meeting is cancelled; what comes in is still taken.
    """
    if (await meeting_of(work, round_)).state is MeetingState.CANCELLED:
        return
    known = await asking(work, group, round_, now)
    await prompt_missing(work, known)
    if any(at <= now for at in round_.remind_at):
        await remind(work, known)


async def _open_if_due(work: Work, group: Group, round_: Round, now: datetime) -> Round:
    meeting = await meeting_of(work, round_)
    waits = now < round_.opens_at or meeting.state is not MeetingState.PLANNED
    if waits or group.schedule is None or await _open_one(work, group) is not None:
        return round_
    return await _open(work, group, round_, None, now)


async def _open(work: Work, group: Group, round_: Round, actor: Member | None, now: datetime) -> Round:
    """Open with the group's template of today; a round keeps it from here on (A1)."""
    meeting = await meeting_of(work, round_)
    deadline = usable_deadline(round_.deadline, meeting, now)
    opened = replace(
        round_,
        state=RoundState.OPEN,
        template=group.template or round_.template,
        opened_at=now,
        deadline=deadline,
        remind_at=tuple(at for at in round_.remind_at if now < at < deadline),
        number=await _number_to_open(work, group, round_),
    )
    await work.store.rounds.save(opened)
    await record(
        work, group.id, actor, AuditAction.OPEN_ROUND, f"round:{round_.id}", detail=f"number {opened.number}"
    )
    return opened


async def _number_to_open(work: Work, group: Group, round_: Round) -> int:
    """Its number, after making room when a later round is opened out of turn: numbers follow the opening."""
    planned = await work.store.rounds.list_planned(group.id)
    first = min(one.number for one in planned)
    if round_.number == first:
        return first
    free = await work.store.rounds.next_number(group.id)
    holder = next(one for one in planned if one.number == first)
    await work.store.rounds.save(replace(round_, number=free))
    await work.store.rounds.save(replace(holder, number=round_.number))
    return first


async def _close(work: Work, group: Group, round_: Round, actor: Member | None, now: datetime) -> Round:
    closed = replace(round_, state=RoundState.CLOSED, closed_at=now)
    await work.store.rounds.save(closed)
    await record(work, group.id, actor, AuditAction.CLOSE_ROUND, f"round:{round_.id}")
    opened_at = int((round_.opened_at or round_.opens_at).timestamp())
    for leader in await leaders(work, group):
        ids = (round_.id, leader.id, opened_at)
        await queue(work, DeliveryKind.PREVIEW, group.id, *ids, to=leader.id, round_id=round_.id)
    await publish_due(work, closed)
    return await work.store.rounds.get(round_.id) or closed


async def _opened(work: Work, group: Group, round_: Round, now: datetime, *, already: bool = False) -> Opened:
    known = await asking(work, group, round_, now)
    prompts = await prompt_missing(work, known)
    meeting = await meeting_of(work, round_)
    return Opened(round_, meeting, prompts.prompted, prompts.skipped, already)


async def _open_one(work: Work, group: Group) -> Round | None:
    rounds = await work.store.rounds.list_by_group(group.id)
    return next((round_ for round_ in rounds if round_.state is RoundState.OPEN), None)


async def _wanted(work: Work, group: Group, number: int | None) -> Round:
    if number is not None:
        found = await work.store.rounds.get_by_number(group.id, number)
    else:
        planned = await work.store.rounds.list_planned(group.id)
        found = await _open_one(work, group) or min(planned, key=lambda one: one.number, default=None)
    if found is None:
        raise NoRound(number)
    return found


async def _new_deadline(work: Work, group: Group, round_: Round, now: datetime) -> datetime:
    meeting = await meeting_of(work, round_)
    planned = round_plan(settings_of(group).schedule, meeting.starts_at).deadline
    deadline = usable_deadline(planned, meeting, now)
    return deadline if deadline > now else now + EXTENSION


async def _settle_holidays(work: Work, group: Group, now: datetime) -> None:
    schedule = settings_of(group).schedule
    for meeting in await coming_meetings(work, group, now):
        if meeting.state is not MeetingState.QUESTIONED:
            continue
        plan = round_plan(schedule, meeting.starts_at)
        if plan.deadline <= now:
            await work.store.meetings.save(replace(meeting, state=MeetingState.CANCELLED))
            await record(
                work, group.id, None, AuditAction.CANCEL_UNCONFIRMED_MEETING, f"meeting:{meeting.id}"
            )
        elif plan.opens_at <= now:
            await ask_about_holiday(work, group, meeting, "due")
    await renumber(work, group)
