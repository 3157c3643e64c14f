"""Malformed activities over HTTP with signed tokens: never a 5xx, never a handler that fails. `make fuzz` is the long form."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.e2e.team import a_team, set_up
from tests.edge.fuzz import _ids, fuzz
from tests.edge.malformed import Breaker


@dataclass
class Door:
    """The bot's door as a client on another thread sees it."""

    port: int
    headers: dict[str, str]
    url: str
    known: list[str]
    answers: Counter[str] = field(default_factory=Counter)

    def post(self, body: bytes) -> str:
        """The HTTP status and, for a pressed button, the status in the answer's body."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("POST", "/api/messages", body, self.headers)
            answer = line.getresponse()
            raw = answer.read()
        finally:
            line.close()
        inner = json.loads(raw).get("statusCode", "") if answer.status == 200 and raw.startswith(b"{") else ""
        kind = f"{answer.status}/{inner}"
        self.answers[kind] += 1
        return kind


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A whole bot with a group and an open round, on a loop of its own: Hypothesis' tests are not asynchronous."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    database = tmp_path_factory.mktemp("fuzz") / "fuzz.db"
    team = a_team(f"sqlite+aiosqlite:///{database}", "karin", "mehmet")

    def do(coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(60)

    entered = do(team.__aenter__())
    try:
        do(set_up(entered))
        do(entered.writes_in_channel("karin", "öppna"))
        do(entered.delivered())
        token = entered.issuer.authorization(entered.connector.url)
        yield Door(
            int(entered.url.rpartition(":")[2]),
            {**token, "Content-Type": "application/json"},
            entered.connector.url,
            sorted(_ids([sent.body for sent in entered.connector.sent])),
        )
    finally:
        do(team.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(rng=st.randoms(use_true_random=False))
def test_nothing_that_is_sent_ends_in_a_fault(door: Door, rng: Random) -> None:
    body = Breaker(rng, door.url, ("karin", "mehmet", "nobody"), door.known).body()
    kind = door.post(body)
    assert int(kind.partition("/")[0]) < 500, kind
    assert not kind.endswith("/500"), kind


def test_hundreds_by_chance(door: Door) -> None:
    breaker = Breaker(Random(20), door.url, ("karin", "mehmet", "nobody"), door.known)
    kinds = Counter(door.post(breaker.body()) for _ in range(600))
    assert not [kind for kind in kinds if kind.startswith("5") or kind.endswith("/500")], kinds
    assert kinds["200/200"] > 60, kinds
    assert kinds["400/"] > 30, kinds


async def test_the_long_form_finds_nothing_in_its_first_requests(tmp_path: Path) -> None:
    outcome = await fuzz(300, 3, tmp_path)
    assert (outcome.faults, sum(outcome.answers.values())) == ([], 300)
