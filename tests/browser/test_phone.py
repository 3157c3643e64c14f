"""The phone itself: what is pressed reaches the bot as Teams sends it, and touches are counted."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser

from tests.browser.phone import Json, open_phone

EXECUTE = {"type": "Action.Execute", "title": "Skicka", "verb": "report.submit", "data": {"round_id": "r1"}}
SUBMIT = {"type": "Action.Submit", "title": "Spara", "data": {"verb": "report.save"}}


def card(*actions: dict[str, Any]) -> Json:
    levels = [{"title": level, "value": level} for level in "12345"]
    return {
        "type": "AdaptiveCard",
        "version": "1.2",
        "body": [
            {"type": "Input.ChoiceSet", "id": "level", "label": "Påverkan", "choices": levels},
            {"type": "Input.Text", "id": "comment", "label": "Kommentar"},
        ],
        "actions": list(actions),
    }


def saying(text: str) -> Json:
    return {"type": "AdaptiveCard", "version": "1.2", "body": [{"type": "TextBlock", "text": text}]}


class Bot:
    """Remembers what was delivered and gives one answer."""

    def __init__(self, answer: Json | None = None) -> None:
        self.answer = answer
        self.delivered: list[Json] = []

    async def __call__(self, activity: Json) -> Json | None:
        self.delivered.append(activity)
        return self.answer


async def test_execute_arrives_with_its_inputs_and_the_card_is_replaced(browser: Browser) -> None:
    receipt = {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": saying("Tack!")}
    bot = Bot(receipt)
    async with open_phone(browser, bot) as phone:
        await phone.show(card(EXECUTE))
        await phone.page.get_by_label("Påverkan").select_option("3")
        await phone.page.get_by_label("Kommentar").fill("Klotter")
        await phone.press("Skicka")
        assert await phone.message("card").inner_text() == "Tack!"
    sent = bot.delivered[0]
    assert (sent["type"], sent["name"], sent["replyToId"]) == ("invoke", "adaptiveCard/action", "card")
    assert sent["value"]["action"]["verb"] == "report.submit"
    assert sent["value"]["action"]["data"] == {"round_id": "r1", "level": "3", "comment": "Klotter"}


async def test_a_card_that_is_replaced_is_shown_from_its_beginning(browser: Browser) -> None:
    long = saying("Inget är skickat än\n\n" + "Rad\n\n" * 60)
    answer = {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": long}
    async with open_phone(browser, Bot(answer)) as phone:
        await phone.show(saying("Före\n\n" * 40), "before")
        tall = card(EXECUTE)
        tall["body"] = [*saying("Rad\n\n" * 60)["body"], *tall["body"]]
        await phone.show(tall)
        assert await phone.starts_in_sight()
        await phone.press("Skicka")
        assert await phone.starts_in_sight()


async def test_submit_arrives_as_a_message_with_a_value(browser: Browser) -> None:
    bot = Bot()
    async with open_phone(browser, bot) as phone:
        await phone.show(card(SUBMIT))
        await phone.press("Spara")
    assert bot.delivered[0]["type"] == "message"
    assert bot.delivered[0]["value"]["verb"] == "report.save"


async def test_an_error_is_shown_and_the_card_stays(browser: Browser) -> None:
    error = {
        "statusCode": 500,
        "type": "application/vnd.microsoft.error",
        "value": {"message": "Det gick inte."},
    }
    async with open_phone(browser, Bot(error)) as phone:
        await phone.show(card(EXECUTE))
        await phone.press("Skicka")
        text = await phone.message("card").inner_text()
    assert "Det gick inte." in text
    assert "Kommentar" in text


async def test_a_text_draws_the_card_anew_and_what_was_typed_is_gone(browser: Browser) -> None:
    text = {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": "Skriv en siffra.",
    }
    async with open_phone(browser, Bot(text)) as phone:
        await phone.show(card(EXECUTE))
        await phone.page.get_by_label("Kommentar").fill("Klotter")
        await phone.press("Skicka")
        assert "Skriv en siffra." in await phone.message("card").inner_text()
        assert await phone.page.get_by_label("Kommentar").input_value() == ""


async def test_touches_are_counted_as_a_thumb_makes_them(browser: Browser) -> None:
    async with open_phone(browser, Bot()) as phone:
        await phone.show(card(EXECUTE))
        assert await phone.touches() == 0
        await phone.page.get_by_label("Påverkan").select_option("3")
        assert await phone.touches() == 2
        await phone.page.get_by_label("Kommentar").fill("Klotter")
        assert (await phone.touches(), await phone.fields_typed_in()) == (3, 1)
        await phone.press("Skicka")
        assert await phone.touches() == 4


async def test_written_messages_and_edits_are_shown(browser: Browser) -> None:
    bot = Bot()
    async with open_phone(browser, bot) as phone:
        await phone.write("notera klotter")
        await phone.receive({"id": "1", "text": "**Sparat**"})
        await phone.update({"id": "1", "text": "Ändrat"})
        assert await phone.message("1").inner_text() == "Ändrat"
        assert await phone.fits_one_screen("1")
        assert not await phone.overflows()
    assert bot.delivered == [{"type": "message", "text": "notera klotter", "textFormat": "plain"}]
