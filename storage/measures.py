"""Measures, root-cause analyses and whether they show, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, select

from lagesbild.feedback import FollowUp
from lagesbild.ids import AnalysisId, GroupId, MeasureId, MemberId, ReferralId, RoundId
from lagesbild.measures import Measure, RootCauseAnalysis
from storage import tables
from storage.rows import Rows
from storage.values import Mapper

_measures = Mapper(Measure, "owner")
_analyses = Mapper(RootCauseAnalysis, "owner", "hypotheses")
_follow_ups = Mapper(FollowUp)


class Measures:
    """Fulfils `lagesbild.chain_repositories.Measures`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, measure_id: MeasureId) -> Measure | None:
        return await self._rows.by_key(tables.measures, _measures.value, id=measure_id)

    async def lock(self, measure_id: MeasureId) -> Measure | None:
        return await self._rows.locked(tables.measures, _measures.value, id=measure_id)

    async def list_by_group(self, group_id: GroupId) -> Sequence[Measure]:
        columns = tables.measures.c
        query = select(tables.measures).where(columns.group_id == group_id)
        return await self._all(query.order_by(columns.due, columns.id))

    async def list_by_round(self, round_id: RoundId) -> Sequence[Measure]:
        columns = tables.measures.c
        query = select(tables.measures).where(columns.round_id == round_id, columns.referral_id.is_(None))
        return await self._all(query.order_by(columns.due, columns.id))

    async def list_by_referral(self, referral_id: ReferralId) -> Sequence[Measure]:
        columns = tables.measures.c
        query = select(tables.measures).where(columns.referral_id == referral_id)
        return await self._all(query.order_by(columns.created_at, columns.id))

    async def save(self, measure: Measure) -> None:
        await self._rows.save(tables.measures, _measures.row(measure))

    async def remove(self, measure: Measure) -> None:
        await self._rows.write(
            tables.measures, delete(tables.measures).where(tables.measures.c.id == measure.id)
        )

    async def _all(self, query: Select[Any]) -> Sequence[Measure]:
        return _measures.values(await self._rows.all(query))


class Analyses:
    """Fulfils `lagesbild.chain_repositories.Analyses`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, analysis_id: AnalysisId) -> RootCauseAnalysis | None:
        return await self._rows.by_key(tables.analyses, _analyses.value, id=analysis_id)

    async def lock(self, analysis_id: AnalysisId) -> RootCauseAnalysis | None:
        return await self._rows.locked(tables.analyses, _analyses.value, id=analysis_id)

    async def list_by_group(self, group_id: GroupId) -> Sequence[RootCauseAnalysis]:
        columns = tables.analyses.c
        query = select(tables.analyses).where(columns.group_id == group_id)
        return _analyses.values(await self._rows.all(query.order_by(columns.due, columns.id)))

    async def list_by_referral(self, referral_id: ReferralId) -> Sequence[RootCauseAnalysis]:
        columns = tables.analyses.c
        query = select(tables.analyses).where(columns.referral_id == referral_id)
        return _analyses.values(await self._rows.all(query.order_by(columns.decided_at, columns.id)))

    async def save(self, analysis: RootCauseAnalysis) -> None:
        await self._rows.save(tables.analyses, _analyses.row(analysis))

    async def remove(self, analysis: RootCauseAnalysis) -> None:
        await self._rows.write(
            tables.analyses, delete(tables.analyses).where(tables.analyses.c.id == analysis.id)
        )


class FollowUps:
    """Fulfils `lagesbild.chain_repositories.FollowUps`. Getting one to write it locks it until commit."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, measure_id: MeasureId, member_id: MemberId, number: int) -> FollowUp | None:
        key = {"measure_id": measure_id, "member_id": member_id, "number": number}
        return await self._rows.locked(tables.follow_ups, _follow_ups.value, **key)

    async def list_by_referral(self, referral_id: ReferralId) -> Sequence[FollowUp]:
        columns = tables.follow_ups.c
        query = select(tables.follow_ups).where(columns.referral_id == referral_id)
        return await self._all(query.order_by(columns.asked_at, columns.member_id))

    async def list_by_group(self, group_id: GroupId) -> Sequence[FollowUp]:
        query = select(tables.follow_ups).join(
            tables.measures, tables.measures.c.id == tables.follow_ups.c.measure_id
        )
        own = query.where(tables.measures.c.group_id == group_id)
        return await self._all(own.order_by(tables.follow_ups.c.asked_at, tables.follow_ups.c.member_id))

    async def save(self, follow_up: FollowUp) -> None:
        await self._rows.save(tables.follow_ups, _follow_ups.row(follow_up))

    async def _all(self, query: Select[Any]) -> Sequence[FollowUp]:
        return _follow_ups.values(await self._rows.all(query))
