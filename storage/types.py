"""Column types that give back exactly what was stored, on both databases."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import orjson
from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

Value = TypeVar("Value")
_UNSTORABLE = re.compile("[\x00\x1b\ud800-\udfff]")
_ESCAPED = re.compile("\x1b([0-9a-f]{4})")


def escape(text: str) -> str:
    """NUL and lone surrogates, which PostgreSQL or UTF-8 refuse, as ESC and four digits; the rest as it is."""
    return _UNSTORABLE.sub(lambda found: f"\x1b{ord(found.group()):04x}", text)


def unescape(text: str) -> str:
    """The text as it was before `escape`."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)


class _Direct(TypeDecorator[Value]):
    """Converts without asking the type it is made of, which would leave the value as it is: half the time of a turn's rows."""

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return partial(self.process_bind_param, dialect=dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        return partial(self.process_result_value, dialect=dialect)


class Words(_Direct[str]):
    """Any text, compared and ordered by code point on both databases."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(Text(collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return value if value is None or value.isprintable() else escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return value if value is None or "\x1b" not in value else unescape(value)


class Json(_Direct[Any]):
    """Nested values as JSON text: JSONB would refuse an escaped NUL. What UTF-8 can't hold is written in ASCII."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        try:
            return orjson.dumps(value).decode()
        except TypeError:
            return json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        if value is None:
            return None
        try:
            return orjson.loads(value)
        except ValueError:
            return json.loads(value)


class Instant(_Direct[datetime]):
    """An aware instant, given back in UTC; ISO text of fixed width in SQLite, so that it sorts. Naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must carry its time zone")
        instant = value.astimezone(UTC)
        if dialect.name != "sqlite":
            return instant
        return instant.replace(tzinfo=None).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        return value.astimezone(UTC)  # type: ignore[no-any-return]
