"""`frånvaro`: saying when one is away (A7)."""

from __future__ import annotations

from bot.commands import Command
from bot.features import Feature, Turn
from bot.teams.activities import Reply
from cards.away import EndAbsence, SetAbsence, absent_card, away_card
from cards.inputs import Inputs
from lagesbild.authority import Act
from lagesbild.ids import MemberId
from lagesbild.people import Member
from lagesbild.usecases.absences import absences_ahead, end_absences, set_absence
from lagesbild.usecases.finding import own_group, own_member

feature = Feature()


@feature.command(Command.AWAY, Act.BE_AWAY, private="away.in_private")
async def away(turn: Turn, rest: str) -> Reply:
    """Ask for the days, and show what is stored."""
    group = await own_group(turn.work, turn.member)
    today = group.local_day(turn.work.clock.now())
    absences = await absences_ahead(turn.work, turn.member, today)
    return Reply(card=away_card(turn.texts, turn.member, absences, today).to_dict())


async def days_form(turn: Turn, payload: SetAbsence, inputs: Inputs) -> Reply:
    """The form for the days, the own or somebody else's."""
    other = await _other(turn, payload.for_member)
    today = (await own_group(turn.work, turn.member)).local_day(turn.work.clock.now())
    member = other or turn.member
    absences = [one for one in await turn.work.store.absences.list_by_member(member.id) if one.last >= today]
    card = away_card(turn.texts, member, absences, today, for_other=other is not None)
    return Reply(card=card.to_dict())


@feature.button(SetAbsence, Act.BE_AWAY, private="away.in_private", form=days_form)
async def save(turn: Turn, payload: SetAbsence, inputs: Inputs) -> Reply:
    """Store the days."""
    first, last = inputs.date("first", required=True), inputs.date("last", required=True)
    other = await _other(turn, payload.for_member)
    absence = await set_absence(turn.work, turn.member, first, last, member_id=other.id if other else None)
    return Reply(card=absent_card(turn.texts, absence, for_other=other).to_dict())


@feature.button(EndAbsence, Act.BE_AWAY, private="away.in_private")
async def end(turn: Turn, payload: EndAbsence, inputs: Inputs) -> Reply:
    """Back again."""
    group = await own_group(turn.work, turn.member)
    today = group.local_day(turn.work.clock.now())
    other = await _other(turn, payload.for_member)
    await end_absences(turn.work, turn.member, today, member_id=other.id if other else None)
    return Reply(text=turn.texts("away.ended"))


async def _other(turn: Turn, member_id: str) -> Member | None:
    if not member_id or member_id == turn.member.id:
        return None
    return await own_member(turn.work, turn.member, MemberId(member_id))
