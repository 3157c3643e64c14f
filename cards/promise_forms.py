"""The forms a promise is written in: one for the whole, one for each section (D1, D2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element
from cards.fields import Choice, ChoiceSet, DateInput, TextInput
from cards.layout import button_rows, header, notice, quiet
from cards.promise import RenewPromise
from cards.promise_discard import AskDiscard
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.promise_data import PromiseFile
from lagesbild.promise_drafts import MAX_TITLE, MAX_WHY, PeriodKind, commitment_lines, period_kind
from lagesbild.promises import CitizenPromise, Section
from lagesbild.templates import Area

MAX_COMMITMENTS: Final = 4000
MAX_PREAMBLE: Final = 2000
MOST_EXAMPLES: Final = 4


@dataclass(frozen=True)
class SavePromise(Payload, verb="promise.save"):
    """Save title, preamble and period; a new promise without an id."""

    group_id: str
    promise_id: str = ""


@dataclass(frozen=True)
class BeginFromExample(Payload, verb="promise.example"):
    """A draft with the sections of a promise that comes as a file."""

    group_id: str
    example: str


@dataclass(frozen=True)
class SaveSection(Payload, verb="promise.section_save"):
    """Save the section that has this mark on the card; one without is new."""

    group_id: str
    promise_id: str
    mark: str = ""


@dataclass(frozen=True)
class RemoveSection(Payload, verb="promise.section_remove"):
    """Take the section of this mark away."""

    group_id: str
    promise_id: str
    mark: str


def front_card(
    t: Texts,
    group_id: str,
    period: tuple[date, date],
    promise: CitizenPromise | None = None,
    *,
    renewable: CitizenPromise | None = None,
    examples: Sequence[PromiseFile] = (),
) -> Card:
    """The form for title, preamble and period; a new promise can instead begin from `renewable` or an example."""
    title = t("promise.front_title" if promise else "promise.new_title")
    body: list[Element] = [*header(title, t("promise.front_about"))]
    body += _front_fields(t, period, promise)
    save = SavePromise(group_id, promise.id if promise else "")
    buttons: list[Action] = [execute(t("promise.save"), save, style="positive")]
    if renewable is not None:
        renew = RenewPromise(group_id, renewable.id)
        buttons.append(execute(t("promise.begin_from"), renew, associated_inputs="none"))
    if promise is not None:
        discard = AskDiscard(group_id, promise.id)
        buttons.append(execute(t("promise.discard"), discard, associated_inputs="none"))
    for example in examples[:MOST_EXAMPLES]:
        named = t("promise.example", municipality=plain(example.municipality), year=example.first.year)
        begin = BeginFromExample(group_id, example.id)
        buttons.append(execute(named, begin, associated_inputs="none"))
    return Card([*body, *button_rows(buttons)], lang=t.language, fallback_text=title)


def section_card(t: Texts, promise: CitizenPromise, section: Section | None = None) -> Card:
    """The form for one section: areas, who does what, why, and what is counted."""
    title = t("promise.section_title" if section else "promise.section_new")
    body: list[Element] = [*header(title, one_line(promise.title))]
    if section is not None and section.referral_id is not None:
        body.append(notice(t("promise.from_referral")))
    body += _section_fields(t, section)
    facts = (promise.group_id, promise.id, section.mark if section else "")
    buttons: list[Action] = [execute(t("promise.save"), SaveSection(*facts), style="positive")]
    if section is not None:
        buttons.append(execute(t("promise.remove"), RemoveSection(*facts), associated_inputs="none"))
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def _front_fields(t: Texts, period: tuple[date, date], promise: CitizenPromise | None) -> list[Element]:
    required = t("promise.required")
    kinds = [Choice(t(f"promise.period_{kind.value}"), kind.value) for kind in PeriodKind]
    kind = period_kind(*period)
    return [
        TextInput(
            "title",
            t("promise.title"),
            value=plain(promise.title) if promise else None,
            placeholder=t("promise.title_hint"),
            max_length=MAX_TITLE,
            is_required=True,
            error_message=required,
        ),
        TextInput(
            "preamble",
            t("promise.preamble"),
            value=plain(promise.preamble) or None if promise else None,
            placeholder=t("promise.preamble_hint"),
            is_multiline=True,
            max_length=MAX_PREAMBLE,
        ),
        DateInput(
            "first",
            t("promise.first"),
            value=period[0].isoformat(),
            is_required=True,
            error_message=required,
        ),
        ChoiceSet("period", t("promise.how_long"), kinds, value=kind.value, style="compact"),
        DateInput(
            "last", t("promise.last"), value=period[1].isoformat() if kind is PeriodKind.OTHER else None
        ),
    ]


def _section_fields(t: Texts, section: Section | None) -> list[Element]:
    areas = [Choice(t(f"promise.area_{area.value}"), area.value) for area in Area]
    chosen = ",".join(area.value for area in section.areas) if section else ""
    return [
        TextInput(
            "title",
            t("promise.section_name"),
            value=plain(section.title) if section else None,
            max_length=MAX_TITLE,
            is_required=True,
            error_message=t("promise.required"),
        ),
        TextInput(
            "commitments",
            t("promise.commitments"),
            value=plain(commitment_lines(section.commitments)) or None if section else None,
            placeholder=t("promise.commitments_hint"),
            is_multiline=True,
            max_length=MAX_COMMITMENTS,
        ),
        quiet(t("promise.commitments_help")),
        TextInput(
            "why",
            t("promise.why_label"),
            value=plain(section.why) or None if section else None,
            is_multiline=True,
            max_length=MAX_WHY,
        ),
        TextInput(
            "indicator",
            t("promise.indicator"),
            value=plain(section.indicator) or None if section else None,
            placeholder=t("promise.indicator_hint"),
            max_length=MAX_TITLE,
        ),
        ChoiceSet(
            "areas",
            t("promise.areas"),
            areas,
            value=chosen or None,
            style="expanded",
            is_multi_select=True,
        ),
    ]
