"""What a benchmark found: a line of the table, and the same for machines."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HEADINGS = ("what", "ours", "baseline", "ratio", "target", "")


@dataclass(frozen=True)
class Figure:
    """One line: `ok` is None where there is no target to reach."""

    what: str
    ours: str
    baseline: str = ""
    ratio: str = ""
    target: str = ""
    ok: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as texts, in the order of `HEADINGS`."""
        verdict = {None: "", True: "ok", False: "MISSED"}[self.ok]
        return (self.what, self.ours, self.baseline, self.ratio, self.target, verdict)


def table(figures: Sequence[Figure]) -> str:
    """The figures under their headings, each column as wide as it must be."""
    rows = [HEADINGS, *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in [lines[0], "-" * (sum(widths) + 10), *lines[1:]])


def machine() -> str:
    """The processor, its number of cores, the memory and the Python."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {cores} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )


def write(path: Path, figures: Sequence[Figure], raw: dict[str, Any]) -> None:
    """The table's lines and the unrounded measurements, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {"machine": machine(), "figures": [asdict(figure) for figure in figures], "measured": raw}
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
