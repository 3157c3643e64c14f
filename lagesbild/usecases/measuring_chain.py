"""How the chain back to the reporters fares, for the coordinator: read from the ledger, not from intentions (C5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from lagesbild.chain import Arrived, ChainSources, figures
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.feedback import ChainFigures
from lagesbild.ids import MemberId, ReferralId
from lagesbild.people import Group, MemberState
from lagesbild.ports import Work
from lagesbild.referrals import Referral
from lagesbild.rounds import Round, RoundState
from lagesbild.under_way import current_ones
from lagesbild.usecases.telling import answers_behind

ROUNDS = 6
_KINDS = (DeliveryKind.FEEDBACK, DeliveryKind.ROUND_FEEDBACK)


async def chain_figures(work: Work, group: Group, rounds: int = ROUNDS) -> ChainFigures:
    """The figures of the group's last closed rounds; an open one has nobody waiting yet."""
    store = work.store
    opened = await store.rounds.list_by_group(group.id, rounds + 1)
    looked_at = [round_ for round_ in opened if round_.state is RoundState.CLOSED][:rounds]
    referrals = {one.id: one for one in await store.referrals.list_by_group(group.id)}
    members = await store.members.list_by_group(group.id)
    return figures(
        ChainSources(
            reports=await store.reports.list_by_rounds([one.id for one in looked_at]) if looked_at else (),
            arrived=await _arrived(work, await _sent(work, group, looked_at), referrals),
            follow_ups=await store.follow_ups.list_by_group(group.id),
            referrals=referrals,
            members=[member for member in members if member.state is MemberState.ACTIVE],
            opened=await _opened(work, group),
        )
    )


async def _sent(work: Work, group: Group, rounds: Sequence[Round]) -> Sequence[Delivery]:
    """What was sent and taken by Teams since the first of those rounds opened."""
    since = min((round_.opens_at for round_ in rounds), default=None)
    return await work.store.deliveries.list_sent(group.id, _KINDS, since) if since else ()


async def _arrived(
    work: Work, sent: Sequence[Delivery], referrals: Mapping[ReferralId, Referral]
) -> list[Arrived]:
    """The same, each with the answers that it was about."""
    found = [
        Arrived(one.round_id, one.member_id, _at(one))
        for one in sent
        if one.kind is DeliveryKind.ROUND_FEEDBACK and one.round_id and one.member_id and not one.subject
    ]
    behind = {
        referral_id: await answers_behind(work, referrals[referral_id])
        for referral_id in dict.fromkeys(_about(one)[0] for one in sent if one.kind is DeliveryKind.FEEDBACK)
        if referral_id in referrals
    }
    for one in sent:
        referral_id, about = _about(one)
        if one.kind is DeliveryKind.FEEDBACK and referral_id in behind:
            answered = behind[referral_id].get(about, ())
            # What is reported later about the same thing was not answered by what came before.
            rounds = [answer.round for answer in answered if answer.round.opens_at <= _at(one)]
            found += [Arrived(round_.id, about, _at(one)) for round_ in rounds]
    return found


def _about(feedback: Delivery) -> tuple[ReferralId, MemberId]:
    referral_id, _, about = feedback.subject.partition(":")
    return ReferralId(referral_id), MemberId(about)


def _at(delivery: Delivery) -> datetime:
    return delivery.updated_at or delivery.queued_at


async def _opened(work: Work, group: Group) -> set[MemberId] | None:
    """Who has opened a promise that is current; None if none is."""
    today = group.local_day(work.clock.now())
    current = current_ones(await work.store.promises.list_by_group(group.id), today)
    if not current:
        return None
    return {
        opened.member_id for promise in current for opened in await work.store.promises.opened(promise.id)
    }
