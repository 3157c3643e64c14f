"""Compiling, reviewing and publishing the situation picture (B1–B6, A11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lagesbild.authority import Act, require
from lagesbild.compiling import EarlierRound, compile_picture, digest
from lagesbild.deliveries import Delivery, DeliveryKind, delivery_key
from lagesbild.ids import RoundId
from lagesbild.people import Group, Member, Publication
from lagesbild.picture import SituationPicture
from lagesbild.ports import Work
from lagesbild.reports import Override, Report
from lagesbild.rounds import PublishedPicture, Round, RoundState
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import meeting_of, own_group, own_round, pick_round

TREND_ROUNDS = 6


@dataclass(frozen=True)
class Overridden:
    """A guard finding that a sender declared a false alarm: what the coordinator reviews (A11)."""

    member: Member
    override: Override


@dataclass(frozen=True)
class Review:
    """A picture with what the coordinator should look at before the channel sees it."""

    group: Group
    round: Round
    picture: SituationPicture
    overridden: tuple[Overridden, ...]
    published: PublishedPicture | None
    up_to_date: bool
    """Whether what the channel shows equals this picture."""


async def picture_of(work: Work, group: Group, round_: Round) -> SituationPicture:
    """The picture of any round, open, closed or long past, computed from what is stored."""
    store = work.store
    template = work.templates.get(round_.template)
    meeting = await meeting_of(work, round_)
    return compile_picture(
        group=group,
        template=template,
        round_=round_,
        meeting=meeting,
        members=await store.members.list_by_group(group.id),
        reports=await store.reports.list_by_round(round_.id),
        absences=await store.absences.list_by_group(group.id, round_.period_first, meeting.slot),
        prompts=await store.deliveries.list_by_round(round_.id, (DeliveryKind.PROMPT,)),
        earlier=await _earlier(work, round_),
    )


async def _earlier(work: Work, round_: Round) -> tuple[EarlierRound, ...]:
    rounds = await work.store.rounds.list_by_group(round_.group_id, TREND_ROUNDS, before=round_.number)
    reports: dict[RoundId, list[Report]] = {earlier.id: [] for earlier in rounds}
    for report in await work.store.reports.list_by_rounds(list(reports)):
        reports[report.round_id].append(report)
    return tuple(
        EarlierRound(earlier.number, work.templates.get(earlier.template), tuple(reports[earlier.id]))
        for earlier in rounds
    )


async def review_picture(work: Work, actor: Member, number: int | None = None) -> Review:
    """The picture as it would be posted now, for the coordinator (`sammanställ`); also of an earlier round."""
    require(actor, Act.COMPILE)
    group = await own_group(work, actor)
    return await _review(work, group, await pick_round(work, group.id, number))


async def _review(work: Work, group: Group, round_: Round) -> Review:
    picture = await picture_of(work, group, round_)
    published = await work.store.pictures.latest(round_.id)
    return Review(
        group=group,
        round=round_,
        picture=picture,
        overridden=await _overridden(work, round_),
        published=published,
        up_to_date=published is not None and published.digest == digest(picture),
    )


async def _overridden(work: Work, round_: Round) -> tuple[Overridden, ...]:
    members = {member.id: member for member in await work.store.members.list_by_group(round_.group_id)}
    reports: Sequence[Report] = await work.store.reports.list_by_round(round_.id)
    return tuple(
        Overridden(members[report.member_id], override)
        for report in reports
        if report.is_submitted
        for override in report.overrides
    )


async def publish_picture(work: Work, actor: Member, round_id: RoundId) -> Review:
    """Release the picture to the channel. Repeated with nothing new it changes nothing (B6)."""
    require(actor, Act.COMPILE)
    group = await own_group(work, actor)
    round_ = await own_round(work, actor, round_id)
    await _publish(work, group, round_, actor)
    return await _review(work, group, await own_round(work, actor, round_id))


async def publish_due(work: Work, round_: Round) -> None:
    """Post a closed round's picture by itself, if the group chose so and nothing waits for review (A11, B6)."""
    group = await work.store.groups.get(round_.group_id)
    if group is None or group.publication is not Publication.AT_TIME or round_.state is not RoundState.CLOSED:
        return
    if not await _overridden(work, round_):
        await _publish(work, group, round_, None)


async def refresh_published(work: Work, round_: Round, *, needs_review: bool) -> None:
    """A late or changed answer updates the post it belongs to, unless the coordinator must look first (B6, A11)."""
    if round_.revision == 0 or needs_review:
        return
    group = await work.store.groups.get(round_.group_id)
    if group is not None:
        await _publish(work, group, round_, None)


async def _publish(work: Work, group: Group, round_: Round, actor: Member | None) -> None:
    content = digest(await picture_of(work, group, round_))
    latest = await work.store.pictures.latest(round_.id)
    if latest is not None and latest.digest == content:
        return
    revision = (latest.revision if latest else 0) + 1
    now = work.clock.now()
    by = actor.id if actor else None
    await work.store.pictures.save(PublishedPicture(round_.id, revision, now, by, content))
    await work.store.rounds.save(
        replace(round_, revision=revision, reviewed_by=by or round_.reviewed_by),
    )
    await record(work, group.id, actor, "publish picture", f"round:{round_.id}", detail=f"revision {revision}")
    await work.outbox.put(
        Delivery(
            key=delivery_key(DeliveryKind.PICTURE, round_.id, revision),
            group_id=group.id,
            kind=DeliveryKind.PICTURE,
            queued_at=now,
            round_id=round_.id,
            subject=str(revision),
        )
    )
