"""Themes: suggested by the bot, decided by a person, and carried by what is lifted (B1, C1, C5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.ids import GroupId, RoundId, ThemeId
from lagesbild.templates import Area
from lagesbild.themes import Theme, ThemeSuggestion, Tie
from lagesbild.usecases.telling import answers_behind
from lagesbild.usecases.theming import (
    Answered,
    close_theme,
    create_theme,
    suggest_themes,
    take_suggestion,
    theme_list,
    theme_sheet,
    tie,
    untie,
)
from tests.chain import (
    DECIDED,
    DECISION,
    KARIN,
    LENA,
    MEHMET,
    OMAR,
    REFERRAL,
    ROUND,
    RUT,
    another_round,
    begun,
    holds,
)
from tests.samples import a_coordinator, a_draft, a_group, a_report, an_answer
from tests.usecases.world import World

PLACE = "Trasiga lampor vid Kolarbyskolan"
LENAS: Answered = (ROUND.id, LENA.id, Area.DISORDER)
MEHMETS: Answered = (ROUND.id, MEHMET.id, Area.DISORDER)
OMARS: Answered = (ROUND.id, OMAR.id, Area.VIOLENCE)
TITLE = "Kolarbyskolan, belysning"


async def named(world: World, *things: Any) -> World:
    """Lena and Mehmet name the same place this round; Lena did two rounds ago as well."""
    meeting, earlier = another_round(5, -28)
    await begun(world)
    await world.has(
        meeting,
        earlier,
        a_report(LENA, an_answer(1, 4, PLACE)),
        a_report(MEHMET, an_answer(1, 3, "Mörkt vid Kolarbyskolan igen"), an_answer(4, 2)),
        a_report(LENA, an_answer(1, 3, PLACE), round_id=earlier.id),
        a_draft(KARIN, an_answer(1, 5, PLACE)),
    )
    await holds(world, *things)
    return world


async def suggestions(world: World) -> tuple[ThemeSuggestion, ...]:
    return await world.do(suggest_themes, a_group(), ROUND)


async def ties(world: World, theme: Theme) -> set[Answered]:
    async with world.work() as work:
        return {(one.round_id, one.member_id, one.area) for one in await work.store.themes.ties(theme.id)}


async def behind(world: World, theme: Theme) -> set[str]:
    return set(await world.do(answers_behind, replace(REFERRAL, theme_id=theme.id)))


async def test_answers_of_several_rounds_that_name_a_place_are_suggested(each_world: World) -> None:
    world = await named(each_world)
    (one,) = await suggestions(world)
    assert one.title == "Kolarbyskolan, Ordningsstörningar och otrygghet"
    assert (one.organisations, one.rounds) == (2, 2)
    assert one.ties == (LENAS, MEHMETS, (RoundId("round-5"), LENA.id, Area.DISORDER))


async def test_what_is_suggested_becomes_a_theme_once_and_is_not_suggested_again(each_world: World) -> None:
    world = await named(each_world)
    (one,) = await suggestions(world)
    theme = await world.do(take_suggestion, KARIN, ROUND.id, one.key)
    assert theme is not None
    assert theme.title == one.title
    assert await ties(world, theme) == set(one.ties)
    assert await suggestions(world) == ()
    assert await world.do(take_suggestion, KARIN, ROUND.id, one.key) is None
    assert (await world.actions()).count("create theme") == 1


async def test_a_new_answer_about_the_place_goes_on_with_the_theme_there_is(each_world: World) -> None:
    world = await named(each_world)
    theme = await world.do(create_theme, KARIN, TITLE, [LENAS])
    (more,) = await suggestions(world)
    assert (more.theme_id, more.title) == (theme.id, TITLE)
    again = await world.do(take_suggestion, KARIN, ROUND.id, more.key)
    assert again == theme
    assert MEHMETS in await ties(world, theme)


async def test_an_open_theme_of_the_same_title_is_gone_on_with(each_world: World) -> None:
    world = await named(each_world)
    first = await world.do(create_theme, KARIN, TITLE, [LENAS])
    second = await world.do(create_theme, KARIN, f" {TITLE.upper()} ", [MEHMETS])
    assert second == first
    assert await ties(world, first) == {LENAS, MEHMETS}
    await world.do(close_theme, KARIN, first.id)
    assert (await world.do(create_theme, KARIN, TITLE)).id != first.id


async def test_the_sheet_has_the_answers_over_rounds_and_organisations_newest_first(
    each_world: World,
) -> None:
    world = await named(each_world)
    old: Answered = (RoundId("round-5"), LENA.id, Area.DISORDER)
    theme = await world.do(create_theme, KARIN, TITLE, [old, LENAS, MEHMETS])
    await holds(world, replace(REFERRAL, theme_id=theme.id))
    sheet = await world.do(theme_sheet, KARIN, theme.id, ROUND.id)
    assert [(one.round.number, one.member.organisation) for one in sheet.voices] == [
        (7, "NVK"),
        (7, "Risbroskolan"),
        (5, "Risbroskolan"),
    ]
    assert [one.id for one in sheet.referrals] == [REFERRAL.id]
    assert {one.key for one in sheet.untied} == {
        (ROUND.id, RUT.id, Area.DISORDER),
        (ROUND.id, "vera", Area.DISORDER),
        OMARS,
    }


async def test_an_answer_that_was_taken_back_is_not_shown_any_more(each_world: World) -> None:
    world = await named(each_world)
    theme = await world.do(create_theme, KARIN, TITLE, [LENAS, MEHMETS])
    await world.has(a_report(MEHMET, an_answer(4, 2)))
    sheet = await world.do(theme_sheet, KARIN, theme.id, ROUND.id)
    assert [one.member.id for one in sheet.voices] == [LENA.id]


async def test_who_is_tied_stands_behind_what_is_lifted_and_who_is_taken_out_does_not(
    each_world: World,
) -> None:
    world = await named(each_world)
    theme = await world.do(create_theme, KARIN, TITLE, [OMARS])
    assert OMAR.id in await behind(world, theme)
    await world.do(untie, KARIN, theme.id, [OMARS])
    await world.do(untie, KARIN, theme.id, [OMARS])
    assert OMAR.id not in await behind(world, theme)
    assert (await world.actions()).count("untie") == 1


async def test_who_is_tied_after_the_decision_hears_of_it_at_once(each_world: World) -> None:
    world = await named(each_world)
    theme = await world.do(create_theme, KARIN, TITLE)
    await holds(world, replace(DECIDED, theme_id=theme.id), DECISION)
    await world.do(tie, KARIN, theme.id, [OMARS])
    assert OMAR.id in await world.receivers(DeliveryKind.FEEDBACK)
    told = await world.receivers(DeliveryKind.FEEDBACK)
    await world.do(tie, KARIN, theme.id, [OMARS])
    assert await world.receivers(DeliveryKind.FEEDBACK) == told


async def test_before_a_decision_nobody_is_told_of_being_tied(world: World) -> None:
    await named(world)
    theme = await world.do(create_theme, KARIN, TITLE)
    await holds(world, replace(REFERRAL, theme_id=theme.id))
    await world.do(tie, KARIN, theme.id, [OMARS])
    assert await world.sent(DeliveryKind.FEEDBACK) == []


@pytest.mark.parametrize(
    "nothing",
    [
        (RoundId("nowhere"), LENA.id, Area.DISORDER),
        (ROUND.id, OMAR.id, Area.DISORDER),
        (ROUND.id, KARIN.id, Area.DISORDER),
    ],
)
async def test_only_what_was_answered_can_be_tied(world: World, nothing: Answered) -> None:
    await named(world)
    with pytest.raises(NotFound):
        await world.do(create_theme, KARIN, TITLE, [nothing])
    assert (await world.do(theme_list, KARIN, ROUND.id)).themes == ()


async def test_nothing_is_tied_to_a_theme_that_is_over(each_world: World) -> None:
    world = await named(each_world)
    theme = await world.do(create_theme, KARIN, TITLE, [LENAS])
    closed = await world.do(close_theme, KARIN, theme.id)
    assert await world.do(close_theme, KARIN, theme.id) == closed
    with pytest.raises(Invalid, match="closed"):
        await world.do(tie, KARIN, theme.id, [MEHMETS])
    assert (await world.do(theme_list, KARIN, ROUND.id)).themes == ()
    assert await ties(world, theme) == {LENAS}


async def test_the_list_counts_each_themes_answers(world: World) -> None:
    await named(world)
    theme = await world.do(create_theme, KARIN, TITLE, [LENAS, MEHMETS])
    listed = await world.do(theme_list, KARIN, ROUND.id)
    assert listed.themes == ((theme, 2),)


@pytest.mark.parametrize(("title", "reason"), [(" ", "missing"), ("Ring 0223-123 45", "words_point_out")])
async def test_a_title_is_something_that_others_may_read(world: World, title: str, reason: str) -> None:
    await named(world)
    with pytest.raises(Invalid, match=reason):
        await world.do(create_theme, KARIN, title)


async def test_only_those_who_lead_and_only_their_own(world: World) -> None:
    await named(world)
    theme = await world.do(create_theme, KARIN, TITLE, [LENAS])
    stranger = a_coordinator(id="ulla", group_id=GroupId("g2"))
    refused: list[tuple[Any, tuple[Any, ...]]] = [
        (create_theme, (TITLE,)),
        (tie, (theme.id, [MEHMETS])),
        (untie, (theme.id, [LENAS])),
        (close_theme, (theme.id,)),
        (theme_sheet, (theme.id, ROUND.id)),
        (theme_list, (ROUND.id,)),
        (take_suggestion, (ROUND.id, "key")),
    ]
    for use_case, given in refused:
        with pytest.raises(NotAllowed):
            await world.do(use_case, LENA, *given)
    for use_case, given in refused[1:]:
        with pytest.raises(NotFound):
            await world.do(use_case, stranger, *given)
    with pytest.raises(NotFound):
        await world.do(theme_sheet, KARIN, ThemeId("nowhere"), ROUND.id)
    async with world.work() as work:
        assert await work.store.themes.ties(theme.id) == [Tie(theme.id, *LENAS)]
