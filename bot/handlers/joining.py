"""Strangers, requests to join, and the welcome (F5)."""

from __future__ import annotations

from bot.delivery.addressees import addressee, whoever
from bot.delivery.couriers import Outgoing, Skip, ToMember
from bot.features import Feature, Turn
from bot.permission import EVERYBODY
from bot.teams.activities import Reply
from bot.teams.messages import card_activity
from cards.inputs import Inputs
from cards.joining import (
    AnswerJoin,
    AskToJoin,
    ChooseOrganisation,
    answer_card,
    chosen_card,
    request_card,
    stranger_card,
    welcome_card,
)
from cards.members import organisation_value
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.authority import Act
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.errors import Invalid
from lagesbild.ids import GroupId, MemberId
from lagesbild.people import Group, Member, MemberState
from lagesbild.ports import Work
from lagesbild.roster import Person
from lagesbild.rounds import MeetingState, RoundState
from lagesbild.usecases.finding import own_group, own_member, template_of
from lagesbild.usecases.members import (
    APPROVED,
    approve,
    ask_to_join,
    choose_organisation,
    decline,
    joinable_groups,
    known_organisations,
)

feature = Feature()


async def stranger(turn: Turn, line: str) -> Reply:
    """Somebody in no group: asked for the group in the personal chat, told the way in a channel."""
    if not turn.in_private:
        return Reply(text=turn.texts("join.stranger_channel"), replace=False)
    groups = await joinable_groups(turn.work, turn.event.who.tenant_id)
    return Reply(card=stranger_card(turn.texts, groups).to_dict(), replace=False)


feature.stranger = stranger


async def join_form(turn: Turn, payload: AskToJoin, inputs: Inputs) -> Reply:
    """The groups to choose from."""
    return await stranger(turn, "")


@feature.button(AskToJoin, EVERYBODY, form=join_form)
async def ask(turn: Turn, payload: AskToJoin, inputs: Inputs) -> Reply:
    """Ask the coordinator of the chosen group."""
    who = turn.event.who
    person = Person(who.user_id, who.name, who.aad_object_id, turn.texts.language)
    group_id = GroupId(inputs.text("group", max=64, required=True))
    # From a card that was forwarded to a channel, the conversation is everybody's there.
    chat = turn.event.where.conversation_id if turn.in_private else None
    member = await ask_to_join(turn.work, group_id, person, who.tenant_id, conversation_id=chat)
    group = await own_group(turn.work, member)
    text = "join.already" if member.state is MemberState.ACTIVE else "join.asked"
    return Reply(text=turn.texts(text, group=one_line(group.title)))


@feature.button(AnswerJoin, Act.MANAGE_MEMBERS, private="members.in_private")
async def answer(turn: Turn, payload: AnswerJoin, inputs: Inputs) -> Reply:
    """The coordinator's yes or no; a second answer changes nothing."""
    person = await own_member(turn.work, turn.member, MemberId(payload.member_id))
    name = one_line(person.name)
    if person.state is not MemberState.PENDING:
        return Reply(text=turn.texts("join.request_done", name=name))
    await (approve if payload.yes else decline)(turn.work, turn.member, person.id)
    return Reply(text=turn.texts("members.approved" if payload.yes else "members.declined", name=name))


async def organisation_form(turn: Turn, payload: ChooseOrganisation, inputs: Inputs) -> Reply:
    """The welcome, to choose again."""
    group = await own_group(turn.work, turn.member)
    known = await known_organisations(turn.work, group)
    card = welcome_card(turn.texts, group, turn.member, known, template_of(turn.work, group))
    return Reply(card=card.to_dict())


@feature.button(ChooseOrganisation, Act.SEE_OWN, private="error.in_private", form=organisation_form)
async def organisation(turn: Turn, payload: ChooseOrganisation, inputs: Inputs) -> Reply:
    """Which organisation one answers for; with the way straight to the report if a round is open."""
    group = await own_group(turn.work, turn.member)
    known = await known_organisations(turn.work, group)
    name = chosen_organisation(inputs, known)
    if not name:
        return Reply(text=turn.texts("join.required"), replace=False)
    member = await choose_organisation(turn.work, turn.member, name)
    return await _chosen(turn, group, member)


async def _chosen(turn: Turn, group: Group, member: Member) -> Reply:
    now = turn.work.clock.now()
    meetings = await turn.work.store.meetings.list_by_group(group.id, after=now, limit=5)
    ahead = next((m for m in meetings if m.state is MeetingState.PLANNED), None)
    rounds = await turn.work.store.rounds.list_by_group(group.id, 1)
    open_round = rounds[0].id if rounds and rounds[0].state is RoundState.OPEN else ""
    day = group.local_day(ahead.starts_at) if ahead else None
    return Reply(card=chosen_card(turn.texts, member, day, open_round).to_dict())


def chosen_organisation(inputs: Inputs, known: tuple[str, ...]) -> str:
    """The organisation typed, else the one chosen in the list; empty if neither. Invalid (`gone`) if the list has changed
    so that the choice is not in it any more."""
    typed = inputs.text("other_organisation", max=80)
    if typed:
        return typed
    chosen = inputs.text("organisation", max=64)
    names = {organisation_value(name): name for name in known}
    if chosen and chosen not in names:
        raise Invalid("organisation", "gone")
    return names.get(chosen, "")


@feature.delivers(DeliveryKind.WELCOME)
async def welcome(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """What the bot is and who takes part, to whoever has come in."""
    group, member = await addressee(work, delivery)
    organisations = await known_organisations(work, group)
    card = welcome_card(Texts(member.locale), group, member, organisations, template_of(work, group))
    return Outgoing(ToMember(group.home, member), card_activity(card))


@feature.delivers(DeliveryKind.JOIN_REQUEST)
async def request(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The request, to somebody who can answer it."""
    found = await addressee(work, delivery)
    person = await work.store.members.get(MemberId(delivery.subject))
    if person is None or person.state is not MemberState.PENDING:
        return Skip("answered")
    group, leader = found
    card = request_card(Texts(leader.locale), group, person)
    return Outgoing(ToMember(group.home, leader), card_activity(card))


@feature.delivers(DeliveryKind.JOIN_ANSWER)
async def answered(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """What was answered, also to somebody who was declined."""
    group, member = await addressee(work, delivery, still=whoever)
    card = answer_card(Texts(member.locale), group, yes=delivery.subject == APPROVED)
    return Outgoing(ToMember(group.home, member), card_activity(card))
