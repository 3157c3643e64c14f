"""The council's direction: what to pursue, what not to, and the form that decides it (C2, C7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cards.actions import Payload, execute
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.fields import DateInput, TextInput
from cards.layout import header, quiet
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.measures import Direction
from lagesbild.people import Group


@dataclass(frozen=True)
class AskForDirection(Payload, verb="direction.ask"):
    """Show the form for a new direction."""

    group_id: str


@dataclass(frozen=True)
class SaveDirection(Payload, verb="direction.save"):
    """Decide what the form says."""

    group_id: str


def direction_lines(t: Texts, direction: Direction) -> list[Element]:
    """The direction in force, for any card: priorities, what need not be pursued, who is responsible, until when."""
    wanted = "\n".join(f"- {one_line(one.text, 200)}" for one in direction.priorities)
    found: list[Element] = [
        TextBlock(t("direction.pursue"), spacing="small"),
        TextBlock(wanted, spacing="none"),
    ]
    if direction.not_pursued:
        unwanted = "\n".join(f"- {one_line(line, 200)}" for line in direction.not_pursued)
        found += [TextBlock(t("direction.leave"), spacing="small"), TextBlock(unwanted, spacing="none")]
    until = t.date(direction.last, year=True)
    return [*found, quiet(t("direction.responsible", who=one_line(direction.responsible), until=until))]


def direction_card(t: Texts, group: Group, period: tuple[date, date], known: Direction | None = None) -> Card:
    """The form, filled in with the direction that is in force: much of it often goes on."""
    title = t("direction.title")
    priorities = "\n".join(one.text for one in known.priorities) if known else ""
    left = "\n".join(known.not_pursued) if known else ""
    body: list[Element] = [
        *header(title, t("direction.intro")),
        _lines(t, "priorities", priorities),
        _lines(t, "not_pursued", left),
        TextInput(
            "direction_responsible",
            t("direction.who"),
            value=plain(known.responsible) if known else None,
            placeholder=t("direction.who_hint"),
            max_length=120,
        ),
        DateInput("direction_first", t("direction.first"), value=period[0].isoformat()),
        DateInput("direction_last", t("direction.last"), value=period[1].isoformat()),
    ]
    save = execute(t("direction.save"), SaveDirection(group.id), style="positive")
    return Card(body, lang=t.language, fallback_text=title, actions=[save])


def directed_card(t: Texts, group: Group, direction: Direction | None, *, saved: bool = False) -> Card:
    """The direction on a card of its own: as it was decided, or for a member who asks what the council wants (C7)."""
    title = t("direction.saved" if saved else "direction.now")
    heading = f"✓ {title}" if saved else title
    body: list[Element] = [*header(heading, one_line(group.title))]
    body += direction_lines(t, direction) if direction else [TextBlock(t("direction.none"))]
    return Card(body, lang=t.language, fallback_text=title)


def _lines(t: Texts, field: str, value: str) -> Element:
    return TextInput(
        f"direction_{field}",
        t(f"direction.{field}"),
        value=plain(value) or None,
        placeholder=t(f"direction.{field}_hint"),
        is_multiline=True,
        max_length=2000,
    )
