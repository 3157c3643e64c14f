"""Reading who was chosen to answer for something."""

from __future__ import annotations

from bot.features import Turn
from cards.inputs import Inputs
from cards.owners import OwnerIds
from lagesbild.assessments import LONGEST_OWNER, Owner
from lagesbild.usecases.finding import owner_from


async def chosen_owner(turn: Turn, inputs: Inputs, ids: OwnerIds) -> Owner | None:
    """The name that was typed, else the member that was chosen; the inputs that `owner_fields` made."""
    other = inputs.text(ids.name, max=LONGEST_OWNER)
    chosen = "" if other else inputs.text(ids.member, max=64)
    return await owner_from(turn.work, turn.member, chosen, other)
