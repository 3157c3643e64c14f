"""The buttons' payloads: each a typed, frozen class that packs itself into a button and parses itself back.

A new button:  `@dataclass(frozen=True)
class SubmitReport(Payload, verb="report.submit"):
    round_id: str`
then `execute(t("report.send"), SubmitReport(round_id=r.id))` in the card and `Payload.parse(event.data)` at the edge.
What comes back is untrusted: cards are old, or written by somebody else.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
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
        known = _fields_of(cls)
        values = {}
        for name, raw in packed.items():
            try:
                values[name] = known.parsers[name](raw)
            except (KeyError, ValueError, TypeError) as error:
                raise BadPayload(cls.verb, str(name)) from error
        for name in known.required:
            if name not in values:
                raise BadPayload(cls.verb, name)
        try:
            return cls(**values)
        except (TypeError, ValueError) as error:
            raise BadPayload(cls.verb, SPACE) from error


_VERBS: dict[str, type[Payload]] = {}
_LARGEST = 2**31 - 1
"""What a column for a whole number takes in every database."""


def verbs() -> Mapping[str, type[Payload]]:
    """Every known verb and its payload: for routing, and for the test that each has a handler."""
    return types.MappingProxyType(_VERBS)


def execute(
    title: str,
    payload: Payload,
    *,
    style: Literal["default", "positive", "destructive"] | None = None,
    associated_inputs: Literal["auto", "none"] = "auto",
) -> Execute:
    """The button that sends a payload: Action.Execute, and for older clients a Submit with the same data.

    `associated_inputs="none"` sends without the inputs' values and without checking what is required.
    """
    data = payload.pack()
    submit = Submit(title, data=data, style=style, associated_inputs=associated_inputs)
    return Execute(
        title,
        verb=payload.verb,
        data=data,
        fallback=submit,
        style=style,
        associated_inputs=associated_inputs,
    )


Parser = Callable[[object], object]
"""Makes of a JSON value the field's; ValueError where it stands for none."""


@dataclass(frozen=True)
class _Fields:
    """A payload's fields, read off its class once: what parses each, and which must be there."""

    parsers: Mapping[str, Parser]
    required: tuple[str, ...]


_FIELDS: dict[type, _Fields] = {}


def _fields_of(cls: type[Payload]) -> _Fields:
    found = _FIELDS.get(cls)
    if found is None:
        hints = get_type_hints(cls)
        bare = [one.name for one in fields(cls) if one.default is MISSING and one.default_factory is MISSING]
        parsers = {one.name: _parser(hints[one.name]) for one in fields(cls)}
        found = _FIELDS[cls] = _Fields(parsers, tuple(bare))
    return found


def _packed(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_packed(item) for item in value]
    return value


def _parser(hint: Any) -> Parser:
    """What parses the values of an annotation, read off it once."""
    hint = getattr(hint, "__supertype__", hint)  # NewType
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _any_of([_parser(arg) for arg in args])
    if origin is Literal:
        return _one_of(args)
    if origin is tuple and args[1:] == (Ellipsis,):
        return _tuple_of(_parser(args[0]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        value = _one_of([member.value for member in hint])
        return lambda raw: hint(value(raw))
    return {float: _number, int: _whole}.get(hint) or _just(hint)


def _just(kind: Any) -> Parser:
    def parse(raw: object) -> object:
        if type(raw) is not kind:
            raise ValueError(raw)
        return raw

    return parse


def _whole(raw: object) -> int:
    if type(raw) is not int or abs(raw) > _LARGEST:
        raise ValueError(raw)
    return raw


def _number(raw: object) -> float:
    if type(raw) is int and abs(raw) <= 2**53:
        return float(raw)
    if not isinstance(raw, float):
        raise ValueError(raw)  # noqa: TRY004  it is the JSON that is wrong, not the program
    return raw


def _tuple_of(item: Parser) -> Parser:
    def parse(raw: object) -> object:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            raise ValueError(raw)  # noqa: TRY004  it is the JSON that is wrong, not the program
        return tuple(map(item, raw))

    return parse


def _any_of(parsers: Sequence[Parser]) -> Parser:
    def parse(raw: object) -> object:
        for parser in parsers:
            with suppress(ValueError):
                return parser(raw)
        raise ValueError(raw)

    return parse


def _one_of(choices: Sequence[object]) -> Parser:
    def parse(raw: object) -> object:
        for choice in choices:
            if type(raw) is type(choice) and raw == choice:
                return choice
        raise ValueError(raw)

    return parse
