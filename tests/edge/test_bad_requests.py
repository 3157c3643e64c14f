"""What others do wrong is answered with what they did wrong, and never with 500."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import pytest

from tests.connector import FakeConnector
from tests.edge.bot import Answer, RunningBot
from tests.edge.payloads import executed, personal
from tests.issuer import Issuer, SigningKey


async def _post(bot: RunningBot, data: bytes, headers: dict[str, str]) -> Answer:
    return await bot.request("POST", "/api/messages", data=data, headers=headers)


def _headers(issuer: Issuer, connector: FakeConnector, **more: str) -> dict[str, str]:
    return {"Content-Type": "application/json", **issuer.authorization(connector.url), **more}


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer a b c",
        "x" * 5000,
        "Bearer é",
    ],
)
async def test_without_a_believable_token_nobody_gets_in(bot: RunningBot, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = await bot.request(
        "POST", "/api/messages", json=personal("https://teams.example/"), headers=headers
    )
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert bot.events == []


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"exp": int(time.time()) - 3600}, 401),
        ({"nbf": int(time.time()) + 3600}, 401),
        ({"iss": "https://somebody.example"}, 401),
        ({"exp": None}, 401),
        ({"iss": None}, 401),
        ({"aud": None}, 401),
        ({"aud": "another-bot"}, 403),
        ({"serviceurl": "https://somebody.example/"}, 403),
        ({"serviceurl": None}, 403),
        ({"serviceurl": 7}, 403),
    ],
)
async def test_a_token_that_is_not_for_this_is_refused(
    bot: RunningBot, connector: FakeConnector, claims: dict[str, Any], status: int
) -> None:
    answer = await bot.post(executed(connector.url), **claims)
    assert answer.status == status
    assert (bot.events, connector.calls) == ([], [])


async def test_a_token_signed_by_somebody_else_under_a_known_key_id_is_refused(
    bot: RunningBot, connector: FakeConnector
) -> None:
    answer = await bot.post(personal(connector.url), key=SigningKey.new("key-1"))
    assert answer.status == 401


async def test_an_unsigned_token_is_refused(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector
) -> None:
    _, payload, _ = issuer.token(connector.url).split(".")
    unsigned = f"eyJhbGciOiJub25lIiwia2lkIjoia2V5LTEifQ.{payload}."
    answer = await bot.request(
        "POST", "/api/messages", json=personal(connector.url), headers={"Authorization": f"Bearer {unsigned}"}
    )
    assert answer.status == 401


async def test_a_key_vouches_only_for_the_channels_it_is_endorsed_for(
    bot: RunningBot, connector: FakeConnector
) -> None:
    activity = {**personal(connector.url), "channelId": "directline"}
    assert (await bot.post(activity)).status == 403


async def test_a_service_url_may_end_with_a_slash_or_not(bot: RunningBot, connector: FakeConnector) -> None:
    answer = await bot.post(personal(connector.url), serviceurl=connector.url + "/")
    assert answer.status == 200


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"7",
        b"null",
        b"\xff\xfe\xfd",
        b"[" * 100_000,
        b'{"type": "message", "text": "\\ud800"}',
        b'{"type": "message", "id": "\xed\xa0\x80"}',
        '{"type": "message"}'.encode("utf-16"),
        b"{}",
        b'{"type": 7}',
        b'{"type": "message"}',
        b'{"type": "message", "conversation": "x"}',
        b'{"type": "message", "conversation": {"id": "a"}, "serviceUrl": 3}',
    ],
)
async def test_what_is_no_activity_is_a_bad_request(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector, data: bytes
) -> None:
    answer = await _post(bot, data, _headers(issuer, connector))
    assert answer.status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"from": None},
        {"from": []},
        {"from": {"id": 5}},
        {"conversation": None},
        {"recipient": "bot"},
        {"channelData": "x"},
        {"channelData": {"team": []}},
        {"entities": {}},
        {"value": []},
        {"value": {"action": "x"}},
        {"value": {"action": {"verb": 3}}},
        {"value": {"action": {"verb": "x", "data": []}}},
        {"serviceUrl": None},
    ],
)
async def test_a_field_of_the_wrong_kind_is_a_bad_request(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector, change: dict[str, Any]
) -> None:
    activity = {**executed(connector.url), **change}
    answer = await _post(bot, json.dumps(activity).encode(), _headers(issuer, connector))
    assert answer.status == 400


@pytest.mark.parametrize("depth", [30, 400, 900])
async def test_data_that_is_nested_without_end_is_a_bad_request(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector, depth: int
) -> None:
    deep = "[" * depth + "]" * depth
    data = json.dumps(executed(connector.url, data={"x": "HERE"})).replace('"HERE"', deep).encode()
    assert (await _post(bot, data, _headers(issuer, connector))).status == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
async def test_another_content_type_is_refused(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector, kind: str
) -> None:
    data = json.dumps(personal(connector.url)).encode()
    answer = await _post(bot, data, _headers(issuer, connector, **{"Content-Type": kind}))
    assert answer.status == 415


async def test_a_body_over_the_limit_is_refused(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector
) -> None:
    activity = personal(connector.url, "x" * 300_000)
    answer = await _post(bot, json.dumps(activity).encode(), _headers(issuer, connector))
    assert answer.status == 413


async def test_a_small_body_that_unpacks_to_a_large_one_is_refused(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector
) -> None:
    data = gzip.compress(json.dumps(personal(connector.url, "x" * 3_000_000)).encode())
    answer = await _post(bot, data, _headers(issuer, connector, **{"Content-Encoding": "gzip"}))
    assert answer.status == 413


async def test_a_body_that_is_not_packed_as_it_says_is_a_bad_request(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector
) -> None:
    answer = await _post(bot, b"no gzip", _headers(issuer, connector, **{"Content-Encoding": "gzip"}))
    assert answer.status == 400


async def test_only_posts_are_taken(bot: RunningBot) -> None:
    assert (await bot.request("GET", "/api/messages")).status == 405


async def test_a_text_with_nul_and_emoji_comes_through_clean(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector
) -> None:
    activity = personal(connector.url, "klotter\x00 👍🏽")
    assert (await _post(bot, json.dumps(activity).encode(), _headers(issuer, connector))).status == 200
    assert [event.text for event in bot.events if hasattr(event, "text")] == ["klotter 👍🏽"]


async def test_without_tokens_only_this_machine_is_called_back(open_bot: RunningBot) -> None:
    answer = await open_bot.post(personal("https://somebody.example/"))
    assert (answer.status, open_bot.events) == (403, [])


async def test_without_tokens_a_web_page_under_another_name_is_not_let_in(open_bot: RunningBot) -> None:
    headers = {"Host": "rebound.example"}
    answer = await open_bot.request(
        "POST", "/api/messages", json=personal("http://127.0.0.1:1/"), headers=headers
    )
    assert (answer.status, open_bot.events) == (403, [])
