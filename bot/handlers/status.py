"""`status`: who answered, who did not and why, and sending again to those that were not reached (B2, F4)."""

from __future__ import annotations

from bot.commands import Command
from bot.features import Feature, Turn
from bot.handlers.rounds import typed_number
from bot.teams.activities import Reply
from cards.inputs import Inputs
from cards.status import ResendUnreached, status_card, status_line
from lagesbild.authority import Act
from lagesbild.ids import RoundId
from lagesbild.usecases.status import resend, status

feature = Feature()


@feature.command(Command.STATUS, Act.SEE_STATUS)
async def show_status(turn: Turn, rest: str) -> Reply:
    """The whole status in the personal chat; where others read, the figures without names and reasons."""
    known = await status(turn.work, turn.member, typed_number(rest))
    if not turn.in_private:
        return Reply(text=status_line(turn.texts, known))
    return Reply(card=status_card(turn.texts, known).to_dict())


@feature.button(ResendUnreached, Act.RUN_ROUND)
async def resend_unreached(turn: Turn, payload: ResendUnreached, inputs: Inputs) -> Reply:
    """Once more, to just those; a second press finds nothing left to send."""
    round_id = RoundId(payload.round_id) if payload.round_id else None
    sent = await resend(turn.work, turn.member, round_id)
    if not sent:
        return Reply(text=turn.texts("status.resent_none"), replace=False)
    return Reply(text=turn.texts.plural("status.resent", len(sent)), replace=False)
