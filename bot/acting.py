"""Who acts in an event, and in which group: read off the payload, the place and the person's memberships (F1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.features import SeveralGroups, Turn
from bot.fetching import Fetched
from bot.teams.activities import BotAdded, Event, Message, Pressed
from cards.actions import Payload
from cards.texts import Texts
from lagesbild.authority import Act
from lagesbild.ids import GroupId, RoundId
from lagesbild.people import Group, GroupState, Member
from lagesbild.ports import Work
from lagesbild.roster import Person
from lagesbild.usecases.choosing import candidates
from lagesbild.usecases.council import enter_council
from lagesbild.usecases.finding import group_at_home
from lagesbild.usecases.status import rearm


@dataclass(frozen=True)
class Meant:
    """What says which group an event is about: a button's payload, or a command's act."""

    payload: Payload | None = None
    act: Act | None = None


async def turn_of(work: Work, event: Event, texts: Texts, meant: Meant, prepared: Fetched) -> Turn:
    """The turn of an event: its person, the group it is about, and who that person is there."""
    entered = await _enter_councils(work, event, texts)
    memberships, actor = await acting(work, event, meant, entered)
    if actor is not None:
        actor = await _remember(work, event, memberships, actor, texts)
        group = await work.store.groups.get(actor.group_id)
    else:
        group = await _teams_group(work, event)
    if group is not None and group.home.tenant_id != event.who.tenant_id:
        group = None
    today = texts.on(work.clock.now().date())
    return Turn(event, work, today, memberships, actor, group, prepared)


async def _enter_councils(work: Work, event: Event, texts: Texts) -> tuple[GroupId, ...]:
    """The groups whose council meets where this happened: whoever writes or presses there sits in it (C1).

    In a group's own channel nobody does: that channel is the team's, whatever was once set up there.
    """
    where, who = event.where, event.who
    if where.kind == "personal" or not isinstance(event, Message | Pressed) or not who.user_id:
        return ()
    entered: list[GroupId] = []
    here = where.conversation_id.partition(";")[0]
    met = await work.store.councils.list_by_conversation(here)
    if not met or await group_at_home(work, who.tenant_id, here):
        return ()
    for council in met:
        group = await work.store.groups.get(council.group_id)
        if group is not None and group.home.tenant_id == who.tenant_id:
            person = Person(who.user_id, who.name, who.aad_object_id, texts.language)
            entered.append((await enter_council(work, group, person)).group_id)
    return tuple(entered)


async def acting(
    work: Work, event: Event, meant: Meant, entered: Sequence[GroupId] = ()
) -> tuple[tuple[Member, ...], Member | None]:
    """A person's memberships, and the one that acts: in the group that is named, else where the act can be done.

    SeveralGroups if that is more than one; without an act it is the oldest.
    """
    memberships = tuple(await work.store.members.list_by_user(event.who.tenant_id, event.who.user_id))
    group_id = await _named_group(work, event, meant.payload, entered)
    elsewhere = group_id == "" and meant.act is Act.SEE_DIRECTION  # where the council may come to meet
    if group_id is not None and not elsewhere:
        return memberships, next((one for one in memberships if one.group_id == group_id), None)
    known = await _in_use(work, memberships)
    found = await candidates(work, known, meant.act) if meant.act else known[:1]
    if len(found) > 1:
        groups = [await work.store.groups.get(member.group_id) for member in found]
        raise SeveralGroups([group for group in groups if group is not None])
    return memberships, next(iter(found), None)


async def _named_group(
    work: Work, event: Event, payload: Payload | None, entered: Sequence[GroupId]
) -> GroupId | None:
    """The group a button's payload, the council that meets there or the team names, "" if there is no such group;
    None if nothing names one."""
    if round_id := getattr(payload, "round_id", ""):
        round_ = await work.store.rounds.peek(RoundId(round_id))
        return round_.group_id if round_ else GroupId("")
    if group_id := getattr(payload, "group_id", ""):
        return GroupId(group_id)
    if entered:
        return entered[0]
    if event.where.team_id:
        group = await _teams_group(work, event)
        return group.id if group else GroupId("")
    return None


async def _in_use(work: Work, memberships: tuple[Member, ...]) -> tuple[Member, ...]:
    """Those in groups that are set up, if any is: a team that the bot was added to for the council alone is none."""
    if len(memberships) < 2:
        return memberships
    groups = [await work.store.groups.get(member.group_id) for member in memberships]
    active = [m for m, g in zip(memberships, groups, strict=True) if g and g.state is GroupState.ACTIVE]
    return tuple(active) or memberships


async def _teams_group(work: Work, event: Event) -> Group | None:
    team_id = event.where.team_id
    return await work.store.groups.get_by_team(event.who.tenant_id, team_id) if team_id else None


async def _remember(
    work: Work, event: Event, memberships: Sequence[Member], actor: Member, texts: Texts
) -> Member:
    """Keep the personal chat and the language that a person writes in, and send what did not arrive before, of
    whichever group (F4)."""
    if event.where.kind != "personal" or not isinstance(event, Message | BotAdded):
        return actor
    known = replace(actor, conversation_id=event.where.conversation_id, locale=texts.language)
    if known != actor:
        # Of what was read without a lock nothing else is written back: who is being removed stays so.
        await work.store.members.remember(actor.id, event.where.conversation_id, texts.language)
    for membership in memberships:
        await rearm(work, membership)
    return known
