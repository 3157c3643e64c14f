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
from bot.fetching import NOTHING, Fetched, Needs
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
from cards.given_back import given_back
from cards.help import REST, RunCommand, which_group_card
from cards.inputs import BadInput, Inputs
from cards.texts import Texts
from lagesbild.answering import MAX_COMMENT, SecrecyFound
from lagesbild.authority import Act
from lagesbild.errors import Invalid, LagesbildError
from lagesbild.ids import GroupId, RoundId
from lagesbild.people import Group, GroupState, Member
from lagesbild.ports import Work
from lagesbild.roster import Person
from lagesbild.usecases.choosing import candidates
from lagesbild.usecases.council import enter_council
from lagesbild.usecases.finding import group_at_home
from lagesbild.usecases.status import rearm
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
            turn = await _turn(work, event, texts, self._meant(call), prepared)
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

    def _meant(self, call: _Call) -> _Meant:
        return _Meant(call.payload, self._all.rules[call.key].act if isinstance(call.key, Command) else None)

    async def _prepare(self, event: Event, call: _Call) -> Fetched:
        """What the handler needs from Teams, of the group that it will act in; fetched for those alone who may run it."""
        needs = self._all.needs.get(call.key, NOTHING)
        if not needs:
            return Fetched()
        async with self._open_work() as work:
            _, actor = await _acting(work, event, self._meant(call))
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


@dataclass(frozen=True)
class _Meant:
    """What says which group an event is about: a button's payload, or a command's act."""

    payload: Payload | None = None
    act: Act | None = None


async def _turn(work: Work, event: Event, texts: Texts, meant: _Meant, prepared: Fetched) -> Turn:
    entered = await _enter_councils(work, event, texts)
    memberships, actor = await _acting(work, event, meant, entered)
    if actor is not None:
        actor = await _remember(work, event, memberships, actor, texts)
        group = await work.store.groups.get(actor.group_id)
    else:
        group = await _teams_group(work, event)
    if group is not None and group.home.tenant_id != event.who.tenant_id:
        group = None
    today = texts.on(work.clock.now().date())
    return Turn(event, work, today, memberships, actor, group, prepared)


async def _enter_councils(work: Work, event: Event, texts: Texts) -> tuple[GroupId, ...]:
    """The groups whose council meets where this happened: whoever writes or presses there sits in it (C1).

    In a group's own channel nobody does: that channel is the team's, whatever was once set up there.
    """
    where, who = event.where, event.who
    if where.kind == "personal" or not isinstance(event, Message | Pressed) or not who.user_id:
        return ()
    entered: list[GroupId] = []
    here = where.conversation_id.partition(";")[0]
    met = await work.store.councils.list_by_conversation(here)
    if not met or await group_at_home(work, who.tenant_id, here):
        return ()
    for council in met:
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
