"""What the cards of the joint assessment share: the figures beside an area, and which is next (B1, B5)."""

from __future__ import annotations

from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.picture_areas import View, colour_words
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.picture import AreaPicture
from lagesbild.templates import Area, Question, Rating
from lagesbild.usecases.assessing import AssessmentSheet


@dataclass(frozen=True)
class ShowAssessment(Payload, verb="assess.show"):
    """The overview again."""

    round_id: str


def to_overview(t: Texts, round_id: str) -> Action:
    """The button back to the overview."""
    return execute(t("assessment.back"), ShowAssessment(round_id), associated_inputs="none")


def figures(t: Texts, sheet: AssessmentSheet, question: Question) -> str:
    """What the reports say of the area, in one line: level, change, how many, where."""
    if question.is_positive:
        return t.plural("assessment.went_well", len(sheet.picture.positives))
    area = sheet.picture.area(question.number)
    if not area.mentioned_by:
        return t("assessment.nobody")
    parts = [_level(t, sheet, area), t("assessment.mentioned", n=area.mentioned_by, of=area.answered)]
    if area.places:
        parts.append(one_line(", ".join(place.name for place in area.places[:2])))
    return " · ".join(part for part in parts if part)


def _level(t: Texts, sheet: AssessmentSheet, area: AreaPicture) -> str:
    if area.level is None:
        return ""
    if area.rating is Rating.COLOUR:
        return colour_words(View(t, sheet.picture, sheet.template), area.level)
    level = t("assessment.level", level=t.number(area.level))
    if not area.change:
        return level
    earlier = t.number(area.level - area.change)
    return f"{level} {t('assessment.up' if area.change > 0 else 'assessment.down', earlier=earlier)}"


def next_area(sheet: AssessmentSheet, after: Area | None = None) -> Area | None:
    """The next area in the order that has no colour; None when all have one."""
    areas = [question.area for question in sheet.questions]
    start = areas.index(after) + 1 if after in areas else 0
    around = (*areas[start:], *areas[:start])
    return next((area for area in around if area not in sheet.assessments), None)
