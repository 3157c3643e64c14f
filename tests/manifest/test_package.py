"""The app package is one that Teams takes: schema, icons, commands, both languages."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
from PIL import Image

from bot.__main__ import main
from bot.manifest import ManifestError, build_package
from tools.node import NODE_MODULES

SCHEMAS = NODE_MODULES / "@microsoft" / "app-manifest" / "build" / "json-schemas" / "teams" / "v1.30"
APP_ID = "3f2c8f0e-7a52-4c8e-9d65-6d1f9f1f0a11"
Json = dict[str, Any]


@pytest.fixture
def package(tmp_path: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(build_package(APP_ID, "https://lagesbild.fagersta.example/", tmp_path / "app.zip"))


def read(package: zipfile.ZipFile, name: str) -> Json:
    return cast("Json", json.loads(package.read(name)))


def complaints(document: Json, schema: str) -> list[str]:
    rules = json.loads((SCHEMAS / schema).read_text(encoding="utf-8-sig"))
    checker = jsonschema.validators.validator_for(rules)(rules)
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(document)]


def test_the_manifest_follows_the_newest_schema(package: zipfile.ZipFile) -> None:
    manifest = read(package, "manifest.json")
    assert manifest["manifestVersion"] == "1.30"
    assert complaints(manifest, "MicrosoftTeams.schema.json") == []


def test_the_schema_would_notice_a_fault(package: zipfile.ZipFile) -> None:
    manifest = read(package, "manifest.json")
    manifest["name"]["short"] = "x" * 31
    assert complaints(manifest, "MicrosoftTeams.schema.json") != []


def test_the_english_follows_its_schema(package: zipfile.ZipFile) -> None:
    assert complaints(read(package, "en.json"), "MicrosoftTeams.Localization.schema.json") == []


def test_every_command_is_in_english_too(package: zipfile.ZipFile) -> None:
    lists = read(package, "manifest.json")["bots"][0]["commandLists"]
    wanted = {
        f"bots[0].commandLists[{i}].commands[{j}].{part}"
        for i, commands in enumerate(lists)
        for j in range(len(commands["commands"]))
        for part in ("title", "description")
    }
    assert {key for key in read(package, "en.json") if key.startswith("bots")} == wanted


def test_id_and_address_are_filled_in(package: zipfile.ZipFile) -> None:
    text = package.read("manifest.json").decode()
    assert not re.search(r"\{\{", text)
    manifest = json.loads(text)
    assert manifest["id"] == manifest["bots"][0]["botId"] == APP_ID
    assert manifest["validDomains"] == ["lagesbild.fagersta.example"]


def test_the_bot_may_be_added_everywhere_with_few_enough_commands(package: zipfile.ZipFile) -> None:
    bot = read(package, "manifest.json")["bots"][0]
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert len(bot["commandLists"]) <= 3
    assert all(len(commands["commands"]) <= 12 for commands in bot["commandLists"])


@pytest.mark.parametrize(("name", "size"), [("color.png", 192), ("outline.png", 32)])
def test_the_icons_have_their_sizes(package: zipfile.ZipFile, name: str, size: int) -> None:
    image = Image.open(io.BytesIO(package.read(name)))
    assert image.format == "PNG"
    assert image.size == (size, size)


def test_the_outline_is_white_on_nothing(package: zipfile.ZipFile) -> None:
    image = Image.open(io.BytesIO(package.read("outline.png"))).convert("RGBA")
    data = image.tobytes()
    pixels = [data[start : start + 4] for start in range(0, len(data), 4)]
    assert {pixel[3] for pixel in pixels} >= {0, 255}
    assert all(pixel[:3] == b"\xff\xff\xff" for pixel in pixels if pixel[3])


def test_the_same_settings_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (build_package("", "", tmp_path / name).read_bytes() for name in ("a.zip", "b.zip"))
    assert first == second


@pytest.mark.parametrize(
    ("app_id", "url", "named"), [("abc", "", "MICROSOFT_APP_ID"), ("", "http://here.example", "PUBLIC_URL")]
)
def test_wrong_settings_are_named(tmp_path: Path, app_id: str, url: str, named: str) -> None:
    with pytest.raises(ManifestError, match=named):
        build_package(app_id, url, tmp_path / "app.zip")


def test_the_command_builds_it_under_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROSOFT_APP_ID", APP_ID)
    (tmp_path / "build").mkdir()
    assert main(["manifest"]) == 0
    built = tmp_path / capsys.readouterr().out.strip()
    assert built.parent == tmp_path / "build"
    assert read(zipfile.ZipFile(built), "manifest.json")["id"] == APP_ID


def test_the_command_names_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MICROSOFT_APP_ID", "abc")
    assert main(["manifest", "--out", str(tmp_path / "app.zip")]) == 2
    assert "MICROSOFT_APP_ID" in capsys.readouterr().err
