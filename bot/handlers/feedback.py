"""What goes back to those who reported: the story's card, the round's card, and fewer of them (C5)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.delivery.addressees import addressee
from bot.delivery.couriers import Activity, Outgoing, Skip, ToMember
from bot.delivery.kept import changed, digest_of, edited, keep
from bot.delivery.limits import Busy
from bot.features import Feature, Turn
from bot.handlers.mydata import own_data
from bot.teams.activities import Reply
from bot.teams.connector import Ref
from bot.teams.messages import card_activity, text_activity
from cards.feedback import SetFewer, feedback_card
from cards.feedback_news import is_back_on_agenda, news_line
from cards.inputs import Inputs
from cards.round_feedback import round_feedback_card
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.authority import Act
from lagesbild.deliveries import Delivery, DeliveryKind, KeptCard
from lagesbild.feedback import Feedback, Shows
from lagesbild.ids import DeliveryKey, MemberId, ReferralId
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.referrals import Referral, ReferralState
from lagesbild.usecases.feeding_back import feedback_of, round_feedback_of, want_fewer
from lagesbild.usecases.telling import Recipient, recipients_of, round_card_key

feature = Feature()

_NOES = (Shows.NO, Shows.PARTLY)
_WAIT_FOR_EARLIER = 3.0
_LINE_TO_COME = "+"
"""Ends a kept card's digest from its edit until the line of news is sent, so that a crash between loses no line."""


@feature.button(SetFewer, Act.SEE_OWN, private="mydata.in_private")
async def fewer(turn: Turn, payload: SetFewer, inputs: Inputs) -> Reply:
    """Fewer messages, or all of them again; the card it was pressed on stays."""
    member = await want_fewer(turn.work, turn.member, fewer=payload.fewer)
    if payload.in_my_data:
        return await own_data(turn, member)
    return Reply(
        text=turn.texts("feedback.fewer_on" if payload.fewer else "feedback.fewer_off"), replace=False
    )


@dataclass(frozen=True)
class _Story:
    """One card about one referral: for whom, through whom, and what it should say now."""

    feedback: Feedback
    through: Member
    said_so: bool
    """Whether it was this member who said last that it does not show."""

    @property
    def key(self) -> str:
        return f"feedback:{self.feedback.referral.id}:{self.feedback.member.id}"

    @property
    def is_for_another(self) -> bool:
        return self.through.id != self.feedback.member.id

    @property
    def texts(self) -> Texts:
        return Texts(self.through.locale)

    @property
    def to(self) -> ToMember:
        return ToMember(self.feedback.group.home, self.through)

    def card(self) -> Activity:
        return card_activity(feedback_card(self.texts, self.feedback, through=self.is_for_another))

    def wants_line(self) -> bool:
        """Not who wants fewer messages, nor who said the news and was thanked for it."""
        own_news = self.said_so and is_back_on_agenda(self.texts, self.feedback)
        return not self.feedback.member.fewer and not own_news

    def line(self) -> Activity:
        """What is new; for somebody without Teams with the name of who is to be told."""
        line = news_line(self.texts, self.feedback)
        if self.is_for_another:
            line = self.texts("feedback.news_for", name=one_line(self.feedback.member.name), news=line)
        return text_activity(line)


@feature.delivers(DeliveryKind.FEEDBACK)
async def tell_news(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The card of a referral, with its news."""
    story = await _story(work, delivery)
    if story is None:
        return Skip("no_part")
    if await _is_superseded(work, delivery):
        return Skip("superseded")
    kept = await work.store.deliveries.card(story.key)
    if kept is None and await _nobody_heard(work, story.feedback.referral):
        return Skip("withdrawn")
    return _to_send(story, _standing(story, kept))


async def _nobody_heard(work: Work, referral: Referral) -> bool:
    """Whether it was taken back before the meeting's work was sent on, and with it the round's cards."""
    if referral.state is not ReferralState.WITHDRAWN:
        return False
    round_ = await work.store.rounds.get(referral.round_id)
    return round_ is None or round_.assessed_at is None


async def _story(work: Work, delivery: Delivery) -> _Story | None:
    """What the delivery is about as it stands now; None for who has no part in it any more (F1)."""
    referral_id, _, about = delivery.subject.partition(":")
    referral = await work.store.referrals.get(ReferralId(referral_id))
    group = await work.store.groups.get(delivery.group_id)
    if referral is None or group is None or referral.group_id != group.id:
        return None
    told = await recipients_of(work, group, referral)
    one: Recipient | None = next((one for one in told if one.member.id == MemberId(about)), None)
    if one is None:
        return None
    said_so = await _said_last(work, referral) == one.member.id
    return _Story(await feedback_of(work, group, one.member, referral), one.through, said_so)


async def _said_last(work: Work, referral: Referral) -> MemberId | None:
    """Who put it on the agenda, while it stands there."""
    if referral.state is not ReferralState.ON_AGENDA:
        return None
    asked = await work.store.follow_ups.list_by_referral(referral.id)
    noes = [(one.answered_at, one.member_id) for one in asked if one.answered_at and one.shows in _NOES]
    return max(noes)[1] if noes else None


async def _is_superseded(work: Work, delivery: Delivery) -> bool:
    """Whether later news about the same will be sent anyway. Waits for earlier news that may be on its way: its edit
    could land after ours, or two cards come where one should."""
    if delivery.member_id is None:
        return False
    same = [
        one
        for one in await work.store.deliveries.list_by_member(delivery.member_id)
        if one.kind is delivery.kind and one.subject == delivery.subject and not one.state.is_final
    ]
    if any((one.queued_at, one.key) > (delivery.queued_at, delivery.key) for one in same):
        return True
    if any(one.key != delivery.key for one in same):
        raise Busy(_WAIT_FOR_EARLIER)
    return False


def _standing(story: _Story, kept: KeptCard | None) -> KeptCard | None:
    """The card that can be edited: the one in the chat that is used now."""
    chat = story.through.conversation_id
    return kept if kept is not None and chat in (None, kept.conversation_id) else None


def _to_send(story: _Story, kept: KeptCard | None) -> Outgoing | Skip:
    """A new card, an edit in place, or the line of news that follows an edit."""
    activity = story.card()
    digest = digest_of(activity)
    if kept is None:
        return Outgoing(story.to, activity, sent=keep(story.key, digest))
    wants_line, half_told = story.wants_line(), digest + _LINE_TO_COME
    if kept.digest == digest or (kept.digest == half_told and not wants_line):
        return Skip("unchanged")
    service_url = story.feedback.group.home.service_url
    if kept.digest == half_told:
        where, told = Ref(service_url, kept.conversation_id), keep(story.key, digest, kept.activity_id)
        return Outgoing(where, story.line(), sent=told)
    edit = edited(kept, service_url, activity, half_told if wants_line else digest)
    return replace(edit, more=wants_line)


@feature.delivers(DeliveryKind.ROUND_FEEDBACK)
async def tell_of_round(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The round's card, and what corrects it."""
    group, member = await addressee(work, delivery)
    round_ = await work.store.rounds.get(delivery.round_id) if delivery.round_id else None
    if round_ is None:
        return Skip("no_round")
    if member.fewer:
        return Skip("fewer")
    back = await round_feedback_of(work, group, member, round_)
    activity = card_activity(round_feedback_card(Texts(member.locale), back))
    key = round_card_key(round_.id, member.id)
    if delivery.key != key:
        return await _correction(work, group, key, activity)
    return Outgoing(ToMember(group.home, member), activity, sent=keep(key, digest_of(activity)))


async def _correction(work: Work, group: Group, key: DeliveryKey, activity: Activity) -> Outgoing | Skip:
    """The card itself may be on its way with what it said before: what corrects it comes after."""
    first = await work.store.deliveries.get(key)
    if first is not None and not first.state.is_final:
        raise Busy(_WAIT_FOR_EARLIER)
    kept = await work.store.deliveries.card(key)
    if kept is None:
        return Skip("no_card")
    return changed(kept, group.home.service_url, activity, digest_of(activity))
