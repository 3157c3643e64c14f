"""How long a picture takes: 100 reports of seven areas, with six earlier rounds.

`python -m benchmarks.picture` prints the median of several runs in milliseconds, beside the same data read by plain
loops in the same run (only a median for each area and round: no remarks, places, standings or order) and beside the
picture without earlier rounds.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from lagesbild.compiling import EarlierRound, compile_picture, digest
from lagesbild.reports import Report
from lagesbild.templates import Template
from tests.samples import a_group, a_meeting, a_prompt, a_round, fagersta, some_members, some_reports

REPORTS = 100
EARLIER = 6
RUNS = 15
TARGET_MS = 50


def sample(reports: int = REPORTS, earlier: int = EARLIER) -> dict[str, Any]:
    """What a picture of that size is compiled from."""
    members = some_members(reports)
    template = fagersta()
    return {
        "group": a_group(),
        "template": template,
        "round_": a_round(number=earlier + 1),
        "meeting": a_meeting(),
        "members": members,
        "reports": some_reports(members, template),
        "absences": (),
        "prompts": tuple(a_prompt(member) for member in members),
        "earlier": tuple(
            EarlierRound(number, template, some_reports(members, template, f"round-{number}"))
            for number in range(1, earlier + 1)
        ),
    }


def plain_loops(given: dict[str, Any]) -> list[list[float]]:
    """The least that the same data takes: a median for each area of each round."""
    rounds = [given["reports"], *(one.reports for one in given["earlier"])]
    return [_medians(given["template"], reports) for reports in rounds]


def _medians(template: Template, reports: tuple[Report, ...]) -> list[float]:
    found = []
    for question in template.rated:
        ratings = [a.impact for r in reports for a in r.answers if a.number == question.number and a.impact]
        found.append(median(ratings) if ratings else 0.0)
    return found


def milliseconds(action: Callable[[], object], runs: int = RUNS) -> float:
    """The median duration of an action."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        action()
        times.append((perf_counter() - start) * 1000)
    return median(times)


def measure() -> dict[str, float]:
    """The figures, in milliseconds."""
    given = sample()
    alone = given | {"earlier": ()}
    picture = compile_picture(**given)
    return {
        "picture": milliseconds(lambda: compile_picture(**given)),
        "picture without earlier rounds": milliseconds(lambda: compile_picture(**alone)),
        "plain loops": milliseconds(lambda: plain_loops(given)),
        "digest": milliseconds(lambda: digest(picture)),
    }


def main() -> None:
    """Print the figures."""
    figures = measure()
    print(
        f"{REPORTS} reports x 7 areas, {EARLIER} earlier rounds, median of {RUNS} runs (target < {TARGET_MS} ms)"
    )
    for name, figure in figures.items():
        print(f"  {name:<32}{figure:8.2f} ms   x {figure / figures['plain loops']:.1f} of plain loops")


if __name__ == "__main__":
    main()
