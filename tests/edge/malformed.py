"""Activities that somebody breaks on purpose: real ones, changed at random, from JSON's fields down to single bytes."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from random import Random
from typing import Any

import bot.app  # noqa: F401  makes every button's payload known
from bot.commands import Command
from cards.actions import SPACE, verbs
from tests.edge.payloads import (
    BOT,
    TENANT,
    executed,
    in_channel,
    installation,
    personal,
    submitted,
    team_event,
)

Json = dict[str, Any]
HOSTILE: tuple[str, ...] = (
    *(
        "",
        " ",
        "\x00",
        "\ud800",
        "\u202e",
        "å" * 300,
        "x" * 5000,
        "[" * 60,
        '{"verb":"setup.save"}',
        "{{DATE(x)}}",
    ),
    *(
        "<at>Lägesbild</at>",
        "<script>",
        "=1+1",
        "' OR 1=1 --",
        "../../etc/passwd",
        "2026-13-45",
        "99:99",
        "-1",
        "1e999",
    ),
    *(
        "NaN",
        "٣",
        "true",
        "null",
        "0x10",
        "👩‍👩‍👧‍👦",
        "%00",
        "${x}",
        "3 månader",
        "varannan torsdag",
        "FREQ=SECONDLY",
    ),
    *(
        "19121212-1212",
        "0223-123 45",
        "anna@fagersta.example",
        "a,b",
        "a;b",
        "\n\n",
        "\r",
        "\\",
        '"',
        "0001-01-01",
        "9999-12-31",
    ),
)
INPUTS = (
    *(
        "impact_1",
        "impact_2",
        "colour_1",
        "comment_1",
        "comment_2",
        "bullets_1",
        "counts",
        "reason",
        "note",
        "area",
    ),
    *(
        "place",
        "when",
        "first",
        "last",
        "at",
        "interval",
        "rule",
        "lead",
        "deadline",
        "reminders",
        "deputy",
        "template",
    ),
    *(
        "channel",
        "publication",
        "concern_url",
        "colours",
        "assignment",
        "guidelines",
        "municipality",
        "name",
        "group",
    ),
    *("organisation", "other", "member", "role", "roles", "day", "time", "meeting", "title"),
)
KEYS = (
    *(
        "type",
        "text",
        "value",
        "action",
        "verb",
        "data",
        "from",
        "id",
        "recipient",
        "conversation",
        "name",
        "serviceUrl",
    ),
    *(
        "channelData",
        "tenant",
        "team",
        "settings",
        "entities",
        "mentioned",
        "membersAdded",
        "membersRemoved",
        "locale",
    ),
    *(
        "attachments",
        "trigger",
        "replyToId",
        "channelId",
        "conversationType",
        "eventType",
        SPACE,
        "aadObjectId",
    ),
)


@dataclass
class Breaker:
    """Makes wicked bodies. `people` may write, `known` are ids that exist, so that some of it reaches the depths."""

    rng: Random
    url: str
    people: Sequence[str] = ("karin",)
    known: Sequence[str] = ("x",)

    def body(self) -> bytes:
        """One request's body."""
        activity = self._activity()
        for _ in range(self.rng.choice((0, 0, 0, 1, 1, 2))):
            self._change(activity)
        raw = json.dumps(activity, ensure_ascii=self.rng.random() < 0.5).encode("utf-8", "surrogatepass")
        return self._broken(raw) if self.rng.random() < 0.05 else raw

    def _activity(self) -> Json:
        rng, url = self.rng, self.url
        make = rng.choice(
            (self._pressed, self._pressed, self._pressed, self._said, self._said, self._happened)
        )
        activity = copy.deepcopy(make(url))
        who = rng.choice(self.people)
        activity["from"] = {"id": f"29:{who}", "name": who.title(), "aadObjectId": f"aad-{who}"}
        activity["channelData"] = {**activity.get("channelData", {}), "tenant": {"id": TENANT}}
        activity["id"] = f"fuzz-{rng.getrandbits(40)}"
        return activity

    def _pressed(self, url: str) -> Json:
        kind = self.rng.choice(list(verbs().values()))
        packed = {one.name: self._field(str(one.type)) for one in fields(kind) if self.rng.random() < 0.95}
        data = {"verb": kind.verb, SPACE: packed} | {
            name: self._typed() for name in self.rng.sample(INPUTS, self.rng.randint(0, 8))
        }
        if self.rng.random() < 0.3:
            return submitted(url, data)
        return executed(url, kind.verb, data)

    def _said(self, url: str) -> Json:
        word = self.rng.choice([word for command in Command for word in command.value])
        text = self.rng.choice((f"{word} {self._typed()}", word, str(self._typed())))
        return (
            in_channel(url, f"<at>Lägesbild</at> {text}") if self.rng.random() < 0.3 else personal(url, text)
        )

    def _happened(self, url: str) -> Json:
        rng = self.rng
        someone = [{"id": f"29:{rng.choice(self.people)}", "name": self._typed()}]
        return rng.choice(
            (
                team_event(
                    url, "teamMemberAdded", membersAdded=rng.choice(([BOT], someone, [self._anything()]))
                ),
                team_event(url, rng.choice(("teamRenamed", "channelCreated"))),
                installation(url, rng.choice(("add-upgrade", "other", "")), team=rng.random() < 0.5),
                {
                    **personal(url),
                    "type": rng.choice(("typing", "event", "messageUpdate", "endOfConversation", "x")),
                },
                {**executed(url), "name": rng.choice(("composeExtension/query", "task/fetch", "", 7))},
            )
        )

    def _field(self, annotation: str) -> Any:
        rng = self.rng
        if rng.random() < 0.1:
            return self._anything()
        if "bool" in annotation:
            return rng.random() < 0.5
        if "tuple" in annotation:
            return [self._id() for _ in range(rng.randint(0, 3))]
        if "int" in annotation:
            return rng.choice((0, 1, 2, -1, 2**31, 10**30))
        if "Literal" in annotation:
            return rng.choice([*annotation.split("'")[1::2], *annotation.split('"')[1::2], "x"])
        return self._id()

    def _id(self) -> str:
        return self.rng.choice(self.known) if self.rng.random() < 0.8 else self.rng.choice(HOSTILE)

    def _typed(self) -> Any:
        rng = self.rng
        if rng.random() < 0.1:
            return self._anything()
        some = (
            *HOSTILE,
            "3",
            "yellow",
            "13:00",
            "2026-03-13",
            "klotter vid skolan i går",
            "weekly",
            "3 larm",
        )
        return rng.choice(self.known) if rng.random() < 0.15 else rng.choice(some)

    def _anything(self, depth: int = 0) -> Any:
        rng = self.rng
        plain = (None, True, False, 0, -1, 1.5, 10**400, 1e308, "", rng.choice(HOSTILE), [], {})
        if depth > 3 or rng.random() < 0.6:
            return rng.choice(plain)
        if rng.random() < 0.5:
            return [self._anything(depth + 1) for _ in range(rng.randint(0, 4))]
        return {rng.choice(KEYS): self._anything(depth + 1) for _ in range(rng.randint(0, 4))}

    def _change(self, activity: Json) -> None:
        """Some value somewhere in the activity is another one, is gone, or stands deep down."""
        rng = self.rng
        holder: Any = activity
        while True:
            inner = [one for one in holder.values() if isinstance(one, dict) and one]
            if not inner or rng.random() < 0.4:
                break
            holder = rng.choice(inner)
        key = rng.choice([*holder, rng.choice(KEYS)])
        how = rng.random()
        if how < 0.2:
            holder.pop(key, None)
        elif how < 0.3:
            holder[key] = _deep(rng.choice((5, 30, 200)))
        else:
            holder[key] = self._anything()

    def _broken(self, raw: bytes) -> bytes:
        rng = self.rng
        at = rng.randrange(len(raw))
        some = bytes(rng.getrandbits(8) for _ in range(rng.randint(1, 8)))
        return rng.choice(
            (
                raw[:at],
                raw[:at] + some + raw[at:],
                raw[:at] + some + raw[at + len(some) :],
                some,
                raw + raw,
                b"",
            )
        )


def _deep(levels: int) -> Any:
    value: Any = "x"
    for level in range(levels):
        value = [value] if level % 2 else {"x": value}
    return value
