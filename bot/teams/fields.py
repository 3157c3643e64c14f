"""Reading untrusted JSON: a field has the wanted kind, or BadActivity says which has not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

_DEEPEST = 20
"""Levels of a button's data: ours has two."""


class BadActivity(ValueError):
    """The JSON is no activity; `args[0]` names the faulty field. Answered with 400."""


def cleaned(value: Any, depth: int = 0) -> Any:
    """The same data with every NUL and other unprintable character taken out of its strings."""
    if depth > _DEEPEST:
        raise BadActivity("data")
    if isinstance(value, str):
        return value if value.isprintable() else _printable(value)
    if isinstance(value, dict):
        return {key: cleaned(item, depth + 1) for key, item in value.items()}
    return [cleaned(item, depth + 1) for item in value] if isinstance(value, list) else value


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t").replace("\x7f", "")


def text_of(holder: Json, field: str) -> str:
    """A text; empty if there is none."""
    value = holder.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadActivity(field)
    return value


def object_of(holder: Json, field: str) -> Json:
    """An object; empty if there is none."""
    value = holder.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadActivity(field)
    return value


def list_of(holder: Json, field: str) -> list[Any]:
    """A list; empty if there is none."""
    value = holder.get(field)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadActivity(field)
    return value
