"""A form that was refused, with all that was typed in it and a word about what is wrong and where.

Teams draws a card anew after every press: what is not in the card that comes back is gone. Works on a card's JSON, so
that the form is built by whatever opened it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from cards.card import MOST_BYTES, bytes_of
from cards.elements import Container, TextBlock
from cards.fields import RESERVED
from cards.safe import one_line, plain
from cards.texts import Texts

Json = dict[str, Any]

_LONGEST_LABEL = 60


def given_back(
    t: Texts, form: Json, typed: Mapping[str, object], problem: str, field: str = ""
) -> Json | None:
    """The form as it was sent, with the problem on top and at its field; None if it has no place for what was typed,
    or is larger than a card may be."""
    card = copy.deepcopy(form)
    inputs = {one["id"]: one for one in _inputs(card)}
    sent = {name: value for name, value in typed.items() if name in inputs and name not in RESERVED}
    changed = {name for name, value in sent.items() if _fill(inputs[name], value)}
    if not sent:
        return None
    field = next((name for name in inputs if name == field or field.endswith(f"_{name}")), "")
    _unfold(card, changed | {field})
    label = plain(str(inputs[field].get("label", ""))) if field else ""
    _mark(card, field, TextBlock(f"⚠ {problem}", color="attention", size="small").to_dict())
    card["body"].insert(0, _warning(t, problem, label))
    return card if bytes_of(card) < MOST_BYTES else None


def _warning(t: Texts, problem: str, label: str) -> Json:
    where = one_line(label, _LONGEST_LABEL)
    said = t("error.given_back_line", field=where, problem=problem) if where else problem
    lines = [
        TextBlock(f"⚠ {t('error.given_back')}", weight="bolder", color="attention"),
        TextBlock(said, spacing="small"),
    ]
    return Container(lines, style="attention").to_dict()


def _inputs(part: object) -> Iterator[Json]:
    """The inputs of a part, wherever they stand; not those in a fallback."""
    if isinstance(part, dict):
        if _is_input(part):
            yield part
            return
        part = [value for key, value in part.items() if key not in ("fallback", "data")]
    if isinstance(part, list):
        for one in part:
            yield from _inputs(one)


def _is_input(part: Json) -> bool:
    return str(part.get("type", "")).startswith("Input.")


def _fill(field: Json, value: object) -> bool:
    """Puts what was typed into an input; whether that changed it. What the input cannot hold is left out."""
    before = field.pop("value", None)
    fitting = _fitting(field, value)
    if fitting != "":
        field["value"] = fitting
    return bool(field.get("value") != before)


def _fitting(field: Json, value: object) -> str | float:
    text = value if isinstance(value, str) else _number(value)
    match field["type"]:
        case "Input.ChoiceSet":
            return _offered(field, text)
        case "Input.Date":
            return text if _is(date, text) else ""
        case "Input.Time":
            return text if _is(time, text) else ""
        case "Input.Number":
            return _as_number(text)
    return plain(text)


def _offered(field: Json, text: str) -> str:
    """The chosen values that the list offers."""
    offered = {choice["value"] for choice in field.get("choices", ())}
    chosen = text.split(",") if field.get("isMultiSelect") else [text]
    return ",".join(one.strip() for one in chosen if one.strip() in offered)


def _is(kind: type[date | time], text: str) -> bool:
    try:
        kind.fromisoformat(text)
    except ValueError:
        return False
    return True


def _number(value: object) -> str:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _as_number(text: str) -> str | float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return ""
    return number if abs(number) < 1e15 else ""


def _unfold(part: object, names: set[str]) -> bool:
    """Opens whatever holds one of these inputs; whether it does."""
    if isinstance(part, list):
        opened = [_unfold(one, names) for one in part]
        return any(opened)
    if not isinstance(part, dict):
        return False
    inside = [_unfold(value, names) for key, value in part.items() if key not in ("fallback", "data")]
    holds = any(inside) or (_is_input(part) and part.get("id") in names)
    if holds and part.get("isVisible") is False:
        del part["isVisible"]
    return holds


def _mark(part: object, field: str, mark: Json) -> bool:
    """Puts the mark right above an input; whether it was found."""
    if isinstance(part, dict):
        return any(
            _mark(value, field, mark) for key, value in part.items() if key not in ("fallback", "data")
        )
    if not isinstance(part, list):
        return False
    for index, one in enumerate(part):
        if isinstance(one, dict) and _is_input(one) and one["id"] == field:
            part.insert(index, mark)
            return True
        if _mark(one, field, mark):
            return True
    return False
