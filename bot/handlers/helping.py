"""`hjälp`, misspelt commands, ordinary talk, and a suggestion's button: no dead ends."""

from __future__ import annotations

from bot.commands import Command, Typed, Unclear, understand
from bot.permission import EVERYBODY
from bot.routing import Feature, Turn
from bot.teams.activities import Reply
from cards.card import Card
from cards.help import CommandLine, did_you_mean_card, help_card, which_group_card
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
        Command.ASSESS,
        Command.MEMBERS,
        Command.SETTINGS,
        Command.AUDIT,
    }
)
TALK = 3
"""From how many words a line is taken for something that happened rather than a command gone wrong."""


@feature.command(Command.HELP, EVERYBODY)
async def show_help(turn: Turn, rest: str) -> Reply:
    """Every command that the reader can use."""
    acting = (turn.actor,) if turn.event.where.team_id else turn.memberships
    leads = any(member is not None and member.leads for member in acting)
    return Reply(card=help_card(turn.texts, _lines(turn), leads=leads).to_dict())


async def unclear(turn: Turn, line: str) -> Reply | None:
    """A near miss is offered as a button; a sentence in the personal chat as a note; the rest points to `hjälp`."""
    meant = understand(line)
    if isinstance(meant, Unclear) and meant.nearest is not None:
        word = _word(meant.nearest, turn)
        return Reply(card=did_you_mean_card(turn.texts, word, f"{word} {meant.rest}".strip()).to_dict())
    if isinstance(meant, Typed) or not turn.in_private:
        return Reply(text=turn.texts("help.soon" if isinstance(meant, Typed) else "help.unclear"))
    if len(line.split()) >= TALK and (suggestion := await _suggested_note(turn, line)):
        return Reply(card=suggestion.to_dict())
    return Reply(text=turn.texts("help.unclear"))


feature.unclear = unclear


async def _suggested_note(turn: Turn, line: str) -> Card | None:
    """The offer to keep a sentence, in the group or in one of the groups where the person may note."""
    noting = [member for member in turn.memberships if may(member, Act.NOTE)]
    if len(noting) < 2:
        return suggest_note_card(turn.texts, noting[0].group_id, line) if noting else None
    found = [await turn.work.store.groups.get(member.group_id) for member in noting]
    groups = [group for group in found if group is not None]
    word, question = _word(Command.NOTE, turn), turn.texts("note.suggest")
    return which_group_card(turn.texts, word, line, groups, question=question)


def _lines(turn: Turn) -> list[CommandLine]:
    return [
        CommandLine(_word(command, turn), _other(command, turn), command.name.lower(), command in LEADING)
        for command in Command
    ]


def _word(command: Command, turn: Turn) -> str:
    return command.in_language(turn.texts.language)


def _other(command: Command, turn: Turn) -> str:
    return command.swedish if turn.texts.language == "en" else command.english
