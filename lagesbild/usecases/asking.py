"""Whom a round's prompts and reminders go to, and why the others get none (A7, B2, F4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lagesbild.deliveries import Delivery, DeliveryKind, delivery_key
from lagesbild.ids import MemberId
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.rounds import Round

BETWEEN_REMINDERS = timedelta(hours=1)


class Reason(StrEnum):
    """Why a member gets no prompt or reminder."""

    ANSWERED = "answered"
    ABSENT = "absent"
    OPTED_OUT = "opted_out"
    NO_REMINDERS = "no_reminders"
    WITHOUT_TEAMS = "without_teams"
    UNREACHED = "unreached"
    RECENT = "recent"
    PROMPTED = "prompted"
    JUST_PROMPTED = "just_prompted"


@dataclass(frozen=True)
class Skipped:
    """A member who gets nothing now, and why."""

    member: Member
    reason: Reason


@dataclass(frozen=True)
class Asking:
    """What is known about a round's reporting members when prompts or reminders are due."""

    round: Round
    now: datetime
    members: tuple[Member, ...]
    answered: frozenset[MemberId]
    away: frozenset[MemberId]
    prompts: dict[MemberId, Delivery]
    reminders: dict[MemberId, tuple[Delivery, ...]]


@dataclass(frozen=True)
class Prompted:
    """Who was prompted now, and who was not and why."""

    prompted: tuple[Member, ...]
    skipped: tuple[Skipped, ...]


async def asking(work: Work, group: Group, round_: Round, now: datetime) -> Asking:
    """Read everything that decides who is asked. Away is who is absent today or on the deadline's day."""
    zone = ZoneInfo(group.timezone)
    days = {now.astimezone(zone).date(), round_.deadline.astimezone(zone).date()}
    absences = await work.store.absences.list_by_group(group.id, min(days), max(days))
    members = await work.store.members.list_by_group(group.id)
    reports = await work.store.reports.list_by_round(round_.id)
    sent = await work.store.deliveries.list_by_round(round_.id, (DeliveryKind.PROMPT, DeliveryKind.REMINDER))
    return Asking(
        round=round_,
        now=now,
        members=tuple(member for member in members if member.reports),
        answered=frozenset(report.member_id for report in reports if report.is_submitted),
        away=frozenset(a.member_id for a in absences if any(a.covers(day) for day in days)),
        prompts={d.member_id: d for d in sent if d.kind is DeliveryKind.PROMPT and d.member_id},
        reminders=_by_member([d for d in sent if d.kind is DeliveryKind.REMINDER]),
    )


async def prompt_missing(work: Work, known: Asking) -> Prompted:
    """Queue a prompt for everybody who should have one and has none; a repeat queues nothing."""
    prompted, skipped = [], []
    for member in known.members:
        reason = _no_prompt(known, member)
        if reason is not None:
            skipped.append(Skipped(member, reason))
        elif await work.outbox.put(_delivery(known, member, DeliveryKind.PROMPT, known.round.id, member.id)):
            prompted.append(member)
    return Prompted(tuple(prompted), tuple(skipped))


async def remind(
    work: Work, known: Asking, *, by_hand: bool = False
) -> tuple[tuple[Member, ...], tuple[Skipped, ...]]:
    """Queue a reminder for the silent who want them. By the clock once for each instant in the round's plan;
    by hand at most once an hour for each member. Returns who is reminded, and who is not and why.
    """
    reminded, skipped = [], []
    for member in known.members:
        reason = _no_reminder(known, member, by_hand=by_hand)
        if reason is not None:
            skipped.append(Skipped(member, reason))
        elif await work.outbox.put(_reminder(known, member, by_hand=by_hand)):
            reminded.append(member)
    return tuple(reminded), tuple(skipped)


def _by_member(deliveries: Sequence[Delivery]) -> dict[MemberId, tuple[Delivery, ...]]:
    found: dict[MemberId, tuple[Delivery, ...]] = {}
    for delivery in deliveries:
        if delivery.member_id is not None:
            found[delivery.member_id] = (*found.get(delivery.member_id, ()), delivery)
    return found


def _not_asked(known: Asking, member: Member) -> Reason | None:
    if member.id in known.answered:
        return Reason.ANSWERED
    if member.user_id is None:
        return Reason.WITHOUT_TEAMS
    if member.id in known.away:
        return Reason.ABSENT
    return None if member.prompted else Reason.OPTED_OUT


def _no_prompt(known: Asking, member: Member) -> Reason | None:
    return _not_asked(known, member) or (Reason.PROMPTED if member.id in known.prompts else None)


def _no_reminder(known: Asking, member: Member, *, by_hand: bool) -> Reason | None:
    if reason := _not_asked(known, member):
        return reason
    if not member.reminded:
        return Reason.NO_REMINDERS
    prompt = known.prompts.get(member.id)
    if prompt is None:
        return Reason.JUST_PROMPTED
    if prompt.state.is_undelivered:
        return Reason.UNREACHED
    return _too_soon(known, member, prompt, by_hand=by_hand)


def _too_soon(known: Asking, member: Member, prompt: Delivery, *, by_hand: bool) -> Reason | None:
    """A prompt younger than the clock's reminder makes that stale, and so does a reminder in the hour before it."""
    due = known.now if by_hand else _due_instant(known)
    if not by_hand and prompt.queued_at >= due:
        return Reason.JUST_PROMPTED
    latest = max((d.queued_at for d in known.reminders.get(member.id, ())), default=None)
    recent = latest is not None and due - latest < BETWEEN_REMINDERS
    return Reason.RECENT if recent else None


def _due_instant(known: Asking) -> datetime:
    return max(at for at in known.round.remind_at if at <= known.now)


def _reminder(known: Asking, member: Member, *, by_hand: bool) -> Delivery:
    """By the clock the key is the planned instant, since a moved meeting has reminders of its own; by hand a count."""
    if by_hand:
        count = len(known.reminders.get(member.id, ()))
        return _delivery(known, member, DeliveryKind.REMINDER, known.round.id, f"hand{count}", member.id)
    instant = _due_instant(known).strftime("%Y%m%dT%H%M")
    return _delivery(known, member, DeliveryKind.REMINDER, known.round.id, instant, member.id)


def _delivery(known: Asking, member: Member, kind: DeliveryKind, *parts: str) -> Delivery:
    return Delivery(
        key=delivery_key(kind, *parts),
        group_id=member.group_id,
        kind=kind,
        queued_at=known.now,
        member_id=member.id,
        round_id=known.round.id,
    )
