"""`sammanställ`: the preview, the release, and the post in the channel with its thread (B1–B6, A11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.commands import Command
from bot.delivery.addressees import addressee, leads
from bot.delivery.couriers import (
    Activity,
    Forget,
    Outgoing,
    Sent,
    Skip,
    Skipped,
    ToMember,
    Transaction,
)
from bot.delivery.kept import digest_of
from bot.delivery.limits import Busy
from bot.features import Feature, Turn
from bot.handlers.rounds import typed_number
from bot.teams.activities import Reply
from bot.teams.connector import Ref
from bot.teams.messages import card_activity
from cards.card import Card
from cards.inputs import Inputs
from cards.picture import Edition, emptied_part, picture_parts
from cards.preview import (
    PreviewPicture,
    PublishPicture,
    late_answer_card,
    preview_card,
    release_line,
    released_card,
)
from cards.texts import Texts
from lagesbild.authority import Act
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.ids import MemberId, RoundId
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.rounds import ChannelPost, Round
from lagesbild.usecases.pictures import (
    Review,
    publish_picture,
    queue_preview,
    review_of,
    review_picture,
    review_round,
    shown_picture,
)

feature = Feature()

_WAIT_FOR_EARLIER = 3.0
_CHANNEL_LANGUAGE = "sv"


@feature.command(Command.COMPILE, Act.COMPILE)
async def compile_(turn: Turn, rest: str) -> Reply:
    """The preview in the personal chat; where others read the release itself, unless something is to be reviewed first."""
    review = await review_picture(turn.work, turn.member, typed_number(rest))
    if turn.in_private:
        return Reply(card=preview_card(turn.texts, review).to_dict())
    if review.waiting:
        await queue_preview(turn.work, turn.member, review)
        return Reply(text=turn.texts("picture.ask_review"))
    released = await publish_picture(turn.work, turn.member, review.round.id, seen=review.seen)
    return Reply(text=release_line(turn.texts, released))


@feature.button(PublishPicture, Act.COMPILE, private="picture.in_private")
async def publish(turn: Turn, payload: PublishPicture, inputs: Inputs) -> Reply:
    """Release what was shown; if there is more to review by now, show the preview again."""
    review = await publish_picture(turn.work, turn.member, RoundId(payload.round_id), seen=payload.seen)
    if review.needs_another_look:
        return Reply(card=preview_card(turn.texts, review).to_dict())
    return Reply(card=released_card(turn.texts, review).to_dict())


@feature.button(PreviewPicture, Act.COMPILE)
async def preview(turn: Turn, payload: PreviewPicture, inputs: Inputs) -> Reply:
    """The preview, or another page of it; never into a channel, where others would see it."""
    review = await review_round(turn.work, turn.member, RoundId(payload.round_id))
    if not turn.in_private:
        await queue_preview(turn.work, turn.member, review)
        return Reply(text=turn.texts("picture.sent_preview"), replace=False)
    return Reply(card=preview_card(turn.texts, review, page=payload.page).to_dict())


@feature.delivers(DeliveryKind.PREVIEW)
async def send_preview(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The preview at the deadline, to who leads the group."""
    case = await _leading(work, delivery)
    return case.outgoing(preview_card(case.texts, case.review))


@feature.delivers(DeliveryKind.LATE_ANSWER)
async def tell_late_answer(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The word that somebody answered after the release, to who leads the group."""
    case = await _leading(work, delivery)
    sender = await work.store.members.get(MemberId(delivery.subject))
    who = (sender.organisation or sender.name) if sender else ""
    return case.outgoing(late_answer_card(case.texts, case.review, who, delivery.subject))


@dataclass(frozen=True)
class _Leading:
    """Somebody who runs the group, and the picture as it is now."""

    group: Group
    member: Member
    review: Review

    @property
    def texts(self) -> Texts:
        return Texts(self.member.locale)

    def outgoing(self, card: Card) -> Outgoing:
        return Outgoing(ToMember(self.group.home, self.member), card_activity(card))


async def _leading(work: Work, delivery: Delivery) -> _Leading:
    group, member = await addressee(work, delivery, still=leads)
    round_ = await work.store.rounds.get(delivery.round_id) if delivery.round_id else None
    if round_ is None:
        raise Skipped("no_round")
    return _Leading(group, member, await review_of(work, group, round_))


@feature.delivers(DeliveryKind.PICTURE)
async def post_picture(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The post in the channel: what differs from what should stand there."""
    round_ = await work.store.rounds.get(delivery.round_id) if delivery.round_id else None
    group = await work.store.groups.get(delivery.group_id)
    if round_ is None or group is None:
        return Skip("no_round")
    if delivery.subject.isdecimal() and int(delivery.subject) < round_.revision:
        return Skip("superseded")
    posts = {post.part: post for post in await work.store.pictures.posts(round_.id)}
    if await _earlier_on_its_way(work, round_, delivery):
        raise Busy(_WAIT_FOR_EARLIER)
    wanted = [card_activity(card) for card in await _cards(work, group, round_)]
    messages = list(_to_send(group, round_, wanted, posts))
    if not messages:
        return Skip("unchanged")
    return replace(messages[0], more=len(messages) > 1)


async def _earlier_on_its_way(work: Work, round_: Round, delivery: Delivery) -> bool:
    """Whether an earlier revision may be in the middle of being posted: its edit could land after ours."""
    sent = await work.store.deliveries.list_by_round(round_.id, (DeliveryKind.PICTURE,))
    return any(not one.state.is_final for one in sent if one.key != delivery.key)


async def _cards(work: Work, group: Group, round_: Round) -> tuple[Card, ...]:
    """The parts of the post as they should stand now, in the group's language."""
    published = await work.store.pictures.latest(round_.id)
    releaser = published.published_by if published else None
    by = await work.store.members.get(releaser) if releaser else None
    edition = (
        Edition(published.revision, published.published_at, by.name if by else "") if published else None
    )
    return picture_parts(
        Texts(_CHANNEL_LANGUAGE, group.local_day(work.clock.now())),
        await shown_picture(work, group, round_),
        work.templates.get(round_.template),
        colours=group.colour_of_impact,
        edition=edition,
    )


def _to_send(
    group: Group, round_: Round, wanted: Sequence[Activity], posts: Mapping[int, ChannelPost]
) -> Iterator[Outgoing]:
    """What differs between the channel and what should stand there: edits in place, new replies, emptied ones."""
    spare = card_activity(emptied_part(Texts(_CHANNEL_LANGUAGE)))
    for part in range(max(len(wanted), max(posts, default=-1) + 1)):
        activity = wanted[part] if part < len(wanted) else spare
        post = posts.get(part)
        if post is not None:
            if post.digest != digest_of(activity):
                yield _edit(group, post, activity, forget=_forget(post, posts))
        elif part < len(wanted):
            yield _new(group, round_, part, activity, posts.get(0))


def _edit(group: Group, post: ChannelPost, activity: Activity, forget: Forget) -> Outgoing:
    where = Ref(group.home.service_url, post.conversation_id)
    sent = _remember(post.round_id, post.part, activity)
    return Outgoing(where, activity, update=post.activity_id, sent=sent, forget=forget)


def _new(group: Group, round_: Round, part: int, activity: Activity, root: ChannelPost | None) -> Outgoing:
    """The post begins a thread; every other part is a reply in it."""
    home, sent = group.home, _remember(round_.id, part, activity)
    if part == 0 or root is None:
        return Outgoing(Ref(home.service_url, home.channel_id), activity, sent=sent)
    thread = f"{root.conversation_id.partition(';')[0]};messageid={root.activity_id}"
    return Outgoing(Ref(home.service_url, thread), activity, reply_to=root.activity_id, sent=sent)


def _remember(round_id: RoundId, part: int, activity: Activity) -> Sent:
    async def sent(transaction: Transaction, conversation_id: str, activity_id: str) -> None:
        post = ChannelPost(round_id, part, conversation_id, activity_id, digest_of(activity))
        await transaction.pictures.save_post(post)

    return sent


def _forget(post: ChannelPost, posts: Mapping[int, ChannelPost]) -> Forget:
    """A part that was deleted in Teams is posted anew; with the post itself goes its thread."""

    async def forget(transaction: Transaction) -> None:
        for lost in posts.values() if post.part == 0 else (post,):
            await transaction.pictures.remove_post(lost)

    return forget
