"""The group's own measure of a yellow area: one, with an owner and a day (B5, A3)."""

from __future__ import annotations

from dataclasses import replace

from lagesbild.assessments import AssessmentForm
from lagesbild.audit import AuditAction
from lagesbild.ids import MeasureId, fresh
from lagesbild.measures import Measure, MeasureState
from lagesbild.people import Member
from lagesbild.ports import Work
from lagesbild.rounds import Round
from lagesbild.templates import Area, Colour
from lagesbild.usecases.audit import record


async def keep_own_measure(
    work: Work, actor: Member, round_: Round, area: Area, form: AssessmentForm
) -> None:
    """Make or change the area's measure; one that nobody has begun goes when the area is not yellow any more.

    `form` is checked: yellow has its owner and day.
    """
    measures = await work.store.measures.list_by_round(round_.id)
    found = next((one for one in measures if one.area is area), None)
    known = await work.store.measures.lock(found.id) if found is not None else None
    if form.colour is not Colour.YELLOW:
        if known is not None and known.state is MeasureState.PLANNED:
            await work.store.measures.remove(known)
            await record(work, round_.group_id, actor, AuditAction.REMOVE_MEASURE, f"measure:{known.id}")
        return
    measure = _as_written(work, round_, area, form, known)
    if measure != known:
        await work.store.measures.save(replace(measure, changed_at=work.clock.now()))
        await record(work, round_.group_id, actor, AuditAction.PLAN_MEASURE, f"measure:{measure.id}")


def _as_written(
    work: Work, round_: Round, area: Area, form: AssessmentForm, known: Measure | None
) -> Measure:
    assert form.owner is not None  # noqa: S101 - yellow has one
    assert form.due is not None  # noqa: S101
    if known is not None:
        return replace(known, text=form.measure, owner=form.owner, due=form.due)
    now = work.clock.now()
    return Measure(
        MeasureId(fresh()),
        round_.group_id,
        area,
        form.measure,
        form.owner,
        form.due,
        now,
        now,
        round_id=round_.id,
    )
