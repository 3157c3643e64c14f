"""`logg`: the coordinator sees who did what, page by page, and nobody else does (F2)."""

from __future__ import annotations

import json

from cards.log import ShowLog
from cards.report import SubmitReport
from lagesbild.usecases.audit import PAGE
from tests.bot.chat import Chat, button


def said(card: object) -> str:
    return json.dumps(card, ensure_ascii=False)


async def test_the_coordinator_reads_what_was_done(chat: Chat) -> None:
    await chat.presses(
        chat.mehmet, SubmitReport(chat.round.id).pack() | {"impact_1": "3", "comment_1": "Glas"}
    )
    await chat.says(chat.karin, "påminn")
    reply = await chat.says(chat.karin, "logg")
    assert "**Insamling 7** · ett svar skickades" in said(reply.card)
    assert chat.mehmet.name in said(reply.card)


async def test_older_entries_are_on_the_next_page(chat: Chat) -> None:
    for number in range(PAGE + 1):
        await chat.says(chat.mehmet, f"notera klotter vid skola nummer {number}")
    newest = (await chat.says(chat.karin, "logg")).card
    assert newest is not None
    assert said(newest).count("**En notering** · skrevs ner") == PAGE
    older = (await chat.presses(chat.karin, button(newest, "Äldre"))).card
    assert said(older).count("**En notering** · skrevs ner") == 1
    assert "klotter" not in said([newest, older])


async def test_nobody_else_sees_it(chat: Chat) -> None:
    for reply in (
        await chat.says(chat.mehmet, "logg"),
        await chat.presses(chat.mehmet, ShowLog(chat.group.id).pack()),
    ):
        assert "ett svar" not in said([reply.card, reply.text])
        assert "samordnare" in said([reply.card, reply.text])
    in_channel = await chat.says(chat.karin, "logg", in_channel=True)
    assert in_channel.card is None
    assert "bara i vår egen chatt" in str(in_channel.text)
