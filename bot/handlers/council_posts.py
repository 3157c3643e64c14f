"""What is sent about a referral: the council's card, changed in place; reminders; the word to who leads the group (C1)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from bot.delivery.couriers import (
    Activity,
    Forget,
    Outgoing,
    Sent,
    Skip,
    ToMember,
    Transaction,
)
from bot.delivery.limits import Busy
from bot.features import Feature
from bot.teams.connector import Ref
from bot.teams.messages import card_activity
from cards.referral import referral_card, reminder_card
from cards.texts import Texts
from lagesbild.authority import Act, may
from lagesbild.deliveries import Delivery, DeliveryKind, KeptCard, delivery_key
from lagesbild.ids import ReferralId
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.referrals import CouncilConversation, Referral, ReferralState
from lagesbild.usecases.deciding import sheet_of

feature = Feature()

_WAIT_FOR_FIRST = 3.0
_CHANNEL_LANGUAGE = "sv"


@dataclass(frozen=True)
class _Case:
    """A delivery about a referral, with whom it goes to: a member, or the council's conversation."""

    work: Work
    group: Group
    referral: Referral
    member: Member | None
    conversation: CouncilConversation | None

    @property
    def target(self) -> ToMember | Ref | None:
        if self.member is not None:
            return ToMember(self.group.home, self.member)
        met = self.conversation
        return Ref(met.service_url, met.conversation_id) if met else None

    @property
    def texts(self) -> Texts:
        return Texts(self.member.locale if self.member else _CHANNEL_LANGUAGE)

    @property
    def kept_as(self) -> str:
        whose = f":{self.member.id}" if self.member else ""
        return f"{DeliveryKind.REFERRAL.value}:{self.referral.id}{whose}"


async def _case(work: Work, delivery: Delivery) -> _Case | Skip:
    group = await work.store.groups.get(delivery.group_id)
    referral = await work.store.referrals.get(ReferralId(delivery.subject))
    if group is None or referral is None:
        return Skip("gone")
    if delivery.member_id is None:
        council = await work.store.councils.get(group.id)
        case = _Case(work, group, referral, None, council.conversation if council else None)
        return case if case.conversation else Skip("moved")
    member = await work.store.members.get(delivery.member_id)
    if member is None or not may(member, Act.DECIDE):
        return Skip("left")
    return _Case(work, group, referral, member, None)


@feature.delivers(DeliveryKind.REFERRAL)
async def show_referral(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The referral's card, kept and changed in place."""
    case = await _case(work, delivery)
    if isinstance(case, Skip):
        return case
    kept = await case.work.store.deliveries.card(case.kept_as)
    sheet = await sheet_of(case.work, case.group, case.referral)
    activity = card_activity(referral_card(case.texts, sheet))
    digest = _digest(case.referral, activity)
    if kept is not None and _is_ours(case, kept):
        return _edit(case, kept, activity, digest)
    if await _first_on_its_way(case, delivery):
        raise Busy(_WAIT_FOR_FIRST)
    if case.referral.state is not ReferralState.WAITING or case.target is None:
        return Skip("answered")
    return Outgoing(case.target, activity, sent=_keep(case.kept_as, digest))


def _edit(case: _Case, kept: KeptCard, activity: Activity, digest: str) -> Outgoing | Skip:
    if kept.digest == digest:
        return Skip("unchanged")
    url = case.conversation.service_url if case.conversation else case.group.home.service_url
    sent = _keep(case.kept_as, digest)
    place, forget = Ref(url, kept.conversation_id), _forget(case.kept_as)
    return Outgoing(place, activity, update=kept.activity_id, sent=sent, forget=forget)


def _is_ours(case: _Case, kept: KeptCard) -> bool:
    """Whether the card stands where the council is now, and shows this time that it was referred: a question that
    comes back is a new card, which is noticed."""
    if not kept.digest.startswith(f"{case.referral.times}:"):
        return False
    met = case.conversation
    return met is None or kept.conversation_id.partition(";")[0] == met.conversation_id


async def _first_on_its_way(case: _Case, delivery: Delivery) -> bool:
    """Whether the card that is to be changed is just being sent."""
    parts = (case.referral.id, case.referral.times, *((case.member.id,) if case.member else ()))
    key = delivery_key(DeliveryKind.REFERRAL, *parts)
    first = await case.work.store.deliveries.get(key)
    return first is not None and first.key != delivery.key and not first.state.is_final


def _keep(key: str, digest: str) -> Sent:
    async def sent(transaction: Transaction, conversation_id: str, activity_id: str) -> None:
        await transaction.deliveries.save_card(KeptCard(key, conversation_id, activity_id, digest))

    return sent


def _forget(key: str) -> Forget:
    """A card that was deleted in Teams is sent anew if it still waits for an answer."""

    async def forget(transaction: Transaction) -> None:
        await transaction.deliveries.remove_card(key)

    return forget


def _digest(referral: Referral, activity: Activity) -> str:
    shown = hashlib.sha256(json.dumps(activity, sort_keys=True).encode()).hexdigest()
    return f"{referral.times}:{shown}"


@feature.delivers(DeliveryKind.REFERRAL_REMINDER, DeliveryKind.ESCALATION)
async def remind(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The reminder, and the word to whoever leads the group."""
    case = await _case(work, delivery)
    if isinstance(case, Skip):
        return case
    if case.referral.state is not ReferralState.WAITING or case.target is None:
        return Skip("answered")
    sheet = await sheet_of(case.work, case.group, case.referral)
    escalates = delivery.kind is DeliveryKind.ESCALATION
    when = "after" if case.referral.is_overdue(sheet.today) else "before"
    said = case.texts("council.escalation" if escalates else f"council.reminder_{when}")
    return Outgoing(case.target, card_activity(reminder_card(case.texts, sheet, said)))
