"""What the prompt tells beside its questions: direction, promises, and what became of the own answers (C7, D4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from lagesbild.answering import Sheet
from lagesbild.ids import ReferralId
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.promises import CitizenPromise
from lagesbild.referrals import Referral, ReferralState
from lagesbild.templates import Area
from lagesbild.under_way import UnderWay, answering, current_ones
from lagesbild.usecases.telling import answers_behind

LATELY = 6
"""How many of a member's latest reports say which areas matter to that person."""
MOST_REFERRALS = 3
LOOKED_AT = 20
"""Open referrals looked at, the newest: each prompt of a round asks, and older ones say nothing new."""
_OPEN = (ReferralState.WAITING, ReferralState.DECIDED, ReferralState.ON_AGENDA)


async def with_under_way(work: Work, sheet: Sheet) -> Sheet:
    """The sheet with what is going on: only for the card that asks, so that sending an answer does not pay for it."""
    return replace(sheet, under_way=await under_way_of(work, sheet.group, sheet.member))


async def under_way_of(work: Work, group: Group, member: Member) -> UnderWay:
    """What is going on that matters to the member."""
    today = group.local_day(work.clock.now())
    directions = await work.store.directions.list_by_group(group.id)
    current = current_ones(await work.store.promises.list_by_group(group.id), today)
    own = await _own(work, group, member)
    return UnderWay(
        direction=next((direction for direction in directions if direction.holds(today)), None),
        promises=_those_that_matter(current, await _areas_of(work, member)),
        referrals=own,
        done=await _done(work, own),
        overdue=frozenset(one.id for one in own if one.is_overdue(today)),
    )


async def _done(work: Work, referrals: Collection[Referral]) -> dict[ReferralId, date]:
    """The day when the last measure of each was done, where none is left to do."""
    found: dict[ReferralId, date] = {}
    for referral in referrals:
        if referral.state is ReferralState.DECIDED:
            measures = await work.store.measures.list_by_referral(referral.id)
            days = [one.done_on for one in measures if one.done_on is not None]
            if days and all(one.state.is_over for one in measures):
                found[referral.id] = max(days)
    return found


def _those_that_matter(
    current: tuple[CitizenPromise, ...], areas: Collection[Area]
) -> tuple[CitizenPromise, ...]:
    return answering(current, areas) or current


async def _areas_of(work: Work, member: Member) -> set[Area]:
    found: set[Area] = set()
    for report in await work.store.reports.list_by_member(member.id, LATELY):
        round_ = await work.store.rounds.get(report.round_id)
        if round_ is not None:
            template = work.templates.get(round_.template)
            found |= {template.question(answer.number).area for answer in report.answers}
    return found


async def _own(work: Work, group: Group, member: Member) -> tuple[Referral, ...]:
    found: list[Referral] = []
    opened = await work.store.referrals.list_by_group(group.id, _OPEN)
    for referral in reversed(opened[-LOOKED_AT:]):
        if member.id in await answers_behind(work, referral):
            found.append(referral)
        if len(found) == MOST_REFERRALS:
            break
    return tuple(found)
