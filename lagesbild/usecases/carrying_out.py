"""What a council's decision sets going: a measure, a root-cause analysis or a section of a promise, and what a changed
decision takes back."""

from __future__ import annotations

from datetime import date

from lagesbild.ids import AnalysisId, MeasureId, fresh
from lagesbild.measures import AnalysisState, Measure, MeasureState, RootCauseAnalysis
from lagesbild.people import Member
from lagesbild.ports import Work
from lagesbild.referrals import Decision, DecisionKind, Referral
from lagesbild.usecases.promise_from_referral import draft_from_referral, take_from_drafts

MAKES_MEASURE = frozenset({DecisionKind.MEASURE, DecisionKind.PRIORITISE, DecisionKind.MAPPING})


async def carry_out(
    work: Work, actor: Member, referral: Referral, decision: Decision, corrected: Decision | None
) -> None:
    """Create what the decision says. What the corrected one had set going is changed if nothing came of it yet,
    and taken back if the new decision is of another kind: nobody is asked about something that no longer holds.
    """
    measure = await _measure_to_change(work, referral, corrected)
    analysis = await _analysis_to_change(work, referral, corrected)
    if decision.kind in MAKES_MEASURE:
        await work.store.measures.save(_measure(referral, decision, measure))
    elif measure is not None:
        await work.store.measures.remove(measure)
    if decision.kind is DecisionKind.ROOT_CAUSE:
        await work.store.analyses.save(_analysis(referral, decision, analysis))
    elif analysis is not None:
        await work.store.analyses.remove(analysis)
    if decision.kind is DecisionKind.PROMISE:
        await draft_from_referral(work, actor, referral.id)
    elif corrected is not None and corrected.kind is DecisionKind.PROMISE:
        await take_from_drafts(work, actor, referral.id)


async def _measure_to_change(work: Work, referral: Referral, corrected: Decision | None) -> Measure | None:
    if corrected is None:
        return None
    for measure in await work.store.measures.list_by_referral(referral.id):
        begun = measure.state is not MeasureState.PLANNED or measure.outcome
        if measure.decision_id == corrected.id and not begun:
            return await work.store.measures.lock(measure.id)
    return None


async def _analysis_to_change(
    work: Work, referral: Referral, corrected: Decision | None
) -> RootCauseAnalysis | None:
    if corrected is None:
        return None
    for analysis in await work.store.analyses.list_by_referral(referral.id):
        begun = analysis.state is not AnalysisState.ORDERED or analysis.hypotheses
        if analysis.decision_id == corrected.id and not begun:
            return await work.store.analyses.lock(analysis.id)
    return None


def _measure(referral: Referral, decision: Decision, known: Measure | None) -> Measure:
    now = decision.decided_at
    return Measure(
        id=known.id if known else MeasureId(fresh()),
        group_id=referral.group_id,
        area=referral.area,
        text=decision.text or decision.sentence,
        owner=decision.owner,
        due=_due(decision),
        created_at=known.created_at if known else now,
        changed_at=now,
        referral_id=referral.id,
        decision_id=decision.id,
        reach=known.reach if known else None,
        goal=known.goal if known else "",
    )


def _analysis(referral: Referral, decision: Decision, known: RootCauseAnalysis | None) -> RootCauseAnalysis:
    return RootCauseAnalysis(
        id=known.id if known else AnalysisId(fresh()),
        group_id=referral.group_id,
        area=referral.area,
        problem=decision.text or decision.sentence,
        decided_by=decision.decided_by,
        decided_at=decision.decided_at,
        owner=decision.owner,
        due=_due(decision),
        changed_at=decision.decided_at,
        referral_id=referral.id,
        decision_id=decision.id,
    )


def _due(decision: Decision) -> date:
    """Every kind that sets something going has a day: `decide` sees to it."""
    assert decision.due is not None  # noqa: S101
    return decision.due
