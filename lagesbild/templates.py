"""Report templates: the municipality's own questions as versioned data, never code (A1, A2)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from lagesbild.errors import LagesbildError

DATA = Path(__file__).parent / "data" / "templates"


class Area(StrEnum):
    """The seven areas that every template asks about, comparable between municipalities (S1, E2)."""

    DISORDER = "disorder"
    VIOLENCE = "violence"
    EXTREMISM = "extremism"
    YOUTH = "youth"
    SUBSTANCES = "substances"
    OTHER = "other"
    POSITIVE = "positive"


class Colour(StrEnum):
    """The compiled assessment of an area (A3). Always shown with its symbol and word."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Rating(StrEnum):
    """How a question is answered beside its comment."""

    IMPACT = "impact"
    """A rating 1–5 (Fagersta)."""
    COLOUR = "colour"
    """Bullet points and green/yellow/red (Ludvika)."""
    NONE = "none"
    """A comment only."""


class TemplateError(LagesbildError):
    """A template file cannot be used; the message names the file and what is wrong in it."""


@dataclass(frozen=True)
class TemplateRef:
    """One version of one template. A round keeps the version it was opened with."""

    id: str
    version: int

    def __str__(self) -> str:
        return f"{self.id}-{self.version}"


@dataclass(frozen=True)
class Question:
    """One question (`fråga`): word for word in `text`, with a short `title` for cards."""

    number: int
    area: Area
    title: str
    text: str
    rating: Rating
    comment_label: str
    asks_place_and_time: bool = False
    measure_label: str = ""

    @property
    def is_positive(self) -> bool:
        return self.area is Area.POSITIVE


@dataclass(frozen=True)
class Template:
    """A report template (`mall`): purpose, secrecy rule and questions, word for word from its source (S1)."""

    ref: TemplateRef
    municipality: str
    group_name: str
    title: str
    purpose: tuple[str, ...]
    secrecy_rule: str
    submitted_by: str
    period_days: int
    period_text: str
    questions: tuple[Question, ...]
    scale: Mapping[Colour, str]
    every_weeks: int
    source: str
    organisations: tuple[str, ...] = ()
    """Names to choose among when a member says which organisation it reports for; others can be typed (F5)."""

    def question(self, number: int) -> Question:
        """The question with that number; KeyError if the template has none."""
        for question in self.questions:
            if question.number == number:
                return question
        raise KeyError(number)

    @property
    def rated(self) -> tuple[Question, ...]:
        """The questions that carry a rating or a colour."""
        return tuple(q for q in self.questions if q.rating is not Rating.NONE)


class Templates:
    """All templates known, every version of each. `load` reads folders of TOML files."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._by_ref = {template.ref: template for template in templates}

    @classmethod
    def load(cls, *folders: Path) -> Templates:
        """The shipped templates and those in `folders`; raises TemplateError for a faulty or repeated file."""
        found: dict[TemplateRef, Template] = {}
        for path in sorted(path for folder in (DATA, *folders) for path in folder.glob("*.toml")):
            template = read_template(path)
            if template.ref in found:
                raise TemplateError(f"{path.name}: {template.ref} finns redan")
            found[template.ref] = template
        return cls(found.values())

    def get(self, ref: TemplateRef) -> Template:
        """The template of that version; TemplateError if its file is gone."""
        try:
            return self._by_ref[ref]
        except KeyError:
            raise TemplateError(f"mallen {ref} saknas") from None

    def newest(self) -> tuple[Template, ...]:
        """The newest version of each template, by municipality: what the set-up form offers."""
        newest: dict[str, Template] = {}
        for ref in sorted(self._by_ref, key=lambda ref: (ref.id, ref.version)):
            newest[ref.id] = self._by_ref[ref]
        return tuple(sorted(newest.values(), key=lambda template: template.municipality))

    def latest(self, template_id: str) -> Template:
        """The newest version of the template with that id; TemplateError if there is none."""
        for template in self.newest():
            if template.ref.id == template_id:
                return template
        raise TemplateError(f"mallen {template_id} saknas")


@cache
def shipped_templates() -> Templates:
    """The templates that come with the product."""
    return Templates.load()


def read_template(path: Path) -> Template:
    """One template file; raises TemplateError naming the file and the key that is missing or wrong."""
    try:
        return _template(tomllib.loads(path.read_text("utf-8")))
    except KeyError as missing:
        raise TemplateError(f"{path.name}: {missing.args[0]} saknas") from missing
    except (tomllib.TOMLDecodeError, ValueError, TypeError) as wrong:
        raise TemplateError(f"{path.name}: {wrong}") from wrong


def _template(data: dict[str, Any]) -> Template:
    questions = tuple(_question(number, raw) for number, raw in enumerate(data["question"], start=1))
    if not any(question.is_positive for question in questions):
        raise ValueError('en fråga om det som gick bra saknas (area = "positive")')
    if len({question.area for question in questions}) != len(questions):
        raise ValueError("två frågor har samma area")
    return Template(
        ref=TemplateRef(str(data["id"]), int(data["version"])),
        municipality=data["municipality"],
        group_name=data["group_name"],
        title=data["title"],
        purpose=tuple(data["purpose"]),
        secrecy_rule=data["secrecy_rule"],
        submitted_by=data["submitted_by"],
        period_days=int(data["period_days"]),
        period_text=data["period_text"],
        questions=questions,
        scale={Colour(key): text for key, text in data.get("scale", {}).items()},
        every_weeks=int(data["every_weeks"]),
        source=data["source"],
        organisations=tuple(data.get("organisations", ())),
    )


def _question(number: int, raw: dict[str, Any]) -> Question:
    return Question(
        number=number,
        area=Area(raw["area"]),
        title=raw["title"],
        text=raw["text"],
        rating=Rating(raw["rating"]),
        comment_label=raw["comment_label"],
        asks_place_and_time=bool(raw.get("asks_place_and_time", False)),
        measure_label=raw.get("measure_label", ""),
    )
