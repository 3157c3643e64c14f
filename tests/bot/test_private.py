"""What is a person's own is shown and done in the personal chat alone: a group chat is read by others, as a channel is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.teams.activities import Identity, Message, Place, Pressed, Reply
from cards.joining import AskToJoin
from cards.texts import Texts
from lagesbild.people import Member, MemberState
from lagesbild.usecases.notes import note
from tests.bot.chat import TENANT, Chat, buttons, words
from tests.bot.test_authorization import HANDLED, Town, _name
from tests.samples import a_coordinator, a_draft, a_member, an_absence, an_answer

IN_PRIVATE = {
    "report.in_private": "rapportera report.open report.submit report.nothing report.draft",
    "mydata.in_private": "mina_uppgifter mydata.preference feedback.fewer",
    "away.in_private": "frånvaro away.set away.end",
    "members.in_private": "members.pick members.save members.move members.ask members.add members.fetch join.answer",
    "log.in_private": "logg log.show",
    "picture.in_private": "picture.publish",
    "assessment.in_private": "bedöm assess.show assess.area assess.save assess.finish assess.take_up assess.refer_again"
    " assess.close theme.list theme.take theme.new theme.open theme.tie theme.untie theme.close",
    "error.in_private": "join.organisation note.save note.complete note.remove"
    " follow_up.answer follow_up.change follow_up.again",
}
"""What is refused where others read, by what is said instead: commands by their word, buttons by their verb."""
OWN = ("utkastets ord", "noteringens ord", "vill inte ha", "Omar Said: borta", "Ville Väntar", "Lova Lämnat")
"""A draft, a note, why somebody is not asked, who waits to be let in and who has left: nobody else's to read."""


@pytest.fixture
async def busy(chat: Chat) -> Chat:
    """Everybody in the group has something that is not for the others."""
    lena = a_member("Lena Holm", "Risbroskolan", id="lena", prompted=False)
    omar = a_member("Omar Said", "Polisen", id="omar")
    waiting = a_member("Ville Väntar", None, id="ville", state=MemberState.PENDING)
    gone = a_member("Lova Lämnat", None, id="lova", state=MemberState.LEFT)
    await chat.world.has(lena, omar, waiting, gone, an_absence(omar))
    for member in (chat.mehmet, chat.karin):
        await chat.world.has(a_draft(member, an_answer(1, 4, "utkastets ord")))
        await chat.world.do(note, member, "noteringens ord vid Risbroskolan")
    return chat


def _places(chat: Chat) -> tuple[Place, Place]:
    home = chat.group.home
    group_chat = Place("19:talk@thread.v2", "groupChat", home.service_url, TENANT, home.bot_id)
    return group_chat, replace(chat._where(in_channel=True), conversation_id="19:channel@thread.tacv2;m=1")


async def _does(chat: Chat, member: Member, key: Any, where: Place) -> Reply | None:
    who = Identity(member.user_id or "", None, member.name, TENANT, "sv-SE")
    if not isinstance(key, type):
        return await chat.router(Message(who, where, "a1", key.swedish))
    data = Town.data(_Ids(chat), key)  # type: ignore[arg-type]  # all that it asks for is the chat
    return await chat.router(Pressed(who, where, "a1", data))


class _Ids:
    """What a button's data is made of."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat


async def test_what_is_a_persons_own_is_refused_where_others_read_and_the_table_is_whole(busy: Chat) -> None:
    t, expected = Texts("sv"), {}
    for text, keys in IN_PRIVATE.items():
        expected |= {key.replace("_uppgifter", " uppgifter"): t(text) for key in keys.split()}
    refusals = set(map(t, IN_PRIVATE))
    for where in _places(busy):
        refused = {}
        for key in HANDLED:
            reply = await _does(busy, busy.karin, key, where)
            if reply is not None and reply.text in refusals:
                refused[_name(key)] = reply.text
        assert refused == expected, where.kind


async def test_nothing_of_a_persons_own_is_shown_where_others_read(busy: Chat) -> None:
    shown = []
    for where in _places(busy):
        for member in (busy.mehmet, busy.karin):
            for key in HANDLED:
                reply = await _does(busy, member, key, where)
                said = words(reply) if reply else ""
                shown += [f"{where.kind}, {_name(key)}: {own}" for own in OWN if own in said]
    assert not shown, "\n".join(shown)


async def test_in_the_personal_chat_it_is_shown(busy: Chat) -> None:
    assert "utkastets ord" in words(await busy.says(busy.mehmet, "rapportera"))
    members = words(await busy.says(busy.karin, "medlemmar"))
    assert all(said in members for said in ("vill inte ha frågor", "Ville Väntar", "Lova Lämnat"))


async def test_opening_and_reminding_where_others_read_name_nobody(busy: Chat) -> None:
    where = _places(busy)[1]
    for line, figure in (("öppna", "får inget nu"), ("påminn", "får inget nu")):
        said = await busy.router(Message(busy._who(busy.karin), where, "a1", line))
        assert said is not None
        assert figure in words(said)
        assert not [name for name in ("Mehmet", "Omar", "Lena", "Karin") if name in words(said)]
        assert said.card is not None
        assert "Svara själv" not in [one["title"] for one in buttons([said.card.get("actions", [])])]
    assert "Omar Said: borta" in words(await busy.says(busy.karin, "öppna"))


async def test_a_note_written_where_others_read_is_kept_and_not_shown(busy: Chat) -> None:
    for number, where in enumerate(_places(busy)):
        said = await busy.router(
            Message(busy._who(busy.mehmet), where, "a1", f"notera klotter nummer {number}")
        )
        assert said is not None
        assert said.card is None
        assert f"klotter nummer {number}" in words(await busy.says(busy.mehmet, "rapportera"))
        stopped = await busy.router(
            Message(busy._who(busy.mehmet), where, "a1", "notera bråk, ring 070-1740605")
        )
        assert stopped is not None
        assert "Inget är sparat" in words(stopped)
        assert "070" not in words(stopped)


async def test_asking_to_join_where_others_read_takes_no_conversation_for_the_persons_own(chat: Chat) -> None:
    who = Identity("29:ny", None, "Ny Person", TENANT, "sv-SE")
    ask = {**AskToJoin().pack(), "group": chat.group.id}
    for where in _places(chat):
        said = await chat.router(Pressed(who, where, "a1", ask))
        assert said is not None
        assert said.text
    assert await _chat_of(chat, who) is None
    private = chat._where()
    await chat.world.has(replace(await _joining(chat, who), state=MemberState.LEFT))
    await chat.router(Pressed(who, private, "a1", ask))
    assert await _chat_of(chat, who) == private.conversation_id
    await chat.world.has(replace(await _joining(chat, who), state=MemberState.LEFT))
    await chat.router(Pressed(who, _places(chat)[0], "a1", ask))
    assert await _chat_of(chat, who) == private.conversation_id


async def _joining(chat: Chat, who: Identity) -> Member:
    async with chat.world.work() as work:
        found = await work.store.members.get_by_user(chat.group.id, who.user_id)
    assert found is not None
    return found


async def _chat_of(chat: Chat, who: Identity) -> str | None:
    member = await _joining(chat, who)
    assert member.state is MemberState.PENDING
    return member.conversation_id


async def test_a_forwarded_card_changes_nothing_where_others_read(busy: Chat) -> None:
    before = await busy.world.actions()
    for where in _places(busy):
        for key in HANDLED:
            if isinstance(key, type) and any(key.verb in keys.split() for keys in IN_PRIVATE.values()):
                await _does(busy, busy.karin, key, where)
    assert await busy.world.actions() == before
    assert (await busy.world.member("karin")).conversation_id == a_coordinator(id="karin").conversation_id
