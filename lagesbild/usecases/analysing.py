"""Root-cause analysis as a routine: which problem, who decides, who does it, by when, the result, and its use (C3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from lagesbild.assessments import Owner
from lagesbild.audit import AuditAction
from lagesbild.authority import Act, may, require
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed
from lagesbild.guarded import guarded
from lagesbild.ids import AnalysisId, MeasureId, fresh
from lagesbild.measures import AnalysisState, Measure, RootCauseAnalysis
from lagesbild.people import Group, Member, MemberState
from lagesbild.ports import Work
from lagesbild.referrals import Referral
from lagesbild.templates import Area
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_analysis, held_group, own_analysis, own_group
from lagesbild.usecases.planning import leaders
from lagesbild.usecases.seating import area_titles, asked_about, is_daytime, queue_to_members
from lagesbild.usecases.telling import tell_reporters

LONGEST_PROBLEM = 400
LONGEST_RESULT = 1500
MOST_HYPOTHESES = 10
UNUSED = 28
"""Days after which a result that nobody has used is brought up again."""


class Use(StrEnum):
    """What a result is used for: a measure, something in the next promise, or words about what was done instead."""

    MEASURE = "measure"
    PROMISE = "promise"
    WORDS = "words"


@dataclass(frozen=True)
class AnalysisForm:
    """What whoever carries it out enters; with a result it is done. `due` stays as it is when None."""

    hypotheses: tuple[str, ...] = ()
    result: str = ""
    due: date | None = None


@dataclass(frozen=True)
class UseForm:
    """What is done with the result. `owner` and `due` go with a measure."""

    use: Use
    text: str = ""
    owner: Owner | None = None
    due: date | None = None


@dataclass(frozen=True)
class AnalysisSheet:
    """One analysis with where it comes from, and whom an owner can be chosen among."""

    group: Group
    analysis: RootCauseAnalysis
    area: str
    decider: str
    """Who decided it, by name."""
    referral: Referral | None
    owners: tuple[Member, ...]
    today: date
    may_use: bool


async def order_analysis(
    work: Work, actor: Member, area: Area, problem: str, *, owner: Owner | None, due: date | None
) -> RootCauseAnalysis:
    """Order one that no referral led to (C3). The same order again gives the one that is there.

    Invalid (`analysis_problem`, `analysis_owner`: `missing`, …; `analysis_due`: `missing`, `past`).
    """
    require(actor, Act.DECIDE)
    group = await held_group(work, actor)
    words = guarded("analysis_problem", problem, limit=LONGEST_PROBLEM, required=True, names=False)
    who, day = _owner(owner), _due(group, due, work.clock.now())
    for known in await work.store.analyses.list_by_group(group.id):
        same = (known.area, known.problem, known.owner, known.due) == (area, words, who, day)
        if same and known.state is AnalysisState.ORDERED:
            return known
    now = work.clock.now()
    ordered = RootCauseAnalysis(
        AnalysisId(fresh()), group.id, area, words, actor.id, now, who, day, changed_at=now
    )
    await work.store.analyses.save(ordered)
    await record(work, group.id, actor, AuditAction.ORDER_ANALYSIS, f"analysis:{ordered.id}")
    return ordered


async def analysis_sheet(work: Work, actor: Member, analysis_id: AnalysisId) -> AnalysisSheet:
    """One analysis, for who carries it out, the council and who leads the group; NotAllowed for others."""
    analysis = await own_analysis(work, actor, analysis_id)
    _require_part(actor, analysis)
    return await analysis_sheet_of(
        work, await own_group(work, actor), analysis, may_use=may(actor, Act.DECIDE)
    )


async def analysis_sheet_of(
    work: Work, group: Group, analysis: RootCauseAnalysis, *, may_use: bool
) -> AnalysisSheet:
    """The same for the courier, which acts for nobody."""
    members = await work.store.members.list_by_group(group.id)
    decider = next((member.name for member in members if member.id == analysis.decided_by), "")
    return AnalysisSheet(
        group=group,
        analysis=analysis,
        area=area_titles(work, group).get(analysis.area, analysis.area.value),
        decider=decider,
        referral=await _referral(work, analysis),
        owners=tuple(member for member in members if member.state is MemberState.ACTIVE),
        today=group.local_day(work.clock.now()),
        may_use=may_use,
    )


async def update_analysis(
    work: Work, actor: Member, analysis_id: AnalysisId, form: AnalysisForm
) -> RootCauseAnalysis:
    """Write hypotheses and the result; whoever carries it out, the council and who leads the group may (C3).

    Invalid (`analysis_hypotheses`: `too_many`; `analysis_result`; `analysis_due`: `past`; `analysis`: `is_used`).
    """
    analysis = await held_analysis(work, actor, analysis_id)
    _require_part(actor, analysis)
    group = await own_group(work, actor)
    if analysis.state is AnalysisState.USED:
        raise Invalid("analysis", "is_used")
    result = guarded("analysis_result", form.result, limit=LONGEST_RESULT, names=False)
    new_day = form.due is not None and form.due != analysis.due
    changed = replace(
        analysis,
        hypotheses=_hypotheses(form.hypotheses),
        result=result,
        due=_due(group, form.due, work.clock.now()) if new_day else analysis.due,
        state=AnalysisState.RESULT if result else AnalysisState.ORDERED,
    )
    if changed == analysis:
        return analysis
    return await _keep(work, actor, group, changed, AuditAction.UPDATE_ANALYSIS)


async def use_result(work: Work, actor: Member, analysis_id: AnalysisId, form: UseForm) -> RootCauseAnalysis:
    """Say what is done with the result, which closes the analysis: a measure is created, a promise or words are noted.

    Invalid (`analysis_result`: `missing`; `analysis_use`: `missing`; `analysis_owner`, `analysis_due` for a measure).
    One that is used already is left as it is.
    """
    require(actor, Act.DECIDE)
    analysis = await held_analysis(work, actor, analysis_id)
    group = await own_group(work, actor)
    if analysis.state is AnalysisState.USED:
        return analysis
    if analysis.state is not AnalysisState.RESULT:
        raise Invalid("analysis_result", "missing")
    words = guarded("analysis_use", form.text, limit=LONGEST_PROBLEM, required=True, names=False)
    if form.use is Use.MEASURE:
        await _make_measure(work, group, analysis, words, form)
    used = replace(analysis, used_for=words, state=AnalysisState.USED)
    return await _keep(work, actor, group, used, AuditAction.USE_ANALYSIS, detail=form.use.value)


async def analyses_due(work: Work, group: Group, now: datetime) -> int:
    """Ask who carries it out once it is due, and whoever leads what a result was used for (C3). How many are new."""
    if not is_daytime(group, now):
        return 0
    today, queued, kind = group.local_day(now), 0, DeliveryKind.ANALYSIS_DUE
    for analysis in await work.store.analyses.list_by_group(group.id):
        silent = (today - group.local_day(analysis.changed_at)).days
        if analysis.state is AnalysisState.ORDERED and today >= analysis.due:
            who, occasion = await asked_about(work, group, analysis.owner), analysis.due.isoformat()
            queued += await queue_to_members(work, group, kind, analysis.id, who, occasion)
        elif analysis.state is AnalysisState.RESULT and silent >= UNUSED:
            who, occasion = await leaders(work, group), f"unused{silent // UNUSED}"
            queued += await queue_to_members(work, group, kind, analysis.id, who, occasion)
    return queued


async def _keep(
    work: Work,
    actor: Member,
    group: Group,
    changed: RootCauseAnalysis,
    action: AuditAction,
    *,
    detail: str = "",
) -> RootCauseAnalysis:
    """Store it, and let the reporters behind its referral see how far it has come."""
    changed = replace(changed, changed_at=work.clock.now())
    await work.store.analyses.save(changed)
    await record(work, group.id, actor, action, f"analysis:{changed.id}", detail=detail)
    referral = await _referral(work, changed)
    if referral is not None:
        await tell_reporters(work, group, referral)
    return changed


async def _make_measure(
    work: Work, group: Group, analysis: RootCauseAnalysis, words: str, form: UseForm
) -> None:
    now = work.clock.now()
    measure = Measure(
        MeasureId(fresh()),
        group.id,
        analysis.area,
        words,
        _owner(form.owner),
        _due(group, form.due, now),
        created_at=now,
        changed_at=now,
        referral_id=analysis.referral_id,
        analysis_id=analysis.id,
    )
    await work.store.measures.save(measure)


async def _referral(work: Work, analysis: RootCauseAnalysis) -> Referral | None:
    return await work.store.referrals.get(analysis.referral_id) if analysis.referral_id else None


def _owner(owner: Owner | None) -> Owner:
    if owner is None:
        raise Invalid("analysis_owner", "missing")
    guarded("analysis_owner", owner.name, limit=80, required=True, names=False)
    return owner


def _due(group: Group, due: date | None, now: datetime) -> date:
    if due is None:
        raise Invalid("analysis_due", "missing")
    if due < group.local_day(now):
        raise Invalid("analysis_due", "past")
    return due


def _hypotheses(lines: Sequence[str]) -> tuple[str, ...]:
    if len(lines) > MOST_HYPOTHESES:
        raise Invalid("analysis_hypotheses", "too_many", most=MOST_HYPOTHESES)
    return tuple(guarded("analysis_hypotheses", line, limit=300, names=False) for line in lines)


def _require_part(actor: Member, analysis: RootCauseAnalysis) -> None:
    require(actor, Act.FOLLOW_MEASURES)
    if analysis.owner.member_id != actor.id and not may(actor, Act.DECIDE):
        raise NotAllowed("follow_analysis", ("coordinator", "council", "deputy"))
