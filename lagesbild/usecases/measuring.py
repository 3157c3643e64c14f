"""Measures: how far they have come, as their owners say, and asking when they are due or silent (C4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, may, require
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed
from lagesbild.guarded import guarded
from lagesbild.ids import MeasureId
from lagesbild.measures import Measure, MeasureState, Reach
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.referrals import Decision, Referral
from lagesbild.templates import Area
from lagesbild.usecases.audit import record
from lagesbild.usecases.deciding import refresh_referral
from lagesbild.usecases.finding import held_measure, own_group, own_measure
from lagesbild.usecases.seating import area_titles, asked_about, is_daytime, queue_to_members
from lagesbild.usecases.telling import tell_reporters

LONGEST_OUTCOME = 1000
LONGEST_GOAL = 300
SILENCE = 28
"""Days without a word after which a measure's owner is asked how it goes."""
LATELY = timedelta(days=90)
"""How long what is over stays in the list."""


@dataclass(frozen=True)
class MeasureForm:
    """What an owner enters. `due`, `reach` and `goal` stay as they are when None."""

    state: MeasureState
    outcome: str = ""
    due: date | None = None
    reach: Reach | None = None
    goal: str | None = None


@dataclass(frozen=True)
class MeasureSheet:
    """One measure with where it comes from. `decision` and `referral` are None for the group's own."""

    group: Group
    measure: Measure
    area: str
    referral: Referral | None
    decision: Decision | None
    today: date


@dataclass(frozen=True)
class MeasureList:
    """The measures that somebody may see, by their day. `everybody`: not only those the reader answers for."""

    group: Group
    today: date
    areas: Mapping[Area, str]
    under_way: tuple[Measure, ...]
    over: tuple[Measure, ...]
    """Done or stopped in the last three months."""
    everybody: bool


async def list_measures(work: Work, actor: Member) -> MeasureList:
    """Who leads the group and the council see every measure, others those they answer for."""
    require(actor, Act.FOLLOW_MEASURES)
    group = await own_group(work, actor)
    today = group.local_day(work.clock.now())
    everybody = may(actor, Act.DECIDE)
    known = await work.store.measures.list_by_group(group.id)
    seen = [measure for measure in known if everybody or measure.owner.member_id == actor.id]
    return MeasureList(
        group=group,
        today=today,
        areas=area_titles(work, group),
        under_way=tuple(measure for measure in seen if not measure.state.is_over),
        over=tuple(
            measure
            for measure in seen
            if measure.state.is_over and group.local_day(measure.changed_at) >= today - LATELY
        ),
        everybody=everybody,
    )


async def measure_sheet(work: Work, actor: Member, measure_id: MeasureId) -> MeasureSheet:
    """One measure, for its owner, the council and who leads the group; NotAllowed for others."""
    require(actor, Act.FOLLOW_MEASURES)
    measure = await own_measure(work, actor, measure_id)
    _require_part(actor, measure)
    return await measure_sheet_of(work, await own_group(work, actor), measure)


async def measure_sheet_of(work: Work, group: Group, measure: Measure) -> MeasureSheet:
    """The same for the courier, which acts for nobody."""
    referral = await work.store.referrals.get(measure.referral_id) if measure.referral_id else None
    decisions = await work.store.referrals.decisions(referral.id) if referral else ()
    return MeasureSheet(
        group=group,
        measure=measure,
        area=area_titles(work, group).get(measure.area, measure.area.value),
        referral=referral,
        decision=next((one for one in decisions if one.id == measure.decision_id), None),
        today=group.local_day(work.clock.now()),
    )


async def update_measure(work: Work, actor: Member, measure_id: MeasureId, form: MeasureForm) -> Measure:
    """Say how far a measure has come (C4). What changed is told to the reporters behind its referral (C5),
    and stands in the council's card.

    Its owner, the council and who leads the group may; NotAllowed for others. Invalid (`measure_outcome`: `missing`
    for a stopped one, …; `measure_due`: `past`; `measure_goal`). The same again changes nothing.
    """
    require(actor, Act.FOLLOW_MEASURES)
    measure = await held_measure(work, actor, measure_id)
    _require_part(actor, measure)
    group = await own_group(work, actor)
    today = group.local_day(work.clock.now())
    changed = _changed(measure, form, today)
    if changed == measure:
        return measure
    changed = replace(changed, changed_at=work.clock.now())
    await work.store.measures.save(changed)
    await record(
        work,
        group.id,
        actor,
        AuditAction.UPDATE_MEASURE,
        f"measure:{measure.id}",
        detail=_detail(measure, changed),
    )
    referral = await work.store.referrals.get(measure.referral_id) if measure.referral_id else None
    if referral is not None and _shows(changed) != _shows(measure):
        await tell_reporters(work, group, referral)
        await refresh_referral(work, group, referral)
    return changed


async def measures_due(work: Work, group: Group, now: datetime) -> int:
    """Ask how it goes: once when a measure is due, and when nobody has said anything for four weeks (C4).

    An owner without a chat is asked through whoever leads the group. Returns how many messages are new.
    """
    if not is_daytime(group, now):
        return 0
    today, queued = group.local_day(now), 0
    for measure in await work.store.measures.list_by_group(group.id):
        occasion = _occasion(group, measure, today)
        if occasion:
            who = await asked_about(work, group, measure.owner)
            kind = DeliveryKind.MEASURE_DUE
            queued += await queue_to_members(work, group, kind, measure.id, who, occasion)
    return queued


def _occasion(group: Group, measure: Measure, today: date) -> str:
    """Why its owner is asked today: it is due, or silent for so many weeks; empty if neither."""
    if measure.state.is_over:
        return ""
    is_due = today >= measure.due
    last_word = group.local_day(measure.changed_at)
    since = max(last_word, measure.due) if is_due else last_word
    weeks = (today - since).days // SILENCE * (SILENCE // 7)
    if weeks:
        return f"{since.isoformat()}.{weeks}w"
    return measure.due.isoformat() if is_due else ""


def _changed(measure: Measure, form: MeasureForm, today: date) -> Measure:
    stopped = form.state is MeasureState.STOPPED
    outcome = guarded("measure_outcome", form.outcome, limit=LONGEST_OUTCOME, required=stopped, names=False)
    due = form.due or measure.due
    if due != measure.due and due < today:
        raise Invalid("measure_due", "past")
    goal = measure.goal
    if form.goal is not None:
        goal = guarded("measure_goal", form.goal, limit=LONGEST_GOAL, names=False)
    done_on = (measure.done_on or today) if form.state is MeasureState.DONE else None
    return replace(
        measure,
        state=form.state,
        outcome=outcome,
        due=due,
        reach=form.reach or measure.reach,
        goal=goal,
        done_on=done_on,
    )


def _detail(before: Measure, after: Measure) -> str:
    """State and day, before and after: what the audit log can hold without anybody's words."""
    facts = []
    if before.state is not after.state:
        facts.append(f"{before.state.value} -> {after.state.value}")
    if before.due != after.due:
        facts.append(f"due {before.due} -> {after.due}")
    return ", ".join(facts)


def _shows(measure: Measure) -> tuple[MeasureState, date, str, date | None]:
    """What the reporters see of a measure."""
    return measure.state, measure.due, measure.outcome, measure.done_on


def _require_part(actor: Member, measure: Measure) -> None:
    if measure.owner.member_id != actor.id and not may(actor, Act.DECIDE):
        raise NotAllowed("follow_measure", ("coordinator", "council", "deputy"))
