"""What the use cases need of the world: Protocols that `storage` and `bot` fulfil.

`save` inserts, or replaces by id what was locked before it was read to be changed: what others could have changed
meanwhile is refused, so that nobody's change is lost. `get` returns None for what is not there; every `list_by_x` has a stable order,
said in its docstring. Nothing here commits: the edge opens and commits one unit of work per turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from lagesbild.chain_repositories import (
    Analyses,
    Assessments,
    Councils,
    Directions,
    FollowUps,
    Measures,
    Promises,
    Referrals,
    Themes,
)
from lagesbild.deliveries import Delivery
from lagesbild.promise_data import PromiseFile, shipped_promises
from lagesbild.repositories import (
    Absences,
    AuditLog,
    Deliveries,
    Groups,
    Meetings,
    Members,
    Observations,
    Pictures,
    Reports,
    Rounds,
)
from lagesbild.templates import Templates


class Clock(Protocol):
    """Tells the time; UTC, aware."""

    def now(self) -> datetime: ...


class Outbox(Protocol):
    """Takes what must be sent to somebody else, in the caller's own transaction."""

    async def put(self, delivery: Delivery) -> bool:
        """Queue a delivery with its ledger row; False, changing nothing, if the key is known already."""

    async def again(self, delivery: Delivery) -> None:
        """Queue a known delivery once more (resend, re-arm): its row goes back to queued."""


class UnitOfWork(Protocol):
    """One transaction's repositories."""

    @property
    def groups(self) -> Groups: ...
    @property
    def members(self) -> Members: ...
    @property
    def absences(self) -> Absences: ...
    @property
    def meetings(self) -> Meetings: ...
    @property
    def rounds(self) -> Rounds: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def observations(self) -> Observations: ...
    @property
    def pictures(self) -> Pictures: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def audit(self) -> AuditLog: ...
    @property
    def assessments(self) -> Assessments: ...
    @property
    def themes(self) -> Themes: ...
    @property
    def councils(self) -> Councils: ...
    @property
    def referrals(self) -> Referrals: ...
    @property
    def measures(self) -> Measures: ...
    @property
    def analyses(self) -> Analyses: ...
    @property
    def directions(self) -> Directions: ...
    @property
    def follow_ups(self) -> FollowUps: ...
    @property
    def promises(self) -> Promises: ...


@dataclass(frozen=True)
class Work:
    """What every use case is given: one open unit of work, the clock, the outbox, the templates and the examples."""

    store: UnitOfWork
    clock: Clock
    outbox: Outbox
    templates: Templates
    examples: Mapping[str, PromiseFile] = field(default_factory=shipped_promises)
    """Promises that a new one can begin from, by id (D5)."""
