"""Who did what, when, to what, on whose behalf (F2). Never what somebody wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lagesbild.ids import GroupId, MemberId


@dataclass(frozen=True)
class AuditEntry:
    """One change. `actor_id` is None for what the clock did; `subject` is a kind and an id (`round:…`)."""

    group_id: GroupId
    at: datetime
    actor_id: MemberId | None
    action: str
    subject: str
    on_behalf_of: MemberId | None = None
    detail: str = ""
