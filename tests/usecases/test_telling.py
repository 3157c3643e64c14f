"""Whom a referral's news goes to: everybody who had a part, nobody else, each once (C5, F1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lagesbild.deliveries import DeliveryKind
from lagesbild.feedback import Part
from lagesbild.ids import MemberId
from lagesbild.people import MemberState, Role
from lagesbild.ports import Work
from lagesbild.referrals import Referral
from lagesbild.templates import Area
from lagesbild.themes import Tie
from lagesbild.usecases.telling import answers_behind, recipients_of, tell_reporters, tell_round
from tests.chain import (
    KARIN,
    LENA,
    MEHMET,
    OMAR,
    REFERRAL,
    REKTOR,
    ROUND,
    RUT,
    THEME,
    VERA,
    another_round,
    begun,
    holds,
)
from tests.samples import a_draft, a_group, a_member, a_report, an_answer
from tests.usecases.world import World

THEMED = replace(REFERRAL, theme_id=THEME.id)


async def told(world: World, referral: Referral = REFERRAL) -> dict[str, tuple[Part, str]]:
    """Who hears about it: why, and through whom."""
    found = await world.do(recipients_of, a_group(), referral)
    assert len({one.member.id for one in found}) == len(found)
    return {one.member.id: (one.part, one.through.id) for one in found}


async def test_everybody_who_reported_it_and_who_represents_them_is_told_and_nobody_else(
    each_world: World,
) -> None:
    await begun(each_world, REFERRAL)
    assert await told(each_world) == {
        LENA.id: (Part.REPORTED, LENA.id),
        MEHMET.id: (Part.REPORTED, MEHMET.id),
        RUT.id: (Part.REPORTED, KARIN.id),
        REKTOR.id: (Part.ORGANISATION, REKTOR.id),
    }


async def test_each_is_queued_once_and_a_repeat_at_the_same_moment_queues_nothing(each_world: World) -> None:
    await begun(each_world, REFERRAL)
    assert await each_world.do(tell_reporters, a_group(), REFERRAL) == 4
    assert await each_world.do(tell_reporters, a_group(), REFERRAL) == 0
    assert await each_world.receivers(DeliveryKind.FEEDBACK) == [KARIN.id, LENA.id, MEHMET.id, REKTOR.id]
    subjects = {one.subject for one in await each_world.sent(DeliveryKind.FEEDBACK)}
    assert subjects == {f"{REFERRAL.id}:{one.id}" for one in (RUT, LENA, MEHMET, REKTOR)}


async def test_later_news_is_queued_anew(world: World) -> None:
    await begun(world, REFERRAL)
    await world.do(tell_reporters, a_group(), REFERRAL)
    world.time += timedelta(days=7)
    assert await world.do(tell_reporters, a_group(), REFERRAL) == 4


async def test_who_has_left_hears_nothing_but_their_organisation_does(world: World) -> None:
    leader = a_member("Eva Fritid", VERA.organisation, Role.REPRESENTATIVE, id="eva")
    await begun(world, REFERRAL)
    await world.has(leader)
    found = await told(world)
    assert VERA.id not in found
    assert found[leader.id] == (Part.ORGANISATION, leader.id)


@pytest.mark.parametrize("state", [MemberState.LEFT, MemberState.PENDING])
async def test_a_reporter_who_does_not_take_part_any_more_hears_nothing(
    world: World, state: MemberState
) -> None:
    await begun(world, REFERRAL)
    await world.has(replace(MEHMET, state=state))
    assert MEHMET.id not in await told(world)


async def test_a_representative_who_reported_it_too_is_told_once_as_a_reporter(world: World) -> None:
    await begun(world, REFERRAL)
    await world.has(a_report(REKTOR, an_answer(1, 2)))
    assert (await told(world))[REKTOR.id] == (Part.REPORTED, REKTOR.id)


async def test_representatives_of_other_organisations_and_colleagues_without_that_role_hear_nothing(
    world: World,
) -> None:
    other = a_member("Nils Näring", "Näringsliv", Role.REPRESENTATIVE, id="nils")
    colleague = a_member("Kim Kollega", LENA.organisation, id="kim")
    nowhere = a_member("Utan Namn", None, Role.REPRESENTATIVE, id="nowhere")
    await begun(world, REFERRAL)
    await world.has(other, colleague, nowhere)
    assert not {"nils", "kim", "nowhere"} & set(await told(world))


async def test_no_organisation_is_nobodys_organisation(world: World) -> None:
    lone = a_member("Lo Ensam", None, id="lone")
    nowhere = a_member("Utan Namn", None, Role.REPRESENTATIVE, id="nowhere")
    await begun(world, REFERRAL)
    await world.has(lone, nowhere, a_report(lone, an_answer(1, 4)))
    found = await told(world)
    assert found["lone"][0] is Part.REPORTED
    assert "nowhere" not in found


@pytest.mark.parametrize(
    ("answer", "behind"),
    [
        (an_answer(1, 1), False),
        (an_answer(1, 1, "Lugnt, men lampan är trasig"), True),
        (an_answer(1, 2), True),
        (an_answer(1, None, "Mörkt"), True),
        (an_answer(2, 5, "Hot"), False),
    ],
)
async def test_an_answer_is_behind_it_if_it_says_something_about_the_area(
    world: World, answer: Any, behind: bool
) -> None:
    await begun(world, REFERRAL)
    await world.has(a_report(OMAR, answer))
    assert (OMAR.id in await told(world)) is behind


async def test_a_draft_is_behind_nothing(world: World) -> None:
    await begun(world, REFERRAL)
    await world.has(a_draft(OMAR, an_answer(1, 5, "Mörkt")))
    assert OMAR.id not in await told(world)


async def test_answers_tied_to_the_theme_count_over_areas_and_rounds_and_others_there_do_not(
    each_world: World,
) -> None:
    world = each_world
    meeting, later = another_round(8, 14)
    await begun(world, THEME, THEMED)
    await world.has(
        meeting,
        later,
        a_report(KARIN, an_answer(4, 1), round_id=later.id),
        a_report(OMAR, an_answer(1, 5, "Bråk"), round_id=later.id),
    )
    await holds(
        world,
        Tie(THEME.id, later.id, KARIN.id, Area.YOUTH),
        Tie(THEME.id, ROUND.id, LENA.id, Area.DISORDER),
    )
    found = await told(world, THEMED)
    assert found[KARIN.id][0] is Part.REPORTED
    assert OMAR.id not in found
    behind = await world.do(answers_behind, THEMED)
    assert [(one.round.number, one.question.area) for one in behind[KARIN.id]] == [(8, Area.YOUTH)]
    assert len(behind[LENA.id]) == 1


async def test_without_anybody_who_leads_a_member_without_teams_is_still_in_the_ledger(world: World) -> None:
    await begun(world, REFERRAL)
    await world.has(replace(KARIN, roles=frozenset({Role.REPORTER})))
    assert (await told(world))[RUT.id] == (Part.REPORTED, RUT.id)


async def test_the_round_goes_to_all_who_answered_once_and_not_to_who_wants_fewer(each_world: World) -> None:
    await begun(each_world)
    await each_world.has(replace(MEHMET, fewer=True), a_draft(KARIN, an_answer(1, 2)), a_report(REKTOR))
    assert await each_world.do(tell_round, a_group(), ROUND) == 3
    assert await each_world.receivers(DeliveryKind.ROUND_FEEDBACK) == [LENA.id, OMAR.id, REKTOR.id]
    each_world.time += timedelta(days=1)
    assert await each_world.do(tell_round, a_group(), ROUND) == 0


async def test_another_groups_members_are_never_among_them(world: World) -> None:
    async def of_another_group(work: Work) -> set[MemberId]:
        other = replace(a_group(), id="g2", home=replace(a_group().home, team_id="other"))
        await work.store.groups.save(other)
        stranger = replace(a_member("Främling", "Risbroskolan", Role.REPRESENTATIVE, id="x"), group_id="g2")
        await work.store.members.save(stranger)
        return {one.member.id for one in await recipients_of(work, a_group(), REFERRAL)}

    await begun(world, REFERRAL)
    assert "x" not in await world.do(of_another_group)
