"""`öppna`, `stäng`, `påminn`: the coordinator's hand on the round (A4, F4)."""

from __future__ import annotations

from bot.commands import Command
from bot.features import Feature, Turn
from bot.teams.activities import Reply
from cards.rounds import closed_card, opened_card, reminded_card
from lagesbild.authority import Act
from lagesbild.usecases.finding import meeting_of, own_group
from lagesbild.usecases.rounds import close_round, open_round, remind_silent

feature = Feature()


@feature.command(Command.OPEN, Act.RUN_ROUND)
async def open_(turn: Turn, rest: str) -> Reply:
    """Open the next round now, or the numbered one again."""
    opened = await open_round(turn.work, turn.member, typed_number(rest))
    group = await own_group(turn.work, turn.member)
    return Reply(card=opened_card(turn.texts, group, opened, names=turn.in_private).to_dict())


@feature.command(Command.CLOSE, Act.RUN_ROUND)
async def close(turn: Turn, rest: str) -> Reply:
    """Close the round before its time."""
    round_ = await close_round(turn.work, turn.member, typed_number(rest))
    group = await own_group(turn.work, turn.member)
    meeting = await meeting_of(turn.work, round_)
    return Reply(card=closed_card(turn.texts, group, round_, meeting).to_dict())


@feature.command(Command.REMIND, Act.RUN_ROUND)
async def remind(turn: Turn, rest: str) -> Reply:
    """Remind the silent, at most once an hour each."""
    reminded = await remind_silent(turn.work, turn.member, typed_number(rest))
    group = await own_group(turn.work, turn.member)
    return Reply(card=reminded_card(turn.texts, group, reminded, names=turn.in_private).to_dict())


def typed_number(rest: str) -> int | None:
    """The round's number after a command; None if there is none."""
    words = rest.split()
    return int(words[0]) if words and words[0].isdecimal() and len(words[0]) < 7 else None
