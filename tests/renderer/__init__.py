"""Microsoft's own card renderer as an independent judge of every card.

`judge(card)` parses the card twice: as sent, with Teams' own elements registered as known (a chart must carry its data, a
badge its text), and with everything that has a `fallback` replaced by it, where only the renderer's own elements are known. So both
the native card and what an old client shows are judged, and nothing newer may stand without a fallback.
It does not notice unknown properties: our own card classes refuse those.
"""

from __future__ import annotations

import atexit
import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, cast

from tools.node import NODE_MODULES, node

SCRIPT = Path(__file__).with_name("judge.js")
RENDERER = NODE_MODULES / "adaptivecards" / "dist" / "adaptivecards.js"


@cache
def _process() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [str(node()), str(SCRIPT), str(RENDERER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    atexit.register(_stop, process)
    return process


def _stop(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.close()
    process.wait(5)
    if process.stdout:
        process.stdout.close()


def judge(card: dict[str, Any]) -> list[str]:
    """Everything the renderer complains about; empty for a good card. One Node process serves all calls."""
    process = _process()
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(card) + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError("The renderer stopped; run `make setup` and look at tests/renderer/judge.js.")
    return cast("list[str]", json.loads(answer))
