"""Whatever comes in gets a helpful answer or is rightly ignored, and only those who may, do (F1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.app import FEATURES
from bot.commands import Command
from bot.delivery.couriers import Skip
from bot.features import Feature, every_courier
from bot.teams.activities import Identity, Ignored, Place
from cards.actions import verbs
from cards.help import RunCommand
from lagesbild.deliveries import DeliveryKind
from lagesbild.ports import Work
from storage import Undone
from tests.bot.chat import TENANT, Chat, button, words
from tests.cards.checks import check_card
from tests.samples import a_member


def test_every_button_has_a_handler() -> None:
    handled = {payload.verb for feature in FEATURES for payload in feature.buttons}
    assert set(verbs()) - handled - {RunCommand.verb} - {v for v in verbs() if v.startswith("test")} == set()


async def _nothing(*_: Any) -> Skip:
    return Skip("nothing")


def test_every_kind_of_delivery_has_a_courier_and_no_more_than_one() -> None:
    assert set(every_courier(FEATURES)) == set(DeliveryKind)
    with pytest.raises(ValueError, match=r"no courier.*'welcome'"):
        every_courier([feature for feature in FEATURES if DeliveryKind.WELCOME not in feature.deliveries])
    another = Feature()
    another.delivers(DeliveryKind.WELCOME)(_nothing)
    with pytest.raises(ValueError, match=r"two .*'welcome'"):
        every_courier([*FEATURES, another])
    with pytest.raises(ValueError, match=r"two .*'welcome'"):
        another.delivers(DeliveryKind.PROMPT, DeliveryKind.WELCOME)(_nothing)


@pytest.mark.parametrize("command", list(Command))
async def test_every_command_is_answered_in_both_languages(chat: Chat, command: Command) -> None:
    for word in (command.swedish, command.english):
        reply = await chat.says(chat.karin, word.upper())
        assert reply.card or reply.text
        if reply.card:
            check_card(reply.card)


async def test_a_misspelt_command_is_offered_and_one_tap_runs_it(chat: Chat) -> None:
    offered = await chat.says(chat.karin, "samanställ")
    assert offered.card is not None
    assert "Menade du **sammanställ**?" in words(offered)
    run = await chat.presses(chat.karin, button(offered.card, "Ja, sammanställ"))
    assert "Lägesbild" in words(run)


async def test_an_ordinary_sentence_is_offered_as_a_note(chat: Chat) -> None:
    assert "krossat glas vid stationen" in words(await chat.says(chat.mehmet, "krossat glas vid stationen"))


@pytest.mark.parametrize("line", ["inställningar", "status", "öppna", "stäng", "påminn", "sammanställ"])
async def test_a_reporter_is_told_who_may(chat: Chat, line: str) -> None:
    assert "samordnaren och ersättaren" in words(await chat.says(chat.mehmet, line))


async def test_a_turn_that_could_not_be_committed_with_others_is_repeated_alone(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    @asynccontextmanager
    async def undone(*, shared: bool = False) -> AsyncIterator[Work]:
        tried.append(shared)
        async with chat.world.work() as work:
            yield work
            if shared:
                raise Undone

    monkeypatch.setattr(chat.router, "_open_work", undone)
    await chat.says(chat.mehmet, "notera krossat glas vid stationen")
    assert tried == [True, False]
    async with chat.world.work() as work:
        assert len(await work.store.observations.list_unreported(chat.mehmet.id)) == 1


async def test_a_stranger_is_helped_to_join_and_sees_nothing_else(chat: Chat) -> None:
    stranger = a_member("Okänd", id="stranger")
    for line in ("status", "rapportera", "medlemmar"):
        reply = await chat.says(stranger, line)
        assert "EST-gruppen Fagersta" in words(reply)
        assert "Mehmet" not in words(reply)


async def test_a_button_of_a_round_that_is_not_ours_is_refused(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    forged = button(card, "Inget att rapportera")
    forged["lb"] = {**forged["lb"], "round_id": "another"}
    assert "inte med i någon grupp" in words(await chat.presses(chat.mehmet, forged))


async def test_an_old_or_unknown_button_says_what_to_do(chat: Chat) -> None:
    for data in ({"verb": "gone.long.ago"}, {}, {"verb": "report.submit", "lb": {"round_id": 7}}):
        reply = await chat.presses(chat.mehmet, data)
        assert ("rapportera" in words(reply), reply.outcome) == (True, "refused")


async def test_edits_and_reactions_are_left_alone(chat: Chat) -> None:
    who = Identity("29:mehmet", None, "Mehmet", TENANT)
    where = Place("a:chat", "personal", "http://localhost:9/", TENANT, "28:bot")
    assert await chat.router(Ignored(who, where, "a1", "messageReaction")) is None
