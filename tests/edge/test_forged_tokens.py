"""Tokens that are forged, broken or for somebody else, over real HTTP: 401 or 403, counted, and nobody is called."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.teams.activities import Reply
from tests.connector import FakeConnector
from tests.edge.bot import RunningBot, running
from tests.edge.payloads import TENANT, executed, personal
from tests.issuer import APP_ID, Issuer, SigningKey

Forger = Callable[[Issuer, str], str]
HOUR = 3600


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _claims(issuer: Issuer, url: str) -> dict[str, Any]:
    return {"iss": issuer.url, "aud": APP_ID, "exp": int(time.time()) + HOUR, "serviceurl": url}


def _unsigned(spelling: str) -> Forger:
    def forge(issuer: Issuer, url: str) -> str:
        return f"{_part({'alg': spelling, 'kid': 'key-1'})}.{_part(_claims(issuer, url))}."

    return forge


def _public_key_as_secret(issuer: Issuer, url: str) -> str:
    """The classic confusion: an HMAC whose secret is what everybody may read."""
    public = issuer.keys[-1].private.public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{_part({'alg': 'HS256', 'kid': 'key-1'})}.{_part(_claims(issuer, url))}"
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _with(**claims: Any) -> Forger:
    return lambda issuer, url: issuer.token(url, **claims)


def _later(**seconds: int) -> Forger:
    """Times are reckoned when the token is made, not when the tests are collected."""
    return lambda issuer, url: issuer.token(
        url, **{name: int(time.time()) + offset for name, offset in seconds.items()}
    )


def _other_claims_under_a_true_signature(issuer: Issuer, url: str) -> str:
    head, _, signature = issuer.token(url).split(".")
    return f"{head}.{_part({**_claims(issuer, url), 'role': 'admin'})}.{signature}"


def _key_in_the_header(issuer: Issuer, url: str) -> str:
    """The forger's own key sent along, as if the receiver would take it from there."""
    import jwt  # noqa: PLC0415  only this forgery needs it

    forged = SigningKey.new("key-1")
    head = {
        "kid": "key-1",
        "jwk": forged.public(),
        "jku": "https://keys.example/",
        "x5u": "https://keys.example/",
    }
    return jwt.encode(_claims(issuer, url), forged.private, algorithm="RS256", headers=head)


FORGED: dict[str, tuple[Forger, int, str]] = {
    "alg none": (_unsigned("none"), 401, "algorithm"),
    "alg None": (_unsigned("None"), 401, "algorithm"),
    "no alg": (_unsigned(""), 401, "algorithm"),
    "public key as secret": (_public_key_as_secret, 401, "algorithm"),
    "another's key under a known id": (_with(key=SigningKey.new("key-1")), 401, "signature"),
    "another's key in the header": (_key_in_the_header, 401, "signature"),
    "claims exchanged": (_other_claims_under_a_true_signature, 401, "signature"),
    "wrong issuer": (_with(iss="https://sts.windows.net/somebody/"), 401, "issuer"),
    "issuer with more": (lambda issuer, url: issuer.token(url, iss=issuer.url + "/"), 401, "issuer"),
    "wrong audience": (_with(aud="another-bot"), 403, "audience"),
    "audience is a part of ours": (_with(aud=APP_ID[:-1]), 403, "audience"),
    "another service URL": (_with(serviceurl="https://somebody.example/"), 403, "service_url"),
    "service URL as a prefix": (
        lambda issuer, url: issuer.token(url, serviceurl=url[:-1]),
        403,
        "service_url",
    ),
    "no service URL": (_with(serviceurl=None), 403, "service_url"),
    "another tenant": (_with(tid="another-tenant"), 403, "tenant"),
    "expired": (_later(exp=-HOUR), 401, "expired"),
    "not yet valid": (_later(nbf=HOUR), 401, "not_yet_valid"),
    "issued in the future": (_later(iat=HOUR), 401, "not_yet_valid"),
    "unknown key id": (_with(key=SigningKey.new("key-99")), 401, "unknown_key"),
    "truncated signature": (lambda issuer, url: issuer.token(url)[:-22], 401, "signature"),
    "truncated claims": (lambda issuer, url: issuer.token(url)[:200], 401, "malformed"),
    "truncated head": (lambda issuer, url: issuer.token(url)[:20], 401, "malformed"),
    "over 16 kB": (_with(more="x" * 16_000), 401, "too_long"),
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_token_is_refused_and_counted_and_nobody_is_called(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector, name: str
) -> None:
    forge, status, reason = FORGED[name]
    bot.reply = Reply(text="Hej!")
    before = await _refused(bot)
    headers = {"Authorization": f"Bearer {forge(issuer, connector.url)}"}
    for activity in (personal(connector.url), executed(connector.url)):
        answer = await bot.request("POST", "/api/messages", json=activity, headers=headers)
        assert (answer.status, answer.body) == (status, {"error": reason})
    assert (bot.events, connector.calls, issuer.tokens_given) == ([], [], [])
    grown = {key: count - before.get(key, 0) for key, count in (await _refused(bot)).items()}
    assert {key: count for key, count in grown.items() if count} == {reason: 2}


async def test_the_true_token_beside_the_forged_ones_is_let_in(
    bot: RunningBot, connector: FakeConnector
) -> None:
    bot.reply = Reply(text="Hej!")
    assert (await bot.post(personal(connector.url), tid=TENANT)).status == 200
    assert len(connector.sent) == 1


async def test_a_service_url_that_the_token_does_not_vouch_for_is_never_called(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector
) -> None:
    bot.reply = Reply(text="hemligt")
    headers = issuer.authorization(connector.url)
    async with FakeConnector() as thief:
        for url in (
            thief.url,
            f"{connector.url}@{thief.url.removeprefix('http://')}",
            f"{connector.url}/../x",
        ):
            for activity in (personal(url), executed(url)):
                answer = await bot.request("POST", "/api/messages", json=activity, headers=headers)
                assert (answer.status, answer.body) == (403, {"error": "service_url"})
        assert (thief.calls, thief.connections, connector.calls) == ([], 0, [])


async def test_a_header_that_no_token_fills_is_refused_before_it_is_read_to_its_end(
    bot: RunningBot, connector: FakeConnector
) -> None:
    before = await _refused(bot)
    headers = {"Authorization": "Bearer " + "x" * 100_000}
    answer = await bot.request("POST", "/api/messages", json=personal(connector.url), headers=headers)
    assert answer.status == 431
    assert (await _refused(bot))["http"] == before.get("http", 0) + 1


async def test_what_is_no_http_is_counted(bot: RunningBot) -> None:
    before = await _refused(bot)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(bot.url.rpartition(":")[2]))
    writer.write(b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nx")
    assert (await reader.readline()).endswith(b" 400 Bad Request\r\n")
    writer.close()
    assert (await _refused(bot))["http"] == before.get("http", 0) + 1


async def test_a_key_without_the_channels_endorsement_does_not_sign_for_it(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector
) -> None:
    before = await _refused(bot)
    activity = {**personal(connector.url), "channelId": "webchat"}
    assert (await bot.post(activity)).status == 403
    assert (await _refused(bot))["endorsement"] == before.get("endorsement", 0) + 1


async def test_a_key_that_is_endorsed_for_more_than_teams_lets_in_nobody_but_teams(
    bot: RunningBot, issuer: Issuer, connector: FakeConnector
) -> None:
    key = issuer.rotate()
    key.endorsements = ["msteams", "directline"]
    before = await _refused(bot)
    assert (await bot.post(personal(connector.url))).status == 200
    assert (await bot.post({**personal(connector.url), "channelId": "directline"})).status == 403
    assert (await _refused(bot))["channel"] == before.get("channel", 0) + 1


@pytest_asyncio.fixture
async def closed_bot() -> AsyncIterator[RunningBot]:
    """A bot for two tenants that are named."""
    async with Issuer() as issuer:
        named = {**issuer.environment, "TENANTS": f"{TENANT}, tenant-ludvika"}
        async with running(named, issuer) as bot:
            yield bot


async def test_people_of_a_tenant_that_is_not_named_are_not_let_in(closed_bot: RunningBot) -> None:
    async with FakeConnector() as connector:
        assert (await closed_bot.post(executed(connector.url))).status == 200
        stranger = executed(connector.url, channelData={"tenant": {"id": "tenant-elsewhere"}})
        answer = await closed_bot.post(stranger)
        assert (answer.status, answer.body) == (403, {"error": "tenant"})
        assert len(closed_bot.events) == 1


async def _refused(bot: RunningBot) -> dict[str, float]:
    """Refusals by reason, as /metrics tells them."""
    answer = await bot.request("GET", "/metrics")
    start = 'lagesbild_requests_refused_total{reason="'
    lines = [line for line in answer.body.splitlines() if line.startswith(start)]
    return {line.removeprefix(start).partition('"')[0]: float(line.rpartition(" ")[2]) for line in lines}
