"""Reports with their history, and observations, in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Integer, Select, bindparam, delete, select, update

from lagesbild.ids import MemberId, ObservationId, RoundId
from lagesbild.reports import Answer, Count, Observation, Override, Report, ReportState
from lagesbild.templates import Area, Colour
from storage import tables
from storage.rows import Row, Rows

_reports = tables.reports.c
_revisions = tables.report_revisions.c
_observations = tables.observations.c
_UNREPORTED = (
    select(tables.observations)
    .where(_observations.member_id == bindparam("member_id"), _observations.reported_in.is_(None))
    .order_by(_observations.noted_at, _observations.id)
)
_BY_MEMBER = (
    select(tables.reports)
    .where(_reports.member_id == bindparam("member_id"), _reports.state == ReportState.SUBMITTED)
    .order_by(_reports.submitted_at.desc(), _reports.id)
    .limit(bindparam("limit", type_=Integer))
)


class Reports:
    """Fulfils `lagesbild.repositories.Reports`. Getting one to write it locks it until commit, or the lock on its round does."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, round_id: RoundId, member_id: MemberId) -> Report | None:
        await self._rows.lock_report(round_id, member_id)
        found = await self._rows.by_key(tables.reports, _report, round_id=round_id, member_id=member_id)
        if found is not None:
            self._rows.hold(tables.reports, found.id)
        return found

    async def list_by_round(self, round_id: RoundId) -> Sequence[Report]:
        query = select(tables.reports).where(_reports.round_id == round_id)
        return await self._all(query.order_by(_reports.member_id))

    async def list_by_rounds(self, round_ids: Collection[RoundId]) -> Sequence[Report]:
        if not round_ids:
            return []
        query = select(tables.reports).where(
            _reports.round_id.in_(sorted(round_ids)), _reports.state == ReportState.SUBMITTED
        )
        return await self._all(query.order_by(_reports.round_id, _reports.member_id))

    async def list_by_member(self, member_id: MemberId, limit: int = 20) -> Sequence[Report]:
        return await self._rows.remembered(
            tables.reports, _BY_MEMBER, _report, member_id=member_id, limit=limit
        )

    async def history(self, round_id: RoundId, member_id: MemberId) -> Sequence[Report]:
        query = select(tables.report_revisions).where(
            _revisions.round_id == round_id, _revisions.member_id == member_id
        )
        return await self._all(query.order_by(_revisions.revision, _revisions.id))

    async def save(self, report: Report) -> None:
        history = (tables.report_revisions,) if report.is_submitted else ()
        await self._rows.save(tables.reports, _report_row(report), *history)

    async def remove(self, report: Report) -> None:
        """Does nothing to a report that was submitted meanwhile."""
        draft = delete(tables.reports).where(_reports.id == report.id, _reports.state == ReportState.DRAFT)
        await self._rows.write(tables.reports, draft)

    async def _all(self, query: Select[Any]) -> Sequence[Report]:
        return await self._rows.made(query, _report)


class Observations:
    """Fulfils `lagesbild.repositories.Observations`. Getting one to write it locks it until commit."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, observation_id: ObservationId) -> Observation | None:
        return await self._rows.locked(tables.observations, _observation, id=observation_id)

    async def list_unreported(self, member_id: MemberId) -> Sequence[Observation]:
        return await self._rows.remembered(
            tables.observations, _UNREPORTED, _observation, member_id=member_id
        )

    async def save(self, observation: Observation) -> None:
        await self._rows.save(tables.observations, vars(observation))

    async def mark_reported(self, observations: Collection[Observation], round_id: RoundId) -> None:
        if observations:
            those = _observations.id.in_(sorted(one.id for one in observations))
            unmarked = update(tables.observations).where(those, _observations.reported_in.is_(None))
            await self._rows.write(tables.observations, unmarked.values(reported_in=round_id))

    async def remove(self, observation: Observation) -> None:
        query = delete(tables.observations).where(_observations.id == observation.id)
        await self._rows.write(tables.observations, query)


def _report_row(report: Report) -> dict[str, Any]:
    return {
        "id": report.id,
        "round_id": report.round_id,
        "member_id": report.member_id,
        "state": report.state.value,
        "answers": [vars(answer) for answer in report.answers],
        "entered_by": report.entered_by,
        "updated_at": report.updated_at,
        "submitted_at": report.submitted_at,
        "late": report.late,
        "revision": report.revision,
        "overrides": [vars(override) for override in report.overrides],
        "counts": [vars(count) for count in report.counts],
    }


def _report(row: Row) -> Report:
    values = dict(row)
    values["state"] = ReportState(values["state"])
    values["answers"] = tuple(map(_answer, values["answers"]))
    values["overrides"] = tuple(Override(**override) for override in values["overrides"])
    values["counts"] = tuple(Count(**count) for count in values["counts"])
    return Report(**values)


def _answer(data: dict[str, Any]) -> Answer:
    colour = Colour(data["colour"]) if data["colour"] else None
    return Answer(**{**data, "colour": colour, "bullets": tuple(data["bullets"])})


def _observation(row: Row) -> Observation:
    return Observation(**{**row, "area": Area(row["area"]) if row["area"] else None})
