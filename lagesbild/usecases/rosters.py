"""Following a team's people: who comes takes part, who is gone has left, and somebody always leads (F1, F5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from lagesbild.audit import AuditAction
from lagesbild.deliveries import DeliveryKind
from lagesbild.ids import MemberId, fresh
from lagesbild.people import Group, GroupState, Member, MemberState, Role
from lagesbild.ports import Work
from lagesbild.roster import Person, RosterChange
from lagesbild.usecases.audit import record
from lagesbild.usecases.members import APPROVED, welcome

JUST_CAME = timedelta(minutes=5)
"""For so long a roster may not know of somebody: it was asked for before that person came, and answered late."""


async def sync_roster(work: Work, group: Group, roster: Sequence[Person]) -> RosterChange:
    """Bring the members in line with the team's roster (people only, no bots), and welcome the new (F5).

    Who is gone has left, who is back takes part again; who was removed by hand stays out, who joined through the
    personal app, only sits in the council, has no Teams or came just now is not looked for. A group is never left without a coordinator: a
    deputy takes over, or the coordinator stays. An empty roster is taken for a failed look-up and changes nothing.
    """
    change = await members_joined(work, group, roster)
    if not roster:
        return change
    present, since = {person.user_id for person in roster}, work.clock.now() - JUST_CAME
    members = await work.store.members.lock_by_group(group.id)
    gone = [m for m in members if m.state is MemberState.ACTIVE and m.user_id and m.user_id not in present]
    gone = [m for m in gone if m.roles != {Role.COUNCIL} and m.joined_at < since]
    left, kept, promoted = await _leave(work, group, [m for m in gone if not await _joined_alone(work, m)])
    return replace(change, left=left, kept=kept, promoted=promoted)


async def members_joined(work: Work, group: Group, roster: Sequence[Person]) -> RosterChange:
    """Somebody came into the team: who is in the roster takes part, and nobody is taken out.

    Of two that come one after the other the first one's roster may be read last, and does not know the second.
    """
    present = {person.user_id: person for person in roster}
    members = await work.store.members.lock_by_group(group.id)
    known = {member.user_id for member in members}
    returned = [await _return(work, m, present[m.user_id or ""]) for m in members if _is_back(m, present)]
    joined = [await _join(work, group, person) for person in present.values() if person.user_id not in known]
    return RosterChange(tuple(joined), tuple(returned))


async def members_left(work: Work, group: Group, user_ids: Sequence[str]) -> RosterChange:
    """Those people left the team, as an event tells it."""
    members = await work.store.members.lock_by_group(group.id)
    gone = [m for m in members if m.state is MemberState.ACTIVE and m.user_id in user_ids]
    left, kept, promoted = await _leave(work, group, gone)
    return RosterChange((), (), left, kept, promoted)


def _is_back(member: Member, present: Mapping[str, Person]) -> bool:
    return member.state is MemberState.LEFT and bool(member.roles) and member.user_id in present


async def _join(work: Work, group: Group, person: Person) -> Member:
    member = Member(
        id=MemberId(fresh()),
        group_id=group.id,
        name=person.name,
        roles=frozenset({Role.REPRESENTATIVE}),
        state=MemberState.ACTIVE,
        joined_at=work.clock.now(),
        user_id=person.user_id,
        aad_object_id=person.aad_object_id,
        locale=person.locale,
    )
    await work.store.members.save(member)
    await record(work, group.id, None, AuditAction.JOIN_GROUP, f"member:{member.id}")
    if group.state is GroupState.ACTIVE:
        await welcome(work, member)
    return member


async def _return(work: Work, member: Member, person: Person) -> Member:
    back = replace(member, state=MemberState.ACTIVE, name=person.name)
    await work.store.members.save(back)
    await record(work, member.group_id, None, AuditAction.RETURN_TO_GROUP, f"member:{member.id}")
    return back


async def _joined_alone(work: Work, member: Member) -> bool:
    """Whether the member came through the personal app: such a person is not in the team at all."""
    ledger = await work.store.deliveries.list_by_member(member.id)
    return any(d.kind is DeliveryKind.JOIN_ANSWER and d.subject == APPROVED for d in ledger)


async def _leave(
    work: Work, group: Group, gone: Sequence[Member]
) -> tuple[tuple[Member, ...], tuple[Member, ...], tuple[Member, ...]]:
    """Who left, who stays because nobody else leads, and who takes over."""
    members = await work.store.members.list_by_group(group.id)
    leaving = {one.id for one in gone}
    staying = [m for m in members if m.state is MemberState.ACTIVE and m.id not in leaving]
    heir = next((m for m in staying if m.has(Role.DEPUTY)), None)
    loses = any(m.has(Role.COORDINATOR) for m in gone) and not any(m.has(Role.COORDINATOR) for m in staying)
    kept = tuple(m for m in gone if m.has(Role.COORDINATOR)) if loses and heir is None else ()
    left = tuple([await _left(work, member) for member in gone if member not in kept])
    if not loses or heir is None:
        return left, kept, ()
    promoted = replace(heir, roles=heir.roles - {Role.DEPUTY} | {Role.COORDINATOR})
    await work.store.members.save(promoted)
    await record(work, group.id, None, AuditAction.BECOME_COORDINATOR, f"member:{heir.id}")
    return left, kept, (promoted,)


async def _left(work: Work, member: Member) -> Member:
    gone = replace(member, state=MemberState.LEFT)
    await work.store.members.save(gone)
    await record(work, member.group_id, None, AuditAction.LEAVE_GROUP, f"member:{member.id}")
    return gone
