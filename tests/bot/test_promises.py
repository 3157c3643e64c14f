"""A promise through the router: who reads it, and its whole way from the first words to its renewal (D1–D4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.delivery.couriers import Couriers, Outgoing, Skip
from bot.handlers import promises
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.ids import GroupId, PromiseId
from lagesbild.people import Member, MemberState, Role
from lagesbild.promises import CitizenPromise, PromiseState, SectionStatus
from lagesbild.usecases.promising import renewals_due
from tests.bot.chat import Chat, words
from tests.cards.checks import check_card
from tests.overwriting import overwriting
from tests.samples import GROUP_ID, NOW, a_coordinator, a_group, a_member, a_shipped_promise

NUMBER = "070-174 06 05"


def _buttons(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = [*(item.get("actions", []) for item in card["body"]), card.get("actions", [])]
    return {action["title"]: dict(action["data"]) for row in rows for action in row}


async def _asks(
    chat: Chat, member: Member, line: str = "löften", *, in_channel: bool = False
) -> dict[str, Any]:
    card = (await chat.says(member, line, in_channel=in_channel)).card
    assert card is not None
    return check_card(card)


async def _presses(
    chat: Chat, member: Member, card: dict[str, Any], title: str, /, **typed: str
) -> dict[str, Any]:
    reply = await chat.presses(member, {**_buttons(card)[title], **typed})
    assert reply.card is not None, reply.text
    return check_card(reply.card)


async def _refused(chat: Chat, member: Member, card: dict[str, Any], title: str, /, **typed: str) -> str:
    """What it says when it does not do it: beside the card, or on the form that comes back filled in."""
    reply = await chat.presses(member, {**_buttons(card)[title], **typed})
    assert reply.outcome == "refused"
    return reply.text or str(check_card(reply.card or {})["body"][0])


async def _stored(chat: Chat) -> list[CitizenPromise]:
    async with chat.world.work() as work:
        return list(await work.store.promises.list_by_group(GROUP_ID))


async def _has(chat: Chat, **changes: Any) -> CitizenPromise:
    """Ludvika's promise is in force in the group; from one state to the next as the test wants."""
    there = {"id": PromiseId("p1"), "first": date(2025, 1, 1), "last": date(2025, 12, 31)}
    promise = a_shipped_promise("ludvika-2021", **{**there, **changes})
    async with chat.world.work() as work:
        await overwriting(work.store).promises.save(promise)
    return promise


async def _courier(chat: Chat, kind: DeliveryKind, delivery: Delivery) -> Outgoing | Skip:
    async with chat.world.work() as work:
        return await Couriers(lambda _: work, promises.feature.deliveries)(work.store, delivery)  # type: ignore[arg-type]  # only its work is asked for


async def _written(chat: Chat) -> dict[str, Any]:
    """A draft with one section, on its card."""
    form = await _presses(chat, chat.karin, await _asks(chat, chat.karin), "Nytt löfte")
    typed = {"title": "Trygg vår", "preamble": "Vi lovar.", "first": "2025-03-01", "period": "three_months"}
    section = await _presses(chat, chat.karin, form, "Spara", **typed)
    filled = {
        "title": "Unga",
        "commitments": "Polisen: besöker skolorna\nKommunen: ordnar en mötesplats",
        "why": "Det är oroligt.",
        "areas": "youth,disorder",
        "indicator": "Besök i veckan",
    }
    return await _presses(chat, chat.karin, section, "Spara", **filled)


async def test_the_coordinator_takes_a_promise_from_the_first_words_to_its_renewal(chat: Chat) -> None:
    draft = await _written(chat)
    assert "2 åtaganden" in str(draft)
    sign = await _presses(chat, chat.karin, draft, "Underskrifter")
    waiting = await _presses(chat, chat.karin, sign, "Spara", role="Kommunpolis")
    assert "underskrift av **Kommunpolis**" in str(waiting)
    sign = await _presses(chat, chat.karin, waiting, "Underskrifter")
    signed = await _presses(
        chat, chat.karin, sign, "Spara", role="Kommunpolis", name="Omar Said", signed_on="2025-03-10"
    )
    assert "Inget saknas" in str(signed)
    adopt = await _presses(chat, chat.karin, signed, "Anta")
    typed = {"adopted_by": "Kommunstyrelsen", "adopted_on": "2025-03-11"}
    preview = await _presses(chat, chat.karin, adopt, "Spara antagandet", **typed)
    assert "Inget är skickat än. 2 personer får löftet" in str(preview)
    assert await chat.world.sent(DeliveryKind.PROMISE) == []
    receipt = await _presses(chat, chat.karin, preview, "Publicera för 2 personer")
    assert "Det går nu ut till 2 personer" in str(receipt)
    again = await _presses(chat, chat.karin, preview, "Publicera för 2 personer")
    assert again == receipt
    assert await chat.world.receivers(DeliveryKind.PROMISE) == ["karin", "mehmet"]
    shown = await _asks(chat, chat.karin)
    follow = await _presses(chat, chat.karin, shown, "Följ upp")
    said = {"section": "1", "status": "partly_kept", "comment": "Två skolor kvar.", "value": "2,5"}
    followed = await _presses(chat, chat.karin, follow, "Spara", **said)
    assert "✓ Sparat: Unga." in str(followed)
    renewed = await _presses(chat, chat.karin, await _asks(chat, chat.karin), "Förnya")
    assert "1 juni–31 augusti 2025" in str(renewed)
    assert "○ Omar Said, Kommunpolis, inte undertecknat än" in str(renewed)
    later, first = await _stored(chat)
    assert (later.state, later.previous_id) == (PromiseState.DRAFT, first.id)
    assert first.sections == later.sections


async def test_the_first_promise_can_begin_from_one_that_ships(chat: Chat) -> None:
    form = await _presses(chat, chat.karin, await _asks(chat, chat.karin), "Nytt löfte")
    assert list(_buttons(form)) == ["Spara", "Utgå från Fagersta 2020", "Utgå från Ludvika 2021"]
    draft = await _presses(chat, chat.karin, form, "Utgå från Ludvika 2021")
    assert "Nattvandring under riskhelger" in str(draft)
    assert "○ Lokalpolisområdeschef Borlänge, inte undertecknat än" in str(draft)
    data = _buttons(form)["Utgå från Ludvika 2021"]
    gone = {**data, "lb": {**data["lb"], "example": "norberg-1"}}
    assert "finns inte längre" in words(await chat.presses(chat.karin, gone))


async def test_a_reporter_reads_what_is_promised_and_cannot_write(chat: Chat) -> None:
    preview = await _written(chat)
    assert "inget medborgarlöfte att visa än" in str(await _asks(chat, chat.mehmet))
    for title in ("Skriv delen", "Titel och period", "Underskrifter", "Anta"):
        assert "Det kan bara" in await _refused(chat, chat.mehmet, preview, title)
    promise = await _has(chat)
    card = await _asks(chat, chat.mehmet)
    assert "**Polisen:** ska starta upp fler grannsamverkansområden" in str(card)
    assert _buttons(card) == {}
    leading = await _asks(chat, chat.karin)
    for title in ("Följ upp", "Text till webben", "Nytt löfte"):
        assert "Det kan bara" in await _refused(chat, chat.mehmet, leading, title)
    async with chat.world.work() as work:
        opened = [one.member_id for one in await work.store.promises.opened(promise.id)]
    assert opened == ["karin", "mehmet"]


async def test_in_a_channel_it_is_read_and_nothing_is_done(chat: Chat) -> None:
    await _has(chat)
    assert _buttons(await _asks(chat, chat.karin, in_channel=True)) == {}


async def test_a_council_member_writes_promises_too(chat: Chat) -> None:
    claes = a_member("Claes Berg", "Kommunledningen", Role.COUNCIL, id="claes")
    await chat.world.has(claes)
    card = await _asks(chat, claes)
    assert list(_buttons(card)) == ["Nytt löfte"]
    await _presses(chat, claes, card, "Nytt löfte")


async def test_what_is_wrong_is_said_and_what_was_typed_stays(chat: Chat) -> None:
    form = await _presses(chat, chat.karin, await _asks(chat, chat.karin), "Nytt löfte")
    front = {"title": "Trygg vår", "first": "2025-03-01", "period": "other"}
    assert "fält saknas" in await _refused(chat, chat.karin, form, "Spara", **front)
    assert "kommer före den första" in await _refused(
        chat, chat.karin, form, "Spara", **{**front, "last": "2025-02-01"}
    )
    assert NUMBER in await _refused(
        chat, chat.karin, form, "Spara", **{**front, "preamble": f"Ring {NUMBER}"}
    )
    assert await _stored(chat) == []
    draft = await _written(chat)
    section = await _presses(chat, chat.karin, draft, "Skriv delen", section="1")
    assert "besöker skolorna" in str(section)
    wrong = await _refused(chat, chat.karin, section, "Spara", title="Unga", commitments="besöker skolorna")
    assert "Den här raden saknar det: besöker skolorna" in wrong
    adopt = await _presses(chat, chat.karin, draft, "Anta")
    future = {"adopted_by": "Kommunstyrelsen", "adopted_on": "2025-03-12"}
    assert "har inte varit än" in await _refused(chat, chat.karin, adopt, "Spara antagandet", **future)
    assert (await _stored(chat))[0].state is PromiseState.DRAFT


async def test_sections_are_removed_and_an_adoption_taken_back(chat: Chat) -> None:
    draft = await _written(chat)
    new = await _presses(chat, chat.karin, draft, "Skriv delen", section="0")
    two = await _presses(chat, chat.karin, new, "Spara", title="Ljus")
    assert "vem som gör vad i **Ljus**" in str(two)
    assert "Anta" not in _buttons(two)
    section = await _presses(chat, chat.karin, two, "Skriv delen", section="2")
    one = await _presses(chat, chat.karin, section, "Ta bort delen")
    assert "Ljus" not in str(one)
    front = await _presses(chat, chat.karin, one, "Titel och period")
    typed = {"title": "Trygg sommar", "first": "2025-06-01", "period": "year"}
    changed = await _presses(chat, chat.karin, front, "Spara", **typed)
    assert "1 juni 2025–31 maj 2026" in str(changed)
    adopt = await _presses(chat, chat.karin, changed, "Anta")
    typed = {"adopted_by": "Kommunstyrelsen", "adopted_on": "2025-03-11"}
    preview = await _presses(chat, chat.karin, adopt, "Spara antagandet", **typed)
    again = await _presses(chat, chat.karin, preview, "Ändra igen")
    assert "ett utkast igen" in str(again)
    assert "kan inte ändras" not in await _refused(chat, chat.karin, preview, "Publicera för 2 personer")
    assert (await _stored(chat))[0].state is PromiseState.DRAFT


async def test_a_section_that_is_gone_or_changed_is_neither_removed_nor_overwritten(chat: Chat) -> None:
    draft = await _written(chat)
    new = await _presses(chat, chat.karin, draft, "Skriv delen", section="0")
    two = await _presses(chat, chat.karin, new, "Spara", title="Ljus")
    first = await _presses(chat, chat.karin, two, "Skriv delen", section="1")
    for said in ("Delen är borttagen.", "Inget ändrades"):
        assert said in str(await _presses(chat, chat.karin, first, "Ta bort delen"))
    assert "Inget ändrades" in str(await _presses(chat, chat.karin, first, "Spara", title="Äldre"))
    second = await _presses(chat, chat.karin, two, "Skriv delen", section="1")
    for _ in range(2):
        saved = await _presses(chat, chat.karin, second, "Spara", title="Ljus i parken")
        assert "Sparat." in str(saved)
    assert [one.title for one in (await _stored(chat))[0].sections] == ["Ljus i parken"]


async def test_the_text_for_the_web_comes_as_html_and_markdown(chat: Chat) -> None:
    await _has(chat)
    web = await _presses(chat, chat.karin, await _asks(chat, chat.karin), "Text till webben")
    assert "<h2>Löften, Ludvika kommun 2021" in str(web).replace("\\", "")
    markdown = await _presses(chat, chat.karin, web, "Som Markdown")
    assert "## Löften, Ludvika kommun 2021" in str(markdown).replace("\\", "")
    draft = await _has(chat, state=PromiseState.DRAFT)
    assert draft.state is PromiseState.DRAFT
    assert "inte antaget än" in await _refused(chat, chat.karin, markdown, "Som HTML")


async def test_another_groups_promise_is_not_found_whatever_button_is_sent(chat: Chat) -> None:
    home = replace(a_group().home, team_id="19:other@thread.tacv2")
    other = replace(a_coordinator("Eva Lind", id="eva"), group_id=GroupId("g2"))
    await chat.world.has(a_group(id=GroupId("g2"), municipality="Ludvika", home=home), other)
    promise = await _has(chat)
    shown = await _asks(chat, chat.karin)
    for title in ("Följ upp", "Text till webben", "Förnya"):
        data = _buttons(shown)[title]
        forged = {**data, "lb": {**data["lb"], "group_id": "g2"}}
        assert "hör till en annan grupp" in words(await chat.presses(other, forged))
        assert promise.title not in words(await chat.presses(other, data))
    assert await _stored(chat) == [promise]
    assert "inget medborgarlöfte att visa än" in str(await _asks(chat, other))


async def test_everybody_is_sent_the_promise_as_it_is_when_its_turn_comes(chat: Chat) -> None:
    promise = await _has(chat)
    delivery = Delivery(
        key="promise:p1:mehmet",  # type: ignore[arg-type]
        group_id=GROUP_ID,
        kind=DeliveryKind.PROMISE,
        queued_at=NOW,
        member_id=chat.mehmet.id,
        subject=promise.id,
    )
    sent = await _courier(chat, DeliveryKind.PROMISE, delivery)
    assert isinstance(sent, Outgoing)
    card = check_card(sent.activity["attachments"][0]["content"])
    assert "Du får det här för att du är med i EST-gruppen Fagersta" in str(card)
    assert _buttons(card) == {}
    await _has(chat, last=date(2025, 3, 10))
    assert await _courier(chat, DeliveryKind.PROMISE, delivery) == Skip("ended")
    await _has(chat, state=PromiseState.ADOPTED)
    assert await _courier(chat, DeliveryKind.PROMISE, delivery) == Skip("not_published")
    await chat.world.has(replace(chat.mehmet, state=MemberState.LEFT))
    assert await _courier(chat, DeliveryKind.PROMISE, delivery) == Skip("left")


async def test_a_renewal_is_sent_unless_somebody_was_quicker_and_one_tap_goes_on(chat: Chat) -> None:
    await _has(chat, last=date(2025, 3, 20))
    async with chat.world.work() as work:
        assert await renewals_due(work, chat.group, chat.world.now()) == 1
    (delivery,) = await chat.world.sent(DeliveryKind.PROMISE_RENEWAL)
    sent = await _courier(chat, DeliveryKind.PROMISE_RENEWAL, delivery)
    assert isinstance(sent, Outgoing)
    card = check_card(sent.activity["attachments"][0]["content"])
    assert "slutar om 9 dagar" in str(card)
    draft = await _presses(chat, chat.karin, card, "Förnya")
    assert "samma delar som förut" in str(draft)
    assert await _courier(chat, DeliveryKind.PROMISE_RENEWAL, delivery) == Skip("renewed")


@pytest.mark.parametrize("status", list(SectionStatus))
async def test_what_was_followed_up_is_what_everybody_reads(chat: Chat, status: SectionStatus) -> None:
    await _has(chat)
    follow = await _presses(chat, chat.karin, await _asks(chat, chat.karin), "Följ upp")
    await _presses(chat, chat.karin, follow, "Spara", section="5", status=status.value, comment="Nytt.")
    assert "Nytt." in str(await _asks(chat, chat.mehmet))
    for wrong in ({"section": "1"}, {"section": "1", "status": "kanske"}, {"section": "x", "status": "kept"}):
        await _refused(chat, chat.karin, follow, "Spara", **wrong)
    assert "finns inte längre" in await _refused(
        chat, chat.karin, follow, "Spara", section="99", status="kept"
    )


async def test_a_draft_is_thrown_away_after_a_question(chat: Chat) -> None:
    draft = await _written(chat)
    form = await _presses(chat, chat.karin, draft, "Titel och period")
    question = await _presses(chat, chat.karin, form, "Kasta utkastet")
    assert "går inte att få tillbaka" in str(question)
    kept = await _presses(chat, chat.karin, question, "Nej, behåll det")
    assert "2 åtaganden" in str(kept)
    gone = await _presses(chat, chat.karin, question, "Ja, kasta det")
    assert "är kastat" in str(gone)
    assert await _stored(chat) == []
    assert await _refused(chat, chat.karin, question, "Ja, kasta det")
