"""The command line: `python -m bot serve`, `backup`, `restore`, `demo`, `manifest`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
import threading
from pathlib import Path

import structlog

from bot.app import listening, running
from bot.logging import set_up_logging
from bot.manifest import ManifestError, build_package
from bot.settings import Settings, SettingsError, read_database, read_settings
from lagesbild.promise_data import PromiseFileError
from lagesbild.templates import TemplateError
from storage import BackupError, back_up, restore

_YOUNG = 2_500
"""New objects between two looks for garbage; most of a turn's go away by themselves."""
_NEVER = 2**31 - 1
_OLD_GARBAGE_EVERY = 10.0
"""Seconds between two looks through what has lived for a while: some 15 ms, while hundreds of messages go out."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 2 for settings that won't do, with each named, 1 for what could not be done."""
    parsed = _parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except (SettingsError, TemplateError, PromiseFileError, ManifestError) as error:
        print(error, file=sys.stderr)
        return 2
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    serve_ = commands.add_parser("serve", help="run the bot")
    serve_.set_defaults(run=_serve)
    for name, help_, run in (
        ("backup", "copy the SQLite database to FILE while the bot runs", _backup),
        ("restore", "put FILE in the place of the SQLite database, with the bot stopped", _restore),
    ):
        command = commands.add_parser(name, help=help_)
        command.add_argument("file", metavar="FILE", type=Path)
        command.set_defaults(run=run)
    demo_ = commands.add_parser(
        "demo", help="run the bot with the sample group and a Teams client in the browser"
    )
    demo_.add_argument("--port", type=int, default=56150, help="the client's port")
    demo_.set_defaults(run=_demo)
    manifest_ = commands.add_parser("manifest", help="build the app package to upload to Teams")
    manifest_.add_argument("--out", metavar="FILE", type=Path, default=Path("build/lagesbild.zip"))
    manifest_.set_defaults(run=_manifest)
    return parser


def _serve(_: argparse.Namespace) -> int:
    settings = read_settings()
    set_up_logging(settings)
    asyncio.run(serve(settings))
    return 0


def _backup(parsed: argparse.Namespace) -> int:
    size = back_up(read_database().database_url, parsed.file)
    print(f"{parsed.file}: {size} bytes, whole")
    return 0


def _restore(parsed: argparse.Namespace) -> int:
    kept = restore(read_database().database_url, parsed.file)
    print(f"Restored from {parsed.file}." + (f" What was there before is in {kept}." if kept else ""))
    return 0


def _demo(parsed: argparse.Namespace) -> int:
    from bot.demo import demo  # noqa: PLC0415 - the client is not on a production machine

    return asyncio.run(demo(client_port=parsed.port))


def _manifest(parsed: argparse.Namespace) -> int:
    app_id = os.environ.get("MICROSOFT_APP_ID", "")
    package = build_package(app_id, os.environ.get("PUBLIC_URL", ""), parsed.out)
    print(package)
    return 0


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then accept nothing new, finish what is held, and stop."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    async with running(settings) as app, listening(app, settings):
        _spare_what_is_loaded()
        collecting = asyncio.create_task(_collect_old_garbage())
        await stopping.wait()
        collecting.cancel()
        _stop_at_the_latest(settings.stop_within)


def _stop_at_the_latest(seconds: float) -> None:
    """End the process then, whatever still hangs: what is committed is safe, and what is queued is sent after the start."""
    last = threading.Timer(seconds, _give_up)
    last.daemon = True
    last.start()


def _give_up() -> None:
    structlog.get_logger(__name__).error("stopped_before_all_was_done")
    os._exit(1)


def _spare_what_is_loaded() -> None:
    """Keep the garbage collector off modules and catalogues, which stay: it stopped all turns for a tenth of a second.

    What is left it looks at often, a little at a time: 20,000 objects held the loop for 40 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 4, _NEVER)


async def _collect_old_garbage() -> None:
    """Between turns, and not whenever one of them happens to make the object too many: its own time would come on top."""
    while True:
        await asyncio.sleep(_OLD_GARBAGE_EVERY)
        gc.collect()


if __name__ == "__main__":
    sys.exit(main())
