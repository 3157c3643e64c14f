"""A promise as the council's answer to a referral: it becomes a section of the next promise (C2, D4)."""

from __future__ import annotations

from dataclasses import replace

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.ids import PromiseId, ReferralId
from lagesbild.people import Member
from lagesbild.ports import Work
from lagesbild.promise_drafts import MAX_TITLE, MOST_SECTIONS, Front, numbered
from lagesbild.promises import CitizenPromise, PromiseState, Section
from lagesbild.referrals import Referral
from lagesbild.usecases.finding import held_group, own_referral
from lagesbild.usecases.promise_drafting import begin, own_draft, save_change, suggested_period, with_section


async def draft_from_referral(
    work: Work, actor: Member, referral_id: ReferralId, promise_id: PromiseId | None = None
) -> CitizenPromise:
    """A section for what the council answered with a promise (C2): in that draft, else in the latest, else in a new one.

    What it is about comes along; who does what is still to be written. A repeat changes nothing.
    """
    require(actor, Act.RUN_PROMISES)
    await held_group(work, actor)
    referral = await own_referral(work, actor, referral_id)
    promises = await work.store.promises.lock_by_group(actor.group_id)
    for known in promises:
        if known.state is not PromiseState.PUBLISHED and _answers(known, referral):
            return known
    draft = await _draft_for(work, actor, referral, promise_id)
    section = Section(0, referral.title[:MAX_TITLE], (), areas=(referral.area,), referral_id=referral.id)
    return await save_change(work, actor, with_section(draft, section), AuditAction.ADD_SECTION, referral.id)


async def take_from_drafts(work: Work, actor: Member, referral_id: ReferralId) -> None:
    """The council changed its answer: a section that nobody has written anything in yet goes away again."""
    require(actor, Act.RUN_PROMISES)
    await held_group(work, actor)
    referral = await own_referral(work, actor, referral_id)
    for known in await work.store.promises.lock_by_group(actor.group_id):
        kept = numbered([one for one in known.sections if one.referral_id != referral.id or one.commitments])
        if known.state is PromiseState.DRAFT and len(kept) < len(known.sections):
            await save_change(
                work, actor, replace(known, sections=kept), AuditAction.REMOVE_SECTION, referral.id
            )


async def _draft_for(
    work: Work, actor: Member, referral: Referral, promise_id: PromiseId | None
) -> CitizenPromise:
    if promise_id is not None:
        return await own_draft(work, actor, promise_id)
    promises = await work.store.promises.list_by_group(actor.group_id)
    drafts = [
        one for one in promises if one.state is PromiseState.DRAFT and len(one.sections) < MOST_SECTIONS
    ]
    if drafts:
        return max(drafts, key=lambda one: (one.changed_at, one.id))
    return await begin(
        work, actor, Front(referral.title[:MAX_TITLE], "", *await suggested_period(work, actor))
    )


def _answers(promise: CitizenPromise, referral: Referral) -> bool:
    return any(section.referral_id == referral.id for section in promise.sections)
