"""What every card must keep, whatever it is for. The tests apply it to each card that they see: Teams' rules, and those of a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from cards.buttons import fit_on_a_phone
from cards.card import MOST_BYTES, bytes_of

Kind = Literal["personal", "channel"]
Json = Mapping[str, Any]

KNOWN_IN_1_2: Final = frozenset(
    {
        "AdaptiveCard",
        "TextBlock",
        "TextRun",
        "RichTextBlock",
        "Image",
        "ImageSet",
        "Container",
        "Column",
        "ColumnSet",
    }
    | {
        "FactSet",
        "ActionSet",
        "Input.Text",
        "Input.ChoiceSet",
        "Input.Toggle",
        "Input.Date",
        "Input.Time",
        "Input.Number",
    }
    | {"Action.Submit", "Action.OpenUrl", "Action.ToggleVisibility"}
)
SENDING: Final = frozenset({"Action.Execute", "Action.Submit"})
MOST_BUTTONS: Final = 6
PERSONAL_BYTES: Final = 28 * 1024
COLOURS: Final = frozenset({"good", "warning", "attention"})
READ: Final = frozenset(
    {
        "text",
        "title",
        "label",
        "placeholder",
        "errorMessage",
        "altText",
        "tooltip",
        "fallbackText",
        "speak",
        "legend",
    }
    | {"subLabel", "xAxisTitle", "yAxisTitle"}
)
WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Part:
    """A part of a card, where it is, and whether it stands in some fallback."""

    at: str
    json: Json
    spare: bool

    @property
    def type(self) -> str:
        return str(self.json.get("type", ""))


def lint(card: Json, *, kind: Kind = "personal", said: Collection[str] | None = None) -> list[str]:
    """What is wrong with a card, a line each; empty when all is well.

    `said` is what the catalogues and people gave while it was built (`cards.safe.listen`): no other words may be read.
    """
    parts = list(_parts(card, "card", spare=False))
    found = [*_whole(card, kind), *_ids(parts), *_buttons(parts)]
    for part in parts:
        found += [f"{part.at}: {problem}" for problem in _part(part)]
    if said is not None:
        found += _words(parts, said)
    return found


def _parts(json: Json, at: str, *, spare: bool) -> Iterator[Part]:
    yield Part(at, json, spare)
    for key, value in json.items():
        if key == "data" and json.get("type") in SENDING:
            continue
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, Mapping):
                yield from _parts(item, f"{at}.{key}[{index}]", spare=spare or key == "fallback")


def _whole(card: Json, kind: Kind) -> Iterator[str]:
    if card.get("type") != "AdaptiveCard" or card.get("version") != "1.2":
        yield "card: is not an AdaptiveCard of version 1.2"
    if card.get("lang") not in ("sv", "en"):
        yield "card: has no language"
    if not card.get("fallbackText"):
        yield "card: has no fallbackText"
    text = json.dumps(card, ensure_ascii=False, separators=(",", ":"))
    size, most = (len(text.encode()), PERSONAL_BYTES) if kind == "personal" else (bytes_of(card), MOST_BYTES)
    if size >= most:
        yield f"card: is {size} bytes, {kind} cards take less than {most}"


def _ids(parts: list[Part]) -> Iterator[str]:
    seen: set[str] = set()
    for part in parts:
        name = part.json.get("id")
        if not isinstance(name, str) or part.spare:
            continue
        if name in seen:
            yield f"{part.at}: the id {name} is taken"
        seen.add(name)
    for part in parts:
        for target in part.json.get("targetElements", []):
            name = target if isinstance(target, str) else target.get("elementId")
            if name not in seen:
                yield f"{part.at}: unfolds {name}, which isn't there"


def _buttons(parts: list[Part]) -> Iterator[str]:
    sending = [part for part in parts if part.type in SENDING and not part.spare]
    if len(sending) > MOST_BUTTONS:
        yield f"card: has {len(sending)} buttons that send, at most {MOST_BUTTONS} are shown"
    for part in parts:
        titles = [str(action.get("title", "")) for action in part.json.get("actions", ())]
        if len(titles) > 1 and not part.spare and not fit_on_a_phone(titles):
            yield f"{part.at}: a phone cuts the titles of {', '.join(titles)}"


def _part(part: Part) -> Iterator[str]:
    if part.type and part.type not in KNOWN_IN_1_2 and "fallback" not in part.json:
        yield f"{part.type} is newer than 1.2 and has no fallback"
    if part.type == "Action.Execute":
        yield from _execute(part.json)
    if part.type == "Action.Submit" and not part.spare:
        yield "Action.Submit stands alone: buttons are made by execute()"
    if part.type.startswith("Input."):
        yield from _input(part.json)
    if part.type == "Image" and not part.json.get("altText"):
        yield "the picture has no alt text"
    if "selectAction" in part.json and not part.json["selectAction"].get("title"):
        yield "what is tapped has no title for a screen reader"
    if _coloured(part.json) and not WORD.search(" ".join(_read(part.json))):
        yield "a colour stands without a word"


def _execute(action: Json) -> Iterator[str]:
    fallback = action.get("fallback")
    if not isinstance(fallback, Mapping) or fallback.get("type") != "Action.Submit":
        yield "Action.Execute has no Action.Submit as fallback"
    elif fallback.get("data") != action.get("data") or fallback.get("title") != action.get("title"):
        yield "the fallback sends or says something else than Action.Execute"


def _input(field: Json) -> Iterator[str]:
    if not field.get("id"):
        yield "the input has no id"
    if not field.get("label"):
        yield f"the input {field.get('id')} has no label"
    if field.get("isRequired") and not field.get("errorMessage"):
        yield f"the input {field.get('id')} is required and has no errorMessage"


def _coloured(part: Json) -> bool:
    return part.get("color") in COLOURS or (part.get("style") in COLOURS)


def _read(json: Json) -> Iterator[str]:
    for part in _parts(json, "", spare=False):
        yield from (text for _, text in _texts(part))


def _texts(part: Part) -> Iterator[tuple[str, str]]:
    for key, value in part.json.items():
        is_fact = key == "value" and re.search(r"\.facts\[\d+\]$", part.at)
        is_bar = key == "x" and not re.match(r"\d{4}-\d\d-\d\d", str(value))
        if isinstance(value, str) and (key in READ or is_bar or is_fact):
            yield key, value


def _words(parts: list[Part], said: Collection[str]) -> Iterator[str]:
    longest_first = sorted({text for text in said if WORD.search(text)}, key=len, reverse=True)
    for part in parts:
        for key, text in _texts(part):
            rest = text
            for known in longest_first:
                if known in rest:
                    rest = rest.replace(known, " ")
                if not WORD.search(rest):
                    break
            if WORD.search(rest):
                yield f"{part.at}.{key}: {rest.strip()!r} comes from no catalogue"
