"""The steps a referral can take: a table, and what it refuses (C1)."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from lagesbild.errors import Invalid
from lagesbild.referrals import ReferralState, may_move, moved
from tests.chain import REFERRAL
from tests.samples import MEETING_AT, NOW

W, D, A, C, T = (
    ReferralState.WAITING,
    ReferralState.DECIDED,
    ReferralState.ON_AGENDA,
    ReferralState.CLOSED,
    ReferralState.WITHDRAWN,
)
ALLOWED = {
    (W, D), (W, C), (W, T),
    (D, D), (D, A), (D, C),
    (A, W), (A, D), (A, C),
    (C, A), (C, W),
    (T, W),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), list(product(ReferralState, repeat=2)))
def test_a_step_is_taken_or_refused_as_the_table_says(before: ReferralState, after: ReferralState) -> None:
    referral = replace(REFERRAL, state=before)
    assert may_move(referral, after) is ((before, after) in ALLOWED)
    if (before, after) in ALLOWED:
        step = moved(referral, after, NOW)
        assert (step.state, step.changed_at, step.times) == (after, NOW, referral.times)
    else:
        with pytest.raises(Invalid, match="state"):
            moved(referral, after, NOW)


@pytest.mark.parametrize("state", [D, A, C, T])
def test_from_every_state_a_way_leads_back_to_the_council(state: ReferralState) -> None:
    reached = {state}
    for _ in ReferralState:
        found = {
            to for at, to in product(reached, ReferralState) if may_move(replace(REFERRAL, state=at), to)
        }
        reached |= found
    assert W in reached


def test_an_answer_is_late_the_day_after_and_only_while_it_is_waited_for() -> None:
    day = REFERRAL.answer_by
    assert not REFERRAL.is_overdue(day)
    assert REFERRAL.is_overdue(day.replace(day=day.day + 1))
    assert not replace(REFERRAL, state=D).is_overdue(MEETING_AT.date().replace(year=2026))
