"""Citizen promises as data files: the two that ship, and those a municipality adds (D5). Like templates, never code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from lagesbild.errors import LagesbildError
from lagesbild.promises import Commitment, Section, Signature
from lagesbild.templates import Area

DATA = Path(__file__).parent / "data" / "promises"

T = TypeVar("T")


class PromiseFileError(LagesbildError):
    """A promise's file cannot be used; the message names the file and the field that is missing or wrong."""


@dataclass(frozen=True)
class PromiseFile:
    """One promise as its file has it, word for word from its source; it belongs to no group yet."""

    id: str
    municipality: str
    source: str
    title: str
    preamble: str
    first: date
    last: date
    sections: tuple[Section, ...]
    signatures: tuple[Signature, ...]
    adopted_by: str
    adopted_on: date | None


def promise_files(*folders: Path) -> Mapping[str, PromiseFile]:
    """Those that ship and those in `folders`, by id; PromiseFileError for a faulty file or an id that two files have."""
    found: dict[str, PromiseFile] = {}
    for path in sorted(path for folder in (DATA, *folders) for path in folder.glob("*.toml")):
        promise = read_promise(path)
        if promise.id in found:
            raise PromiseFileError(f"{path.name}: id {promise.id} finns redan")
        found[promise.id] = promise
    return found


@cache
def shipped_promises() -> Mapping[str, PromiseFile]:
    """The promises that come with the product."""
    return promise_files()


def read_promise(path: Path) -> PromiseFile:
    """One file; PromiseFileError naming the file and the field."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise PromiseFileError(f"{path.name}: {wrong}") from wrong
    return _promise(_Fields(path.name, "", data))


@dataclass(frozen=True)
class _Fields:
    """A table of the file, read field by field, so that what is wrong is named by its place."""

    file: str
    at: str
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not isinstance(self.values, Mapping):
            raise PromiseFileError(f"{self.file}: {self.at.rstrip('.')} är ingen tabell")

    def words(self, key: str, *, required: bool = True) -> str:
        value = self._one(key, str, "en text", "" if not required else None).strip()
        if required and not value:
            raise self.wrong(key, "är tomt")
        return value

    def day(self, key: str) -> date:
        return self._one(key, date, "ett datum", None)

    def day_or_none(self, key: str) -> date | None:
        return self.day(key) if key in self.values else None

    def items(self, key: str) -> list[Any]:
        return self._one(key, list, "en lista", [])

    def tables(self, key: str) -> list[_Fields]:
        return [
            _Fields(self.file, f"{self.at}{key} {number}.", value)
            for number, value in enumerate(self.items(key), start=1)
        ]

    def only(self, *known: str) -> None:
        """A misspelt field is not passed over in silence."""
        for key in self.values:
            if key not in known:
                raise self.wrong(key, "är inget fält")

    def wrong(self, key: str, why: str) -> PromiseFileError:
        return PromiseFileError(f"{self.file}: {self.at}{key} {why}")

    def _one(self, key: str, kind: type[T], what: str, default: T | None) -> T:
        value = self.values.get(key, default)
        if value is None:
            raise self.wrong(key, "saknas")
        # A TOML time of day with its date is a datetime, which is a date too.
        if not isinstance(value, kind) or isinstance(value, datetime):
            raise self.wrong(key, f"är inte {what}")
        return value


def _promise(fields: _Fields) -> PromiseFile:
    fields.only(
        *("id", "municipality", "source", "title", "preamble", "first", "last", "section"),
        *("signatures", "adopted_by", "adopted_on"),
    )
    sections = tuple(_section(number, one) for number, one in enumerate(fields.tables("section"), start=1))
    if not sections:
        raise fields.wrong("section", "saknas")
    first, last = fields.day("first"), fields.day("last")
    if last < first:
        raise fields.wrong("last", "kommer före first")
    return PromiseFile(
        id=fields.words("id"),
        municipality=fields.words("municipality"),
        source=fields.words("source"),
        title=fields.words("title"),
        preamble="\n\n".join(_texts(fields, "preamble")),
        first=first,
        last=last,
        sections=sections,
        signatures=tuple(_signature(one) for one in fields.tables("signatures")),
        adopted_by=fields.words("adopted_by", required=False),
        adopted_on=fields.day_or_none("adopted_on"),
    )


def _section(number: int, fields: _Fields) -> Section:
    fields.only("title", "areas", "commitments", "why", "indicator")
    commitments = tuple(_commitment(one) for one in fields.tables("commitments"))
    if not commitments:
        raise fields.wrong("commitments", "saknas")
    return Section(
        number=number,
        title=fields.words("title"),
        commitments=commitments,
        why=fields.words("why", required=False),
        areas=tuple(_area(fields, name) for name in fields.items("areas")),
        indicator=fields.words("indicator", required=False),
    )


def _commitment(fields: _Fields) -> Commitment:
    fields.only("who", "what")
    return Commitment(fields.words("who"), fields.words("what"))


def _signature(fields: _Fields) -> Signature:
    fields.only("role", "name", "signed_on")
    return Signature(
        fields.words("role"), fields.words("name", required=False), fields.day_or_none("signed_on")
    )


def _area(fields: _Fields, name: object) -> Area:
    try:
        return Area(str(name))
    except ValueError:
        known = ", ".join(area.value for area in Area)
        raise fields.wrong("areas", f"{name} är inget område (välj bland {known})") from None


def _texts(fields: _Fields, key: str) -> list[str]:
    found = fields.items(key)
    if not all(isinstance(one, str) for one in found):
        raise fields.wrong(key, "är inte en lista av texter")
    return [one.strip() for one in found if one.strip()]
