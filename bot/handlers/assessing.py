"""`bedöm`: the meeting sets the colours together, and each leads somewhere (B5, C1, C6)."""

from __future__ import annotations

from bot.commands import Command
from bot.features import Feature, Turn
from bot.handlers.owners import chosen_owner
from bot.handlers.rounds import typed_number
from bot.teams.activities import Reply
from cards.agenda import CloseReferral, ReferAgain, TakeUp, history_card
from cards.assessment import AssessArea, FinishAssessment, assessment_card
from cards.assessment_area import MEASURE_OWNER, NEW_THEME, NO_THEME, SaveAssessment, area_card
from cards.assessment_parts import ShowAssessment, next_area
from cards.inputs import Inputs
from lagesbild.assessments import AssessmentForm
from lagesbild.authority import Act
from lagesbild.errors import Invalid
from lagesbild.ids import ReferralId, RoundId, ThemeId
from lagesbild.templates import Area, Colour
from lagesbild.usecases.assessing import (
    AssessmentSheet,
    assess,
    assessment_sheet,
    assessment_sheet_of,
    finish_assessment,
)
from lagesbild.usecases.finding import own_referral
from lagesbild.usecases.referring import close_referral, history_of, refer_again
from lagesbild.usecases.theming import take_suggestion

feature = Feature()

_AREAS = [area.value for area in Area]
_COLOURS = [colour.value for colour in Colour]


@feature.command(Command.ASSESS, Act.ASSESS, private="assessment.in_private")
async def show(turn: Turn, rest: str) -> Reply:
    """The overview."""
    sheet = await assessment_sheet(turn.work, turn.member, typed_number(rest))
    return Reply(card=assessment_card(turn.texts, sheet).to_dict())


@feature.button(ShowAssessment, Act.ASSESS, private="assessment.in_private")
async def show_again(turn: Turn, payload: ShowAssessment, inputs: Inputs) -> Reply:
    """The overview again."""
    return await _overview(turn, RoundId(payload.round_id))


@feature.button(AssessArea, Act.ASSESS, private="assessment.in_private")
async def open_area(turn: Turn, payload: AssessArea | SaveAssessment, inputs: Inputs) -> Reply:
    """The form of the chosen area."""
    sheet = await assessment_sheet_of(turn.work, turn.member, RoundId(payload.round_id))
    area = payload.area or inputs.choice("area", _AREAS, required=True)
    if area not in _AREAS:
        raise Invalid("area", "unknown")
    return _form(turn, sheet, Area(area))


@feature.button(SaveAssessment, Act.ASSESS, private="assessment.in_private", form=open_area)
async def save(turn: Turn, payload: SaveAssessment, inputs: Inputs) -> Reply:
    """Save the area, and go on to the next or back to the overview."""
    if payload.area not in _AREAS:
        raise Invalid("area", "unknown")
    area, round_id = Area(payload.area), RoundId(payload.round_id)
    form = await _filled(turn, inputs, area)
    theme_id = await _theme(turn, inputs, round_id) if form.colour is Colour.RED else None
    await assess(turn.work, turn.member, round_id, area, form, theme_id=theme_id)
    sheet = await assessment_sheet_of(turn.work, turn.member, round_id)
    following = next_area(sheet, area) if payload.go_on else None
    if following is not None:
        return _form(turn, sheet, following)
    return Reply(card=assessment_card(turn.texts, sheet, turn.texts("assessment.saved")).to_dict())


@feature.button(FinishAssessment, Act.ASSESS, private="assessment.in_private")
async def finish(turn: Turn, payload: FinishAssessment, inputs: Inputs) -> Reply:
    """Send what the meeting came to."""
    await finish_assessment(turn.work, turn.member, RoundId(payload.round_id))
    return await _overview(turn, RoundId(payload.round_id), turn.texts("assessment.sent"))


@feature.button(TakeUp, Act.ASSESS, private="assessment.in_private")
async def take_up(turn: Turn, payload: TakeUp | ReferAgain | CloseReferral, inputs: Inputs) -> Reply:
    """A referral that is back, with its history."""
    sheet = await assessment_sheet_of(turn.work, turn.member, RoundId(payload.round_id))
    referral = await own_referral(turn.work, turn.member, ReferralId(payload.referral_id))
    history = await history_of(turn.work, referral)
    return Reply(card=history_card(turn.texts, sheet, history).to_dict())


@feature.button(ReferAgain, Act.ASSESS, private="assessment.in_private", form=take_up)
async def put_again(turn: Turn, payload: ReferAgain, inputs: Inputs) -> Reply:
    """To the council once more."""
    day = inputs.date("answer_by", required=True)
    await refer_again(turn.work, turn.member, ReferralId(payload.referral_id), day)
    return await _overview(turn, RoundId(payload.round_id), turn.texts("assessment.referred_again"))


@feature.button(CloseReferral, Act.ASSESS, private="assessment.in_private", form=take_up)
async def close(turn: Turn, payload: CloseReferral, inputs: Inputs) -> Reply:
    """Closed, with a sentence to its reporters."""
    sentence = inputs.text("sentence", max=500)
    await close_referral(turn.work, turn.member, ReferralId(payload.referral_id), sentence)
    return await _overview(turn, RoundId(payload.round_id), turn.texts("assessment.closed"))


async def _overview(turn: Turn, round_id: RoundId, said: str = "") -> Reply:
    sheet = await assessment_sheet_of(turn.work, turn.member, round_id)
    return Reply(card=assessment_card(turn.texts, sheet, said).to_dict())


def _form(turn: Turn, sheet: AssessmentSheet, area: Area) -> Reply:
    question = next(question for question in sheet.questions if question.area is area)
    return Reply(card=area_card(turn.texts, sheet, question).to_dict())


async def _theme(turn: Turn, inputs: Inputs, round_id: RoundId) -> ThemeId | None:
    """The chosen theme; one that was only suggested is made now, since a person has said that it is one."""
    chosen = inputs.text("theme", max=64)
    if not chosen.startswith(NEW_THEME):
        return ThemeId(chosen) if chosen not in ("", NO_THEME) else None
    theme = await take_suggestion(turn.work, turn.member, round_id, chosen.removeprefix(NEW_THEME))
    if theme is None:
        raise Invalid("theme", "gone")
    return theme.id


async def _filled(turn: Turn, inputs: Inputs, area: Area) -> AssessmentForm:
    colour = "green" if area is Area.POSITIVE else inputs.choice("colour", _COLOURS, required=True)
    return AssessmentForm(
        Colour(colour),
        comment=inputs.text("comment", max=1000),
        measure=inputs.text("measure", max=500),
        owner=await chosen_owner(turn, inputs, MEASURE_OWNER),
        due=inputs.date("due"),
        title=inputs.text("title", max=120),
        answer_by=inputs.date("answer_by"),
    )
