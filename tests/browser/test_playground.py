"""The Teams client starts with the sample group and carries cards and presses, before any of it is about our bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from playwright.async_api import Browser, expect

from bot.playground import PERSONAL_ID, configuration, playground
from tests.browser.teams import CHANNEL, GENERAL, PERSONAL, free_port, open_teams

ASK: dict[str, Any] = {
    "type": "AdaptiveCard",
    "version": "1.2",
    "body": [{"type": "TextBlock", "text": "Hur är läget?"}],
    "actions": [{"type": "Action.Execute", "title": "Bra", "verb": "good"}],
}
THANKS = {"type": "AdaptiveCard", "version": "1.2", "body": [{"type": "TextBlock", "text": "Tack!"}]}


async def messages(request: web.Request) -> web.Response:
    activity = await request.json()
    if activity["type"] == "invoke":
        value = {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": THANKS}
        return web.json_response(value)
    if activity["type"] == "message":
        await answer(activity)
    return web.Response()


async def answer(activity: dict[str, Any]) -> None:
    conversation = activity["conversation"]["id"]
    url = f"{activity['serviceUrl'].rstrip('/')}/v3/conversations/{conversation}/activities"
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": ASK}
    reply = {"type": "message", "from": activity["recipient"], "attachments": [card]}
    async with aiohttp.ClientSession() as http, http.post(url, json=reply) as sent:
        assert sent.status == 201


@asynccontextmanager
async def small_bot() -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_post("/api/messages", messages)
    runner = web.AppRunner(application)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}/api/messages"
    finally:
        await runner.cleanup()


async def test_a_card_is_asked_for_pressed_and_replaced(browser: Browser) -> None:
    async with (
        small_bot() as endpoint,
        playground(endpoint, port=free_port()) as client,
        open_teams(browser, client.url) as teams,
    ):
        await teams.write("hej")
        await teams.sees("Hur är läget?")
        await teams.press("Bra")
        await expect(teams.last_card).to_contain_text("Tack!")
        await client.say(PERSONAL_ID, "karin", "hej igen")
        await expect(teams.cards).to_have_count(2)
        for place in (GENERAL, CHANNEL, PERSONAL):
            await teams.go(place)


def test_the_sample_fits_what_the_client_takes() -> None:
    settings = configuration()
    assert len(settings["users"]) == 5
    assert len(settings["team"]["channels"]) == 1
    assert settings["currentUser"]["name"] == "Karin Ek"
