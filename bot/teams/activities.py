"""What can come in from Teams, and what goes back: frozen values, no botbuilder type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

PlaceKind = Literal["personal", "channel", "groupChat"]


@dataclass(frozen=True)
class Identity:
    """Who did it, as Teams says. `user_id` is Teams' id (`29:…`), `locale` the client's language."""

    user_id: str
    aad_object_id: str | None
    name: str
    tenant_id: str
    locale: str | None = None


@dataclass(frozen=True)
class Place:
    """Where it happened. In a channel, `conversation_id` names the thread, `channel_id` the channel."""

    conversation_id: str
    kind: PlaceKind
    service_url: str
    tenant_id: str
    bot_id: str
    team_id: str | None = None
    team_name: str | None = None
    channel_id: str | None = None


@dataclass(frozen=True)
class Happened:
    """What every event has: who, where, and the activity's id (a re-sent call can carry a new one)."""

    who: Identity
    where: Place
    activity_id: str


@dataclass(frozen=True)
class Message(Happened):
    """Somebody wrote. Mentions of the bot are gone, others' are names; lines are kept, runs of spaces not.

    The text is empty when the bot was mentioned and nothing said.
    """

    text: str


@dataclass(frozen=True)
class Pressed(Happened):
    """A button of a card was pressed, as Action.Execute or as its fallback Action.Submit.

    `data` is the button's payload with the inputs' values beside it; `card_message_id` is the message that the card
    sits in.
    """

    data: Mapping[str, Any]
    card_message_id: str | None = None


@dataclass(frozen=True)
class BotAdded(Happened):
    """The bot was installed. Teams tells it twice, in an installation and a conversation update.

    `installer` is who did it, None if Teams did not say. A new version of the same app is told the same way.
    """

    in_team: bool
    installer: Identity | None = None
    installed: bool = False
    """Whether it is the installation that tells it, of the two: in the personal chat that one is greeted."""


@dataclass(frozen=True)
class BotRemoved(Happened):
    """The bot was uninstalled from the team or the personal chat; nothing can be sent there any more."""

    in_team: bool


@dataclass(frozen=True)
class MembersJoined(Happened):
    """People came into the team; Teams gives ids, seldom names (read the roster)."""

    members: tuple[Identity, ...]


@dataclass(frozen=True)
class MembersLeft(Happened):
    """People left the team."""

    members: tuple[Identity, ...]


@dataclass(frozen=True)
class Ignored(Happened):
    """Rightly unanswered: `kind` is Teams' name of it (`messageUpdate`, `typing` …) or `empty`."""

    kind: str


Event = Message | Pressed | BotAdded | BotRemoved | MembersJoined | MembersLeft | Ignored


@dataclass(frozen=True)
class Reply:
    """The answer to an event: a card or a text.

    `replace` lets a card take the place of the pressed one. `outcome` is how the turn is counted: `refused` says
    why nothing was done, and after `failed` the client keeps the card as it was.
    """

    card: dict[str, Any] | None = None
    text: str | None = None
    replace: bool = True
    outcome: Literal["answered", "refused", "failed"] = field(default="answered", kw_only=True)
