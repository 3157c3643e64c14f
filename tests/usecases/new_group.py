"""A team that the bot was just added to: what the tests of set-up and roster start from."""

from __future__ import annotations

from lagesbild.deliveries import DeliveryKind
from lagesbild.people import Group, Home, Member
from lagesbild.roster import Person
from lagesbild.rounds import MeetingState
from lagesbild.setting_up import GroupForm
from lagesbild.usecases.groups import welcome_team
from lagesbild.usecases.rosters import sync_roster
from tests.usecases.world import HERE, World

HOME = Home("t1", "http://localhost:9/", "28:bot", "19:team@thread.tacv2", "")
KARIN = Person("29:karin", "Karin Ek")
LENA = Person("29:lena", "Lena Holm", locale="sv-SE")
OMAR = Person("29:omar", "Omar Said")
FORM = GroupForm(
    municipality="Fagersta",
    name="EST-gruppen",
    template_id="fagersta",
    channel_id="19:channel@thread.tacv2",
    channel_name="Lägesbild",
    first="2025-03-13",
    at="13.00",
)


async def new_group(world: World, *roster: Person) -> tuple[Group, Member]:
    """Karin adds the bot to a team with these people; the group, and Karin as its member."""
    world.at("2025-03-04 12:00")
    group = await world.do(welcome_team, HOME, KARIN)
    await world.do(sync_roster, group, (KARIN, *roster))
    return group, await member_of(world, group, KARIN)


async def member_of(world: World, group: Group, person: Person) -> Member:
    """A person's membership."""
    async with world.storage.begin(write=False) as store:
        found = await store.members.get_by_user(group.id, person.user_id)
    assert found is not None
    return found


async def sent_to(world: World, group: Group, kind: DeliveryKind) -> list[str]:
    """The names of those that a kind of message went to, one for each message."""
    async with world.storage.begin(write=False) as store:
        members = await store.members.list_by_group(group.id)
        ledger = [(m.name, d) for m in members for d in await store.deliveries.list_by_member(m.id)]
    return sorted(name for name, delivery in ledger if delivery.kind is kind)


async def meetings_ahead(world: World, group: Group) -> list[tuple[str, MeetingState, int | None]]:
    """Each meeting to come: when by the clock on the wall, its state, and its round's number."""
    async with world.storage.begin(write=False) as store:
        meetings = await store.meetings.list_by_group(group.id, world.time, 400)
        rounds = [await store.rounds.get_by_meeting(meeting.id) for meeting in meetings]
    return [
        (f"{m.starts_at.astimezone(HERE):%Y-%m-%d %H:%M}", m.state, r.number if r else None)
        for m, r in zip(meetings, rounds, strict=True)
    ]
