"""`hjälp`, misspelt commands, ordinary talk, and a suggestion's button: no dead ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.commands import Command, Unclear, understand
from bot.features import Feature, Turn, merged
from bot.permission import EVERYBODY, Rule
from bot.teams.activities import Reply
from cards.card import Card
from cards.help import CommandLine, did_you_mean_card, help_card, which_group_card
from cards.note import suggest_note_card
from lagesbild.authority import Act, is_for_leaders, may
from lagesbild.people import MemberState

TALK = 3
"""From how many words a line is taken for something that happened rather than a command gone wrong."""


def about(features: Sequence[Feature]) -> Feature:
    """`hjälp` about these features and itself: what a reader is shown is read off the rules of their commands."""
    feature = Feature(unclear=unclear)

    @feature.command(Command.HELP, EVERYBODY)
    async def show_help(turn: Turn, rest: str) -> Reply:
        """Every command that the reader can use; who is in no group is shown what is not for those who lead."""
        return Reply(card=help_card(turn.texts, _lines(turn, rules)).to_dict())

    rules = merged([*features, feature]).rules
    return feature


async def unclear(turn: Turn, line: str) -> Reply | None:
    """A near miss is offered as a button; a sentence in the personal chat as a note; the rest points to `hjälp`."""
    meant = understand(line)
    if isinstance(meant, Unclear) and meant.nearest is not None:
        word = _word(meant.nearest, turn)
        return Reply(card=did_you_mean_card(turn.texts, word, f"{word} {meant.rest}".strip()).to_dict())
    is_talk = len(line.split()) >= TALK and turn.in_private
    if is_talk and (suggestion := await _suggested_note(turn, line)):
        return Reply(card=suggestion.to_dict())
    return Reply(text=turn.texts("help.unclear"))


async def _suggested_note(turn: Turn, line: str) -> Card | None:
    """The offer to keep a sentence, in the group or in one of the groups where the person may note."""
    noting = [member for member in turn.memberships if may(member, Act.NOTE)]
    if len(noting) < 2:
        return suggest_note_card(turn.texts, noting[0].group_id, line) if noting else None
    found = [await turn.work.store.groups.get(member.group_id) for member in noting]
    groups = [group for group in found if group is not None]
    word, question = _word(Command.NOTE, turn), turn.texts("note.suggest")
    return which_group_card(turn.texts, word, line, groups, question=question)


def _lines(turn: Turn, rules: Mapping[object, Rule]) -> list[CommandLine]:
    acts = {command: rules[command].act for command in Command}
    return [
        CommandLine(_word(command, turn), _other(command, turn), command.name.lower(), is_for_leaders(act))
        for command, act in acts.items()
        if _can_use(turn, act)
    ]


def _can_use(turn: Turn, act: Act | None) -> bool:
    """In a team as a member of its group, in the own chat as one of any."""
    acting = (turn.actor,) if turn.event.where.team_id else turn.memberships
    members = [one for one in acting if one is not None and one.state is MemberState.ACTIVE]
    if act is None or not members:
        return not is_for_leaders(act)
    return any(may(member, act) for member in members)


def _word(command: Command, turn: Turn) -> str:
    return command.in_language(turn.texts.language)


def _other(command: Command, turn: Turn) -> str:
    return command.swedish if turn.texts.language == "en" else command.english
