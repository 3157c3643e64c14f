"""Coverage-guided fuzzing of what reads strangers' bytes: activities, buttons' payloads, inputs, typed lines and dates.

`python -m tests.edge.guided -max_total_time=60` (libFuzzer's own options). Needs atheris, which `make fuzz` installs.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random

import atheris  # type: ignore[import-not-found,unused-ignore]

with atheris.instrument_imports(include=["bot", "cards", "lagesbild"]):
    import bot.app  # noqa: F401  makes every button's payload known
    from bot.commands import understand
    from bot.teams.fields import BadActivity
    from bot.teams.parse import parse
    from cards.actions import ActionError, Payload
    from cards.inputs import BadInput, Inputs
    from cards.safe import escape, one_line, plain
    from lagesbild.answering import parse_counts
    from lagesbild.dates import parse_date, parse_span, parse_spans, parse_time
    from lagesbild.errors import Invalid
    from lagesbild.noting import guess
    from lagesbild.secrecy import scan
    from tests.edge.malformed import Breaker

TODAY = date(2025, 3, 11)
READERS: tuple[Callable[[str], object], ...] = (
    understand,
    lambda text: guess(text, TODAY),
    scan,
    parse_counts,
    lambda text: parse_date(text, TODAY),
    parse_time,
    lambda text: parse_span(text, "lead"),
    lambda text: parse_spans(text, "reminders"),
    lambda text: (escape(text), one_line(text), plain(text)),
)


def read(data: bytes) -> None:
    """Everything that these bytes could be; only the errors that are answered may come out."""
    with suppress(ValueError, RecursionError):
        body = json.loads(data)
        if isinstance(body, dict):
            _read_activity(body)
    with suppress(UnicodeDecodeError):
        text = data.decode()
        for reader in READERS:
            with suppress(Invalid):
                reader(text)


def _read_activity(body: dict[str, object]) -> None:
    with suppress(BadActivity):
        parse(body)
    with suppress(ActionError):
        Payload.parse(body)
    inputs = Inputs(body)
    for name in list(body)[:10]:
        for one in (inputs.date, inputs.time):
            with suppress(BadInput):
                one(name)
        with suppress(BadInput):
            inputs.number(name, min=-1e9, max=1e9)


def main() -> None:
    """Begin with what is nearly real, and go on from there until the time is out or something else is raised."""
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        breaker = Breaker(Random(1), "http://127.0.0.1:9")
        for number in range(300):
            Path(folder, str(number)).write_bytes(breaker.body())
        Path("build").mkdir(exist_ok=True)
        atheris.Setup([*sys.argv, "-max_len=4096", "-artifact_prefix=build/", folder], read)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
