"""The joint assessment's overview: what is back, the areas with their colours, and what Klart will do (B5, A3)."""

from __future__ import annotations

from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.agenda import agenda_section
from cards.assessment_parts import figures, next_area
from cards.buttons import Action
from cards.card import Card
from cards.elements import ActionSet, Element, TextBlock
from cards.fields import Choice, ChoiceSet
from cards.layout import header, notice, quiet, row
from cards.safe import one_line, plain
from cards.texts import Texts
from cards.themes import ShowThemes
from lagesbild.referrals import ReferralState
from lagesbild.templates import Area, Colour, Question
from lagesbild.usecases.assessing import AssessmentSheet


@dataclass(frozen=True)
class AssessArea(Payload, verb="assess.area"):
    """The form of one area: the chosen one (input `area`) unless named."""

    round_id: str
    area: str = ""


@dataclass(frozen=True)
class FinishAssessment(Payload, verb="assess.finish"):
    """Send what the meeting came to."""

    round_id: str


def assessment_card(t: Texts, sheet: AssessmentSheet, said: str = "") -> Card:
    """Everything on one card: what is back, the areas with their figures and colours, and what is left to do."""
    day = t.date(sheet.group.local_day(sheet.picture.meeting_at))
    title = t("assessment.title", day=day)
    body: list[Element] = [*header(title, one_line(sheet.group.title))]
    if said:
        body.append(TextBlock(f"✓ {said}", color="good"))
    body += agenda_section(t, sheet)
    body += [_area(t, sheet, question) for question in sheet.questions]
    body += _themes(t, sheet)
    body += _left(t, sheet)
    body.append(_chooser(t, sheet))
    return Card(body, lang=t.language, fallback_text=title, actions=_doings(t, sheet))


def _area(t: Texts, sheet: AssessmentSheet, question: Question) -> Element:
    left: list[Element] = [
        TextBlock(f"**{one_line(question.title)}**"),
        quiet(figures(t, sheet, question)),
        *(TextBlock(line, size="small", spacing="none") for line in _outcome(t, sheet, question.area)),
    ]
    return row(left, [_mark(t, sheet, question)], separator=True)


def _mark(t: Texts, sheet: AssessmentSheet, question: Question) -> TextBlock:
    """The colour as symbol and word; what went well has none, and is only said or not."""
    assessment = sheet.assessments.get(question.area)
    if assessment is None:
        return TextBlock(t("assessment.not_yet"), wrap=False, is_subtle=True, size="small")
    if question.is_positive:
        return TextBlock(f"✓ {t('assessment.noted')}", wrap=False)
    return TextBlock(t(f"report.colour_{assessment.colour.value}"), wrap=False, weight="bolder")


def _outcome(t: Texts, sheet: AssessmentSheet, area: Area) -> list[str]:
    """What the colour came to."""
    assessment, lines = sheet.assessments.get(area), []
    if assessment is None:
        return []
    if assessment.comment:
        lines.append(one_line(assessment.comment, 200))
    measure, referral = sheet.measures.get(area), sheet.referrals.get(area)
    if measure is not None:
        facts = {"text": one_line(measure.text), "owner": one_line(measure.owner.name)}
        lines.append(f"→ {t('assessment.own_measure', day=t.date(measure.due), **facts)}")
    if referral is not None and assessment.colour is Colour.RED:
        day = t.date(referral.answer_by)
        lines.append(f"→ {t('assessment.lifted', title=one_line(referral.title), day=day)}")
    return lines


def _themes(t: Texts, sheet: AssessmentSheet) -> list[Element]:
    """The way to the themes, in the body: three buttons in a row are cut off on a phone."""
    new = len(sheet.suggestions)
    title = t.plural("assessment.themes_new", new) if new else t("assessment.themes")
    button = execute(title, ShowThemes(sheet.round.id), associated_inputs="none")
    return [ActionSet([button], separator=True, spacing="medium")]


def _left(t: Texts, sheet: AssessmentSheet) -> list[Element]:
    """What is not assessed yet, and what Klart will do."""
    if sheet.is_finished:
        return [notice(t("assessment.finished"))]
    if not sheet.assessments:
        return []
    missing = sum(question.area not in sheet.assessments for question in sheet.questions)
    lines = [t.plural("assessment.missing", missing)] if missing else []
    return [notice(*lines, _will(t, sheet))]


def _will(t: Texts, sheet: AssessmentSheet) -> str:
    lifted = sum(one.state is ReferralState.WAITING for one in sheet.referrals.values())
    told = t.plural("assessment.will_tell", sheet.told)
    if not lifted:
        return t("assessment.will_none", told=told)
    return t("assessment.will", lifted=t.plural("assessment.will_lift", lifted), told=told)


def _chooser(t: Texts, sheet: AssessmentSheet) -> ChoiceSet:
    choices = [Choice(plain(question.title), question.area.value) for question in sheet.questions]
    value = next_area(sheet) or sheet.questions[0].area
    return ChoiceSet("area", t("assessment.choose"), choices, value=value.value, style="compact")


def _doings(t: Texts, sheet: AssessmentSheet) -> list[Action]:
    found: list[Action] = [execute(t("assessment.assess"), AssessArea(sheet.round.id), style="positive")]
    if not sheet.is_finished and sheet.assessments:
        done = FinishAssessment(sheet.round.id)
        found.append(execute(t("assessment.finish"), done, associated_inputs="none"))
    return found
