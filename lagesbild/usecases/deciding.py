"""The council answers a referral: seen before it is sent, with owner and day, and what happens if it does not (C1, C2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lagesbild.assessments import LONGEST_OWNER, Owner
from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid
from lagesbild.feedback import Part
from lagesbild.guarded import guarded
from lagesbild.ids import DecisionId, ReferralId, fresh
from lagesbild.measures import Measure, RootCauseAnalysis
from lagesbild.people import Group, Member, MemberState
from lagesbild.ports import Work
from lagesbild.referrals import Decision, DecisionForm, DecisionKind, Referral, ReferralState
from lagesbild.templates import Area
from lagesbild.usecases.audit import record
from lagesbild.usecases.carrying_out import carry_out
from lagesbild.usecases.finding import held_group, own_group, own_member, own_referral
from lagesbild.usecases.planning import leaders
from lagesbild.usecases.seating import (
    area_titles,
    has_reached_council,
    is_daytime,
    queue_to_council,
    queue_to_members,
    seats_of,
)
from lagesbild.usecases.telling import answers_behind, recipients_of, tell_reporters

LONGEST_TEXT = 600
LONGEST_SENTENCE = 400
_ANSWERED = (ReferralState.DECIDED, ReferralState.CLOSED)
BEFORE = timedelta(days=3)
"""How long before its day an answer is asked for once more."""
GRACE = timedelta(days=3)
"""How long after its day a missing answer goes to whoever leads the group; then every week."""
_BARE = 3
"""Words that say no more than no: "Nej, tyvärr inte". Whoever reported is to hear why (C2)."""


@dataclass(frozen=True)
class ReferralSheet:
    """What the council's card about one referral shows. Who reported, and what they wrote, is not in it (F1)."""

    group: Group
    referral: Referral
    area: str
    reporters: int
    organisations: int
    decisions: tuple[Decision, ...]
    """Oldest first; the last one holds."""
    measures: tuple[Measure, ...]
    analyses: tuple[RootCauseAnalysis, ...]
    owners: tuple[Member, ...]
    """Whom an owner can be chosen among."""
    today: date
    stand_in: bool
    """Whoever leads the group sees it because nobody in the council can be reached."""

    @property
    def can_be_decided(self) -> bool:
        return _can_be_decided(self.referral, self.decisions[-1] if self.decisions else None)


@dataclass(frozen=True)
class DecisionPreview:
    """A decision before it is sent: just what the reporters will read, and how many they are."""

    group: Group
    referral: Referral
    form: DecisionForm
    reporters: int
    representatives: int
    replaces: Decision | None = None
    """The decision that holds now: perhaps somebody else's, made meanwhile."""


async def referral_sheet(work: Work, actor: Member, referral_id: ReferralId) -> ReferralSheet:
    """One referral as the council sees it. Invalid (`referral`, `not_sent`) while the meeting is still assessing."""
    require(actor, Act.SEE_COUNCIL)
    referral = await _lifted(work, actor, referral_id)
    return await sheet_of(work, await own_group(work, actor), referral)


async def sheet_of(work: Work, group: Group, referral: Referral) -> ReferralSheet:
    """The same for the courier, which acts for nobody."""
    members = {member.id: member for member in await work.store.members.list_by_group(group.id)}
    behind = [members[who] for who in await answers_behind(work, referral) if who in members]
    titles: Mapping[Area, str] = area_titles(work, group)
    return ReferralSheet(
        group=group,
        referral=referral,
        area=titles.get(referral.area, referral.area.value),
        reporters=len(behind),
        organisations=len({member.organisation for member in behind} - {None}),
        decisions=tuple(await work.store.referrals.decisions(referral.id)),
        measures=tuple(await work.store.measures.list_by_referral(referral.id)),
        analyses=tuple(await work.store.analyses.list_by_referral(referral.id)),
        owners=tuple(member for member in members.values() if member.state is MemberState.ACTIVE),
        today=group.local_day(work.clock.now()),
        stand_in=(await seats_of(work, group)).stand_in,
    )


async def preview_decision(
    work: Work, actor: Member, referral_id: ReferralId, form: DecisionForm
) -> DecisionPreview:
    """What everybody who has a part in the referral would read. Nothing is stored. Invalid as for `decide`."""
    require(actor, Act.DECIDE)
    referral = await _lifted(work, actor, referral_id)
    group = await own_group(work, actor)
    decisions = await work.store.referrals.decisions(referral.id)
    _check_open(referral, decisions)
    checked = await _checked(work, actor, group, form)
    holds = decisions[-1] if decisions and referral.state in _ANSWERED else None
    told = await recipients_of(work, group, referral)
    reporters = sum(one.part is Part.REPORTED for one in told)
    return DecisionPreview(group, referral, checked, reporters, len(told) - reporters, holds)


async def decide(work: Work, actor: Member, referral_id: ReferralId, form: DecisionForm) -> Decision:
    """Answer a referral; its reporters are told at once (C2, C5). A new decision replaces the one before, which is kept.

    Invalid (`decision_sentence`: `missing`, `no_because`, …; `decision_owner`: `missing`; `decision_due`: `missing`,
    `past`; `decision_text`; `referral`: `not_open`, `not_sent`). The same decision again changes nothing.
    """
    require(actor, Act.DECIDE)
    # Before its round, which is locked with the referral: a promise is drafted under the group.
    group = await held_group(work, actor)
    referral = await _lifted(work, actor, referral_id)
    decisions = await work.store.referrals.decisions(referral.id)
    last = decisions[-1] if decisions else None
    corrects = last if referral.state in _ANSWERED else None
    if corrects is not None and _says(corrects) == _trimmed(form):
        return corrects
    _check_open(referral, decisions)
    checked = await _checked(work, actor, group, form)
    decision = _decision(work, actor, referral, checked)
    await work.store.referrals.add_decision(decision)
    await carry_out(work, actor, referral, decision, corrects)
    state = ReferralState.CLOSED if decision.kind is DecisionKind.NO else ReferralState.DECIDED
    decided = replace(referral, state=state, changed_at=work.clock.now())
    await work.store.referrals.save(decided)
    await record(
        work, group.id, actor, AuditAction.DECIDE, f"referral:{referral.id}", detail=decision.kind.value
    )
    await tell_reporters(work, group, decided)
    await refresh_referral(work, group, decided)
    return decision


async def refresh_referral(work: Work, group: Group, referral: Referral) -> int:
    """Let the council's cards about a referral show how it stands now; those that are there are changed in place."""
    moment = int(work.clock.now().timestamp() * 1000)
    return await queue_to_council(
        work, group, DeliveryKind.REFERRAL, referral, referral.times, "changed", moment
    )


async def council_due(work: Work, group: Group, now: datetime) -> int:
    """Ask for the answers that are late or soon due: the council before and after the day, then whoever leads the
    group, every week (C1). Returns how many messages are new.
    """
    if not is_daytime(group, now):
        return 0
    today, queued = group.local_day(now), 0
    for referral in await work.store.referrals.list_by_group(group.id, (ReferralState.WAITING,)):
        occasion = (referral.times, referral.answer_by.isoformat())
        if referral.is_overdue(today):
            kind = DeliveryKind.REFERRAL_REMINDER
            queued += await queue_to_council(work, group, kind, referral, *occasion, "after")
        elif _is_near(group, referral, today):
            kind = DeliveryKind.REFERRAL_REMINDER
            queued += await queue_to_council(work, group, kind, referral, *occasion, "before")
        late = today - referral.answer_by - GRACE
        if late >= timedelta(0):
            who, week = await leaders(work, group), late.days // 7
            kind = DeliveryKind.ESCALATION
            queued += await queue_to_members(work, group, kind, referral.id, who, *occasion, week)
    return queued


async def _lifted(work: Work, actor: Member, referral_id: ReferralId) -> Referral:
    """That referral, once it has left the meeting: answered before, its red could not be corrected any more."""
    referral = await own_referral(work, actor, referral_id)
    if not await has_reached_council(work, referral):
        raise Invalid("referral", "not_sent")
    return referral


def _is_near(group: Group, referral: Referral, today: date) -> bool:
    """Whether its day is near; a referral that came with fewer days than that has just been read."""
    came = group.local_day(referral.changed_at or referral.referred_at)
    return came < referral.answer_by - BEFORE <= today


def _can_be_decided(referral: Referral, last: Decision | None) -> bool:
    """Not once it is closed for good; the council's own no can be thought over."""
    if referral.state is ReferralState.CLOSED:
        return last is not None and last.kind is DecisionKind.NO and not referral.closing
    return referral.state is not ReferralState.WITHDRAWN


def _check_open(referral: Referral, decisions: Sequence[Decision]) -> None:
    if not _can_be_decided(referral, decisions[-1] if decisions else None):
        raise Invalid("referral", "not_open")


async def _checked(work: Work, actor: Member, group: Group, form: DecisionForm) -> DecisionForm:
    """The form as it is stored, or what is missing in it."""
    form = _trimmed(form)
    sentence = guarded("decision_sentence", form.sentence, limit=LONGEST_SENTENCE, required=True, names=False)
    if form.kind is DecisionKind.NO and len(re.findall(r"\w+", sentence)) <= _BARE:
        raise Invalid("decision_sentence", "no_because")
    if form.owner is None:
        raise Invalid("decision_owner", "missing")
    owner = form.owner
    if owner.member_id is not None:
        owner = Owner((await own_member(work, actor, owner.member_id)).name, owner.member_id)
    guarded("decision_owner", owner.name, limit=LONGEST_OWNER, required=True, names=False)
    if form.due is None and form.kind is not DecisionKind.NO:
        raise Invalid("decision_due", "missing")
    if form.due is not None and form.due < group.local_day(work.clock.now()):
        raise Invalid("decision_due", "past")
    text = guarded("decision_text", form.text, limit=LONGEST_TEXT, names=False)
    return DecisionForm(form.kind, text, sentence, owner, form.due)


def _decision(work: Work, actor: Member, referral: Referral, form: DecisionForm) -> Decision:
    assert form.owner is not None  # noqa: S101 - checked
    return Decision(
        id=DecisionId(fresh()),
        group_id=referral.group_id,
        referral_id=referral.id,
        kind=form.kind,
        text=form.text,
        sentence=form.sentence,
        owner=form.owner,
        due=form.due,
        decided_by=actor.id,
        decided_at=work.clock.now(),
    )


def _says(decision: Decision) -> DecisionForm:
    return DecisionForm(decision.kind, decision.text, decision.sentence, decision.owner, decision.due)


def _trimmed(form: DecisionForm) -> DecisionForm:
    """As it is stored: a no sets nothing going, so it has no text for those who do it, and no day."""
    form = replace(form, text=form.text.strip(), sentence=form.sentence.strip())
    return replace(form, text="", due=None) if form.kind is DecisionKind.NO else form
