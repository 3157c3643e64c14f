"""Joint assessments with their history, themes and what is tied to them, in the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from lagesbild.assessments import JointAssessment
from lagesbild.ids import GroupId, RoundId, ThemeId
from lagesbild.templates import Area
from lagesbild.themes import Theme, Tie
from storage import tables
from storage.rows import Rows
from storage.values import Mapper

_assessments = Mapper(JointAssessment)
_themes = Mapper(Theme)
_ties = Mapper(Tie)
_AREAS = list(Area)


class Assessments:
    """Fulfils `lagesbild.chain_repositories.Assessments`. Getting one to write it locks its round until commit."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, round_id: RoundId, area: Area) -> JointAssessment | None:
        await self._rows.lock_round(round_id)
        found = await self._rows.by_key(
            tables.assessments, _assessments.value, round_id=round_id, area=area.value
        )
        if found is not None:
            self._rows.hold(tables.assessments, found.id)
        return found

    async def list_by_round(self, round_id: RoundId) -> Sequence[JointAssessment]:
        query = select(tables.assessments).where(tables.assessments.c.round_id == round_id)
        found = _assessments.values(await self._rows.all(query))
        return sorted(found, key=lambda one: _AREAS.index(one.area))

    async def history(self, round_id: RoundId, area: Area) -> Sequence[JointAssessment]:
        columns = tables.assessment_revisions.c
        query = select(tables.assessment_revisions).where(
            columns.round_id == round_id, columns.area == area.value
        )
        return _assessments.values(await self._rows.all(query.order_by(columns.revision, columns.id)))

    async def save(self, assessment: JointAssessment) -> None:
        await self._rows.save(tables.assessments, _assessments.row(assessment), tables.assessment_revisions)


class Themes:
    """Fulfils `lagesbild.chain_repositories.Themes`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, theme_id: ThemeId) -> Theme | None:
        return await self._rows.by_key(tables.themes, _themes.value, id=theme_id)

    async def lock(self, theme_id: ThemeId) -> Theme | None:
        return await self._rows.locked(tables.themes, _themes.value, id=theme_id)

    async def list_by_group(self, group_id: GroupId) -> Sequence[Theme]:
        columns = tables.themes.c
        query = select(tables.themes).where(columns.group_id == group_id)
        ordered = query.order_by(columns.closed_at.is_not(None), columns.created_at.desc(), columns.id)
        return _themes.values(await self._rows.all(ordered))

    async def save(self, theme: Theme) -> None:
        await self._rows.save(tables.themes, _themes.row(theme))

    async def ties(self, theme_id: ThemeId) -> Sequence[Tie]:
        columns = tables.ties.c
        query = select(tables.ties).where(columns.theme_id == theme_id)
        ordered = query.order_by(columns.round_id, columns.member_id, columns.area)
        return _ties.values(await self._rows.all(ordered))

    async def tie(self, tie: Tie) -> None:
        await self._rows.add(tables.ties, _ties.row(tie))

    async def untie(self, tie: Tie) -> None:
        columns = tables.ties.c
        same = (columns[name] == value for name, value in _ties.row(tie).items())
        await self._rows.write(tables.ties, delete(tables.ties).where(*same))
