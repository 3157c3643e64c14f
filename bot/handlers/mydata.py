"""`mina uppgifter`: what is stored about the reader, and fewer messages (A7, F3)."""

from __future__ import annotations

from bot.commands import Command
from bot.features import Feature, Turn
from bot.teams.activities import Reply
from cards.inputs import Inputs
from cards.mydata import OwnData, SetPreference, my_data_card
from lagesbild.authority import Act
from lagesbild.people import Member
from lagesbild.usecases.absences import absences_ahead
from lagesbild.usecases.finding import own_group
from lagesbild.usecases.members import set_preferences

feature = Feature()


@feature.command(Command.MY_DATA, Act.SEE_OWN, private="mydata.in_private")
async def my_data(turn: Turn, rest: str) -> Reply:
    """Show it."""
    return await own_data(turn, turn.member)


@feature.button(SetPreference, Act.SEE_OWN, private="mydata.in_private")
async def prefer(turn: Turn, payload: SetPreference, inputs: Inputs) -> Reply:
    """Turn prompts or reminders on or off."""
    member = await set_preferences(
        turn.work, turn.member, prompted=payload.prompted, reminded=payload.reminded
    )
    return await own_data(turn, member)


async def own_data(turn: Turn, member: Member) -> Reply:
    """The card as it is after a change."""
    store = turn.work.store
    group = await own_group(turn.work, member)
    today = group.local_day(turn.work.clock.now())
    own = OwnData(
        member=member,
        group=group,
        reports=await store.reports.list_by_member(member.id),
        notes=await store.observations.list_unreported(member.id),
        absences=await absences_ahead(turn.work, member, today),
    )
    return Reply(card=my_data_card(turn.texts, own).to_dict())
