"""Some weeks after something was done: does it show? A "no" goes back to the meeting's agenda (C6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotFound
from lagesbild.feedback import Behind, FollowUp, Part, Shows, reopened
from lagesbild.guarded import guarded
from lagesbild.ids import MeasureId, MemberId
from lagesbild.measures import Measure, MeasureState
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.referrals import Referral, ReferralState
from lagesbild.usecases.audit import record
from lagesbild.usecases.deciding import refresh_referral
from lagesbild.usecases.feeding_back import newest_first
from lagesbild.usecases.finding import own_group, own_measure, own_referral
from lagesbild.usecases.queueing import queue
from lagesbild.usecases.seating import is_daytime
from lagesbild.usecases.telling import Recipient, answers_behind, recipients_of, tell_reporters

STILL_ASKED = timedelta(weeks=12)
"""Who comes to belong to a question later than this after it was due is not asked about what was done back then."""
LONGEST_COMMENT = 500


@dataclass(frozen=True)
class Asked:
    """One question with what it is about: the member's own words, and what was done."""

    group: Group
    member: Member
    follow_up: FollowUp
    measure: Measure
    referral: Referral
    own: tuple[Behind, ...]


@dataclass(frozen=True)
class _Asking:
    """What every measure's question needs to know: the day, who is away, and who was asked what last."""

    group: Group
    today: date
    away: frozenset[MemberId]
    latest: Mapping[tuple[MeasureId, MemberId], FollowUp]

    def wants(self, measure: Measure) -> bool:
        """Whether anybody may have to be asked about the measure: it is due, or somebody wants it once more."""
        again = any(one.again for one in self.latest.values() if one.measure_id == measure.id)
        return again or _is_due(self.group, measure, self.today)

    def asks(self, recipient: Recipient) -> bool:
        """Only who reported, can be asked in Teams and is not away."""
        member = recipient.member
        return recipient.part is Part.REPORTED and member.user_id is not None and member.id not in self.away


async def follow_ups_due(work: Work, group: Group, now: datetime) -> int:
    """Ask each reporter behind a finished measure once, and once more whoever wanted that. Returns how many were asked.

    Nobody is asked at night, or while away. A repeat asks nobody twice.
    """
    if not is_daytime(group, now):
        return 0
    today = group.local_day(now)
    absences = await work.store.absences.list_by_group(group.id, today, today)
    latest = _latest(await work.store.follow_ups.list_by_group(group.id))
    asking = _Asking(group, today, frozenset(one.member_id for one in absences), latest)
    asked = 0
    for measure in await work.store.measures.list_by_group(group.id):
        if measure.state is MeasureState.DONE and asking.wants(measure):
            asked += await _ask_about(work, asking, measure)
    return asked


async def _ask_about(work: Work, asking: _Asking, measure: Measure) -> int:
    referral = await work.store.referrals.get(measure.referral_id) if measure.referral_id else None
    if referral is None or referral.state is ReferralState.WITHDRAWN:
        return 0
    asked = 0
    for one in await recipients_of(work, asking.group, referral):
        latest = asking.latest.get((measure.id, one.member.id))
        if asking.asks(one) and _is_turn(asking.group, measure, latest, asking.today):
            await _ask(work, one.member, measure, referral, latest.number + 1 if latest else 1)
            asked += 1
    return asked


def _is_due(group: Group, measure: Measure, today: date) -> bool:
    if measure.done_on is None:
        return False
    due = measure.done_on + timedelta(weeks=group.follow_up_weeks)
    return due <= today <= due + STILL_ASKED


def _is_turn(group: Group, measure: Measure, latest: FollowUp | None, today: date) -> bool:
    """First once the measure has been done for a while; then only if it was done anew, or the reporter wants."""
    if latest is None or _done_since(group, measure, latest):
        return _is_due(group, measure, today)
    if not latest.again or latest.answered_at is None:
        return False
    return group.local_day(latest.answered_at) + timedelta(weeks=group.follow_up_weeks) <= today


def _done_since(group: Group, measure: Measure, latest: FollowUp) -> bool:
    return measure.done_on is not None and measure.done_on > group.local_day(latest.asked_at)


def _latest(follow_ups: Iterable[FollowUp]) -> dict[tuple[MeasureId, MemberId], FollowUp]:
    """The last question about each measure to each member."""
    found: dict[tuple[MeasureId, MemberId], FollowUp] = {}
    for one in follow_ups:
        other = found.get((one.measure_id, one.member_id))
        if other is None or other.number < one.number:
            found[one.measure_id, one.member_id] = one
    return found


async def _ask(work: Work, member: Member, measure: Measure, referral: Referral, number: int) -> None:
    await work.store.follow_ups.save(FollowUp(measure.id, member.id, referral.id, number, work.clock.now()))
    about, ids = f"{measure.id}:{number}", (measure.id, member.id, number)
    await queue(work, DeliveryKind.FOLLOW_UP, member.group_id, *ids, to=member.id, subject=about)


async def asked_of(work: Work, member: Member, measure_id: MeasureId, number: int) -> Asked:
    """The question as that member was asked it; NotFound if somebody else was, or nobody."""
    measure = await own_measure(work, member, measure_id)
    if measure.referral_id is None:
        raise NotFound("follow-up", measure_id)
    # The referral first: to get it waits for whoever is answering about it, so that the answer read next is the last one.
    referral = await own_referral(work, member, measure.referral_id)
    follow_up = await work.store.follow_ups.get(measure_id, member.id, number)
    if follow_up is None:
        raise NotFound("follow-up", measure_id)
    return Asked(
        group=await own_group(work, member),
        member=member,
        follow_up=follow_up,
        measure=measure,
        referral=referral,
        own=newest_first((await answers_behind(work, referral)).get(member.id, ())),
    )


async def answer_follow_up(
    work: Work,
    actor: Member,
    measure_id: MeasureId,
    number: int,
    shows: Shows,
    *,
    comment: str = "",
    again: bool | None = None,
) -> Asked:
    """Store the answer; "no" and "partly" put the question on the next meeting's agenda (C6). A repeat changes nothing.

    NotFound unless the actor was asked. Invalid: `shows` (`reopened`) if the answer led on already and would become
    another; `shows_comment` as `guarded` says. `again` None leaves it as it is.
    """
    require(actor, Act.FOLLOW_UP)
    words = guarded("shows_comment", comment, limit=LONGEST_COMMENT)
    asked = await asked_of(work, actor, measure_id, number)
    stored = asked.follow_up
    if stored.shows is not None and stored.shows.reopens and shows is not stored.shows:
        raise Invalid("shows", "reopened")
    wanted = stored.again if again is None else again
    if (stored.shows, stored.comment, stored.again) == (shows, words, wanted):
        return asked
    answered = replace(
        stored, shows=shows, comment=words, answered_at=stored.answered_at or work.clock.now(), again=wanted
    )
    await work.store.follow_ups.save(answered)
    await record(
        work, actor.group_id, actor, AuditAction.ANSWER_FOLLOW_UP, f"measure:{measure_id}", detail=shows.value
    )
    # Only an answer that is new leads on: to add words to an old "no" must not undo what was decided since.
    referral = asked.referral if stored.shows is shows else await _lead_on(work, actor, asked, shows)
    return replace(asked, follow_up=answered, referral=referral)


async def ask_again(work: Work, actor: Member, measure_id: MeasureId, number: int, *, again: bool) -> Asked:
    """Say yes or no to being asked once more; NotFound before the question is answered."""
    asked = await asked_of(work, actor, measure_id, number)
    stored = asked.follow_up
    if stored.shows is None:
        raise NotFound("answer", measure_id)
    return await answer_follow_up(
        work, actor, measure_id, number, stored.shows, comment=stored.comment, again=again
    )


async def _lead_on(work: Work, actor: Member, asked: Asked, shows: Shows) -> Referral:
    """The referral back on the agenda, and everybody with a part in it told, if the answer asks for that."""
    referral = reopened(asked.referral, shows, work.clock.now())
    if referral == asked.referral:
        return referral
    await work.store.referrals.save(referral)
    await record(work, actor.group_id, actor, AuditAction.REOPEN_REFERRAL, f"referral:{referral.id}")
    await tell_reporters(work, asked.group, referral)
    await refresh_referral(work, asked.group, referral)
    return referral
