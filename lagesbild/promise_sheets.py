"""A promise as it is read: each section with how it goes, beside how the period before went (D3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lagesbild.people import Group
from lagesbild.promise_drafts import same_words
from lagesbild.promises import CitizenPromise, PromiseState, Section, SectionFollowUp


@dataclass(frozen=True)
class Outcome:
    """How a section of the same title went in the period before; None where it was never followed up."""

    section: Section
    latest: SectionFollowUp | None


@dataclass(frozen=True)
class SectionSheet:
    """One section with its follow-ups, oldest first."""

    section: Section
    follow_ups: tuple[SectionFollowUp, ...] = ()
    before: Outcome | None = None

    @property
    def latest(self) -> SectionFollowUp | None:
        """The follow-up that holds."""
        return self.follow_ups[-1] if self.follow_ups else None


@dataclass(frozen=True)
class PromiseSheet:
    """A whole promise, seen on a day. `runs` says whether the reader may change promises."""

    group: Group
    promise: CitizenPromise
    sections: tuple[SectionSheet, ...]
    previous: CitizenPromise | None
    today: date
    runs: bool = False

    @property
    def days_left(self) -> int:
        """How many days it is in force after today; negative when it has ended."""
        return (self.promise.last - self.today) // timedelta(days=1)


@dataclass(frozen=True)
class PromiseOverview:
    """What `löften` shows: the current promise, or else the latest that ended, and what comes next (D4)."""

    group: Group
    today: date
    shown: PromiseSheet | None
    others: tuple[CitizenPromise, ...] = ()
    """Other published ones in force or to come."""
    in_work: tuple[CitizenPromise, ...] = ()
    """Drafts and adopted ones: only for those who run promises."""
    runs: bool = False


def sheet_sections(
    promise: CitizenPromise,
    follow_ups: Sequence[SectionFollowUp],
    previous: CitizenPromise | None = None,
    earlier: Sequence[SectionFollowUp] = (),
) -> tuple[SectionSheet, ...]:
    """Each section with its own follow-ups and the outcome of the same title in the period before."""
    return tuple(
        SectionSheet(
            section,
            tuple(one for one in follow_ups if one.number == section.number),
            _outcome(section, previous, earlier),
        )
        for section in promise.sections
    )


def previous_among(promise: CitizenPromise, promises: Sequence[CitizenPromise]) -> CitizenPromise | None:
    """The promise of the period before: the one it names, else the latest published that ended before it began."""
    if promise.previous_id is not None:
        return next((one for one in promises if one.id == promise.previous_id), None)
    before = [one for one in promises if one.state is PromiseState.PUBLISHED and one.last < promise.first]
    return max(before, key=lambda one: (one.last, one.id), default=None)


def _outcome(
    section: Section, previous: CitizenPromise | None, earlier: Sequence[SectionFollowUp]
) -> Outcome | None:
    same = [one for one in previous.sections if same_words(one.title, section.title)] if previous else []
    if not same:
        return None
    went = [one for one in earlier if one.number == same[0].number]
    return Outcome(same[0], went[-1] if went else None)
