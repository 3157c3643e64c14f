"""One process sends what is on one SQLite file (F4)."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from dataclasses import replace

import pytest
from dbos import DBOS
from sqlalchemy.exc import OperationalError

from bot.delivery.alone import Sending
from tests.delivery.rig import QUICK, Rig, until


def test_the_next_process_sends_when_the_first_has_stopped(sqlite_url: str) -> None:
    first, second = Sending(sqlite_url), Sending(sqlite_url)
    assert (first.taken(), second.taken(), first.taken()) == (True, False, True)
    first.release()
    assert (second.taken(), first.taken()) == (True, False)
    second.release()


def test_on_postgresql_every_process_sends() -> None:
    url = "postgresql+psycopg://lagesbild@localhost/lagesbild"
    assert (Sending(url).taken(), Sending(url).taken()) == (True, True)


async def test_who_takes_over_waits_for_the_turn_that_is_writing(sqlite_url: str) -> None:
    rig = Rig(sqlite_url, "http://127.0.0.1:9", pace=replace(QUICK, stand_by=0.05))
    await rig.prepare()
    other = Sending(sqlite_url)
    assert other.taken()
    await rig.engine.start()
    try:
        begun = time.perf_counter()
        async with rig.storage.begin(shared=True):
            other.release()
            await asyncio.sleep(0.5)  # long enough to be taken over in the middle of it
        assert time.perf_counter() - begun < 5
        await until(rig.ticked, 1)
    finally:
        await rig.engine.stop()
        await rig.close()


async def test_who_could_not_take_over_tries_again(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig(sqlite_url, "http://127.0.0.1:9", pace=replace(QUICK, stand_by=0.05))
    await rig.prepare()
    other = Sending(sqlite_url)
    assert other.taken()
    await rig.engine.start()
    launch, failures = DBOS.launch, [OperationalError("BEGIN", None, sqlite3.OperationalError("locked"))]

    def at_the_second_try() -> None:
        if failures:
            raise failures.pop()
        launch()

    monkeypatch.setattr(DBOS, "launch", at_the_second_try)
    try:
        other.release()
        await until(rig.ticked, 1)
        assert failures == []
        assert rig.engine.ready()
    finally:
        await rig.engine.stop()
        await rig.close()
