"""Choosing who answers for something: a member, or somebody the bot only knows by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cards.elements import Element
from cards.fields import Choice, ChoiceSet, TextInput
from cards.safe import plain
from cards.texts import Texts
from lagesbild.assessments import LONGEST_OWNER
from lagesbild.people import Member


class OwnerIds(NamedTuple):
    """The ids of the two inputs: the list of members, and the field for anybody else."""

    member: str
    name: str


def owner_fields(
    t: Texts, ids: OwnerIds, members: Sequence[Member], owner_id: str = "", owner_name: str = ""
) -> list[Element]:
    """Who answers for something: a member from the list, or anybody by name or title."""
    choices = [Choice(_person(member), member.id) for member in members]
    name = TextInput(
        ids.name,
        t("owner.other"),
        value=plain(owner_name) or None,
        placeholder=t("owner.other_hint"),
        max_length=LONGEST_OWNER,
    )
    if not choices:
        return [name]
    chosen = owner_id if owner_id in {member.id for member in members} else None
    hint = t("owner.choose")
    picker = ChoiceSet(ids.member, t("owner.who"), choices, value=chosen, style="compact", placeholder=hint)
    return [picker, name]


def _person(member: Member) -> str:
    return plain(f"{member.name}, {member.organisation}" if member.organisation else member.name)
