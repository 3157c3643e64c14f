"""Whom a referral's news goes to, and queueing it: nobody who reported is left in silence (C5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lagesbild.deliveries import Delivery, DeliveryKind, delivery_key
from lagesbild.feedback import Behind, Part
from lagesbild.ids import DeliveryKey, MemberId, RoundId
from lagesbild.people import Group, Member, MemberState, Role
from lagesbild.ports import Work
from lagesbild.priority import sees_problem
from lagesbild.referrals import Referral
from lagesbild.reports import Answer, Report
from lagesbild.rounds import Round
from lagesbild.templates import Area, Template
from lagesbild.usecases.planning import leaders
from lagesbild.usecases.queueing import queue


@dataclass(frozen=True)
class Recipient:
    """Who hears about a referral and why. `through` is who gets the card: the member, or whoever leads the group
    for a member without Teams (A8)."""

    member: Member
    part: Part
    through: Member


@dataclass(frozen=True)
class _Source:
    """One answer behind a referral, before it is known whose chat it goes to."""

    member_id: MemberId
    behind: Behind


async def answers_behind(work: Work, referral: Referral) -> dict[MemberId, tuple[Behind, ...]]:
    """Every answer that the referral stands on, by member: those of its round and area that say something, and those
    that are tied to its theme."""
    found: dict[MemberId, tuple[Behind, ...]] = {}
    for source in await _sources(work, referral):
        found[source.member_id] = (*found.get(source.member_id, ()), source.behind)
    return found


async def recipients_of(work: Work, group: Group, referral: Referral) -> tuple[Recipient, ...]:
    """The reporters behind it, then the representatives of their organisations; each person once, in that order.

    Nobody else (F1): who answered something else, or has left the group, is not among them.
    """
    members = {member.id: member for member in await work.store.members.list_by_group(group.id)}
    behind = await answers_behind(work, referral)
    reporters = [members[member_id] for member_id in behind if _takes_part(members.get(member_id))]
    organisations = {members[who].organisation for who in behind if who in members} - {None}
    leading = await leaders(work, group)
    told = [Recipient(member, Part.REPORTED, _through(member, leading)) for member in reporters]
    told += [
        Recipient(member, Part.ORGANISATION, member)
        for member in members.values()
        if _takes_part(member)
        and member.id not in behind
        and member.has(Role.REPRESENTATIVE)
        and member.user_id is not None
        and member.organisation in organisations
    ]
    return tuple(told)


async def tell_reporters(work: Work, group: Group, referral: Referral) -> int:
    """Queue the referral's card, or its update, to everybody who has a part in it. Returns to how many.

    Call it in the transaction that changes what the card shows. What is shown is read when it is sent.
    """
    moment, queued = int(work.clock.now().timestamp() * 1000), 0
    for one in await recipients_of(work, group, referral):
        ids, about = (referral.id, one.member.id, moment), f"{referral.id}:{one.member.id}"
        queued += await queue(work, DeliveryKind.FEEDBACK, group.id, *ids, to=one.through.id, subject=about)
    return queued


async def tell_round(work: Work, group: Group, round_: Round) -> int:
    """Queue the round's one short card to everybody who answered, unless they want fewer; a repeat queues nothing."""
    told = await round_recipients(work, group, round_)
    return sum([await work.outbox.put(_round_card(work, group, round_, member)) for member in told])


async def correct_round(work: Work, group: Group, round_: Round) -> int:
    """Queue what has changed in the round's card to those who have it: it is edited in place, without a new message."""
    told = await round_recipients(work, group, round_)
    at = work.clock.now().isoformat()
    return sum([await work.outbox.put(_round_card(work, group, round_, member, at)) for member in told])


async def round_recipients(work: Work, group: Group, round_: Round) -> tuple[Member, ...]:
    """Who gets the round's card: those who answered, have Teams and do not want fewer messages."""
    members = {member.id: member for member in await work.store.members.list_by_group(group.id)}
    reports = await work.store.reports.list_by_round(round_.id)
    answered = (members.get(report.member_id) for report in reports if report.is_submitted)
    return tuple(
        member
        for member in answered
        if member is not None and _takes_part(member) and member.user_id is not None and not member.fewer
    )


def round_card_key(round_id: RoundId, member_id: MemberId) -> DeliveryKey:
    """The delivery of a round's card; the card that later corrections are written into has the same key."""
    return delivery_key(DeliveryKind.ROUND_FEEDBACK, round_id, member_id)


def _round_card(work: Work, group: Group, round_: Round, member: Member, corrected: str = "") -> Delivery:
    key = round_card_key(round_.id, member.id)
    return Delivery(
        key=DeliveryKey(f"{key}:{corrected}") if corrected else key,
        group_id=group.id,
        kind=DeliveryKind.ROUND_FEEDBACK,
        queued_at=work.clock.now(),
        member_id=member.id,
        round_id=round_.id,
        subject=corrected,
    )


async def _sources(work: Work, referral: Referral) -> Sequence[_Source]:
    wanted: list[tuple[RoundId, MemberId | None, Area]] = [(referral.round_id, None, referral.area)]
    if referral.theme_id is not None:
        ties = await work.store.themes.ties(referral.theme_id)
        wanted += [(tie.round_id, tie.member_id, tie.area) for tie in ties]
    found: dict[tuple[MemberId, RoundId, Area], _Source] = {}
    for round_id, member_id, area in wanted:
        for source in await _of_area(work, round_id, member_id, area):
            found.setdefault((source.member_id, round_id, area), source)
    return list(found.values())


async def _of_area(
    work: Work, round_id: RoundId, member_id: MemberId | None, area: Area
) -> Sequence[_Source]:
    round_ = await work.store.rounds.get(round_id)
    if round_ is None:
        return ()
    template = work.templates.get(round_.template)
    reports = await work.store.reports.list_by_round(round_id)
    mine = [r for r in reports if r.is_submitted and (member_id is None or r.member_id == member_id)]
    found = ((report, _behind(round_, template, report, area)) for report in mine)
    # What a person tied to the theme belongs to it, whatever its rating.
    tied = member_id is not None
    return [_Source(r.member_id, b) for r, b in found if b and (tied or _says_something(b.answer))]


def _says_something(answer: Answer) -> bool:
    """Words count also with the lowest rating: somebody took the trouble to write them."""
    return bool(answer.words) or sees_problem(answer)


def _behind(round_: Round, template: Template, report: Report, area: Area) -> Behind | None:
    question = next((question for question in template.questions if question.area is area), None)
    answer = report.answer(question.number) if question else None
    return Behind(round_, question, answer) if question and answer else None


def _takes_part(member: Member | None) -> bool:
    return member is not None and member.state is MemberState.ACTIVE


def _through(member: Member, leading: Sequence[Member]) -> Member:
    if member.user_id is not None or not leading:
        return member
    return leading[0]
