"""The council as this group meets it: where it sits, who answers for it, and what is put to it (C1, C2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from lagesbild.authority import Act, require
from lagesbild.deliveries import Delivery, DeliveryKind, delivery_key
from lagesbild.errors import Invalid
from lagesbild.ids import GroupId, MemberId, fresh
from lagesbild.measures import Direction, Measure, RootCauseAnalysis
from lagesbild.people import Group, Member, MemberState, Role
from lagesbild.ports import Work
from lagesbild.referrals import Council, CouncilConversation, CouncilKind, Decision, Referral, ReferralState
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import own_group, own_member
from lagesbild.usecases.planning import leaders

MOST_DAYS = 60


@dataclass(frozen=True)
class Overview:
    """Everything the council has before it (`brå`)."""

    group: Group
    council: Council | None
    people: tuple[Member, ...]
    """Those who answer for it by their role."""
    overdue: tuple[Referral, ...]
    waiting: tuple[Referral, ...]
    on_agenda: tuple[Referral, ...]
    """Back at the group: somebody says that it does not show."""
    decided: tuple[tuple[Referral, Decision], ...]
    """With the decision that holds, newest first."""
    measures: tuple[Measure, ...]
    """Under way, by day."""
    analyses: tuple[RootCauseAnalysis, ...]
    direction: Direction | None
    members: tuple[Member, ...]


async def set_up_council(
    work: Work,
    actor: Member,
    kind: CouncilKind,
    *,
    conversation: CouncilConversation | None = None,
    member_ids: Collection[MemberId] = (),
    answer_days: int = 14,
) -> Council:
    """Say who the council is: the people of a conversation, or chosen members who get the role COUNCIL.

    Invalid (`council`, `nobody`) for neither, (`answer_days`, `out_of_range`) for less than a day or more than 60.
    """
    require(actor, Act.SET_UP_COUNCIL)
    if not 1 <= answer_days <= MOST_DAYS:
        raise Invalid("answer_days", "out_of_range", low=1, high=MOST_DAYS)
    if conversation is None and not member_ids:
        raise Invalid("council", "nobody")
    group = await own_group(work, actor)
    chosen = {(await own_member(work, actor, member_id)).id for member_id in member_ids}
    if conversation is None:
        await _give_role(work, group, chosen)
    council = Council(group.id, kind, actor.id, work.clock.now(), conversation, answer_days)
    await work.store.councils.save(council)
    await record(work, group.id, actor, "set up council", f"group:{group.id}", detail=kind.value)
    for referral in await work.store.referrals.list_by_group(group.id, (ReferralState.WAITING,)):
        round_ = await work.store.rounds.get(referral.round_id)
        if round_ is not None and round_.assessed_at is not None:
            await send_referral(work, group, referral)
    return council


async def enter_council(
    work: Work, group_id: GroupId, *, user_id: str, aad_object_id: str | None, name: str, locale: str
) -> Member:
    """Somebody acts in the council's conversation: a member with the role COUNCIL from now on."""
    known = await work.store.members.get_by_user(group_id, user_id)
    if known is not None and known.state is MemberState.ACTIVE and known.has(Role.COUNCIL):
        return known
    if known is not None and known.state is MemberState.ACTIVE:
        member = replace(known, roles=known.roles | {Role.COUNCIL})
    else:
        member = Member(
            known.id if known else MemberId(fresh()),
            group_id,
            name,
            frozenset({Role.COUNCIL}),
            MemberState.ACTIVE,
            work.clock.now(),
            user_id=user_id,
            aad_object_id=aad_object_id,
            locale=locale,
            prompted=False,
            reminded=False,
        )
    await work.store.members.save(member)
    await record(work, group_id, member, "enter council", f"member:{member.id}")
    return member


async def send_referral(work: Work, group: Group, referral: Referral) -> int:
    """Queue the referral's card to the council; to coordinator and deputy while there is none. Returns how many.

    A repeat queues nothing, unless the referral is put once more or to another council.
    """
    return await _queue(work, group, referral, DeliveryKind.REFERRAL, referral.times)


async def remind_council(work: Work, group: Group, referral: Referral, occasion: str) -> int:
    """Queue a reminder of a referral: once an occasion."""
    return await _queue(work, group, referral, DeliveryKind.REFERRAL_REMINDER, referral.times, occasion)


async def _queue(work: Work, group: Group, referral: Referral, kind: DeliveryKind, *parts: object) -> int:
    council = await work.store.councils.get(group.id)
    in_conversation = council is not None and council.conversation is not None
    targets: list[Member | None] = [None] if in_conversation else list(await council_people(work, group))
    queued = 0
    for member in targets:
        to = member.id if member else "conversation"
        queued += await work.outbox.put(
            Delivery(
                key=delivery_key(kind, referral.id, to, *parts),
                group_id=group.id,
                kind=kind,
                queued_at=work.clock.now(),
                member_id=member.id if member else None,
                subject=referral.id,
            )
        )
    return queued


async def council_people(work: Work, group: Group) -> tuple[Member, ...]:
    """Who gets the council's cards in the own chat: its members with Teams, else coordinator and deputy."""
    members = await work.store.members.list_by_group(group.id)
    people = tuple(m for m in members if _sits(m) and m.user_id is not None)
    return people or await leaders(work, group)


def _sits(member: Member) -> bool:
    return member.state is MemberState.ACTIVE and member.has(Role.COUNCIL)


async def _give_role(work: Work, group: Group, chosen: set[MemberId]) -> None:
    for member in await work.store.members.list_by_group(group.id):
        roles = member.roles | {Role.COUNCIL} if member.id in chosen else member.roles - {Role.COUNCIL}
        if roles != member.roles:
            await work.store.members.save(replace(member, roles=roles))


async def council_overview(work: Work, actor: Member) -> Overview:
    """What is open, overdue, decided and under way (`brå`)."""
    require(actor, Act.SEE_COUNCIL)
    group, store = await own_group(work, actor), work.store
    today = group.local_day(work.clock.now())
    referrals = await store.referrals.list_by_group(group.id)
    waiting = [one for one in referrals if one.state is ReferralState.WAITING]
    members = await store.members.list_by_group(group.id)
    directions = await store.directions.list_by_group(group.id)
    return Overview(
        group=group,
        council=await store.councils.get(group.id),
        people=tuple(member for member in members if _sits(member)),
        overdue=tuple(one for one in waiting if one.is_overdue(today)),
        waiting=tuple(one for one in waiting if not one.is_overdue(today)),
        on_agenda=tuple(one for one in referrals if one.state is ReferralState.ON_AGENDA),
        decided=await _decided(work, referrals),
        measures=tuple(one for one in await store.measures.list_by_group(group.id) if not one.state.is_over),
        analyses=tuple(one for one in await store.analyses.list_by_group(group.id) if not one.used_for),
        direction=next((one for one in directions if one.holds(today)), None),
        members=tuple(member for member in members if member.state is MemberState.ACTIVE),
    )


async def _decided(work: Work, referrals: Collection[Referral]) -> tuple[tuple[Referral, Decision], ...]:
    found = []
    for referral in referrals:
        if referral.state in (ReferralState.DECIDED, ReferralState.CLOSED):
            decisions = await work.store.referrals.decisions(referral.id)
            if decisions:
                found.append((referral, decisions[-1]))
    return tuple(sorted(found, key=lambda pair: pair[1].decided_at, reverse=True))
