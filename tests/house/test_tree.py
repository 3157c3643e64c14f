"""Rules that hold for every file of the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REGISTRIES = (r"pypi\.org", r"pythonhosted\.org", r"npmjs\.(org|com)", r"yarnpkg\.com", r"proxy\.golang\.org")
PLACES = (
    r"(?<![\w.])/(?:work|srv|mnt)/",
    r"(?<![\w.-])/tmp/\w",
    r"(?<![\w.-])/root/",
    r"/home/\w",
    r"/Users/\w",
)
ASKED = re.compile("|".join((*REGISTRIES, *PLACES)))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    found = []
    for file in tracked():
        try:
            found.append((file, file.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    named = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file, text in texts()
        if file != Path(__file__).resolve() and (match := ASKED.search(text))
    ]
    assert named == []


def test_no_test_uses_mocks() -> None:
    forbidden = re.compile(
        r"unittest[.\s]+(import\s+)?mock|from mock import|import mock|pytest_mock|\bmocker\b"
    )
    users = [
        str(file.relative_to(ROOT))
        for file, text in texts()
        if file.suffix == ".py" and file != Path(__file__).resolve() and forbidden.search(text)
    ]
    assert users == []


@pytest.mark.parametrize(
    "example", ["from unittest.mock import Mock", "import unittest.mock", "from unittest import mock"]
)
def test_the_search_for_mocks_finds_one(example: str) -> None:
    assert re.search(r"unittest[.\s]+(import\s+)?mock", example)


def test_every_requirement_that_is_named_is_explained() -> None:
    explained = set(re.findall(r"\*\*([A-F]\d+)\*\*", (ROOT / "docs" / "requirements.md").read_text("utf-8")))
    named = re.compile(r"\(((?:[A-F]\d{1,2})(?:[,–] ?[A-F]?\d{1,2})*)[):;]")
    assert named.findall("as asked (A5–A8, F4): it") == ["A5–A8, F4"]
    unknown = {
        f"{file.relative_to(ROOT)}: {number}"
        for file, text in texts()
        if file.suffix in (".py", ".md")
        for found in named.findall(text)
        for number in re.findall(r"[A-F]\d+", found)
        if number not in explained
    }
    assert unknown == set()
