"""`medlemmar`: who takes part, changing it, and answering for somebody (F1, A8)."""

from __future__ import annotations

from bot.commands import Command
from bot.features import Feature, Turn
from bot.fetching import Need
from bot.handlers.joining import chosen_organisation
from bot.teams.activities import Reply
from cards.away import away_card
from cards.inputs import Inputs
from cards.members import (
    AddPerson,
    AskForPerson,
    FetchRoster,
    MoveMember,
    PickMember,
    SaveMember,
    add_person_card,
    change_card,
    members_card,
)
from cards.report import report_card
from cards.safe import one_line
from lagesbild.authority import Act, require
from lagesbild.ids import MemberId
from lagesbild.people import Member, Role
from lagesbild.usecases.finding import own_group, own_member
from lagesbild.usecases.members import (
    add_person_without_teams,
    approve,
    bring_back,
    change_member,
    decline,
    known_organisations,
    member_list,
    remove_member,
)
from lagesbild.usecases.reports import report_sheet
from lagesbild.usecases.rosters import sync_roster

feature = Feature()

_MOVES = {"remove": remove_member, "bring_back": bring_back, "approve": approve, "decline": decline}
_SAID = {"remove": "removed", "bring_back": "back", "approve": "approved", "decline": "declined"}


@feature.command(Command.MEMBERS, Act.SEE_MEMBERS)
async def members(turn: Turn, rest: str) -> Reply:
    """The list; where others read, without who waits, has left, or wants no questions."""
    return await _list(turn)


@feature.button(PickMember, Act.MANAGE_MEMBERS, private="members.in_private")
async def pick(turn: Turn, payload: PickMember, inputs: Inputs) -> Reply:
    """Go on with the person chosen in the list."""
    require(turn.member, Act.MANAGE_MEMBERS)
    chosen = inputs.text("member", max=64)
    if not chosen:
        return Reply(text=turn.texts("members.nobody"), replace=False)
    member = await own_member(turn.work, turn.member, MemberId(chosen))
    if payload.what == "report_for":
        sheet = await report_sheet(turn.work, turn.member, on_behalf_of=member.id)
        return Reply(card=report_card(turn.texts, sheet).to_dict(), replace=False)
    if payload.what == "away_for":
        group = await own_group(turn.work, turn.member)
        today = group.local_day(turn.work.clock.now())
        absences = [a for a in await turn.work.store.absences.list_by_member(member.id) if a.last >= today]
        return Reply(
            card=away_card(turn.texts, member, absences, today, for_other=True).to_dict(), replace=False
        )
    return Reply(card=change_card(turn.texts, member, await _organisations(turn)).to_dict(), replace=False)


async def member_form(turn: Turn, payload: SaveMember, inputs: Inputs) -> Reply:
    """The form of that person, as it is stored."""
    member = await own_member(turn.work, turn.member, MemberId(payload.member_id))
    return Reply(card=change_card(turn.texts, member, await _organisations(turn)).to_dict())


@feature.button(SaveMember, Act.MANAGE_MEMBERS, private="members.in_private", form=member_form)
async def save(turn: Turn, payload: SaveMember, inputs: Inputs) -> Reply:
    """Save roles, organisation and, without Teams, the name."""
    organisations = await _organisations(turn)
    roles = inputs.choices("roles", [role.value for role in Role])
    member = await change_member(
        turn.work,
        turn.member,
        MemberId(payload.member_id),
        roles=[Role(role) for role in roles],
        organisation=chosen_organisation(inputs, organisations) or None,
        name=inputs.text("name", max=80) or None,
    )
    return await _list(turn, turn.texts("members.saved", name=one_line(member.name)))


@feature.button(MoveMember, Act.MANAGE_MEMBERS, private="members.in_private")
async def move(turn: Turn, payload: MoveMember, inputs: Inputs) -> Reply:
    """Remove, bring back, approve or decline."""
    act = _MOVES.get(payload.what)
    if act is None:
        return await _list(turn)
    member: Member = await act(turn.work, turn.member, MemberId(payload.member_id))
    return await _list(turn, turn.texts(f"members.{_SAID[payload.what]}", name=one_line(member.name)))


@feature.button(AskForPerson, Act.MANAGE_MEMBERS, private="members.in_private")
async def ask_for_person(turn: Turn, payload: AskForPerson | AddPerson, inputs: Inputs) -> Reply:
    """The form for somebody without Teams."""
    require(turn.member, Act.MANAGE_MEMBERS)
    card = add_person_card(turn.texts, payload.group_id, await _organisations(turn))
    return Reply(card=card.to_dict(), replace=False)


@feature.button(AddPerson, Act.MANAGE_MEMBERS, private="members.in_private", form=ask_for_person)
async def add_person(turn: Turn, payload: AddPerson, inputs: Inputs) -> Reply:
    """Add somebody without Teams."""
    organisations, name = await _organisations(turn), inputs.text("name", max=80)
    organisation = chosen_organisation(inputs, organisations)
    member = await add_person_without_teams(turn.work, turn.member, name, organisation)
    return await _list(turn, turn.texts("members.added", name=one_line(member.name)))


@feature.button(FetchRoster, Act.MANAGE_MEMBERS, needs={Need.ROSTER}, private="members.in_private")
async def fetch(turn: Turn, payload: FetchRoster, inputs: Inputs) -> Reply:
    """Bring the members in line with the team."""
    require(turn.member, Act.MANAGE_MEMBERS)
    change = await sync_roster(turn.work, await own_group(turn.work, turn.member), turn.prepared.roster)
    joined = len(change.joined) + len(change.returned)
    return await _list(turn, turn.texts("members.fetched", joined=joined, left=len(change.left)))


async def _list(turn: Turn, said: str = "") -> Reply:
    people = await member_list(turn.work, turn.member)
    leads = turn.member.leads and turn.in_private
    return Reply(card=members_card(turn.texts, people, leads=leads, said=said).to_dict())


async def _organisations(turn: Turn) -> tuple[str, ...]:
    return await known_organisations(turn.work, await own_group(turn.work, turn.member))
