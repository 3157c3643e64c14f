"""The suggested order of areas for the meeting, with its reasons (B3)."""

from __future__ import annotations

from collections.abc import Sequence

from lagesbild.picture import AreaPicture, Reason, ReasonKind, Remark
from lagesbild.reports import Answer
from lagesbild.templates import Colour, Rating

COLOUR_LEVELS = {Colour.GREEN: 1, Colour.YELLOW: 2, Colour.RED: 3}
_STEP = {Rating.IMPACT: 1.0, Rating.COLOUR: 2.0, Rating.NONE: 0.0}
_RAISED = {Rating.IMPACT: 3.0, Rating.COLOUR: 2.0}
_MOST_REPEATS = 3


def suggested_order(areas: Sequence[AreaPicture]) -> tuple[int, ...]:
    """Question numbers, most urgent first.

    Each area gets points, on the scale of a rating: its level above the lowest (0–4; yellow 2, red 4), half of its
    change since last time (a fall takes points away), up to 2 for spread (the share of answering organisations that
    see a problem, if at least two do), and half a point for each earlier round in a row that it was raised, at most
    1.5. The most points come first; equal ones stay in the template's order; areas that nobody mentions come last.
    An area's reasons are the terms that gave or took points, the weightiest first: nothing else moved it.
    """
    ranked = sorted(areas, key=lambda area: (area.mentioned_by == 0, -points(area), area.number))
    return tuple(area.number for area in ranked)


def points(area: AreaPicture) -> float:
    """The sum of what an area's reasons weigh."""
    return sum(weight(reason, area.rating) for reason in area.reasons)


def weight(reason: Reason, rating: Rating) -> float:
    """The points one reason gives or takes."""
    step = _STEP[rating]
    if reason.kind is ReasonKind.LEVEL:
        return (reason.a - 1) * step
    if reason.kind in (ReasonKind.ROSE, ReasonKind.FELL):
        return (reason.a - reason.b) * step / 2
    if reason.kind is ReasonKind.SPREAD:
        return 2 * reason.a / reason.b
    return min(reason.a - 1, _MOST_REPEATS) / 2


def reasons_of(
    rating: Rating, level: float | None, change: float | None, spread: tuple[int, int], repeated: int
) -> tuple[Reason, ...]:
    """What gives or takes points, weightiest first. `spread` is organisations concerned, of those that answered."""
    found: list[Reason] = []
    if level is not None and level > 1:
        found.append(Reason(ReasonKind.LEVEL, level))
    if level is not None and change:
        kind = ReasonKind.ROSE if change > 0 else ReasonKind.FELL
        found.append(Reason(kind, level, level - change))
    if spread[0] >= 2:
        found.append(Reason(ReasonKind.SPREAD, *spread))
    if repeated >= 2:
        found.append(Reason(ReasonKind.REPEATED, repeated))
    return tuple(sorted(found, key=lambda reason: -abs(weight(reason, rating))))


def repeats(rating: Rating, levels: Sequence[float | None], mentions: Sequence[int]) -> int:
    """In how many rounds in a row, the last one included, the area was raised.

    Raised means a level of at least 3 of 5, or yellow; where there is no scale, that anybody mentioned it.
    """
    count = 0
    for level, mentioned in zip(reversed(levels), reversed(mentions), strict=True):
        if not _is_raised(rating, level, mentioned):
            break
        count += 1
    return count


def _is_raised(rating: Rating, level: float | None, mentioned: int) -> bool:
    if rating is Rating.NONE:
        return mentioned > 0
    return level is not None and level >= _RAISED[rating]


def sees_problem(said: Answer | Remark) -> bool:
    """Whether somebody sees a problem: rated above the lowest level, or put in words without a rating."""
    if said.impact is not None:
        return said.impact > 1
    if said.colour is not None:
        return said.colour is not Colour.GREEN
    return bool(said.comment or said.bullets)
