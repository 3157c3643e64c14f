"""Who answered, is silent, absent or was not reached, and why; resending to just those (B2, F4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState
from lagesbild.errors import NoRound
from lagesbild.feedback import ChainFigures
from lagesbild.ids import MemberId, RoundId
from lagesbild.people import Group, Member, MemberState
from lagesbild.picture import SituationPicture
from lagesbild.ports import Work
from lagesbild.rounds import Meeting, Round, RoundState
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import own_group, own_round, pick_round
from lagesbild.usecases.measuring_chain import chain_figures
from lagesbild.usecases.pictures import forget_lost_posts, picture_of


@dataclass(frozen=True)
class Unreached:
    """A message that did not arrive: to whom (None: the channel), what it was, and the reason to put in words."""

    member: Member | None
    delivery: Delivery


@dataclass(frozen=True)
class Status:
    """What the coordinator sees: the round and its standings, what was not delivered, and what comes next."""

    group: Group
    round: Round | None
    picture: SituationPicture | None
    unreached: tuple[Unreached, ...]
    pending: tuple[Member, ...]
    without_teams: frozenset[MemberId]
    """Members who can't be asked: the coordinator enters their answers (A8)."""
    next_round: Round | None
    next_meetings: tuple[Meeting, ...]
    now: datetime
    chain: ChainFigures | None = None
    """How many answers got one back, over the last rounds (C5)."""


async def status(work: Work, actor: Member, number: int | None = None) -> Status:
    """The state of a round (the current one unless numbered), for the coordinator (B2, F4)."""
    require(actor, Act.SEE_STATUS)
    group = await own_group(work, actor)
    round_ = await _current(work, group, number)
    planned = await work.store.rounds.list_planned(group.id)
    now = work.clock.now()
    members = {m.id: m for m in await work.store.members.list_by_group(group.id)}
    undelivered = await work.store.deliveries.list_undelivered(group.id)
    return Status(
        group=group,
        round=round_,
        picture=await picture_of(work, group, round_) if round_ else None,
        unreached=_of_round(undelivered, round_, members),
        pending=tuple(m for m in members.values() if m.state is MemberState.PENDING),
        without_teams=frozenset(m.id for m in members.values() if m.user_id is None),
        next_round=planned[0] if planned else None,
        next_meetings=tuple(await work.store.meetings.list_by_group(group.id, after=now, limit=3)),
        now=now,
        chain=await chain_figures(work, group),
    )


async def resend(work: Work, actor: Member, round_id: RoundId | None = None) -> tuple[Unreached, ...]:
    """Send once more to just those that were not reached; what was sent is not sent again (F4)."""
    require(actor, Act.RUN_ROUND)
    group = await own_group(work, actor)
    round_ = await own_round(work, actor, round_id) if round_id else await _current(work, group, None)
    members = {m.id: m for m in await work.store.members.list_by_group(group.id)}
    found = _of_round(await work.store.deliveries.list_undelivered(group.id), round_, members)
    for one in found:
        await forget_lost_posts(work, one.delivery)
        await work.outbox.again(one.delivery)
    if found:
        await record(
            work,
            group.id,
            actor,
            AuditAction.RESEND,
            f"round:{round_.id if round_ else ''}",
            detail=str(len(found)),
        )
    return found


async def rearm(work: Work, member: Member) -> int:
    """A blocked or departed person is back: what still matters is sent after all. Returns how many (F4, C5).

    A question matters while its round is open, a preview until the picture is posted. An answer to what was reported
    always does; of the rounds' short cards only the newest, so that who was away for long is not flooded.
    """
    missed = await work.store.deliveries.list_undelivered(member.group_id, member.id)
    sendable = [one for one in missed if one.state is not DeliveryState.TOO_LARGE]
    newest = next((one for one in sendable if one.kind is DeliveryKind.ROUND_FEEDBACK), None)
    revived = 0
    for delivery in reversed(sendable):
        if delivery is newest or await _still_matters(work, delivery):
            await work.outbox.again(delivery)
            revived += 1
    return revived


async def _still_matters(work: Work, delivery: Delivery) -> bool:
    if delivery.round_id is None:
        return True
    round_ = await work.store.rounds.get(delivery.round_id)
    if round_ is None:
        return False
    if delivery.kind in (DeliveryKind.PROMPT, DeliveryKind.MEETING_CHANGED):
        return round_.state is RoundState.OPEN
    return delivery.kind is DeliveryKind.PREVIEW and round_.revision == 0


async def _current(work: Work, group: Group, number: int | None) -> Round | None:
    try:
        return await pick_round(work, group.id, number)
    except NoRound:
        if number is not None:
            raise
        return None


def _of_round(
    undelivered: Sequence[Delivery], round_: Round | None, members: Mapping[MemberId, Member]
) -> tuple[Unreached, ...]:
    """Those of this round and those of none; what belonged to earlier rounds is over."""
    ours = (d for d in undelivered if d.round_id is None or (round_ and d.round_id == round_.id))
    return tuple(Unreached(members.get(d.member_id) if d.member_id else None, d) for d in ours)
