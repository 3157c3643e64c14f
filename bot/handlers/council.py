"""`brå`: the council's table, where the council meets the bot, and its direction (C1, C2, C7)."""

from __future__ import annotations

from bot.commands import Command
from bot.features import Feature, Turn
from bot.handlers.analyses import analysis_reply
from bot.handlers.deciding import conversation_of, meets_here
from bot.handlers.measures import measure_reply
from bot.teams.activities import Reply
from cards.council import PickTabled, overview_card
from cards.council_seats import AskForSeats, MeetHere, SaveSeats, offer_card, seated_card, seats_card
from cards.direction import AskForDirection, SaveDirection, directed_card, direction_card
from cards.inputs import Inputs
from cards.referral import referral_card
from lagesbild.authority import Act, may
from lagesbild.errors import Invalid
from lagesbild.ids import AnalysisId, MeasureId, MemberId, ReferralId
from lagesbild.measures import Priority
from lagesbild.people import Group, GroupState, MemberState
from lagesbild.referrals import Council, CouncilConversation, CouncilKind
from lagesbild.usecases.council import LONGEST_WAIT, council_overview, set_up_council
from lagesbild.usecases.deciding import referral_sheet
from lagesbild.usecases.directing import current_direction, decide_direction, quarter, typed_lines
from lagesbild.usecases.finding import group_at_home, own_group
from lagesbild.usecases.seating import seats_of

feature = Feature()

_MOST_GROUPS = 4


@feature.command(Command.COUNCIL, Act.SEE_DIRECTION)
async def council(turn: Turn, rest: str) -> Reply:
    """The table, where the council meets or in the own chat; elsewhere the offer to meet there. For who neither
    leads nor decides: what the council wants right now (C7)."""
    if not turn.in_private and not await meets_here(turn):
        return await _offer(turn)
    if not may(turn.member, Act.SEE_COUNCIL):
        group = await own_group(turn.work, turn.member)
        direction = await current_direction(turn.work, group)
        return Reply(card=directed_card(turn.texts, group, direction).to_dict())
    overview = await council_overview(turn.work, turn.member)
    leads = turn.member.leads and turn.in_private
    others = await _others(turn)
    return Reply(card=overview_card(turn.texts, overview, leads=leads, others=others).to_dict())


@feature.button(PickTabled, Act.SEE_COUNCIL)
async def pick(turn: Turn, payload: PickTabled, inputs: Inputs) -> Reply:
    """Open what was chosen."""
    what, _, key = inputs.text("tabled", max=80).partition(":")
    if what == "measure":
        return await measure_reply(turn, MeasureId(key))
    if what == "analysis":
        return await analysis_reply(turn, AnalysisId(key))
    if what == "referral":
        sheet = await referral_sheet(turn.work, turn.member, ReferralId(key))
        return Reply(card=referral_card(turn.texts, sheet).to_dict(), replace=False)
    return Reply(text=turn.texts("measure.nothing_chosen"), replace=False)


@feature.button(AskForSeats, Act.SET_UP_COUNCIL)
async def ask_for_seats(turn: Turn, payload: AskForSeats | SaveSeats, inputs: Inputs) -> Reply:
    """The form that says who sits in the council."""
    group = await own_group(turn.work, turn.member)
    members = await turn.work.store.members.list_by_group(group.id)
    known = await turn.work.store.councils.get(group.id)
    return Reply(card=seats_card(turn.texts, group, known, members).to_dict(), replace=False)


@feature.button(SaveSeats, Act.SET_UP_COUNCIL, form=ask_for_seats)
async def save_seats(turn: Turn, payload: SaveSeats, inputs: Inputs) -> Reply:
    """The chosen members are the council."""
    members = await turn.work.store.members.list_by_group(turn.member.group_id)
    chosen = inputs.choices("council_members", [member.id for member in members])
    return await _seated(turn, inputs, None, [MemberId(one) for one in chosen])


async def offer_form(turn: Turn, payload: MeetHere, inputs: Inputs) -> Reply:
    """The offer to meet here, to be filled in again."""
    return await _offer(turn)


@feature.button(MeetHere, Act.SET_UP_COUNCIL, form=offer_form)
async def meet_here(turn: Turn, payload: MeetHere, inputs: Inputs) -> Reply:
    """Everybody in this conversation answers for the council."""
    where = turn.event.where
    if turn.in_private:
        raise Invalid("council_conversation", "personal")
    here = CouncilConversation(where.service_url, where.bot_id, conversation_of(where), where.team_name or "")
    return await _seated(turn, inputs, here, [])


@feature.button(AskForDirection, Act.DECIDE)
async def ask_for_direction(turn: Turn, payload: AskForDirection | SaveDirection, inputs: Inputs) -> Reply:
    """The form for a direction, for the quarter to plan for."""
    group = await own_group(turn.work, turn.member)
    today = group.local_day(turn.work.clock.now())
    known = await current_direction(turn.work, group, today)
    card = direction_card(turn.texts, group, quarter(today), known)
    return Reply(card=card.to_dict(), replace=False)


@feature.button(SaveDirection, Act.DECIDE, form=ask_for_direction)
async def save_direction(turn: Turn, payload: SaveDirection, inputs: Inputs) -> Reply:
    """Decide it."""
    first, last = inputs.date("direction_first"), inputs.date("direction_last")
    if first is None or last is None:
        raise Invalid("direction_first" if first is None else "direction_last", "missing")
    direction = await decide_direction(
        turn.work,
        turn.member,
        first,
        last,
        priorities=[Priority(line) for line in typed_lines(inputs.text("direction_priorities", max=2000))],
        not_pursued=typed_lines(inputs.text("direction_not_pursued", max=2000)),
        responsible=inputs.text("direction_responsible", max=120),
    )
    group = await own_group(turn.work, turn.member)
    return Reply(card=directed_card(turn.texts, group, direction, saved=True).to_dict())


async def _others(turn: Turn) -> list[Group]:
    """The person's other groups with a council's table: in a conversation, those whose council meets there."""
    met = await turn.work.store.councils.list_by_conversation(conversation_of(turn.event.where))
    here = None if turn.in_private else {one.group_id for one in met}
    found = []
    for member in turn.memberships:
        if member.group_id == turn.member.group_id or not may(member, Act.SEE_COUNCIL):
            continue
        group = await turn.work.store.groups.get(member.group_id)
        if group is not None and group.state is GroupState.ACTIVE and (here is None or group.id in here):
            found.append(group)
    return found


async def _offer(turn: Turn) -> Reply:
    """Whoever leads a group can let its council meet in this conversation; others are told where to write."""
    groups: list[Group] = []
    for member in turn.memberships:
        if member.leads and member.state is MemberState.ACTIVE:
            group = await turn.work.store.groups.get(member.group_id)
            if group is not None and group.state is GroupState.ACTIVE:
                groups.append(group)
    if not groups:
        return Reply(text=turn.texts("council.in_private"))
    where = turn.event.where
    if await group_at_home(turn.work, turn.event.who.tenant_id, where.channel_id, conversation_of(where)):
        return Reply(text=turn.texts("council.not_here"))
    known = await turn.work.store.councils.get(groups[0].id)
    return Reply(card=offer_card(turn.texts, groups[:_MOST_GROUPS], known).to_dict())


async def _seated(
    turn: Turn, inputs: Inputs, here: CouncilConversation | None, members: list[MemberId]
) -> Reply:
    kind = inputs.choice("council_kind", [kind.value for kind in CouncilKind])
    days = inputs.integer("council_days", min=1, max=LONGEST_WAIT)
    if days is None:
        raise Invalid("council_days", "missing")
    known: Council = await set_up_council(
        turn.work,
        turn.member,
        CouncilKind(kind or CouncilKind.OFFICIALS.value),
        here,
        member_ids=members,
        answer_days=days,
    )
    group = await own_group(turn.work, turn.member)
    seats = await seats_of(turn.work, group)
    return Reply(card=seated_card(turn.texts, group, known, seats.members).to_dict())
