"""Teams tells of most things twice, to two processes at the same time: who is told second looks again (F1, F5, C1).

And of a person to one process while another is changing that person.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.app import FEATURES
from bot.fetching import Fetched
from bot.routing import Router
from bot.teams.activities import BotAdded, Event, Identity, Message, Place, PlaceKind, Pressed, Reply
from cards.joining import AskToJoin
from lagesbild.people import Group, Home, MemberState
from lagesbild.ports import Work
from lagesbild.referrals import CouncilConversation, CouncilKind
from lagesbild.roster import Person
from lagesbild.usecases.council import enter_council, set_up_council
from lagesbild.usecases.groups import welcome_team
from lagesbild.usecases.members import ask_to_join, remove_member
from lagesbild.usecases.rosters import sync_roster
from tests.replicas import Replicas, meanwhile, two_worlds
from tests.samples import GROUP_ID, a_coordinator, a_group, a_member
from tests.usecases.world import World

TENANT = a_group().home.tenant_id
TEAM = "19:new@thread.tacv2"
HOME = Home(TENANT, "http://localhost:9/", "28:bot", TEAM, "")
ROSTER = (Person("29:karin", "Karin Ek"), Person("29:omar", "Omar Said"))
NEW = Person("29:new", "Ny Person")
COUNCIL = CouncilConversation("http://localhost:9/", "28:bot", "19:bra@thread.v2", "Brå")


@pytest.fixture
async def replicas(postgres_url: str) -> AsyncIterator[Replicas]:
    """Two processes' worlds on one empty database."""
    async with two_worlds(postgres_url) as worlds:
        yield worlds


def router(world: World) -> Router:
    """The router of a process, to which Teams tells who is in the team."""

    async def fetched(what: str, event: Event, group: Group | None) -> Fetched:
        return Fetched(ROSTER)

    return Router(world.work, fetched, FEATURES)


def identity(person: Person) -> Identity:
    return Identity(person.user_id, None, person.name, TENANT, "sv-SE")


def place(kind: PlaceKind) -> Place:
    """The council's conversation, taken for one of that kind."""
    return Place(COUNCIL.conversation_id, kind, HOME.service_url, TENANT, HOME.bot_id)


async def test_an_installation_that_is_told_twice_at_once_is_greeted_once(replicas: Replicas) -> None:
    one, two = replicas
    who = identity(ROSTER[0])
    told = BotAdded(who, replace(place("channel"), team_id=TEAM), "a2", True, who)

    async def installing(work: Work) -> None:
        await sync_roster(work, await welcome_team(work, HOME, ROSTER[0]), ROSTER)

    _, reply = await meanwhile(one, installing, lambda: router(two)(told))
    assert reply is None
    async with one.storage.begin(write=False) as store:
        (group,) = await store.groups.list_by_tenant(TENANT)
        assert [one.name for one in await store.members.list_by_group(group.id)] == ["Karin Ek", "Omar Said"]


async def test_who_asks_to_join_twice_at_once_hears_twice_that_it_was_asked(replicas: Replicas) -> None:
    one, two = replicas
    await one.has(a_group(), a_coordinator(id="karin"))
    data = {**AskToJoin().pack(), "group": GROUP_ID}
    pressed = Pressed(identity(NEW), place("personal"), "a2", data)

    async def asking(work: Work) -> object:
        return await ask_to_join(work, GROUP_ID, NEW, TENANT)

    _, reply = await meanwhile(one, asking, lambda: router(two)(pressed))
    assert isinstance(reply, Reply)
    assert "EST-gruppen" in str(reply.text)
    assert len(await one.sent()) == 1


async def test_who_writes_while_being_removed_stays_removed(replicas: Replicas) -> None:
    one, two = replicas
    karin, mehmet = a_coordinator(id="karin"), a_member("Mehmet Aydin", id="mehmet", conversation_id=None)
    await one.has(a_group(), karin, mehmet)
    written = Message(identity(Person("29:mehmet", "Mehmet Aydin")), place("personal"), "a2", "hjälp")

    async def removing(work: Work) -> object:
        return await remove_member(work, karin, mehmet.id)

    await meanwhile(one, removing, lambda: router(two)(written))
    member = await one.member("mehmet")
    assert (member.state, member.roles) == (MemberState.LEFT, frozenset())
    assert member.conversation_id == COUNCIL.conversation_id


async def test_who_is_new_to_the_council_and_writes_twice_at_once_is_answered(replicas: Replicas) -> None:
    one, two = replicas
    karin = a_coordinator(id="karin")
    await one.has(a_group(), karin)
    await one.do(set_up_council, karin, CouncilKind.OFFICIALS, COUNCIL)
    written = Message(identity(NEW), place("groupChat"), "a2", "brå")

    async def entering(work: Work) -> object:
        return await enter_council(work, a_group(), NEW)

    _, reply = await meanwhile(one, entering, lambda: router(two)(written))
    assert isinstance(reply, Reply)
    assert reply.card is not None
    async with one.storage.begin(write=False) as store:
        assert len(await store.members.list_by_group(GROUP_ID)) == 2
