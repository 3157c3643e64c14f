"""`medlemmar`: who takes part, and changing it (F1, A8)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.fields import Choice, ChoiceSet, TextInput
from cards.layout import header, heading
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.people import Member, MemberState, Role
from lagesbild.usecases.members import MemberList


@dataclass(frozen=True)
class PickMember(Payload, verb="members.pick"):
    """Do something with the person chosen in the list: change, report_for or away_for."""

    group_id: str
    what: str


@dataclass(frozen=True)
class SaveMember(Payload, verb="members.save"):
    """Save what was changed."""

    group_id: str
    member_id: str


@dataclass(frozen=True)
class MoveMember(Payload, verb="members.move"):
    """Remove, bring back, approve or decline somebody."""

    group_id: str
    member_id: str
    what: str


@dataclass(frozen=True)
class AskForPerson(Payload, verb="members.ask"):
    """Show the form for a person without Teams."""

    group_id: str


@dataclass(frozen=True)
class AddPerson(Payload, verb="members.add"):
    """Add a person without Teams."""

    group_id: str


@dataclass(frozen=True)
class FetchRoster(Payload, verb="members.fetch"):
    """Bring the members in line with the team."""

    group_id: str


def members_card(t: Texts, people: MemberList, *, leads: bool, said: str = "") -> Card:
    """Everybody by name; for who leads the group, in the own chat, with who waits or has left and what can be done."""
    group = people.group
    title = t("members.title", group=one_line(group.title))
    body: list[Element] = [*header(title, t.plural("members.total", len(people.active)))]
    if said:
        body.append(TextBlock(f"✓ {said}", color="good"))
    body += [TextBlock(_line(t, member, leads=leads), spacing="small") for member in people.active]
    if not leads:
        return Card(body, lang=t.language, fallback_text=title)
    for key, members in (("pending", people.pending), ("left", people.left)):
        if members:
            body.append(heading(t(f"members.{key}")))
            body += [TextBlock(one_line(member.name), spacing="small") for member in members]
    everybody = (*people.active, *people.pending, *people.left)
    choices = [Choice(plain(member.name), member.id) for member in everybody]
    body.append(
        ChoiceSet(
            "member",
            t("members.choose"),
            choices,
            style="compact",
            placeholder=t("members.choose"),
            separator=True,
        )
    )
    return Card(body, lang=t.language, fallback_text=title, actions=_doings(t, group.id))


def change_card(t: Texts, member: Member, organisations: Sequence[str]) -> Card:
    """One person: roles and organisation, and what else can be done."""
    title = t("members.change_title", name=one_line(member.name))
    body: list[Element] = [*header(title)]
    if member.user_id is None:
        body.append(TextInput("name", t("members.name"), value=plain(member.name), max_length=80))
    roles = [Choice(t(f"mydata.role_{role.value}"), role.value) for role in Role]
    value = ",".join(sorted(role.value for role in member.roles)) or None
    body.append(
        ChoiceSet("roles", t("members.roles"), roles, value=value, style="expanded", is_multi_select=True)
    )
    body += organisation_fields(t, organisations, member.organisation)
    return Card(body, lang=t.language, fallback_text=title, actions=_changes(t, member))


def add_person_card(t: Texts, group_id: str, organisations: Sequence[str]) -> Card:
    """The form for somebody without Teams (A8)."""
    body: list[Element] = [*header(t("members.add_title"), t("members.add_intro"))]
    required = t("members.required")
    body.append(
        TextInput(
            "name",
            t("members.name"),
            max_length=80,
            is_required=True,
            error_message=required,
        )
    )
    body += organisation_fields(t, organisations, None)
    save = execute(t("members.save"), AddPerson(group_id), style="positive")
    return Card(body, lang=t.language, fallback_text=t("members.add_title"), actions=[save])


def organisation_fields(t: Texts, organisations: Sequence[str], chosen: str | None) -> list[Element]:
    """A list of the known organisations, and a field for another."""
    choices = [Choice(plain(name).replace(",", " "), organisation_value(name)) for name in organisations]
    value = organisation_value(chosen) if chosen and chosen in organisations else None
    fields: list[Element] = []
    if choices:
        fields.append(
            ChoiceSet("organisation", t("members.organisation"), choices, value=value, style="compact")
        )
    return [*fields, TextInput("other_organisation", t("members.other_organisation"), max_length=80)]


def organisation_value(name: str) -> str:
    """What is sent for an organisation: the same on every card, however the list has changed since it was made."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def _line(t: Texts, member: Member, *, leads: bool) -> str:
    about = [one_line(member.organisation) if member.organisation else t("members.no_organisation")]
    shown = [role for role in (Role.COORDINATOR, Role.DEPUTY, Role.COUNCIL) if role in member.roles]
    about += [t(f"mydata.role_{role.value}") for role in shown]
    if leads and member.user_id is None:
        about.append(t("members.no_teams"))
    elif leads and not member.prompted:
        about.append(t("members.no_prompts"))
    elif leads and not member.reminded:
        about.append(t("members.no_reminders"))
    return t("members.line", name=f"**{one_line(member.name)}**", about=", ".join(about))


def _doings(t: Texts, group_id: str) -> list[Action]:
    picks = [
        execute(t(f"members.{what}"), PickMember(group_id, what))
        for what in ("change", "report_for", "away_for")
    ]
    add = execute(t("members.add"), AskForPerson(group_id), associated_inputs="none")
    fetch = execute(t("members.fetch"), FetchRoster(group_id), associated_inputs="none")
    return [*picks, add, fetch]


def _changes(t: Texts, member: Member) -> list[Action]:
    def move(what: str) -> Action:
        return execute(
            t(f"members.{what}"), MoveMember(member.group_id, member.id, what), associated_inputs="none"
        )

    if member.state is MemberState.PENDING:
        return [move("approve"), move("decline")]
    if member.state is MemberState.LEFT:
        return [move("bring_back")]
    save = execute(t("members.save"), SaveMember(member.group_id, member.id), style="positive")
    return [save, move("remove")]
