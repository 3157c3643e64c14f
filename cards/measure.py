"""Measures: the list, and one with what its owner can say about it (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.fields import Choice, ChoiceSet, DateInput, TextInput
from cards.layout import header, notice, quiet, subheading, titled
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.measures import Measure, MeasureState, Reach
from lagesbild.people import Member
from lagesbild.usecases.measuring import LONGEST_GOAL, LONGEST_OUTCOME, MeasureList, MeasureSheet

_MOST_LINES = 12
_MOST_OVER = 5
NO_REACH = "none"


@dataclass(frozen=True)
class PickMeasure(Payload, verb="measure.pick"):
    """Open the measure chosen in the list."""

    group_id: str


@dataclass(frozen=True)
class OpenMeasure(Payload, verb="measure.open"):
    """Show one measure."""

    group_id: str
    measure_id: str


@dataclass(frozen=True)
class SaveMeasure(Payload, verb="measure.save"):
    """Store how far it has come."""

    group_id: str
    measure_id: str


def measures_card(t: Texts, listed: MeasureList) -> Card:
    """Those under way by their day, and those that are over since a while ago."""
    title = t("measure.title" if listed.everybody else "measure.title_own")
    late = sum(measure.due < listed.today for measure in listed.under_way)
    body: list[Element] = [*header(title, one_line(listed.group.title))]
    if late:
        body.append(TextBlock(f"⚠ {t.plural('measure.late', late)}", color="attention", weight="bolder"))
    if not listed.under_way:
        body.append(TextBlock(t("measure.none" if listed.everybody else "measure.none_own")))
    body += _lines(t, listed.under_way, listed.today, _MOST_LINES)
    if listed.over:
        body += [subheading(t("measure.over")), *_lines(t, listed.over[::-1], listed.today, _MOST_OVER)]
    everything = (*listed.under_way, *listed.over)
    if not everything:
        return Card(body, lang=t.language, fallback_text=title)
    choices = [Choice(plain(measure.text[:80]), measure.id) for measure in everything]
    body.append(
        ChoiceSet(
            "measure",
            t("measure.choose"),
            choices,
            style="compact",
            placeholder=t("measure.choose_hint"),
            separator=True,
        )
    )
    opens = execute(t("measure.open"), PickMeasure(listed.group.id), style="positive")
    return Card(body, lang=t.language, fallback_text=title, actions=[opens])


def measure_line(t: Texts, measure: Measure, today: date) -> Element:
    """One measure: how far it is as a symbol and a word, what, who and when."""
    late = not measure.state.is_over and measure.due < today
    state = t(f"measure.state_{measure.state.value}")
    below = t(
        "measure.below_late" if late else "measure.below",
        who=one_line(measure.owner.name, 60),
        day=t.date(measure.done_on or measure.due),
    )
    return titled(t("measure.line", state=state, what=one_line(measure.text, 90)), below, late=late)


def measure_card(t: Texts, sheet: MeasureSheet, *, asked: Member | None = None, saved: bool = False) -> Card:
    """One measure with the form. `asked` is who the bot asks about it, on the clock's behalf."""
    measure = sheet.measure
    title = one_line(measure.text, 200)
    body: list[Element] = []
    if saved:
        body.append(TextBlock(f"✓ {t('measure.saved')}", color="good", weight="bolder"))
    if asked is not None:
        body.append(notice(f"**{_asks(t, sheet, asked)}**"))
    body += [*header(title, t("measure.about", area=one_line(sheet.area)))]
    body += [*_source(t, sheet), _smart(t, measure), *_form(t, sheet)]
    save: Action = execute(t("measure.save"), SaveMeasure(sheet.group.id, measure.id), style="positive")
    fallback = t("measure.fallback", what=title)
    return Card(body, lang=t.language, fallback_text=fallback, actions=[save])


def _lines(t: Texts, measures: Sequence[Measure], today: date, most: int) -> list[Element]:
    found: list[Element] = [measure_line(t, one, today) for one in measures[:most]]
    if len(measures) > most:
        found.append(quiet(t("measure.more", n=len(measures) - most)))
    return found


def _asks(t: Texts, sheet: MeasureSheet, asked: Member) -> str:
    """Why the card came: it is due or silent, and whose it is."""
    owner = sheet.measure.owner
    if owner.member_id != asked.id:
        return t("measure.ask_for", who=one_line(owner.name))
    return t("measure.ask_due" if sheet.today >= sheet.measure.due else "measure.ask_silent")


def _source(t: Texts, sheet: MeasureSheet) -> list[Element]:
    measure = sheet.measure
    late = not measure.state.is_over and measure.due < sheet.today
    when = t("measure.when_late" if late else "measure.when", day=t.day(measure.due))
    found: list[Element] = [
        TextBlock(t("measure.who", who=one_line(measure.owner.name)), spacing="small"),
        TextBlock(when, spacing="none", color="attention" if late else None),
    ]
    if sheet.referral is not None:
        found.append(quiet(t("measure.from_council", title=one_line(sheet.referral.title))))
    if sheet.decision is not None and sheet.decision.sentence.strip() != measure.text.strip():
        found.append(quiet(t("measure.sentence", sentence=one_line(sheet.decision.sentence, 300))))
    return found


def _smart(t: Texts, measure: Measure) -> Element:
    """What a measure needs to be one that can be followed up; what is missing is named, not demanded."""
    missing = [
        t(f"measure.missing_{name}")
        for name, value in (("goal", measure.goal), ("reach", measure.reach))
        if not value
    ]
    if not missing:
        return TextBlock(f"✓ {t('measure.smart')}", size="small", is_subtle=True)
    return TextBlock(t("measure.smart_missing", what=t.list(missing)), size="small", is_subtle=True)


def _form(t: Texts, sheet: MeasureSheet) -> list[Element]:
    measure = sheet.measure
    states = [Choice(t(f"measure.state_{state.value}"), state.value) for state in MeasureState]
    reaches = [Choice(t("measure.reach_none"), NO_REACH)]
    reaches += [Choice(t(f"measure.reach_{reach.value}"), reach.value) for reach in Reach]
    return [
        ChoiceSet(
            "measure_state",
            t("measure.state"),
            states,
            value=measure.state.value,
            style="expanded",
            separator=True,
        ),
        TextInput(
            "measure_outcome",
            t("measure.outcome"),
            value=plain(measure.outcome) or None,
            placeholder=t("measure.outcome_hint"),
            is_multiline=True,
            max_length=LONGEST_OUTCOME,
        ),
        quiet(t("measure.outcome_read" if measure.referral_id else "measure.outcome_group")),
        DateInput("measure_due", t("measure.due"), value=measure.due.isoformat()),
        TextInput(
            "measure_goal",
            t("measure.goal"),
            value=plain(measure.goal) or None,
            placeholder=t("measure.goal_hint"),
            max_length=LONGEST_GOAL,
        ),
        ChoiceSet(
            "measure_reach",
            t("measure.reach"),
            reaches,
            value=measure.reach.value if measure.reach else NO_REACH,
            style="compact",
        ),
    ]


__all__ = [
    "NO_REACH",
    "OpenMeasure",
    "PickMeasure",
    "SaveMeasure",
    "measure_card",
    "measure_line",
    "measures_card",
]
