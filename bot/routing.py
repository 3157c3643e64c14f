"""What came in → one handler, in one transaction. Unknown input is answered, never dropped.

A feature is one file in `bot/handlers/` with its `Feature`, and one line in `bot/app.py`. A handler reads the
turn, calls a use case and answers with a card; it never commits. Errors that carry facts become words here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import structlog

from bot.commands import Command, Typed, understand
from bot.failures import in_words
from bot.features import Feature, SeveralGroups, Stranger, Turn, merged
from bot.permission import permit
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
from lagesbild.people import Group, GroupState, Member
from lagesbild.ports import Work
from lagesbild.roster import Person
from lagesbild.usecases.choosing import candidates
from lagesbild.usecases.council import enter_council
from lagesbild.usecases.status import rearm
from storage import Undone

__all__ = ["Feature", "Fetch", "OpenWork", "Router", "SeveralGroups", "Stranger", "Turn", "merged"]

log = structlog.get_logger(__name__)


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
        self._all = merged(features)

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
            self._permit(turn.actor, type(payload))
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
        meant = self._meant(payload, key)

        async def run(work: Work) -> Reply | None:
            turn = await _turn(work, event, texts, meant, prepared)
            self._permit(turn.actor, key)
            return await handler(turn, argument)

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

    def _permit(self, actor: Member | None, key: object) -> None:
        if not permit(actor, self._all.rules[key]):
            raise Stranger

    def _meant(self, payload: Payload | None, key: object) -> _Meant:
        return _Meant(payload, self._all.rules[key].act if isinstance(key, Command) else None)

    async def _prepare(self, key: object, event: Event, payload: Payload | None) -> Any:
        """What the handler needs from Teams, of the group that it will act in; fetched for those alone who may run it."""
        what = self._all.needs.get(key, "")
        if not what:
            return None
        async with self._open_work() as work:
            _, actor = await _acting(work, event, self._meant(payload, key))
            self._permit(actor, key)
            group = await work.store.groups.get(actor.group_id) if actor else None
        return await self._fetch(what, event, group)


@dataclass(frozen=True)
class _Meant:
    """What says which group an event is about: a button's payload, or a command's act."""

    payload: Payload | None = None
    act: Act | None = None


async def _turn(work: Work, event: Event, texts: Texts, meant: _Meant, prepared: object) -> Turn:
    entered = await _enter_councils(work, event, texts)
    memberships, actor = await _acting(work, event, meant, entered)
    if actor is not None:
        actor = await _remember(work, event, memberships, actor, texts)
        group = await work.store.groups.get(actor.group_id)
    else:
        group = await _teams_group(work, event)
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


async def _acting(
    work: Work, event: Event, meant: _Meant, entered: Sequence[GroupId] = ()
) -> tuple[tuple[Member, ...], Member | None]:
    """A person's memberships, and the one that acts: in the group that is named, else where the act can be done.

    SeveralGroups if that is more than one; without an act it is the oldest.
    """
    memberships = tuple(await work.store.members.list_by_user(event.who.tenant_id, event.who.user_id))
    group_id = await _named_group(work, event, meant.payload, entered)
    elsewhere = group_id == "" and meant.act is Act.SEE_DIRECTION  # where the council may come to meet
    if group_id is not None and not elsewhere:
        return memberships, next((one for one in memberships if one.group_id == group_id), None)
    known = await _in_use(work, memberships)
    found = await candidates(work, known, meant.act) if meant.act else known[:1]
    if len(found) > 1:
        groups = [await work.store.groups.get(member.group_id) for member in found]
        raise SeveralGroups([group for group in groups if group is not None])
    return memberships, next(iter(found), None)


async def _named_group(
    work: Work, event: Event, payload: Payload | None, entered: Sequence[GroupId]
) -> GroupId | None:
    """The group a button's payload, the council that meets there or the team names, "" if there is no such group;
    None if nothing names one."""
    if round_id := getattr(payload, "round_id", ""):
        round_ = await work.store.rounds.peek(RoundId(round_id))
        return round_.group_id if round_ else GroupId("")
    if group_id := getattr(payload, "group_id", ""):
        return GroupId(group_id)
    if entered:
        return entered[0]
    if event.where.team_id:
        group = await _teams_group(work, event)
        return group.id if group else GroupId("")
    return None


async def _in_use(work: Work, memberships: tuple[Member, ...]) -> tuple[Member, ...]:
    """Those in groups that are set up, if any is: a team that the bot was added to for the council alone is none."""
    if len(memberships) < 2:
        return memberships
    groups = [await work.store.groups.get(member.group_id) for member in memberships]
    active = [m for m, g in zip(memberships, groups, strict=True) if g and g.state is GroupState.ACTIVE]
    return tuple(active) or memberships


async def _teams_group(work: Work, event: Event) -> Group | None:
    team_id = event.where.team_id
    return await work.store.groups.get_by_team(event.who.tenant_id, team_id) if team_id else None


async def _remember(
    work: Work, event: Event, memberships: Sequence[Member], actor: Member, texts: Texts
) -> Member:
    """Keep the personal chat and the language that a person writes in, and send what did not arrive before, of
    whichever group (F4)."""
    if event.where.kind != "personal" or not isinstance(event, Message | BotAdded):
        return actor
    known = replace(actor, conversation_id=event.where.conversation_id, locale=texts.language)
    if known != actor:
        # Of what was read without a lock nothing else is written back: who is being removed stays so.
        await work.store.members.remember(actor.id, event.where.conversation_id, texts.language)
    for membership in memberships:
        await rearm(work, membership)
    return known


def _language(event: Event) -> str:
    """A person's own language in the personal chat; Swedish in a channel, which everybody reads."""
    return (event.who.locale or "sv") if event.where.kind == "personal" else "sv"
