"""README says what is true: every setting and every command stands in its tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import Command
from bot.settings import Settings

README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")


@pytest.mark.parametrize("variable", [str(field.alias) for field in Settings.model_fields.values()])
def test_every_setting_is_in_the_table(variable: str) -> None:
    assert f"| `{variable}` |" in README


@pytest.mark.parametrize("command", list(Command))
def test_every_command_is_in_the_table(command: Command) -> None:
    assert f"| `{command.swedish}" in README
    assert f"`{command.english}" in README


@pytest.mark.parametrize(
    "name",
    [
        "SituationPicture",
        "Report",
        "Template",
        "Question",
        "Area",
        "Colour",
        "Round",
        "Meeting",
        "Member",
        "Group",
        "Role",
        "Absence",
        "Observation",
        "Delivery",
        "Answer",
        "Finding",
        "Override",
        "AuditEntry",
    ],
)
def test_the_models_names_are_in_the_glossary(name: str) -> None:
    assert f"`{name}`" in README.split("## Glossary")[1]
