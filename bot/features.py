"""What a feature registers: its commands, buttons and events, each with who may and what it needs from Teams; and its deliveries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from bot.commands import Command
from bot.delivery.couriers import Courier
from bot.fetching import NOTHING, Fetched, Needs
from bot.permission import EVERYBODY, Rule, rule_of
from bot.teams.activities import Event, Reply
from cards.actions import Payload
from cards.inputs import Inputs
from cards.texts import Texts
from lagesbild.authority import Act
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import LagesbildError
from lagesbild.people import Group, Member
from lagesbild.ports import Work


@dataclass(frozen=True)
class Turn:
    """What a handler is given: the event, an open unit of work, and who acts (None for a stranger).

    `memberships` are all the person's groups in this tenant; `prepared` is what the handler needs, fetched
    from Teams before the transaction was opened.
    """

    event: Event
    work: Work
    texts: Texts
    memberships: tuple[Member, ...]
    actor: Member | None
    group: Group | None
    prepared: Fetched = field(default_factory=Fetched)

    @property
    def member(self) -> Member:
        """The acting member; Stranger if the person is in no group."""
        if self.actor is None:
            raise Stranger
        return self.actor

    @property
    def in_private(self) -> bool:
        """Whether nobody else reads the answer: a group chat is read by everybody in it, as a channel is."""
        return self.event.where.kind == "personal"


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


@dataclass
class Feature:
    """The handlers of one feature, collected by decorators."""

    commands: dict[Command, CommandHandler] = field(default_factory=dict)
    buttons: dict[type[Payload], ButtonHandler] = field(default_factory=dict)
    events: dict[type, EventHandler] = field(default_factory=dict)
    deliveries: dict[DeliveryKind, Courier] = field(default_factory=dict)
    unclear: CommandHandler | None = None
    stranger: CommandHandler | None = None
    needs: dict[object, Needs] = field(default_factory=dict)
    rules: dict[object, Rule] = field(default_factory=dict)
    forms: dict[type[Payload], ButtonHandler] = field(default_factory=dict)
    """What builds the form again that a button sends, for when it is refused."""

    def command(
        self, command: Command, who: Act | Rule, *, needs: Needs = NOTHING, private: str = ""
    ) -> Callable[[CommandHandler], CommandHandler]:
        """Handle a typed command. `needs` is what must be fetched from Teams first.

        `who` is the act that the member must be allowed, which finds the group it is about, or a rule that lets strangers in.
        `private` keeps it to the personal chat: it is the id of the text that says so where others read.
        """

        def add(handler: CommandHandler) -> CommandHandler:
            self.commands[command] = _kept_private(handler, private) if private else handler
            self.needs[command] = needs
            self.rules[command] = rule_of(who)
            return handler

        return add

    def button(
        self,
        payload: type[Payload],
        who: Act | Rule,
        *,
        needs: Needs = NOTHING,
        private: str = "",
        form: ButtonHandler | None = None,
    ) -> Callable[[ButtonHandler], ButtonHandler]:
        """Handle a pressed button by its payload's type; `who` and `private` as for a command.

        `form` answers with the form that the button sends: refused, it comes back filled in with what was typed.
        """

        def add(handler: ButtonHandler) -> ButtonHandler:
            self.buttons[payload] = _kept_private(handler, private) if private else handler
            self.needs[payload] = needs
            self.rules[payload] = rule_of(who)
            if form is not None:
                self.forms[payload] = form
            return handler

        return add

    def on(self, event: type, *, needs: Needs = NOTHING) -> Callable[[EventHandler], EventHandler]:
        """Handle an installation or membership event: Teams tells of it, whoever caused it."""

        def add(handler: EventHandler) -> EventHandler:
            self.events[event] = handler
            self.needs[event] = needs
            self.rules[event] = EVERYBODY
            return handler

        return add

    def delivers(self, *kinds: DeliveryKind) -> Callable[[Courier], Courier]:
        """Say what deliveries of these kinds consist of when their turn comes (F4); ValueError if that is said already."""

        def add(courier: Courier) -> Courier:
            if twice := self.deliveries.keys() & set(kinds):
                raise ValueError(f"two couriers for {twice}")
            self.deliveries.update(dict.fromkeys(kinds, courier))
            return courier

        return add


def _kept_private(
    handler: Callable[..., Awaitable[Reply | None]], said: str
) -> Callable[..., Awaitable[Reply | None]]:
    """The handler for the personal chat alone: a card that was forwarded, or a line where others read, shows nothing."""

    @wraps(handler)
    async def guarded(turn: Turn, *given: Any) -> Reply | None:
        if not turn.in_private:
            return Reply(text=turn.texts(said), replace=False)
        return await handler(turn, *given)

    return guarded


def merged(features: Sequence[Feature]) -> Feature:
    """All features as one; ValueError if two handle the same, or something has no rule."""
    whole = Feature()
    for feature in features:
        for name in ("commands", "buttons", "events", "deliveries", "needs", "rules", "forms"):
            mine, theirs = getattr(whole, name), getattr(feature, name)
            twice = mine.keys() & theirs.keys()
            if twice:
                raise ValueError(f"two handlers for {twice}")
            mine.update(theirs)
        whole.unclear = whole.unclear or feature.unclear
        whole.stranger = whole.stranger or feature.stranger
    whole.rules[None] = EVERYBODY  # who is not understood, or not known, is told so
    if open_to_all := {*whole.commands, *whole.buttons, *whole.events} - whole.rules.keys():
        raise ValueError(f"no rule for {open_to_all}")
    return whole


def every_courier(features: Sequence[Feature]) -> Mapping[DeliveryKind, Courier]:
    """What each kind of delivery consists of; ValueError if a kind has no courier, or two."""
    couriers = merged(features).deliveries
    if nobody := set(DeliveryKind) - couriers.keys():
        raise ValueError(f"no courier for {nobody}")
    return couriers
