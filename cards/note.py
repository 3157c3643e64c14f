"""The answer to `notera …`: what was stored, and a question for just what its words did not tell (A5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Container, Element, TextBlock
from cards.fields import Choice, ChoiceSet, TextInput
from cards.layout import quiet
from cards.report import OpenReport, concern
from cards.safe import escape, one_line, plain
from cards.texts import Texts
from lagesbild.answering import MAX_COMMENT, SecrecyFound
from lagesbild.people import Group
from lagesbild.reports import Observation
from lagesbild.templates import Area, Template
from lagesbild.usecases.notes import Noted

DAYS_BACK = 14
"""How many days the card offers: a round of two weeks."""


@dataclass(frozen=True)
class CompleteNote(Payload, verb="note.complete"):
    """What the bot asked for, filled in."""

    note_id: str
    group_id: str


@dataclass(frozen=True)
class RemoveNote(Payload, verb="note.remove"):
    """Take the note back."""

    note_id: str
    group_id: str


@dataclass(frozen=True)
class SaveNote(Payload, verb="note.save"):
    """Store the text of the card's field; `accepted` are findings the person calls false alarms."""

    group_id: str
    accepted: tuple[str, ...] = ()


def note_card(t: Texts, noted: Noted, template: Template | None, *, open_round: str = "") -> Card:
    """What was noted; it asks for area, place and day only where the words did not tell them."""
    observation = noted.observation
    body: list[Element] = [
        TextBlock(f"✓ {t('note.title')}", size="medium", weight="bolder", color="good", style="heading"),
        Container(
            [
                TextBlock(escape(observation.text)),
                TextBlock(_facts(t, noted, template), is_subtle=True, spacing="none"),
            ],
            style="emphasis",
            spacing="small",
        ),
    ]
    asked = _questions(t, noted, template)
    if asked:
        body.append(TextBlock(t("note.ask" if len(asked) == 1 else "note.ask_many"), spacing="small"))
        body += asked
    else:
        body.append(TextBlock(t("note.kept_open" if open_round else "note.kept"), spacing="small"))
    return Card(
        body,
        lang=t.language,
        fallback_text=t("note.title"),
        actions=_buttons(t, observation, asks=bool(asked), open_round=open_round),
    )


def stopped_note_card(t: Texts, group: Group, text: str, found: SecrecyFound, reason: str = "") -> Card:
    """The guard stopped a note: the words stand in a field, with what was found above it (A10, A11)."""
    caught = found.caught
    body: list[Element] = [
        TextBlock(f"⚠ {t('note.stopped')}", weight="bolder", color="attention", style="heading"),
        TextBlock(t("note.stopped_intro"), spacing="small"),
    ]
    for one in caught:
        kind = t(f"finding.{one.finding.kind.value}")
        body.append(TextBlock(f"• {kind}: ”{one_line(one.finding.text, 60)}”", spacing="small"))
    body += concern(t, caught, group.concern_url)
    body.append(_text_field(t, text))
    if found.reason_missing:
        body.append(TextBlock(t("report.caught_reason_missing"), color="attention", weight="bolder"))
    label, hint = t("report.caught_reason"), t("report.caught_reason_hint")
    body.append(TextInput("reason", label, placeholder=hint, value=plain(reason) or None, max_length=300))
    shown = tuple(one.fingerprint for one in caught)
    return Card(
        body,
        lang=t.language,
        fallback_text=t("note.stopped"),
        actions=[execute(t("note.save"), SaveNote(group.id, shown), style="positive")],
    )


def suggest_note_card(t: Texts, group_id: str, text: str) -> Card:
    """Somebody wrote what happened without a command: offer to keep it, rather than lose it."""
    return Card(
        [TextBlock(t("note.suggest")), _text_field(t, text), quiet(t("note.or_help"))],
        lang=t.language,
        fallback_text=t("note.suggest"),
        actions=[execute(t("note.suggest_yes"), SaveNote(group_id), style="positive")],
    )


def _text_field(t: Texts, text: str) -> TextInput:
    return TextInput(
        "note", t("note.text"), value=plain(text) or None, is_multiline=True, max_length=MAX_COMMENT
    )


def _facts(t: Texts, noted: Noted, template: Template | None) -> str:
    observation = noted.observation
    day = observation.seen_on or noted.group.local_day(observation.noted_at)
    place = one_line(observation.place) if observation.place else t("note.no_place")
    return t("note.line", area=_area_title(t, observation.area, template), place=place, day=t.day(day))


def _area_title(t: Texts, area: Area | None, template: Template | None) -> str:
    titles = {q.area: q.title for q in template.questions} if template else {}
    return one_line(titles[area]) if area in titles else t("note.no_area")


def _questions(t: Texts, noted: Noted, template: Template | None) -> list[Element]:
    asked: list[Element] = []
    if noted.asks_area and template is not None:
        choices = [Choice(plain(question.title), question.area.value) for question in template.questions]
        asked.append(
            ChoiceSet("area", t("note.area"), choices, style="compact", placeholder=t("note.no_area"))
        )
    if noted.asks_place:
        asked.append(TextInput("place", t("note.place"), placeholder=t("note.place_hint"), max_length=120))
    if noted.asks_when:
        days = [noted.today - timedelta(days=back) for back in range(DAYS_BACK)]
        names = [t("note.today"), t("note.yesterday"), *(t.day(day) for day in days[2:])]
        choices = [Choice(name, day.isoformat()) for name, day in zip(names, days, strict=True)]
        asked.append(ChoiceSet("when", t("note.when"), choices, value=days[0].isoformat(), style="compact"))
    return asked


def _buttons(t: Texts, note: Observation, *, asks: bool, open_round: str) -> list[Action]:
    buttons: list[Action] = []
    if asks:
        buttons.append(execute(t("note.save"), CompleteNote(note.id, note.group_id), style="positive"))
    elif open_round:
        buttons.append(execute(t("note.report_now"), OpenReport(open_round), associated_inputs="none"))
    buttons.append(execute(t("note.remove"), RemoveNote(note.id, note.group_id), associated_inputs="none"))
    return buttons
