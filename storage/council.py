"""The council, what was referred to it, what it decided and its directions, in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from lagesbild.ids import GroupId, ReferralId, RoundId
from lagesbild.measures import Direction
from lagesbild.referrals import Council, Decision, Referral, ReferralState
from lagesbild.templates import Area
from storage import tables
from storage.rows import Rows
from storage.values import Mapper

_councils = Mapper(Council, "conversation")
_referrals = Mapper(Referral)
_decisions = Mapper(Decision, "owner")
_directions = Mapper(Direction, "priorities", "not_pursued")
_DIRECTIONS_BY_GROUP = (
    select(tables.directions)
    .where(tables.directions.c.group_id == bindparam("group_id"))
    .order_by(tables.directions.c.decided_at.desc(), tables.directions.c.id)
)


class Councils:
    """Fulfils `lagesbild.chain_repositories.Councils`. A council is kept under its group: whoever changes it locks that."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, group_id: GroupId) -> Council | None:
        if self._rows.holds(tables.groups, group_id):
            self._rows.hold(tables.councils, group_id)
        return await self._rows.by_key(tables.councils, _councils.value, group_id=group_id)

    async def list_by_conversation(self, conversation_id: str) -> Sequence[Council]:
        columns = tables.councils.c
        query = select(tables.councils).where(columns.conversation_id == conversation_id)
        return _councils.values(await self._rows.all(query.order_by(columns.group_id)))

    async def save(self, council: Council) -> None:
        """The conversation's id stands in a column of its own too, so that it can be looked up."""
        met = council.conversation
        row = {**_councils.row(council), "conversation_id": met.conversation_id if met else None}
        await self._rows.save(tables.councils, row)


class Referrals:
    """Fulfils `lagesbild.chain_repositories.Referrals`. Getting one to write it locks its round until commit."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, referral_id: ReferralId) -> Referral | None:
        found = await self._rows.by_key(tables.referrals, _referrals.value, id=referral_id)
        if found is None:
            return None
        await self._rows.lock_round(found.round_id)
        self._rows.hold(tables.referrals, referral_id)
        return await self._rows.by_key(tables.referrals, _referrals.value, id=referral_id)

    async def get_by_area(self, round_id: RoundId, area: Area) -> Referral | None:
        await self._rows.lock_round(round_id)
        found = await self._rows.by_key(
            tables.referrals, _referrals.value, round_id=round_id, area=area.value
        )
        if found is not None:
            self._rows.hold(tables.referrals, found.id)
        return found

    async def list_by_round(self, round_id: RoundId) -> Sequence[Referral]:
        columns = tables.referrals.c
        query = select(tables.referrals).where(columns.round_id == round_id)
        return _referrals.values(await self._rows.all(query.order_by(columns.referred_at, columns.id)))

    async def list_by_group(
        self, group_id: GroupId, states: Collection[ReferralState] = ()
    ) -> Sequence[Referral]:
        query = _referrals_by_group(frozenset(states))
        return await self._rows.remembered(tables.referrals, query, _referrals.value, group_id=group_id)

    async def save(self, referral: Referral) -> None:
        await self._rows.save(tables.referrals, _referrals.row(referral))

    async def decisions(self, referral_id: ReferralId) -> Sequence[Decision]:
        columns = tables.decisions.c
        query = select(tables.decisions).where(columns.referral_id == referral_id)
        return _decisions.values(await self._rows.all(query.order_by(columns.decided_at, columns.id)))

    async def add_decision(self, decision: Decision) -> None:
        await self._rows.save(tables.decisions, _decisions.row(decision))


@cache
def _referrals_by_group(states: Collection[ReferralState]) -> Select[Any]:
    columns = tables.referrals.c
    query = select(tables.referrals).where(columns.group_id == bindparam("group_id"))
    if states:
        query = query.where(or_(*(columns.state == state.value for state in sorted(states))))
    return query.order_by(columns.referred_at, columns.id)


class Directions:
    """Fulfils `lagesbild.chain_repositories.Directions`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def list_by_group(self, group_id: GroupId) -> Sequence[Direction]:
        query = _DIRECTIONS_BY_GROUP
        return await self._rows.remembered(tables.directions, query, _directions.value, group_id=group_id)

    async def save(self, direction: Direction) -> None:
        await self._rows.save(tables.directions, _directions.row(direction))
