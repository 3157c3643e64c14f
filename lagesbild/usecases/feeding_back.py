"""What goes back to one member: what you said → what the group and the council made of it (C5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lagesbild.assessments import JointAssessment
from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.feedback import AreaFeedback, Behind, Feedback, Part, RoundFeedback
from lagesbild.measures import Measure
from lagesbild.people import Group, Member
from lagesbild.picture import SituationPicture
from lagesbild.ports import Work
from lagesbild.promises import CitizenPromise
from lagesbild.referrals import Referral, ReferralState
from lagesbild.reports import Report
from lagesbild.rounds import Round
from lagesbild.templates import Area, Question, Rating, Template
from lagesbild.under_way import answering, current_ones
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_member
from lagesbild.usecases.pictures import picture_of
from lagesbild.usecases.telling import answers_behind


async def feedback_of(work: Work, group: Group, member: Member, referral: Referral) -> Feedback:
    """Everything the member's card about the referral shows, as it stands now; of answers only the member's own."""
    store = work.store
    own = (await answers_behind(work, referral)).get(member.id, ())
    return Feedback(
        group=group,
        member=member,
        part=Part.REPORTED if own else Part.ORGANISATION,
        referral=referral,
        own=newest_first(own),
        assessment=await store.assessments.get(referral.round_id, referral.area),
        decisions=tuple(await store.referrals.decisions(referral.id)),
        measures=tuple(await store.measures.list_by_referral(referral.id)),
        analyses=tuple(await store.analyses.list_by_referral(referral.id)),
        promises=await _promises(work, group, referral),
    )


def newest_first(behind: tuple[Behind, ...]) -> tuple[Behind, ...]:
    """Answers by their round, the latest first; within a round by question."""
    return tuple(sorted(behind, key=lambda one: (-one.round.number, one.question.number)))


async def _promises(work: Work, group: Group, referral: Referral) -> tuple[CitizenPromise, ...]:
    today = group.local_day(work.clock.now())
    known = await work.store.promises.list_by_group(group.id)
    return answering(current_ones(known, today), (referral.area,), referral.id)


@dataclass(frozen=True)
class _Outcome:
    """What became of a round: the picture, and area by area what the group made of it."""

    picture: SituationPicture
    assessed: Mapping[Area, JointAssessment]
    measures: Mapping[Area, Measure]
    referred: Mapping[Area, Referral]

    def of(self, question: Question) -> AreaFeedback:
        assessment = self.assessed.get(question.area)
        rated = question.rating is not Rating.NONE
        return AreaFeedback(
            question=question,
            colour=assessment.colour if assessment else None,
            comment=assessment.comment if assessment else "",
            referred=question.area in self.referred,
            level=self.picture.area(question.number).level if rated else None,
            measure=self.measures.get(question.area),
        )


async def round_feedback_of(work: Work, group: Group, member: Member, round_: Round) -> RoundFeedback:
    """The round's short card: how many answered, and what became of each area that the member spoke in."""
    outcome = await _outcome(work, group, round_)
    report = await work.store.reports.get(round_.id, member.id)
    spoken = _spoken(work.templates.get(round_.template), report)
    return RoundFeedback(
        group=group,
        member=member,
        round=round_,
        answered=outcome.picture.answered,
        asked=len(outcome.picture.participants),
        areas=tuple(outcome.of(question) for question in spoken),
        lifted=tuple(referral.title for referral in outcome.referred.values()),
        nothing_to_report=report is not None and report.nothing_to_report,
    )


async def _outcome(work: Work, group: Group, round_: Round) -> _Outcome:
    store = work.store
    referrals = await store.referrals.list_by_round(round_.id)
    return _Outcome(
        picture=await picture_of(work, group, round_),
        assessed={one.area: one for one in await store.assessments.list_by_round(round_.id)},
        measures={one.area: one for one in reversed(await store.measures.list_by_round(round_.id))},
        referred={one.area: one for one in referrals if one.state is not ReferralState.WITHDRAWN},
    )


def _spoken(template: Template, report: Report | None) -> tuple[Question, ...]:
    """The questions that the report says something to, without the one on what went well: that has no outcome."""
    if report is None or not report.is_submitted:
        return ()
    return tuple(
        question
        for question in template.questions
        if not question.is_positive and report.answer(question.number) is not None
    )


async def want_fewer(work: Work, actor: Member, *, fewer: bool) -> Member:
    """Say yes or no to fewer messages: only the card on what the own answers led to is left (C5)."""
    require(actor, Act.SEE_OWN)
    known = await held_member(work, actor, actor.id)
    changed = replace(known, fewer=fewer)
    if changed != known:
        await work.store.members.save(changed)
        await record(work, actor.group_id, actor, AuditAction.SET_PREFERENCES, f"member:{actor.id}")
    return changed
