"""The bot comes to a team, leaves and returns, and the roster is followed (F1, F5)."""

from __future__ import annotations

from dataclasses import replace

from lagesbild.deliveries import DeliveryKind
from lagesbild.people import GroupState, MemberState, Role
from lagesbild.usecases.groups import pause_group, set_up_group, welcome_team
from lagesbild.usecases.members import approve, ask_to_join, remove_member
from lagesbild.usecases.rosters import members_joined, members_left, sync_roster
from tests.usecases.new_group import (
    FORM,
    HOME,
    KARIN,
    LENA,
    OMAR,
    meetings_ahead,
    member_of,
    new_group,
    sent_to,
)
from tests.usecases.world import World


async def test_who_adds_the_bot_becomes_coordinator_of_a_new_group(world: World) -> None:
    group, karin = await new_group(world)
    assert (group.state, group.schedule) == (GroupState.NEW, None)
    assert karin.has(Role.COORDINATOR)


async def test_adding_the_bot_twice_changes_nothing(world: World) -> None:
    group, karin = await new_group(world)
    assert await world.do(welcome_team, HOME, OMAR) == group
    assert await member_of(world, group, KARIN) == karin


async def test_a_removed_bot_pauses_and_a_returning_one_resumes_with_everything(world: World) -> None:
    _, karin = await new_group(world)
    group = await world.do(set_up_group, karin, FORM)
    before = await meetings_ahead(world, group)
    paused = await world.do(pause_group, HOME)
    assert paused is not None
    assert paused.state is GroupState.PAUSED
    assert await world.do(pause_group, HOME) == paused
    again = await world.do(welcome_team, replace(HOME, service_url="http://localhost:10/"), OMAR)
    assert (again.state, again.home.channel_id) == (GroupState.ACTIVE, FORM.channel_id)
    assert again.home.service_url == "http://localhost:10/"
    assert await meetings_ahead(world, group) == before


async def test_the_roster_brings_new_members_and_takes_leave_of_those_gone(each_world: World) -> None:
    _, karin = await new_group(each_world, LENA)
    group = await each_world.do(set_up_group, karin, FORM)
    each_world.at("2025-03-04 12:10")
    change = await each_world.do(sync_roster, group, (KARIN, OMAR))
    assert [m.name for m in change.joined] == ["Omar Said"]
    assert [m.name for m in change.left] == ["Lena Holm"]
    assert (await member_of(each_world, group, OMAR)).reports
    assert "Omar Said" in await sent_to(each_world, group, DeliveryKind.WELCOME)
    assert (await each_world.do(sync_roster, group, (KARIN, OMAR))).is_empty
    back = await each_world.do(sync_roster, group, (KARIN, OMAR, LENA))
    assert [m.name for m in back.returned] == ["Lena Holm"]
    assert (await member_of(each_world, group, LENA)).state is MemberState.ACTIVE
    assert (await sent_to(each_world, group, DeliveryKind.WELCOME)).count("Lena Holm") == 1


async def test_a_roster_that_was_read_before_somebody_came_throws_nobody_out(world: World) -> None:
    """Two come one after the other; the first one's look-up is slow, and does not know the second."""
    group, _ = await new_group(world, LENA)
    world.at("2025-03-05 12:00")
    await world.do(members_joined, group, (KARIN, LENA, OMAR))
    assert (await world.do(members_joined, group, (KARIN, LENA))).is_empty
    assert (await world.do(sync_roster, group, (KARIN, LENA))).is_empty
    assert (await member_of(world, group, OMAR)).state is MemberState.ACTIVE
    later = await world.at("2025-03-05 12:06").do(sync_roster, group, (KARIN, LENA))
    assert [m.name for m in later.left] == ["Omar Said"]


async def test_who_comes_back_while_an_older_roster_is_read_stays(world: World) -> None:
    group, _ = await new_group(world, LENA)
    world.at("2025-03-05 12:00")
    await world.do(members_left, group, (LENA.user_id,))
    await world.do(members_joined, group, (KARIN, LENA))
    assert (await world.do(members_joined, group, (KARIN,))).is_empty
    assert (await member_of(world, group, LENA)).state is MemberState.ACTIVE


async def test_a_failed_look_up_empties_no_group(world: World) -> None:
    group, _ = await new_group(world, LENA)
    assert (await world.do(sync_roster, group, ())).is_empty


async def test_a_deputy_takes_over_when_the_coordinator_leaves(world: World) -> None:
    group, karin = await new_group(world, LENA)
    lena = await member_of(world, group, LENA)
    group = await world.do(set_up_group, karin, replace(FORM, deputy_id=lena.id))
    change = await world.at("2025-03-04 12:10").do(sync_roster, group, (LENA,))
    assert [m.name for m in change.promoted] == ["Lena Holm"]
    assert (await member_of(world, group, LENA)).has(Role.COORDINATOR)
    assert (await member_of(world, group, KARIN)).state is MemberState.LEFT


async def test_the_only_one_who_leads_stays(world: World) -> None:
    group, _ = await new_group(world, LENA)
    change = await world.do(members_left, group, (KARIN.user_id,))
    assert [m.name for m in change.kept] == ["Karin Ek"]
    assert (await member_of(world, group, KARIN)).state is MemberState.ACTIVE


async def test_the_roster_leaves_alone_who_was_removed_or_came_by_the_personal_app(world: World) -> None:
    _, karin = await new_group(world, LENA)
    group = await world.do(set_up_group, karin, FORM)
    await world.do(remove_member, karin, (await member_of(world, group, LENA)).id)
    pending = await world.do(ask_to_join, group.id, OMAR, "t1")
    await world.do(approve, karin, pending.id)
    assert (await world.do(sync_roster, group, (KARIN, LENA))).is_empty
    assert (await member_of(world, group, LENA)).state is MemberState.LEFT
    assert (await member_of(world, group, OMAR)).state is MemberState.ACTIVE
