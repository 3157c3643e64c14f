"""Where the council meets the bot: the form for members, the offer in a conversation, and what was set up (C1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.fields import Choice, ChoiceSet, NumberInput
from cards.layout import header, notice
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.people import Group, Member, MemberState, Role
from lagesbild.referrals import Council, CouncilKind
from lagesbild.usecases.council import LONGEST_WAIT


@dataclass(frozen=True)
class AskForSeats(Payload, verb="council.ask"):
    """Show the form that says who sits in the council."""

    group_id: str


@dataclass(frozen=True)
class SaveSeats(Payload, verb="council.save"):
    """Let the chosen members be the council, each in the own chat."""

    group_id: str


@dataclass(frozen=True)
class MeetHere(Payload, verb="council.here"):
    """Let the council meet in the conversation where the button is pressed."""

    group_id: str


def seats_card(t: Texts, group: Group, council: Council | None, members: Sequence[Member]) -> Card:
    """The form: which members sit in the council. The other way, a conversation, is told in words."""
    people = [m for m in members if m.state is MemberState.ACTIVE and m.user_id is not None]
    chosen = ",".join(member.id for member in people if member.has(Role.COUNCIL))
    body: list[Element] = [
        *header(t("council.seats_title"), t("council.seats_intro")),
        notice(t("council.seats_here")),
        _kinds(t, council),
        ChoiceSet(
            "council_members",
            t("council.members"),
            [Choice(plain(member.name), member.id) for member in people],
            value=chosen or None,
            style="expanded",
            is_multi_select=True,
        ),
        _days(t, council),
    ]
    save = execute(t("council.save"), SaveSeats(group.id), style="positive")
    return Card(body, lang=t.language, fallback_text=t("council.seats_title"), actions=[save])


def offer_card(t: Texts, groups: Sequence[Group], council: Council | None) -> Card:
    """In a conversation: may the council of one of these groups meet here? Says plainly what that means."""
    title = t("council.offer_title")
    body: list[Element] = [
        *header(title),
        TextBlock(t("council.offer_means")),
        TextBlock(t("council.offer_sees")),
        _kinds(t, council),
        _days(t, council),
    ]
    one = len(groups) == 1
    buttons: list[Action] = [
        execute(
            t("council.here") if one else t("council.here_for", group=plain(g.title)),
            MeetHere(g.id),
            style="positive",
        )
        for g in groups
    ]
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def seated_card(t: Texts, group: Group, council: Council, seated: Sequence[Member]) -> Card:
    """What was set up, and what happens now."""
    title = t("council.seated", group=one_line(group.title))
    who = t.list(one_line(member.name) for member in seated)
    line = t("council.seated_here") if council.conversation else t("council.seated_members", who=who)
    lines = (line, t.plural("council.seated_days", council.answer_days), t("council.seated_next"))
    heading_ = TextBlock(f"✓ {title}", size="large", weight="bolder", color="good", style="heading")
    body: list[Element] = [heading_, *[TextBlock(text) for text in lines]]
    return Card(body, lang=t.language, fallback_text=title)


def _kinds(t: Texts, council: Council | None) -> Element:
    kinds = [Choice(t(f"council.kind_{kind.value}"), kind.value) for kind in CouncilKind]
    value = council.kind.value if council else CouncilKind.OFFICIALS.value
    return ChoiceSet("council_kind", t("council.kind"), kinds, value=value, style="expanded")


def _days(t: Texts, council: Council | None) -> Element:
    days = council.answer_days if council else 14
    return NumberInput("council_days", t("council.days"), value=days, min=1, max=LONGEST_WAIT)
