"""A citizen promise once it is adopted: to everybody, followed up, shown, renewed in time (D3, D4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, may, require
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotFound
from lagesbild.guarded import guarded
from lagesbild.ids import PromiseId
from lagesbild.people import Group, Member, MemberState
from lagesbild.ports import Work
from lagesbild.promise_sheets import PromiseOverview, PromiseSheet, previous_among, sheet_sections
from lagesbild.promises import (
    CitizenPromise,
    PromiseOpened,
    PromiseState,
    SectionFollowUp,
    SectionStatus,
)
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_group, held_promise, own_group, own_promise
from lagesbild.usecases.queueing import queue
from lagesbild.usecases.seating import is_daytime
from lagesbild.usecases.telling import tell_reporters

MAX_COMMENT = 500
STAGES = (7, 30)
"""How many days before the last day renewal is asked for."""


async def publish(work: Work, actor: Member, promise_id: PromiseId) -> CitizenPromise:
    """Make an adopted promise public, and send it to every active member who has Teams (D4). A repeat changes nothing.

    Those behind a referral that it answers see it in their feedback too (C5). One whose period is over is published
    without being sent: it is kept to compare with.
    """
    require(actor, Act.RUN_PROMISES)
    group, now = await held_group(work, actor), work.clock.now()
    promise = await held_promise(work, actor, promise_id)
    if promise.state is PromiseState.DRAFT:
        raise Invalid("promise", "not_adopted")
    if promise.state is PromiseState.PUBLISHED:
        return promise
    published = replace(promise, state=PromiseState.PUBLISHED, published_at=now, changed_at=now)
    await work.store.promises.save(published)
    sent = 0
    if published.last >= group.local_day(now):
        for member in await receivers(work, group):
            sent += await _queue(work, member, DeliveryKind.PROMISE, published)
        await _tell_those_behind(work, group, published)
    await record(
        work, group.id, actor, AuditAction.PUBLISH_PROMISE, f"promise:{promise.id}", detail=f"to {sent}"
    )
    return published


async def receivers(work: Work, group: Group) -> tuple[Member, ...]:
    """Everybody who gets a published promise."""
    members = await work.store.members.list_by_group(group.id)
    return tuple(one for one in members if _is_reached(one))


async def follow_up_section(
    work: Work,
    actor: Member,
    promise_id: PromiseId,
    number: int,
    status: SectionStatus,
    *,
    comment: str = "",
    value: float | None = None,
) -> SectionFollowUp:
    """Say how one section goes, also after the promise has ended; earlier words are kept (D3)."""
    require(actor, Act.RUN_PROMISES)
    promise = await own_promise(work, actor, promise_id)
    if promise.state is not PromiseState.PUBLISHED:
        raise Invalid("promise", "not_published")
    if promise.section(number) is None:
        raise NotFound("section", str(number))
    words = guarded("comment", comment, limit=MAX_COMMENT, names=False)
    follow_up = SectionFollowUp(promise.id, number, work.clock.now(), actor.id, status, words, value)
    await work.store.promises.add_follow_up(follow_up)
    await record(
        work,
        actor.group_id,
        actor,
        AuditAction.FOLLOW_UP_PROMISE,
        f"promise:{promise.id}",
        detail=f"section {number}",
    )
    return follow_up


async def promise_sheet(work: Work, actor: Member, promise_id: PromiseId) -> PromiseSheet:
    """A promise with how it goes, beside the period before. What is not published yet is found only by who runs it."""
    require(actor, Act.SEE_PROMISES)
    promise, runs = await own_promise(work, actor, promise_id), may(actor, Act.RUN_PROMISES)
    if promise.state is not PromiseState.PUBLISHED and not runs:
        raise NotFound("promise", promise_id)
    return replace(await sheet_of(work, await own_group(work, actor), promise), runs=runs)


async def sheet_of(work: Work, group: Group, promise: CitizenPromise) -> PromiseSheet:
    """The same as everybody reads it."""
    store = work.store.promises
    previous = previous_among(promise, await store.list_by_group(group.id))
    earlier: Sequence[SectionFollowUp] = await store.follow_ups(previous.id) if previous else ()
    sections = sheet_sections(promise, await store.follow_ups(promise.id), previous, earlier)
    return PromiseSheet(group, promise, sections, previous, group.local_day(work.clock.now()))


async def promise_overview(work: Work, actor: Member) -> PromiseOverview:
    """What `löften` answers: the current promise, else the latest that ended; what comes; for some, what is in work."""
    require(actor, Act.SEE_PROMISES)
    group, runs = await own_group(work, actor), may(actor, Act.RUN_PROMISES)
    promises = await work.store.promises.list_by_group(group.id)
    today = group.local_day(work.clock.now())
    public = [one for one in promises if one.state is PromiseState.PUBLISHED]
    current = [one for one in public if one.is_current(today)]
    ended = max((one for one in public if one.last < today), key=lambda one: one.last, default=None)
    shown = current[0] if current else ended
    return PromiseOverview(
        group=group,
        today=today,
        shown=replace(await sheet_of(work, group, shown), runs=runs) if shown else None,
        others=tuple(one for one in public if one.last >= today and one is not shown),
        in_work=tuple(one for one in promises if one.state is not PromiseState.PUBLISHED) if runs else (),
        runs=runs,
    )


async def mark_opened(work: Work, actor: Member, promise_id: PromiseId) -> None:
    """Remember that the member has opened it, the first time (the chain's measure)."""
    require(actor, Act.SEE_PROMISES)
    promise = await own_promise(work, actor, promise_id)
    if promise.state is PromiseState.PUBLISHED:
        await work.store.promises.save_opened(PromiseOpened(promise.id, actor.id, work.clock.now()))


async def renewals_due(work: Work, group: Group, now: datetime) -> int:
    """Ask for renewal 30 days and 7 days before a promise ends, by day, unless a later one is there (D4). Returns to how
    many; a repeat queues nothing.
    """
    if not is_daytime(group, now):
        return 0
    promises = await work.store.promises.list_by_group(group.id)
    today, queued = group.local_day(now), 0
    for promise in promises:
        stage = _stage((promise.last - today) // timedelta(days=1))
        if stage is None or not promise.is_current(today) or later_than(promise, promises):
            continue
        for member in await receivers(work, group):
            if may(member, Act.RUN_PROMISES):
                queued += await _queue(work, member, DeliveryKind.PROMISE_RENEWAL, promise, stage)
    return queued


def later_than(promise: CitizenPromise, promises: Sequence[CitizenPromise]) -> bool:
    """Whether the group has a promise, in whatever state, that goes on after this one."""
    return any(one.last > promise.last for one in promises if one.id != promise.id)


async def _tell_those_behind(work: Work, group: Group, promise: CitizenPromise) -> None:
    for referral_id in sorted({one.referral_id for one in promise.sections if one.referral_id}):
        referral = await work.store.referrals.get(referral_id)
        if referral is not None and referral.group_id == group.id:
            await tell_reporters(work, group, referral)


def _stage(days_left: int) -> int | None:
    return next((stage for stage in STAGES if 0 <= days_left <= stage), None)


def _is_reached(member: Member) -> bool:
    return member.state is MemberState.ACTIVE and member.user_id is not None


async def _queue(
    work: Work, member: Member, kind: DeliveryKind, promise: CitizenPromise, *more: object
) -> bool:
    ids = (promise.id, *more, member.id)
    return await queue(work, kind, promise.group_id, *ids, to=member.id, subject=promise.id)
