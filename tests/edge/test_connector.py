"""Calls to Teams: what is sent, what a refusal means, and how tokens and connections are shared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import pytest_asyncio

from bot.settings import Settings
from bot.teams.connector import MOST_BYTES, Channel, Connector, Ref
from bot.teams.faults import ConnectorError, seconds
from bot.teams.tokens import CachedTokens
from tests.connector import FakeConnector
from tests.issuer import APP_ID, PASSWORD, Issuer

HELLO = {"type": "message", "text": "Hej på dig"}


@pytest_asyncio.fixture
async def sender(issuer: Issuer) -> AsyncIterator[Connector]:
    async with Connector.from_settings(Settings.model_validate(issuer.environment)) as sender:
        yield sender


async def _fault(sender: Connector, connector: FakeConnector) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        await sender.send(Ref(connector.url, "a:1"), HELLO)
    return caught.value


async def test_a_message_is_sent_and_edited(sender: Connector, connector: FakeConnector) -> None:
    to = Ref(connector.url + "/", "19:lage/ä@thread.tacv2;messageid=1")
    sent = await sender.send(to, HELLO)
    await sender.update(to, sent, {"type": "message", "text": "Ändrat"})
    assert [one.body["text"] for one in connector.in_conversation(to.conversation_id)] == ["Ändrat"]


async def test_a_personal_chat_is_opened_in_the_right_tenant(
    sender: Connector, connector: FakeConnector
) -> None:
    first = await sender.open_personal(connector.url, "tenant", "28:bot", "29:anna")
    again = await sender.open_personal(connector.url, "tenant", "28:bot", "29:anna")
    assert first == again == "personal-29:anna"
    assert connector.calls[0].body == {
        "bot": {"id": "28:bot"},
        "members": [{"id": "29:anna"}],
        "isGroup": False,
        "tenantId": "tenant",
        "channelData": {"tenant": {"id": "tenant"}},
    }


async def test_a_roster_is_read_page_by_page(sender: Connector, connector: FakeConnector) -> None:
    people = [{"id": f"29:{n}", "name": f"Person {n}", "objectId": f"aad-{n}"} for n in range(120)]
    connector.roster["19:team"] = people
    members = await sender.members(connector.url, "19:team")
    assert [member.user_id for member in members] == [one["id"] for one in people]
    assert (members[7].name, members[7].aad_object_id) == ("Person 7", "aad-7")
    assert len(connector.calls) == 3


async def test_the_channels_of_a_team(sender: Connector, connector: FakeConnector) -> None:
    connector.channels["19:team"] = [{"id": "19:team"}, {"id": "19:lage", "name": "Lägesbild"}]
    assert await sender.channels(connector.url, "19:team") == [
        Channel("19:team", None),
        Channel("19:lage", "Lägesbild"),
    ]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, "TooManyRequests", "throttled"),
        (412, "PreconditionFailed", "retryable"),
        (502, "BadGateway", "retryable"),
        (503, "ServiceUnavailable", "retryable"),
        (504, "GatewayTimeout", "retryable"),
        (500, "ServiceError", "rejected"),
        (400, "BadSyntax", "rejected"),
        (403, "ForbiddenOperationException", "not_installed"),
        (403, "BotNotInConversationRoster", "not_installed"),
        (403, "ConversationBlockedByUser", "blocked"),
        (403, "BotDisabledByAdmin", "blocked"),
        (403, "MessageWritesBlocked", "blocked"),
        (403, "SomethingNew", "rejected"),
        (404, "ConversationNotFound", "gone"),
        (413, "RequestEntityTooLarge", "too_large"),
    ],
)
async def test_a_refusal_says_what_to_do(
    sender: Connector, connector: FakeConnector, status: int, code: str, kind: str
) -> None:
    connector.fail(status, code)
    fault = await _fault(sender, connector)
    assert (fault.status, fault.code, fault.kind) == (status, code, kind)
    assert len(connector.calls) == 1


async def test_a_throttled_call_says_how_long_to_wait(sender: Connector, connector: FakeConnector) -> None:
    connector.fail(429, retry_after=7)
    assert (await _fault(sender, connector)).retry_after == 7


def test_retry_after_can_be_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert seconds(later) == pytest.approx(30, abs=2)
    assert (seconds("soon"), seconds(None), seconds("-1")) == (None, None, 0)


async def test_a_silent_server_is_not_waited_for_without_end() -> None:
    async with FakeConnector() as connector, Connector(timeout=0.1) as sender:
        connector.fail(200, delay=5)
        fault = await _fault(sender, connector)
    assert (fault.status, fault.kind, fault.code) == (0, "retryable", "Timeout")


async def test_a_cut_line_can_be_tried_again(sender: Connector, connector: FakeConnector) -> None:
    connector.fail(0)
    fault = await _fault(sender, connector)
    assert (fault.status, fault.kind, fault.code) == (0, "retryable", "NoAnswer")


async def test_nobody_listening_can_be_tried_again(sender: Connector) -> None:
    with pytest.raises(ConnectorError) as caught:
        await sender.send(Ref("http://127.0.0.1:9", "a:1"), HELLO)
    assert caught.value.kind == "retryable"


async def test_too_large_a_message_is_never_sent(sender: Connector, connector: FakeConnector) -> None:
    half = MOST_BYTES // 2
    await sender.send(Ref(connector.url, "a:1"), {"text": "ä" * (half - 20)})
    with pytest.raises(ConnectorError) as caught:
        await sender.send(Ref(connector.url, "a:1"), {"text": "ä" * half})
    assert (caught.value.kind, len(connector.calls)) == ("too_large", 1)


async def test_a_redirect_is_not_followed(sender: Connector, connector: FakeConnector) -> None:
    connector.fail(307)
    assert (await _fault(sender, connector)).kind == "rejected"


async def test_one_token_and_few_connections_serve_many_sends(
    sender: Connector, connector: FakeConnector, issuer: Issuer
) -> None:
    issuer.token_delay = 0.05
    for _ in range(3):
        await asyncio.gather(*(sender.send(Ref(connector.url, f"a:{n}"), HELLO) for n in range(20)))
    assert (len(connector.sent), len(issuer.tokens_given)) == (60, 1)
    assert connector.connections <= 20
    assert issuer.forms[0]["scope"] == "https://api.botframework.com/.default"
    assert issuer.forms[0]["client_secret"] == PASSWORD


async def test_a_slow_token_endpoint_does_not_stop_the_loop(
    sender: Connector, connector: FakeConnector, issuer: Issuer
) -> None:
    issuer.token_delay = 0.3
    sending = asyncio.create_task(sender.send(Ref(connector.url, "a:1"), HELLO))
    turns = 0
    while not sending.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 10


async def test_a_token_is_renewed_before_it_ends_without_making_anybody_wait(
    sender: Connector, connector: FakeConnector, issuer: Issuer
) -> None:
    now, tokens = 0.0, sender._tokens
    assert isinstance(tokens, CachedTokens)
    tokens._now = lambda: now
    issuer.lifetime = 100.0
    await sender.send(Ref(connector.url, "a:1"), HELLO)
    now, issuer.token_delay = 85.0, 0.5
    await sender.send(Ref(connector.url, "a:1"), HELLO)
    assert tokens._fetching
    await tokens._fetching
    await sender.send(Ref(connector.url, "a:1"), HELLO)
    used = [call.authorization for call in connector.calls]
    assert used == ["Bearer access-1", "Bearer access-1", "Bearer access-2"]


async def test_a_token_that_is_refused_is_renewed_once(
    sender: Connector, connector: FakeConnector, issuer: Issuer
) -> None:
    await sender.send(Ref(connector.url, "a:1"), HELLO)
    issuer.revoked.add("access-1")
    await sender.send(Ref(connector.url, "a:1"), HELLO)
    connector.fail(401, "Unauthorized", times=-1)
    assert (await _fault(sender, connector)).kind == "rejected"
    assert len(connector.sent) == 2


@pytest.mark.parametrize(("status", "kind"), [(401, "rejected"), (400, "rejected"), (503, "retryable")])
async def test_a_failing_token_endpoint_is_told_apart_from_wrong_credentials(
    sender: Connector, connector: FakeConnector, issuer: Issuer, status: int, kind: str
) -> None:
    issuer.token_status = status
    fault = await _fault(sender, connector)
    assert (fault.code, fault.kind, connector.calls) == ("TokenRefused", kind, [])


async def test_a_bot_with_a_managed_identity_needs_no_password(
    connector: FakeConnector, issuer: Issuer
) -> None:
    environment = {
        "MICROSOFT_APP_ID": APP_ID,
        "MICROSOFT_APP_TYPE": "UserAssignedMSI",
        "IDENTITY_ENDPOINT": f"{issuer.url}/identity",
        "IDENTITY_HEADER": "machine-secret",
    }
    async with Connector.from_settings(Settings.model_validate(environment)) as sender:
        await sender.send(Ref(connector.url, "a:1"), HELLO)
    assert issuer.forms == [
        {
            "resource": "https://api.botframework.com",
            "client_id": APP_ID,
            "api-version": "2019-08-01",
            "secret": "machine-secret",
        }
    ]
    assert len(connector.sent) == 1


async def test_without_an_app_id_no_authorization_is_sent() -> None:
    async with FakeConnector() as playground, Connector() as sender:
        await sender.send(Ref(playground.url, "a:1"), HELLO)
        assert playground.calls[0].authorization is None


async def test_the_fake_enforces_teams_limits(sender: Connector, connector: FakeConnector) -> None:
    connector.limited = True
    for _ in range(7):
        await sender.send(Ref(connector.url, "a:1"), HELLO)
    fault = await _fault(sender, connector)
    assert (fault.kind, connector.refused, len(connector.sent)) == ("throttled", 1, 7)
    assert fault.retry_after
