"""Where the council is reached, and who is asked about something that somebody answers for (C1, C2, F4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lagesbild.assessments import Owner
from lagesbild.deliveries import DeliveryKind
from lagesbild.people import Group, Member, MemberState, Role
from lagesbild.ports import Work
from lagesbild.referrals import CouncilConversation, Referral, ReferralState
from lagesbild.templates import Area
from lagesbild.usecases.planning import leaders
from lagesbild.usecases.queueing import queue

DAYTIME = range(8, 18)
"""The hours of the group's day in which the clock reminds and asks about what came of the answers."""


@dataclass(frozen=True)
class Seats:
    """Who answers for the council: everybody in a conversation, or members, each in the own chat.

    `stand_in`: nobody in the council can be reached, so whoever leads the group gets what it would get (C1).
    """

    conversation: CouncilConversation | None
    members: tuple[Member, ...]
    stand_in: bool = False

    @property
    def addressees(self) -> tuple[Member | None, ...]:
        """One for each message: None is the conversation."""
        return (None,) if self.conversation is not None else self.members


async def seats_of(work: Work, group: Group) -> Seats:
    """The group's council as it can be reached now; without one, coordinator and deputy."""
    council = await work.store.councils.get(group.id)
    if council is not None and council.conversation is not None:
        return Seats(council.conversation, ())
    members = await work.store.members.list_by_group(group.id)
    seated = tuple(member for member in members if member.has(Role.COUNCIL) and _has_chat(member))
    if seated:
        return Seats(None, seated)
    return Seats(None, await leaders(work, group), stand_in=True)


async def has_reached_council(work: Work, referral: Referral) -> bool:
    """Whether a question has left the meeting: what is still being assessed waits for *Klart*, and can be corrected (C1)."""
    if referral.state is not ReferralState.WAITING or referral.times > 1:
        return True
    round_ = await work.store.rounds.peek(referral.round_id)  # what is sent stays so
    return round_ is not None and round_.assessed_at is not None


async def queue_to_council(
    work: Work, group: Group, kind: DeliveryKind, referral: Referral, *parts: object
) -> int:
    """Queue one message about a referral to the council: `{kind}:{referral}:{parts}`, and the member if it has one."""
    queued = 0
    for member in (await seats_of(work, group)).addressees:
        ids = (referral.id, *parts, member.id) if member else (referral.id, *parts)
        to = member.id if member else None
        queued += await queue(work, kind, group.id, *ids, to=to, subject=referral.id)
    return queued


async def queue_to_members(
    work: Work, group: Group, kind: DeliveryKind, subject: str, members: tuple[Member, ...], *parts: object
) -> int:
    """Queue one message about something to each member: `{kind}:{subject}:{parts}:{member}`."""
    queued = 0
    for member in members:
        ids = (subject, *parts, member.id)
        queued += await queue(work, kind, group.id, *ids, to=member.id, subject=subject)
    return queued


async def asked_about(work: Work, group: Group, owner: Owner) -> tuple[Member, ...]:
    """The owner, if the bot can write to that person; else whoever leads the group asks on its behalf."""
    member = await work.store.members.get(owner.member_id) if owner.member_id else None
    if member is not None and _has_chat(member):
        return (member,)
    return await leaders(work, group)


def area_titles(work: Work, group: Group) -> Mapping[Area, str]:
    """What the group's template calls each area."""
    if group.template is None:
        return {}
    return {question.area: question.title for question in work.templates.get(group.template).questions}


def is_daytime(group: Group, now: datetime) -> bool:
    """Whether the clock may ask and remind now: what falls due in the evening or at midnight is said in the morning."""
    return now.astimezone(ZoneInfo(group.timezone)).hour in DAYTIME


def _has_chat(member: Member) -> bool:
    return member.state is MemberState.ACTIVE and member.user_id is not None
