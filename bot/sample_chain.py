"""What the sample's past led to: the meetings' assessments, the council's decisions, a direction and a promise.

All of it through the use cases, with the clock where it was then.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.playground import SAMPLE
from lagesbild.assessments import AssessmentForm, Owner
from lagesbild.measures import Priority
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.promise_data import promise_files
from lagesbild.promise_drafts import PeriodKind, PromiseForm, SectionForm
from lagesbild.promises import CitizenPromise
from lagesbild.referrals import CouncilKind, DecisionForm, DecisionKind
from lagesbild.rounds import Round
from lagesbild.templates import Area, Colour
from lagesbild.usecases.assessing import assess, finish_assessment
from lagesbild.usecases.council import set_up_council
from lagesbild.usecases.deciding import decide
from lagesbild.usecases.directing import decide_direction
from lagesbild.usecases.promise_drafting import add_section, adopt, draft_promise
from lagesbild.usecases.promising import publish

Said = Mapping[str, Any]


@dataclass(frozen=True)
class SampleChain:
    """What each past round led to, oldest first; the direction; and which of the shipped promises is in force."""

    rounds: tuple[tuple[tuple[Said, ...], tuple[Said, ...]], ...]
    """Of each round: assessments and decisions."""
    direction: Said
    promise: str


def read_chain(path: Path = SAMPLE) -> SampleChain:
    """The chain as the sample's file has it."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    rounds = tuple(
        (tuple(one.get("assessment", ())), tuple(one.get("decision", ()))) for one in data["round"]
    )
    return SampleChain(rounds, data["direction"], data["promise"])


async def council_meets(work: Work, coordinator: Member, chain: SampleChain) -> None:
    """The person at the keyboard sits in the council too, and it has decided a direction."""
    await set_up_council(work, coordinator, CouncilKind.OFFICIALS, member_ids=(coordinator.id,))
    today = _today(work, await _group(work, coordinator))
    said = chain.direction
    await decide_direction(
        work,
        coordinator,
        today,
        today + timedelta(days=said["days"]),
        priorities=[Priority(text) for text in said["priorities"]],
        not_pursued=said["not_pursued"],
        responsible=said["responsible"],
    )


async def promise_is_made(work: Work, coordinator: Member, chain: SampleChain) -> CitizenPromise:
    """The source's promise, for three months from the first of this month on: drafted, adopted, published."""
    source = promise_files()[chain.promise]
    first = _today(work, await _group(work, coordinator)).replace(day=1)
    title = source.title.replace("december 2020-februari 2021", "").strip()
    form = PromiseForm(title, source.preamble, first, PeriodKind.THREE_MONTHS)
    draft = await draft_promise(work, coordinator, form)
    for one in source.sections:
        section = SectionForm(one.title, one.commitments, one.why, one.areas, one.indicator)
        draft = await add_section(work, coordinator, draft.id, section)
    await adopt(work, coordinator, draft.id, source.adopted_by, first)
    return await publish(work, coordinator, draft.id)


async def meeting_assesses(
    work: Work, members: Mapping[str, Member], coordinator: Member, round_: Round, said: tuple[Said, ...]
) -> None:
    """The group sets its colours, and sends on what they lead to."""
    today = _today(work, await _group(work, coordinator))
    for one in said:
        await assess(work, coordinator, round_.id, Area(one["area"]), _form(one, members, today))
    if said:
        await finish_assessment(work, coordinator, round_.id)


async def council_decides(
    work: Work, members: Mapping[str, Member], coordinator: Member, round_: Round, said: tuple[Said, ...]
) -> None:
    """The council answers what was put to it."""
    today = _today(work, await _group(work, coordinator))
    for one in said:
        referral = await work.store.referrals.get_by_area(round_.id, Area(one["area"]))
        assert referral is not None  # noqa: S101 - the sample decides what its meeting referred
        due = today + timedelta(days=one["days"])
        form = DecisionForm(
            DecisionKind(one["kind"]), one["text"], one["sentence"], _owner(one, members), due
        )
        await decide(work, coordinator, referral.id, form)


def _form(said: Said, members: Mapping[str, Member], today: date) -> AssessmentForm:
    form = AssessmentForm(Colour(said["colour"]), said["comment"])
    if form.colour is Colour.GREEN:
        return form
    day = today + timedelta(days=said["days"])
    if form.colour is Colour.YELLOW:
        return replace(form, measure=said["measure"], owner=_owner(said, members), due=day)
    return replace(form, title=said["title"], answer_by=day)


def _owner(said: Said, members: Mapping[str, Member]) -> Owner:
    name = str(said["owner"])
    member = next((one for one in members.values() if one.name == name), None)
    return Owner(name, member.id if member else None)


async def _group(work: Work, member: Member) -> Group:
    group = await work.store.groups.get(member.group_id)
    assert group is not None  # noqa: S101 - a member's group is there
    return group


def _today(work: Work, group: Group) -> date:
    return group.local_day(work.clock.now())
