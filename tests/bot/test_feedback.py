"""Answering "does it show?", having fewer, and what the prompt and the status tell, through the router (C5–C7, D4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.app import FEATURES
from bot.routing import Router
from cards.feedback import feedback_card
from cards.follow_up import AnswerFollowUp, follow_up_card
from cards.texts import Texts
from lagesbild.feedback import FollowUp, Shows
from lagesbild.ids import RoundId
from lagesbild.people import Member
from lagesbild.referrals import ReferralState
from lagesbild.rounds import RoundState
from lagesbild.usecases.feeding_back import feedback_of
from lagesbild.usecases.following_up import asked_of
from storage.engine import create_engine
from storage.migrate import migrate
from storage.unit_of_work import Storage
from tests.bot.chat import Chat, button, nothing_fetched, words
from tests.cards.checks import check_card
from tests.chain import (
    ASKED,
    ASSESSMENT,
    DECIDED,
    DECISION,
    DIRECTION,
    DONE,
    KARIN,
    LENA,
    MARKERS,
    MEHMET,
    OMAR,
    PROMISE,
    REFERRAL,
    TITLE,
    another_round,
    begun,
    referral_now,
)
from tests.samples import NOW, a_group, a_meeting
from tests.usecases.world import World


@pytest.fixture
async def chat(sqlite_url: str) -> AsyncIterator[Chat]:
    """Lena has reported and been asked; a new round is open."""
    await migrate(sqlite_url)
    engine = create_engine(sqlite_url)
    meeting, round_ = another_round(8, 14, state=RoundState.OPEN, closed_at=None)
    try:
        world = World(Storage(engine), NOW)
        await begun(world, DECIDED, ASSESSMENT, DECISION, DONE, ASKED, PROMISE, DIRECTION)
        await world.has(meeting, round_)
        router = Router(world.work, nothing_fetched, FEATURES)
        yield Chat(world, router, a_group(), a_meeting(), round_, KARIN, MEHMET)
    finally:
        await engine.dispose()


async def question(chat: Chat) -> dict[str, Any]:
    asked = await chat.world.do(asked_of, LENA, DONE.id, 1)
    return follow_up_card(Texts("sv", NOW.date()), asked).to_dict()


async def stored(chat: Chat) -> FollowUp:
    async with chat.world.work() as work:
        found = await work.store.follow_ups.get(DONE.id, LENA.id, 1)
    assert found is not None
    return found


async def pressed(chat: Chat, card: dict[str, Any] | None, title: str, **typed: str) -> Any:
    assert card is not None
    check_card(card)
    return await chat.presses(LENA, {**button(card, title), **typed})


async def test_a_no_is_one_tap_and_goes_to_the_agenda(chat: Chat) -> None:
    reply = await pressed(chat, await question(chat), "Nej", shows_comment="Två är mörka")
    assert "Gruppen tar upp det på nästa möte." in words(reply)
    assert (await stored(chat)).comment == "Två är mörka"
    assert (await referral_now(chat.world)).state is ReferralState.ON_AGENDA


async def test_a_yes_can_be_changed_and_one_can_ask_to_be_asked_again(chat: Chat) -> None:
    yes = await pressed(chat, await question(chat), "Ja")
    again = await pressed(chat, yes.card, "Fråga mig igen om några veckor")
    assert "Jag frågar dig igen om 5 veckor." in words(again)
    back = await pressed(chat, again.card, "Ändra")
    partly = await pressed(chat, back.card, "Delvis")
    assert "Ditt svar: Delvis" in words(partly)
    assert (await stored(chat)).again
    not_again = await pressed(chat, partly.card, "Fråga mig inte igen")
    assert "Jag frågar dig igen" not in words(not_again)


async def test_an_old_card_cannot_take_back_what_led_on_but_can_add_words(chat: Chat) -> None:
    old = await question(chat)
    no = await pressed(chat, old, "Nej")
    refused = await pressed(chat, old, "Ja")
    assert "Gruppen tar redan upp ditt svar." in words(refused)
    assert not refused.replace
    more = await pressed(chat, no.card, "Skriv mer")
    await pressed(chat, more.card, "Nej", shows_comment="Vid cykelstället")
    assert ((await stored(chat)).shows, (await stored(chat)).comment) == (Shows.NO, "Vid cykelstället")


async def test_words_that_point_somebody_out_are_refused_and_come_back(chat: Chat) -> None:
    reply = await pressed(chat, await question(chat), "Nej", shows_comment="Fråga 19121212-1212")
    assert "kan peka ut en person (19121212-1212)" in words(reply)
    assert "Fråga 19121212-1212" in words(reply)
    assert (await stored(chat)).shows is None


async def test_only_the_one_who_was_asked_can_answer(chat: Chat) -> None:
    payload = AnswerFollowUp("g1", DONE.id, 1, Shows.NO)
    for other in (MEHMET, OMAR, KARIN):
        assert "finns inte längre" in words(await chat.presses(other, payload.pack()))
    assert (await referral_now(chat.world)).state is ReferralState.DECIDED


async def test_fewer_is_one_tap_in_the_card_and_can_be_undone_in_my_data(chat: Chat) -> None:
    feedback = await chat.world.do(feedback_of, a_group(), LENA, REFERRAL)
    reply = await pressed(chat, feedback_card(Texts("sv", NOW.date()), feedback).to_dict(), "Färre sådana")
    assert "Nu får du bara ett kort" in words(reply)
    assert not reply.replace
    assert (await chat.world.member("lena")).fewer

    mine = await chat.says(LENA, "mina uppgifter")
    assert "Du får bara ett kort när" in words(mine)
    back = await pressed(chat, mine.card, "All återkoppling")
    assert "efter varje möte" in words(back)
    assert not (await chat.world.member("lena")).fewer
    await pressed(chat, back.card, "Mindre återkoppling")
    assert (await chat.world.member("lena")).fewer


async def prompt(chat: Chat, member: Member) -> str:
    reply = await chat.says(member, "rapportera")
    assert reply.card is not None
    check_card(reply.card)
    return words(reply)


async def test_the_card_that_asks_tells_what_is_going_on(chat: Chat) -> None:
    told = await prompt(chat, LENA)
    assert f"{TITLE} – klart 7 april" in told
    assert "Enstaka fimpar på skolgården" in told
    assert PROMISE.title in told
    assert TITLE not in await prompt(chat, OMAR)


async def test_the_card_that_asks_holds_no_word_of_anybody_else(chat: Chat) -> None:
    for member in (LENA, MEHMET, OMAR, KARIN):
        told = await prompt(chat, member)
        assert not [word for whose, word in MARKERS.items() if whose != member.id and word in told]


async def test_for_somebody_else_the_card_says_nothing_of_what_is_going_on(chat: Chat) -> None:
    async with chat.world.work() as work:
        round_ = await work.store.rounds.get(RoundId("round-8"))
    assert round_ is not None
    data = {"verb": "report.open", "lb": {"round_id": round_.id, "for_member": "rut"}}
    assert "på gång" not in words(await chat.presses(KARIN, data))


async def test_the_status_tells_how_the_chain_fares(chat: Chat) -> None:
    reply = await chat.says(KARIN, "status")
    assert reply.card is not None
    check_card(reply.card)
    assert "Inget av 5 svar har fått återkoppling än." in words(reply)
    assert "0 av 6 medlemmar har öppnat löftena." in words(reply)
    channel = words(await chat.says(KARIN, "status", in_channel=True))
    assert "Återkopplingen" not in channel


@pytest.mark.parametrize(("typed", "kept"), [("3", 3), ("26 veckor", 26), ("1", 1)])
async def test_the_group_sets_the_weeks_until_it_is_asked_whether_it_shows(
    chat: Chat, typed: str, kept: int
) -> None:
    card = (await chat.says(KARIN, "inställningar")).card
    assert card is not None
    await chat.presses(KARIN, {**button(card, "Spara"), **_filled(card), "follow_up_weeks": typed})
    async with chat.world.work() as work:
        group = await work.store.groups.get(a_group().id)
    assert group is not None
    assert group.follow_up_weeks == kept


@pytest.mark.parametrize("typed", ["0", "27", "-1", "många", "", "³", "1000000"])
async def test_other_numbers_of_weeks_are_refused_with_the_form_as_it_was(chat: Chat, typed: str) -> None:
    card = (await chat.says(KARIN, "inställningar")).card
    assert card is not None
    back = await chat.presses(
        KARIN, {**button(card, "Spara"), **_filled(card), "follow_up_weeks": typed, "name": "Nytt namn"}
    )
    assert "Skriv ett antal veckor mellan 1 och 26." in words(back)
    assert "Nytt namn" in words(back)


def _filled(part: Any) -> dict[str, str]:
    """What stands in a card's inputs."""
    if isinstance(part, list):
        return {key: value for item in part for key, value in _filled(item).items()}
    if not isinstance(part, dict):
        return {}
    if str(part.get("type", "")).startswith("Input."):
        return {part["id"]: part.get("value", "")}
    return {key: value for item in part.values() for key, value in _filled(item).items()}


async def test_a_member_of_another_group_gets_no_answer(chat: Chat) -> None:
    stranger = replace(LENA, user_id="29:stranger")
    payload = AnswerFollowUp("g1", DONE.id, 1, Shows.NO)
    await chat.presses(stranger, payload.pack())
    assert (await stored(chat)).shows is None
