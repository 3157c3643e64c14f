"""README says what is true: every setting and command is in its tables, every class of the model in its glossary."""

from __future__ import annotations

import re
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import lagesbild
from bot.app import FEATURES
from bot.commands import Command
from bot.settings import Settings
from lagesbild.authority import is_for_leaders

WITHOUT_A_WORD = {
    "Caught": "a Finding with the question it was found in, on its way to the card",
    "EarlierRound": "what the picture's pure function is given of a Round",
    "Front": "a CitizenPromise's front as typed, before it is checked",
    "GroupForm": "GroupSettings as typed, before they are checked",
    "GroupState": "a state of Group, told by its values' names",
    "Guess": "what the parser of notes gives; stored as an Observation",
    "Lack": "one thing that a CitizenPromise lacks before it can be adopted",
    "MeetingState": "a state of Meeting, told by its values' names",
    "MemberState": "a state of Member, told by its values' names",
    "Missing": "what is missing in a draft, told by its values' names",
    "Occurrence": "what a recurrence gives, before it is a Meeting",
    "Outcome": "how a Section of the period before went, beside the present one",
    "PeriodKind": "a choice of period in a form",
    "PromiseFile": "a CitizenPromise as its data file has it",
    "PromiseForm": "a CitizenPromise as typed, before it is checked",
    "PromiseOverview": "what the promises' cards show",
    "PromiseSheet": "a CitizenPromise with its follow-ups, on its way to the card",
    "ReasonKind": "which of its sentences a Reason is",
    "ReportForm": "a Report as sent, before it is checked",
    "ReportState": "a state of Report, told by its values' names",
    "RosterChange": "what comparing two lists of Person gives",
    "RoundPlan": "the instants of a Round, before it is one",
    "RoundState": "a state of Round, told by its values' names",
    "SectionForm": "a Section as typed, before it is checked",
    "SectionSheet": "a Section with its follow-ups, on its way to the card",
    "Work": "no subject matter: the transaction, the clock and the outbox of a use case",
}
"""Classes that nobody but their neighbours meets, and why."""

README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")


@pytest.mark.parametrize("variable", [str(field.alias) for field in Settings.model_fields.values()])
def test_every_setting_is_in_the_table(variable: str) -> None:
    assert f"| `{variable}` |" in README


@pytest.mark.parametrize("command", list(Command))
def test_every_command_is_in_the_table(command: Command) -> None:
    assert f"| `{command.swedish}" in README
    assert f"`{command.english}" in README


@pytest.mark.parametrize("command", list(Command))
def test_the_table_marks_what_only_who_leads_may_write(command: Command) -> None:
    (row,) = [line for line in README.splitlines() if re.match(rf"\| `{command.swedish}\b", line)]
    rule = next(feature.rules[command] for feature in FEATURES if command in feature.rules)
    assert ("●" in row.split("|")[1]) == is_for_leaders(rule.act)


def _model() -> set[str]:
    """The public values of the subject: every frozen dataclass and enum beside the use cases."""
    modules = [
        import_module(f"lagesbild.{one.name}") for one in iter_modules(lagesbild.__path__) if not one.ispkg
    ]
    return {
        name
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__ and not name.startswith("_")
        if is_dataclass(value) or issubclass(value, Enum)
    }


def _glossary() -> list[tuple[str, str]]:
    """Each entry: the words, and the class that means them."""
    lines = " ".join(README.split("## Glossary")[1].split())
    return re.findall(r"([^`·]+) `(\w+)`", re.sub(r"- \*\*[^*]+\*\*", "·", lines))


@pytest.mark.parametrize("name", sorted(_model()))
def test_every_class_of_the_model_has_a_word_or_a_reason(name: str) -> None:
    words = [one for _, one in _glossary()].count(name)
    assert words == (0 if name in WITHOUT_A_WORD else 1)


def test_the_glossary_names_nothing_that_is_gone() -> None:
    assert {name for _, name in _glossary()} <= _model()
    assert set(WITHOUT_A_WORD) <= _model()


def test_every_word_means_one_class() -> None:
    words = [word.strip().casefold() for word, _ in _glossary()]
    assert all(words)
    assert len(words) == len(set(words))
