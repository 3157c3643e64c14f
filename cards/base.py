"""How a card's parts are declared: the `adaptivecards` library's Element and PropertyType, made strict and typed.

A part is declared like a dataclass: each annotated field becomes a property, `is_subtle` is written `isSubtle`.
Unlike the library, a part refuses unknown properties, wrong types and values outside a Literal, by name.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Literal,
    Union,
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
    """One property of a part: its key in the JSON, what tells whether it takes a value, whether it must be given."""

    key: str
    takes: Callable[[object], bool]
    required: bool


@dataclass(frozen=True)
class Shape:
    """What a part is made of, read off its class once: its fields by their Python names, which are special, and
    what the JSON of each such part begins with: what the library itself sets, and the defaults."""

    fields: Mapping[str, Field]
    places: tuple[str, ...]
    required: tuple[str, ...]
    start: Mapping[str, Any]


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
        self.default = default
        self.required = default in (_REQUIRED, _POSITIONAL)
        self.positional = default is _POSITIONAL

    def __get__(self, instance: BareObject | None, owner: type) -> Any:
        return self if instance is None else instance.get_data(self.key_name)

    def __set__(self, instance: BareObject, value: object) -> None:
        if value is None and not self.required:
            instance._data.pop(self.key_name, None)  # noqa: SLF001  (the library has no way to unset)
            return
        owner = type(instance)
        if not shape_of(owner).fields[self.name].takes(value):
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
        """Sets what is given like `__set__` does, without going through the descriptors: cards have many parts."""
        shape = shape_of(type(self))
        if values:
            named.update(self._placed(shape, values))
        data = dict(shape.start)
        for name, value in named.items():
            field = shape.fields.get(name)
            if field is None:
                raise UnknownProperty(type(self).__name__, name, "is no property of it")
            if value is None:
                continue
            if not field.takes(value):
                raise BadValue(type(self).__name__, name, f"does not take {value!r}")
            data[field.key] = value
        for name in shape.required:
            if shape.fields[name].key not in data:
                raise MissingProperty(type(self).__name__, name, "is missing")
        _set(self, "_data", data)
        self.check()

    def _placed(self, shape: Shape, values: Sequence[object]) -> Iterable[tuple[str, object]]:
        if len(values) > len(shape.places):
            raise UnknownProperty(type(self).__name__, repr(values[len(shape.places)]), "has no place")
        return zip(shape.places, values, strict=False)

    if not TYPE_CHECKING:  # a type checker would take it for leave to set anything

        def __setattr__(self, name: str, value: object) -> None:
            if name != "_data" and name not in shape_of(type(self)).fields:
                raise UnknownProperty(type(self).__name__, name, "is no property of it")
            super().__setattr__(name, value)

    def check(self) -> None:
        """What holds between properties; a part that has such rules overrides it."""

    def to_dict(self) -> dict[str, Any]:
        """The part as JSON-able values."""
        return {key: value if type(value) in _SIMPLE else _plain(value) for key, value in self._data.items()}


def shape_of(cls: type[BareObject]) -> Shape:
    """What a part is made of."""
    shape = _SHAPES.get(cls)
    if shape is None:
        shape = _SHAPES[cls] = _read(cls)
    return shape


_SHAPES: dict[type, Shape] = {}
_SIMPLE = frozenset({str, bool, int})
_set = object.__setattr__


def _read(cls: type[BareObject]) -> Shape:
    hints = get_type_hints(cls)
    owners = reversed(cls.__mro__)
    found = {n: value for owner in owners for n, value in vars(owner).items() if isinstance(value, Property)}
    return Shape(
        fields={
            name: Field(value.key_name, taker(hints[name]), value.required) for name, value in found.items()
        },
        places=tuple(name for name, value in found.items() if value.positional),
        required=tuple(name for name, value in found.items() if value.required),
        start=_start(cls)
        | {v.key_name: v.default for v in found.values() if not v.required and v.default is not None},
    )


def _start(cls: type[BareObject]) -> dict[str, Any]:
    """What the library puts into a new part of that class."""
    bare = cls.__new__(cls)
    super(Node, bare).__init__()  # type: ignore[misc]  # past our own
    return dict(bare._data)  # noqa: SLF001  (the library's)


def taker(hint: Any) -> Callable[[object], bool]:
    """What tells whether a value fits an annotation made of Literal, unions, sequences, mappings and classes.

    None is no value: it says that an optional property is not given.
    """
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any:
        return lambda _: True
    if origin is Literal:
        kinds = {type(choice) for choice in parts}
        return lambda value: type(value) in kinds and value in parts
    if origin in (Union, types.UnionType):
        takers = [taker(part) for part in parts if part is not types.NoneType]
        return takers[0] if len(takers) == 1 else lambda value: any(takes(value) for takes in takers)
    if origin is Sequence:
        each = taker(parts[0])
        return lambda value: isinstance(value, list | tuple) and all(map(each, value))
    if origin is Mapping:
        return lambda value: isinstance(value, Mapping)
    if hint in (int, float):
        numbers = (int, float) if hint is float else int
        return lambda value: isinstance(value, numbers) and not isinstance(value, bool)
    return lambda value: isinstance(value, hint)


def _plain(value: Any) -> Any:
    if type(value) in _SIMPLE:
        return value
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
