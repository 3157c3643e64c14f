"""Choosing who answers for something: a member, or somebody the bot only knows by name."""

from __future__ import annotations

from collections.abc import Sequence

from cards.elements import Element
from cards.fields import Choice, ChoiceSet, TextInput
from cards.safe import plain
from cards.texts import Texts
from lagesbild.assessments import Owner
from lagesbild.people import Member
from lagesbild.templates import Colour

SOMEBODY_ELSE = "0"


def owner_fields(t: Texts, members: Sequence[Member], owner: Owner | None, prefix: str = "") -> list[Element]:
    """A list of the members, and a field for anybody else; the ids are `owner` and `owner_name` after `prefix`."""
    choices = [Choice(t("owner.somebody_else"), SOMEBODY_ELSE)]
    choices += [Choice(plain(_name(member)), member.id) for member in members]
    known = owner.member_id if owner and any(m.id == owner.member_id for m in members) else None
    other = plain(owner.name) if owner and known is None else None
    return [
        ChoiceSet(
            f"{prefix}owner",
            t("owner.who"),
            choices,
            value=known or (SOMEBODY_ELSE if other else None),
            style="compact",
            placeholder=t("owner.choose"),
        ),
        TextInput(f"{prefix}owner_name", t("owner.name"), value=other, max_length=80),
    ]


def colour_name(t: Texts, colour: Colour | None) -> str:
    """A colour's symbol and word; a dash before there is one."""
    return t(f"report.colour_{colour.value}") if colour else t("owner.no_colour")


def _name(member: Member) -> str:
    return f"{member.name}, {member.organisation}" if member.organisation else member.name
