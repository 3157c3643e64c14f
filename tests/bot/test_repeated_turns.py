"""A turn that is undone with others' and repeated alone does what it would have done at once: every command and button."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app import FEATURES
from bot.routing import OpenWork, Router
from bot.teams.activities import Reply
from lagesbild.ports import Work
from storage import Storage, Undone, create_engine, migrate
from tests.bot.chat import a_chat, nothing_fetched
from tests.bot.test_authorization import HANDLED, Town, _name, _settle
from tests.samples import NOW
from tests.usecases.world import World

CHANGING = re.compile(r"\b[0-9a-f]{32}\b")
"""Ids that are made anew in each town."""


@asynccontextmanager
async def a_town(file: Path) -> AsyncIterator[Town]:
    url = f"sqlite+aiosqlite:///{file}"
    await migrate(url)
    engine = create_engine(url)
    try:
        chat = await a_chat(World(Storage(engine), NOW))
        yield Town(chat, engine, await _settle(chat))
    finally:
        await engine.dispose()


def undone_first(open_work: OpenWork) -> OpenWork:
    """Every turn is done, undone, and tried again alone."""

    @asynccontextmanager
    async def opened(*, shared: bool = False) -> AsyncIterator[Work]:
        async with open_work(shared=shared) as work:
            yield work
            if shared:
                raise Undone

    return opened


def said(reply: Reply | None) -> str:
    shown: Any = (reply.card, reply.text, reply.replace) if reply else None
    return CHANGING.sub("…", json.dumps(shown, ensure_ascii=False))


async def kept(town: Town) -> dict[str, int]:
    return {table: len(rows) for table, rows in (await town.rows()).items()}


async def test_every_turn_can_be_repeated(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        once, twice = [
            await stack.enter_async_context(a_town(tmp_path / f"{name}.db")) for name in ("once", "twice")
        ]
        straight = once.router()
        repeated = Router(undone_first(twice.chat.world.work), nothing_fetched, FEATURES)
        wrong = []
        for key in HANDLED:
            name = _name(key)
            first = await once.does(straight, once.people["coordinator"], key)
            second = await twice.does(repeated, twice.people["coordinator"], key)
            wrong += [f"{name} says something else"] if said(first) != said(second) else []
            wrong += [f"{name} stores something else"] if await kept(once) != await kept(twice) else []
        assert not wrong, "\n".join(wrong)


async def test_a_turn_is_really_done_twice(tmp_path: Path) -> None:
    runs = 0
    async with a_town(tmp_path / "town.db") as town:
        work = undone_first(town.chat.world.work)

        @asynccontextmanager
        async def counted(*, shared: bool = False) -> AsyncIterator[Work]:
            nonlocal runs
            runs += 1
            async with work(shared=shared) as opened:
                yield opened

        await town.does(Router(counted, nothing_fetched, FEATURES), town.people["coordinator"], HANDLED[0])
    assert runs == 2
