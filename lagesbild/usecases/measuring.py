"""Measures: their owners say how it goes, and are asked when they don't (C4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lagesbild.authority import Act, require
from lagesbild.deliveries import Delivery, DeliveryKind, delivery_key
from lagesbild.errors import Invalid, NotAllowed
from lagesbild.guarded import guarded
from lagesbild.ids import MeasureId
from lagesbild.measures import Measure, MeasureState, Reach
from lagesbild.people import Group, Member, MemberState, Role
from lagesbild.ports import Work
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import own_group, own_measure
from lagesbild.usecases.planning import leaders
from lagesbild.usecases.telling import tell_reporters

STALE_AFTER = timedelta(weeks=4)


@dataclass(frozen=True)
class MeasureForm:
    """What its owner tells of a measure; None leaves a field as it is."""

    state: MeasureState
    outcome: str | None = None
    due: date | None = None
    reach: Reach | None = None
    goal: str | None = None


@dataclass(frozen=True)
class Measures:
    """The measures somebody sees, with today's date to tell which are late."""

    group: Group
    measures: tuple[Measure, ...]
    today: date


def may_change(actor: Member, measure: Measure) -> bool:
    """Its owner, whoever leads the group, and the council (F1)."""
    return measure.owner.member_id == actor.id or actor.leads or actor.has(Role.COUNCIL)


async def list_measures(work: Work, actor: Member) -> Measures:
    """What is under way: all of it for those who lead or decide, their own for everybody else."""
    require(actor, Act.FOLLOW_MEASURES)
    group = await own_group(work, actor)
    found = await work.store.measures.list_by_group(group.id)
    shown = tuple(m for m in found if not m.state.is_over and may_change(actor, m))
    return Measures(group, shown, group.local_day(work.clock.now()))


async def measure_to_change(work: Work, actor: Member, measure_id: MeasureId) -> Measure:
    """The measure, for its form; NotAllowed for somebody else's."""
    require(actor, Act.FOLLOW_MEASURES)
    measure = await own_measure(work, actor, measure_id)
    if not may_change(actor, measure):
        raise NotAllowed(Act.FOLLOW_MEASURES.value, ("owner",))
    return measure


async def update_measure(work: Work, actor: Member, measure_id: MeasureId, form: MeasureForm) -> Measure:
    """Say how far it has come; those whose reports led to it are told (C5). A repeat changes nothing.

    Invalid (`outcome`, `missing`) for stopping without saying why, (`due`, `past`) for a new day that has been.
    """
    known = await measure_to_change(work, actor, measure_id)
    group = await own_group(work, actor)
    today = group.local_day(work.clock.now())
    changed = _changed(known, form, today)
    if changed == known:
        return known
    changed = replace(changed, changed_at=work.clock.now())
    await work.store.measures.save(changed)
    detail = f"{changed.state.value}, due {changed.due}"
    await record(work, group.id, actor, "update measure", f"measure:{known.id}", detail=detail)
    if changed.referral_id is not None and _is_news(known, changed):
        referral = await work.store.referrals.get(changed.referral_id)
        if referral is not None:
            await tell_reporters(work, group, referral)
    return changed


def _changed(known: Measure, form: MeasureForm, today: date) -> Measure:
    outcome = known.outcome if form.outcome is None else guarded("outcome", form.outcome, names=False)
    goal = known.goal if form.goal is None else guarded("goal", form.goal, names=False)
    if form.state is MeasureState.STOPPED and not outcome:
        raise Invalid("outcome", "missing")
    if form.due is not None and form.due != known.due and form.due < today:
        raise Invalid("due", "past")
    done = form.state is MeasureState.DONE
    return replace(
        known,
        state=form.state,
        outcome=outcome,
        goal=goal,
        due=form.due or known.due,
        reach=form.reach or known.reach,
        done_on=(known.done_on or today) if done else None,
    )


def _is_news(before: Measure, after: Measure) -> bool:
    return (before.state, before.due, before.outcome) != (after.state, after.due, after.outcome)


async def measures_due(work: Work, group: Group, now: datetime) -> None:
    """Ask the owner when the day has come, and when nothing has been heard for four weeks (C4).

    An owner whom the bot cannot write to is asked about through coordinator and deputy.
    """
    today = group.local_day(now)
    for measure in await work.store.measures.list_by_group(group.id):
        if measure.state.is_over:
            continue
        if today >= measure.due:
            await _ask(work, group, measure, f"due{measure.due}")
        elif now - measure.changed_at >= STALE_AFTER:
            await _ask(work, group, measure, f"stale{(now - measure.changed_at) // STALE_AFTER}")


async def _ask(work: Work, group: Group, measure: Measure, occasion: str) -> None:
    for member in await owners_to_ask(work, group, measure.owner.member_id):
        await work.outbox.put(
            Delivery(
                key=delivery_key(DeliveryKind.MEASURE_DUE, measure.id, occasion, member.id),
                group_id=group.id,
                kind=DeliveryKind.MEASURE_DUE,
                queued_at=work.clock.now(),
                member_id=member.id,
                subject=measure.id,
            )
        )


async def owners_to_ask(work: Work, group: Group, owner_id: str | None) -> tuple[Member, ...]:
    """The owner, if the bot can write to that person; else whoever leads the group."""
    members = await work.store.members.list_by_group(group.id)
    owner = next((m for m in members if m.id == owner_id), None)
    if owner is not None and owner.state is MemberState.ACTIVE and owner.user_id is not None:
        return (owner,)
    return await leaders(work, group)
