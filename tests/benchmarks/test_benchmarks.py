"""Every benchmark runs, in a tiny form, and its table can be read."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import picture, start, turn
from benchmarks.figures import Figure, table, write


async def test_the_answer_turn_is_measured_beside_the_empty_one_and_no_answer_is_lost() -> None:
    figures, raw = await turn.measure(rounds=1, seconds=0.3, groups=1)
    assert any(turn.STOCK in figure.what and figure.ratio for figure in figures)
    for name in ("SQLite", "PostgreSQL"):
        assert raw[name][0]["good"] > 0
        assert raw[name][0]["bad"] == 0


async def test_a_start_is_measured_on_a_new_and_on_a_migrated_database() -> None:
    figures, _ = await start.measure(runs=1)
    assert {figure.what.partition(",")[2] for figure in figures} == {
        f" {database}, {state} database"
        for database in ("SQLite", "PostgreSQL")
        for state in ("empty", "migrated")
    }


def test_the_picture_is_measured() -> None:
    assert picture.milliseconds(lambda: picture.plain_loops(picture.sample(3, 1)), runs=1) > 0


def test_a_missed_target_is_printed_as_missed(tmp_path: Path) -> None:
    figures = [Figure("one", "1 s", target="< 2 s", ok=True), Figure("two", "3 s", target="< 2 s", ok=False)]
    assert table(figures).splitlines()[-1].endswith("MISSED")
    write(tmp_path / "bench.json", figures, {})
    found = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert [figure["ok"] for figure in found["figures"]] == [True, False]
