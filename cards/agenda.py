"""What is back on the group's agenda: what does not show, what is late, and a referral's whole history (C1, C6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cards.actions import Payload, execute
from cards.assessment_parts import to_overview
from cards.card import Card
from cards.elements import ActionSet, Container, Element, TextBlock
from cards.fields import DateInput, TextInput
from cards.layout import header, heading, quiet
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.feedback import Shows
from lagesbild.people import Group
from lagesbild.usecases.assessing import AssessmentSheet
from lagesbild.usecases.referring import Agenda, History

_MOST_BACK: Final = 3
"""Questions that are back, with a button each: a card takes six, and the overview has three of its own."""
_MOST_LATE: Final = 6
_MOST_STEPS: Final = 20


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


def agenda_section(t: Texts, sheet: AssessmentSheet) -> list[Element]:
    """What the meeting takes up before the areas; nothing if nothing is back or late."""
    found = sheet.agenda
    if found.is_empty:
        return []
    items: list[Element] = [heading(t("assessment.agenda"))]
    for history in found.back[:_MOST_BACK]:
        button = execute(
            t("assessment.take_up"), TakeUp(history.referral.id, sheet.round.id), associated_inputs="none"
        )
        items += [
            TextBlock(f"**{one_line(history.referral.title)}**", spacing="small"),
            quiet(_does_not_show(t, history)),
            ActionSet([button], spacing="small"),
        ]
    if more := len(found.back) - _MOST_BACK:
        items += [quiet(t.plural("assessment.more_back", more))] if more > 0 else []
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
            text=one_line(one.text).rstrip("."),
            owner=one_line(one.owner.name),
            day=t.date(one.due),
        )
        for one in agenda.late
    ]
    shown = [f"⚠ {line}" for line in lines[:_MOST_LATE]]
    more = len(lines) - len(shown)
    return [*shown, t("assessment.more_late", n=more)] if more else shown


def history_card(t: Texts, sheet: AssessmentSheet, history: History) -> Card:
    """A question that is back: what was decided and done, what the reporters say, and what to do now (C6)."""
    referral = history.referral
    title = one_line(referral.title)
    body: list[Element] = [*header(title, t("assessment.back_since")), heading(t("assessment.has_happened"))]
    body += [TextBlock(line, spacing="small") for line in history_lines(t, sheet.group, history)]
    body += [heading(t("assessment.now")), *_next_step(t, sheet)]
    actions = [
        execute(t("assessment.refer_again"), ReferAgain(referral.id, sheet.round.id), style="positive"),
        execute(t("assessment.close"), CloseReferral(referral.id, sheet.round.id)),
        to_overview(t, sheet.round.id),
    ]
    return Card(body, lang=t.language, fallback_text=title, actions=actions)


def _next_step(t: Texts, sheet: AssessmentSheet) -> list[Element]:
    answer_by = sheet.answer_by.isoformat()
    return [
        DateInput("answer_by", t("assessment.answer_by"), value=answer_by, min=sheet.today.isoformat()),
        TextInput(
            "sentence",
            t("assessment.closing"),
            placeholder=t("assessment.closing_hint"),
            is_multiline=True,
            max_length=500,
        ),
    ]


def history_lines(t: Texts, group: Group, history: History) -> list[str]:
    """What has become of a referral, a line a step; the days are the group's."""
    referred = group.local_day(history.referral.referred_at)
    lines = [t("assessment.was_referred", day=t.date(referred))]
    lines += [
        t(
            "assessment.was_decided",
            day=t.date(group.local_day(one.decided_at)),
            sentence=one_line(one.sentence, 300),
        )
        for one in history.decisions[-_MOST_STEPS:]
    ]
    lines += [
        t(
            "assessment.measure_is",
            text=one_line(one.text, 200),
            state=t(f"assessment.measure_{one.state.value}"),
        )
        for one in history.measures[-_MOST_STEPS:]
    ]
    counted = {shows: sum(one.shows is shows for one in history.follow_ups) for shows in Shows}
    said = [t(f"assessment.shows_{shows.value}", n=n) for shows, n in counted.items() if n]
    return [*lines, t("assessment.they_say", said=t.list(said))] if said else lines
