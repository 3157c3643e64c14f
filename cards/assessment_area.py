"""One area of the joint assessment: its figures and answers, the colour, and what yellow and red need (B5, A3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cards.actions import Payload, execute
from cards.assessment_parts import figures, next_area, to_overview
from cards.buttons import Action
from cards.card import Card
from cards.elements import Container, Element, TextBlock
from cards.fields import Choice, ChoiceSet, DateInput, TextInput
from cards.layout import header, quiet, unfold
from cards.owners import OwnerIds, owner_fields
from cards.picture import size
from cards.picture_areas import View, remarks, who
from cards.safe import escape, one_line, plain
from cards.texts import Texts
from lagesbild.assessments import suggested_title
from lagesbild.measures import Measure
from lagesbild.picture import Remark
from lagesbild.templates import Area, Colour, Question
from lagesbild.themes import ThemeSuggestion
from lagesbild.usecases.assessing import AssessmentSheet

NEW_THEME: Final = "new_"
"""Begins the value of a theme that is only suggested; its key follows."""
NO_THEME: Final = "0"
_ANSWERS_BYTES: Final = 10 * 1024
_MOST_POSITIVES: Final = 10


@dataclass(frozen=True)
class SaveAssessment(Payload, verb="assess.save"):
    """Save one area; `go_on` shows the next that is not assessed."""

    round_id: str
    area: str
    go_on: bool = True


MEASURE_OWNER = OwnerIds("owner", "owner_name")


def area_card(t: Texts, sheet: AssessmentSheet, question: Question) -> Card:
    """The area's form, filled in with what is saved. What yellow and red need stands open once it is that colour."""
    title = one_line(question.title)
    body: list[Element] = [*header(title, figures(t, sheet, question)), *_answers(t, sheet, question)]
    if question.is_positive:
        body.append(_comment(t, sheet, question))
    else:
        body += [_colours(t, sheet, question.area), _comment(t, sheet, question)]
        body += [*_yellow(t, sheet, question.area), *_red(t, sheet, question.area)]
    return Card(body, lang=t.language, fallback_text=title, actions=_saving(t, sheet, question))


def _answers(t: Texts, sheet: AssessmentSheet, question: Question) -> list[Element]:
    """What was answered: folded beside a colour to be set, open where something went well."""
    if question.is_positive:
        return [_positive(t, sheet, one) for one in sheet.picture.positives[:_MOST_POSITIVES]]
    view, area = View(t, sheet.picture, sheet.template), sheet.picture.area(question.number)
    shown = _fitting(t, remarks(view, area))
    if not shown:
        return []
    folded = f"said_{question.area.value}"
    link = unfold(t("assessment.said"), folded)
    return [link, Container(shown, id=folded, is_visible=False, style="emphasis", spacing="small")]


def _fitting(t: Texts, said: Sequence[Element]) -> list[Element]:
    shown: list[Element] = []
    used = 0
    for one in said:
        used += size(one.to_dict())
        if used > _ANSWERS_BYTES:
            return [*shown, quiet(t("assessment.said_more"))]
        shown.append(one)
    return shown


def _positive(t: Texts, sheet: AssessmentSheet, remark: Remark) -> TextBlock:
    words = "\n".join(text for text in (*remark.bullets, remark.comment) if text.strip())
    whose = who(View(t, sheet.picture, sheet.template), remark)
    return TextBlock(t("assessment.went_well_said", who=whose, text=escape(words[:600])), spacing="small")


def _colours(t: Texts, sheet: AssessmentSheet, area: Area) -> Element:
    choices = [
        Choice(
            plain(t("assessment.colour_choice", colour=t(f"report.colour_{colour.value}"), meaning=meaning)),
            colour.value,
        )
        for colour, meaning in _meanings(t, sheet).items()
    ]
    assessment = sheet.assessments.get(area)
    return ChoiceSet(
        "colour",
        t("assessment.colour"),
        choices,
        value=assessment.colour.value if assessment else None,
        style="expanded",
        wrap=True,
        is_required=True,
        error_message=t("assessment.colour_missing"),
    )


def _meanings(t: Texts, sheet: AssessmentSheet) -> dict[Colour, str]:
    """The template's own words for its colours where it has any, else what the group does with each (A3)."""
    return {
        colour: plain(sheet.template.scale[colour])
        if colour in sheet.template.scale
        else t(f"assessment.means_{colour.value}")
        for colour in Colour
    }


def _comment(t: Texts, sheet: AssessmentSheet, question: Question) -> TextInput:
    known = sheet.assessments.get(question.area)
    label = t("assessment.went_well_label" if question.is_positive else "assessment.comment")
    comment = plain(known.comment) if known else ""
    return TextInput("comment", label, value=comment or None, is_multiline=True, max_length=1000)


def _yellow(t: Texts, sheet: AssessmentSheet, area: Area) -> list[Element]:
    measure = sheet.measures.get(area)
    inside: list[Element] = [
        TextInput(
            "measure",
            t("assessment.measure"),
            value=plain(measure.text) if measure else None,
            placeholder=t("assessment.measure_hint"),
            is_multiline=True,
            max_length=500,
        ),
        *owner_fields(t, MEASURE_OWNER, sheet.owners, *_owner(measure)),
        DateInput("due", t("assessment.due"), value=measure.due.isoformat() if measure else None),
    ]
    return _folded(
        t("assessment.yellow"), f"yellow_{area.value}", inside, open_=_is(sheet, area, Colour.YELLOW)
    )


def _owner(measure: Measure | None) -> tuple[str, str]:
    """The member's id, or else the name, of who answers for a measure so far."""
    if measure is None:
        return "", ""
    return (measure.owner.member_id, "") if measure.owner.member_id else ("", measure.owner.name)


def _red(t: Texts, sheet: AssessmentSheet, area: Area) -> list[Element]:
    referral = sheet.referrals.get(area)
    title = referral.title if referral else suggested_title(sheet.picture, area)
    answer_by = (referral.answer_by if referral else sheet.answer_by).isoformat()
    inside: list[Element] = [
        TextInput("title", t("assessment.referral_title"), value=plain(title)[:120], max_length=120),
        DateInput("answer_by", t("assessment.answer_by"), value=answer_by),
        *_themes(t, sheet, area),
    ]
    return _folded(t("assessment.red"), f"red_{area.value}", inside, open_=_is(sheet, area, Colour.RED))


def _is(sheet: AssessmentSheet, area: Area, colour: Colour) -> bool:
    known = sheet.assessments.get(area)
    return known is not None and known.colour is colour


def _folded(title: str, name: str, inside: Sequence[Element], *, open_: bool) -> list[Element]:
    link = unfold(title, name)
    link.spacing = "medium"
    return [link, Container(inside, id=name, is_visible=open_, style="emphasis", spacing="small")]


def _themes(t: Texts, sheet: AssessmentSheet, area: Area) -> list[Element]:
    """The themes there are, and those that answers in this area suggest; a person decides (C1)."""
    suggested = [one for one in sheet.suggestions if any(tied is area for *_, tied in one.ties)]
    if not (sheet.themes or suggested):
        return []
    referral = sheet.referrals.get(area)
    choices = [Choice(t("assessment.no_theme"), NO_THEME)]
    choices += [Choice(plain(one.title), one.id) for one in sheet.themes]
    choices += [Choice(_suggested(t, one), NEW_THEME + one.key) for one in suggested]
    value = (referral.theme_id if referral else None) or NO_THEME
    return [
        ChoiceSet("theme", t("assessment.theme"), choices, value=value, style="compact"),
        quiet(t("assessment.theme_hint")),
    ]


def _suggested(t: Texts, one: ThemeSuggestion) -> str:
    key = "assessment.theme_more" if one.theme_id else "assessment.theme_new"
    return t.plural(key, len(one.ties), title=plain(one.title))


def _saving(t: Texts, sheet: AssessmentSheet, question: Question) -> list[Action]:
    area = question.area.value
    following = next_area(sheet, question.area)
    save = execute(t("assessment.save"), SaveAssessment(sheet.round.id, area, go_on=False))
    if following is None or following is question.area:
        return [save, to_overview(t, sheet.round.id)]
    go_on = execute(t("assessment.save_next"), SaveAssessment(sheet.round.id, area), style="positive")
    return [go_on, save, to_overview(t, sheet.round.id)]
