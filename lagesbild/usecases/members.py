"""Who takes part, for which organisation, in which role (F1, F5, A7, A8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.collation import swedish
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotFound
from lagesbild.ids import GroupId, MemberId, fresh
from lagesbild.people import Group, GroupState, Member, MemberState, Role
from lagesbild.ports import Work
from lagesbild.roster import Person
from lagesbild.secrecy import contacts
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_group, held_member, own_group, template_of
from lagesbild.usecases.planning import leaders
from lagesbild.usecases.queueing import queue

LONGEST_NAME = 80
APPROVED, DECLINED = "approved", "declined"
"""What a JOIN_ANSWER says, as its subject."""


@dataclass(frozen=True)
class MemberList:
    """A group's people, and the organisations to choose among. Those who left are listed for who leads it."""

    group: Group
    active: tuple[Member, ...]
    pending: tuple[Member, ...]
    left: tuple[Member, ...]
    organisations: tuple[str, ...]


async def member_list(work: Work, actor: Member) -> MemberList:
    """Everybody by name; only coordinator and deputy see who waits and who has left (F1)."""
    require(actor, Act.SEE_MEMBERS)
    group = await own_group(work, actor)
    members = await work.store.members.list_by_group(group.id)

    def those(state: MemberState) -> tuple[Member, ...]:
        return tuple(member for member in members if member.state is state)

    return MemberList(
        group=group,
        active=those(MemberState.ACTIVE),
        pending=those(MemberState.PENDING) if actor.leads else (),
        left=those(MemberState.LEFT) if actor.leads else (),
        organisations=_organisations(work, group, members),
    )


async def known_organisations(work: Work, group: Group) -> tuple[str, ...]:
    """The organisations to choose among: the template's and those that members have named, in Swedish order."""
    return _organisations(work, group, await work.store.members.list_by_group(group.id))


async def choose_organisation(work: Work, actor: Member, name: str) -> Member:
    """Say which organisation one reports for. A known name is taken in its known spelling. Invalid (`organisation`)."""
    require(actor, Act.SEE_OWN)
    named, known = await _named(work, actor, name), await held_member(work, actor, actor.id)
    return await _change(work, actor, known, AuditAction.CHOOSE_ORGANISATION, organisation=named)


async def set_preferences(
    work: Work, actor: Member, *, prompted: bool | None = None, reminded: bool | None = None
) -> Member:
    """Say yes or no to prompts and to reminders; the coordinator sees it (A7)."""
    require(actor, Act.SEE_OWN)
    known = await held_member(work, actor, actor.id)
    return await _change(
        work,
        actor,
        known,
        AuditAction.SET_PREFERENCES,
        prompted=known.prompted if prompted is None else prompted,
        reminded=known.reminded if reminded is None else reminded,
    )


async def joinable_groups(work: Work, tenant_id: str) -> tuple[Group, ...]:
    """The groups of the tenant that a person can ask to join."""
    return tuple(g for g in await work.store.groups.list_by_tenant(tenant_id) if g.state is GroupState.ACTIVE)


async def ask_to_join(
    work: Work, group_id: GroupId, person: Person, tenant_id: str, *, conversation_id: str | None = None
) -> Member:
    """Ask to join: pending until coordinator or deputy answers. A repeat changes nothing.

    `conversation_id` is the personal chat with the bot, if it was asked for there.

    NotFound (`group`) for another tenant's group (F1). Whoever is active already is returned as is.
    """
    group = await work.store.groups.get(group_id)
    if group is None or group.home.tenant_id != tenant_id or group.state is not GroupState.ACTIVE:
        raise NotFound("group", group_id)
    known = await work.store.members.get_by_user(group.id, person.user_id)
    known = await work.store.members.lock(known.id) if known else None
    if known is not None and known.state is not MemberState.LEFT:
        return known
    pending = Member(
        id=known.id if known else MemberId(fresh()),
        group_id=group.id,
        name=person.name,
        roles=frozenset({Role.REPORTER}),
        state=MemberState.PENDING,
        joined_at=work.clock.now(),
        organisation=known.organisation if known else None,
        user_id=person.user_id,
        aad_object_id=person.aad_object_id,
        conversation_id=conversation_id or (known.conversation_id if known else None),
        locale=person.locale,
    )
    await work.store.members.save(pending)
    await record(work, group.id, pending, AuditAction.ASK_TO_JOIN, f"member:{pending.id}")
    for leader in await leaders(work, group):
        await _send(
            work,
            leader,
            DeliveryKind.JOIN_REQUEST,
            pending.id,
            _occasion(pending),
            leader.id,
            about=pending.id,
        )
    return pending


async def approve(
    work: Work,
    actor: Member,
    member_id: MemberId,
    *,
    roles: Collection[Role] = (Role.REPORTER,),
    organisation: str | None = None,
) -> Member:
    """Let a pending person in: told so, and welcomed (F5). Somebody who is not pending is left as is."""
    require(actor, Act.MANAGE_MEMBERS)
    member = await held_member(work, actor, member_id)
    if member.state is not MemberState.PENDING:
        return member
    name = member.organisation if organisation is None else await _named(work, actor, organisation)
    _check_roles(roles)
    approved = await _change(
        work,
        actor,
        member,
        AuditAction.APPROVE_MEMBER,
        state=MemberState.ACTIVE,
        roles=frozenset(roles),
        organisation=name,
        joined_at=work.clock.now(),
    )
    await _send(work, approved, DeliveryKind.JOIN_ANSWER, member.id, _occasion(member), about=APPROVED)
    await welcome(work, approved)
    return approved


async def decline(work: Work, actor: Member, member_id: MemberId) -> Member:
    """Say no to a pending person, who is told. Somebody who is not pending is left as is."""
    require(actor, Act.MANAGE_MEMBERS)
    member = await held_member(work, actor, member_id)
    if member.state is not MemberState.PENDING:
        return member
    declined = await _change(
        work, actor, member, AuditAction.DECLINE_MEMBER, state=MemberState.LEFT, roles=frozenset[Role]()
    )
    await _send(work, declined, DeliveryKind.JOIN_ANSWER, member.id, _occasion(member), about=DECLINED)
    return declined


async def change_member(
    work: Work,
    actor: Member,
    member_id: MemberId,
    *,
    roles: Collection[Role] | None = None,
    organisation: str | None = None,
    name: str | None = None,
) -> Member:
    """Change roles, organisation or name; what is None stays. Invalid (`roles`: `empty`, `last_coordinator`)."""
    require(actor, Act.MANAGE_MEMBERS)
    await held_group(work, actor)  # who leads it is decided by one at a time
    member = await held_member(work, actor, member_id)
    changes: dict[str, object] = {}
    if roles is not None:
        _check_roles(roles)
        if Role.COORDINATOR not in roles:
            await _keep_a_coordinator(work, member)
        changes["roles"] = frozenset(roles)
    if organisation is not None:
        changes["organisation"] = await _named(work, actor, organisation)
    if name is not None and member.user_id is None:
        changes["name"] = clean_name(name, "name")
    return await _change(work, actor, member, AuditAction.CHANGE_MEMBER, **changes)


async def remove_member(work: Work, actor: Member, member_id: MemberId) -> Member:
    """Take somebody out of the group; what they reported stays. Invalid (`roles`, `last_coordinator`)."""
    require(actor, Act.MANAGE_MEMBERS)
    await held_group(work, actor)  # who leads it is decided by one at a time
    member = await held_member(work, actor, member_id)
    await _keep_a_coordinator(work, member)
    # Without roles, so that the team's roster does not bring back who was removed by hand.
    return await _change(
        work, actor, member, AuditAction.REMOVE_MEMBER, state=MemberState.LEFT, roles=frozenset[Role]()
    )


async def bring_back(work: Work, actor: Member, member_id: MemberId) -> Member:
    """Let somebody who left or was removed take part again, as before."""
    require(actor, Act.MANAGE_MEMBERS)
    member = await held_member(work, actor, member_id)
    if member.state is not MemberState.LEFT:
        return member
    roles = member.roles or frozenset({Role.REPRESENTATIVE})
    return await _change(
        work, actor, member, AuditAction.BRING_BACK_MEMBER, state=MemberState.ACTIVE, roles=roles
    )


async def add_person_without_teams(work: Work, actor: Member, name: str, organisation: str) -> Member:
    """Add somebody whose answers the coordinator enters (A8). The same name and organisation again is the same person."""
    require(actor, Act.MANAGE_MEMBERS)
    await held_group(work, actor)
    called, of = clean_name(name, "name"), await _named(work, actor, organisation)
    for known in await work.store.members.list_by_group(actor.group_id):
        if known.user_id is None and (known.name.casefold(), known.organisation) == (called.casefold(), of):
            return await bring_back(work, actor, known.id)
    member = Member(
        id=MemberId(fresh()),
        group_id=actor.group_id,
        name=called,
        roles=frozenset({Role.REPORTER}),
        state=MemberState.ACTIVE,
        joined_at=work.clock.now(),
        organisation=of,
    )
    await work.store.members.save(member)
    await record(work, actor.group_id, actor, AuditAction.ADD_PERSON_WITHOUT_TEAMS, f"member:{member.id}")
    return member


async def welcome(work: Work, member: Member) -> None:
    """The assignment and the meeting's guidelines, once to each member (F5)."""
    await _send(work, member, DeliveryKind.WELCOME, member.id)


def clean_name(text: str, field: str) -> str:
    """A name without superfluous spaces; Invalid (`empty`, `too_long`, `points_out`: it holds somebody's number or address).

    What is like a person's name passes: places and schools are called after people.
    """
    name = " ".join(text.split())
    if not name:
        raise Invalid(field, "empty")
    if len(name) > LONGEST_NAME:
        raise Invalid(field, "too_long", limit=LONGEST_NAME, length=len(name))
    if found := contacts(name):
        raise Invalid(field, "points_out", what=found[0].text)
    return name


async def _send(work: Work, member: Member, kind: DeliveryKind, *parts: object, about: str = "") -> None:
    if member.user_id is not None:
        await queue(work, kind, member.group_id, *parts, to=member.id, subject=about)


def _occasion(pending: Member) -> int:
    """Which of a person's requests this is: who was declined may ask again."""
    return int(pending.joined_at.timestamp())


async def _change(
    work: Work, actor: Member, member: Member, action: AuditAction, **changes: object
) -> Member:
    changed = replace(member, **changes)  # type: ignore[arg-type]  # the callers name fields of Member
    if changed != member:
        await work.store.members.save(changed)
        await record(work, member.group_id, actor, action, f"member:{member.id}")
    return changed


async def _named(work: Work, actor: Member, text: str) -> str:
    name = clean_name(text, "organisation")
    known = await known_organisations(work, await own_group(work, actor))
    return next((other for other in known if other.casefold() == name.casefold()), name)


def _organisations(work: Work, group: Group, members: Sequence[Member]) -> tuple[str, ...]:
    template = template_of(work, group)
    named = {m.organisation for m in members if m.organisation and m.state is not MemberState.LEFT}
    return tuple(sorted(named.union(template.organisations if template else ()), key=swedish))


def _check_roles(roles: Collection[Role]) -> None:
    if not roles:
        raise Invalid("roles", "empty")


async def _keep_a_coordinator(work: Work, member: Member) -> None:
    """Invalid (`roles`, `last_coordinator`) if the group would be left without one."""
    others = await work.store.members.list_by_group(member.group_id)
    left = [
        m for m in others if m.id != member.id and m.state is MemberState.ACTIVE and m.has(Role.COORDINATOR)
    ]
    if member.has(Role.COORDINATOR) and not left:
        raise Invalid("roles", "last_coordinator")
