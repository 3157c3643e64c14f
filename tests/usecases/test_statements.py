"""How many statements each use case takes. The number is the same however many members and groups there are.

A number that must grow is changed here, with a reason in the commit; one that can shrink should.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from lagesbild.ids import GroupId, MemberId, ReferralId
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.usecases.feeding_back import feedback_of, round_feedback_of
from lagesbild.usecases.following import follow_group
from lagesbild.usecases.pictures import review_picture
from lagesbild.usecases.reports import report_sheet, submit_report
from lagesbild.usecases.rounds import advance_round, due_rounds, plan_one
from lagesbild.usecases.status import status
from lagesbild.usecases.under_way import with_under_way
from storage import Storage, create_engine
from tests import years
from tests.clocks import Shifted
from tests.samples import an_answer
from tests.statements import Statements
from tests.usecases.reporting import a_form
from tests.usecases.world import World
from tests.years import Years

ROUNDS = 7
GROUP = 1
TAKES = {
    "answer": (9, 11),
    "change the answer": (5, 11),
    "repeat the answer": (2, 8),
    "open the card": (15, 23),
    "compile the picture": (12, 15),
    "status": (17, 24),
    "find due rounds": (1, 1),
    "look at an open round": (5, 9),
    "plan one group": (13, 15),
    "follow one group": (11, 12),
    "feedback": (7, 12),
    "feedback on a round": (12, 16),
}
"""On SQLite, where a connection remembers what hardly changes, and on PostgreSQL, which locks rows besides."""
SIZES = {
    "few": Years(groups=2, rounds=ROUNDS, members=10),
    "many members": Years(groups=2, rounds=ROUNDS, members=50),
    "many groups": Years(groups=12, rounds=ROUNDS, members=10),
}


class Questions:
    """The use cases of one group, each in a transaction of its own, as the edge runs them."""

    def __init__(self, years_: Years) -> None:
        self._round = years.open_round(GROUP, years_)

    async def answer(self, work: Work) -> None:
        await self._send(work, "Glas på gångvägen")

    async def change(self, work: Work) -> None:
        await self._send(work, "Glas på gångvägen och i parken")

    async def _send(self, work: Work, words: str) -> None:
        await submit_report(work, await _member(work, 1), self._round, a_form(an_answer(1, 3, words)))

    async def open_card(self, work: Work) -> None:
        await with_under_way(work, await report_sheet(work, await _member(work, 1), self._round))

    async def compile_picture(self, work: Work) -> None:
        await review_picture(work, await _member(work, 0))

    async def status(self, work: Work) -> None:
        await status(work, await _member(work, 0))

    async def due(self, work: Work) -> None:
        await due_rounds(work, work.clock.now())

    async def look_at_open_round(self, work: Work) -> None:
        await advance_round(work, self._round, work.clock.now())

    async def plan(self, work: Work) -> None:
        await plan_one(work, GroupId(f"g{GROUP}."), work.clock.now())

    async def follow(self, work: Work) -> None:
        await follow_group(work, await _group(work), work.clock.now())

    async def feedback(self, work: Work) -> None:
        referral = await work.store.referrals.get(ReferralId(f"g{GROUP}.r6.lift"))
        assert referral is not None
        await feedback_of(work, await _group(work), await _member(work, 1), referral)

    async def feedback_on_round(self, work: Work) -> None:
        closed = await work.store.rounds.list_by_group(GroupId(f"g{GROUP}."), 1, before=ROUNDS + 1)
        await round_feedback_of(work, await _group(work), await _member(work, 1), closed[0])

    def all(self) -> dict[str, Callable[[Work], Awaitable[None]]]:
        return {
            "answer": self.answer,
            "change the answer": self.change,
            "repeat the answer": self.change,
            "open the card": self.open_card,
            "compile the picture": self.compile_picture,
            "status": self.status,
            "find due rounds": self.due,
            "look at an open round": self.look_at_open_round,
            "plan one group": self.plan,
            "follow one group": self.follow,
            "feedback": self.feedback,
            "feedback on a round": self.feedback_on_round,
        }


async def _member(work: Work, number: int) -> Member:
    member = await work.store.members.get(MemberId(f"g{GROUP}.m{number}"))
    assert member is not None
    return member


async def _group(work: Work) -> Group:
    group = await work.store.groups.get(GroupId(f"g{GROUP}."))
    assert group is not None
    return group


@asynccontextmanager
async def _town(url: str, size: Years) -> AsyncIterator[tuple[World, Statements]]:
    now = Shifted().now()
    await years.fill(url, "http://127.0.0.1:9/", size, now)
    engine = create_engine(url)
    statements = Statements(engine)
    try:
        world = World(Storage(engine), now)
        await world.do(plan_one, GroupId(f"g{GROUP}."), now)
        statements.count()
        yield world, statements
    finally:
        await engine.dispose()


@pytest.mark.parametrize("size", SIZES)
async def test_a_use_case_takes_as_many_statements_with_few_members_and_groups_as_with_many(
    database_url: str, size: str
) -> None:
    taken = {}
    async with _town(database_url, SIZES[size]) as (world, statements):
        for name, question in Questions(SIZES[size]).all().items():
            await world.do(question)
            taken[name] = statements.count()
    column = int(database_url.startswith("postgresql"))
    assert taken == {name: numbers[column] for name, numbers in TAKES.items()}
