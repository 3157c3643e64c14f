"""One process sends what is on one SQLite file (F4)."""

from __future__ import annotations

from bot.delivery.alone import Sending


def test_the_next_process_sends_when_the_first_has_stopped(sqlite_url: str) -> None:
    first, second = Sending(sqlite_url), Sending(sqlite_url)
    assert (first.taken(), second.taken(), first.taken()) == (True, False, True)
    first.release()
    assert (second.taken(), first.taken()) == (True, False)
    second.release()


def test_on_postgresql_every_process_sends() -> None:
    url = "postgresql+psycopg://lagesbild@localhost/lagesbild"
    assert (Sending(url).taken(), Sending(url).taken()) == (True, True)
