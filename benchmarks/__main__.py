"""Measure all that README says, in one run: `python -m benchmarks`, or with names (growth, turn, …) only those.

Prints one table and writes build/bench.json. A target that is missed is printed as missed; the exit code is 1 only if
a benchmark itself failed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import traceback
from collections.abc import Callable
from typing import Any

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
from benchmarks.figures import Figure, machine, table, write
from benchmarks.servers import ROOT

OUT = ROOT / "build" / "bench.json"
Found = tuple[list[Figure], dict[str, Any]]


def _turn() -> Found:
    return asyncio.run(turn.measure())


def _growth() -> Found:
    return asyncio.run(growth.measure())


def _memory() -> Found:
    return asyncio.run(memory.measure())


def _lateness() -> Found:
    return asyncio.run(lateness.measure())


def _start() -> Found:
    return asyncio.run(start.measure())


def _fanout() -> Found:
    return asyncio.run(fanout.figures())


def _outbound() -> Found:
    return asyncio.run(outbound.measure())


def _picture() -> Found:
    found = picture.measure()
    mine, plain = found["picture"], found["plain loops"]
    figure = Figure(
        f"picture of {picture.REPORTS} reports, {picture.EARLIER} earlier rounds",
        f"{mine:.1f} ms",
        f"plain loops {plain:.1f} ms",
        f"{mine / plain:.1f}",
        f"< {picture.TARGET_MS} ms",
        mine < picture.TARGET_MS,
    )
    return [figure], found


BENCHMARKS: dict[str, Callable[[], Found]] = {
    "picture": _picture,
    "secrecy": secrecy.figures,
    "start": _start,
    "fanout": _fanout,
    "outbound": _outbound,
    "lateness": _lateness,
    "growth": _growth,
    "memory": _memory,
    "turn": _turn,
    "steps": lambda: asyncio.run(steps.measure()),
    "profile": lambda: asyncio.run(profile.measure()),
}


def main(arguments: list[str] | None = None) -> int:
    """Run them one after the other: they share the cores."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], metavar="name")
    names = parser.parse_args(arguments).names or list(BENCHMARKS)
    figures: list[Figure] = []
    raw: dict[str, Any] = {}
    failed = False
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            found, raw[name] = BENCHMARKS[name]()
            figures += found
        except Exception:  # noqa: BLE001  the others are still worth measuring
            traceback.print_exc()
            failed = True
    print(machine())
    print(table(figures))
    write(OUT, figures, raw)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
