"""Answers after the deadline, and answers for somebody else (A7, A8, B6, F1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lagesbild.answering import inspect
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import NotAllowed, NotFound
from lagesbild.people import MemberState, Role
from lagesbild.usecases.pictures import publish_picture
from lagesbild.usecases.reports import (
    nothing_to_report,
    report_sheet,
    save_draft,
    stored_receipt,
    submit_report,
)
from tests.samples import (
    a_coordinator,
    a_member,
    a_round,
    an_answer,
)
from tests.usecases.reporting import (
    DEPUTY,
    GLASS,
    KARIN,
    LENA,
    NUMBERED,
    OMAR,
    REASON,
    ROUND,
    a_form,
    another_group,
    answering,
    answering_late,
    logged,
    picture_posts,
    stored,
)
from tests.usecases.world import World


async def test_an_answer_after_the_deadline_is_marked_late_and_those_who_lead_are_told(
    each_world: World,
) -> None:
    await answering_late(each_world)
    receipt = await each_world.do(submit_report, LENA, ROUND, GLASS)
    assert receipt.report.late
    told = await each_world.sent(DeliveryKind.LATE_ANSWER)
    assert [(one.member_id, one.subject) for one in told] == [("dag", "lena"), ("karin", "lena")]
    await each_world.do(submit_report, LENA, ROUND, GLASS)
    assert len(await each_world.sent(DeliveryKind.LATE_ANSWER)) == 2
    await each_world.do(submit_report, LENA, ROUND, a_form(an_answer(4, 2)))
    assert len(await each_world.sent(DeliveryKind.LATE_ANSWER)) == 4


async def test_who_enters_a_late_answer_is_not_told_of_it(world: World) -> None:
    await answering_late(world)
    await world.do(submit_report, KARIN, ROUND, GLASS, on_behalf_of=LENA.id)
    assert await world.receivers(DeliveryKind.LATE_ANSWER) == ["dag"]


@pytest.mark.parametrize("state", [MemberState.LEFT, MemberState.PENDING])
async def test_who_no_longer_leads_is_not_told_of_a_late_answer(world: World, state: MemberState) -> None:
    await answering_late(world, replace(DEPUTY, state=state))
    await world.do(submit_report, LENA, ROUND, GLASS)
    assert await world.receivers(DeliveryKind.LATE_ANSWER) == ["karin"]


async def test_an_answer_in_time_is_not_late_and_nobody_is_told(world: World) -> None:
    await answering(world)
    world.time = a_round().deadline
    receipt = await world.do(submit_report, LENA, ROUND, GLASS)
    assert not receipt.report.late
    assert await world.sent(DeliveryKind.LATE_ANSWER) == []


async def test_a_late_answer_updates_the_picture_that_is_posted(each_world: World) -> None:
    await answering_late(each_world)
    await each_world.do(submit_report, OMAR, ROUND, GLASS)
    assert await picture_posts(each_world) == []
    await each_world.do(publish_picture, KARIN, ROUND)
    await each_world.do(submit_report, LENA, ROUND, a_form(an_answer(4, 5, "Bråk i matsalen")))
    assert [one.subject for one in await picture_posts(each_world)] == ["1", "2"]


async def test_a_late_answer_with_a_false_alarm_waits_for_the_coordinator(world: World) -> None:
    await answering_late(world)
    await world.do(submit_report, OMAR, ROUND, GLASS)
    await world.do(publish_picture, KARIN, ROUND)
    shown = frozenset(one.fingerprint for one in inspect([NUMBERED]))
    await world.do(submit_report, LENA, ROUND, a_form(NUMBERED, accepted=shown, reason=REASON))
    assert [one.subject for one in await picture_posts(world)] == ["1"]
    assert await world.receivers(DeliveryKind.LATE_ANSWER) == ["dag", "dag", "karin", "karin"]


async def test_those_who_lead_answer_for_somebody_and_it_is_recorded(each_world: World) -> None:
    await answering(each_world)
    sheet = await each_world.do(report_sheet, KARIN, ROUND, on_behalf_of=LENA.id)
    assert (sheet.on_behalf, sheet.member.id) == (True, "lena")
    receipt = await each_world.do(submit_report, KARIN, ROUND, GLASS, on_behalf_of=LENA.id)
    assert (receipt.report.member_id, receipt.report.entered_by) == ("lena", "karin")
    assert receipt.report.on_behalf
    (entry,) = await logged(each_world)
    assert (entry.actor_id, entry.on_behalf_of) == ("karin", "lena")


async def test_an_answer_for_oneself_is_on_nobodys_behalf(world: World) -> None:
    await answering(world)
    receipt = await world.do(submit_report, KARIN, ROUND, GLASS, on_behalf_of=KARIN.id)
    assert not receipt.report.on_behalf
    assert (await logged(world))[0].on_behalf_of is None


async def test_only_those_who_lead_answer_for_somebody(world: World) -> None:
    await answering(world)
    with pytest.raises(NotAllowed):
        await world.do(submit_report, OMAR, ROUND, GLASS, on_behalf_of=LENA.id)
    with pytest.raises(NotAllowed):
        await world.do(nothing_to_report, OMAR, ROUND, on_behalf_of=LENA.id)
    with pytest.raises(NotAllowed):
        await world.do(report_sheet, OMAR, ROUND, on_behalf_of=LENA.id)
    with pytest.raises(NotAllowed):
        await world.do(stored_receipt, OMAR, ROUND, on_behalf_of=LENA.id)
    assert await stored(world) is None


@pytest.mark.parametrize(
    "who",
    [
        a_member("Vera Väntar", id="vera", state=MemberState.PENDING),
        a_member("Gun Gått", id="gun", state=MemberState.LEFT),
        a_member("Råd Rådh", "Lokala Brå", Role.COUNCIL, id="rad"),
    ],
    ids=["pending", "left", "council"],
)
async def test_who_does_not_report_sends_no_report(world: World, who: object) -> None:
    await answering(world, who)
    for use_case in (submit_report, save_draft):
        with pytest.raises(NotAllowed):
            await world.do(use_case, who, ROUND, GLASS)  # type: ignore[arg-type]


async def test_another_groups_round_and_member_are_not_found(each_world: World) -> None:
    await answering(each_world)
    stranger = replace(a_coordinator("Stina Berg", id="stina"), group_id="g2")
    await each_world.has(another_group(), stranger)
    for use_case in (submit_report, save_draft):
        with pytest.raises(NotFound):
            await each_world.do(use_case, stranger, ROUND, GLASS)
    with pytest.raises(NotFound):
        await each_world.do(report_sheet, stranger, ROUND)
    with pytest.raises(NotFound):
        await each_world.do(submit_report, KARIN, ROUND, GLASS, on_behalf_of=stranger.id)
    assert await stored(each_world, "stina") is None
