"""What the clock does about the chain: nothing that was lifted, promised or decided is forgotten (C1, C3, C6, D4)."""

from __future__ import annotations

from datetime import datetime

from lagesbild.people import Group
from lagesbild.ports import Work
from lagesbild.usecases.analysing import analyses_due
from lagesbild.usecases.assessing import finish_due
from lagesbild.usecases.deciding import council_due
from lagesbild.usecases.following_up import follow_ups_due
from lagesbild.usecases.measuring import measures_due
from lagesbild.usecases.promising import renewals_due

_DUE = (finish_due, council_due, measures_due, analyses_due, follow_ups_due, renewals_due)


async def follow_group(work: Work, group: Group, now: datetime) -> None:
    """Remind, escalate and ask what is due in one group. Every effect has a key, so a repeat changes nothing."""
    for due in _DUE:
        await due(work, group, now)
