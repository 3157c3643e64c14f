"""A group whose rounds are planned, and the instants of the first: what the tests of rounds start from."""

from __future__ import annotations

from lagesbild.deliveries import DeliveryKind
from lagesbild.people import Role
from tests.samples import a_coordinator, a_group, a_member
from tests.usecases.world import World

KARIN = a_coordinator(id="karin")
LENA = a_member("Lena Holm", id="lena")
OMAR = a_member("Omar Said", "Polisen", id="omar")
DEPUTY = a_member("Dag Berg", "Brå", Role.DEPUTY, id="dag")
PROMPT, REMINDER, PREVIEW = DeliveryKind.PROMPT, DeliveryKind.REMINDER, DeliveryKind.PREVIEW
# The meeting is Thursday 13 March 2025 at 13.00. Four days before is a Sunday, so prompts go out on Friday
# the 7th at 08.00; the reminder is Wednesday 13.00, the deadline Thursday 09.00.
BEFORE, OPENING, REMINDING, DEADLINE = (
    "2025-03-06 12:00",
    "2025-03-07 08:00",
    "2025-03-12 13:00",
    "2025-03-13 09:00",
)


async def a_planned_group(world: World, *members: object, **changes: object) -> World:
    """Fagersta's group with its meetings and rounds planned, the week before the first."""
    world.at(BEFORE)
    await world.has(a_group(**changes), KARIN, LENA, OMAR, DEPUTY, *members)
    await world.plan()
    return world


async def an_open_round(world: World, *members: object, **changes: object) -> World:
    """The same, with the first round open."""
    await a_planned_group(world, *members, **changes)
    await world.tick(OPENING)
    return world
