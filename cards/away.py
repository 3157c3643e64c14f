"""Saying when one is away (A7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.fields import DateInput
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.people import Absence, Member


@dataclass(frozen=True)
class SetAbsence(Payload, verb="away.set"):
    """Store the days in the card; `for_member` is somebody else, set by the coordinator."""

    group_id: str
    for_member: str = ""


@dataclass(frozen=True)
class EndAbsence(Payload, verb="away.end"):
    """Back again."""

    group_id: str
    for_member: str = ""


def away_card(
    t: Texts, member: Member, absences: Sequence[Absence], today: date, *, for_other: bool = False
) -> Card:
    """Asks for the first and last day away, and shows what is stored already."""
    title = t("away.title_for", name=one_line(member.name)) if for_other else t("away.title")
    for_member = member.id if for_other else ""
    body: list[Element] = [
        TextBlock(title, size="medium", weight="bolder", style="heading"),
        TextBlock(t("away.intro"), is_subtle=True, spacing="none"),
    ]
    body += [TextBlock(f"✓ {t('away.known', span=t.span(a.first, a.last))}", color="good") for a in absences]
    required = t("away.required")
    for field in ("first", "last"):
        body.append(
            DateInput(
                field, t(f"away.{field}"), value=today.isoformat(), is_required=True, error_message=required
            )
        )
    buttons: list[Action] = [
        execute(t("away.save"), SetAbsence(member.group_id, for_member), style="positive")
    ]
    if absences:
        buttons.append(
            execute(t("away.end"), EndAbsence(member.group_id, for_member), associated_inputs="none")
        )
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def absent_card(t: Texts, absence: Absence, *, for_other: Member | None = None) -> Card:
    """What was stored, with a way back."""
    text = t("away.saved", span=t.span(absence.first, absence.last))
    if for_other is not None:
        text = f"{one_line(for_other.name)}: {t('away.known', span=t.span(absence.first, absence.last))}"
    payload = EndAbsence(for_other.group_id, for_other.id) if for_other else None
    return Card(
        [TextBlock(f"✓ {text}", color="good")],
        lang=t.language,
        fallback_text=text,
        actions=[execute(t("away.end"), payload, associated_inputs="none")] if payload else None,
    )
