"""Writing a citizen promise, from scratch or from the one before, until it is adopted (D1, D2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.errors import Invalid, NotFound
from lagesbild.guarded import guarded
from lagesbild.ids import PromiseId, fresh
from lagesbild.people import Member
from lagesbild.ports import Work
from lagesbild.promise_data import PromiseFile
from lagesbild.promise_drafts import (
    MAX_TITLE,
    MOST_SECTIONS,
    Front,
    PeriodKind,
    PromiseForm,
    SectionForm,
    checked_front,
    checked_section,
    checked_signature,
    coming_period,
    missing_for_adoption,
    numbered,
    period_end,
    period_kind,
    same_words,
    with_signature,
)
from lagesbild.promise_sheets import previous_among
from lagesbild.promises import CitizenPromise, PromiseState, Section
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_group, held_promise, own_group, own_promise
from lagesbild.usecases.promise_answers import keep_answers


async def draft_promise(work: Work, actor: Member, form: PromiseForm) -> CitizenPromise:
    """A new draft, without sections yet; sent twice it is one. Invalid for what cannot be used."""
    require(actor, Act.RUN_PROMISES)
    front = checked_front(form)
    await held_group(work, actor)
    for draft in await _drafts(work, actor):
        if front == Front(draft.title, draft.preamble, draft.first, draft.last) and not draft.sections:
            return draft
    return await begin(work, actor, front)


async def draft_from_previous(work: Work, actor: Member, promise_id: PromiseId) -> CitizenPromise:
    """Renewal: a draft with the same sections and roles for the period directly after, from today if that is over (D4).

    Asked twice it gives the draft that is there. Invalid (`promise_not_adopted`) for one that is a draft itself.
    """
    require(actor, Act.RUN_PROMISES)
    group = await held_group(work, actor)
    before = await own_promise(work, actor, promise_id)
    if before.state is PromiseState.DRAFT:
        raise Invalid("promise", "not_adopted")
    for known in await work.store.promises.list_by_group(actor.group_id):
        if known.state is not PromiseState.PUBLISHED and _renews(known, before):
            return known
    today = group.local_day(work.clock.now())
    front = Front(before.title, before.preamble, *coming_period(before.first, before.last, today))
    renewed = await begin(work, actor, front, before.id)
    return await save_change(
        work,
        actor,
        replace(
            renewed,
            sections=before.sections,
            signatures=tuple(replace(one, signed_on=None) for one in before.signatures),
        ),
        AuditAction.RENEW_PROMISE,
    )


async def draft_from_example(work: Work, actor: Member, example: PromiseFile) -> CitizenPromise:
    """A draft with the sections and roles of a promise that comes as a file, for as long a period; pressed twice it is
    one (D5). Its days, who adopted it and who signed are another's and stay behind."""
    require(actor, Act.RUN_PROMISES)
    await held_group(work, actor)
    for draft in await _drafts(work, actor):
        if draft.title == example.title and draft.sections == example.sections:
            return draft
    first, last = await suggested_period(work, actor)
    kind = period_kind(example.first, example.last)
    if kind is not PeriodKind.OTHER:
        last = period_end(first, kind)
    draft = await begin(work, actor, Front(example.title, example.preamble, first, last))
    roles = tuple(replace(one, name="", signed_on=None) for one in example.signatures)
    filled = replace(draft, sections=example.sections, signatures=roles)
    return await save_change(work, actor, filled, AuditAction.FILL_PROMISE, example.id)


async def change_promise(
    work: Work, actor: Member, promise_id: PromiseId, form: PromiseForm
) -> CitizenPromise:
    """Another title, preamble or period, while it is a draft."""
    draft, front = await own_draft(work, actor, promise_id), checked_front(form)
    changed = replace(draft, title=front.title, preamble=front.preamble, first=front.first, last=front.last)
    return await save_change(work, actor, changed, AuditAction.CHANGE_PROMISE)


async def add_section(work: Work, actor: Member, promise_id: PromiseId, form: SectionForm) -> CitizenPromise:
    """One more section, last; the same sent twice is one."""
    draft, section = await own_draft(work, actor, promise_id), checked_section(0, form)
    if draft.sections and replace(draft.sections[-1], number=0) == section:
        return draft
    return await save_change(work, actor, with_section(draft, section), AuditAction.ADD_SECTION)


async def change_section(
    work: Work, actor: Member, promise_id: PromiseId, mark: str, form: SectionForm
) -> CitizenPromise:
    """The section of that mark anew; where it came from stays. Sent twice it is one; NotFound (`section`) if it is
    gone, or says something else by now."""
    draft, typed = await own_draft(work, actor, promise_id), checked_section(0, form)
    before = _section_of(draft, mark)
    if before is None and any(replace(one, number=0, referral_id=None) == typed for one in draft.sections):
        return draft
    if before is None:
        raise NotFound("section", mark)
    changed = replace(typed, number=before.number, referral_id=before.referral_id)
    sections = tuple(changed if one is before else one for one in draft.sections)
    return await save_change(
        work, actor, replace(draft, sections=sections), AuditAction.CHANGE_SECTION, before.number
    )


async def remove_section(work: Work, actor: Member, promise_id: PromiseId, mark: str) -> CitizenPromise:
    """The promise without the section of that mark; the others close up. NotFound (`section`) if it is gone, or says
    something else by now; Invalid (`promise_holds_decision`) while it alone answers what the council decided (C2)."""
    await held_group(
        work, actor
    )  # as who decides and discards does: two drafts that hold one answer do not both lose it
    draft = await own_draft(work, actor, promise_id)
    gone = _section_of(draft, mark)
    if gone is None:
        raise NotFound("section", mark)
    await keep_answers(work, draft, (gone,))
    sections = numbered([one for one in draft.sections if one is not gone])
    return await save_change(
        work, actor, replace(draft, sections=sections), AuditAction.REMOVE_SECTION, gone.number
    )


async def sign(
    work: Work, actor: Member, promise_id: PromiseId, role: str, *, name: str = "", day: date | None = None
) -> CitizenPromise:
    """Write in who signs, by role; without a day it is still waited for (D2). The same role once more replaces it."""
    draft = await own_draft(work, actor, promise_id)
    today = (await own_group(work, actor)).local_day(work.clock.now())
    signature = checked_signature(role, name, day, today)
    signed = replace(draft, signatures=with_signature(draft.signatures, signature))
    return await save_change(work, actor, signed, AuditAction.SIGN_PROMISE)


async def remove_signature(work: Work, actor: Member, promise_id: PromiseId, role: str) -> CitizenPromise:
    """The promise without that role's signature; Invalid (`role_unknown`) if there is none."""
    draft = await own_draft(work, actor, promise_id)
    kept = tuple(one for one in draft.signatures if not same_words(one.role, role))
    if kept == draft.signatures:
        raise Invalid("role", "unknown")
    return await save_change(work, actor, replace(draft, signatures=kept), AuditAction.REMOVE_SIGNATURE)


async def adopt(work: Work, actor: Member, promise_id: PromiseId, body: str, day: date) -> CitizenPromise:
    """Record who adopted it and when. Invalid (`promise_lacks_…`) while something is missing (D1, D2)."""
    draft = await own_draft(work, actor, promise_id)
    if missing := missing_for_adoption(draft):
        raise Invalid("promise", f"lacks_{missing[0].lack.value}", what=missing[0].what)
    if day > (await own_group(work, actor)).local_day(work.clock.now()):
        raise Invalid("adopted_on", "in_future")
    words = guarded("adopted_by", body, limit=MAX_TITLE, required=True, names=False)
    adopted = replace(draft, state=PromiseState.ADOPTED, adopted_by=words, adopted_on=day)
    return await save_change(work, actor, adopted, AuditAction.ADOPT_PROMISE)


async def reopen(work: Work, actor: Member, promise_id: PromiseId) -> CitizenPromise:
    """Take back an adoption that was entered by mistake, before anybody was told: it is a draft again."""
    require(actor, Act.RUN_PROMISES)
    promise = await held_promise(work, actor, promise_id)
    if promise.state is PromiseState.PUBLISHED:
        raise Invalid("promise", "not_draft")
    draft = replace(promise, state=PromiseState.DRAFT, adopted_by="", adopted_on=None)
    return await save_change(work, actor, draft, AuditAction.REOPEN_PROMISE)


async def discard(work: Work, actor: Member, promise_id: PromiseId) -> CitizenPromise:
    """Throw a draft away. Invalid while it alone answers what the council decided (`promise_holds_decision`, C2), or
    another promise renews it (`promise_renewed`)."""
    await held_group(work, actor)
    draft = await own_draft(work, actor, promise_id)
    await keep_answers(work, draft, draft.sections)
    others = await work.store.promises.list_by_group(actor.group_id)
    if any(one.previous_id == draft.id for one in others):
        raise Invalid("promise", "renewed")
    await work.store.promises.remove(draft)
    await record(work, actor.group_id, actor, AuditAction.DISCARD_PROMISE, f"promise:{draft.id}")
    return draft


async def own_draft(work: Work, actor: Member, promise_id: PromiseId) -> CitizenPromise:
    """That draft of the actor's group, to be saved changed; Invalid (`promise_not_draft`) once it is adopted."""
    require(actor, Act.RUN_PROMISES)
    promise = await held_promise(work, actor, promise_id)
    if promise.state is not PromiseState.DRAFT:
        raise Invalid("promise", "not_draft")
    return promise


async def suggested_period(work: Work, actor: Member) -> tuple[date, date]:
    """When a new promise would begin and end: directly after the latest, and as long; three months from today at first."""
    today = (await own_group(work, actor)).local_day(work.clock.now())
    promises = await work.store.promises.list_by_group(actor.group_id)
    latest = max(promises, key=lambda one: (one.last, one.id), default=None)
    if latest is None:
        return today, period_end(today, PeriodKind.THREE_MONTHS)
    return coming_period(latest.first, latest.last, today)


async def begin(
    work: Work, actor: Member, front: Front, previous_id: PromiseId | None = None
) -> CitizenPromise:
    """A new draft with that front; it names the promise of the period before, if there is one."""
    draft = CitizenPromise(
        id=PromiseId(fresh()),
        group_id=actor.group_id,
        title=front.title,
        preamble=front.preamble,
        first=front.first,
        last=front.last,
        sections=(),
        signatures=(),
        drafted_by=actor.id,
        changed_at=work.clock.now(),
        previous_id=previous_id,
    )
    if previous_id is None:
        before = previous_among(draft, await work.store.promises.list_by_group(actor.group_id))
        draft = replace(draft, previous_id=before.id if before else None)
    return await save_change(work, actor, draft, AuditAction.DRAFT_PROMISE)


def with_section(draft: CitizenPromise, section: Section) -> CitizenPromise:
    """The draft with one more section, last; Invalid if it has as many as it can."""
    if len(draft.sections) >= MOST_SECTIONS:
        raise Invalid("sections", "too_many", most=MOST_SECTIONS)
    return replace(draft, sections=numbered((*draft.sections, section)))


async def _drafts(work: Work, actor: Member) -> list[CitizenPromise]:
    promises = await work.store.promises.list_by_group(actor.group_id)
    return [one for one in promises if one.state is PromiseState.DRAFT]


def _renews(draft: CitizenPromise, before: CitizenPromise) -> bool:
    """Whether a draft was made of the promise, and not from scratch after it."""
    titles = {one.title for one in before.sections}
    return draft.previous_id == before.id and any(one.title in titles for one in draft.sections)


def _section_of(draft: CitizenPromise, mark: str) -> Section | None:
    return next((section for section in draft.sections if section.mark == mark), None)


async def save_change(
    work: Work, actor: Member, promise: CitizenPromise, action: AuditAction, about: object = ""
) -> CitizenPromise:
    """Store it as changed now, with its audit entry (F2)."""
    changed = replace(promise, changed_at=work.clock.now())
    await work.store.promises.save(changed)
    await record(work, actor.group_id, actor, action, f"promise:{promise.id}", detail=str(about))
    return changed
