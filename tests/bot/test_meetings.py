"""`möte`, as it is typed: a line that comes twice, a day that has been, and a year that is seen (A4)."""

from __future__ import annotations

import pytest

from lagesbild.rounds import Meeting, MeetingState
from tests.bot.chat import Chat, button, titles, words
from tests.usecases.world import local

THIS, NEXT = "torsdag 13 mars 13:00", "torsdag 27 mars 13:00"


async def states(chat: Chat) -> list[MeetingState]:
    return [one.state for one in (await chat.world.meetings())[:3]]


async def first(chat: Chat) -> Meeting:
    return (await chat.world.meetings())[0]


async def test_a_typed_cancellation_that_comes_twice_cancels_nothing_by_itself(chat: Chat) -> None:
    await chat.world.plan()
    asked = [await chat.says(chat.karin, "möte ställ in") for _ in range(2)]
    assert all(f"**{THIS}**" in words(one) for one in asked)
    assert await states(chat) == [MeetingState.PLANNED] * 3


async def test_the_button_cancels_the_meeting_that_the_card_names_and_no_other(chat: Chat) -> None:
    await chat.world.plan()
    asked = await chat.says(chat.karin, "möte ställ in")
    assert asked.card is not None
    said = [words(await chat.presses(chat.karin, button(asked.card, "Ställ in mötet"))) for _ in range(2)]
    assert f"Mötet {THIS} är inställt." in said[0]
    assert f"Mötet {THIS} är redan inställt." in said[1]
    assert await states(chat) == [MeetingState.CANCELLED, MeetingState.PLANNED, MeetingState.PLANNED]


async def test_who_cancels_once_more_is_told_which_is_cancelled_and_asked_about_the_next(chat: Chat) -> None:
    await chat.world.plan()
    asked = await chat.says(chat.karin, "möte ställ in")
    assert asked.card is not None
    await chat.presses(chat.karin, button(asked.card, "Ställ in mötet"))
    again = words(await chat.says(chat.karin, "möte ställ in"))
    assert f"Mötet {THIS} är redan inställt." in again
    assert f"**{NEXT}**" in again


async def test_a_meeting_is_cancelled_by_its_day(chat: Chat) -> None:
    await chat.world.plan()
    asked = await chat.says(chat.karin, "möte ställ in 27 mars")
    assert f"**{NEXT}**" in words(asked)
    assert asked.card is not None
    await chat.presses(chat.karin, button(asked.card, "Ställ in mötet"))
    assert f"Mötet {NEXT} är redan inställt." in words(await chat.says(chat.karin, "möte ställ in 27 mars"))
    assert "Det finns inget sådant möte." in words(await chat.says(chat.karin, "möte ställ in 28 mars"))


async def test_who_does_not_lead_is_not_asked_whether_to_cancel(chat: Chat) -> None:
    reply = await chat.says(chat.mehmet, "möte ställ in")
    assert "samordnaren" in words(reply)
    assert reply.card is None or "Ställ in mötet" not in titles(reply.card)


async def test_a_move_that_comes_twice_moves_one_meeting(chat: Chat) -> None:
    await chat.world.plan()
    said = [words(await chat.says(chat.karin, "möte flytta 3 april 13.00")) for _ in range(2)]
    assert f"Mötet {THIS} är flyttat till torsdag 3 april 13:00." in said[0]
    assert "Mötet torsdag 3 april 13:00 hålls." in said[1]
    starts = [one.starts_at for one in await chat.world.meetings()]
    assert local("2025-03-27 13:00") in starts
    assert starts.count(local("2025-04-03 13:00")) == 1


async def test_a_day_that_has_just_been_is_refused_and_moves_nothing(chat: Chat) -> None:
    await chat.world.plan()
    before = await chat.world.meetings(), await chat.world.rounds()
    reply = await chat.says(chat.karin, "möte flytta 10 mars 13.00")
    assert "10 mars har varit. Skriv året också om du menar 2026." in words(reply)
    assert (await chat.world.meetings(), await chat.world.rounds()) == before


async def test_a_meeting_that_is_moved_to_another_year_says_so(chat: Chat) -> None:
    reply = words(await chat.says(chat.karin, "möte flytta 10 mars 2026 13.00"))
    assert "till tisdag 10 mars 2026 13:00." in reply
    assert "Svara senast tisdag 10 mars 2026 09:00." in reply


@pytest.mark.parametrize("day", ["0001-01-01", "9995-01-01", "9999-12-31"])
async def test_a_day_that_no_calendar_reaches_is_refused_in_words(chat: Chat, day: str) -> None:
    far = "Den dagen är för långt bort. Kontrollera året."
    assert far in words(await chat.says(chat.karin, f"möte flytta {day} 13.00"))
    card = (await chat.says(chat.karin, "möte")).card
    assert card is not None
    pressed = {**button(card, "Flytta"), "meeting": chat.meeting.id, "day": day, "time": "00:30"}
    assert far in words(await chat.presses(chat.karin, pressed))
    assert (await first(chat)).starts_at == chat.meeting.starts_at
