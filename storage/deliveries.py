"""The ledger of deliveries and the audit log in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from lagesbild.audit import AuditAction, AuditEntry
from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState, KeptCard
from lagesbild.ids import DeliveryKey, GroupId, MemberId, RoundId
from storage import tables
from storage.rows import Row, Rows

_deliveries = tables.deliveries.c
_audit = tables.audit.c
_UNDELIVERED = sorted(state.value for state in DeliveryState if state.is_undelivered)


class Deliveries:
    """Fulfils `lagesbild.repositories.Deliveries`. Getting one to write it locks it until commit."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, key: DeliveryKey) -> Delivery | None:
        return await self._rows.locked(tables.deliveries, _delivery, key=key)

    async def list_by_round(
        self, round_id: RoundId, kinds: Collection[DeliveryKind] = ()
    ) -> Sequence[Delivery]:
        query = select(tables.deliveries).where(_deliveries.round_id == round_id)
        if kinds:
            query = query.where(_deliveries.kind.in_(sorted(kind.value for kind in kinds)))
        return await self._all(query.order_by(_deliveries.key))

    async def list_undelivered(
        self, group_id: GroupId, member_id: MemberId | None = None
    ) -> Sequence[Delivery]:
        query = select(tables.deliveries).where(
            _deliveries.group_id == group_id, _deliveries.state.in_(_UNDELIVERED)
        )
        if member_id is not None:
            query = query.where(_deliveries.member_id == member_id)
        return await self._all(query.order_by(_deliveries.queued_at.desc(), _deliveries.key))

    async def list_by_member(self, member_id: MemberId) -> Sequence[Delivery]:
        query = select(tables.deliveries).where(_deliveries.member_id == member_id)
        return await self._all(query.order_by(_deliveries.queued_at, _deliveries.key))

    async def list_by_group(self, group_id: GroupId, kinds: Collection[DeliveryKind]) -> Sequence[Delivery]:
        query = select(tables.deliveries).where(
            _deliveries.group_id == group_id, _deliveries.kind.in_(sorted(kind.value for kind in kinds))
        )
        return await self._all(query.order_by(_deliveries.queued_at, _deliveries.key))

    async def list_sent(
        self, group_id: GroupId, kinds: Collection[DeliveryKind], since: datetime
    ) -> Sequence[Delivery]:
        query = select(tables.deliveries).where(
            _deliveries.group_id == group_id,
            _deliveries.state == DeliveryState.SENT,
            _deliveries.queued_at >= since,
            _deliveries.kind.in_(sorted(kind.value for kind in kinds)),
        )
        return await self._all(query.order_by(_deliveries.queued_at, _deliveries.key))

    async def card(self, key: str) -> KeptCard | None:
        return await self._rows.by_key(tables.kept_cards, lambda row: KeptCard(**row), key=key)

    async def save_card(self, card: KeptCard) -> None:
        await self._rows.replace(tables.kept_cards, vars(card))

    async def remove_card(self, key: str) -> None:
        query = delete(tables.kept_cards).where(tables.kept_cards.c.key == key)
        await self._rows.write(tables.kept_cards, query)

    async def add(self, delivery: Delivery) -> bool:
        return await self._rows.add(tables.deliveries, _delivery_row(delivery))

    async def save(self, delivery: Delivery) -> None:
        await self._rows.save(tables.deliveries, _delivery_row(delivery))

    async def _all(self, query: Select[Any]) -> Sequence[Delivery]:
        return await self._rows.made(query, _delivery)


class AuditLog:
    """Fulfils `lagesbild.repositories.AuditLog`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, entry: AuditEntry) -> None:
        await self._rows.append(tables.audit, {**vars(entry), "action": entry.action.value})

    async def list_by_group(
        self, group_id: GroupId, limit: int = 100, *, skip: int = 0
    ) -> Sequence[AuditEntry]:
        columns = [column for column in _audit if column.name != "id"]
        query = select(*columns).where(_audit.group_id == group_id)
        ordered = query.order_by(_audit.at.desc(), _audit.id.desc()).limit(limit).offset(skip)
        found = await self._rows.all(ordered)
        return [AuditEntry(**{**row, "action": AuditAction(row["action"])}) for row in found]


def _delivery_row(delivery: Delivery) -> dict[str, Any]:
    return {**vars(delivery), "kind": delivery.kind.value, "state": delivery.state.value}


def _delivery(row: Row) -> Delivery:
    return Delivery(**{**row, "kind": DeliveryKind(row["kind"]), "state": DeliveryState(row["state"])})
