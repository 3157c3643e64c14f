"""Every threat that is written down is answered by tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    line
    for line in (ROOT / "docs" / "threats.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| Threat")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:50])
def test_a_threat_names_the_tests_that_answer_it(row: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", row)
    assert named
    assert not [name for name in named if "def test_" not in (ROOT / name).read_text("utf-8")]


def test_there_are_threats() -> None:
    assert len(ROWS) > 10
