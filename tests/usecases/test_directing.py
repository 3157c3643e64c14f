"""The council's direction: what to pursue, and what not to (C2, C7)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lagesbild.errors import Invalid, NotAllowed
from lagesbild.measures import Direction, Priority
from lagesbild.people import Role
from lagesbild.usecases.directing import current_direction, decide_direction, quarter, typed_lines
from tests.council_samples import a_direction, on_the_table
from tests.samples import a_coordinator, a_group, a_member
from tests.usecases.world import World

KARIN = a_coordinator(id="karin")
RUT = a_member("Rut Berg", None, Role.COUNCIL, id="rut")
LENA = a_member("Lena Holm", id="lena")
SPRING = (date(2025, 4, 1), date(2025, 6, 30))


async def _decide(
    world: World, actor: Any = RUT, period: tuple[date, date] = SPRING, **changes: Any
) -> Direction:
    given: dict[str, Any] = {
        "priorities": [Priority("Trygga gångvägar")],
        "not_pursued": ["Cykelstölder"],
        "responsible": "Kommunchefen",
        **changes,
    }
    return await world.do(decide_direction, actor, *period, **given)


async def _begun(world: World) -> World:
    await world.has(a_group(), KARIN, RUT, LENA)
    await on_the_table(world, a_direction())
    return world


async def test_a_direction_holds_in_its_period_and_the_same_again_changes_nothing(each_world: World) -> None:
    await _begun(each_world)
    decided = await _decide(each_world)
    assert await _decide(each_world, KARIN) == decided
    assert await each_world.actions() == ["decide direction"]
    days = (date(2024, 12, 31), date(2025, 3, 31), date(2025, 4, 1), date(2025, 6, 30), date(2025, 7, 1))
    async with each_world.work() as work:
        held = [await current_direction(work, a_group(), day) for day in days]
        assert await current_direction(work, a_group()) == a_direction()
    assert held == [None, a_direction(), decided, decided, None]


async def test_where_several_hold_the_one_decided_last_does(world: World) -> None:
    await _begun(world)
    changed = await _decide(world, period=(date(2025, 3, 1), date(2025, 3, 31)))
    async with world.work() as work:
        assert await current_direction(work, a_group()) == changed


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"priorities": []}, "direction_priorities", "missing"),
        ({"priorities": [Priority(f"Sak {n}") for n in range(6)]}, "direction_priorities", "too_many"),
        ({"not_pursued": ["x"] * 11}, "direction_not_pursued", "too_many"),
        ({"responsible": " "}, "direction_responsible", "missing"),
        ({"period": (SPRING[1], SPRING[0])}, "direction_last", "before_first"),
        ({"period": (SPRING[0], date(2027, 1, 1))}, "direction_last", "period_too_long"),
    ],
)
async def test_a_direction_without_what_it_needs_is_refused(
    world: World, changes: dict[str, Any], field: str, reason: str
) -> None:
    await _begun(world)
    with pytest.raises(Invalid) as refused:
        await _decide(world, **changes)
    assert (refused.value.field, refused.value.reason) == (field, reason)


async def test_a_reporter_does_not_decide_it(world: World) -> None:
    await _begun(world)
    with pytest.raises(NotAllowed):
        await _decide(world, LENA)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2025, 1, 7), date(2025, 1, 1), date(2025, 3, 31)),
        (date(2025, 3, 17), date(2025, 1, 1), date(2025, 3, 31)),
        (date(2025, 3, 18), date(2025, 4, 1), date(2025, 6, 30)),
        (date(2025, 12, 24), date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_the_quarter_to_plan_for_is_suggested(day: date, first: date, last: date) -> None:
    assert quarter(day) == (first, last)


def test_lines_lose_the_marks_before_them() -> None:
    assert typed_lines("1. Gångvägar\n\n- Fredagar\n• Skolan\n2024 års rutor") == (
        "Gångvägar",
        "Fredagar",
        "Skolan",
        "2024 års rutor",
    )
