"""The bot's server with one step of its speed taken back: `python -m benchmarks.without "one commit for several turns"`.

Each step is undone from outside, at one place, so that the bot itself carries no switches for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import bot.__main__ as command_line
import cards.base
from bot.teams.authentication import TeamsAuthentication
from storage.unit_of_work import Storage, StorageUnitOfWork


def _each_turn_commits_alone() -> None:
    begin = Storage.begin

    def alone(
        self: Storage,
        *,
        write: bool = True,
        shared: bool = False,  # noqa: ARG001
    ) -> AbstractAsyncContextManager[StorageUnitOfWork]:
        return begin(self, write=write)

    Storage.begin = alone  # type: ignore[method-assign]


def _each_token_is_verified_anew() -> None:
    believed = TeamsAuthentication._believed

    def forgetful(self: TeamsAuthentication, token: str, key: Any) -> Any:
        caller = believed(self, token, key)
        self._known.clear()
        return caller

    TeamsAuthentication._believed = forgetful  # type: ignore[method-assign]


def _each_part_reads_its_class() -> None:
    cards.base.shape_of = cards.base._read


def _garbage_is_looked_for_everywhere() -> None:
    command_line._spare_what_is_loaded = lambda: None


STEPS: dict[str, Callable[[], None]] = {
    "one commit for several turns": _each_turn_commits_alone,
    "a verified token is kept": _each_token_is_verified_anew,
    "a card part's class is read once": _each_part_reads_its_class,
    "what is loaded is spared by the collector": _garbage_is_looked_for_everywhere,
}


def main() -> int:
    """Serve without the steps that are named."""
    for step in sys.argv[1:]:
        STEPS[step]()
    return command_line.main(["serve"])


if __name__ == "__main__":
    sys.exit(main())
