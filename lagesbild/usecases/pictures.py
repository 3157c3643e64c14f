"""Compiling, reviewing and publishing the situation picture (B1–B6, A11).

Two pictures are kept apart: the one the coordinator reviews has every word; the one the channel is shown leaves out
words that the guard stopped and nobody has reviewed since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.compiling import EarlierRound, compile_picture, digest
from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState, delivery_key
from lagesbild.ids import RoundId
from lagesbild.people import Group, Member, Publication
from lagesbild.picture import SituationPicture
from lagesbild.ports import Work
from lagesbild.reports import Answer, Override, Report
from lagesbild.rounds import PublishedPicture, Round, RoundState
from lagesbild.templates import Template
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import meeting_of, own_group, own_round, pick_round
from lagesbild.usecases.queueing import queue

TREND_ROUNDS = 6


@dataclass(frozen=True)
class Overridden:
    """A guard finding that a sender declared a false alarm: what the coordinator reviews (A11)."""

    member: Member
    override: Override
    reviewed: bool = False
    """Whether it was there when the picture was last released by hand."""


@dataclass(frozen=True)
class Review:
    """A picture with what the coordinator should look at before the channel sees it."""

    group: Group
    round: Round
    template: Template
    picture: SituationPicture
    overridden: tuple[Overridden, ...]
    published: PublishedPicture | None
    publisher: Member | None
    post: Delivery | None
    """The ledger's row of the latest revision's way to the channel."""
    up_to_date: bool
    """Whether what the channel shows equals this picture."""
    needs_another_look: bool = False
    """Set when a release was refused: words to review have come since the reviewer looked."""
    released: bool = False
    """Set when a release sent something on its way: a new revision, or one that had not arrived."""

    @property
    def waiting(self) -> tuple[Overridden, ...]:
        """What nobody has reviewed yet."""
        return tuple(one for one in self.overridden if not one.reviewed)

    @property
    def seen(self) -> str:
        """Names what is to be reviewed, so that a release covers just what the reviewer was shown."""
        facts = sorted(f"{one.member.id}:{one.override!r}" for one in self.overridden)
        return hashlib.sha256("\n".join(facts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


async def picture_of(work: Work, group: Group, round_: Round) -> SituationPicture:
    """The picture of any round, open, closed or long past, computed from what is stored."""
    return await _picture(work, group, round_, await work.store.reports.list_by_round(round_.id))


async def shown_picture(work: Work, group: Group, round_: Round) -> SituationPicture:
    """The picture as the channel may see it: without words that the guard stopped and nobody has reviewed (A11)."""
    until = await _reviewed_until(work, round_)
    reports = await work.store.reports.list_by_round(round_.id)
    return await _picture(work, group, round_, [_without_unreviewed(report, until) for report in reports])


async def _picture(work: Work, group: Group, round_: Round, reports: Sequence[Report]) -> SituationPicture:
    store = work.store
    meeting = await meeting_of(work, round_)
    last = max(meeting.slot, group.local_day(round_.deadline))
    return compile_picture(
        group=group,
        template=work.templates.get(round_.template),
        round_=round_,
        meeting=meeting,
        members=await store.members.list_by_group(group.id),
        reports=reports,
        absences=await store.absences.list_by_group(group.id, round_.period_first, last),
        prompts=await store.deliveries.list_by_round(round_.id, (DeliveryKind.PROMPT,)),
        earlier=await _earlier(work, round_),
        assessments=await store.assessments.list_by_round(round_.id) if round_.assessed_at else (),
    )


async def _reviewed_until(work: Work, round_: Round) -> datetime | None:
    """When somebody last released the picture by hand, and so had seen all there was to review."""
    by_hand = (p.published_at for p in await work.store.pictures.list_by_round(round_.id) if p.published_by)
    return max(by_hand, default=None)


def _is_reviewed(report: Report, until: datetime | None) -> bool:
    return until is not None and report.updated_at <= until


def _without_unreviewed(report: Report, until: datetime | None) -> Report:
    if not report.overrides or _is_reviewed(report, until):
        return report
    stopped = {override.number for override in report.overrides}
    answers = (
        replace(answer, comment="", bullets=()) if answer.number in stopped else answer
        for answer in report.answers
    )
    return replace(report, answers=tuple(_rated(answers)))


def _rated(answers: Iterable[Answer]) -> Iterable[Answer]:
    return (answer for answer in answers if not answer.is_empty)


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
    return await review_of(work, group, await pick_round(work, group.id, number))


async def review_round(work: Work, actor: Member, round_id: RoundId) -> Review:
    """The same of a round that a button names."""
    require(actor, Act.COMPILE)
    group = await own_group(work, actor)
    return await review_of(work, group, await own_round(work, actor, round_id))


async def review_of(work: Work, group: Group, round_: Round) -> Review:
    """The review itself, also for the preview that is sent at the deadline."""
    picture = await picture_of(work, group, round_)
    published = await work.store.pictures.latest(round_.id)
    publisher = published.published_by if published else None
    key = delivery_key(DeliveryKind.PICTURE, round_.id, published.revision if published else 0)
    return Review(
        group=group,
        round=round_,
        template=work.templates.get(round_.template),
        picture=picture,
        overridden=await _overridden(work, round_),
        published=published,
        publisher=await work.store.members.get(publisher) if publisher else None,
        post=await work.store.deliveries.get(key) if published else None,
        up_to_date=published is not None and published.digest == digest(picture),
    )


async def _overridden(work: Work, round_: Round) -> tuple[Overridden, ...]:
    members = {member.id: member for member in await work.store.members.list_by_group(round_.group_id)}
    until = await _reviewed_until(work, round_)
    return tuple(
        Overridden(members[report.member_id], override, _is_reviewed(report, until))
        for report in await work.store.reports.list_by_round(round_.id)
        if report.is_submitted and report.member_id in members
        for override in report.overrides
    )


async def publish_picture(work: Work, actor: Member, round_id: RoundId, *, seen: str | None = None) -> Review:
    """Release the picture to the channel. Repeated with nothing new it changes nothing (B6). Words that waited are
    reviewed by it, also where the channel shows the same already.

    `seen` is the `Review.seen` that the actor was shown; if words to review have come since, nothing is released
    and the answer says so (A11). None releases only if nothing waits for review.
    """
    review = await review_round(work, actor, round_id)
    if review.waiting and seen != review.seen:
        return replace(review, needs_another_look=True)
    if review.up_to_date and not review.waiting:
        return await _sent_again(work, review)
    await _publish(work, review.group, review.round, actor)
    return replace(await review_round(work, actor, round_id), released=True)


async def _sent_again(work: Work, review: Review) -> Review:
    if review.post is None or not review.post.state.is_undelivered:
        return review
    await forget_lost_posts(work, review.post)
    await work.outbox.again(review.post)
    return replace(review, released=True, post=replace(review.post, state=DeliveryState.QUEUED))


async def forget_lost_posts(work: Work, delivery: Delivery) -> None:
    """Forget a picture's posts once Teams says that they are gone, so that it is posted anew and not updated (F4)."""
    if delivery.kind is not DeliveryKind.PICTURE or delivery.state is not DeliveryState.GONE:
        return
    if delivery.round_id is not None:
        for post in await work.store.pictures.posts(delivery.round_id):
            await work.store.pictures.remove_post(post)


async def queue_preview(work: Work, actor: Member, review: Review) -> None:
    """Send the preview to the actor's personal chat: asked for where others would see it (A11)."""
    ids = (review.round.id, actor.id, int(work.clock.now().timestamp()))
    await queue(work, DeliveryKind.PREVIEW, review.group.id, *ids, to=actor.id, round_id=review.round.id)


async def publish_due(work: Work, round_: Round) -> None:
    """Post a closed round's picture by itself, if the group chose so and nothing waits for review (A11, B6)."""
    group = await work.store.groups.get(round_.group_id)
    if group is None or group.publication is not Publication.AT_TIME or round_.state is not RoundState.CLOSED:
        return
    if all(one.reviewed for one in await _overridden(work, round_)):
        await _publish(work, group, round_, None)


async def refresh_published(work: Work, round_: Round, *, needs_review: bool) -> None:
    """A late or changed answer updates the post it belongs to, unless the coordinator must look first (B6, A11)."""
    if round_.revision == 0 or needs_review:
        return
    group = await work.store.groups.get(round_.group_id)
    if group is not None:
        await _publish(work, group, round_, None)


async def _publish(work: Work, group: Group, round_: Round, actor: Member | None) -> None:
    """What a person releases has every word; what goes out by itself leaves out what nobody has reviewed."""
    content = digest(await (picture_of if actor else shown_picture)(work, group, round_))
    latest = await work.store.pictures.latest(round_.id)
    if latest is not None and latest.digest == content and actor is None:
        return
    if latest is not None:
        before = delivery_key(DeliveryKind.PICTURE, round_.id, latest.revision)
        if (sent := await work.store.deliveries.get(before)) is not None:
            await forget_lost_posts(work, sent)
    revision = (latest.revision if latest else 0) + 1
    now = work.clock.now()
    by = actor.id if actor else None
    await work.store.pictures.save(PublishedPicture(round_.id, revision, now, by, content))
    await work.store.rounds.save(
        replace(round_, revision=revision, reviewed_by=by or round_.reviewed_by),
    )
    await record(
        work,
        group.id,
        actor,
        AuditAction.PUBLISH_PICTURE,
        f"round:{round_.id}",
        detail=f"revision {revision}",
    )
    ids = (round_.id, revision)
    await queue(
        work, DeliveryKind.PICTURE, group.id, *ids, to=None, round_id=round_.id, subject=str(revision)
    )
