"""Activities as Teams and the Playground send them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

BOT = {"id": "28:00000000-0000-4000-8000-00000000b071", "name": "Lägesbild"}
ANNA = {"id": "29:1anna", "name": "Anna Åberg", "aadObjectId": "aad-anna"}
TENANT = "tenant-fagersta"
TEAM = {"id": "19:general@thread.tacv2", "name": "EST Fagersta", "aadGroupId": "group-1"}


def _activity(kind: str, service_url: str, **more: Any) -> Json:
    return {
        "type": kind,
        "id": "activity-1",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "timestamp": "2026-01-12T07:30:00.123Z",
        "localTimestamp": "2026-01-12T08:30:00.123+01:00",
        "localTimezone": "Europe/Stockholm",
        "from": ANNA,
        "recipient": BOT,
        "conversation": {"id": "a:personal-anna", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "entities": [{"type": "clientInfo", "locale": "sv-SE", "country": "SE", "platform": "iOS"}],
        "locale": "sv-SE",
        **more,
    }


def personal(service_url: str, text: str = "hjälp", **more: Any) -> Json:
    html = {"contentType": "text/html", "content": f"<p>{text}</p>"}
    return _activity("message", service_url, text=text, textFormat="plain", attachments=[html], **more)


def in_channel(service_url: str, text: str, **more: Any) -> Json:
    """A message in a thread of a channel, which begins with a mention of the bot."""
    mention = {"type": "mention", "mentioned": BOT, "text": "<at>Lägesbild</at>"}
    return _activity(
        "message",
        service_url,
        text=text,
        textFormat="plain",
        conversation=_thread(),
        channelData={"tenant": {"id": TENANT}, "team": TEAM, "channel": {"id": "19:lage@thread.tacv2"}},
        **{"entities": [mention], **more},
    )


def _thread() -> Json:
    thread = "19:lage@thread.tacv2;messageid=1736667000000"
    return {"id": thread, "conversationType": "channel", "isGroup": True, "tenantId": TENANT}


def executed(service_url: str, verb: str = "report.submit", data: Json | None = None, **more: Any) -> Json:
    action = {"type": "Action.Execute", "id": "send", "verb": verb, "data": data or {}}
    value = {"action": action, "trigger": "manual"}
    return _activity(
        "invoke", service_url, name="adaptiveCard/action", value=value, **{"replyToId": "message-1", **more}
    )


def submitted(service_url: str, data: Json, **more: Any) -> Json:
    return _activity("message", service_url, value=data, **{"replyToId": "message-1", **more})


def team_event(service_url: str, event_type: str, **more: Any) -> Json:
    return _activity(
        "conversationUpdate",
        service_url,
        conversation={"id": TEAM["id"], "conversationType": "channel", "isGroup": True, "tenantId": TENANT},
        channelData={"eventType": event_type, "tenant": {"id": TENANT}, "team": TEAM},
        **more,
    )


def installation(service_url: str, action: str, *, team: bool, selected: str | None = None) -> Json:
    data: Json = {"tenant": {"id": TENANT}, "source": {"name": "message"}}
    more: Json = {}
    if team:
        data["team"] = TEAM
        more["conversation"] = {"id": TEAM["id"], "conversationType": "channel", "tenantId": TENANT}
    if selected:
        data["settings"] = {"selectedChannel": {"id": selected}}
    return _activity("installationUpdate", service_url, action=action, channelData=data, **more)


def from_playground(service_url: str, text: str) -> Json:
    """As the Playground sends it: fewer fields, its own ids, no Authorization header."""
    return {
        "type": "message",
        "id": "0f0c",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {
            "id": "user-id-0",
            "name": "Alex Wilber",
            "aadObjectId": "00000000-0000-0000-0000-0000000000020",
        },
        "recipient": {"id": "00000000-0000-0000-0000-00000000000011", "name": "Test Bot"},
        "conversation": {"id": "personal-chat-id", "conversationType": "personal", "tenantId": "t"},
        "channelData": {"tenant": {"id": "t"}},
        "text": text,
        "textFormat": "plain",
        "locale": "en-US",
    }
