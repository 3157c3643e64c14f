"""A server with a watch on its event loop: `python -m benchmarks.watched serve OUT` is `python -m bot serve`, watched.

`python -m benchmarks.watched idle OUT` is a loop that does nothing beside it: what the machine alone makes late.
What was seen since the server was ready is written to OUT, as JSON, when it ends by SIGTERM.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

import bot.__main__
from benchmarks.servers import ROOT

EVERY = 0.005
LONG = 0.02
"""Seconds that nothing on the loop is to take."""
_OURS = tuple(str(ROOT / floor) for floor in ("bot", "cards", "storage", "lagesbild"))


class Watch:
    """Times every callback of the loop, how late a sleeper wakes, and looks where the long ones are."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.longest: list[tuple[float, float, str]] = []
        """Of callbacks over a quarter of `LONG`: seconds by the clock, of the processor, and where it was last seen."""
        self._where = self._garbage = ""
        self._collected = 0.0
        self._begun = 0.0
        self._thread = threading.main_thread().ident or 0
        self._watcher: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """From now on; called on the loop."""
        self._time_callbacks()
        gc.callbacks.append(self._collecting)
        threading.Thread(target=self._look, daemon=True).start()
        self._watcher = asyncio.get_running_loop().create_task(self._sleep())

    def write(self, path: Path) -> None:
        """What was seen."""
        found = {"late": self.late, "longest": self.longest}
        path.write_text(json.dumps(found), encoding="utf-8")

    async def _sleep(self) -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(EVERY)
            self.late.append(time.perf_counter() - begun - EVERY)

    def _time_callbacks(self) -> None:
        run = asyncio.Handle._run  # noqa: SLF001  the one place that every callback goes through

        def timed(handle: asyncio.Handle) -> None:
            cpu = time.thread_time()
            self._begun = begun = time.perf_counter()
            try:
                run(handle)
            finally:
                taken = time.perf_counter() - begun
                self._begun = 0.0
                if taken > LONG / 4:
                    self.longest.append((taken, time.thread_time() - cpu, self._garbage + self._where))
                self._where = self._garbage = ""

        asyncio.Handle._run = timed  # type: ignore[method-assign]  # noqa: SLF001

    def _collecting(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._collected = time.perf_counter()
        elif (taken := time.perf_counter() - self._collected) > LONG / 4:
            self._garbage += f"garbage of generation {info['generation']} for {taken * 1000:.0f} ms, "

    def _look(self) -> None:
        while True:
            time.sleep(EVERY)
            begun = self._begun
            if begun and time.perf_counter() - begun > LONG / 2:
                self._where = _place(sys._current_frames().get(self._thread))  # noqa: SLF001


def _place(frame: FrameType | None) -> str:
    """Our own functions that are being run, the innermost first, after the one of a library if that is where it is."""
    names: list[str] = []
    theirs = ""
    while frame is not None and len(names) < 5:
        if frame.f_code.co_filename.startswith(_OURS):
            path = Path(frame.f_code.co_filename).relative_to(ROOT)
            names.append(f"{path}:{frame.f_code.co_name}")
        elif not names and not theirs:
            theirs = f"{frame.f_code.co_filename.rpartition('site-packages/')[2]}:{frame.f_code.co_name} < "
        frame = frame.f_back
    return theirs + " < ".join(names)


def main(what: str, out: str) -> None:
    """Serve, or idle, until SIGTERM."""
    watch = Watch()
    if what == "idle":
        asyncio.run(_idle(watch))
    else:
        _serve(watch)
    watch.write(Path(out))


def _serve(watch: Watch) -> None:
    spare: Any = bot.__main__._spare_what_is_loaded  # noqa: SLF001  the last that is done before it serves

    def ready() -> None:
        spare()
        watch.begin()

    bot.__main__._spare_what_is_loaded = ready  # noqa: SLF001
    bot.__main__.main(["serve"])


async def _idle(watch: Watch) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)

    def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, os.environ["HOST"], int(os.environ["PORT"])):
        watch.begin()
        await stopping.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
