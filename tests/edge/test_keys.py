"""The issuer's keys: fetched once, and again when a token is signed with one that is not known."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import jwt
import pytest

from bot.teams.authentication import _LEEWAY, Caller, _Believed
from bot.teams.keys import Key, SigningKeys
from tests.connector import FakeConnector
from tests.edge.bot import RunningBot, running
from tests.edge.payloads import personal
from tests.issuer import Issuer, SigningKey


async def test_many_requests_at_once_fetch_the_keys_once(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector
) -> None:
    answers = await asyncio.gather(*(bot.post(personal(connector.url)) for _ in range(20)))
    assert [answer.status for answer in answers] == [200] * 20
    assert issuer.key_fetches == 1


async def test_a_rotated_key_is_believed_at_once(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector
) -> None:
    old = issuer.keys[0]
    assert (await bot.post(personal(connector.url))).status == 200
    issuer.rotate()
    assert (await bot.post(personal(connector.url))).status == 200
    assert (await bot.post(personal(connector.url), key=old)).status == 401


async def test_a_token_is_verified_once_and_asked_again_for_all_that_can_change(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[object] = []
    decode = jwt.decode
    monkeypatch.setattr(jwt, "decode", lambda *given, **how: verified.append(given) or decode(*given, **how))
    header = issuer.authorization(connector.url)

    async def status(activity: dict[str, Any]) -> int:
        return (await bot.request("POST", "/api/messages", json=activity, headers=header)).status

    assert [await status(personal(connector.url)) for _ in range(3)] == [200] * 3
    assert len(verified) == 1
    assert await status(personal("https://somebody.example/")) == 403
    assert await status({**personal(connector.url), "channelId": "directline"}) == 403
    issuer.rotate()
    await bot.post(personal(connector.url))
    assert await status(personal(connector.url)) == 401


def test_a_token_that_was_believed_expires_and_so_does_another_key_of_the_same_name() -> None:
    keys = [
        Key(jwt.PyJWK.from_dict(SigningKey.new("key-1").public(), "RS256"), frozenset()) for _ in range(2)
    ]
    believed = _Believed(Caller({"exp": 1_000}), keys[0], "key-1")
    assert believed.holds(keys[0], 1_000 + _LEEWAY - 1)
    assert not believed.holds(keys[0], 1_000 + _LEEWAY)
    assert not believed.holds(keys[1], 1_000)


async def test_unknown_keys_do_not_make_us_ask_again_and_again(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector
) -> None:
    stranger = SigningKey.new("stranger")
    await bot.post(personal(connector.url))
    answers = [await bot.post(personal(connector.url), key=stranger) for _ in range(10)]
    assert {answer.status for answer in answers} == {401}
    assert issuer.key_fetches == 2


async def test_an_unreachable_issuer_is_not_the_callers_fault() -> None:
    async with Issuer() as issuer, FakeConnector() as connector, running(issuer.environment, issuer) as bot:
        issuer.is_down = True
        assert (await bot.post(personal(connector.url))).status == 503
        issuer.is_down = False
        assert (await bot.post(personal(connector.url))).status == 200


async def test_keys_are_not_fetched_over_a_wire_that_others_can_change() -> None:
    async with Issuer() as issuer, FakeConnector() as connector, running(issuer.environment, issuer) as bot:
        issuer.keys_url = "http://issuer.example/keys"
        assert (await bot.post(personal(connector.url))).status == 503


async def test_old_keys_serve_while_fresh_ones_are_fetched_and_when_they_can_not_be() -> None:
    now = 0.0
    async with Issuer() as issuer, aiohttp.ClientSession() as http:
        url = issuer.environment["BOT_OPENID_METADATA_URL"]
        keys = SigningKeys(lambda: http, url, now=lambda: now)
        assert await keys.get("key-1")
        now, issuer.is_down = 25 * 3600.0, True
        assert await keys.get("key-1")
        await asyncio.sleep(0.05)
        assert await keys.get("key-1")
        now, issuer.is_down = now + 60, False
        assert await keys.get("key-1")
        await asyncio.sleep(0.05)
        assert issuer.key_fetches == 2
