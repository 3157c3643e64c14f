"""The chain, measured: how many answers ever got one back, and after how long. Pure (C5, C6, D4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from lagesbild.collation import swedish
from lagesbild.feedback import ChainFigures, ChainOfReporter, FollowUp
from lagesbild.ids import MemberId, ReferralId, RoundId
from lagesbild.people import Member
from lagesbild.referrals import Referral, ReferralState
from lagesbild.reports import Report

_DAY = 24 * 3600.0


@dataclass(frozen=True)
class Arrived:
    """Feedback on one member's answers in one round that reached that person, and when."""

    round_id: RoundId
    member_id: MemberId
    at: datetime


@dataclass(frozen=True)
class ChainSources:
    """What the figures are counted from. `reports` are those of the rounds looked at; `members` are the active ones."""

    reports: Collection[Report]
    arrived: Collection[Arrived]
    follow_ups: Collection[FollowUp]
    referrals: Mapping[ReferralId, Referral]
    members: Collection[Member]
    opened: Collection[MemberId] | None = None
    """Who has opened a current promise; None while none is current."""


def figures(sources: ChainSources) -> ChainFigures:
    """The chain's figures. Answers that say there is nothing to report are not counted: nothing waits for an answer."""
    answers = [report for report in sources.reports if report.is_submitted and not report.nothing_to_report]
    days = _days(answers, sources.arrived)
    noes = [one for one in sources.follow_ups if one.shows is not None and one.shows.reopens]
    active = {member.id for member in sources.members}
    return ChainFigures(
        answers=len(answers),
        answered=len(days),
        median_days=_median(days.values()),
        noes=len(noes),
        noes_led_on=sum(led_on(sources.referrals.get(one.referral_id)) for one in noes),
        members=0 if sources.opened is None else len(active),
        opened_promises=len(active.intersection(sources.opened or ())),
        reporters=_reporters(sources.members, answers, days),
    )


def led_on(referral: Referral | None) -> bool:
    """Whether a "no" led on: a meeting took the question up, and referred it again or closed it with a reason.

    A "no" puts it on the agenda, so whatever has left the agenda since was taken up.
    """
    return referral is not None and referral.state not in (ReferralState.ON_AGENDA, ReferralState.WITHDRAWN)


def _days(answers: Iterable[Report], arrived: Iterable[Arrived]) -> dict[tuple[RoundId, MemberId], float]:
    """Days from each answer to its first feedback, for those that got any. An answer that was changed afterwards had
    its feedback at once."""
    first: dict[tuple[RoundId, MemberId], datetime] = {}
    for one in arrived:
        key = one.round_id, one.member_id
        first[key] = min(one.at, first.get(key, one.at))
    found: dict[tuple[RoundId, MemberId], float] = {}
    for report in answers:
        at = first.get((report.round_id, report.member_id))
        if at is not None:
            waited = (at - (report.submitted_at or report.updated_at)).total_seconds() / _DAY
            found[report.round_id, report.member_id] = max(0.0, waited)
    return found


def _median(days: Collection[float]) -> float | None:
    return median(days) if days else None


def _reporters(
    members: Iterable[Member], answers: Collection[Report], days: Mapping[tuple[RoundId, MemberId], float]
) -> tuple[ChainOfReporter, ...]:
    """Each active member who answered, by name."""
    sent = Counter(report.member_id for report in answers)
    waited: defaultdict[MemberId, list[float]] = defaultdict(list)
    for (_, whose), own in days.items():
        waited[whose].append(own)
    return tuple(
        ChainOfReporter(member, sent[member.id], len(waited[member.id]), _median(waited[member.id]))
        for member in sorted(members, key=lambda one: (swedish(one.name), one.id))
        if sent[member.id]
    )
