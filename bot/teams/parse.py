"""An activity as Teams sends it (JSON) -> an event. What does not fit raises BadActivity."""

from __future__ import annotations

from typing import cast

import orjson

from bot.teams.activities import (
    BotAdded,
    BotRemoved,
    Event,
    Identity,
    Ignored,
    MembersJoined,
    MembersLeft,
    Message,
    Place,
    PlaceKind,
    Pressed,
)
from bot.teams.fields import BadActivity, Json, cleaned, list_of, object_of, text_of
from bot.teams.text import plain, tidy, without_mentions

_KINDS = {"personal": "personal", "channel": "channel", "groupchat": "groupChat"}


def parse(body: Json) -> Event:
    """The event that an activity tells of. Whatever the bot has no use for is `Ignored` with its kind."""
    kind = text_of(body, "type")
    if not kind:
        raise BadActivity("type")
    reader = _READERS.get(kind)
    return reader(body) if reader else _ignored(body, kind)


def _message(body: Json) -> Event:
    if _is_own(body):
        return _ignored(body, "own")
    value = _value(body)
    if value is not None and isinstance(value.get("verb"), str):
        return _pressed(body, value)
    text, mentions_bot = without_mentions(text_of(body, "text"), _entities(body), _bot_id(body))
    text = plain(text)
    if value is not None and not text:
        return _pressed(body, value)
    if not text and not mentions_bot:
        files = any(_is_file(attachment) for attachment in list_of(body, "attachments"))
        return _ignored(body, "attachment" if files else "empty")
    return Message(_person(body), _place(body), text_of(body, "id"), text)


def _pressed(body: Json, data: Json) -> Pressed:
    message_id = text_of(body, "replyToId") or None
    return Pressed(_person(body), _place(body), text_of(body, "id"), cleaned(data), message_id)


def _invoked(body: Json) -> Event:
    if text_of(body, "name") != "adaptiveCard/action":
        return _ignored(body, "invoke/" + text_of(body, "name"))
    action = object_of(object_of(body, "value"), "action")
    text_of(action, "verb")  # it stands in the data, too, which is what is read; here it is only to be sound
    return _pressed(body, object_of(action, "data"))


def _conversation_update(body: Json) -> Event:
    added, removed = _members(body, "membersAdded"), _members(body, "membersRemoved")
    bot_id = _bot_id(body)
    if any(member.user_id == bot_id for member in added):
        return _added(body)
    if any(member.user_id == bot_id for member in removed):
        return _removed(body)
    if added:
        return MembersJoined(_who(body), _place(body), text_of(body, "id"), added)
    if removed:
        return MembersLeft(_who(body), _place(body), text_of(body, "id"), removed)
    return _ignored(body, text_of(object_of(body, "channelData"), "eventType") or "conversationUpdate")


def _installation_update(body: Json) -> Event:
    action = text_of(body, "action")
    if action in ("add", "add-upgrade"):
        return _added(body, installed=True)
    if action == "remove":
        return _removed(body)
    return _ignored(body, f"installationUpdate/{action}")


def _added(body: Json, *, installed: bool = False) -> BotAdded:
    who, where = _who(body), _place(body)
    installer = who if who.user_id and who.user_id != where.bot_id else None
    return BotAdded(who, where, text_of(body, "id"), where.team_id is not None, installer, installed)


def _removed(body: Json) -> BotRemoved:
    where = _place(body)
    return BotRemoved(_who(body), where, text_of(body, "id"), where.team_id is not None)


def _ignored(body: Json, kind: str) -> Ignored:
    return Ignored(_who(body), _place(body), text_of(body, "id"), kind)


_READERS = {
    "message": _message,
    "invoke": _invoked,
    "conversationUpdate": _conversation_update,
    "installationUpdate": _installation_update,
}


def _person(body: Json) -> Identity:
    who = _who(body)
    if not who.user_id:
        raise BadActivity("from.id")
    return who


def _who(body: Json) -> Identity:
    return _identity(object_of(body, "from"), _tenant(body), _locale(body))


def _identity(account: Json, tenant_id: str, locale: str | None) -> Identity:
    aad = text_of(account, "aadObjectId") or text_of(account, "objectId")
    return Identity(text_of(account, "id"), aad or None, tidy(text_of(account, "name")), tenant_id, locale)


def _place(body: Json) -> Place:
    conversation, data = object_of(body, "conversation"), object_of(body, "channelData")
    conversation_id, service_url = text_of(conversation, "id"), text_of(body, "serviceUrl")
    if not conversation_id:
        raise BadActivity("conversation.id")
    if not service_url:
        raise BadActivity("serviceUrl")
    team = object_of(data, "team")
    team_id = text_of(team, "id") or None
    kind = _KINDS.get(text_of(conversation, "conversationType").lower(), "channel" if team_id else "personal")
    return Place(
        conversation_id,
        cast("PlaceKind", kind),
        service_url,
        _tenant(body),
        _bot_id(body),
        team_id,
        text_of(team, "name") or None,
        _channel(data, conversation_id, team_id) if kind == "channel" else None,
    )


def _channel(data: Json, conversation_id: str, team_id: str | None) -> str:
    """The channel itself; at installation it is the one the installer chose, else the team's general one."""
    chosen = text_of(object_of(object_of(data, "settings"), "selectedChannel"), "id")
    named = text_of(object_of(data, "channel"), "id")
    return chosen or named or team_id or conversation_id.partition(";")[0]


def _tenant(body: Json) -> str:
    tenant = text_of(object_of(object_of(body, "channelData"), "tenant"), "id")
    return tenant or text_of(object_of(body, "conversation"), "tenantId")


def _bot_id(body: Json) -> str:
    return text_of(object_of(body, "recipient"), "id")


def _is_own(body: Json) -> bool:
    return object_of(body, "from").get("id") == _bot_id(body) != ""


def _locale(body: Json) -> str | None:
    said = (text_of(entity, "locale") for entity in _entities(body) if entity.get("type") == "clientInfo")
    return text_of(body, "locale") or next(said, "") or None


def _members(body: Json, field: str) -> tuple[Identity, ...]:
    accounts = [account for account in list_of(body, field) if isinstance(account, dict)]
    return tuple(_identity(account, _tenant(body), None) for account in accounts)


def _entities(body: Json) -> list[Json]:
    return [entity for entity in list_of(body, "entities") if isinstance(entity, dict)]


def _is_file(attachment: object) -> bool:
    """Teams attaches an HTML copy of every formatted message; that is no file."""
    return isinstance(attachment, dict) and attachment.get("contentType") != "text/html"


def _value(body: Json) -> Json | None:
    """What a pressed Action.Submit carries: an object, or one packed as a string by some clients."""
    value = body.get("value")
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = orjson.loads(value)  # refuses half characters and what is too deep, as for the whole body
        except ValueError:
            return None
    return value if isinstance(value, dict) else None
