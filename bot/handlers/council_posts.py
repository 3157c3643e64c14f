"""What is sent about a referral: the council's card, changed in place; reminders; the word to who leads the group (C1)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.delivery.addressees import addressee
from bot.delivery.couriers import Outgoing, Skip, Skipped, ToMember
from bot.delivery.kept import changed, digest_of, keep
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
from lagesbild.referrals import Referral, ReferralState
from lagesbild.usecases.deciding import sheet_of

feature = Feature()

_WAIT_FOR_FIRST = 3.0
_CHANNEL_LANGUAGE = "sv"


@dataclass(frozen=True)
class _Case:
    """A delivery about a referral, with whom it goes to: a member, or the council's conversation."""

    group: Group
    referral: Referral
    target: ToMember | Ref

    @property
    def member(self) -> Member | None:
        return self.target.member if isinstance(self.target, ToMember) else None

    @property
    def service_url(self) -> str:
        return self.target.service_url if isinstance(self.target, Ref) else self.target.home.service_url

    @property
    def texts(self) -> Texts:
        return Texts(self.member.locale if self.member else _CHANNEL_LANGUAGE)

    @property
    def kept_as(self) -> str:
        whose = f":{self.member.id}" if self.member else ""
        return f"{DeliveryKind.REFERRAL.value}:{self.referral.id}{whose}"


async def _case(work: Work, delivery: Delivery) -> _Case:
    referral = await work.store.referrals.get(ReferralId(delivery.subject))
    if referral is None:
        raise Skipped("gone")
    if delivery.member_id is None:
        return await _where_the_council_meets(work, delivery, referral)
    group, member = await addressee(work, delivery, still=lambda member: may(member, Act.DECIDE))
    return _Case(group, referral, ToMember(group.home, member))


async def _where_the_council_meets(work: Work, delivery: Delivery, referral: Referral) -> _Case:
    group = await work.store.groups.get(delivery.group_id)
    council = await work.store.councils.get(delivery.group_id)
    if group is None or council is None or council.conversation is None:
        raise Skipped("moved")
    met = council.conversation
    return _Case(group, referral, Ref(met.service_url, met.conversation_id))


@feature.delivers(DeliveryKind.REFERRAL)
async def show_referral(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The referral's card, kept and changed in place."""
    case = await _case(work, delivery)
    kept = await work.store.deliveries.card(case.kept_as)
    sheet = await sheet_of(work, case.group, case.referral)
    activity = card_activity(referral_card(case.texts, sheet))
    digest = f"{case.referral.times}:{digest_of(activity)}"
    if kept is not None and _is_ours(case, kept):
        return changed(kept, case.service_url, activity, digest)
    if await _first_on_its_way(work, case, delivery):
        raise Busy(_WAIT_FOR_FIRST)
    if case.referral.state is not ReferralState.WAITING:
        return Skip("answered")
    return Outgoing(case.target, activity, sent=keep(case.kept_as, digest))


def _is_ours(case: _Case, kept: KeptCard) -> bool:
    """Whether the card stands where the council is now, and shows this time that it was referred: a question that
    comes back is a new card, which is noticed."""
    if not kept.digest.startswith(f"{case.referral.times}:"):
        return False
    where = case.target
    return isinstance(where, ToMember) or kept.conversation_id.partition(";")[0] == where.conversation_id


async def _first_on_its_way(work: Work, case: _Case, delivery: Delivery) -> bool:
    """Whether the card that is to be changed is just being sent."""
    parts = (case.referral.id, case.referral.times, *((case.member.id,) if case.member else ()))
    key = delivery_key(DeliveryKind.REFERRAL, *parts)
    first = await work.store.deliveries.get(key)
    return first is not None and first.key != delivery.key and not first.state.is_final


@feature.delivers(DeliveryKind.REFERRAL_REMINDER, DeliveryKind.ESCALATION)
async def remind(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The reminder, and the word to whoever leads the group."""
    case = await _case(work, delivery)
    if case.referral.state is not ReferralState.WAITING:
        return Skip("answered")
    sheet = await sheet_of(work, case.group, case.referral)
    escalates = delivery.kind is DeliveryKind.ESCALATION
    when = "after" if case.referral.is_overdue(sheet.today) else "before"
    said = case.texts("council.escalation" if escalates else f"council.reminder_{when}")
    return Outgoing(case.target, card_activity(reminder_card(case.texts, sheet, said)))
