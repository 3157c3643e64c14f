"""The council: where it meets the bot, who sits in it, what is on its table, and sending it a referral (C1, C2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid
from lagesbild.ids import MemberId, fresh
from lagesbild.measures import AnalysisState, Direction, Measure, RootCauseAnalysis
from lagesbild.people import Group, Member, MemberState, Role
from lagesbild.ports import Work
from lagesbild.referrals import (
    Council,
    CouncilConversation,
    CouncilKind,
    Decision,
    Referral,
    ReferralState,
)
from lagesbild.roster import Person
from lagesbild.templates import Area
from lagesbild.usecases.audit import record
from lagesbild.usecases.directing import current_direction
from lagesbild.usecases.finding import group_at_home, held_group, own_group, own_member
from lagesbild.usecases.seating import (
    Seats,
    area_titles,
    has_reached_council,
    queue_to_council,
    seats_of,
)

LONGEST_WAIT = 90
"""Days that a council can be given to answer."""
LATELY = timedelta(days=60)
"""How long what is closed stays in the overview."""


@dataclass(frozen=True)
class Tabled:
    """A referral with the decision that holds, if there is one."""

    referral: Referral
    decision: Decision | None


@dataclass(frozen=True)
class CouncilOverview:
    """Everything on the council's table, oldest first; measures and analyses by their day."""

    group: Group
    council: Council | None
    seats: Seats
    today: date
    areas: Mapping[Area, str]
    waiting: tuple[Tabled, ...]
    agenda: tuple[Tabled, ...]
    """Somebody answered that it does not show: the group's next meeting takes it up (C6)."""
    decided: tuple[Tabled, ...]
    closed: tuple[Tabled, ...]
    """In the last two months."""
    measures: tuple[Measure, ...]
    """Those under way."""
    analyses: tuple[RootCauseAnalysis, ...]
    """Those that are not used yet."""
    direction: Direction | None

    @property
    def overdue(self) -> tuple[Tabled, ...]:
        """What should have been answered by now."""
        return tuple(one for one in self.waiting if one.referral.is_overdue(self.today))

    @property
    def late_measures(self) -> tuple[Measure, ...]:
        return tuple(one for one in self.measures if one.due < self.today)


async def set_up_council(
    work: Work,
    actor: Member,
    kind: CouncilKind,
    conversation: CouncilConversation | None = None,
    *,
    member_ids: Collection[MemberId] = (),
    answer_days: int = 14,
) -> Council:
    """Say who answers for the council: everybody in a conversation, or chosen members, each in the own chat.

    Whoever sat there before loses the role. What waits for an answer is sent to the new place. Invalid
    (`council_members`: `empty`, `no_teams`; `council_days`: `out_of_range`; `council_conversation`: `own_channel` and
    `groups_channel`, where everybody who reports would become the council). A repeat changes nothing.
    """
    require(actor, Act.SET_UP_COUNCIL)
    group = await held_group(work, actor)
    await _check_conversation(work, group, conversation)
    if not 1 <= answer_days <= LONGEST_WAIT:
        raise Invalid("council_days", "out_of_range", limit=LONGEST_WAIT)
    chosen = [] if conversation else await _chosen(work, actor, member_ids)
    before = await work.store.councils.get(group.id)
    now = work.clock.now()
    council = Council(group.id, kind, actor.id, now, conversation, answer_days)
    moved = before is None or before.conversation != conversation
    if before is None or replace(before, set_up_by=actor.id, set_up_at=now) != council:
        await work.store.councils.save(council)
        await record(
            work, group.id, actor, AuditAction.SET_UP_COUNCIL, f"group:{group.id}", detail=kind.value
        )
    if conversation is None or moved:
        await _seat(work, actor, {member.id for member in chosen})
    for referral in await _on_the_table(work, group):
        await send_referral(work, group, referral, moved=int(now.timestamp()) if moved and before else None)
    return council


async def enter_council(work: Work, group: Group, person: Person) -> Member:
    """Whoever acts in the council's conversation sits in it: becomes a member with that role, or gets the role.

    Such a person is asked no questions. Somebody who waits to be let in, or has left, gets this role and no other.
    """
    known = await _known(work, group, person)
    if known is None:
        entered = Member(
            id=MemberId(fresh()),
            group_id=group.id,
            name=person.name,
            roles=frozenset({Role.COUNCIL}),
            state=MemberState.ACTIVE,
            joined_at=work.clock.now(),
            user_id=person.user_id,
            aad_object_id=person.aad_object_id,
            locale=person.locale,
            prompted=False,
            reminded=False,
        )
    elif known.state is MemberState.ACTIVE:
        entered = replace(known, roles=known.roles | {Role.COUNCIL})
    else:
        alone = frozenset({Role.COUNCIL})
        entered = replace(known, state=MemberState.ACTIVE, roles=alone, prompted=False, reminded=False)
    if entered != known:
        await work.store.members.save(entered)
        await record(work, group.id, entered, AuditAction.ENTER_COUNCIL, f"member:{entered.id}")
    return entered


async def _known(work: Work, group: Group, person: Person) -> Member | None:
    """Who that is, to be saved changed; who sits there already, as almost everybody does, is not held."""
    known = await work.store.members.get_by_user(group.id, person.user_id)
    if known is None or (known.state is MemberState.ACTIVE and known.has(Role.COUNCIL)):
        return known
    return await work.store.members.lock(known.id)


async def send_referral(work: Work, group: Group, referral: Referral, *, moved: int | None = None) -> int:
    """Put a referral before the council, once each time it is referred; to whoever leads the group if nobody in the
    council can be reached (C1). `moved` names the occasion when the council has a new place. Returns how many messages.
    """
    parts = (referral.times,) if moved is None else (referral.times, moved)
    return await queue_to_council(work, group, DeliveryKind.REFERRAL, referral, *parts)


async def council_overview(work: Work, actor: Member) -> CouncilOverview:
    """What waits, is late, decided, on the agenda and closed lately; measures, analyses and the direction (C1–C4).

    What a meeting is still assessing is not there for anybody, since the council reads along where it meets.
    """
    require(actor, Act.SEE_COUNCIL)
    group = await own_group(work, actor)
    today = group.local_day(work.clock.now())
    known = await work.store.referrals.list_by_group(group.id)
    tabled = [await _tabled(work, one) for one in known if await has_reached_council(work, one)]
    return CouncilOverview(
        group=group,
        council=await work.store.councils.get(group.id),
        seats=await seats_of(work, group),
        today=today,
        areas=area_titles(work, group),
        waiting=_in_state(tabled, ReferralState.WAITING),
        agenda=_in_state(tabled, ReferralState.ON_AGENDA),
        decided=_in_state(tabled, ReferralState.DECIDED),
        closed=tuple(
            one for one in _in_state(tabled, ReferralState.CLOSED) if _since(group, one) >= today - LATELY
        ),
        measures=tuple(m for m in await work.store.measures.list_by_group(group.id) if not m.state.is_over),
        analyses=tuple(
            a for a in await work.store.analyses.list_by_group(group.id) if a.state is not AnalysisState.USED
        ),
        direction=await current_direction(work, group, today),
    )


async def _check_conversation(work: Work, group: Group, conversation: CouncilConversation | None) -> None:
    met = conversation.conversation_id if conversation else None
    if met == group.home.channel_id:
        raise Invalid("council_conversation", "own_channel")
    if met and await group_at_home(work, group.home.tenant_id, met):
        raise Invalid("council_conversation", "groups_channel")


async def _chosen(work: Work, actor: Member, member_ids: Collection[MemberId]) -> list[Member]:
    if not member_ids:
        raise Invalid("council_members", "empty")
    chosen = [await own_member(work, actor, member_id) for member_id in member_ids]
    for member in chosen:
        if member.user_id is None or member.state is not MemberState.ACTIVE:
            raise Invalid("council_members", "no_teams", name=member.name)
    return chosen


async def _seat(work: Work, actor: Member, chosen: Collection[MemberId]) -> None:
    """Give the role to the chosen, and take it from everybody else. Who only sat in the council has left then."""
    for member in await work.store.members.lock_by_group(actor.group_id):
        roles = member.roles | {Role.COUNCIL} if member.id in chosen else member.roles - {Role.COUNCIL}
        if roles == member.roles:
            continue
        state = member.state if roles else MemberState.LEFT
        await work.store.members.save(replace(member, roles=roles, state=state))
        action = AuditAction.GIVE_COUNCIL_ROLE if member.id in chosen else AuditAction.TAKE_COUNCIL_ROLE
        await record(work, actor.group_id, actor, action, f"member:{member.id}")


async def _on_the_table(work: Work, group: Group) -> list[Referral]:
    """What waits and was sent: a round that is still being assessed has not sent its own yet."""
    waiting = await work.store.referrals.list_by_group(group.id, (ReferralState.WAITING,))
    return [one for one in waiting if await has_reached_council(work, one)]


async def _tabled(work: Work, referral: Referral) -> Tabled:
    decisions = await work.store.referrals.decisions(referral.id)
    return Tabled(referral, decisions[-1] if decisions else None)


def _in_state(tabled: Sequence[Tabled], state: ReferralState) -> tuple[Tabled, ...]:
    return tuple(one for one in tabled if one.referral.state is state)


def _since(group: Group, tabled: Tabled) -> date:
    return group.local_day(tabled.referral.changed_at or tabled.referral.referred_at)
