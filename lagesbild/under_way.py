"""What is going on, as the next prompt tells: direction, promises and what became of the own answers (C7, D4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from lagesbild.ids import ReferralId
from lagesbild.measures import Direction
from lagesbild.promises import CitizenPromise
from lagesbild.referrals import Referral
from lagesbild.templates import Area


@dataclass(frozen=True)
class UnderWay:
    """What one member reads in the prompt under "this is going on". Nothing another person reported is in it."""

    direction: Direction | None = None
    """The council's, if one is in force today."""
    promises: tuple[CitizenPromise, ...] = ()
    """Current ones that answer to what the member reported lately; all current ones if none does."""
    referrals: tuple[Referral, ...] = ()
    """Open ones that the member's answers stand behind, newest first."""
    done: Mapping[ReferralId, date] = field(default_factory=dict)
    """Of those, when all that was to be done was done."""
    overdue: frozenset[ReferralId] = frozenset()
    """Of those, what the council should have answered by now."""

    def __bool__(self) -> bool:
        return bool(self.direction or self.promises or self.referrals)


def current_ones(promises: Iterable[CitizenPromise], day: date) -> tuple[CitizenPromise, ...]:
    """Those in force that day, in the order given."""
    return tuple(promise for promise in promises if promise.is_current(day))


def answering(
    promises: Iterable[CitizenPromise], areas: Collection[Area], referral_id: ReferralId | None = None
) -> tuple[CitizenPromise, ...]:
    """Those with a section that answers to one of the areas, or to that very referral (D4)."""
    return tuple(
        promise
        for promise in promises
        if any(
            not set(areas).isdisjoint(section.areas)
            or (referral_id is not None and section.referral_id == referral_id)
            for section in promise.sections
        )
    )
