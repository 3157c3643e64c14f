"""`notera …`: what happened, when it happened (A5)."""

from __future__ import annotations

from datetime import date

from bot.commands import Command
from bot.features import Feature, Turn
from bot.teams.activities import Reply
from cards.inputs import Inputs
from cards.note import CompleteNote, RemoveNote, SaveNote, note_card, stopped_note_card, suggest_note_card
from cards.safe import one_line
from lagesbild.answering import MAX_COMMENT, SecrecyFound, inspect
from lagesbild.authority import Act
from lagesbild.errors import NoRound
from lagesbild.ids import ObservationId
from lagesbild.reports import Answer
from lagesbild.rounds import RoundState
from lagesbild.templates import Area
from lagesbild.usecases.finding import own_group, pick_round, template_of
from lagesbild.usecases.notes import Noted, complete_note, note, remove_note, unfinished_note

feature = Feature()

_UNBOUNDED = 10**6


@feature.command(Command.NOTE, Act.NOTE)
async def take_note(turn: Turn, rest: str) -> Reply:
    """Store the line and ask for what it did not tell; alone, the command says how it is used."""
    if not rest:
        return Reply(text=turn.texts("note.how"))
    if not turn.in_private:
        # A note is its writer's own: what it became, and what the guard finds in it, is not shown to others.
        await note(turn.work, turn.member, rest)
        return Reply(text=turn.texts("note.kept_unseen"))
    return await _store(turn, rest)


async def words_form(turn: Turn, payload: SaveNote, inputs: Inputs) -> Reply:
    """The field for a note; with what the guard finds in it, where that was shown."""
    if not payload.accepted:
        return Reply(card=suggest_note_card(turn.texts, payload.group_id, "").to_dict())
    text = inputs.text("note", max=_UNBOUNDED)
    found = SecrecyFound(inspect([Answer(0, comment=text)]))
    group = await own_group(turn.work, turn.member)
    return Reply(card=stopped_note_card(turn.texts, group, text, found).to_dict())


@feature.button(SaveNote, Act.NOTE, private="error.in_private", form=words_form)
async def save_note(turn: Turn, payload: SaveNote, inputs: Inputs) -> Reply:
    """Store the text of the card's field."""
    text, reason = inputs.text("note", max=MAX_COMMENT), inputs.text("reason", max=300)
    return await _store(turn, text, frozenset(payload.accepted), reason)


async def questions_form(turn: Turn, payload: CompleteNote, inputs: Inputs) -> Reply:
    """What the note's words did not tell, asked for again."""
    return await _noted(turn, await unfinished_note(turn.work, turn.member, ObservationId(payload.note_id)))


@feature.button(CompleteNote, Act.NOTE, private="error.in_private", form=questions_form)
async def complete(turn: Turn, payload: CompleteNote, inputs: Inputs) -> Reply:
    """Fill in what was asked for."""
    area = inputs.choice("area", [area.value for area in Area])
    noted = await complete_note(
        turn.work,
        turn.member,
        ObservationId(payload.note_id),
        area=Area(area) if area else None,
        place=inputs.text("place", max=120) or None,
        seen_on=_day(inputs),
    )
    return await _noted(turn, noted)


@feature.button(RemoveNote, Act.NOTE, private="error.in_private")
async def remove(turn: Turn, payload: RemoveNote, inputs: Inputs) -> Reply:
    """Take it back."""
    removed = await remove_note(turn.work, turn.member, ObservationId(payload.note_id))
    return Reply(card=None, text=turn.texts("note.removed", text=one_line(removed.text)))


def _day(inputs: Inputs) -> date | None:
    return inputs.date("when")


async def _store(turn: Turn, text: str, accepted: frozenset[str] = frozenset(), reason: str = "") -> Reply:
    try:
        noted = await note(turn.work, turn.member, text, accepted=accepted, reason=reason)
    except SecrecyFound as found:
        group = await own_group(turn.work, turn.member)
        card = stopped_note_card(turn.texts, group, text, found, reason)
        return Reply(card=card.to_dict())
    return await _noted(turn, noted)


async def _noted(turn: Turn, noted: Noted) -> Reply:
    template = template_of(turn.work, noted.group)
    card = note_card(turn.texts, noted, template, open_round=await _open_round(turn))
    return Reply(card=card.to_dict())


async def _open_round(turn: Turn) -> str:
    try:
        round_ = await pick_round(turn.work, turn.member.group_id)
    except NoRound:
        return ""
    return round_.id if round_.state is RoundState.OPEN else ""
