"""`hjälp` shows each reader what the reader can write, and nothing that would be refused (F1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app import FEATURES
from bot.commands import Command
from bot.features import merged
from lagesbild.authority import may
from lagesbild.people import MemberState, Role
from tests.bot.chat import Chat, words
from tests.cards.checks import check_card
from tests.samples import a_member

RULES = merged(FEATURES).rules
FOR_WHO_LEADS = "För samordnare och ersättare"


def _shown(help_text: str) -> set[Command]:
    return {command for command in Command if f"**{command.swedish}** –" in help_text}


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_is_shown_what_the_router_lets_them_run(chat: Chat, role: Role) -> None:
    reader = a_member("Rut Äng", "NVK", role, id="rut")
    await chat.world.has(reader)
    said = words(await chat.says(reader, "hjälp"))
    acts = {command: RULES[command].act for command in Command}
    assert _shown(said) == {command for command, act in acts.items() if act is None or may(reader, act)}
    assert (FOR_WHO_LEADS in said) == reader.leads


async def test_a_reporter_is_shown_who_takes_part_and_no_command_of_who_leads(chat: Chat) -> None:
    shown = _shown(words(await chat.says(chat.mehmet, "hjälp")))
    assert Command.MEMBERS in shown
    assert Command.STATUS not in shown


async def test_who_is_in_no_group_yet_is_shown_what_members_can_write(chat: Chat) -> None:
    reporters = _shown(words(await chat.says(chat.mehmet, "hjälp")))
    stranger = a_member("Sven Alm", None, id="sven")
    waiting = replace(stranger, id=a_member().id, user_id="29:waiting", state=MemberState.PENDING)
    await chat.world.has(waiting)
    for reader in (stranger, waiting):
        assert _shown(words(await chat.says(reader, "hjälp"))) == reporters


@pytest.mark.parametrize("question", ["när är nästa möte?", "hur öppnar jag en ny insamling?"])
async def test_a_question_is_pointed_to_the_help_as_well_as_offered_as_a_note(
    chat: Chat, question: str
) -> None:
    reply = await chat.says(chat.mehmet, question)
    assert "Vill du spara det här som en notering?" in words(reply)
    assert "Skriv **hjälp** så visar jag vad jag kan" in words(reply)
    assert reply.card is not None
    check_card(reply.card)
