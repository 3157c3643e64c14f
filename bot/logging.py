"""Logs for a machine (JSON) or a person: never a text that somebody wrote, a name, or a token."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

from bot.settings import Settings

_NEVER = frozenset(
    {
        "authorization",
        "body",
        "comment",
        "data",
        "email",
        "message",
        "name",
        "password",
        "text",
        "token",
        "value",
    }
)
_FRAMES = 8


class _Stderr:
    """Standard error as it is now: loggers are kept for the life of the process.

    A line that cannot be written, as on a full disk, is lost: whoever logs has something more important to do.
    """

    def write(self, text: str) -> int:
        with suppress(OSError):
            return sys.stderr.write(text)
        return 0

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


_STDERR = cast("TextIO", _Stderr())


def set_up_logging(settings: Settings) -> None:
    """Send structlog's and the libraries' records to standard error, one line each."""
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_private,
        without_message,
    ]
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level)),
        logger_factory=structlog.WriteLoggerFactory(_STDERR),
        cache_logger_on_first_use=True,
    )
    _send_libraries(shared, last, settings.log_level)


def _send_libraries(shared: list[Any], last: Any, level: str) -> None:
    handler = logging.StreamHandler(_STDERR)
    final = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    named = [structlog.stdlib.add_logger_name, *shared]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=named, processors=final))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.getLevelName(level), logging.INFO))
    for noisy in ("aiohttp.access", "msrest", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def without_private(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out the values of keys that could hold what a person wrote or is called."""
    for key in _NEVER.intersection(event):
        event[key] = "[removed]"
    return event


def without_message(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Turn an exception into where it was raised: its message can quote an answer or a database parameter."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event.update(where_raised(error))
    return event


def where_raised(error: BaseException) -> dict[str, Any]:
    """An exception's type and the places it passed, innermost last; no message, no locals."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return {
        "error": type(error).__name__,
        "cause": type(error.__cause__).__name__ if error.__cause__ else None,
        "at": [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames],
    }
