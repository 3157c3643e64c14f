"""Frozen values as rows and back, by their own annotations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from storage.rows import Row

T = TypeVar("T")


class Mapper(Generic[T]):
    """Maps one dataclass to a row whose columns bear its fields' names; the fields in `nested` are stored as JSON."""

    def __init__(self, kind: type[T], *nested: str) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)
        self._nested = set(nested)

    def row(self, value: T) -> dict[str, Any]:
        """The value's fields, as the columns take them."""
        flat = self._adapter.dump_python(value, exclude=self._nested)
        return {**flat, **self._adapter.dump_python(value, mode="json", include=self._nested)}

    def value(self, row: Row) -> T:
        """The value of a row."""
        return self._adapter.validate_python(dict(row))

    def values(self, rows: Iterable[Row]) -> list[T]:
        """The values of many rows, in their order."""
        return [self.value(row) for row in rows]
