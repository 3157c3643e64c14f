"""What keeps the sections of a draft that are the council's answer: they go when the council decides otherwise (C2)."""

from __future__ import annotations

from collections.abc import Sequence

from lagesbild.errors import Invalid
from lagesbild.ids import ReferralId
from lagesbild.ports import Work
from lagesbild.promises import CitizenPromise, Section
from lagesbild.referrals import DecisionKind, ReferralState

_OVER = (ReferralState.CLOSED, ReferralState.WITHDRAWN)


async def keep_answers(work: Work, draft: CitizenPromise, going: Sequence[Section]) -> None:
    """Invalid (`promise`, `holds_decision`) if one of the sections that are going alone answers what the council
    decided: those who reported it have read that it is promised (C5)."""
    promises = await work.store.promises.list_by_group(draft.group_id)
    elsewhere = {one.referral_id for other in promises if other.id != draft.id for one in other.sections}
    for section in going:
        referral_id = section.referral_id
        if referral_id is not None and referral_id not in elsewhere and await _is_promised(work, referral_id):
            raise Invalid("promise", "holds_decision", what=section.title)


async def _is_promised(work: Work, referral_id: ReferralId) -> bool:
    """Whether the decision that holds is a promise; one that the council has replaced holds nothing."""
    referral = await work.store.referrals.get(referral_id)
    decisions = await work.store.referrals.decisions(referral_id)
    if referral is None or referral.state in _OVER or not decisions:
        return False
    return decisions[-1].kind is DecisionKind.PROMISE
