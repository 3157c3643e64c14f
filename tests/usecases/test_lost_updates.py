"""Two turns on one PostgreSQL change the same thing at the same time: the second waits and reads anew, nothing is lost.

Each first turn is open, with all that it wrote, when the second comes to the same rows.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lagesbild.assessments import Owner
from lagesbild.errors import Invalid, NotFound
from lagesbild.ids import PromiseId, ReferralId
from lagesbild.measures import MeasureState, Priority
from lagesbild.ports import Work
from lagesbild.promise_drafts import PeriodKind, PromiseForm, SectionForm
from lagesbild.promises import CitizenPromise, Commitment, PromiseState
from lagesbild.referrals import DecisionForm, DecisionKind, ReferralState
from lagesbild.templates import Area
from lagesbild.usecases.absences import set_absence
from lagesbild.usecases.analysing import AnalysisForm, order_analysis, update_analysis
from lagesbild.usecases.assessing import finish_assessment, finish_due
from lagesbild.usecases.deciding import decide
from lagesbild.usecases.directing import decide_direction
from lagesbild.usecases.measuring import MeasureForm, update_measure
from lagesbild.usecases.promise_drafting import add_section, adopt, discard, draft_promise, remove_section
from lagesbild.usecases.theming import close_theme, create_theme
from tests.chain import (
    ANALYSIS,
    ASSESSMENT,
    DECISION,
    KARIN,
    MEASURE,
    MEHMET,
    PROMISE,
    REFERRAL,
    ROUND,
    THEME,
    another_round,
    holds,
)
from tests.replicas import ASA, Replicas, Step, found, step, together
from tests.samples import GROUP_ID, MEETING_AT, NOW
from tests.usecases.world import World

DRAFT = PromiseForm("Löfte", "Därför", date(2025, 4, 1), PeriodKind.THREE_MONTHS, None)
SENT = replace(ROUND, assessed_at=MEETING_AT)
"""The meeting is done: the council has what was lifted."""
AGAIN = replace(REFERRAL, id=ReferralId("ref2"), title="Skolvägen")


def section(title: str) -> SectionForm:
    return SectionForm(title, (Commitment("Polisen", "gör"),), "", (Area.DISORDER,), "")


def promising(sentence: str) -> DecisionForm:
    return DecisionForm(DecisionKind.PROMISE, "text", sentence, Owner("Brå"), date(2025, 4, 30))


async def promises(world: World) -> list[CitizenPromise]:
    async with world.storage.begin(write=False) as store:
        return list(await store.promises.list_by_group(GROUP_ID))


async def test_two_sections_of_one_draft_are_both_kept(week_after: Replicas) -> None:
    draft = await week_after[0].do(draft_promise, KARIN, DRAFT)
    await together(
        *week_after,
        step(add_section, KARIN, draft.id, section("Ett")),
        step(add_section, ASA, draft.id, section("Två")),
    )
    (promise,) = await promises(week_after[0])
    assert [one.title for one in promise.sections] == ["Ett", "Två"]


async def test_a_section_does_not_come_into_what_is_being_adopted(week_after: Replicas) -> None:
    draft = await week_after[0].do(draft_promise, KARIN, DRAFT)
    await week_after[0].do(add_section, KARIN, draft.id, section("Ett"))
    with pytest.raises(Invalid):
        await together(
            *week_after,
            step(adopt, KARIN, draft.id, "Kommunstyrelsen", date(2025, 3, 20)),
            step(add_section, ASA, draft.id, section("Två")),
        )


async def test_two_answers_that_are_promises_come_into_one_draft(week_after: Replicas) -> None:
    meeting, round_ = another_round(8, 14)
    await week_after[0].has(meeting, replace(round_, assessed_at=MEETING_AT), SENT)
    await holds(week_after[0], REFERRAL, replace(AGAIN, round_id=round_.id))
    await together(
        *week_after,
        step(decide, KARIN, REFERRAL.id, promising("Vi lovar ljus")),
        step(decide, KARIN, AGAIN.id, promising("Vi lovar vuxna")),
    )
    (promise,) = await promises(week_after[0])
    assert {one.referral_id for one in promise.sections} == {REFERRAL.id, AGAIN.id}


async def test_an_answer_that_two_drafts_hold_is_not_taken_out_of_both(week_after: Replicas) -> None:
    await _decided(week_after[0], DecisionKind.PROMISE)
    answer = replace(PROMISE.sections[0], referral_id=REFERRAL.id)
    draft = replace(PROMISE, state=PromiseState.DRAFT, published_at=None, sections=(answer,))
    other = replace(draft, id=PromiseId("pro2"))
    await holds(week_after[0], draft, other)
    with pytest.raises(Invalid, match="holds_decision"):
        await together(
            *week_after, step(discard, KARIN, draft.id), step(remove_section, ASA, other.id, answer.mark)
        )


async def test_a_measure_that_the_council_takes_back_does_not_return(week_after: Replicas) -> None:
    await _decided(week_after[0])
    no = DecisionForm(DecisionKind.NO, "", "Nej, därför att det är gjort.", Owner("Brå"), None)
    with pytest.raises(NotFound):
        await together(*week_after, step(decide, KARIN, REFERRAL.id, no), _owner_says())
    assert await found(week_after[0], "measures", MEASURE.id) is None


async def test_a_measure_that_its_owner_begins_is_not_taken_back(week_after: Replicas) -> None:
    await _decided(week_after[0])
    no = DecisionForm(DecisionKind.NO, "", "Nej, därför att det är gjort.", Owner("Brå"), None)
    await together(*week_after, _owner_says(), step(decide, KARIN, REFERRAL.id, no))
    assert (await found(week_after[0], "measures", MEASURE.id)).state is MeasureState.ONGOING


async def test_two_who_write_about_one_analysis_take_turns(week_after: Replicas) -> None:
    await holds(week_after[0], REFERRAL, ANALYSIS)
    later = AnalysisForm(("Vandaler",), due=date(2025, 6, 1))
    await together(
        *week_after,
        step(update_analysis, KARIN, ANALYSIS.id, later),
        step(update_analysis, ASA, ANALYSIS.id, AnalysisForm(("Vandaler",), "Billiga lampor")),
    )
    analysis = await found(week_after[0], "analyses", ANALYSIS.id)
    assert (analysis.due, analysis.result) == (date(2025, 6, 1), "Billiga lampor")


async def test_a_theme_is_closed_once(week_after: Replicas) -> None:
    await holds(week_after[0], THEME)
    closed = await together(*week_after, step(close_theme, KARIN, THEME.id), step(close_theme, ASA, THEME.id))
    assert closed[0] == closed[1]
    assert (await week_after[0].actions()).count("close theme") == 1


@pytest.mark.parametrize(
    "pressed",
    [
        step(draft_promise, KARIN, DRAFT),
        step(create_theme, KARIN, "Belysningen"),
        step(order_analysis, KARIN, Area.DISORDER, "Varför?", owner=Owner("Fritid"), due=date(2025, 6, 1)),
        step(set_absence, MEHMET, date(2025, 4, 1), date(2025, 4, 2)),
        step(
            decide_direction,
            KARIN,
            date(2025, 4, 1),
            date(2025, 6, 30),
            priorities=[Priority("Ljus")],
            not_pursued=[],
            responsible="Brå",
        ),
    ],
    ids=["promise", "theme", "analysis", "absence", "direction"],
)
async def test_what_is_made_twice_at_once_is_there_once(week_after: Replicas, pressed: Step) -> None:
    first, second = await together(*week_after, pressed, pressed)
    assert first.id == second.id


async def test_an_assessment_is_finished_once_by_hand_and_by_the_clock(week_after: Replicas) -> None:
    one, two = week_after
    await holds(one, ASSESSMENT)

    async def by_clock(work: Work) -> None:
        group = await work.store.groups.get(GROUP_ID)
        assert group is not None
        await finish_due(work, group, two.time)

    await together(one, two, step(finish_assessment, KARIN, ROUND.id), by_clock)
    assert (await one.actions()).count("finish assessment") == 1


async def _decided(world: World, kind: DecisionKind = DecisionKind.MEASURE) -> None:
    """The council has answered; there is a measure that nobody has begun."""
    decided = replace(REFERRAL, state=ReferralState.DECIDED, changed_at=NOW)
    await world.has(SENT)
    await holds(world, decided, replace(DECISION, kind=kind), replace(MEASURE, decision_id=DECISION.id))


def _owner_says() -> Step:
    return step(update_measure, ASA, MEASURE.id, MeasureForm(MeasureState.ONGOING))
