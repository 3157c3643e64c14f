"""A municipality's own templates and promises: read at the start, and a faulty one stops it with its name (A1, D5)."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.app import running
from bot.settings import Settings
from tests.lagesbild.test_promise_data import THIRD
from tests.process import run


async def test_a_promise_of_ones_own_can_be_begun_from(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "norberg.toml").write_text(THIRD, "utf-8")
    settings = Settings.model_validate({**environment, "PROMISES_DIR": str(tmp_path)})
    async with running(settings) as app, app.desk.open() as work:
        assert work.examples["norberg-2025"].municipality == "Norberg"
        assert len(work.examples) == 3


@pytest.mark.parametrize(
    ("setting", "says"),
    [("PROMISES_DIR", "norberg.toml: title saknas"), ("TEMPLATES_DIR", "norberg.toml: question saknas")],
)
async def test_a_faulty_file_stops_the_start_and_is_named(
    tmp_path: Path, environment: dict[str, str], setting: str, says: str
) -> None:
    (tmp_path / "norberg.toml").write_text(THIRD.replace('title = "Vårt löfte"', ""), "utf-8")
    code, said = await run("serve", **{**environment, setting: str(tmp_path)})
    assert (code, says in said) == (2, True), said


async def test_a_folder_that_is_not_there_stops_the_start_and_is_named(environment: dict[str, str]) -> None:
    code, said = await run("serve", **{**environment, "PROMISES_DIR": "/nowhere"})
    assert (code, "PROMISES_DIR" in said) == (2, True), said


async def test_a_port_that_is_taken_stops_the_start_and_is_named(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, said = await run("serve", **{**environment, "HOST": "127.0.0.1", "PORT": port})
    assert (code, said.splitlines()[-1]) == (
        2,
        f"PORT: cannot listen on 127.0.0.1:{port} (Address already in use)",
    )


async def test_the_demo_names_what_is_wrong_in_its_settings() -> None:
    code, said = await run("demo", PORT="abc")
    assert (code, said.startswith("PORT: ")) == (2, True), said
