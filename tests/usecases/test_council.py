"""Where the council meets, who sits in it, and that a red area always reaches somebody (C1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.ids import GroupId, MeasureId, MemberId, ReferralId, RoundId
from lagesbild.measures import AnalysisState, MeasureState
from lagesbild.people import Group, GroupState, Member, MemberState, Role
from lagesbild.referrals import CouncilKind, DecisionKind, Referral, ReferralState
from lagesbild.roster import Person
from lagesbild.usecases.council import (
    council_overview,
    enter_council,
    send_referral,
    set_up_council,
)
from lagesbild.usecases.rosters import sync_roster
from tests.council_samples import (
    HERE,
    a_council,
    a_decision,
    a_direction,
    a_measure,
    a_referral,
    an_analysis,
    on_the_table,
)
from tests.samples import NOW, a_coordinator, a_group, a_meeting, a_member, a_round
from tests.usecases.world import World

KARIN = a_coordinator(id="karin")
DEPUTY = a_member("Dag Ek", None, Role.DEPUTY, id="dag")
LENA = a_member("Lena Holm", id="lena")
RUT = a_member("Rut Berg", None, Role.COUNCIL, Role.REPRESENTATIVE, id="rut")
OUTSIDE = Person("29:outside", "Sven Alm", "aad-outside")
OFFICIALS = CouncilKind.OFFICIALS


async def _begun(world: World, *things: Any, assessed: bool = True) -> World:
    round_ = a_round(assessed_at=NOW if assessed else None)
    await world.has(a_group(), KARIN, DEPUTY, LENA, a_meeting(), round_)
    await on_the_table(world, *things)
    return world


async def _queued(world: World, kind: DeliveryKind = DeliveryKind.REFERRAL) -> list[str]:
    async with world.storage.begin(write=False) as store:
        return sorted(d.key for d in await store.deliveries.list_by_group(GroupId("g1"), (kind,)))


async def _send(world: World, referral: Referral, group: Group | None = None) -> int:
    return await world.do(send_referral, group or a_group(), referral)


async def test_chosen_members_become_the_council_and_others_lose_the_role(each_world: World) -> None:
    await _begun(each_world)
    await each_world.has(RUT)
    await each_world.do(set_up_council, KARIN, OFFICIALS, member_ids=[LENA.id])
    assert (await each_world.member("lena")).has(Role.COUNCIL)
    assert (await each_world.member("rut")).roles == {Role.REPRESENTATIVE}
    assert sorted(await each_world.actions()) == ["give council role", "set up council", "take council role"]
    await each_world.do(set_up_council, KARIN, OFFICIALS, member_ids=[LENA.id])
    assert len(await each_world.actions()) == 3


async def test_who_only_sat_in_the_council_leaves_with_the_role(world: World) -> None:
    await _begun(world)
    await world.has(replace(RUT, roles=frozenset({Role.COUNCIL})))
    await world.do(set_up_council, KARIN, OFFICIALS, HERE)
    assert (await world.member("rut")).state is MemberState.LEFT


@pytest.mark.parametrize(
    ("members", "days", "reason"),
    [((), 14, "empty"), (("without",), 14, "no_teams"), (("lena",), 0, "out_of_range")],
)
async def test_a_council_that_cannot_answer_is_refused(
    world: World, members: tuple[str, ...], days: int, reason: str
) -> None:
    await _begun(world)
    await world.has(a_member("Utan Teams", id="without", user_id=None))
    chosen = [MemberId(one) for one in members]
    with pytest.raises(Invalid) as refused:
        await world.do(set_up_council, KARIN, OFFICIALS, member_ids=chosen, answer_days=days)
    assert refused.value.reason == reason


async def test_the_groups_own_channel_and_another_groups_member_are_refused(world: World) -> None:
    await _begun(world)
    own = replace(HERE, conversation_id=a_group().home.channel_id)
    with pytest.raises(Invalid, match="own_channel"):
        await world.do(set_up_council, KARIN, OFFICIALS, own)
    with pytest.raises(NotFound):
        await world.do(set_up_council, KARIN, OFFICIALS, member_ids=[MemberId("elsewhere")])
    with pytest.raises(NotAllowed):
        await world.do(set_up_council, LENA, OFFICIALS, HERE)


async def test_another_groups_own_channel_is_refused_and_a_team_that_nobody_set_up_is_not(
    each_world: World,
) -> None:
    await _begun(each_world)
    home = replace(a_group().home, team_id="19:bra@thread.tacv2", channel_id=HERE.conversation_id)
    other = a_group(id=GroupId("g2"), municipality="Ludvika", home=home)
    await each_world.has(other)
    with pytest.raises(Invalid, match="groups_channel"):
        await each_world.do(set_up_council, KARIN, OFFICIALS, HERE)
    assert await each_world.actions() == []
    await each_world.has(replace(other, state=GroupState.NEW, schedule=None))
    assert (await each_world.do(set_up_council, KARIN, OFFICIALS, HERE)).conversation == HERE


async def test_a_stranger_in_the_councils_conversation_sits_in_it_and_is_asked_nothing(
    each_world: World,
) -> None:
    await _begun(each_world, a_council())
    entered = await each_world.do(enter_council, a_group(), OUTSIDE)
    again = await each_world.do(enter_council, a_group(), OUTSIDE)
    assert again == entered
    assert (entered.roles, entered.prompted, entered.reminded) == ({Role.COUNCIL}, False, False)
    assert await each_world.actions() == ["enter council"]


async def test_a_member_gets_the_role_beside_those_it_has(world: World) -> None:
    await _begun(world, a_council())
    entered = await world.do(enter_council, a_group(), Person("29:lena", "Lena Holm"))
    assert entered.roles == {Role.REPORTER, Role.COUNCIL}
    assert entered.prompted


@pytest.mark.parametrize("state", [MemberState.PENDING, MemberState.LEFT])
async def test_who_waits_or_has_left_gets_this_role_and_no_other(world: World, state: MemberState) -> None:
    await _begun(world, a_council())
    await world.has(replace(LENA, state=state))
    entered = await world.do(enter_council, a_group(), Person("29:lena", "Lena Holm"))
    assert (entered.state, entered.roles) == (MemberState.ACTIVE, {Role.COUNCIL})


async def test_the_teams_roster_does_not_throw_out_who_only_sits_in_the_council(world: World) -> None:
    await _begun(world, a_council())
    entered = await world.do(enter_council, a_group(), OUTSIDE)
    team = [Person(m.user_id or "", m.name) for m in (KARIN, DEPUTY)]
    change = await world.do(sync_roster, a_group(), team)
    assert [m.id for m in change.left] == ["lena"]
    assert (await world.member(entered.id)).state is MemberState.ACTIVE


async def test_a_referral_goes_to_the_conversation_once_each_time_it_is_referred(each_world: World) -> None:
    await _begun(each_world, a_referral(), a_council())
    assert [await _send(each_world, a_referral()) for _ in range(2)] == [1, 0]
    assert await _send(each_world, a_referral(times=2)) == 1
    assert await _queued(each_world) == ["referral:r1:1", "referral:r1:2"]


async def test_without_a_conversation_it_goes_to_each_who_sits_in_the_council(world: World) -> None:
    await _begun(world, a_referral(), a_council(conversation=None))
    await world.has(RUT)
    await _send(world, a_referral())
    assert await _queued(world) == ["referral:r1:1:rut"]


@pytest.mark.parametrize("rut", [None, replace(RUT, user_id=None), replace(RUT, state=MemberState.LEFT)])
async def test_when_nobody_in_the_council_can_be_reached_whoever_leads_gets_it(
    world: World, rut: Member | None
) -> None:
    await _begun(world, a_referral())
    if rut is not None:
        await world.has(rut)
    await _send(world, a_referral())
    assert await _queued(world) == ["referral:r1:1:dag", "referral:r1:1:karin"]


async def test_what_waits_follows_the_council_to_its_new_place(world: World) -> None:
    await _begun(world, a_referral())
    await _send(world, a_referral())
    await world.do(set_up_council, KARIN, OFFICIALS, HERE)
    assert "referral:r1:1" in await _queued(world)
    world.time += timedelta(hours=1)
    await world.do(set_up_council, KARIN, OFFICIALS, replace(HERE, conversation_id="19:other"))
    assert [key for key in await _queued(world) if key.count(":") == 3][-1].startswith("referral:r1:1:")
    assert len(await _queued(world)) == 4
    await world.do(set_up_council, KARIN, OFFICIALS, replace(HERE, conversation_id="19:other"))
    assert len(await _queued(world)) == 4


async def test_what_is_still_being_assessed_is_not_sent_by_setting_the_council_up(world: World) -> None:
    await _begun(world, a_referral(), assessed=False)
    await world.do(set_up_council, KARIN, OFFICIALS, HERE)
    assert await _queued(world) == []


async def test_the_table_shows_each_thing_where_it_belongs(world: World) -> None:
    late = a_referral(answer_by=date(2025, 3, 10))
    rounds = [a_round(id=RoundId(f"round{n}"), number=n) for n in (1, 2, 3, 4)]
    meetings = [a_meeting(id=f"m{n}", slot=date(2025, 1, n)) for n in (1, 2, 3, 4)]
    await _begun(world)
    for round_, meeting in zip(rounds, meetings, strict=True):
        await world.has(meeting, replace(round_, meeting_id=meeting.id))
    closed = ReferralState.CLOSED
    await on_the_table(
        world,
        late,
        a_referral(id=ReferralId("r2"), round_id=RoundId("round1"), state=ReferralState.DECIDED),
        a_referral(id=ReferralId("r3"), round_id=RoundId("round2"), state=ReferralState.ON_AGENDA),
        a_referral(id=ReferralId("r4"), round_id=RoundId("round3"), state=closed, changed_at=NOW),
        a_referral(
            id=ReferralId("r5"),
            round_id=RoundId("round4"),
            state=closed,
            changed_at=NOW - timedelta(days=61),
        ),
        a_decision(referral_id=ReferralId("r2"), kind=DecisionKind.MEASURE),
        a_measure(due=date(2025, 3, 10)),
        a_measure(id=MeasureId("x2"), state=MeasureState.DONE),
        an_analysis(),
        an_analysis(id="n2", state=AnalysisState.USED),
        a_direction(),
    )
    overview = await world.do(council_overview, KARIN)
    assert [one.referral.id for one in overview.waiting] == ["r1"]
    assert overview.overdue == overview.waiting
    assert [one.referral.id for one in overview.agenda] == ["r3"]
    assert [one.decision and one.decision.id for one in overview.decided] == ["d1"]
    assert [one.referral.id for one in overview.closed] == ["r4"]
    assert [one.id for one in overview.measures] == [one.id for one in overview.late_measures] == ["x1"]
    assert [one.id for one in overview.analyses] == ["n1"]
    assert overview.direction == a_direction()
    assert overview.seats.stand_in


async def test_what_is_still_being_assessed_is_on_nobodys_table(world: World) -> None:
    await _begun(world, a_referral(), assessed=False)
    await world.has(RUT)
    assert [(await world.do(council_overview, who)).waiting for who in (RUT, KARIN)] == [(), ()]
    await world.has(a_round(assessed_at=NOW))
    assert [one.referral.id for one in (await world.do(council_overview, RUT)).waiting] == ["r1"]


async def test_a_reporter_does_not_see_the_table(world: World) -> None:
    await _begun(world)
    with pytest.raises(NotAllowed):
        await world.do(council_overview, LENA)
