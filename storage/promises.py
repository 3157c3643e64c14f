"""Citizen promises, how their sections went and who opened them, in the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select

from lagesbild.ids import GroupId, PromiseId
from lagesbild.promises import CitizenPromise, PromiseOpened, PromiseState, SectionFollowUp
from storage import tables
from storage.rows import Rows
from storage.values import Mapper

_promises = Mapper(CitizenPromise, "sections", "signatures")
_follow_ups = Mapper(SectionFollowUp)
_opened = Mapper(PromiseOpened)
_columns = tables.promises.c
_BY_GROUP = (
    select(tables.promises)
    .where(_columns.group_id == bindparam("group_id"))
    .order_by(_columns.first.desc(), _columns.id)
)


class Promises:
    """Fulfils `lagesbild.chain_repositories.Promises`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, promise_id: PromiseId) -> CitizenPromise | None:
        return await self._rows.by_key(tables.promises, _promises.value, id=promise_id)

    async def lock(self, promise_id: PromiseId) -> CitizenPromise | None:
        return await self._rows.locked(tables.promises, _promises.value, id=promise_id)

    async def lock_by_group(self, group_id: GroupId) -> Sequence[CitizenPromise]:
        query = select(tables.promises).where(_columns.group_id == group_id)
        ordered = query.order_by(_columns.first.desc(), _columns.id)
        return await self._rows.all_locked(tables.promises, ordered, _promises.value)

    async def list_by_group(self, group_id: GroupId) -> Sequence[CitizenPromise]:
        return await self._rows.remembered(tables.promises, _BY_GROUP, _promises.value, group_id=group_id)

    async def save(self, promise: CitizenPromise) -> None:
        await self._rows.save(tables.promises, _promises.row(promise))

    async def remove(self, promise: CitizenPromise) -> None:
        promises, opened = tables.promises.c, tables.promises_opened.c
        draft = select(promises.id).where(promises.id == promise.id, promises.state == PromiseState.DRAFT)
        await self._rows.write(
            tables.promises_opened, delete(tables.promises_opened).where(opened.promise_id.in_(draft))
        )
        await self._rows.write(tables.promises, delete(tables.promises).where(promises.id.in_(draft)))

    async def follow_ups(self, promise_id: PromiseId) -> Sequence[SectionFollowUp]:
        columns = tables.section_follow_ups.c
        query = select(tables.section_follow_ups).where(columns.promise_id == promise_id)
        return _follow_ups.values(await self._rows.all(query.order_by(columns.number, columns.at)))

    async def add_follow_up(self, follow_up: SectionFollowUp) -> None:
        await self._rows.save(tables.section_follow_ups, _follow_ups.row(follow_up))

    async def opened(self, promise_id: PromiseId) -> Sequence[PromiseOpened]:
        columns = tables.promises_opened.c
        query = select(tables.promises_opened).where(columns.promise_id == promise_id)
        return _opened.values(await self._rows.all(query.order_by(columns.member_id)))

    async def save_opened(self, opened: PromiseOpened) -> None:
        await self._rows.add(tables.promises_opened, _opened.row(opened))
