"""What came in → one handler, in one transaction. Unknown input is answered, never dropped.

A feature is one file in `bot/handlers/` with its `Feature`, and one line in `bot/app.py`. A handler reads the
turn, calls a use case and answers with a card; it never commits. Errors that carry facts become words here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import structlog

from bot.commands import Command, Typed, understand
from bot.failures import in_words
from bot.teams.activities import (
    BotAdded,
    Event,
    Ignored,
    Message,
    Pressed,
    Reply,
)
from cards.actions import ActionError, Payload, UnknownVerb
from cards.help import RunCommand
from cards.inputs import BadInput, Inputs
from cards.texts import Texts
from lagesbild.errors import LagesbildError
from lagesbild.ids import GroupId, RoundId
from lagesbild.people import Group, GroupState, Member
from lagesbild.ports import Work
from lagesbild.roster import Person
from lagesbild.usecases.council import enter_council
from lagesbild.usecases.status import rearm

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Turn:
    """What a handler is given: the event, an open unit of work, and who acts (None for a stranger).

    `memberships` are all the person's groups in this tenant; `prepared` is what the handler's `prepare` fetched
    from Teams before the transaction was opened.
    """

    event: Event
    work: Work
    texts: Texts
    memberships: tuple[Member, ...]
    actor: Member | None
    group: Group | None
    prepared: Any = None

    @property
    def member(self) -> Member:
        """The acting member; Stranger if the person is in no group."""
        if self.actor is None:
            raise Stranger
        return self.actor

    @property
    def in_channel(self) -> bool:
        return self.event.where.kind == "channel"


class Stranger(LagesbildError):
    """The person is not in any group here: told how to join."""


CommandHandler = Callable[[Turn, str], Awaitable[Reply | None]]
ButtonHandler = Callable[[Turn, Any, Inputs], Awaitable[Reply | None]]
EventHandler = Callable[[Turn, Any], Awaitable[Reply | None]]
Prepare = Callable[[Event], Awaitable[Any]]


@dataclass
class Feature:
    """The handlers of one feature, collected by decorators."""

    commands: dict[Command, CommandHandler] = field(default_factory=dict)
    buttons: dict[type[Payload], ButtonHandler] = field(default_factory=dict)
    events: dict[type, EventHandler] = field(default_factory=dict)
    unclear: CommandHandler | None = None
    stranger: CommandHandler | None = None
    needs: dict[object, str] = field(default_factory=dict)

    def command(self, command: Command, *, needs: str = "") -> Callable[[CommandHandler], CommandHandler]:
        """Handle a typed command. `needs` names what must be fetched from Teams first (`roster`, `channels`)."""

        def add(handler: CommandHandler) -> CommandHandler:
            self.commands[command] = handler
            self.needs[command] = needs
            return handler

        return add

    def button(self, payload: type[Payload], *, needs: str = "") -> Callable[[ButtonHandler], ButtonHandler]:
        """Handle a pressed button by its payload's type."""

        def add(handler: ButtonHandler) -> ButtonHandler:
            self.buttons[payload] = handler
            self.needs[payload] = needs
            return handler

        return add

    def on(self, event: type, *, needs: str = "") -> Callable[[EventHandler], EventHandler]:
        """Handle an installation or membership event."""

        def add(handler: EventHandler) -> EventHandler:
            self.events[event] = handler
            self.needs[event] = needs
            return handler

        return add


class OpenWork(Protocol):
    """Opens one unit of work with its outbox; commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Work]: ...


class Fetch(Protocol):
    """Fetches from Teams what a handler needs, before the transaction: a slow network holds no lock."""

    async def __call__(self, what: str, event: Event) -> Any: ...


class Router:
    """Finds the handler of an event and runs it in one transaction."""

    def __init__(
        self, open_work: OpenWork, fetch: Fetch, features: Sequence[Feature], language: str = ""
    ) -> None:
        self._open_work = open_work
        self._fetch = fetch
        self._language = language
        self._all = _merged(features)

    async def __call__(self, event: Event) -> Reply | None:
        """The reply to an event; None where silence is right (reactions, edits, typing)."""
        if isinstance(event, Ignored):
            return None
        texts = Texts(self._language or _language(event))
        try:
            return await self._answer(event, texts)
        except Stranger:
            return await self._run(event, texts, self._all.stranger, "", None)
        except (LagesbildError, ActionError, BadInput) as error:
            log.info("refused", error=type(error).__name__, event_type=type(event).__name__)
            return Reply(card=None, text=in_words(error, texts), replace=False)

    async def _answer(self, event: Event, texts: Texts) -> Reply | None:
        if isinstance(event, Message):
            return await self._answer_message(event, texts)
        if isinstance(event, Pressed):
            return await self._answer_button(event, texts)
        handler = self._all.events.get(type(event))
        return await self._run(event, texts, handler, event, type(event)) if handler else None

    async def _answer_message(
        self, event: Message, texts: Texts, payload: Payload | None = None
    ) -> Reply | None:
        meant = understand(event.text)
        if isinstance(meant, Typed) and meant.command in self._all.commands:
            handler = self._all.commands[meant.command]
            return await self._run(event, texts, handler, meant.rest, meant.command, payload)
        return await self._run(event, texts, self._all.unclear, event.text, None)

    async def _answer_button(self, event: Pressed, texts: Texts) -> Reply | None:
        payload = Payload.parse(event.data)
        if isinstance(payload, RunCommand):
            message = Message(event.who, event.where, event.activity_id, payload.line)
            return await self._answer_message(message, texts, payload)
        handler = self._all.buttons.get(type(payload))
        if handler is None:
            raise UnknownVerb(payload.verb)
        prepared = await self._prepare(type(payload), event)
        async with self._open_work() as work:
            turn = await _turn(work, event, texts, payload, prepared)
            return await handler(turn, payload, Inputs(event.data))

    async def _run(  # noqa: PLR0917 - one call site for commands, events and strangers
        self,
        event: Event,
        texts: Texts,
        handler: Callable[[Turn, Any], Awaitable[Reply | None]] | None,
        argument: object,
        key: object,
        payload: Payload | None = None,
    ) -> Reply | None:
        if handler is None:
            return None
        prepared = await self._prepare(key, event)
        async with self._open_work() as work:
            return await handler(await _turn(work, event, texts, payload, prepared), argument)

    async def _prepare(self, key: object, event: Event) -> Any:
        what = self._all.needs.get(key, "")
        return await self._fetch(what, event) if what else None


def _merged(features: Sequence[Feature]) -> Feature:
    merged = Feature()
    for feature in features:
        for name in ("commands", "buttons", "events", "needs"):
            mine, theirs = getattr(merged, name), getattr(feature, name)
            twice = mine.keys() & theirs.keys()
            if twice:
                raise ValueError(f"two handlers for {twice}")
            mine.update(theirs)
        merged.unclear = merged.unclear or feature.unclear
        merged.stranger = merged.stranger or feature.stranger
    return merged


async def _turn(work: Work, event: Event, texts: Texts, payload: Payload | None, prepared: object) -> Turn:
    entered = await _enter_councils(work, event, texts)
    memberships = tuple(await work.store.members.list_by_user(event.who.tenant_id, event.who.user_id))
    group_id = await _meant_group(work, event, payload, entered)
    actor = await _acting(work, memberships, group_id)
    if actor is not None:
        actor = await _remember(work, event, actor, texts)
        group_id = actor.group_id
    group = await work.store.groups.get(group_id) if group_id else None
    if group is not None and group.home.tenant_id != event.who.tenant_id:
        group = None
    return Turn(event, work, texts, memberships, actor, group, prepared)


async def _enter_councils(work: Work, event: Event, texts: Texts) -> tuple[GroupId, ...]:
    """The groups whose council meets where this happened: whoever writes or presses there sits in it (C1)."""
    where, who = event.where, event.who
    if where.kind == "personal" or not isinstance(event, Message | Pressed) or not who.user_id:
        return ()
    entered = []
    for council in await work.store.councils.list_by_conversation(where.conversation_id.partition(";")[0]):
        group = await work.store.groups.get(council.group_id)
        if group is not None and group.home.tenant_id == who.tenant_id:
            person = Person(who.user_id, who.name, who.aad_object_id, texts.language)
            entered.append((await enter_council(work, group, person)).group_id)
    return tuple(entered)


async def _meant_group(
    work: Work, event: Event, payload: Payload | None, entered: Sequence[GroupId]
) -> GroupId | None:
    """The group a button's payload, the council that meets there or the team names; None leaves it to the person's
    memberships."""
    if round_id := getattr(payload, "round_id", ""):
        round_ = await work.store.rounds.get(RoundId(round_id))
        return round_.group_id if round_ else GroupId("")
    if group_id := getattr(payload, "group_id", ""):
        return GroupId(group_id)
    if entered:
        return entered[0]
    if event.where.team_id:
        group = await work.store.groups.get_by_team(event.who.tenant_id, event.where.team_id)
        return group.id if group else None
    return None


async def _acting(work: Work, memberships: tuple[Member, ...], group_id: GroupId | None) -> Member | None:
    """The person as a member of the meant group. If none is meant, of the first that is set up: a team that the bot
    was added to for the council alone is none."""
    if group_id is None:
        for member in memberships[1:] and memberships:
            group = await work.store.groups.get(member.group_id)
            if group is not None and group.state is GroupState.ACTIVE:
                return member
        return memberships[0] if memberships else None
    return next((member for member in memberships if member.group_id == group_id), None)


async def _remember(work: Work, event: Event, actor: Member, texts: Texts) -> Member:
    """Keep the personal chat and the language that a person writes in, and send what did not arrive before (F4)."""
    if event.where.kind != "personal" or not isinstance(event, Message | BotAdded):
        return actor
    known = replace(actor, conversation_id=event.where.conversation_id, locale=texts.language)
    if known != actor:
        await work.store.members.save(known)
    await rearm(work, known)
    return known


def _language(event: Event) -> str:
    """A person's own language in the personal chat; Swedish in a channel, which everybody reads."""
    return (event.who.locale or "sv") if event.where.kind == "personal" else "sv"
