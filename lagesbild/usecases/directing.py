"""The council's direction for a period: what to pursue, and what not to (C2, C7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.errors import Invalid
from lagesbild.guarded import guarded
from lagesbild.ids import DirectionId, fresh
from lagesbild.measures import Direction, Priority
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_group

MOST = 5
"""Priorities that anybody can keep in mind."""
MOST_NOT_PURSUED = 10
LONGEST_LINE = 200
LONGEST_NAME = 120
LONGEST_PERIOD = timedelta(days=400)
SOON = timedelta(days=14)
"""So close to its end a quarter is over for who plans: the next one is suggested."""
_BULLET = re.compile(r"^(?:[-–•*]|\d{1,2}[.)])\s+")


async def decide_direction(
    work: Work,
    actor: Member,
    first: date,
    last: date,
    *,
    priorities: Sequence[Priority],
    not_pursued: Sequence[str],
    responsible: str,
) -> Direction:
    """Decide the direction of a period (`inriktningsbeslut`), with who is responsible for it (C2).

    Invalid (`direction_first`: `missing`; `direction_last`: `before_first`, `period_too_long`;
    `direction_priorities`: `missing`, `too_many`, …; `direction_not_pursued`; `direction_responsible`).
    The same words again change nothing.
    """
    require(actor, Act.DECIDE)
    group = await held_group(work, actor)
    if last < first:
        raise Invalid("direction_last", "before_first")
    if last - first > LONGEST_PERIOD:
        raise Invalid("direction_last", "period_too_long")
    direction = Direction(
        id=DirectionId(fresh()),
        group_id=group.id,
        first=first,
        last=last,
        priorities=_priorities(priorities),
        not_pursued=_lines("direction_not_pursued", not_pursued, MOST_NOT_PURSUED),
        responsible=guarded(
            "direction_responsible", responsible, limit=LONGEST_NAME, required=True, names=False
        ),
        decided_by=actor.id,
        decided_at=work.clock.now(),
    )
    decided = await work.store.directions.list_by_group(group.id)
    if decided and _same(decided[0], direction):
        return decided[0]
    await work.store.directions.save(direction)
    await record(work, group.id, actor, AuditAction.DECIDE_DIRECTION, f"direction:{direction.id}")
    return direction


async def current_direction(work: Work, group: Group, day: date | None = None) -> Direction | None:
    """The direction in force that day (today): where several are, the one decided last."""
    wanted = day or group.local_day(work.clock.now())
    decided = await work.store.directions.list_by_group(group.id)
    return next((one for one in decided if one.holds(wanted)), None)


def quarter(day: date) -> tuple[date, date]:
    """The first and last day of the quarter that is planned for on that day: the next one, close to the end."""
    first = _quarter_start(day + SOON)
    after = _quarter_start(first + timedelta(days=100))
    return first, after - timedelta(days=1)


def typed_lines(text: str) -> tuple[str, ...]:
    """One thing a line, without the marks and numbers that people put before them."""
    return tuple(line for raw in text.splitlines() if (line := _BULLET.sub("", raw.strip()).strip()))


def _quarter_start(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def _priorities(priorities: Sequence[Priority]) -> tuple[Priority, ...]:
    field = "direction_priorities"
    if not priorities:
        raise Invalid(field, "missing")
    texts = _lines(field, [one.text for one in priorities], MOST)
    return tuple(Priority(text, one.area) for text, one in zip(texts, priorities, strict=True))


def _lines(field: str, lines: Sequence[str], most: int) -> tuple[str, ...]:
    if len(lines) > most:
        raise Invalid(field, "too_many", most=most)
    return tuple(guarded(field, line, limit=LONGEST_LINE, required=True, names=False) for line in lines)


def _same(known: Direction, new: Direction) -> bool:
    return replace(new, id=known.id, decided_by=known.decided_by, decided_at=known.decided_at) == known
