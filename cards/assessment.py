"""The joint assessment on cards: the overview, one area at a time, and what will happen (B5, A3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import ActionSet, Container, Element, TextBlock
from cards.fields import Choice, ChoiceSet, DateInput, TextInput
from cards.layout import header, heading, notice, quiet, row, unfold
from cards.owners import colour_name, owner_fields
from cards.picture_areas import View, colour_words
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.assessments import JointAssessment
from lagesbild.feedback import Shows
from lagesbild.measures import Measure
from lagesbild.picture import AreaPicture
from lagesbild.referrals import Referral
from lagesbild.templates import Area, Colour, Question, Rating
from lagesbild.themes import Theme
from lagesbild.usecases.assessing import AssessmentSheet
from lagesbild.usecases.referring import Agenda, History

MOST_BACK = 2
"""Questions that are back on the agenda with a button each; a card takes six."""


@dataclass(frozen=True)
class ShowAssessment(Payload, verb="assess.show"):
    """The overview again."""

    round_id: str


@dataclass(frozen=True)
class AssessArea(Payload, verb="assess.area"):
    """The form of one area: the chosen one (input `area`) unless named."""

    round_id: str
    area: str = ""


@dataclass(frozen=True)
class SaveAssessment(Payload, verb="assess.save"):
    """Save one area; `go_on` shows the next that is not assessed."""

    round_id: str
    area: str
    go_on: bool = True


@dataclass(frozen=True)
class FinishAssessment(Payload, verb="assess.finish"):
    """Send what the meeting came to."""

    round_id: str


@dataclass(frozen=True)
class TakeUp(Payload, verb="assess.take_up"):
    """A referral that is back on the agenda: its history, and what to do with it."""

    referral_id: str
    round_id: str


@dataclass(frozen=True)
class ReferAgain(Payload, verb="assess.refer_again"):
    """Put it to the council once more."""

    referral_id: str
    round_id: str


@dataclass(frozen=True)
class CloseReferral(Payload, verb="assess.close"):
    """Close it with a sentence to its reporters."""

    referral_id: str
    round_id: str


def assessment_card(t: Texts, sheet: AssessmentSheet, said: str = "") -> Card:
    """Everything on one card: what is back, the areas with their figures and colours, and what is left to do."""
    day = t.date(sheet.group.local_day(sheet.picture.meeting_at))
    title = t("assessment.title", day=day)
    body: list[Element] = [*header(title, one_line(f"{sheet.group.name} {sheet.group.municipality}"))]
    if said:
        body.append(TextBlock(f"✓ {said}", color="good"))
    body += _agenda(t, sheet)
    body += [_area(t, sheet, question) for question in sheet.questions]
    body += _left(t, sheet)
    body.append(_chooser(t, sheet))
    return Card(body, lang=t.language, fallback_text=title, actions=_doings(t, sheet))


def _agenda(t: Texts, sheet: AssessmentSheet) -> list[Element]:
    found = sheet.agenda
    if found.is_empty:
        return []
    items: list[Element] = [heading(t("assessment.agenda"))]
    for number, history in enumerate(found.back):
        items.append(TextBlock(f"**{one_line(history.referral.title)}**", spacing="small"))
        items.append(quiet(_does_not_show(t, history)))
        if number < MOST_BACK:
            payload = TakeUp(history.referral.id, sheet.round.id)
            button = execute(t("assessment.take_up"), payload, associated_inputs="none")
            items.append(ActionSet([button], spacing="small"))
    items += [TextBlock(line, spacing="small") for line in _late_lines(t, found)]
    return [Container(items, style="emphasis", spacing="medium")]


def _does_not_show(t: Texts, history: History) -> str:
    noes = sum(one.shows is not None and one.shows.reopens for one in history.follow_ups)
    yes = sum(one.shows is Shows.YES for one in history.follow_ups)
    return t("assessment.does_not_show", noes=noes, yes=yes)


def _late_lines(t: Texts, agenda: Agenda) -> list[str]:
    lines = [
        t("assessment.overdue", title=one_line(one.title), day=t.date(one.answer_by))
        for one in agenda.overdue
    ]
    lines += [
        t(
            "assessment.late_measure",
            text=one_line(one.text),
            owner=one_line(one.owner.name),
            day=t.date(one.due),
        )
        for one in agenda.late
    ]
    return [f"⚠ {line}" for line in lines]


def _area(t: Texts, sheet: AssessmentSheet, question: Question) -> Element:
    assessment = sheet.assessments.get(question.area)
    left: list[Element] = [TextBlock(f"**{one_line(question.title)}**")]
    left.append(quiet(_figures(t, sheet, question)))
    left += [TextBlock(line, size="small", spacing="none") for line in _outcome(t, sheet, question.area)]
    right = [TextBlock(colour_name(t, assessment.colour if assessment else None), wrap=False)]
    return row(left, right, separator=True)


def _figures(t: Texts, sheet: AssessmentSheet, question: Question) -> str:
    """What the reports say of the area, in one line."""
    if question.is_positive:
        return t.plural("assessment.went_well", len(sheet.picture.positives))
    area = sheet.picture.area(question.number)
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


def _outcome(t: Texts, sheet: AssessmentSheet, area: Area) -> list[str]:
    """What the colour came to."""
    assessment, lines = sheet.assessments.get(area), []
    if assessment is None:
        return []
    if assessment.comment:
        lines.append(one_line(assessment.comment, 200))
    measure, referral = sheet.measures.get(area), sheet.referrals.get(area)
    if measure is not None and assessment.colour is Colour.YELLOW:
        facts = {"text": one_line(measure.text), "owner": one_line(measure.owner.name)}
        lines.append(f"→ {t('assessment.own_measure', day=t.date(measure.due), **facts)}")
    if referral is not None and assessment.colour is Colour.RED:
        day = t.date(referral.answer_by)
        lines.append(f"→ {t('assessment.lifted', title=one_line(referral.title), day=day)}")
    return lines


def _left(t: Texts, sheet: AssessmentSheet) -> list[Element]:
    """What is not assessed yet, and what Klart will do."""
    if sheet.is_finished:
        return [notice(t("assessment.finished"))]
    if not sheet.assessments:
        return []
    missing = [one_line(q.title) for q in sheet.questions if q.area not in sheet.assessments]
    red = sum(one.colour is Colour.RED for one in sheet.assessments.values())
    told = sheet.picture.answered
    lines = [t("assessment.will", red=red, told=told)]
    if missing:
        lines.insert(0, t("assessment.missing", areas=t.list(missing)))
    return [notice(*lines)]


def _chooser(t: Texts, sheet: AssessmentSheet) -> ChoiceSet:
    choices = [Choice(plain(question.title), question.area.value) for question in sheet.questions]
    value = next_area(sheet) or sheet.questions[0].area
    return ChoiceSet("area", t("assessment.choose"), choices, value=value.value, style="compact")


def next_area(sheet: AssessmentSheet, after: Area | None = None) -> Area | None:
    """The next area in the order that has no colour; None when all have one."""
    areas = [question.area for question in sheet.questions]
    start = areas.index(after) + 1 if after in areas else 0
    around = (*areas[start:], *areas[:start])
    return next((area for area in around if area not in sheet.assessments), None)


def _doings(t: Texts, sheet: AssessmentSheet) -> list[Action]:
    assess = execute(t("assessment.assess"), AssessArea(sheet.round.id), style="positive")
    if sheet.is_finished or not sheet.assessments:
        return [assess]
    finish = execute(t("assessment.finish"), FinishAssessment(sheet.round.id), associated_inputs="none")
    return [assess, finish]


def area_card(t: Texts, sheet: AssessmentSheet, question: Question) -> Card:
    """One area: its figures, the colour, and what yellow and red need."""
    assessment = sheet.assessments.get(question.area)
    body: list[Element] = [*header(one_line(question.title), _figures(t, sheet, question))]
    if question.is_positive:
        body += [
            TextBlock(f"• {one_line(said.comment, 200)}", spacing="small")
            for said in sheet.picture.positives[:5]
        ]
    else:
        body += [_colours(t, sheet, assessment)]
    comment = plain(assessment.comment) if assessment else ""
    label = t("assessment.went_well_label" if question.is_positive else "assessment.comment")
    body.append(TextInput("comment", label, value=comment or None, is_multiline=True, max_length=1000))
    if not question.is_positive:
        body += _yellow(t, sheet, question.area, sheet.measures.get(question.area), assessment)
        body += _red(t, sheet, question, sheet.referrals.get(question.area), assessment)
    return Card(
        body, lang=t.language, fallback_text=one_line(question.title), actions=_saving(t, sheet, question)
    )


def _colours(t: Texts, sheet: AssessmentSheet, assessment: JointAssessment | None) -> Element:
    choices = [
        Choice(
            plain(t("assessment.colour_choice", colour=colour_name(t, colour), meaning=meaning)), colour.value
        )
        for colour, meaning in _meanings(t, sheet).items()
    ]
    value = assessment.colour.value if assessment else None
    return ChoiceSet(
        "colour",
        t("assessment.colour"),
        choices,
        value=value,
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


def _yellow(
    t: Texts, sheet: AssessmentSheet, area: Area, measure: Measure | None, assessment: JointAssessment | None
) -> list[Element]:
    shown = assessment is not None and assessment.colour is Colour.YELLOW
    due = measure.due.isoformat() if measure else None
    inside: list[Element] = [
        TextInput(
            "measure",
            t("assessment.measure"),
            value=plain(measure.text) if measure else None,
            placeholder=t("assessment.measure_hint"),
            is_multiline=True,
            max_length=500,
        ),
        *owner_fields(t, sheet.owners, measure.owner if measure else None),
        DateInput("due", t("assessment.due"), value=due, min=sheet.today.isoformat()),
    ]
    folded = Container(inside, id=f"yellow_{area.value}", is_visible=shown, style="emphasis")
    return [unfold(t("assessment.yellow"), f"yellow_{area.value}"), folded]


def _red(
    t: Texts,
    sheet: AssessmentSheet,
    question: Question,
    referral: Referral | None,
    assessment: JointAssessment | None,
) -> list[Element]:
    shown = assessment is not None and assessment.colour is Colour.RED
    answer_by = referral.answer_by if referral else sheet.answer_by
    inside: list[Element] = [
        TextInput(
            "title",
            t("assessment.referral_title"),
            max_length=120,
            value=plain(referral.title if referral else suggested_title(sheet, question)),
        ),
        DateInput(
            "answer_by", t("assessment.answer_by"), value=answer_by.isoformat(), min=sheet.today.isoformat()
        ),
    ]
    if sheet.themes:
        inside.append(_themes(t, sheet.themes, referral))
    folded = Container(inside, id=f"red_{question.area.value}", is_visible=shown, style="emphasis")
    return [unfold(t("assessment.red"), f"red_{question.area.value}"), folded]


def suggested_title(sheet: AssessmentSheet, question: Question) -> str:
    """The area, and the place that most name."""
    area = sheet.picture.area(question.number)
    return f"{question.title}, {area.places[0].name}" if area.places else question.title


def _themes(t: Texts, themes: Sequence[Theme], referral: Referral | None) -> ChoiceSet:
    choices = [Choice(t("assessment.no_theme"), "0"), *(Choice(plain(one.title), one.id) for one in themes)]
    value = (referral.theme_id if referral else None) or "0"
    return ChoiceSet("theme", t("assessment.theme"), choices, value=value, style="compact")


def _saving(t: Texts, sheet: AssessmentSheet, question: Question) -> list[Action]:
    area = question.area.value
    following = next_area(sheet, question.area)
    save = execute(t("assessment.save"), SaveAssessment(sheet.round.id, area, go_on=False))
    back = execute(t("assessment.back"), ShowAssessment(sheet.round.id), associated_inputs="none")
    if following is None or following is question.area:
        return [save, back]
    go_on = execute(t("assessment.save_next"), SaveAssessment(sheet.round.id, area), style="positive")
    return [go_on, save, back]


def history_card(t: Texts, sheet: AssessmentSheet, history: History) -> Card:
    """A question that is back: what was decided and done, what the reporters say, and what to do now (C6)."""
    referral = history.referral
    title = one_line(referral.title)
    body: list[Element] = [*header(title, t("assessment.back_since")), heading(t("assessment.has_happened"))]
    body += [TextBlock(line, spacing="small") for line in history_lines(t, history)]
    body.append(heading(t("assessment.now")))
    body.append(
        DateInput(
            "answer_by",
            t("assessment.answer_by"),
            value=sheet.answer_by.isoformat(),
            min=sheet.today.isoformat(),
        )
    )
    body.append(
        TextInput(
            "sentence",
            t("assessment.closing"),
            placeholder=t("assessment.closing_hint"),
            is_multiline=True,
            max_length=500,
        )
    )
    actions = [
        execute(t("assessment.refer_again"), ReferAgain(referral.id, sheet.round.id), style="positive"),
        execute(t("assessment.close"), CloseReferral(referral.id, sheet.round.id)),
        execute(t("assessment.back"), ShowAssessment(sheet.round.id), associated_inputs="none"),
    ]
    return Card(body, lang=t.language, fallback_text=title, actions=actions)


def history_lines(t: Texts, history: History) -> list[str]:
    """What has become of a referral, a line a step."""
    lines = [t("assessment.was_referred", day=t.date(history.referral.referred_at.date()))]
    lines += [
        t("assessment.was_decided", day=t.date(one.decided_at.date()), sentence=one_line(one.sentence, 300))
        for one in history.decisions
    ]
    lines += [
        t(
            "assessment.measure_is",
            text=one_line(one.text, 200),
            state=t(f"assessment.measure_{one.state.value}"),
        )
        for one in history.measures
    ]
    counted = {shows: sum(one.shows is shows for one in history.follow_ups) for shows in Shows}
    said = [t(f"assessment.shows_{shows.value}", n=n) for shows, n in counted.items() if n]
    return [*lines, t("assessment.they_say", said=t.list(said))] if said else lines
