"""Being away: no prompts meanwhile, and no silence in the picture (A7, B2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.ids import MemberId
from lagesbild.people import Absence, Role
from lagesbild.picture import Standing
from lagesbild.usecases.absences import absences_ahead, end_absences, set_absence
from lagesbild.usecases.asking import Reason
from lagesbild.usecases.rounds import open_round
from lagesbild.usecases.status import status
from tests.samples import GROUP_ID, NOW, a_group, a_meeting, a_member, a_round
from tests.usecases.reporting import KARIN, LENA, OMAR, another_group
from tests.usecases.world import World

TODAY = date(2025, 3, 11)
"""`NOW` where the group is."""
MONDAY, FRIDAY = date(2025, 3, 10), date(2025, 3, 14)


async def _begun(world: World, *things: object) -> World:
    await world.has(a_group(), KARIN, LENA, OMAR, *things)
    return world


async def _stored(world: World, member_id: str = "lena") -> list[tuple[date, date]]:
    async with world.work() as work:
        found = await work.store.absences.list_by_member(MemberId(member_id))
    return [(one.first, one.last) for one in found]


async def test_the_days_are_stored_once_however_often_they_are_said(each_world: World) -> None:
    await _begun(each_world)
    absence = await each_world.do(set_absence, LENA, MONDAY, FRIDAY)
    assert await each_world.do(set_absence, LENA, MONDAY, FRIDAY) == absence
    assert await _stored(each_world) == [(MONDAY, FRIDAY)]
    assert await each_world.actions() == ["set absence"]


async def test_days_that_overlap_are_all_days_away(each_world: World) -> None:
    await _begun(each_world)
    await each_world.do(set_absence, LENA, date(2025, 3, 12), date(2025, 3, 20))
    await each_world.do(set_absence, LENA, MONDAY, FRIDAY)
    ahead = await each_world.do(absences_ahead, LENA, TODAY)
    assert [one.first for one in ahead] == [MONDAY, date(2025, 3, 12)]
    assert all(any(one.covers(date(2025, 3, day)) for one in ahead) for day in range(10, 21))


async def test_one_day_is_enough(world: World) -> None:
    await _begun(world)
    assert (await world.do(set_absence, LENA, TODAY, TODAY)).covers(TODAY)


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [(FRIDAY, MONDAY, "before_first"), (MONDAY, date(2026, 3, 12), "too_long")],
)
async def test_days_that_cannot_be_meant_are_refused(
    world: World, first: date, last: date, reason: str
) -> None:
    await _begun(world)
    with pytest.raises(Invalid) as refused:
        await world.do(set_absence, LENA, first, last)
    assert (refused.value.field, refused.value.reason) == ("last", reason)
    assert await _stored(world) == []


async def test_back_again_ends_what_has_begun_yesterday_and_removes_what_is_to_come(
    each_world: World,
) -> None:
    await _begun(each_world)
    over = (date(2025, 2, 3), date(2025, 2, 5))
    begun = (MONDAY, FRIDAY)
    coming = (date(2025, 4, 1), date(2025, 4, 4))
    for span in (over, begun, coming, (TODAY, TODAY)):
        await each_world.do(set_absence, LENA, *span)
    ended = await each_world.do(end_absences, LENA, TODAY)
    assert [(one.first, one.last) for one in ended] == [begun, (TODAY, TODAY), coming]
    assert await _stored(each_world) == [over, (MONDAY, MONDAY)]
    assert await each_world.do(absences_ahead, LENA, TODAY) == ()
    assert (await each_world.actions()).count("end absence") == 1


async def test_back_again_without_being_away_changes_nothing(world: World) -> None:
    await _begun(world)
    assert await world.do(end_absences, LENA, TODAY) == ()
    assert await world.actions() == []


async def test_who_leads_says_it_for_somebody_and_it_is_recorded(each_world: World) -> None:
    await _begun(each_world)
    await each_world.do(set_absence, KARIN, MONDAY, FRIDAY, member_id=LENA.id)
    assert await _stored(each_world) == [(MONDAY, FRIDAY)]
    await each_world.do(end_absences, KARIN, TODAY, member_id=LENA.id)
    assert await _stored(each_world) == [(MONDAY, MONDAY)]
    async with each_world.work() as work:
        logged = await work.store.audit.list_by_group(GROUP_ID)
    assert {(entry.actor_id, entry.on_behalf_of) for entry in logged} == {("karin", "lena")}


async def test_a_reporter_says_it_for_nobody_else(world: World) -> None:
    await _begun(world)
    with pytest.raises(NotAllowed):
        await world.do(set_absence, OMAR, MONDAY, FRIDAY, member_id=LENA.id)
    await world.do(set_absence, LENA, MONDAY, FRIDAY)
    with pytest.raises(NotAllowed):
        await world.do(end_absences, OMAR, TODAY, member_id=LENA.id)
    assert await _stored(world) == [(MONDAY, FRIDAY)]


async def test_another_groups_member_is_not_found(world: World) -> None:
    stranger = replace(a_member("Stina Berg", id="stina"), group_id="g2")
    await _begun(world, another_group(), stranger)
    with pytest.raises(NotFound):
        await world.do(set_absence, KARIN, MONDAY, FRIDAY, member_id=stranger.id)
    assert await _stored(world, "stina") == []


async def test_everybody_may_be_away_also_who_only_takes_part_in_the_council(world: World) -> None:
    council = a_member("Råd Rådh", "Lokala Brå", Role.COUNCIL, id="rad")
    await _begun(world, council)
    assert isinstance(await world.do(set_absence, council, MONDAY, FRIDAY), Absence)


async def test_who_is_away_gets_no_prompt_and_is_not_silent_in_the_picture(each_world: World) -> None:
    await _begun(each_world, a_meeting(), a_round())
    each_world.time = NOW
    await each_world.do(set_absence, LENA, MONDAY, FRIDAY)
    await each_world.tick()
    assert await each_world.receivers(DeliveryKind.PROMPT) == ["karin", "omar"]
    known = await each_world.do(status, KARIN)
    assert known.picture is not None
    assert [one.name for one in known.picture.standing(Standing.ABSENT)] == ["Lena Holm"]
    assert [one.name for one in known.picture.standing(Standing.SILENT)] == ["Karin Ek", "Omar Said"]


async def test_who_opens_by_hand_is_told_who_is_away(world: World) -> None:
    await _begun(world, a_meeting(), a_round())
    await world.do(set_absence, LENA, MONDAY, FRIDAY)
    opened = await world.do(open_round, KARIN)
    assert [(one.member.id, one.reason) for one in opened.skipped] == [("lena", Reason.ABSENT)]


async def test_who_comes_back_is_prompted(each_world: World) -> None:
    await _begun(each_world, a_meeting(), a_round())
    await each_world.do(set_absence, LENA, MONDAY, FRIDAY)
    await each_world.tick()
    await each_world.do(end_absences, LENA, TODAY)
    await each_world.tick()
    assert "lena" in await each_world.receivers(DeliveryKind.PROMPT)
