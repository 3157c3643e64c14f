"""What the guard finds in an answer is not stored, unless it is called a false alarm with a reason (A10, A11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lagesbild.answering import SecrecyFound, inspect
from lagesbild.errors import Invalid
from lagesbild.reports import Override
from lagesbild.usecases.reports import (
    save_draft,
    submit_report,
)
from tests.samples import (
    an_answer,
)
from tests.usecases.reporting import (
    GLASS,
    LENA,
    NUMBER,
    NUMBERED,
    REASON,
    ROUND,
    a_form,
    answering,
    history,
    stored,
)
from tests.usecases.world import World


async def test_what_the_guard_finds_is_not_stored_anywhere(each_world: World) -> None:
    await answering(each_world)
    for use_case in (submit_report, save_draft):
        with pytest.raises(SecrecyFound) as stopped:
            await each_world.do(use_case, LENA, ROUND, a_form(NUMBERED))
        assert [one.finding.text for one in stopped.value.caught] == [NUMBER]
        assert NUMBER not in str(stopped.value)
    assert await stored(each_world) is None
    assert await history(each_world) == []
    assert await each_world.actions() == []


async def test_a_false_alarm_is_stored_with_the_reason_that_the_coordinator_sees(each_world: World) -> None:
    await answering(each_world)
    shown = frozenset(one.fingerprint for one in inspect([NUMBERED]))
    with pytest.raises(SecrecyFound) as stopped:
        await each_world.do(submit_report, LENA, ROUND, a_form(NUMBERED, accepted=shown, reason="  "))
    assert stopped.value.reason_missing
    await each_world.do(submit_report, LENA, ROUND, a_form(NUMBERED, accepted=shown, reason=f" {REASON} "))
    report = await stored(each_world)
    assert report is not None
    assert report.overrides == (Override(1, "personal_number", NUMBER, REASON),)


async def test_a_finding_that_was_not_shown_stops_everything(world: World) -> None:
    await answering(world)
    shown = frozenset(one.fingerprint for one in inspect([NUMBERED]))
    more = a_form(NUMBERED, an_answer(2, comment="Ring 070-1740605"), accepted=shown, reason=REASON)
    elsewhere = a_form(replace(NUMBERED, number=2), accepted=shown, reason=REASON)
    for form in (more, elsewhere):
        with pytest.raises(SecrecyFound):
            await world.do(submit_report, LENA, ROUND, form)
    assert await stored(world) is None


async def test_the_reason_is_guarded_too(world: World) -> None:
    await answering(world)
    shown = frozenset(one.fingerprint for one in inspect([NUMBERED]))
    form = a_form(NUMBERED, accepted=shown, reason="Fråga Anna Svensson på 070-1740605")
    with pytest.raises(Invalid) as refused:
        await world.do(submit_report, LENA, ROUND, form)
    assert (refused.value.field, refused.value.reason) == ("reason", "points_out")
    assert await stored(world) is None


async def test_a_reason_without_a_finding_is_not_kept(world: World) -> None:
    await answering(world)
    receipt = await world.do(submit_report, LENA, ROUND, replace(GLASS, reason=REASON))
    assert receipt.report.overrides == ()
