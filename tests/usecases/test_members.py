"""Members choose, ask and are let in; the group always has a coordinator (F1, F5, A7, A8)."""

from __future__ import annotations

import pytest

from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.ids import GroupId
from lagesbild.people import MemberState, Role
from lagesbild.roster import Person
from lagesbild.usecases.members import (
    add_person_without_teams,
    approve,
    ask_to_join,
    bring_back,
    change_member,
    choose_organisation,
    decline,
    joinable_groups,
    member_list,
    remove_member,
    set_preferences,
)
from tests.samples import GROUP_ID, a_coordinator, a_group, a_member
from tests.usecases.world import World

KARIN = a_coordinator(id="karin")
LENA = a_member("Lena Holm", None, id="lena")
DAG = a_member("Dag Berg", "Brå", Role.DEPUTY, id="dag")
OMAR = Person("29:omar", "Omar Said", "aad-omar", "sv-SE")


async def _settled(world: World) -> World:
    await world.has(a_group(), KARIN, LENA, DAG)
    return world


async def test_a_member_chooses_the_organisation_in_its_known_spelling(world: World) -> None:
    await _settled(world)
    assert (await world.do(choose_organisation, LENA, "  risbroskolan ")).organisation == "Risbroskolan"
    assert (await world.do(choose_organisation, LENA, "Bruks  Fagersta")).organisation == "Bruks Fagersta"
    assert (await world.member("lena")).organisation == "Bruks Fagersta"
    listed = await world.do(member_list, KARIN)
    assert {"Bruks Fagersta", "Öppenvården", "Kommunledningen"} <= set(listed.organisations)


@pytest.mark.parametrize(("name", "reason"), [("  ", "empty"), ("x" * 81, "too_long")])
async def test_an_organisation_needs_a_name_of_sensible_length(world: World, name: str, reason: str) -> None:
    await _settled(world)
    with pytest.raises(Invalid, match=f"organisation: {reason}"):
        await world.do(choose_organisation, LENA, name)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Kalle Svensson 19850101-1234", "19850101-1234"),
        ("Skolan, ring 070-174 06 05", "070-174 06 05"),
        ("ABC 070 174 06 05", "070 174 06 05"),
        ("kalle@skolan.se", "kalle@skolan.se"),
        ("Skolan 19850161‑1234", "19850161‑1234"),
    ],
)
async def test_what_leads_to_a_person_is_in_no_name(world: World, name: str, what: str) -> None:
    """It would stand in the channel over every comment (A11)."""
    await _settled(world)
    with pytest.raises(Invalid, match="organisation: points_out") as refused:
        await world.do(choose_organisation, LENA, name)
    assert refused.value.facts == {"what": what}
    for changing in (
        world.do(change_member, KARIN, LENA.id, organisation=name),
        world.do(add_person_without_teams, KARIN, "Rut Berg", name),
        world.do(add_person_without_teams, KARIN, name, "Risbroskolan"),
    ):
        with pytest.raises(Invalid, match="points_out"):
            await changing
    assert await world.actions() == []


@pytest.mark.parametrize(
    "name",
    ["Fagerstahallen", "Anna-Lisas förskola", "Karin Boyes skola", "LVU-enheten", "BUP 24", "NVK 2025"],
)
async def test_an_organisation_may_be_called_after_somebody(world: World, name: str) -> None:
    await _settled(world)
    assert (await world.do(choose_organisation, LENA, name)).organisation == name


async def test_saying_no_to_prompts_is_kept_and_seen(world: World) -> None:
    await _settled(world)
    await world.do(set_preferences, LENA, prompted=False)
    lena = await world.member("lena")
    assert (lena.prompted, lena.reminded) == (False, True)
    assert await world.actions() == ["set preferences"]


async def test_asking_to_join_waits_for_those_who_lead(world: World) -> None:
    await _settled(world)
    pending = await world.do(ask_to_join, GROUP_ID, OMAR, "t1")
    assert (await world.do(ask_to_join, GROUP_ID, OMAR, "t1")) == pending
    assert pending.state is MemberState.PENDING
    assert await world.receivers(DeliveryKind.JOIN_REQUEST) == ["dag", "karin"]
    assert [d.subject for d in await world.sent(DeliveryKind.JOIN_REQUEST)] == [pending.id, pending.id]


async def test_another_municipalitys_group_cannot_be_joined_or_seen(world: World) -> None:
    await _settled(world)
    with pytest.raises(NotFound):
        await world.do(ask_to_join, GROUP_ID, OMAR, "t2")
    assert [g.id for g in await world.do(joinable_groups, "t1")] == [GROUP_ID]
    assert await world.do(joinable_groups, "t2") == ()


async def test_who_is_let_in_is_told_and_welcomed_once(world: World) -> None:
    await _settled(world)
    pending = await world.do(ask_to_join, GROUP_ID, OMAR, "t1")
    approved = await world.do(approve, DAG, pending.id, organisation="Polisen")
    assert (approved.state, approved.organisation, approved.reports) == (MemberState.ACTIVE, "Polisen", True)
    assert await world.do(approve, KARIN, pending.id) == approved
    assert len(await world.sent(DeliveryKind.JOIN_ANSWER, DeliveryKind.WELCOME)) == 2


async def test_who_is_declined_is_told_and_may_ask_again(each_world: World) -> None:
    await _settled(each_world)
    pending = await each_world.do(ask_to_join, GROUP_ID, OMAR, "t1")
    assert (await each_world.do(decline, KARIN, pending.id)).state is MemberState.LEFT
    assert [d.subject for d in await each_world.sent(DeliveryKind.JOIN_ANSWER)] == ["declined"]
    each_world.at("2025-04-01 09:00")
    assert (await each_world.do(ask_to_join, GROUP_ID, OMAR, "t1")).state is MemberState.PENDING
    assert len(await each_world.receivers(DeliveryKind.JOIN_REQUEST)) == 4


async def test_the_last_coordinator_is_neither_removed_nor_demoted(world: World) -> None:
    await _settled(world)
    for attempt in (
        world.do(remove_member, KARIN, KARIN.id),
        world.do(change_member, KARIN, KARIN.id, roles={Role.REPORTER}),
    ):
        with pytest.raises(Invalid, match="roles: last_coordinator"):
            await attempt
    await world.do(change_member, KARIN, LENA.id, roles={Role.COORDINATOR, Role.REPORTER})
    assert (await world.do(remove_member, KARIN, KARIN.id)).state is MemberState.LEFT


async def test_roles_and_organisation_are_changed_and_somebody_removed_comes_back(world: World) -> None:
    await _settled(world)
    changed = await world.do(change_member, KARIN, LENA.id, roles={Role.COUNCIL}, organisation="nvk")
    assert (changed.roles, changed.organisation) == (frozenset({Role.COUNCIL}), "NVK")
    with pytest.raises(Invalid, match="roles: empty"):
        await world.do(change_member, KARIN, LENA.id, roles=())
    await world.do(remove_member, KARIN, LENA.id)
    assert [m.id for m in (await world.do(member_list, KARIN)).left] == ["lena"]
    assert (await world.do(bring_back, KARIN, LENA.id)).reports


async def test_a_person_without_teams_is_added_once(world: World) -> None:
    await _settled(world)
    added = await world.do(add_person_without_teams, KARIN, "Per Papper", "risbroskolan")
    assert (added.user_id, added.organisation, added.reports) == (None, "Risbroskolan", True)
    assert (await world.do(add_person_without_teams, KARIN, "per papper", "Risbroskolan")).id == added.id
    assert await world.sent() == []


async def test_members_are_managed_by_those_who_lead_and_within_the_group_alone(world: World) -> None:
    await _settled(world)
    with pytest.raises(NotAllowed):
        await world.do(change_member, LENA, DAG.id, organisation="NVK")
    with pytest.raises(NotAllowed):
        await world.do(add_person_without_teams, LENA, "Per", "NVK")
    with pytest.raises(NotFound):
        await world.do(remove_member, a_coordinator(group_id=GroupId("other")), LENA.id)


async def test_only_those_who_lead_see_who_waits_and_who_left(world: World) -> None:
    await _settled(world)
    await world.do(ask_to_join, GROUP_ID, OMAR, "t1")
    assert len((await world.do(member_list, KARIN)).pending) == 1
    seen = await world.do(member_list, LENA)
    assert (seen.pending, seen.left) == ((), ())
    assert [m.name for m in seen.active] == ["Dag Berg", "Karin Ek", "Lena Holm"]
