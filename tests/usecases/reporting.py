"""An open round that people answer, and what is stored of it: what the tests of answering start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from lagesbild.answering import ReportForm
from lagesbild.audit import AuditEntry
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.ids import MemberId, RoundId
from lagesbild.people import Group, Role
from lagesbild.reports import Answer, Report
from lagesbild.rounds import RoundState
from tests.samples import (
    GROUP_ID,
    MEETING_AT,
    a_coordinator,
    a_group,
    a_meeting,
    a_member,
    a_round,
    an_answer,
)
from tests.usecases.world import World

KARIN = a_coordinator(id="karin")
DEPUTY = a_member("Dag Berg", "Brå", Role.DEPUTY, id="dag")
LENA = a_member("Lena Holm", id="lena")
OMAR = a_member("Omar Said", "Polisen", id="omar")
ROUND = RoundId("round7")
CLOSED = a_round(state=RoundState.CLOSED, closed_at=a_round().deadline)
NUMBER = "19121212-1212"
REASON = "Det är ett ärendenummer"


def a_form(*answers: Answer, **changes: object) -> ReportForm:
    """What a member sends."""
    return replace(ReportForm(answers), **changes)  # type: ignore[arg-type]


GLASS = a_form(an_answer(1, 3, "Glas på gångvägen"))
NUMBERED = an_answer(1, 4, f"Klotter, ärende {NUMBER}")


async def answering(world: World, *things: object) -> World:
    """The group with its round open."""
    await world.has(a_group(), KARIN, DEPUTY, LENA, OMAR, a_meeting(), a_round(), *things)
    return world


async def answering_late(world: World, *things: object) -> World:
    """The same after the deadline, with the round closed."""
    world.time = MEETING_AT - timedelta(hours=1)
    return await answering(world, CLOSED, *things)


async def stored(world: World, member_id: str = "lena") -> Report | None:
    """A member's draft or report in the round."""
    async with world.work() as work:
        return await work.store.reports.get(ROUND, MemberId(member_id))


async def history(world: World) -> list[Report]:
    """Every revision that Lena sent."""
    async with world.work() as work:
        return list(await work.store.reports.history(ROUND, LENA.id))


async def logged(world: World) -> list[AuditEntry]:
    """What the log has, newest first."""
    async with world.work() as work:
        return list(await work.store.audit.list_by_group(GROUP_ID))


async def picture_posts(world: World) -> list[Delivery]:
    """The picture's posts on their way to the channel."""
    async with world.work() as work:
        return list(await work.store.deliveries.list_by_round(ROUND, (DeliveryKind.PICTURE,)))


def another_group() -> Group:
    """Norberg's group, which has nothing to do with Fagersta's."""
    here = a_group()
    home = replace(here.home, team_id="19:other@thread.tacv2", channel_id="19:other-channel@thread.tacv2")
    return replace(here, id="g2", municipality="Norberg", home=home)
