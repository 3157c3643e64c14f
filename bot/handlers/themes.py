"""Themes: what answers belong together, seen from the assessment (B1, C1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.features import Feature, Turn
from bot.teams.activities import Reply
from cards.inputs import Inputs
from cards.themes import (
    CloseTheme,
    NewTheme,
    OpenTheme,
    ShowThemes,
    TakeSuggestion,
    TieAnswers,
    UntieAnswers,
    answer_value,
    theme_card,
    themes_card,
)
from lagesbild.authority import Act
from lagesbild.errors import Invalid
from lagesbild.ids import RoundId, ThemeId
from lagesbild.themes import MOST_TITLE
from lagesbild.usecases.theming import (
    Answered,
    Voice,
    close_theme,
    create_theme,
    take_suggestion,
    theme_list,
    theme_sheet,
    tie,
    untie,
)

feature = Feature()


@feature.button(ShowThemes, Act.ASSESS, private="assessment.in_private")
async def show(turn: Turn, payload: ShowThemes | NewTheme | OpenTheme, inputs: Inputs) -> Reply:
    """The themes and the suggestions."""
    return await _list(turn, payload.round_id)


@feature.button(TakeSuggestion, Act.ASSESS, private="assessment.in_private")
async def take(turn: Turn, payload: TakeSuggestion, inputs: Inputs) -> Reply:
    """A suggestion is one; pressed again it changes nothing."""
    theme = await take_suggestion(turn.work, turn.member, RoundId(payload.round_id), payload.key)
    return await _list(turn, payload.round_id, turn.texts("theme.taken") if theme else "")


@feature.button(NewTheme, Act.ASSESS, private="assessment.in_private", form=show)
async def new(turn: Turn, payload: NewTheme, inputs: Inputs) -> Reply:
    """A theme of one's own, still without answers: they are put in on its card."""
    theme = await create_theme(turn.work, turn.member, inputs.text("title", max=MOST_TITLE))
    return await _one(turn, payload.round_id, theme.id, turn.texts("theme.made"))


@feature.button(OpenTheme, Act.ASSESS, private="assessment.in_private", form=show)
async def open_(turn: Turn, payload: OpenTheme, inputs: Inputs) -> Reply:
    """The chosen theme."""
    chosen = payload.theme_id or inputs.text("theme", max=64, required=True)
    return await _one(turn, payload.round_id, ThemeId(chosen))


async def theme_form(turn: Turn, payload: TieAnswers | UntieAnswers, inputs: Inputs) -> Reply:
    """The theme with its answers, to choose again."""
    return await _one(turn, payload.round_id, ThemeId(payload.theme_id))


@feature.button(TieAnswers, Act.ASSESS, private="assessment.in_private", form=theme_form)
async def tie_answers(turn: Turn, payload: TieAnswers, inputs: Inputs) -> Reply:
    """The chosen answers belong to it."""
    theme_id = ThemeId(payload.theme_id)
    sheet = await theme_sheet(turn.work, turn.member, theme_id, RoundId(payload.round_id))
    await tie(turn.work, turn.member, theme_id, _chosen(inputs, "tied", (*sheet.untied, *sheet.voices)))
    return await _one(turn, payload.round_id, theme_id, turn.texts("theme.tied"))


@feature.button(UntieAnswers, Act.ASSESS, private="assessment.in_private", form=theme_form)
async def untie_answers(turn: Turn, payload: UntieAnswers, inputs: Inputs) -> Reply:
    """The chosen answers do not belong to it after all."""
    theme_id = ThemeId(payload.theme_id)
    sheet = await theme_sheet(turn.work, turn.member, theme_id, RoundId(payload.round_id))
    await untie(turn.work, turn.member, theme_id, _chosen(inputs, "untied", (*sheet.voices, *sheet.untied)))
    return await _one(turn, payload.round_id, theme_id, turn.texts("theme.untied"))


@feature.button(CloseTheme, Act.ASSESS, private="assessment.in_private")
async def close(turn: Turn, payload: CloseTheme, inputs: Inputs) -> Reply:
    """The theme is over."""
    await close_theme(turn.work, turn.member, ThemeId(payload.theme_id))
    return await _list(turn, payload.round_id, turn.texts("theme.closed"))


def _chosen(inputs: Inputs, field: str, voices: Iterable[Voice]) -> Collection[Answered]:
    """The answers that were ticked; Invalid if none was. A repeat finds them tied or untied already."""
    known = {answer_value(one.key): one.key for one in voices}
    ticked = inputs.choices(field, known.keys())
    if not ticked:
        raise Invalid("answers", "missing")
    return [known[value] for value in ticked]


async def _list(turn: Turn, round_id: str, said: str = "") -> Reply:
    listed = await theme_list(turn.work, turn.member, RoundId(round_id))
    return Reply(card=themes_card(turn.texts, listed, said).to_dict())


async def _one(turn: Turn, round_id: str, theme_id: ThemeId, said: str = "") -> Reply:
    sheet = await theme_sheet(turn.work, turn.member, theme_id, RoundId(round_id))
    return Reply(card=theme_card(turn.texts, sheet, said).to_dict())
