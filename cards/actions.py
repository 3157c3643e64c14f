"""The buttons' payloads: each a typed, frozen class that packs itself into a button and parses itself back.

A new button:  `@dataclass(frozen=True)
class SubmitReport(Payload, verb="report.submit"):
    round_id: str`
then `execute(t("report.send"), SubmitReport(round_id=r.id))` in the card and `Payload.parse(event.data)` at the edge.
What comes back is untrusted: cards are old, or written by somebody else.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import Enum
from typing import Any, ClassVar, Literal, Self, Union, get_args, get_origin, get_type_hints

from cards.buttons import Execute, Submit

SPACE = "lb"
"""The key that a payload's fields lie under, so that no input's id can collide with them."""


class ActionError(Exception):
    """A button's data can't be used; the card it sat on is old or not ours."""


class UnknownVerb(ActionError):
    """No payload has that verb."""

    def __init__(self, verb: str) -> None:
        super().__init__(f"unknown verb {verb!r}")
        self.verb = verb


class BadPayload(ActionError):
    """The verb is known, but a field is missing, unknown or of another type."""

    def __init__(self, verb: str, field: str) -> None:
        super().__init__(f"{verb}: {field}")
        self.verb = verb
        self.field = field


@dataclass(frozen=True)
class Payload:
    """Base of what a button sends. Fields are str, int, float, bool, Literal, an Enum, or tuples or optionals of these."""

    verb: ClassVar[str] = ""

    def __init_subclass__(cls, *, verb: str) -> None:
        super().__init_subclass__()
        known = _VERBS.get(verb)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"{cls.__qualname__} and {known.__qualname__} share the verb {verb}")
        cls.verb = verb
        _VERBS[verb] = cls

    def pack(self) -> dict[str, Any]:
        """The button's `data`: the verb beside the fields, which have a key of their own."""
        packed = {field.name: _packed(getattr(self, field.name)) for field in fields(self)}
        return {"verb": self.verb, SPACE: packed}

    @classmethod
    def parse(cls, data: object) -> Self:
        """The payload in a button's data; inputs' values beside it are left alone. Called on a subclass, it takes that
        subclass only. Raises UnknownVerb or BadPayload, and nothing else, whatever the data."""
        verb = data.get("verb") if isinstance(data, Mapping) else None
        kind = _VERBS.get(verb) if isinstance(verb, str) else None
        if (
            kind is None
            or not isinstance(data, Mapping)
            or not isinstance(verb, str)
            or not issubclass(kind, cls)
        ):
            raise UnknownVerb(verb if isinstance(verb, str) else "")
        return kind.unpack(data.get(SPACE, {}))

    @classmethod
    def unpack(cls, packed: object) -> Self:
        """The payload of packed fields; use `parse`, which reads the verb first. Raises BadPayload."""
        if not isinstance(packed, Mapping):
            raise BadPayload(cls.verb, SPACE)
        hints = _hints(cls)
        for name in packed:
            if name not in hints:
                raise BadPayload(cls.verb, str(name))
        values = {name: cls._value(name, packed[name]) for name in hints if name in packed}
        for field in fields(cls):
            if field.name not in values and field.default is MISSING and field.default_factory is MISSING:
                raise BadPayload(cls.verb, field.name)
        try:
            return cls(**values)
        except (TypeError, ValueError) as error:
            raise BadPayload(cls.verb, SPACE) from error

    @classmethod
    def _value(cls, name: str, raw: object) -> object:
        try:
            return _parsed(raw, _hints(cls)[name])
        except (ValueError, TypeError) as error:
            raise BadPayload(cls.verb, name) from error


_VERBS: dict[str, type[Payload]] = {}


def verbs() -> Mapping[str, type[Payload]]:
    """Every known verb and its payload: for routing, and for the test that each has a handler."""
    return types.MappingProxyType(_VERBS)


def execute(
    title: str,
    payload: Payload,
    *,
    style: Literal["default", "positive", "destructive"] | None = None,
    associated_inputs: Literal["auto", "none"] = "auto",
    tooltip: str | None = None,
) -> Execute:
    """The button that sends a payload: Action.Execute, and for older clients a Submit with the same data.

    `associated_inputs="none"` sends without the inputs' values and without checking what is required.
    """
    data = payload.pack()
    submit = Submit(title, data=data, style=style, associated_inputs=associated_inputs, tooltip=tooltip)
    return Execute(
        title,
        verb=payload.verb,
        data=data,
        fallback=submit,
        style=style,
        associated_inputs=associated_inputs,
        tooltip=tooltip,
    )


_HINTS: dict[type, dict[str, Any]] = {}


def _hints(cls: type[Payload]) -> dict[str, Any]:
    if cls not in _HINTS:
        hints = get_type_hints(cls)
        _HINTS[cls] = {field.name: hints[field.name] for field in fields(cls)}
    return _HINTS[cls]


def _packed(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_packed(item) for item in value]
    return value


def _parsed(raw: object, hint: Any) -> object:
    """The value of an annotation that a JSON value stands for; ValueError where it stands for none."""
    hint = getattr(hint, "__supertype__", hint)  # NewType
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _first(raw, args)
    if origin is Literal:
        return _same(raw, args)
    if origin is tuple:
        if not isinstance(raw, Sequence) or isinstance(raw, str) or args[1:] != (Ellipsis,):
            raise ValueError(raw)
        return tuple(_parsed(item, args[0]) for item in raw)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(_same(raw, tuple(member.value for member in hint)))
    if hint is float and type(raw) is int and abs(raw) <= 2**53:
        return float(raw)
    if type(raw) is not hint:
        raise ValueError(raw)
    return raw


def _first(raw: object, hints: tuple[Any, ...]) -> object:
    for hint in hints:
        try:
            return _parsed(raw, hint)
        except ValueError:
            continue
    raise ValueError(raw)


def _same(raw: object, choices: tuple[object, ...]) -> object:
    for choice in choices:
        if type(raw) is type(choice) and raw == choice:
            return choice
    raise ValueError(raw)
