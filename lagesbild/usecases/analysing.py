"""Root-cause analyses as a routine: ordered, done by somebody by a day, used for something (C3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from lagesbild.assessments import Owner
from lagesbild.authority import Act, require
from lagesbild.deliveries import Delivery, DeliveryKind, delivery_key
from lagesbild.errors import Invalid, NotAllowed
from lagesbild.guarded import guarded
from lagesbild.ids import AnalysisId, MeasureId, fresh
from lagesbild.measures import AnalysisState, Measure, RootCauseAnalysis
from lagesbild.people import Group, Member, Role
from lagesbild.ports import Work
from lagesbild.templates import Area
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import own_analysis, own_group
from lagesbild.usecases.measuring import owners_to_ask
from lagesbild.usecases.telling import tell_reporters

MOST_HYPOTHESES = 10


@dataclass(frozen=True)
class AnalysisForm:
    """What its owner fills in as it goes: possible causes, what was found, what it was used for; None leaves as is."""

    hypotheses: tuple[str, ...] | None = None
    result: str | None = None
    used_for: str | None = None


async def order_analysis(  # noqa: PLR0917 - an order's own facts
    work: Work, actor: Member, area: Area, problem: str, owner: Owner | None, due: date | None
) -> RootCauseAnalysis:
    """Order an analysis that no referral asked for: which problem, who does it, by when (C3)."""
    require(actor, Act.DECIDE)
    group, now = await own_group(work, actor), work.clock.now()
    words = guarded("problem", problem, required=True, names=False)
    if owner is None:
        raise Invalid("owner", "missing")
    if due is None:
        raise Invalid("due", "missing")
    if due < group.local_day(now):
        raise Invalid("due", "past")
    analysis = RootCauseAnalysis(AnalysisId(fresh()), group.id, area, words, actor.id, now, owner, due, now)
    await work.store.analyses.save(analysis)
    await record(work, group.id, actor, "order analysis", f"analysis:{analysis.id}")
    return analysis


async def analysis_to_change(work: Work, actor: Member, analysis_id: AnalysisId) -> RootCauseAnalysis:
    """The analysis, for its form; its owner's, the council's and whoever leads the group."""
    require(actor, Act.FOLLOW_MEASURES)
    analysis = await own_analysis(work, actor, analysis_id)
    if not (analysis.owner.member_id == actor.id or actor.leads or actor.has(Role.COUNCIL)):
        raise NotAllowed(Act.FOLLOW_MEASURES.value, ("owner",))
    return analysis


async def update_analysis(
    work: Work, actor: Member, analysis_id: AnalysisId, form: AnalysisForm
) -> RootCauseAnalysis:
    """Keep causes, result and use; with a result its reporters are told (C5). A repeat changes nothing."""
    known = await analysis_to_change(work, actor, analysis_id)
    changed = _changed(known, form)
    if changed == known:
        return known
    changed = replace(changed, changed_at=work.clock.now())
    await work.store.analyses.save(changed)
    await record(
        work, known.group_id, actor, "update analysis", f"analysis:{known.id}", detail=changed.state.value
    )
    if changed.referral_id is not None and changed.result != known.result:
        referral = await work.store.referrals.get(changed.referral_id)
        if referral is not None:
            await tell_reporters(work, await own_group(work, actor), referral)
    return changed


def _changed(known: RootCauseAnalysis, form: AnalysisForm) -> RootCauseAnalysis:
    causes = known.hypotheses if form.hypotheses is None else form.hypotheses[:MOST_HYPOTHESES]
    hypotheses = tuple(guarded("hypotheses", one, limit=300, names=False) for one in causes)
    result = known.result if form.result is None else guarded("result", form.result, names=False)
    used_for = known.used_for if form.used_for is None else guarded("used_for", form.used_for, names=False)
    if used_for and not result:
        raise Invalid("result", "missing")
    state = AnalysisState.USED if used_for else AnalysisState.RESULT if result else AnalysisState.ORDERED
    return replace(known, hypotheses=hypotheses, result=result, used_for=used_for, state=state)


async def measure_from_analysis(  # noqa: PLR0917 - a measure's own facts
    work: Work, actor: Member, analysis_id: AnalysisId, text: str, owner: Owner | None, due: date | None
) -> Measure:
    """Let the result become a measure, which is what it was used for then (C3)."""
    require(actor, Act.DECIDE)
    analysis = await own_analysis(work, actor, analysis_id)
    group, now = await own_group(work, actor), work.clock.now()
    words = guarded("text", text, required=True, names=False)
    if not analysis.result:
        raise Invalid("result", "missing")
    if owner is None:
        raise Invalid("owner", "missing")
    if due is None or due < group.local_day(now):
        raise Invalid("due", "missing" if due is None else "past")
    measure = Measure(
        MeasureId(fresh()),
        group.id,
        analysis.area,
        words,
        owner,
        due,
        now,
        now,
        referral_id=analysis.referral_id,
        decision_id=analysis.decision_id,
        analysis_id=analysis.id,
    )
    await work.store.measures.save(measure)
    await record(work, group.id, actor, "plan measure", f"measure:{measure.id}")
    await update_analysis(work, actor, analysis.id, AnalysisForm(used_for=words))
    return measure


async def analyses_due(work: Work, group: Group, now: datetime) -> None:
    """Ask whoever does an analysis when its day has come and there is no result (C3)."""
    today = group.local_day(now)
    for analysis in await work.store.analyses.list_by_group(group.id):
        if analysis.state is not AnalysisState.ORDERED or today < analysis.due:
            continue
        for member in await owners_to_ask(work, group, analysis.owner.member_id):
            await work.outbox.put(
                Delivery(
                    key=delivery_key(DeliveryKind.ANALYSIS_DUE, analysis.id, analysis.due, member.id),
                    group_id=group.id,
                    kind=DeliveryKind.ANALYSIS_DUE,
                    queued_at=now,
                    member_id=member.id,
                    subject=analysis.id,
                )
            )
