"""Each kind of answer, over real HTTP with really signed tokens."""

from __future__ import annotations

import asyncio
import gc

from msrest.service_client import SDKClient

from bot.metrics import TURNS
from bot.teams.activities import Event, Pressed, Reply
from bot.teams.replies import invoke_body
from tests.connector import FakeConnector
from tests.edge.bot import RunningBot
from tests.edge.payloads import executed, in_channel, personal, submitted

CARD = {"type": "AdaptiveCard", "version": "1.2", "body": [{"type": "TextBlock", "text": "Tack!"}]}


async def test_an_execute_is_answered_with_a_card(bot: RunningBot, connector: FakeConnector) -> None:
    bot.reply = Reply(card=CARD)
    answer = await bot.post(executed(connector.url))
    assert answer.status == 200
    assert answer.body == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.card.adaptive",
        "value": CARD,
    }
    assert connector.sent == []


async def test_an_execute_is_answered_with_a_string(bot: RunningBot, connector: FakeConnector) -> None:
    bot.reply = Reply(text="Sparat.")
    answer = await bot.post(executed(connector.url))
    assert (answer.status, answer.body) == (
        200,
        {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Sparat."},
    )


async def test_what_is_refused_is_answered_like_anything_else_and_counted_apart(
    bot: RunningBot, connector: FakeConnector
) -> None:
    before = TURNS.labels("Pressed", "refused")._value.get()
    bot.reply = Reply(text="Knappen är för gammal.", outcome="refused")
    answer = await bot.post(executed(connector.url))
    assert (answer.body["statusCode"], answer.body["value"]) == (200, "Knappen är för gammal.")
    assert TURNS.labels("Pressed", "refused")._value.get() == before + 1


async def _raise(_: Event) -> Reply | None:
    raise RuntimeError("något som ingen ska se")


async def test_a_handler_that_fails_says_500_in_the_body_in_plain_words(
    bot: RunningBot, connector: FakeConnector
) -> None:
    bot.handler = _raise
    answer = await bot.post(executed(connector.url))
    assert (answer.status, answer.body) == (
        200,
        {
            "statusCode": 500,
            "type": "application/vnd.microsoft.error",
            "value": {"code": "InternalServerError", "message": "Något gick fel."},
        },
    )


async def test_a_handler_that_fails_on_a_message_is_told_in_the_conversation(
    bot: RunningBot, connector: FakeConnector
) -> None:
    bot.handler = _raise
    answer = await bot.post(personal(connector.url))
    assert answer.status == 200
    assert [sent.body["text"] for sent in connector.sent] == ["Något gick fel."]


async def test_an_empty_reply_sends_nothing(bot: RunningBot, connector: FakeConnector) -> None:
    bot.reply = Reply()
    assert (await bot.post(personal(connector.url))).status == 200
    assert connector.sent == []


async def test_an_execute_with_nothing_to_say_is_still_answered(
    bot: RunningBot, connector: FakeConnector
) -> None:
    answer = await bot.post(executed(connector.url))
    assert (answer.status, answer.body["statusCode"], answer.body["value"]) == (200, 200, "")


async def test_a_message_is_answered_in_its_thread(bot: RunningBot, connector: FakeConnector) -> None:
    bot.reply = Reply(card=CARD)
    activity = in_channel(connector.url, "<at>Lägesbild</at> status")
    answer = await bot.post(activity)
    (sent,) = connector.sent
    assert answer.status == 200
    assert (sent.conversation_id, sent.reply_to, sent.card) == (
        activity["conversation"]["id"],
        "activity-1",
        CARD,
    )
    assert sent.body["replyToId"] == "activity-1"


async def test_a_submit_puts_the_card_in_the_place_of_the_pressed_one(
    bot: RunningBot, connector: FakeConnector
) -> None:
    bot.reply = Reply(text="hej")
    await bot.post(personal(connector.url))
    bot.reply = Reply(card=CARD)
    await bot.post(submitted(connector.url, {"verb": "report.submit"}))
    assert [message.card for message in connector.in_conversation("a:personal-anna")] == [CARD]


async def test_a_submit_on_a_message_that_is_gone_is_answered_with_a_new_one(
    bot: RunningBot, connector: FakeConnector
) -> None:
    bot.reply = Reply(card=CARD)
    await bot.post(submitted(connector.url, {"verb": "report.submit"}, replyToId="long-gone"))
    assert [sent.card for sent in connector.sent] == [CARD]


async def test_a_submit_can_be_answered_beside_the_card(bot: RunningBot, connector: FakeConnector) -> None:
    bot.reply = Reply(card=CARD, replace=False)
    await bot.post(submitted(connector.url, {"verb": "report.submit"}))
    assert (len(connector.sent), connector.updated) == (1, [])


async def test_execute_and_submit_are_the_same_press(bot: RunningBot, connector: FakeConnector) -> None:
    data = {"verb": "report.submit", "round_id": "r1", "rating_1": "3"}
    await bot.post(executed(connector.url, "report.submit", data))
    await bot.post(submitted(connector.url, data))
    first, second = bot.events
    assert isinstance(first, Pressed)
    assert isinstance(second, Pressed)
    assert (first.data, first.card_message_id) == (second.data, second.card_message_id)


async def test_a_reply_that_is_throttled_comes_a_moment_later(
    bot: RunningBot, connector: FakeConnector
) -> None:
    bot.reply = Reply(text="Sparat.")
    connector.fail(429, retry_after=0.05)
    await bot.post(personal(connector.url))
    assert [sent.body["text"] for sent in connector.sent] == ["Sparat."]


async def test_a_reply_that_never_gets_through_is_no_reason_to_send_the_activity_again(
    bot: RunningBot, connector: FakeConnector
) -> None:
    bot.reply = Reply(text="Sparat.")
    connector.fail(403, "ConversationBlockedByUser", times=-1)
    assert (await bot.post(personal(connector.url))).status == 200


async def test_the_reply_leaves_after_the_handler_is_done(bot: RunningBot, connector: FakeConnector) -> None:
    seen: list[int] = []

    async def slow(_: Event) -> Reply:
        await asyncio.sleep(0.05)
        seen.append(len(connector.calls))
        return Reply(text="Sparat.")

    bot.handler = slow
    await bot.post(personal(connector.url))
    assert (seen, len(connector.sent)) == ([0], 1)


async def test_no_botbuilder_client_is_built_in_a_turn(bot: RunningBot, connector: FakeConnector) -> None:
    bot.reply = Reply(text="Sparat.")
    await bot.post(personal(connector.url))
    await bot.post(executed(connector.url))
    assert not [one for one in gc.get_objects() if isinstance(one, SDKClient)]


async def test_replies_of_many_turns_share_their_connections(
    bot: RunningBot, connector: FakeConnector
) -> None:
    bot.reply = Reply(text="Sparat.")
    for _ in range(10):
        await bot.post(personal(connector.url))
    assert (len(connector.sent), connector.connections) == (10, 1)


def test_the_strip_under_a_card_shows_no_marks_of_markdown() -> None:
    said = Reply(text=r"Skriv **rapportera** till A\_B\*", replace=False, outcome="refused")
    assert invoke_body(said)["value"] == "Skriv rapportera till A_B*"
