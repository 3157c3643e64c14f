"""One request from Teams = one botbuilder turn = one event; a right status code for every wrong request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import orjson
import structlog
from aiohttp import web
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationAccount

from bot.logging import where_raised
from bot.metrics import REFUSED, TURN_SECONDS, TURNS
from bot.teams.activities import Event, Ignored, Reply
from bot.teams.authentication import Refused, TeamsAuthentication
from bot.teams.clients import Client
from bot.teams.faults import ConnectorError
from bot.teams.fields import BadActivity
from bot.teams.keys import KeysUnavailable
from bot.teams.parse import parse
from bot.teams.replies import invoke_body

log = structlog.get_logger(__name__)

OnEvent = Callable[[Event], Awaitable[Reply | None]]
OnFailure = Callable[[Event], Reply]

_BODY_WITHIN = 10.0
"""Seconds that a request body may take to arrive."""


class TeamsAdapter(CloudAdapter):  # type: ignore[misc]
    """Botbuilder's adapter with our authentication, pooled clients, and no 500 for what others do wrong.

    `on_event` returns when its work is committed; only then does the reply leave. `on_failure` gives the
    words for an event whose handling raised.
    """

    def __init__(self, authentication: TeamsAuthentication, on_event: OnEvent, on_failure: OnFailure) -> None:
        super().__init__(authentication)
        self._authentication = authentication
        self._on_event = on_event
        self._on_failure = on_failure

    async def process(
        self,
        request: web.Request,
        bot: object = None,  # noqa: ARG002
        ws_response: object = None,  # noqa: ARG002
    ) -> web.Response:
        """Answer one request; `bot` and `ws_response` are botbuilder's, and not used."""
        try:
            return await self._answer(request)
        except Refused as refused:
            return _refusal(refused.status, refused.reason)
        except BadActivity as bad:
            return _refusal(400, "activity", field=str(bad))
        except KeysUnavailable:
            return _refusal(503, "no_keys")

    async def _answer(self, request: web.Request) -> web.Response:
        started = time.perf_counter()
        caller = await self._authentication.identify(request.headers.get("Authorization"), request.host)
        body = await _json_object(request)
        event = parse(body)
        allowed = self._authentication.vouch(
            caller, event.where.service_url, str(body.get("channelId") or ""), event.where.tenant_id
        )

        async def turn(context: TurnContext) -> None:
            await self._turn(context, event)

        answer = await self.process_activity(allowed, _activity(body), turn)
        TURN_SECONDS.labels(type(event).__name__).observe(time.perf_counter() - started)
        if answer is None:
            return web.Response()
        packed = orjson.dumps(answer.body)
        return web.Response(
            body=packed, status=answer.status, content_type="application/json", charset="utf-8"
        )

    async def _turn(self, context: TurnContext, event: Event) -> None:
        reply, outcome = await self._handled(event)
        if context.activity.type == ActivityTypes.invoke:
            answer = InvokeResponse(status=200, body=invoke_body(reply))
            context.turn_state[self._INVOKE_RESPONSE_KEY] = Activity(value=answer)
        elif reply is not None and not await _sent(
            context.turn_state[self.BOT_CONNECTOR_CLIENT_KEY], event, reply
        ):
            outcome = "unanswered"
        kind = type(event).__name__
        TURNS.labels(kind, outcome).inc()
        log.info("turn", event_kind=event.kind[:60] if isinstance(event, Ignored) else kind, outcome=outcome)

    async def _handled(self, event: Event) -> tuple[Reply | None, str]:
        try:
            reply = await self._on_event(event)
        except Exception as error:  # noqa: BLE001  the turn's last line of defence
            # Neither message nor locals of an exception are logged: they can hold what somebody wrote.
            log.error("handler_failed", event_kind=type(event).__name__, **where_raised(error))  # noqa: TRY400
            return self._failure(event), "failed"
        return reply, reply.outcome if reply else "silent"

    def _failure(self, event: Event) -> Reply:
        try:
            reply = self._on_failure(event)
        except Exception as error:  # noqa: BLE001  somebody waits for an answer
            log.error("failure_without_words", **where_raised(error))  # noqa: TRY400
            reply = Reply()
        return replace(reply, outcome="failed")


async def _sent(client: Client, event: Event, reply: Reply) -> bool:
    """Whether the reply left; the work is committed, so a failure here is logged and not Teams' to repeat."""
    if reply.card is None and not reply.text:
        return False
    try:
        await client.answer(event, reply)
    except ConnectorError as error:
        log.warning("reply_not_sent", status=error.status, code=error.code, fault=error.kind)
        return False
    return True


async def _json_object(request: web.Request) -> dict[str, Any]:
    """The body of a request: 415 for another type, 413 over the limit, 400 for no JSON object."""
    if request.content_type != "application/json":
        raise Refused(415, "content_type")
    try:
        async with asyncio.timeout(_BODY_WITHIN):
            raw = await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise Refused(413, "too_large") from error
    except TimeoutError as error:
        raise Refused(408, "slow_body") from error
    except web.RequestPayloadError as error:
        raise Refused(400, "broken_body") from error
    try:
        body = orjson.loads(raw)  # refuses half characters and what is too deep, which json lets through
    except ValueError as error:
        raise Refused(400, "json") from error
    if not isinstance(body, dict):
        raise Refused(400, "not_an_object")
    return body


def _activity(body: dict[str, Any]) -> Activity:
    """The activity as botbuilder's turn sees it; the library's deserializer takes forty times as long."""
    sender, recipient, conversation = (body.get(key) or {} for key in ("from", "recipient", "conversation"))
    return Activity(
        type=body["type"],
        id=body.get("id"),
        name=body.get("name"),
        channel_id=body.get("channelId"),
        service_url=body["serviceUrl"],
        from_property=ChannelAccount(id=sender.get("id"), name=sender.get("name")),
        recipient=ChannelAccount(id=recipient.get("id"), name=recipient.get("name")),
        conversation=ConversationAccount(id=conversation["id"], tenant_id=conversation.get("tenantId")),
        text=body.get("text"),
        value=body.get("value"),
        channel_data=body.get("channelData"),
    )


def _refusal(status: int, reason: str, **details: str) -> web.Response:
    REFUSED.labels(reason).inc()
    log.info("request_refused", status=status, reason=reason, **details)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return web.json_response({"error": reason, **details}, status=status, headers=headers)
