"""Lifting a question to the council, from the group's side: refer, take back, take up again, close (C1, C6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from lagesbild.assessments import JointAssessment
from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.errors import Invalid
from lagesbild.feedback import FollowUp
from lagesbild.guarded import guarded
from lagesbild.holidays import working_day_from
from lagesbild.ids import ReferralId, ThemeId, fresh
from lagesbild.measures import Measure
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.referrals import Decision, Referral, ReferralState, moved
from lagesbild.rounds import Round
from lagesbild.usecases.audit import record
from lagesbild.usecases.council import send_referral
from lagesbild.usecases.deciding import refresh_referral
from lagesbild.usecases.finding import own_group, own_referral
from lagesbild.usecases.telling import tell_reporters

ANSWER_DAYS = 14


@dataclass(frozen=True)
class History:
    """A referral with what has become of it: what the meeting needs to take it up again."""

    referral: Referral
    decisions: tuple[Decision, ...]
    measures: tuple[Measure, ...]
    follow_ups: tuple[FollowUp, ...]


@dataclass(frozen=True)
class Agenda:
    """What stands on the group's next meeting beside the areas: what did not show, and what is late."""

    back: tuple[History, ...]
    """Referrals ON_AGENDA: somebody answered that it does not show."""
    overdue: tuple[Referral, ...]
    """Waiting for the council past their date."""
    late: tuple[Measure, ...]
    """The group's own measures past their day."""

    @property
    def is_empty(self) -> bool:
        return not (self.back or self.overdue or self.late)


async def default_answer_by(work: Work, group: Group) -> date:
    """The day by which the council should answer what is referred today: one when somebody is at work."""
    council = await work.store.councils.get(group.id)
    days = council.answer_days if council else ANSWER_DAYS
    return working_day_from(group.local_day(work.clock.now()) + timedelta(days=days))


async def refer(
    work: Work,
    actor: Member,
    round_: Round,
    assessment: JointAssessment,
    *,
    title: str,
    answer_by: date,
    theme_id: ThemeId | None = None,
) -> Referral:
    """The area's referral, new or put again after it was taken back. Sent at once if the assessment is finished."""
    known = await work.store.referrals.get_by_area(round_.id, assessment.area)
    now = work.clock.now()
    referral = replace(
        known
        or Referral(
            ReferralId(fresh()),
            round_.group_id,
            round_.id,
            assessment.area,
            title,
            assessment.comment,
            actor.id,
            now,
            answer_by,
        ),
        title=title,
        comment=assessment.comment,
        answer_by=answer_by,
        theme_id=theme_id,
    )
    if known is not None and known.state is ReferralState.WITHDRAWN:
        referral = moved(referral, ReferralState.WAITING, now)
    if referral == known:
        return known
    await work.store.referrals.save(referral)
    await record(work, round_.group_id, actor, AuditAction.REFER, f"referral:{referral.id}")
    if round_.assessed_at is not None and referral.state is ReferralState.WAITING:
        group = await own_group(work, actor)
        if not await send_referral(work, group, referral):
            await refresh_referral(work, group, referral)
    return referral


async def withdraw(work: Work, actor: Member, referral: Referral) -> Referral:
    """Take a red area's referral back: only while the council has not answered (Invalid `colour`, `decided`)."""
    if referral.state is ReferralState.WITHDRAWN:
        return referral
    if referral.state is not ReferralState.WAITING or referral.times > 1:
        raise Invalid("colour", "decided")
    taken_back = moved(referral, ReferralState.WITHDRAWN, work.clock.now())
    await work.store.referrals.save(taken_back)
    await record(work, referral.group_id, actor, AuditAction.WITHDRAW_REFERRAL, f"referral:{referral.id}")
    round_ = await work.store.rounds.get(referral.round_id)
    if round_ is not None and round_.assessed_at is not None:
        # The round's card has said that it was lifted, and that an answer will come.
        group = await own_group(work, actor)
        await refresh_referral(work, group, taken_back)
        await tell_reporters(work, group, taken_back)
    return taken_back


async def refer_again(work: Work, actor: Member, referral_id: ReferralId, answer_by: date) -> Referral:
    """Put a question that is back on the agenda, or closed, to the council once more (C6). Invalid (`referral`,
    `state`) while a decision holds, or for one that the group took back: a red colour lifts that."""
    require(actor, Act.ASSESS)
    referral = await own_referral(work, actor, referral_id)
    if referral.state is ReferralState.WAITING:
        return referral
    if referral.state is ReferralState.WITHDRAWN:
        raise Invalid("referral", "state")
    now = work.clock.now()
    group = await own_group(work, actor)
    if answer_by < group.local_day(now):
        raise Invalid("answer_by", "past")
    again = replace(
        moved(referral, ReferralState.WAITING, now), times=referral.times + 1, answer_by=answer_by, closing=""
    )
    await work.store.referrals.save(again)
    await record(
        work,
        group.id,
        actor,
        AuditAction.REFER_AGAIN,
        f"referral:{referral.id}",
        detail=f"time {again.times}",
    )
    await send_referral(work, group, again)
    await tell_reporters(work, group, again)
    return again


async def close_referral(work: Work, actor: Member, referral_id: ReferralId, sentence: str) -> Referral:
    """The group closes it, with the sentence that its reporters read; a repeat changes nothing (C5).

    Invalid (`referral`, `waiting`) while the council has it: what is lifted gets the council's answer (C1).
    """
    require(actor, Act.ASSESS)
    referral = await own_referral(work, actor, referral_id)
    words = guarded("sentence", sentence, required=True, names=False)
    if referral.state is ReferralState.CLOSED and referral.closing == words:
        return referral
    if referral.state is ReferralState.WAITING:
        raise Invalid("referral", "waiting")
    closed = replace(moved(referral, ReferralState.CLOSED, work.clock.now()), closing=words)
    await work.store.referrals.save(closed)
    await record(work, referral.group_id, actor, AuditAction.CLOSE_REFERRAL, f"referral:{referral.id}")
    group = await own_group(work, actor)
    await tell_reporters(work, group, closed)
    await refresh_referral(work, group, closed)
    return closed


async def agenda(work: Work, group: Group) -> Agenda:
    """What the next meeting should take up beside its areas (C1, C6)."""
    today = group.local_day(work.clock.now())
    waiting = await work.store.referrals.list_by_group(group.id, (ReferralState.WAITING,))
    back = await work.store.referrals.list_by_group(group.id, (ReferralState.ON_AGENDA,))
    measures = await work.store.measures.list_by_group(group.id)
    return Agenda(
        back=tuple([await history_of(work, referral) for referral in back]),
        overdue=tuple(referral for referral in waiting if referral.is_overdue(today)),
        late=tuple(m for m in measures if m.referral_id is None and not m.state.is_over and m.due < today),
    )


async def history_of(work: Work, referral: Referral) -> History:
    """What has become of a referral so far, oldest first."""
    store = work.store
    return History(
        referral,
        tuple(await store.referrals.decisions(referral.id)),
        tuple(await store.measures.list_by_referral(referral.id)),
        tuple(await store.follow_ups.list_by_referral(referral.id)),
    )
