"""Two processes on one PostgreSQL do the clock's work at the same time: it is done once, and nobody fails (A4, F4)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lagesbild.answering import ReportForm
from lagesbild.ids import MeetingId, MemberId, RoundId
from lagesbild.people import Member
from lagesbild.ports import Work
from lagesbild.rounds import Round, RoundState
from lagesbild.usecases.finding import pick_round
from lagesbild.usecases.meetings import cancel_meeting
from lagesbild.usecases.reports import Receipt, submit_report
from lagesbild.usecases.rounds import advance_round, close_round, open_round, plan_one
from storage.sharing import Undone
from tests.replicas import Replicas, together, two_worlds
from tests.samples import GROUP_ID, NOW, a_coordinator, a_group, a_meeting, a_member, a_round, an_answer
from tests.usecases.world import World

KARIN = a_coordinator(id="karin")
MEHMET = a_member(id="mehmet")
ROUND = a_round().id
LATER = a_round(id=RoundId("round8"), number=8, meeting_id=MeetingId("m8"))


@pytest.fixture
async def replicas(postgres_url: str) -> AsyncIterator[Replicas]:
    """Two processes' worlds on one database with a set-up group."""
    async with two_worlds(postgres_url) as worlds:
        await worlds[0].has(a_group(), KARIN, MEHMET)
        yield worlds


async def planning(work: Work) -> int:
    return await plan_one(work, GROUP_ID, NOW)


async def test_a_new_group_is_planned_once(replicas: Replicas) -> None:
    first, second = await together(*replicas, planning, planning)
    assert isinstance(first, int)
    assert (first >= 8, second) == (True, 0)
    rounds = await replicas[0].rounds()
    assert [one.number for one in rounds] == list(range(1, len(rounds) + 1))


async def test_many_at_once_plan_once(replicas: Replicas) -> None:
    async with asyncio.timeout(60):
        added = await asyncio.gather(*(world.do(planning) for world in replicas * 4))
    assert sorted(added)[:-1] == [0] * 7
    slots = [meeting.slot for meeting in await replicas[0].meetings()]
    assert len(slots) == len(set(slots)) == max(added)


async def test_a_round_that_is_due_opens_once(replicas: Replicas) -> None:
    one, two = replicas
    await one.plan()
    due = min(await one.rounds(), key=lambda round_: round_.opens_at)
    now = due.opens_at + timedelta(minutes=1)
    one.time = two.time = now

    async def tick(work: Work) -> bool:
        return await advance_round(work, due.id, now)

    assert await together(one, two, tick, tick) == (True, False)
    assert (await one.actions()).count("open round") == 1


async def test_planning_while_a_later_round_is_opened_by_hand_does_not_lock_up(
    replicas: Replicas,
) -> None:
    one, two = replicas
    await one.plan()

    for number in (3, None, None):
        async with asyncio.timeout(30):
            opening = one.do(open_round, KARIN, number)
            await asyncio.gather(opening, two.do(planning), two.do(planning))
    assert [round_.state for round_ in await one.rounds()].count(RoundState.OPEN) == 1


async def test_cancelling_and_planning_end_in_one_order(replicas: Replicas) -> None:
    one, two = replicas
    await one.plan()
    meeting = (await one.meetings())[2]

    async def cancelling(work: Work) -> object:
        return await cancel_meeting(work, KARIN, meeting.id)

    await together(one, two, cancelling, planning)
    rounds = await one.rounds()
    assert meeting.id not in {round_.meeting_id for round_ in rounds}
    assert [round_.number for round_ in rounds] == list(range(1, len(rounds) + 1))


async def test_closing_by_hand_while_the_clock_closes_closes_once(replicas: Replicas) -> None:
    one, two = replicas
    await one.has(a_meeting(), a_round())
    one.time = two.time = a_round().deadline + timedelta(minutes=1)

    async def by_clock(work: Work) -> bool:
        return await advance_round(work, RoundId("round7"), one.time)

    async def by_hand(work: Work) -> Round:
        return await close_round(work, KARIN)

    _, closed = await together(one, two, by_clock, by_hand)
    assert isinstance(closed, Round)
    assert closed.state is RoundState.CLOSED
    assert (await one.actions()).count("close round") == 1


async def test_a_round_that_is_picked_is_the_one_just_committed(replicas: Replicas) -> None:
    """Else closing it would write back what another process changed meanwhile: the picture's revision."""
    one, two = replicas
    await one.has(a_meeting(), a_round())

    async def published(work: Work) -> None:
        found = await work.store.rounds.get(RoundId("round7"))
        assert found is not None
        await work.store.rounds.save(replace(found, revision=4))

    async def closing(work: Work) -> Round:
        return await close_round(work, KARIN)

    await together(one, two, published, closing)
    async with one.work() as work:
        stored = await pick_round(work, GROUP_ID, 7)
    assert (stored.revision, stored.state) == (4, RoundState.CLOSED)


async def answering(work: Work, member: Member, comment: str = "Glas på gångvägen.") -> Receipt:
    return await submit_report(work, member, ROUND, ReportForm((an_answer(1, 3, comment),)))


async def test_an_answer_does_not_wait_for_another_members(replicas: Replicas) -> None:
    one, two = replicas
    await one.has(a_meeting(), a_round())
    async with asyncio.timeout(10), one.work() as work:
        await answering(work, MEHMET)
        other = await two.do(answering, KARIN)
    assert other.changed


async def test_the_same_answer_twice_at_once_is_one(replicas: Replicas) -> None:
    one, two = replicas
    await one.has(a_meeting(), a_round())

    async def answer(work: Work) -> tuple[bool, int]:
        receipt = await answering(work, MEHMET)
        return receipt.changed, receipt.report.revision

    assert await together(one, two, answer, answer) == ((True, 1), (False, 1))


async def test_closing_waits_for_an_answer_that_is_on_its_way(replicas: Replicas) -> None:
    one, two = replicas
    await one.has(a_meeting(), a_round())

    async def answer(work: Work) -> bool:
        return (await answering(work, MEHMET)).report.late

    async def closing(work: Work) -> list[MemberId]:
        closed = await close_round(work, KARIN)
        return [report.member_id for report in await work.store.reports.list_by_round(closed.id)]

    assert await together(one, two, answer, closing) == (False, [MEHMET.id])


async def test_answers_to_a_published_round_take_turns_with_its_picture(
    replicas: Replicas,
) -> None:
    one, two = replicas
    await one.has(a_meeting(), a_round(revision=1))

    async def mehmets(work: Work) -> bool:
        return (await answering(work, MEHMET)).changed

    async def karins(work: Work) -> bool:
        return (await answering(work, KARIN, "Klotter på skolan.")).changed

    assert await together(one, two, mehmets, karins) == (True, True)
    async with one.work() as work:
        assert [one.revision for one in await work.store.pictures.list_by_round(ROUND)] == [1, 2]


async def test_an_answer_during_the_publishing_is_tried_again(replicas: Replicas) -> None:
    one, two = replicas
    await one.has(a_meeting(), a_round())

    async def publishing(work: Work) -> None:
        found = await work.store.rounds.get(ROUND)
        assert found is not None
        await work.store.rounds.save(replace(found, revision=1))

    async def answer(work: Work) -> object:
        return await answering(work, MEHMET)

    with pytest.raises(Undone):
        await together(one, two, publishing, answer)
    assert (await two.do(answering, MEHMET)).changed


async def test_of_two_that_wait_for_each_other_one_is_told_to_try_again(
    replicas: Replicas,
) -> None:
    one, two = replicas
    await one.has(a_meeting(), a_round(), a_meeting(id="m8", slot=date(2025, 3, 27)), LATER)
    both_have_one = asyncio.Barrier(2)

    async def lock(world: World, *rounds: Round) -> None:
        async with world.work(shared=True) as work:
            await work.store.rounds.get(rounds[0].id)
            await both_have_one.wait()
            await work.store.rounds.get(rounds[1].id)

    done = await asyncio.gather(
        lock(one, a_round(), LATER), lock(two, LATER, a_round()), return_exceptions=True
    )
    assert sorted(type(one) for one in done if one is not None) == [Undone]
