"""Whoever installs the bot finds every setting, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
NAMES = {str(field.alias) for field in Settings.model_fields.values()}


@pytest.mark.parametrize(
    ("file", "sign"),
    [("README.md", r"^\| `([A-Z_]+)` \|"), (".env.example", r"^#?([A-Z_]+)=")],
)
def test_every_setting_is_explained_and_no_other(file: str, sign: str) -> None:
    found = re.findall(sign, (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert set(found) == NAMES
