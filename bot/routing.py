"""What came in → one handler, in one transaction. Unknown input is answered, never dropped.

A feature is one file in `bot/handlers/` with its `Feature`, and one line in `bot/app.py`. A handler reads the
turn, calls a use case and answers with a card; it never commits. Errors that carry facts become words here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from bot.acting import Meant, acting, turn_of
from bot.commands import Command, Typed, understand
from bot.failures import in_words
from bot.features import Feature, SeveralGroups, Stranger, merged
from bot.fetching import NOTHING, Fetched, Needs
from bot.permission import permit
from bot.teams.activities import (
    Event,
    Ignored,
    Message,
    Pressed,
    Reply,
)
from cards.actions import ActionError, Payload, UnknownVerb
from cards.given_back import given_back
from cards.help import REST, RunCommand, which_group_card
from cards.inputs import BadInput, Inputs
from cards.texts import Texts
from lagesbild.answering import MAX_COMMENT, SecrecyFound
from lagesbild.errors import Invalid, LagesbildError
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from storage import Undone

log = structlog.get_logger(__name__)


class OpenWork(Protocol):
    """Opens one unit of work with its outbox; commits on a clean exit, rolls back on an exception."""

    def __call__(self, *, shared: bool = False) -> AbstractAsyncContextManager[Work]: ...


class Fetch(Protocol):
    """Fetches from Teams what a handler needs, before the transaction: a slow network holds no lock."""

    async def __call__(self, needs: Needs, event: Event, group: Group | None) -> Fetched: ...


class Router:
    """Finds the handler of an event and runs it in one transaction."""

    def __init__(
        self, open_work: OpenWork, fetch: Fetch, features: Sequence[Feature], language: str = ""
    ) -> None:
        self._open_work = open_work
        self._fetch = fetch
        self._language = language
        self._all = merged(features)

    async def __call__(self, event: Event) -> Reply | None:
        """The reply to an event; None where silence is right (reactions, edits, typing)."""
        if isinstance(event, Ignored):
            return None
        texts = Texts(self._language or _language(event))
        try:
            return await self._answer(event, texts)
        except Stranger:
            return await self._run(event, texts, _Call(None, self._all.stranger, ("",)))
        except (LagesbildError, ActionError, BadInput) as error:
            log.info("refused", error=type(error).__name__, event_type=type(event).__name__)
            card = await self._given_back(event, texts, error)
            text = None if card else in_words(error, texts)
            return Reply(card=card, text=text, replace=card is not None, outcome="refused")

    async def _given_back(self, event: Event, texts: Texts, error: Exception) -> dict[str, Any] | None:
        """The form that was sent, with what was typed in it and what is wrong; None where words alone are left.

        The refused turn is undone: the form is built in one of its own.
        """
        if not isinstance(event, Pressed) or not isinstance(error, Invalid | BadInput | SecrecyFound):
            return None
        payload = Payload.parse(event.data)
        build = self._all.forms.get(type(payload))
        if build is None:
            return None
        call = _Call(type(payload), build, (payload, Inputs(event.data)), payload)
        try:
            form = await self._run(event, texts, call)
        except (LagesbildError, ActionError, BadInput):
            return None
        return _filled(texts, form, event, error)

    async def _answer(self, event: Event, texts: Texts) -> Reply | None:
        if isinstance(event, Message):
            return await self._answer_message(event, texts)
        if isinstance(event, Pressed):
            return await self._answer_button(event, texts)
        key = type(event)
        return await self._run(event, texts, _Call(key, self._all.events.get(key), (event,)))

    async def _answer_message(
        self, event: Message, texts: Texts, payload: Payload | None = None
    ) -> Reply | None:
        meant = understand(event.text)
        if not isinstance(meant, Typed) or meant.command not in self._all.commands:
            return await self._run(event, texts, _Call(None, self._all.unclear, (event.text,)))
        handler = self._all.commands[meant.command]
        try:
            return await self._run(event, texts, _Call(meant.command, handler, (meant.rest,), payload))
        except SeveralGroups as several:
            word = meant.command.in_language(texts.language)
            return Reply(card=which_group_card(texts, word, meant.rest, several.groups).to_dict())

    async def _answer_button(self, event: Pressed, texts: Texts) -> Reply | None:
        payload, inputs = Payload.parse(event.data), Inputs(event.data)
        if isinstance(payload, RunCommand):
            line = f"{payload.line} {inputs.text(REST, max=MAX_COMMENT)}".strip()
            message = Message(event.who, event.where, event.activity_id, line)
            return await self._answer_message(message, texts, payload)
        key = type(payload)
        handler = self._all.buttons.get(key)
        if handler is None:
            raise UnknownVerb(payload.verb)
        return await self._run(event, texts, _Call(key, handler, (payload, inputs), payload))

    async def _run(self, event: Event, texts: Texts, call: _Call) -> Reply | None:
        """What is needed from Teams, then the turn, then whether the person may, then the handler."""
        handler = call.handler
        if handler is None:
            return None
        prepared = await self._prepare(event, call)

        async def run(work: Work) -> Reply | None:
            turn = await turn_of(work, event, texts, self._meant(call), prepared)
            self._permit(turn.actor, call)
            return await handler(turn, *call.arguments)

        return await self._in_one_transaction(run)

    async def _in_one_transaction(self, run: Callable[[Work], Awaitable[Reply | None]]) -> Reply | None:
        """The reply, once everything is committed; once more, alone, if another turn kept it from being so."""
        try:
            async with self._open_work(shared=True) as work:
                return await run(work)
        except Undone:
            log.warning("turn_repeated")
            async with self._open_work() as work:
                return await run(work)

    def _permit(self, actor: Member | None, call: _Call) -> None:
        if not permit(actor, self._all.rules[call.key]):
            raise Stranger

    def _meant(self, call: _Call) -> Meant:
        return Meant(call.payload, self._all.rules[call.key].act if isinstance(call.key, Command) else None)

    async def _prepare(self, event: Event, call: _Call) -> Fetched:
        """What the handler needs from Teams, of the group that it will act in; fetched for those alone who may run it."""
        needs = self._all.needs.get(call.key, NOTHING)
        if not needs:
            return Fetched()
        async with self._open_work() as work:
            _, actor = await acting(work, event, self._meant(call))
            self._permit(actor, call)
            group = await work.store.groups.get(actor.group_id) if actor else None
        return await self._fetch(needs, event, group)


def _filled(texts: Texts, form: Reply | None, event: Pressed, error: Exception) -> dict[str, Any] | None:
    if form is None or form.card is None:
        return None
    return given_back(texts, form.card, event.data, in_words(error, texts), getattr(error, "field", ""))


@dataclass(frozen=True)
class _Call:
    """What an event asks for: the handler with its place in the table, what it is given beside the turn, and the button
    that was pressed."""

    key: object
    handler: Callable[..., Awaitable[Reply | None]] | None
    arguments: tuple[object, ...]
    payload: Payload | None = None


def _language(event: Event) -> str:
    """A person's own language in the personal chat; Swedish in a channel, which everybody reads."""
    return (event.who.locale or "sv") if event.where.kind == "personal" else "sv"
