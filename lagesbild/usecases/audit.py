"""One way to write an audit entry, so that every use case says the same things (F2)."""

from __future__ import annotations

from lagesbild.audit import AuditAction, AuditEntry
from lagesbild.ids import GroupId, MemberId
from lagesbild.people import Member
from lagesbild.ports import Work


async def record(
    work: Work,
    group_id: GroupId,
    actor: Member | None,
    action: AuditAction,
    subject: str,
    *,
    on_behalf_of: MemberId | None = None,
    detail: str = "",
) -> None:
    """Add one entry; `actor` None means the clock. `detail` never holds what somebody wrote."""
    entry = AuditEntry(
        group_id=group_id,
        at=work.clock.now(),
        actor_id=actor.id if actor else None,
        action=action,
        subject=subject,
        on_behalf_of=on_behalf_of,
        detail=detail,
    )
    await work.store.audit.add(entry)
