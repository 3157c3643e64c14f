"""The council's direction: what to pursue for a while, and what not to (C2, C7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lagesbild.authority import Act, require
from lagesbild.errors import Invalid
from lagesbild.guarded import guarded
from lagesbild.ids import DirectionId, fresh
from lagesbild.measures import Direction, Priority
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import own_group

MOST = 5
LONGEST = 200


async def decide_direction(  # noqa: PLR0917 - a direction's own facts
    work: Work,
    actor: Member,
    first: date,
    last: date,
    priorities: Sequence[Priority],
    not_pursued: Sequence[str],
    responsible: str,
) -> Direction:
    """Decide what is pursued from `first` to `last`, and what is not; it takes the place of an earlier one.

    Invalid for no priority, more than five of either, a period that ends before it begins, or nobody responsible.
    """
    require(actor, Act.DECIDE)
    group = await own_group(work, actor)
    if last < first:
        raise Invalid("last", "before_first")
    if not priorities:
        raise Invalid("priorities", "missing")
    if max(len(priorities), len(not_pursued)) > MOST:
        raise Invalid("priorities", "too_many", limit=MOST)
    direction = Direction(
        DirectionId(fresh()),
        group.id,
        first,
        last,
        tuple(
            Priority(guarded("priorities", p.text, limit=LONGEST, required=True, names=False), p.area)
            for p in priorities
        ),
        tuple(guarded("not_pursued", one, limit=LONGEST, names=False) for one in not_pursued),
        guarded("responsible", responsible, limit=LONGEST, required=True, names=False),
        actor.id,
        work.clock.now(),
    )
    await work.store.directions.save(direction)
    await record(work, group.id, actor, "decide direction", f"direction:{direction.id}")
    return direction


async def current_direction(work: Work, group: Group, day: date) -> Direction | None:
    """The direction in force that day: where several are, the one decided last."""
    directions = await work.store.directions.list_by_group(group.id)
    return next((one for one in directions if one.holds(day)), None)
