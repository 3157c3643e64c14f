"""`hjälp`, misspelt commands, ordinary talk, and a suggestion's button: no dead ends."""

from __future__ import annotations

from bot.commands import Command, Typed, Unclear, understand
from bot.routing import Feature, Turn
from bot.teams.activities import Reply
from cards.help import CommandLine, did_you_mean_card, help_card
from cards.note import suggest_note_card
from lagesbild.authority import Act, may

feature = Feature()

LEADING = frozenset(
    {
        Command.STATUS,
        Command.REMIND,
        Command.OPEN,
        Command.CLOSE,
        Command.COMPILE,
        Command.MEMBERS,
        Command.SETTINGS,
    }
)
TALK = 3
"""From how many words a line is taken for something that happened rather than a command gone wrong."""


@feature.command(Command.HELP, strangers=True)
async def show_help(turn: Turn, rest: str) -> Reply:
    """Every command that the reader can use."""
    leads = turn.actor is not None and turn.actor.leads
    return Reply(card=help_card(turn.texts, _lines(turn), leads=leads).to_dict())


async def unclear(turn: Turn, line: str) -> Reply | None:
    """A near miss is offered as a button; a sentence in the personal chat as a note; the rest points to `hjälp`."""
    meant = understand(line)
    if isinstance(meant, Unclear) and meant.nearest is not None:
        word = _word(meant.nearest, turn)
        return Reply(card=did_you_mean_card(turn.texts, word, f"{word} {meant.rest}".strip()).to_dict())
    if isinstance(meant, Typed) or turn.in_channel:
        return Reply(text=turn.texts("help.soon" if isinstance(meant, Typed) else "help.unclear"))
    if turn.actor is not None and may(turn.actor, Act.NOTE) and len(line.split()) >= TALK:
        return Reply(card=suggest_note_card(turn.texts, turn.actor.group_id, line).to_dict())
    return Reply(text=turn.texts("help.unclear"))


feature.unclear = unclear


def _lines(turn: Turn) -> list[CommandLine]:
    return [
        CommandLine(_word(command, turn), _other(command, turn), command.name.lower(), command in LEADING)
        for command in Command
    ]


def _word(command: Command, turn: Turn) -> str:
    return command.english if turn.texts.language == "en" else command.swedish


def _other(command: Command, turn: Turn) -> str:
    return command.swedish if turn.texts.language == "en" else command.english
