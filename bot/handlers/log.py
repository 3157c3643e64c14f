"""`logg`: who did what, for whoever leads the group (F2)."""

from __future__ import annotations

from bot.commands import Command
from bot.features import Feature, Turn
from bot.teams.activities import Reply
from cards.inputs import Inputs
from cards.log import ShowLog, log_card
from lagesbild.authority import Act
from lagesbild.usecases.audit import audit_page

feature = Feature()


@feature.command(Command.AUDIT, Act.SEE_AUDIT, private="log.in_private")
async def show_log(turn: Turn, rest: str) -> Reply:
    """The newest entries."""
    return Reply(card=log_card(turn.texts, await audit_page(turn.work, turn.member)).to_dict())


@feature.button(ShowLog, Act.SEE_AUDIT, private="log.in_private")
async def turn_page(turn: Turn, payload: ShowLog, inputs: Inputs) -> Reply:
    """Another page in the place of this one."""
    page = await audit_page(turn.work, turn.member, payload.page)
    return Reply(card=log_card(turn.texts, page).to_dict())
