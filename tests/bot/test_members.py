"""`medlemmar`, the welcome and the team's people through the router: cards that are old, and rosters that are."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.app import FEATURES
from bot.fetching import Fetched
from bot.routing import Router
from bot.teams.activities import Event, MembersJoined
from cards.joining import welcome_card
from cards.members import SaveMember
from cards.texts import Texts
from lagesbild.people import Group, MemberState
from lagesbild.roster import Person
from lagesbild.usecases.members import choose_organisation, known_organisations
from tests.bot.chat import Chat, button, words
from tests.cards.checks import check_card
from tests.samples import a_member


@pytest.fixture
async def lena(chat: Chat) -> Any:
    """A new member, and the card that welcomes her."""
    lena = a_member("Lena Holm", None, id="lena")
    await chat.world.has(lena)
    async with chat.world.work() as work:
        known = await known_organisations(work, chat.group)
    return lena, check_card(welcome_card(Texts("sv"), chat.group, lena, known))


def _choices(card: dict[str, Any]) -> dict[str, str]:
    """The organisations in a card's list: what is sent, by what is read."""
    (found,) = [one for one in card["body"] if one.get("id") == "organisation"]
    return {one["title"]: one["value"] for one in found["choices"]}


async def test_an_old_welcome_stores_the_organisation_that_stands_on_it(chat: Chat, lena: Any) -> None:
    member, card = lena
    sent = {**button(card, "Spara"), "organisation": _choices(card)["Kommunpolis"]}
    await chat.world.do(choose_organisation, chat.mehmet, "Arbetsförmedlingen")
    assert "Kommunpolis" in words(await chat.presses(member, sent))
    assert (await chat.world.member("lena")).organisation == "Kommunpolis"


@pytest.mark.parametrize("gone", ["3", "NVK", "0123456789ab"])
async def test_an_organisation_that_is_not_in_the_list_any_more_is_asked_for_again(
    chat: Chat, lena: Any, gone: str
) -> None:
    member, card = lena
    await chat.world.do(choose_organisation, chat.mehmet, "Arbetsförmedlingen")
    asked = await chat.presses(member, {**button(card, "Spara"), "organisation": gone})
    assert asked.card is not None
    assert "finns inte längre i listan" in words(asked)
    assert (await chat.world.member("lena")).organisation is None
    sent = {**button(check_card(asked.card), "Spara"), "organisation": _choices(asked.card)["Kommunpolis"]}
    await chat.presses(member, sent)
    assert (await chat.world.member("lena")).organisation == "Kommunpolis"


async def test_an_organisation_with_a_number_gives_the_form_back_with_words(chat: Chat, lena: Any) -> None:
    member, card = lena
    typed = {**button(card, "Spara"), "other_organisation": "Skolan 070-1740605"}
    back = await chat.presses(member, typed)
    assert back.card is not None
    assert "läses av alla i gruppen" in words(back)
    assert _choices(check_card(back.card))
    assert (await chat.world.member("lena")).organisation is None


async def test_the_coordinators_forms_send_the_organisation_itself_too(chat: Chat) -> None:
    listed = (await chat.says(chat.karin, "medlemmar")).card
    assert listed is not None
    change = (await chat.presses(chat.karin, {**button(listed, "Ändra"), "member": "mehmet"})).card
    add = (await chat.presses(chat.karin, button(listed, "Lägg till person utan Teams"))).card
    assert change is not None
    assert add is not None
    await chat.world.do(choose_organisation, chat.karin, "Arbetsförmedlingen")
    changed = {
        **button(change, "Spara"),
        "roles": "reporter",
        "organisation": _choices(change)["Kommunpolis"],
    }
    await chat.presses(chat.karin, changed)
    added = {**button(add, "Spara"), "name": "Bo Lind", "organisation": _choices(add)["Risbroskolan"]}
    await chat.presses(chat.karin, added)
    again = await chat.presses(chat.karin, {**added, "name": "Åsa Nord", "organisation": "0"})
    assert "finns inte längre i listan" in words(again)
    assert "Åsa Nord" in words(again)
    async with chat.world.work() as work:
        people = {m.name: m.organisation for m in await work.store.members.list_by_group(chat.group.id)}
    assert people == {
        "Karin Ek": "Arbetsförmedlingen",
        "Mehmet Aydin": "Kommunpolis",
        "Bo Lind": "Risbroskolan",
    }


async def test_two_come_at_the_same_time_and_a_slow_look_up_throws_out_neither(chat: Chat) -> None:
    team = [Person(m.user_id or "", m.name) for m in (chat.karin, chat.mehmet)]
    xena, petra = Person("29:x", "Xena Ek"), Person("29:p", "Petra Lind")
    petra_is_in = asyncio.Event()

    async def fetch(what: str, event: Event, group: Group | None) -> Fetched:
        if event.activity_id == "petra":
            return Fetched((*team, xena, petra))
        await petra_is_in.wait()  # answered before Petra came, and read after
        return Fetched((*team, xena))

    router = Router(chat.world.work, fetch, FEATURES)
    who, where = chat._who(chat.karin), chat._where(in_channel=True)

    async def comes(person: Person, activity_id: str) -> None:
        joined = replace(who, user_id=person.user_id, name=person.name)
        await router(MembersJoined(who, where, activity_id, (joined,)))

    slow = asyncio.create_task(comes(xena, "xena"))
    await comes(petra, "petra")
    petra_is_in.set()
    await slow
    async with chat.world.work() as work:
        people = {m.name: m.state for m in await work.store.members.list_by_group(chat.group.id)}
    assert set(people) == {"Karin Ek", "Mehmet Aydin", "Xena Ek", "Petra Lind"}
    assert set(people.values()) == {MemberState.ACTIVE}


async def test_a_member_saved_without_a_role_is_told_what_is_missing(chat: Chat) -> None:
    data = SaveMember(chat.group.id, chat.mehmet.id).pack() | {"roles": ""}
    assert "Välj minst en roll." in words(await chat.presses(chat.karin, data))
