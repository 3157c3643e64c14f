"""Every benchmark runs, in a tiny form, and its table can be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import (
    fanout,
    growth,
    lateness,
    memory,
    outbound,
    picture,
    profile,
    secrecy,
    start,
    steps,
    turn,
)
from benchmarks.figures import Figure, table, write
from benchmarks.without import STEPS


async def test_the_answer_turn_is_measured_beside_the_empty_one_and_no_answer_is_lost() -> None:
    figures, raw = await turn.measure(rounds=1, seconds=0.3, groups=1)
    assert any(turn.STOCK in figure.what and figure.ratio for figure in figures)
    for name in ("SQLite", "PostgreSQL"):
        assert raw[name][0]["good"] > 0
        assert raw[name][0]["bad"] == 0


async def test_a_step_that_is_taken_back_is_measured_beside_the_whole() -> None:
    figures, raw = await steps.measure(rounds=1, seconds=0.3, groups=1, steps=list(STEPS)[:1])
    assert [figure.what.partition(": ")[2] for figure in figures] == [next(iter(STEPS)), steps.NONE]
    assert all(run[0]["good"] and not run[0]["bad"] for run in raw.values())


async def test_the_profile_says_where_all_of_the_time_goes() -> None:
    _, shares = await profile.measure(seconds=0.3, groups=1)
    assert {"storage", "cards and texts", "the guard", "SQLite itself"} <= shares.keys()
    assert sum(shares.values()) == pytest.approx(1)


async def test_a_start_is_measured_on_a_new_and_on_a_migrated_database() -> None:
    figures, _ = await start.measure(runs=1)
    assert {figure.what.partition(",")[2] for figure in figures} == {
        f" {database}, {state} database"
        for database in ("SQLite", "PostgreSQL")
        for state in ("empty", "migrated")
    }


def test_the_picture_is_measured() -> None:
    assert picture.milliseconds(lambda: picture.plain_loops(picture.sample(3, 1)), runs=1) > 0


async def test_the_fan_out_is_measured_and_everybody_is_reached_once(database_url: str) -> None:
    found = await fanout.measure(database_url, recipients=5)
    assert (found.refused, found.duplicates) == (0, 0)
    assert found.the_limits_own_time == 5 / fanout.TENANT_LIMIT
    assert 0 < found.arrived_in < 60
    assert found.loop_late_median <= found.loop_late_p99 <= found.loop_late_worst


def test_the_guard_is_measured_on_every_part() -> None:
    figures, raw = secrecy.figures()
    assert [figure.what for figure in figures] == [
        "guard, sentences tuned on",
        "guard, sentences not tuned on",
        "guard, sentences not tuned on, with names in lower case and places named after people",
    ]
    assert all(
        0 < raw[part][figure] <= 1 for part in ("dev", "held", "field") for figure in ("precision", "recall")
    )


def test_what_the_guard_finds_misses_and_stops_in_vain_is_counted() -> None:
    lines = (
        ("phone", "Ring 070-1740605"),
        ("phone", "Ring växeln"),
        ("", "Bil ABC 123"),
        ("", "Lugnt i centrum"),
    )
    chosen = [secrecy.Sentence(frozenset({label} - {""}), "dev", text) for label, text in lines]
    counted = secrecy.score(chosen)
    assert (counted.found, counted.missed, counted.false_alarms) == (1, 1, 1)
    assert (counted.precision, counted.recall) == (0.5, 0.5)
    assert secrecy.score(chosen, "phone").false_alarms == 0


def test_a_missed_target_is_printed_as_missed(tmp_path: Path) -> None:
    figures = [Figure("one", "1 s", target="< 2 s", ok=True), Figure("two", "3 s", target="< 2 s", ok=False)]
    assert table(figures).splitlines()[-1].endswith("MISSED")
    write(tmp_path / "bench.json", figures, {})
    found = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert [figure["ok"] for figure in found["figures"]] == [True, False]


async def test_growth_is_measured_on_both_databases_beside_the_smallest_town() -> None:
    figures, raw = await growth.measure({"SQLite": (10, 11), "PostgreSQL": (10, 11)}, rounds=2, runs=1)
    assert {len(times) for times in raw.values()} == {8}
    assert all(figure.ratio for figure in figures)
    assert [figure.ok for figure in figures if growth.NAIVE in figure.what] == [None, None]


async def test_the_loops_lateness_is_measured_beside_an_idle_one_while_answers_come_in() -> None:
    figures, raw = await lateness.measure(seconds=1.5, prompts=3, token_takes=0.1)
    late, longest, answers = figures
    assert late.baseline
    assert longest.baseline
    assert answers.what == f"answers over {lateness.CONNECTIONS} connections meanwhile"
    assert raw["answers"] > 0
    assert raw["bad"] == 0


async def test_sending_is_measured_straight_and_from_the_queue_beside_stock_botbuilder() -> None:
    figures, raw = await outbound.measure(messages=20, rounds=1)
    assert [figure.ok is None for figure in figures] == [False, True, True]
    assert min(*raw["ours"], *raw["stock"], *raw["durable"].values()) > 0


async def test_the_fan_outs_figures_say_how_many_and_whether_the_limits_time_was_kept() -> None:
    [figure], _ = await fanout.figures({3: 100.0})
    assert (figure.what, figure.ok) == ("fan-out of 3 prompts", True)


async def test_memory_is_sampled_over_answers_and_commands() -> None:
    [figure], raw = await memory.measure(turns=20, settled=1, seconds=0.4, groups=1)
    assert figure.baseline.startswith("after 1: ")
    assert raw["samples"][-1][0] >= 20
