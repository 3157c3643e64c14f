"""How a card's parts are declared: the `adaptivecards` library's Element and PropertyType, made strict and typed.

A part is declared like a dataclass: each annotated field becomes a property, `is_subtle` is written `isSubtle`.
Unlike the library, a part refuses unknown properties, wrong types and values outside a Literal, by name.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Literal,
    Union,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

if TYPE_CHECKING:  # the library is untyped: this is what is used of it

    class BareObject:
        _data: dict[str, Any]

        def get_data(self, key: str) -> Any: ...
        def set_data(self, key: str, value: Any) -> None: ...

    class PropertyType:
        key_name: str

        def __init__(self, type: object, key_name: str) -> None: ...  # noqa: A002  (the library's name)

    class LibraryElement(BareObject):
        element_type: ClassVar[str]

else:
    from adaptivecards import baseobject

    BareObject, PropertyType, LibraryElement = (
        baseobject.BareObject,
        baseobject.PropertyType,
        baseobject.Element,
    )


class CardError(Exception):
    """A card is built wrongly: a fault of the program, never of the person who reads it."""

    def __init__(self, part: str, name: str, detail: str) -> None:
        super().__init__(f"{part}: {name} {detail}")
        self.part = part
        self.name = name


class UnknownProperty(CardError, TypeError):
    """The part has no such property."""


class MissingProperty(CardError, TypeError):
    """A property that the part can't do without was not given."""


class BadValue(CardError, ValueError):
    """The property does not take that value."""


@dataclass(frozen=True)
class Field:
    """One property of a part: its key in the JSON, what it takes, whether it must be given, and by position."""

    key: str
    hint: Any
    plainly: frozenset[type]  # of these types every value is taken: spares most look-ups
    required: bool
    positional: bool


_REQUIRED = object()
_POSITIONAL = object()


def positional(*, kw_only: Literal[False]) -> Any:  # noqa: ARG001
    """Declares a required property that is given by position; type checkers read `kw_only` at each use."""
    return _POSITIONAL


def required() -> Any:
    """Declares a required property that is given by name."""
    return _REQUIRED


class Property(PropertyType):
    """The library's property, checked against the field's annotation; None takes it away."""

    def __init__(self, name: str, default: object) -> None:
        super().__init__(object, _camel(name))
        self.name = name
        self.required = default in (_REQUIRED, _POSITIONAL)
        self.positional = default is _POSITIONAL

    def __get__(self, instance: BareObject | None, owner: type) -> Any:
        return self if instance is None else instance.get_data(self.key_name)

    def __set__(self, instance: BareObject, value: object) -> None:
        if value is None and not self.required:
            instance._data.pop(self.key_name, None)  # noqa: SLF001  (the library has no way to unset)
            return
        owner = type(instance)
        field = fields_of(cast("type[Node]", owner))[self.name]
        if type(value) not in field.plainly and not accepts(value, field.hint):
            raise BadValue(owner.__name__, self.name, f"does not take {value!r}")
        instance.set_data(self.key_name, value)


@dataclass_transform(eq_default=False, kw_only_default=True, field_specifiers=(positional, required))
class Node(BareObject):
    """Base of every part of a card. Its annotated fields are the properties it takes; all others are refused."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name, hint in inspect.get_annotations(cls).items():
            if not str(hint).startswith("ClassVar") and not name.startswith("_"):
                setattr(cls, name, Property(name, cls.__dict__.get(name, _REQUIRED)))

    def __init__(self, *values: object, **named: object) -> None:
        super().__init__()
        fields = fields_of(type(self))
        places = [name for name, field in fields.items() if field.positional]
        if len(values) > len(places):
            raise UnknownProperty(type(self).__name__, repr(values[len(places)]), "has no place")
        given = dict(zip(places, values, strict=False)) | named
        for name, field in fields.items():
            if field.required and given.get(name) is None:
                raise MissingProperty(type(self).__name__, name, "is missing")
        for name, value in given.items():
            setattr(self, name, value)
        self.check()

    if not TYPE_CHECKING:  # a type checker would take it for leave to set anything

        def __setattr__(self, name: str, value: object) -> None:
            if name != "_data" and name not in fields_of(type(self)):
                raise UnknownProperty(type(self).__name__, name, "is no property of it")
            super().__setattr__(name, value)

    def check(self) -> None:
        """What holds between properties; a part that has such rules overrides it."""

    def to_dict(self) -> dict[str, Any]:
        """The part as JSON-able values."""
        return {key: _plain(value) for key, value in self._data.items()}


def fields_of(cls: type[Node]) -> dict[str, Field]:
    """A part's properties by their Python names, the base's first."""
    if cls not in _FIELDS:
        _FIELDS[cls] = _read_fields(cls)
    return _FIELDS[cls]


_FIELDS: dict[type, dict[str, Field]] = {}


def _read_fields(cls: type[Node]) -> dict[str, Field]:
    hints = get_type_hints(cls)
    found: dict[str, Field] = {}
    for owner in reversed(cls.__mro__):
        for name, value in vars(owner).items():
            if isinstance(value, Property):
                found[name] = Field(
                    value.key_name, hints[name], _plainly(hints[name]), value.required, value.positional
                )
    return found


def _plainly(hint: Any) -> frozenset[type]:
    choices = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    return frozenset(choice for choice in choices if choice in (str, bool, int))


def accepts(value: object, hint: Any) -> bool:
    """Whether a value fits an annotation made of Literal, unions, sequences, mappings and classes."""
    origin = get_origin(hint)
    if hint is Any:
        return True
    if origin is Literal:
        return any(value == choice and type(value) is type(choice) for choice in get_args(hint))
    if origin in (Union, types.UnionType):
        return any(accepts(value, choice) for choice in get_args(hint))
    if origin is Sequence:
        return isinstance(value, list | tuple) and all(accepts(item, get_args(hint)[0]) for item in value)
    if origin is Mapping:
        return isinstance(value, Mapping)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def _plain(value: Any) -> Any:
    if isinstance(value, Node):
        return value.to_dict()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return str(value) if isinstance(value, str) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
