"""Answering through the router, as a reporter does (A5–A8, A10, A11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.teams.activities import Reply
from lagesbild.people import MemberState
from lagesbild.reports import Report
from lagesbild.rounds import RoundState
from tests.bot.chat import Chat, button, words
from tests.cards.checks import check_card
from tests.overwriting import overwriting
from tests.samples import MEETING_AT

NUMBER = "19121212-1212"


async def stored(chat: Chat) -> Report | None:
    async with chat.world.work() as work:
        return await work.store.reports.get(chat.round.id, chat.mehmet.id)


async def test_nothing_to_report_is_one_tap_and_an_answer(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    check_card(card)
    receipt = await chat.presses(chat.mehmet, button(card, "Inget att rapportera"))
    report = await stored(chat)
    assert report is not None
    assert report.nothing_to_report
    assert "Inget att rapportera den här gången" in words(receipt)


async def test_the_receipt_shows_what_was_stored_and_a_repeat_changes_nothing(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "Rapportera")).card
    assert card is not None
    sent = {**button(card, "Skicka"), "impact_1": "3", "comment_1": "Glas på gångvägen", "counts": "3 larm"}
    receipt = await chat.presses(chat.mehmet, sent)
    assert receipt.card is not None
    check_card(receipt.card)
    assert "Påverkan 3" in words(receipt)
    assert "Glas på gångvägen" in words(receipt)
    again = await chat.presses(chat.mehmet, sent)
    assert "redan sparad" in words(again)
    report = await stored(chat)
    assert report is not None
    assert report.revision == 1
    assert report.counts[0].value == 3


async def test_the_guard_gives_the_card_back_with_all_that_was_typed_and_stores_nothing(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    sent = {
        **button(card, "Skicka"),
        "impact_1": "4",
        "comment_1": f"Klotter av {NUMBER}",
        "comment_7": "Bra kväll",
    }
    back = await chat.presses(chat.mehmet, sent)
    assert back.card is not None
    check_card(back.card)
    assert await stored(chat) is None
    for typed in (NUMBER, "Bra kväll", "Inget är skickat än", "personnummer"):
        assert typed in words(back)
    without = await chat.presses(chat.mehmet, {**sent, **button(back.card, "Skicka")})
    assert "Skriv varför det är rätt" in words(without)
    assert await stored(chat) is None
    receipt = await chat.presses(
        chat.mehmet, {**sent, **button(back.card, "Skicka"), "reason": "Det är ett ärendenummer"}
    )
    assert "Samordnaren ser det" in words(receipt)
    report = await stored(chat)
    assert report is not None
    assert report.overrides[0].reason == "Det är ett ärendenummer"


async def test_what_was_not_shown_cannot_be_waved_through(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    sent = {**button(card, "Skicka"), "comment_1": f"Klotter av {NUMBER}"}
    back = await chat.presses(chat.mehmet, sent)
    assert back.card is not None
    other = {**button(back.card, "Skicka"), "comment_1": "Ring 070-1740605", "reason": "falskt larm"}
    assert "telefonnummer" in words(await chat.presses(chat.mehmet, other))
    assert await stored(chat) is None


async def test_a_draft_is_kept_and_not_part_of_the_picture(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    await chat.presses(chat.mehmet, {**button(card, "Utkast"), "comment_2": "Hot vid Coop"})
    report = await stored(chat)
    assert report is not None
    assert not report.is_submitted
    assert "Hot vid Coop" in words(await chat.says(chat.mehmet, "rapportera"))
    assert "0 av" in words(await chat.says(chat.karin, "status"))


async def test_an_answer_after_the_deadline_is_marked_late(chat: Chat) -> None:
    chat.world.time = MEETING_AT + timedelta(hours=1)
    await chat.world.has(replace(chat.round, state=RoundState.CLOSED, closed_at=chat.round.deadline))
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    receipt = await chat.presses(chat.mehmet, {**button(card, "Skicka"), "impact_4": "2"})
    assert "Sen:" in words(receipt)


async def test_a_note_is_in_the_next_report_and_not_noted_twice(chat: Chat) -> None:
    noted = await chat.says(chat.mehmet, "notera klotter vid Risbroskolan i går")
    assert noted.card is not None
    check_card(noted.card)
    assert "Ordningsstörningar" in words(noted)
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    assert "klotter vid Risbroskolan i går (10/3)" in words(await chat.says(chat.mehmet, "rapportera"))
    await chat.presses(chat.mehmet, {**button(card, "Skicka"), "comment_1": "klotter vid Risbroskolan"})
    async with chat.world.work() as work:
        assert not await work.store.observations.list_unreported(chat.mehmet.id)


async def test_a_note_asks_only_for_what_its_words_do_not_tell(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "notera konstigt ljud vid Risbroskolan")).card
    assert card is not None
    asked = {item.get("id") for item in card["body"] if item["type"].startswith("Input.")}
    assert asked == {"area", "when"}


async def test_a_note_with_a_number_is_stopped_before_it_is_stored(chat: Chat) -> None:
    stopped = await chat.says(chat.mehmet, f"notera bråk med {NUMBER}")
    assert "Inget är sparat än" in words(stopped)
    async with chat.world.work() as work:
        assert not await work.store.observations.list_unreported(chat.mehmet.id)


async def test_the_coordinator_answers_for_somebody_and_it_is_recorded(chat: Chat) -> None:
    members = (await chat.says(chat.karin, "medlemmar")).card
    assert members is not None
    check_card(members)
    card = (await chat.presses(chat.karin, {**button(members, "Svara åt"), "member": chat.mehmet.id})).card
    assert card is not None
    assert "För Mehmet Aydin" in words(
        await chat.presses(chat.karin, {**button(members, "Svara åt"), "member": chat.mehmet.id})
    )
    await chat.presses(chat.karin, {**button(card, "Skicka"), "impact_1": "2"})
    report = await stored(chat)
    assert report is not None
    assert report.entered_by == chat.karin.id
    assert report.on_behalf


async def _answers_for_mehmet(chat: Chat) -> Reply:
    members = (await chat.says(chat.karin, "medlemmar")).card
    assert members is not None
    return await chat.presses(chat.karin, {**button(members, "Svara åt"), "member": "mehmet"})


async def test_who_answers_for_somebody_sees_neither_the_draft_nor_the_notes(chat: Chat) -> None:
    await chat.says(chat.mehmet, "notera bråk vid Fagerstahallen i går")
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    await chat.presses(chat.mehmet, {**button(card, "Utkast"), "comment_2": "Hot vid Coop"})
    sheet = await _answers_for_mehmet(chat)
    assert sheet.card is not None
    check_card(sheet.card)
    assert [own for own in ("Hot vid Coop", "Fagerstahallen", "notering") if own in words(sheet)] == []
    assert "har ett utkast som inte är skickat" in words(sheet)

    sent = {**button(sheet.card, "Skicka"), "comment_3": f"Klotter av {NUMBER}"}
    stopped = await chat.presses(chat.karin, sent)
    assert "Hot vid Coop" not in words(stopped)
    receipt = await chat.presses(chat.karin, {**sent, "comment_3": "Klotter"})
    assert "Fagerstahallen" not in words(receipt)
    assert "Lägg till" not in words(receipt)
    again = words(await _answers_for_mehmet(chat))
    assert "Klotter" in again
    assert "utkast" not in again
    async with chat.world.work() as work:
        (note,) = await work.store.observations.list_unreported(chat.mehmet.id)
    assert note.text == "bråk vid Fagerstahallen i går"
    assert "bråk vid Fagerstahallen" in words(await chat.says(chat.mehmet, "rapportera"))


async def test_nobody_answers_for_somebody_who_is_not_in_the_group_now(chat: Chat) -> None:
    card = (await _answers_for_mehmet(chat)).card
    assert card is not None
    for state in (MemberState.PENDING, MemberState.LEFT):
        await chat.world.has(replace(chat.mehmet, state=state))
        assert "är inte med i gruppen nu" in words(await _answers_for_mehmet(chat))
        for title in ("Skicka", "Inget att rapportera"):
            pressed = await chat.presses(chat.karin, {**button(card, title), "comment_1": "Klotter"})
            assert "är inte med i gruppen nu" in words(pressed)
    assert await stored(chat) is None


async def test_a_note_typed_while_the_guard_holds_the_card_is_in_the_next_report(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    sent = {**button(card, "Skicka"), "comment_1": f"Klotter av {NUMBER}"}
    chat.world.time += timedelta(minutes=1)
    await chat.says(chat.mehmet, "notera bråk vid Folkets hus i går")
    chat.world.time += timedelta(minutes=1)
    back = (await chat.presses(chat.mehmet, sent)).card
    assert back is not None
    await chat.presses(chat.mehmet, {**button(back, "Skicka"), "comment_1": "Klotter"})
    async with chat.world.work() as work:
        (left,) = await work.store.observations.list_unreported(chat.mehmet.id)
    assert left.text == "bråk vid Folkets hus i går"


async def test_an_old_card_never_writes_over_what_was_sent_since(chat: Chat) -> None:
    old = (await chat.says(chat.mehmet, "rapportera")).card
    assert old is not None
    await chat.presses(chat.mehmet, {**button(old, "Skicka"), "comment_1": "Glas på gångvägen"})
    nothing = await chat.presses(chat.mehmet, button(old, "Inget att rapportera"))
    assert "Glas på gångvägen" in words(nothing)
    asked = await chat.presses(chat.mehmet, {**button(old, "Skicka"), "comment_2": "Hot vid Coop"})
    assert asked.card is not None
    check_card(asked.card)
    assert "Hot vid Coop" in words(asked)
    report = await stored(chat)
    assert report is not None
    assert report.revision == 1
    await chat.presses(chat.mehmet, {**button(asked.card, "Skicka ändringen"), "comment_2": "Hot vid Coop"})
    report = await stored(chat)
    assert report is not None
    assert [(answer.number, answer.comment) for answer in report.answers if answer.comment] == [
        (2, "Hot vid Coop")
    ]


async def test_the_reason_for_a_false_alarm_may_not_point_anybody_else_out(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    sent = {**button(card, "Skicka"), "comment_1": f"Klotter, ärende {NUMBER}"}
    back = (await chat.presses(chat.mehmet, sent)).card
    assert back is not None
    again = {**sent, **button(back, "Skicka")}
    refused = await chat.presses(chat.mehmet, {**again, "reason": "Fråga Ove på 070-1740605"})
    assert "Skälet kan peka ut någon" in words(refused)
    assert await stored(chat) is None
    await chat.presses(chat.mehmet, {**again, "reason": f"{NUMBER} är ett ärendenummer"})
    assert await stored(chat) is not None


async def test_why_a_note_is_a_false_alarm_follows_it_into_the_report(chat: Chat) -> None:
    stopped = (await chat.says(chat.mehmet, f"notera klotter vid skolan i går, ärende {NUMBER}")).card
    assert stopped is not None
    check_card(stopped)
    save = {**button(stopped, "Spara"), "note": f"klotter vid skolan i går, ärende {NUMBER}"}
    assert "Skriv varför" in words(await chat.presses(chat.mehmet, save))
    await chat.presses(chat.mehmet, {**save, "reason": "ett ärendenummer"})
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    back = await chat.presses(
        chat.mehmet, {**button(card, "Skicka"), "comment_1": f"klotter, ärende {NUMBER}"}
    )
    assert "ett ärendenummer" in words(back)


async def test_a_note_is_removed_by_the_one_who_wrote_it(chat: Chat) -> None:
    noted = (await chat.says(chat.mehmet, "notera klotter vid Risbroskolan i går")).card
    assert noted is not None
    await chat.presses(chat.mehmet, button(noted, "Ta bort"))
    async with chat.world.work() as work:
        assert not await work.store.observations.list_unreported(chat.mehmet.id)


async def test_a_note_that_is_reported_says_so_instead_of_being_gone(chat: Chat) -> None:
    noted = (await chat.says(chat.mehmet, "notera klotter vid Risbroskolan i går")).card
    assert noted is not None
    async with chat.world.work() as work:
        (note,) = await work.store.observations.list_unreported(chat.mehmet.id)
        await overwriting(work.store).observations.save(replace(note, reported_in=chat.round.id))
    reply = await chat.presses(chat.mehmet, button(noted, "Ta bort"))
    assert "Det är redan med i din rapport" in words(reply)
    assert not reply.replace
