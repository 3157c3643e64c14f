"""The council's answer to a referral, and what follows from it (C1, C2, C5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lagesbild.authority import Act, require
from lagesbild.deliveries import Delivery, DeliveryKind, delivery_key
from lagesbild.errors import Invalid
from lagesbild.feedback import Part
from lagesbild.guarded import guarded
from lagesbild.ids import AnalysisId, DecisionId, MeasureId, ReferralId, fresh
from lagesbild.measures import Measure, MeasureState, RootCauseAnalysis
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.referrals import Decision, DecisionForm, DecisionKind, Referral, ReferralState, may_move, moved
from lagesbild.usecases.audit import record
from lagesbild.usecases.council import remind_council
from lagesbild.usecases.finding import own_group, own_referral
from lagesbild.usecases.planning import leaders
from lagesbild.usecases.telling import recipients_of, tell_reporters

BEFORE = timedelta(days=3)
ESCALATE_AFTER = timedelta(days=3)
_DOING = (DecisionKind.PRIORITISE, DecisionKind.MEASURE, DecisionKind.MAPPING)


@dataclass(frozen=True)
class DecisionPreview:
    """What a decision will say, and to how many: looked at before it goes (C2)."""

    group: Group
    referral: Referral
    form: DecisionForm
    reporters: int
    representatives: int


async def preview_decision(
    work: Work, actor: Member, referral_id: ReferralId, form: DecisionForm
) -> DecisionPreview:
    """Check a decision and show what its readers will see; nothing is stored."""
    require(actor, Act.DECIDE)
    group = await own_group(work, actor)
    referral = await own_referral(work, actor, referral_id)
    checked = _checked(form, group.local_day(work.clock.now()))
    _check_state(referral, checked)
    told = await recipients_of(work, group, referral)
    reporters = sum(one.part is Part.REPORTED for one in told)
    return DecisionPreview(group, referral, checked, reporters, len(told) - reporters)


async def decide(work: Work, actor: Member, referral_id: ReferralId, form: DecisionForm) -> Decision:
    """Answer a referral: what is to be done follows from the kind, and everybody behind it is told. A repeat changes nothing."""
    require(actor, Act.DECIDE)
    group = await own_group(work, actor)
    referral = await own_referral(work, actor, referral_id)
    checked = _checked(form, group.local_day(work.clock.now()))
    if (latest := await _same_as_latest(work, referral, checked)) is not None:
        return latest
    _check_state(referral, checked)
    decision = await _stored(work, actor, referral, checked)
    to = ReferralState.CLOSED if decision.kind is DecisionKind.NO else ReferralState.DECIDED
    decided = replace(moved(referral, to, decision.decided_at), closing="")
    await work.store.referrals.save(decided)
    await _stop_what_it_replaces(work, referral, decision)
    await _follow(work, decided, decision)
    await record(work, group.id, actor, "decide", f"referral:{referral.id}", detail=f"{decision.kind.value}")
    await tell_reporters(work, group, decided)
    return decision


def _checked(form: DecisionForm, today: date) -> DecisionForm:
    doing = form.kind is not DecisionKind.NO
    checked = replace(
        form,
        text=guarded("text", form.text, required=doing, names=False),
        sentence=guarded("sentence", form.sentence, required=True, names=False),
    )
    if form.owner is None:
        raise Invalid("owner", "missing")
    if doing and form.due is None:
        raise Invalid("due", "missing")
    if form.due is not None and form.due < today:
        raise Invalid("due", "past")
    return checked


def _check_state(referral: Referral, form: DecisionForm) -> None:
    to = ReferralState.CLOSED if form.kind is DecisionKind.NO else ReferralState.DECIDED
    if not may_move(referral, to):
        raise Invalid("referral", "state")


async def _same_as_latest(work: Work, referral: Referral, form: DecisionForm) -> Decision | None:
    if referral.state not in (ReferralState.DECIDED, ReferralState.CLOSED):
        return None
    for one in reversed(await work.store.referrals.decisions(referral.id)):
        same = (one.kind, one.text, one.sentence, one.owner, one.due)
        return one if same == (form.kind, form.text, form.sentence, form.owner, form.due) else None
    return None


async def _stored(work: Work, actor: Member, referral: Referral, form: DecisionForm) -> Decision:
    assert form.owner is not None  # noqa: S101 - `_checked` looked
    decision = Decision(
        DecisionId(fresh()),
        referral.group_id,
        referral.id,
        form.kind,
        form.text,
        form.sentence,
        form.owner,
        form.due,
        actor.id,
        work.clock.now(),
    )
    await work.store.referrals.add_decision(decision)
    return decision


async def _stop_what_it_replaces(work: Work, referral: Referral, decision: Decision) -> None:
    """A new decision takes the place of the one before: what nobody has begun is not to be done any more."""
    for measure in await work.store.measures.list_by_referral(referral.id):
        if measure.state is MeasureState.PLANNED and measure.decision_id != decision.id:
            stopped = replace(measure, state=MeasureState.STOPPED, changed_at=decision.decided_at)
            await work.store.measures.save(stopped)


async def _follow(work: Work, referral: Referral, decision: Decision) -> None:
    """What somebody has to do by a day becomes a measure or an analysis that is followed up (C3, C4)."""
    now = decision.decided_at
    if decision.due is None:
        return
    if decision.kind in _DOING:
        await work.store.measures.save(
            Measure(
                MeasureId(fresh()),
                referral.group_id,
                referral.area,
                decision.text,
                decision.owner,
                decision.due,
                now,
                now,
                referral_id=referral.id,
                decision_id=decision.id,
            )
        )
    elif decision.kind is DecisionKind.ROOT_CAUSE:
        await work.store.analyses.save(
            RootCauseAnalysis(
                AnalysisId(fresh()),
                referral.group_id,
                referral.area,
                decision.text,
                decision.decided_by,
                now,
                decision.owner,
                decision.due,
                now,
                referral_id=referral.id,
                decision_id=decision.id,
            )
        )


async def council_due(work: Work, group: Group, now: datetime) -> None:
    """Remind the council before and after an answer's day, then coordinator and deputy every week (C1)."""
    today = group.local_day(now)
    for referral in await work.store.referrals.list_by_group(group.id, (ReferralState.WAITING,)):
        round_ = await work.store.rounds.get(referral.round_id)
        if round_ is None or round_.assessed_at is None:
            continue
        if referral.is_overdue(today):
            await remind_council(work, group, referral, "late")
        elif today >= referral.answer_by - BEFORE and group.local_day(_since(referral)) < today:
            await remind_council(work, group, referral, "soon")
        if today >= referral.answer_by + ESCALATE_AFTER:
            await _escalate(work, group, referral, (today - referral.answer_by - ESCALATE_AFTER).days // 7)


def _since(referral: Referral) -> datetime:
    return referral.changed_at or referral.referred_at


async def _escalate(work: Work, group: Group, referral: Referral, week: int) -> None:
    for leader in await leaders(work, group):
        await work.outbox.put(
            Delivery(
                key=delivery_key(DeliveryKind.ESCALATION, referral.id, referral.times, week, leader.id),
                group_id=group.id,
                kind=DeliveryKind.ESCALATION,
                queued_at=work.clock.now(),
                member_id=leader.id,
                subject=referral.id,
            )
        )
