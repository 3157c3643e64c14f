"""Looking things up on a member's behalf: what belongs to another group is not found (F1)."""

from __future__ import annotations

from typing import Protocol, TypeVar

from lagesbild.assessments import Owner
from lagesbild.errors import NoRound, NotFound
from lagesbild.ids import (
    AnalysisId,
    GroupId,
    MeasureId,
    MemberId,
    PromiseId,
    ReferralId,
    RoundId,
    ThemeId,
)
from lagesbild.measures import Measure, RootCauseAnalysis
from lagesbild.people import Group, Member, MemberState
from lagesbild.ports import Work
from lagesbild.promises import CitizenPromise
from lagesbild.referrals import Referral
from lagesbild.rounds import Meeting, Round, RoundState
from lagesbild.templates import Template
from lagesbild.themes import Theme


async def own_group(work: Work, actor: Member) -> Group:
    """The actor's group."""
    group = await work.store.groups.get(actor.group_id)
    if group is None:
        raise NotFound("group", actor.group_id)
    return group


async def held_group(work: Work, actor: Member) -> Group:
    """The actor's group, held so that nobody else plans, opens or closes its rounds meanwhile."""
    group = await work.store.groups.lock(actor.group_id)
    if group is None:
        raise NotFound("group", actor.group_id)
    return group


async def group_at_home(work: Work, tenant_id: str, *conversation_ids: str | None) -> Group | None:
    """The group whose own channel one of these is: all its people read and write there, so that nobody else meets there.

    A team that the bot was added to for the council alone has a group too, which nobody set up: it is not at home.
    """
    groups = await work.store.groups.list_by_tenant(tenant_id)
    return next((g for g in groups if g.schedule is not None and g.home.channel_id in conversation_ids), None)


def template_of(work: Work, group: Group) -> Template | None:
    """What the group asks with; None before it is set up."""
    return work.templates.get(group.template) if group.template else None


async def own_round(work: Work, actor: Member, round_id: RoundId) -> Round:
    """That round, if it is the actor's group's."""
    return _own(actor, await work.store.rounds.get(round_id), "round", round_id)


async def held_member(work: Work, actor: Member, member_id: MemberId) -> Member:
    """That member, if in the actor's group: to be saved changed."""
    return _own(actor, await work.store.members.lock(member_id), "member", member_id)


async def held_round(work: Work, actor: Member, round_id: RoundId) -> Round:
    """That round, if it is the actor's group's: to answer it, beside others who do."""
    return _own(actor, await work.store.rounds.hold(round_id), "round", round_id)


async def own_member(work: Work, actor: Member, member_id: MemberId) -> Member:
    """That member, if in the actor's group."""
    return _own(actor, await work.store.members.get(member_id), "member", member_id)


async def own_referral(work: Work, actor: Member, referral_id: ReferralId) -> Referral:
    """That referral, if it is the actor's group's."""
    return _own(actor, await work.store.referrals.get(referral_id), "referral", referral_id)


async def own_measure(work: Work, actor: Member, measure_id: MeasureId) -> Measure:
    """That measure, if it is the actor's group's."""
    return _own(actor, await work.store.measures.get(measure_id), "measure", measure_id)


async def held_measure(work: Work, actor: Member, measure_id: MeasureId) -> Measure:
    """That measure, if it is the actor's group's: to be saved changed. Its round first, as who assesses or decides does."""
    measure = await own_measure(work, actor, measure_id)
    if measure.referral_id is not None:
        await work.store.referrals.get(measure.referral_id)
    elif measure.round_id is not None:
        await work.store.rounds.get(measure.round_id)
    return _own(actor, await work.store.measures.lock(measure_id), "measure", measure_id)


async def own_analysis(work: Work, actor: Member, analysis_id: AnalysisId) -> RootCauseAnalysis:
    """That root-cause analysis, if it is the actor's group's."""
    return _own(actor, await work.store.analyses.get(analysis_id), "analysis", analysis_id)


async def held_analysis(work: Work, actor: Member, analysis_id: AnalysisId) -> RootCauseAnalysis:
    """That analysis, if it is the actor's group's: to be saved changed. Its referral's round first, as who decides does."""
    analysis = await own_analysis(work, actor, analysis_id)
    if analysis.referral_id is not None:
        await work.store.referrals.get(analysis.referral_id)
    return _own(actor, await work.store.analyses.lock(analysis_id), "analysis", analysis_id)


async def own_promise(work: Work, actor: Member, promise_id: PromiseId) -> CitizenPromise:
    """That promise, if it is the actor's group's."""
    return _own(actor, await work.store.promises.get(promise_id), "promise", promise_id)


async def held_promise(work: Work, actor: Member, promise_id: PromiseId) -> CitizenPromise:
    """That promise, if it is the actor's group's: to be saved changed."""
    return _own(actor, await work.store.promises.lock(promise_id), "promise", promise_id)


async def own_theme(work: Work, actor: Member, theme_id: ThemeId) -> Theme:
    """That theme, if it is the actor's group's."""
    return _own(actor, await work.store.themes.get(theme_id), "theme", theme_id)


async def held_theme(work: Work, actor: Member, theme_id: ThemeId) -> Theme:
    """That theme, if it is the actor's group's: to be saved changed."""
    return _own(actor, await work.store.themes.lock(theme_id), "theme", theme_id)


class _Owned(Protocol):
    """Something that belongs to one group."""

    @property
    def group_id(self) -> GroupId: ...


Owned = TypeVar("Owned", bound=_Owned)


def _own(actor: Member, found: Owned | None, kind: str, key: str) -> Owned:
    """What was found, if it is the actor's group's; another group's is as little there as nothing (F1)."""
    if found is None or found.group_id != actor.group_id:
        raise NotFound(kind, key)
    return found


async def owner_from(work: Work, actor: Member, member_id: str, name: str) -> Owner | None:
    """Who was chosen as owner: a member of the actor's group by id, else somebody by name; None if neither is given.

    The name of a member means that member, who can then be asked how it goes.
    """
    if member_id:
        member = await own_member(work, actor, MemberId(member_id))
        return Owner(member.name, member.id)
    typed = " ".join(name.split())
    members = await work.store.members.list_by_group(actor.group_id) if typed else ()
    named = [
        one for one in members if one.state is MemberState.ACTIVE and one.name.casefold() == typed.casefold()
    ]
    if len(named) == 1:
        return Owner(named[0].name, named[0].id)
    return Owner(typed) if typed else None


async def meeting_of(work: Work, round_: Round) -> Meeting:
    """The meeting a round precedes."""
    meeting = await work.store.meetings.get(round_.meeting_id)
    if meeting is None:
        raise NotFound("meeting", round_.meeting_id)
    return meeting


async def pick_round(work: Work, group_id: GroupId, number: int | None = None) -> Round:
    """The round of that number, else the open one, else the latest closed; NoRound if there is none.

    It is read once more by its id, which locks it: what is found may be on its way to be changed.
    """
    if number is not None:
        found = await work.store.rounds.get_by_number(group_id, number)
        if found is None or found.state is RoundState.PLANNED:
            raise NoRound(number)
    else:
        rounds = await work.store.rounds.list_by_group(group_id)
        if not rounds:
            raise NoRound
        found = next((round_ for round_ in rounds if round_.state is RoundState.OPEN), rounds[0])
    return await work.store.rounds.get(found.id) or found
