"""Saying how each section of a promise goes: status, words, and what is counted (D3)."""

from __future__ import annotations

from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.fields import Choice, ChoiceSet, NumberInput, TextInput
from cards.layout import header, quiet
from cards.promise import back_button
from cards.promise_body import period_line, status_words
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.promise_sheets import PromiseSheet, SectionSheet
from lagesbild.promises import SectionStatus
from lagesbild.usecases.promising import MAX_COMMENT


@dataclass(frozen=True)
class SaveFollowUp(Payload, verb="promise.follow_up_save"):
    """Save how the chosen section goes (input `section`)."""

    group_id: str
    promise_id: str


def follow_up_card(t: Texts, sheet: PromiseSheet, said: str = "") -> Card:
    """How each section goes now, and a form for one; the next that has no word yet is chosen."""
    title = t("promise.follow_up")
    about = f"{one_line(sheet.promise.title)} · {period_line(t, sheet.promise)}"
    body: list[Element] = [*header(title, about)]
    if said:
        body.append(TextBlock(f"✓ {said}", color="good"))
    for one in sheet.sections:
        body += _row(t, one)
    body += _fields(t, sheet)
    save = SaveFollowUp(sheet.group.id, sheet.promise.id)
    buttons: list[Action] = [
        execute(t("promise.save"), save, style="positive"),
        back_button(t, sheet.group.id),
    ]
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def _row(t: Texts, one: SectionSheet) -> list[Element]:
    title = f"**{one.section.number}. {one_line(one.section.title)}**"
    found: list[Element] = [
        TextBlock(title, spacing="small", separator=True),
        TextBlock(status_words(t, one.latest), spacing="none", size="small"),
    ]
    if one.section.indicator:
        found.append(quiet(_counted(t, one)))
    return found


def _counted(t: Texts, one: SectionSheet) -> str:
    """What is counted, the last value, and that of the period before."""
    name = one_line(one.section.indicator)
    now = t.number(one.latest.value, 2) if one.latest and one.latest.value is not None else ""
    before = one.before.latest.value if one.before and one.before.latest else None
    value = now or t("promise.no_figure")
    if before is None:
        return t("promise.figure_line", name=name, value=value)
    return t("promise.figure_compared", name=name, value=value, before=t.number(before, 2))


def _fields(t: Texts, sheet: PromiseSheet) -> list[Element]:
    sections = [
        Choice(plain(f"{one.section.number}. {one.section.title}"), str(one.section.number))
        for one in sheet.sections
    ]
    silent = next((str(one.section.number) for one in sheet.sections if one.latest is None), None)
    statuses = [Choice(_status(t, status), status.value) for status in SectionStatus]
    required = t("promise.required")
    return [
        ChoiceSet(
            "section",
            t("promise.choose_section"),
            sections,
            value=silent,
            style="compact",
            placeholder=t("promise.choose"),
            is_required=True,
            error_message=required,
            separator=True,
            spacing="medium",
        ),
        ChoiceSet(
            "status",
            t("promise.status"),
            statuses,
            style="compact",
            placeholder=t("promise.choose"),
            is_required=True,
            error_message=required,
        ),
        TextInput("comment", t("promise.comment"), is_multiline=True, max_length=MAX_COMMENT),
        NumberInput("value", t("promise.value")),
    ]


def _status(t: Texts, status: SectionStatus) -> str:
    return t(f"promise.mark_{status.value}", status=t(f"promise.status_{status.value}"))
