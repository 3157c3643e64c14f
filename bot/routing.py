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
from cards.help import REST, RunCommand, which_group_card
from cards.inputs import BadInput, Inputs
from cards.texts import Texts
from lagesbild.answering import MAX_COMMENT
from lagesbild.authority import Act
from lagesbild.errors import LagesbildError
from lagesbild.ids import GroupId, RoundId
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.usecases.choosing import candidates
from lagesbild.usecases.status import rearm
from storage import Undone

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


class SeveralGroups(LagesbildError):
    """The line can be about any of these groups: the person is asked which, and nothing is done before that."""

    def __init__(self, groups: Sequence[Group]) -> None:
        super().__init__(f"{len(groups)} groups")
        self.groups = tuple(groups)


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
    acts: dict[object, Act] = field(default_factory=dict)

    def command(
        self, command: Command, act: Act | None = None, *, needs: str = ""
    ) -> Callable[[CommandHandler], CommandHandler]:
        """Handle a typed command. `act` is what it does in a group, and finds which group it is about; none without.

        `needs` names what must be fetched from Teams first (`roster`, `channels`).
        """

        def add(handler: CommandHandler) -> CommandHandler:
            self.commands[command] = handler
            self.needs[command] = needs
            if act is not None:
                self.acts[command] = act
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

    def __call__(self, *, shared: bool = False) -> AbstractAsyncContextManager[Work]: ...


class Fetch(Protocol):
    """Fetches from Teams what a handler needs, before the transaction: a slow network holds no lock."""

    async def __call__(self, what: str, event: Event, group: Group | None) -> Any: ...


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
            try:
                return await self._run(event, texts, handler, meant.rest, meant.command, payload)
            except SeveralGroups as several:
                word = meant.command.in_language(texts.language)
                return Reply(card=which_group_card(texts, word, meant.rest, several.groups).to_dict())
        return await self._run(event, texts, self._all.unclear, event.text, None)

    async def _answer_button(self, event: Pressed, texts: Texts) -> Reply | None:
        payload = Payload.parse(event.data)
        if isinstance(payload, RunCommand):
            rest = Inputs(event.data).text(REST, max=MAX_COMMENT)
            line = f"{payload.line} {rest}".strip()
            message = Message(event.who, event.where, event.activity_id, line)
            return await self._answer_message(message, texts, payload)
        handler = self._all.buttons.get(type(payload))
        if handler is None:
            raise UnknownVerb(payload.verb)
        prepared = await self._prepare(type(payload), event, payload)

        async def run(work: Work) -> Reply | None:
            turn = await _turn(work, event, texts, _Meant(payload), prepared)
            return await handler(turn, payload, Inputs(event.data))

        return await self._in_one_transaction(run)

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
        prepared = await self._prepare(key, event, payload)
        meant = _Meant(payload, self._all.acts.get(key))

        async def run(work: Work) -> Reply | None:
            return await handler(await _turn(work, event, texts, meant, prepared), argument)

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

    async def _prepare(self, key: object, event: Event, payload: Payload | None) -> Any:
        """What the handler needs from Teams, of the group that it will act in."""
        what = self._all.needs.get(key, "")
        if not what:
            return None
        async with self._open_work() as work:
            _, actor = await _acting(work, event, _Meant(payload, self._all.acts.get(key)))
            group = await work.store.groups.get(actor.group_id) if actor else None
        return await self._fetch(what, event, group)


@dataclass(frozen=True)
class _Meant:
    """What says which group an event is about: a button's payload, or a command's act."""

    payload: Payload | None = None
    act: Act | None = None


def _merged(features: Sequence[Feature]) -> Feature:
    merged = Feature()
    for feature in features:
        for name in ("commands", "buttons", "events", "needs", "acts"):
            mine, theirs = getattr(merged, name), getattr(feature, name)
            twice = mine.keys() & theirs.keys()
            if twice:
                raise ValueError(f"two handlers for {twice}")
            mine.update(theirs)
        merged.unclear = merged.unclear or feature.unclear
        merged.stranger = merged.stranger or feature.stranger
    return merged


async def _turn(work: Work, event: Event, texts: Texts, meant: _Meant, prepared: object) -> Turn:
    memberships, actor = await _acting(work, event, meant)
    if actor is not None:
        actor = await _remember(work, event, actor, texts)
        group = await work.store.groups.get(actor.group_id)
    else:
        group = await _teams_group(work, event)
    if group is not None and group.home.tenant_id != event.who.tenant_id:
        group = None
    return Turn(event, work, texts, memberships, actor, group, prepared)


async def _acting(work: Work, event: Event, meant: _Meant) -> tuple[tuple[Member, ...], Member | None]:
    """A person's memberships, and the one that acts: in the group that is named, else where the act can be done.

    SeveralGroups if that is more than one; without an act it is the oldest.
    """
    memberships = tuple(await work.store.members.list_by_user(event.who.tenant_id, event.who.user_id))
    group_id = await _named_group(work, event, meant.payload)
    if group_id is not None:
        return memberships, next((one for one in memberships if one.group_id == group_id), None)
    found = await candidates(work, memberships, meant.act) if meant.act else memberships[:1]
    if len(found) > 1:
        groups = [await work.store.groups.get(member.group_id) for member in found]
        raise SeveralGroups([group for group in groups if group is not None])
    return memberships, next(iter(found), None)


async def _named_group(work: Work, event: Event, payload: Payload | None) -> GroupId | None:
    """The group a button's payload or the team names, "" if there is no such group; None if nothing names one."""
    if round_id := getattr(payload, "round_id", ""):
        round_ = await work.store.rounds.get(RoundId(round_id))
        return round_.group_id if round_ else GroupId("")
    if group_id := getattr(payload, "group_id", ""):
        return GroupId(group_id)
    if event.where.team_id:
        group = await _teams_group(work, event)
        return group.id if group else GroupId("")
    return None


async def _teams_group(work: Work, event: Event) -> Group | None:
    team_id = event.where.team_id
    return await work.store.groups.get_by_team(event.who.tenant_id, team_id) if team_id else None


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
