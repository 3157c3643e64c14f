"""Whatever a person types is data: stored as typed or refused with a reason, harmless where it is shown, in no log.

The walk finds the inputs by itself: it writes the commands, takes every card that comes back, fills every input of
every button that sends, and looks at all cards that the words can then be read in, the delivered ones included.
"""

from __future__ import annotations

import html
import json
import logging
import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from markdown_it import MarkdownIt
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from bot.app import FEATURES
from bot.delivery.couriers import Couriers, Outgoing
from bot.features import every_courier
from bot.logging import without_message, without_private
from bot.routing import Router
from bot.teams.activities import Message, Pressed, Reply
from bot.teams.parse import parse
from cards.actions import verbs
from lagesbild.people import Member
from storage.engine import create_engine
from storage.migrate import migrate
from storage.tables import metadata
from storage.unit_of_work import Storage
from tests.bot.chat import TENANT, Chat, a_chat
from tests.cards.lint import lint
from tests.edge.payloads import executed, personal
from tests.renderer import RENDERER, judge
from tests.samples import NOW, a_member
from tests.usecases.world import World

MARK = "zqx"
"""In every hostile text, so that it is found wherever it went."""
INVISIBLE = "\u200b\u200e\u200f\u202a\u202d\u202e\u2066\u2069\ufeff"
TYPED = {
    "a card": '{"type":"AdaptiveCard","version":"1.2","body":[{"type":"TextBlock","text":"zqx"}],'
    '"actions":[{"type":"Action.OpenUrl","title":"zqx","url":"https://evil.example"}]}',
    "an end of JSON": 'zqx"}],"actions":[{"type":"Action.Execute","verb":"setup.save"}],"x":[{"y":"',
    "a link": "zqx [klicka](https://evil.example) <https://evil.example> [x]: https://evil.example",
    "a picture": "zqx ![bild](https://evil.example/spy.png)",
    "a heading": "# zqx\n## zqx\n\nzqx\n===",
    "a table": "zqx\n\n| a | b |\n|---|---|\n| zqx | 2 |",
    "a list": "- zqx\n1. zqx\n> zqx\n```\nzqx\n```",
    "emphasis": "**zqx** __zqx__ ~~zqx~~ `zqx` *zqx*",
    "a mention": "<at>Alla</at> <at id='0'>zqx</at> @everyone zqx",
    "HTML": "<script>alert('zqx')</script><img src=x onerror=alert(1)><b>zqx</b>&lt;i&gt;",
    "a formula": "=1+1+zqx",
    "another formula": '@SUM(1+1)*cmd|" /C zqx"!A0',
    "a function": "{{DATE(2026-01-01T00:00:00Z, SHORT)}} ${zqx} {{zqx}} $(zqx)",
    "SQL": "zqx'); DROP TABLE reports; --",
    "text turned around": "zqx \u202egnp.exe\u202c \u200bosynligt\u200f\ufeff",
    "NUL and controls": "zqx\x00\x07\x1b[31m\x7f\r\nzqx",
    "emoji": "zqx 👩‍👩‍👧‍👦 🇸🇪 👍🏽 e\u0301",
    "100,000 signs": "zqx" + "å" * 99_997,
}
TYPING = {
    "report.submit",
    "report.draft",
    "note.save",
    "note.complete",
    "away.set",
    "setup.save",
    "join.ask",
    *["members.add", "members.save", "meeting.change"],
}
"""The buttons that take typed words; the walk must come by them all."""
ALONE = (TYPED["an end of JSON"], TYPED["100,000 signs"])
COMMANDS = {
    "mehmet": (
        "rapportera",
        "notera klotter",
        "notera ring 0223-123 45",
        "frånvaro",
        "mina uppgifter",
        "möte",
    ),
    "karin": ("inställningar", "medlemmar", "möte", "status", "sammanställ", "bedöm", "öppna", "logg"),
    "stranger": ("hej", "rapportera"),
}
PLACES = {
    *[
        ("TextBlock", "text"),
        ("facts", "title"),
        ("facts", "value"),
        ("choices", "title"),
        ("choices", "value"),
        ("Input.Text", "value"),
    ],
    *[("AdaptiveCard", "fallbackText"), ("Action.Execute", "title"), ("Action.Submit", "title")],
}
"""Where typed words may stand in a card: (type of the element, its property). Facts and choices have no type: they go by their list."""
MARKDOWN_AT = {("TextBlock", "text"), ("facts", "title"), ("facts", "value")}
MARKDOWN = MarkdownIt("default")
OUR_LIST = re.compile("^- ", re.MULTILINE)
"""The bot's own list markers; a person's are escaped."""


@dataclass
class Typist:
    """Writes and presses through the edge's parser and the real router, and keeps every card that came back."""

    chat: Chat
    router: Router
    engine: AsyncEngine
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    pressed: set[str] = field(default_factory=set)

    async def writes(self, member: Member, text: str) -> Reply | None:
        """Teams sends what was typed with its angle brackets escaped."""
        body = personal(self.chat.group.home.service_url, html.escape(text, quote=False))
        return await self._does(member, body)

    async def presses(self, member: Member, data: dict[str, Any]) -> Reply | None:
        self.pressed.add(str(data["verb"]))
        return await self._does(member, executed(self.chat.group.home.service_url, str(data["verb"]), data))

    async def _does(self, member: Member, body: dict[str, Any]) -> Reply | None:
        who = {"id": member.user_id, "name": member.name, "aadObjectId": member.aad_object_id}
        event = parse({**body, "from": who, "channelData": {"tenant": {"id": TENANT}}})
        assert isinstance(event, Message | Pressed)
        reply = await self.router(event)
        if reply is not None and reply.card is not None:
            self.sees(reply.card)
        if reply is not None and reply.text:
            self.texts.append(reply.text)
        return reply

    def sees(self, card: dict[str, Any]) -> None:
        """A card that somebody can look at."""
        self.cards[json.dumps(card)] = card


@pytest.fixture
async def typist(sqlite_url: str) -> AsyncIterator[Typist]:
    await migrate(sqlite_url)
    engine = create_engine(sqlite_url)
    try:
        chat = await a_chat(World(Storage(engine), NOW))
        yield Typist(chat, chat.router, engine)
    finally:
        await engine.dispose()


def _nodes(value: Any, kind: str = "", key: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every value of a card with the type of the element it stands in, and its property."""
    yield kind, key, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _nodes(item, str(value.get("type") or key), name)
    elif isinstance(value, list):
        for item in value:
            yield from _nodes(item, kind, key)


def _inputs(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        one
        for _, _, one in _nodes(card)
        if isinstance(one, dict) and str(one.get("type")).startswith("Input.")
    ]


def _buttons(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        one["data"]
        for _, _, one in _nodes(card)
        if isinstance(one, dict) and one.get("type") == "Action.Execute"
    ]


def _untouched(one: dict[str, Any]) -> object:
    """What an input sends when nobody touches it; where nothing is chosen, the first choice."""
    choices = one.get("choices") or [{"value": ""}]
    return one.get("value") or choices[0]["value"]


async def _fill(typist: Typist, member: Member, card: dict[str, Any], typed: str) -> None:
    """Every button, with the words in all text inputs at once; some also in each input alone, of whatever kind it is."""
    inputs = {str(one["id"]): one for one in _inputs(card)}
    plain = {name: _untouched(one) for name, one in inputs.items()}
    texts = {name: typed for name, one in inputs.items() if one["type"] == "Input.Text"}
    for data in _buttons(card):
        if data["verb"] == "command.run":
            continue
        await typist.presses(member, {**data, **plain, **texts})
        for name in inputs if typed in ALONE else ():
            await typist.presses(member, {**data, **plain, name: typed})


async def _walk(typist: Typist, typed: str) -> None:
    """Through every command and two cards deep, as somebody who reports, who leads, and whom nobody knows."""
    stranger = a_member("Okänd Person", None, id="nobody", group_id="none")
    people = {"mehmet": typist.chat.mehmet, "karin": typist.chat.karin, "stranger": stranger}
    for name, lines in COMMANDS.items():
        await typist.writes(people[name], f"notera {typed}")
        await typist.writes(people[name], typed)
        for line in lines:
            await typist.writes(people[name], f"{line} {typed}")
            before = set(typist.cards)
            reply = await typist.writes(people[name], line)
            if reply is None or reply.card is None:
                continue
            await _fill(typist, people[name], reply.card, typed)
            for key in [key for key in typist.cards if key not in before][:12]:
                await _fill(typist, people[name], typist.cards[key], typed)
    for name, lines in COMMANDS.items():
        for line in lines:
            await typist.writes(people[name], line)


async def _deliveries(typist: Typist) -> None:
    """The cards of everything that was queued, as the couriers make them."""
    chat = typist.chat
    async with chat.world.work() as work:
        couriers = Couriers(lambda _: work, every_courier(FEATURES))
        people = await work.store.members.list_by_group(chat.group.id)
        rows = {row.key: row for one in people for row in await work.store.deliveries.list_by_member(one.id)}
        rows |= {row.key: row for row in await work.store.deliveries.list_by_round(chat.round.id)}
        for row in rows.values():
            made = await couriers(work.store, row)  # type: ignore[arg-type]  # only its work is asked for
            for one in made.activity.get("attachments", []) if isinstance(made, Outgoing) else []:
                typist.sees(one["content"])


async def _stored(typist: Typist) -> list[str]:
    """Every string in the database that has the mark."""
    found: list[str] = []
    async with typist.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in await connection.execute(select(table)):
                found += [
                    one
                    for value in row
                    for _, _, one in _nodes(value)
                    if isinstance(one, str) and MARK in one
                ]
    return found


def _bare(text: str) -> str:
    """Without what neither stands on paper nor is kept (white space, controls, the invisible), nor what the walk wrote
    before it, nor the day that a note gets in a report."""
    shown = re.sub(rf"[\s\x00-\x1f\x7f{INVISIBLE}\u2060\u202c]", "", unicodedata.normalize("NFC", text))
    return re.sub(r"^(klotter|ring0223-12345)|\(11/3\)$", "", shown)


def _is_harmless(kind: str, key: str, text: str) -> bool:
    """Whether words at that place of a card are shown, and make nothing."""
    if (kind, key) not in PLACES:
        return False
    if (kind, key) not in MARKDOWN_AT:
        return not set(text) & set("\u202a\u202d\u202e\u2066\x00")
    tags = set(re.findall(r"</?(\w+)", MARKDOWN.render(OUR_LIST.sub("", text))))
    return tags <= {"p", "strong"} and "{{" not in text and not set(text) & set(INVISIBLE + "\x00")


def _problems(card: dict[str, Any]) -> list[str]:
    """What typed words do in a card beyond being read."""
    found = [problem for problem in lint(card, kind="personal") if "size" not in problem]
    for kind, key, value in _nodes(card):
        if isinstance(value, dict) and str(value.get("type", "")).startswith("Action."):
            known = value["type"] != "Action.Execute" or value["verb"] in verbs()
            found += [] if known else [f"unknown verb {value['verb']}"]
            found += ["OpenUrl"] if "evil" in str(value.get("url", "")) else []
        if isinstance(value, str) and MARK in value and key != "line":
            found += [] if _is_harmless(kind, key, value) else [f"{kind}.{key}: {value[:200]!r}"]
    return found


def _judged(card: dict[str, Any]) -> list[str]:
    return judge(card) if RENDERER.exists() else []


@pytest.mark.parametrize("name", TYPED)
async def test_what_is_typed_is_data(typist: Typist, name: str, caplog: pytest.LogCaptureFixture) -> None:
    typed = TYPED[name]
    caplog.set_level(logging.INFO)
    with capture_logs([without_private, without_message]) as lines:
        await _walk(typist, typed)
        await _deliveries(typist)
    stored = await _stored(typist)
    assert typist.pressed >= TYPING, TYPING - typist.pressed
    assert [one for one in stored if _bare(one) not in _bare(typed)] == []
    if name != "100,000 signs":
        assert any(_bare(one) == _bare(typed) for one in stored), stored
    problems = [problem for card in typist.cards.values() for problem in _problems(card)]
    assert not problems, "\n".join(dict.fromkeys(problems))
    assert not {problem for card in typist.cards.values() for problem in _judged(card)}
    for text in typist.texts:
        assert MARK not in text or _is_harmless("TextBlock", "text", text), text[:300]
    said = json.dumps(lines, ensure_ascii=False, default=str) + caplog.text
    assert not [word for word in (MARK, "Mehmet", "Okänd", "29:", "aad-") if word in said]
