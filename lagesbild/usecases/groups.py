"""A group's life: the bot comes to a team, the group is set up, the bot leaves (F1, F5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.errors import Invalid
from lagesbild.ids import GroupId, MemberId, fresh
from lagesbild.people import Group, GroupState, Home, Member, MemberState, Role
from lagesbild.ports import Work
from lagesbild.roster import Person
from lagesbild.setting_up import FormErrors, GroupForm, GroupSettings, checked, form_of
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_group, own_group
from lagesbild.usecases.members import welcome
from lagesbild.usecases.planning import plan_group
from lagesbild.usecases.replanning import replan


@dataclass(frozen=True)
class SetUp:
    """The form as it stands, with what its choices need."""

    group: Group
    form: GroupForm
    members: tuple[Member, ...]


async def welcome_team(
    work: Work, home: Home, installer: Person | None, *, municipality: str = "", name: str = ""
) -> Group:
    """The bot was added to a team: a NEW group whose coordinator is the installer.

    Added again, a PAUSED group goes on with everything it had. Repeated, nothing changes but the address.
    """
    known = await _held(work, home)
    group = _again(known, home) if known else _new(work, home, municipality, name)
    if group != known:
        await work.store.groups.save(group)
        await record(
            work,
            group.id,
            None,
            AuditAction.ADD_GROUP if known is None else AuditAction.RESUME_GROUP,
            f"group:{group.id}",
        )
    if installer is not None:
        await _install(work, group, installer)
    return group


async def pause_group(work: Work, home: Home) -> Group | None:
    """The bot was removed from the team: nothing is sent, everything is kept. None if the team has no group."""
    group = await _held(work, home)
    if group is None or group.state is GroupState.PAUSED:
        return group
    paused = replace(group, state=GroupState.PAUSED)
    await work.store.groups.save(paused)
    await record(work, group.id, None, AuditAction.PAUSE_GROUP, f"group:{group.id}")
    return paused


async def group_settings(work: Work, actor: Member) -> SetUp:
    """The set-up form filled in with what is; for a new group anybody in it may look, as long as nobody leads it."""
    group = await own_group(work, actor)
    members = tuple(await work.store.members.list_by_group(group.id))
    if _led(members):
        require(actor, Act.CONFIGURE)
    today = group.local_day(work.clock.now())
    return SetUp(group, form_of(group, members, work.templates, today), _active(members))


async def set_up_group(work: Work, actor: Member, form: GroupForm) -> Group:
    """Save the form, plan the coming meetings, and welcome everybody the first time (F5).

    FormErrors names every field that is wrong; nothing is changed then. A changed rhythm re-plans the meetings
    to come, but for those moved or cancelled by hand and those whose round is open. Whoever sets up a group
    that nobody leads becomes its coordinator.
    """
    group = await held_group(work, actor)
    members = await work.store.members.lock_by_group(group.id)
    if _led(members):
        require(actor, Act.CONFIGURE)
    now = work.clock.now()
    settings = checked(form, work.templates, now, group.timezone, group.schedule)
    _check_deputy(settings, members)
    await _check_channel(work, settings)
    changed = _with(group, settings)
    await work.store.groups.save(changed)
    await record(work, group.id, actor, AuditAction.SET_UP_GROUP, f"group:{group.id}")
    await _set_leaders(work, actor, members, settings.deputy_id)
    if group.schedule is not None and group.schedule != changed.schedule:
        await replan(work, changed, group.schedule, now)
    await plan_group(work, changed, now)
    if group.state is GroupState.NEW:
        for member in await work.store.members.list_by_group(group.id):
            if member.state is MemberState.ACTIVE:
                await welcome(work, member)
    return changed


async def _held(work: Work, home: Home) -> Group | None:
    """The team's group, held, if it has one."""
    known = await work.store.groups.get_by_team(home.tenant_id, home.team_id)
    return await work.store.groups.lock(known.id) if known else None


def _new(work: Work, home: Home, municipality: str, name: str) -> Group:
    return Group(
        id=GroupId(fresh()),
        municipality=municipality,
        name=name,
        state=GroupState.NEW,
        home=home,
        created_at=work.clock.now(),
    )


def _again(known: Group, home: Home) -> Group:
    """A known group at its present address; the channel that was chosen stays."""
    kept = replace(home, channel_id=known.home.channel_id, channel_name=known.home.channel_name)
    resumed = GroupState.ACTIVE if known.schedule is not None else GroupState.NEW
    state = resumed if known.state is GroupState.PAUSED else known.state
    return replace(known, home=kept if known.home.channel_id else home, state=state)


async def _install(work: Work, group: Group, installer: Person) -> None:
    members = await work.store.members.lock_by_group(group.id)
    known = next((m for m in members if m.user_id == installer.user_id), None)
    if _led(members):
        return
    member = known or Member(
        id=MemberId(fresh()),
        group_id=group.id,
        name=installer.name,
        roles=frozenset({Role.REPRESENTATIVE}),
        state=MemberState.ACTIVE,
        joined_at=work.clock.now(),
        user_id=installer.user_id,
        aad_object_id=installer.aad_object_id,
        locale=installer.locale,
    )
    leading = replace(member, state=MemberState.ACTIVE, roles=member.roles | {Role.COORDINATOR})
    await work.store.members.save(leading)
    await record(work, group.id, leading, AuditAction.BECOME_COORDINATOR, f"member:{leading.id}")


def _active(members: Sequence[Member]) -> tuple[Member, ...]:
    return tuple(member for member in members if member.state is MemberState.ACTIVE)


def _led(members: Sequence[Member]) -> bool:
    return any(member.leads for member in _active(members))


def _check_deputy(settings: GroupSettings, members: Sequence[Member]) -> None:
    if settings.deputy_id is None:
        return
    deputy = next((m for m in _active(members) if m.id == settings.deputy_id), None)
    if deputy is None or deputy.user_id is None:
        raise FormErrors((Invalid("deputy", "unknown"),))
    if deputy.has(Role.COORDINATOR):
        raise FormErrors((Invalid("deputy", "is_coordinator"),))


async def _check_channel(work: Work, settings: GroupSettings) -> None:
    """Where a council meets, everybody sits in it: no group is at home there."""
    if await work.store.councils.list_by_conversation(settings.channel_id):
        raise FormErrors((Invalid("channel", "council"),))


def _with(group: Group, settings: GroupSettings) -> Group:
    home = replace(group.home, channel_id=settings.channel_id, channel_name=settings.channel_name)
    return replace(
        group,
        municipality=settings.municipality,
        name=settings.name,
        state=GroupState.ACTIVE,
        home=home,
        template=settings.template,
        schedule=settings.schedule,
        publication=settings.publication,
        colour_of_impact=settings.colours,
        concern_url=settings.concern_url,
        assignment=settings.assignment,
        guidelines=settings.guidelines,
        follow_up_weeks=settings.follow_up_weeks,
    )


async def _set_leaders(
    work: Work, actor: Member, members: Sequence[Member], deputy_id: MemberId | None
) -> None:
    """One deputy as the form says, and the actor as coordinator where there is none."""
    led = _led(members)
    for member in _active(members):
        roles = member.roles - {Role.DEPUTY}
        if member.id == deputy_id:
            roles |= {Role.DEPUTY}
        if member.id == actor.id and not led:
            roles |= {Role.COORDINATOR}
        if roles != member.roles:
            await work.store.members.save(replace(member, roles=roles or frozenset({Role.REPRESENTATIVE})))
            await record(work, member.group_id, actor, AuditAction.CHANGE_MEMBER, f"member:{member.id}")
