"""Asking to join, being let in, and the welcome with assignment and guidelines (F5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cards.actions import Payload, execute
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.fields import Choice, ChoiceSet
from cards.layout import header, section
from cards.members import organisation_fields
from cards.report import OpenReport
from cards.safe import escape, one_line, plain
from cards.texts import Texts
from lagesbild.people import Group, Member
from lagesbild.templates import Template


@dataclass(frozen=True)
class AskToJoin(Payload, verb="join.ask"):
    """Ask the chosen group's coordinator; `joining` is not named `group_id`, since the sender is in no group yet."""

    joining: str = ""


@dataclass(frozen=True)
class AnswerJoin(Payload, verb="join.answer"):
    """The coordinator's yes or no."""

    group_id: str
    member_id: str
    yes: bool


@dataclass(frozen=True)
class ChooseOrganisation(Payload, verb="join.organisation"):
    """Which organisation one answers for."""

    group_id: str


def stranger_card(t: Texts, groups: Sequence[Group]) -> Card:
    """For somebody in no group: choose one and ask to join."""
    body: list[Element] = [*header(t("join.stranger_title"))]
    if not groups:
        return Card(
            [*body, TextBlock(t("join.stranger_none"))],
            lang=t.language,
            fallback_text=t("join.stranger_none"),
        )
    choices = [Choice(plain(group.title), group.id) for group in groups]
    body.append(TextBlock(t("join.stranger")))
    body.append(ChoiceSet("group", t("join.group"), choices, value=groups[0].id, style="compact"))
    ask = execute(t("join.ask"), AskToJoin(), style="positive")
    return Card(body, lang=t.language, fallback_text=t("join.stranger"), actions=[ask])


def request_card(t: Texts, group: Group, person: Member) -> Card:
    """The coordinator is asked to let somebody in."""
    text = t("join.request", name=one_line(person.name), group=one_line(group.title))
    return Card(
        [TextBlock(text)],
        lang=t.language,
        fallback_text=text,
        actions=[
            execute(t("join.approve"), AnswerJoin(group.id, person.id, yes=True), style="positive"),
            execute(t("join.decline"), AnswerJoin(group.id, person.id, yes=False)),
        ],
    )


def answer_card(t: Texts, group: Group, *, yes: bool) -> Card:
    """What the coordinator said."""
    text = t("join.answer_yes" if yes else "join.answer_no", group=one_line(group.title))
    return Card([TextBlock(text)], lang=t.language, fallback_text=text)


def welcome_card(
    t: Texts, group: Group, member: Member, organisations: Sequence[str], template: Template | None = None
) -> Card:
    """Why the group asks, as its template has it (A2), the assignment, the guidelines, and which organisation the new
    member answers for (F5)."""
    title = t("join.welcome_title", group=one_line(group.title))
    body: list[Element] = [
        *header(title),
        *_why(t, template),
        section(t("join.assignment_title"), _lines(t, "assignment", group.assignment), separator=False),
        section(t("join.guidelines_title"), _lines(t, "guidelines", group.guidelines)),
        *organisation_fields(t, organisations, member.organisation),
        TextBlock(t("join.why", group=one_line(group.title)), is_subtle=True, size="small"),
    ]
    save = execute(t("join.save"), ChooseOrganisation(group.id), style="positive")
    return Card(body, lang=t.language, fallback_text=title, actions=[save])


def _why(t: Texts, template: Template | None) -> list[Element]:
    if template is None:
        return []
    lines = [TextBlock(escape(line), spacing="small") for line in (*template.purpose, template.secrecy_rule)]
    return [section(t("join.purpose_title"), lines, separator=False)]


def chosen_card(t: Texts, member: Member, next_meeting: date | None, open_round: str = "") -> Card:
    """Thanks, and when the bot will be heard of next."""
    when = t("join.chosen_when", day=t.day(next_meeting)) if next_meeting else ""
    text = t("join.chosen", organisation=one_line(member.organisation or ""), when=when)
    answer = (
        [execute(t("join.answer_now"), OpenReport(open_round), associated_inputs="none")]
        if open_round
        else None
    )
    return Card([TextBlock(f"✓ {text}", color="good")], lang=t.language, fallback_text=text, actions=answer)


def _lines(t: Texts, what: str, own: str | None) -> list[Element]:
    if own:
        return [TextBlock(escape(own))]
    return [TextBlock(f"• {t(f'join.{what}_{number}')}", spacing="small") for number in (1, 2, 3)]
