"""Citizen promises: what municipality and police promise those who live here, and how it goes (D1–D5)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from lagesbild.ids import GroupId, MemberId, PromiseId, ReferralId
from lagesbild.templates import Area


class PromiseState(StrEnum):
    """DRAFT → ADOPTED when its signatures and adoption are there → PUBLISHED to everybody. ENDED is by date."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    PUBLISHED = "published"


class SectionStatus(StrEnum):
    """How a section goes, as the follow-up says (D3)."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True)
class Commitment:
    """Who does what within a section, such as "Polisen" and "Besöka skolorna varje vecka"."""

    who: str
    what: str


@dataclass(frozen=True)
class Section:
    """One theme of a promise (D2). `why` is its background; `areas` are those of the reports that it answers (D4)."""

    number: int
    title: str
    commitments: tuple[Commitment, ...]
    why: str = ""
    areas: tuple[Area, ...] = ()
    indicator: str = ""
    """What is counted to see whether it is kept, such as "Anmälda skadegörelser per månad"."""
    referral_id: ReferralId | None = None

    @property
    def mark(self) -> str:
        """Names the section on a card by what it says: numbers close up when another is removed."""
        said = repr(replace(self, number=0))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True)
class Signature:
    """Somebody who signs by role, such as the chair of kommunstyrelsen (D2). `signed_on` is None until it is done."""

    role: str
    name: str = ""
    signed_on: date | None = None


@dataclass(frozen=True)
class CitizenPromise:
    """A citizen promise (`medborgarlöfte`) for a period, `first` and `last` included (D1, D2)."""

    id: PromiseId
    group_id: GroupId
    title: str
    preamble: str
    first: date
    last: date
    sections: tuple[Section, ...]
    signatures: tuple[Signature, ...]
    drafted_by: MemberId
    changed_at: datetime
    state: PromiseState = PromiseState.DRAFT
    adopted_by: str = ""
    """The body that adopted it, such as kommunstyrelsen."""
    adopted_on: date | None = None
    published_at: datetime | None = None
    previous_id: PromiseId | None = None
    """The promise of the period before, whose outcome is kept beside it (D3)."""

    def is_current(self, day: date) -> bool:
        """Whether it is published and in force that day."""
        return self.state is PromiseState.PUBLISHED and self.first <= day <= self.last

    def section(self, number: int) -> Section | None:
        """The section of that number, or None."""
        return next((section for section in self.sections if section.number == number), None)


@dataclass(frozen=True)
class SectionFollowUp:
    """How one section went at a time: status, words, and the indicator's value if it has one (D3). Each one is kept."""

    promise_id: PromiseId
    number: int
    """The section's."""
    at: datetime
    by: MemberId
    status: SectionStatus
    comment: str = ""
    value: float | None = None


@dataclass(frozen=True)
class PromiseOpened:
    """That a member opened a promise, and when first (the chain's measure)."""

    promise_id: PromiseId
    member_id: MemberId
    at: datetime
