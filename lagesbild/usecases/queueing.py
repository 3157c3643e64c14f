"""Putting one message on the outbox: what kind it is and what its key is made of are said once."""

from __future__ import annotations

from lagesbild.deliveries import Delivery, DeliveryKind, delivery_key
from lagesbild.ids import GroupId, MemberId, RoundId
from lagesbild.ports import Work


async def queue(
    work: Work,
    kind: DeliveryKind,
    group_id: GroupId,
    *ids: object,
    to: MemberId | None,
    round_id: RoundId | None = None,
    subject: str = "",
) -> bool:
    """Queue `{kind}:{ids}` to a member, or with `to=None` to the channel; False if it was queued before (F4)."""
    return await work.outbox.put(
        Delivery(
            key=delivery_key(kind, *ids),
            group_id=group_id,
            kind=kind,
            queued_at=work.clock.now(),
            member_id=to,
            round_id=round_id,
            subject=subject,
        )
    )
