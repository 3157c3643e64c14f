"""The group's joint assessment in the meeting, area by area, and where each colour leads (B5, A3, C1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lagesbild.assessments import AssessmentForm, JointAssessment
from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.errors import Invalid, RoundNotOpen
from lagesbild.ids import AssessmentId, RoundId, ThemeId, fresh
from lagesbild.measures import Measure
from lagesbild.people import Group, Member, MemberState
from lagesbild.picture import SituationPicture
from lagesbild.ports import Work
from lagesbild.referrals import Referral, ReferralState
from lagesbild.rounds import Round
from lagesbild.templates import Area, Colour, Question, Template
from lagesbild.themes import Theme, ThemeSuggestion
from lagesbild.usecases.assessment_forms import checked_form
from lagesbild.usecases.audit import record
from lagesbild.usecases.council import send_referral
from lagesbild.usecases.finding import meeting_of, own_group, own_round, own_theme, pick_round
from lagesbild.usecases.own_measures import keep_own_measure
from lagesbild.usecases.pictures import picture_of, refresh_published
from lagesbild.usecases.referring import Agenda, agenda, default_answer_by, refer, withdraw
from lagesbild.usecases.seating import has_reached_council
from lagesbild.usecases.telling import correct_round, round_recipients, tell_round
from lagesbild.usecases.theming import suggest_themes

SUMMARY_AFTER = timedelta(days=3)
"""How long after a meeting without a joint assessment the reporters get the round's card all the same."""
LATE_FOR = timedelta(days=7)
"""How long after that a late answer still gets the card."""


@dataclass(frozen=True)
class AssessmentSheet:
    """What the meeting has before it: the picture, what is assessed already, and what comes back from before."""

    group: Group
    round: Round
    template: Template
    picture: SituationPicture
    agenda: Agenda
    assessments: Mapping[Area, JointAssessment]
    measures: Mapping[Area, Measure]
    """The group's own measure of a yellow area."""
    referrals: Mapping[Area, Referral]
    owners: tuple[Member, ...]
    themes: tuple[Theme, ...]
    """Open ones, and those that this round's referrals are about."""
    suggestions: tuple[ThemeSuggestion, ...]
    """What could become a theme."""
    answer_by: date
    today: date
    told: int
    """How many get the round's card when it is finished."""

    @property
    def is_finished(self) -> bool:
        return self.round.assessed_at is not None

    @property
    def questions(self) -> tuple[Question, ...]:
        """The areas in the order suggested for the meeting, what went well last (B3, B4)."""
        by_number = {question.number: question for question in self.template.questions}
        ordered = [by_number[number] for number in self.picture.order if number in by_number]
        return (*ordered, *(q for q in self.template.questions if q not in ordered))


async def assessment_sheet(work: Work, actor: Member, number: int | None = None) -> AssessmentSheet:
    """The sheet of the current round, or of the numbered one (`bedöm`)."""
    require(actor, Act.ASSESS)
    return await _sheet(work, actor, await pick_round(work, actor.group_id, number))


async def assessment_sheet_of(work: Work, actor: Member, round_id: RoundId) -> AssessmentSheet:
    """The sheet of a round that a button names."""
    require(actor, Act.ASSESS)
    return await _sheet(work, actor, await own_round(work, actor, round_id))


async def _sheet(work: Work, actor: Member, round_: Round) -> AssessmentSheet:
    group, store = await own_group(work, actor), work.store
    members = await store.members.list_by_group(group.id)
    referrals = await store.referrals.list_by_round(round_.id)
    lifted = {one.theme_id for one in referrals}
    return AssessmentSheet(
        group=group,
        round=round_,
        template=work.templates.get(round_.template),
        picture=await picture_of(work, group, round_),
        agenda=await agenda(work, group),
        assessments={one.area: one for one in await store.assessments.list_by_round(round_.id)},
        measures={one.area: one for one in await store.measures.list_by_round(round_.id)},
        referrals={one.area: one for one in referrals if one.state is not ReferralState.WITHDRAWN},
        owners=tuple(member for member in members if member.state is MemberState.ACTIVE),
        themes=tuple(
            one
            for one in await store.themes.list_by_group(group.id)
            if one.closed_at is None or one.id in lifted
        ),
        suggestions=await suggest_themes(work, group, round_),
        answer_by=await default_answer_by(work, group),
        today=group.local_day(work.clock.now()),
        told=len(await round_recipients(work, group, round_)),
    )


async def assess(
    work: Work,
    actor: Member,
    round_id: RoundId,
    area: Area,
    form: AssessmentForm,
    *,
    theme_id: ThemeId | None = None,
) -> JointAssessment:
    """Set or correct one area's colour. Yellow makes the group's own measure, red a referral (A3); a repeat changes
    nothing. Invalid for a yellow without measure, owner and day, or for a red that the council has answered.

    A red without title or day gets the suggested ones. `theme_id` is the theme that the referral is about; None: none.
    """
    require(actor, Act.ASSESS)
    round_ = await own_round(work, actor, round_id)
    if not round_.takes_answers:
        raise RoundNotOpen(round_.number, round_.opens_at)
    group = await own_group(work, actor)
    theme = await _theme(work, actor, theme_id, area)
    checked = await checked_form(work, group, round_, area, form, theme)
    assessment = await _keep(work, actor, round_, area, checked)
    await keep_own_measure(work, actor, round_, area, checked)
    await _referral(work, actor, round_, assessment, checked, theme)
    if round_.assessed_at is not None:
        await refresh_published(work, round_, needs_review=False)
        await correct_round(work, group, round_)
    return assessment


async def _theme(work: Work, actor: Member, theme_id: ThemeId | None, area: Area) -> Theme | None:
    if theme_id is None or area is Area.POSITIVE:
        return None
    return await own_theme(work, actor, theme_id)


async def _keep(
    work: Work, actor: Member, round_: Round, area: Area, form: AssessmentForm
) -> JointAssessment:
    known = await work.store.assessments.get(round_.id, area)
    if known is not None and (known.colour, known.comment) == (form.colour, form.comment):
        return known
    assessment = JointAssessment(
        known.id if known else AssessmentId(fresh()),
        round_.group_id,
        round_.id,
        area,
        form.colour,
        form.comment,
        actor.id,
        work.clock.now(),
        known.revision + 1 if known else 1,
    )
    await work.store.assessments.save(assessment)
    detail = f"{area.value} {form.colour.value}, revision {assessment.revision}"
    await record(work, round_.group_id, actor, AuditAction.ASSESS, f"round:{round_.id}", detail=detail)
    return assessment


async def _referral(  # noqa: PLR0917 - one call site
    work: Work,
    actor: Member,
    round_: Round,
    assessment: JointAssessment,
    form: AssessmentForm,
    theme: Theme | None,
) -> None:
    known = await work.store.referrals.get_by_area(round_.id, assessment.area)
    if assessment.colour is not Colour.RED:
        if known is not None:
            await withdraw(work, actor, known)
        return
    answered = known is not None and known.state not in (ReferralState.WAITING, ReferralState.WITHDRAWN)
    if not answered and form.answer_by is not None:
        await refer(
            work,
            actor,
            round_,
            assessment,
            title=form.title,
            answer_by=form.answer_by,
            theme_id=theme.id if theme else None,
        )


async def finish_assessment(work: Work, actor: Member, round_id: RoundId) -> Round:
    """Send what the meeting came to: red areas to the council, the round's card to those who answered (C1, C5).

    A repeat changes nothing; corrections after it act at once. Invalid (`assessment`, `nothing`) before any area has
    a colour; those that have none when it is finished stay without.
    """
    require(actor, Act.ASSESS)
    round_ = await own_round(work, actor, round_id)
    if not await work.store.assessments.list_by_round(round_.id):
        raise Invalid("assessment", "nothing")
    return await _finish(work, await own_group(work, actor), round_, actor)


async def finish_due(work: Work, group: Group, now: datetime) -> None:
    """What nobody finished goes out by itself the day after; a meeting that assessed nothing leaves no silence.

    Who answers after that gets the round's card too, for a while; of meetings long past nobody is reminded.
    """
    for round_ in await _to_finish(work, group):
        assessed = await work.store.assessments.list_by_round(round_.id)
        if round_.assessed_at is not None:
            if now < round_.assessed_at + LATE_FOR:
                await tell_round(work, group, round_)
        elif assessed:
            latest = max(one.assessed_at for one in assessed)
            if group.local_day(now) > group.local_day(latest):
                await _finish(work, group, round_, None)
        elif round_.revision > 0:
            since = now - (await meeting_of(work, round_)).starts_at
            if SUMMARY_AFTER <= since < SUMMARY_AFTER + LATE_FOR:
                await tell_round(work, group, round_)


async def _to_finish(work: Work, group: Group) -> list[Round]:
    """The latest rounds, and older ones with a red that has not left the meeting: it must reach the council (C1)."""
    found = {one.id: one for one in await work.store.rounds.list_by_group(group.id, 3)}
    for referral in await work.store.referrals.list_by_group(group.id, (ReferralState.WAITING,)):
        if referral.round_id not in found and not await has_reached_council(work, referral):
            older = await work.store.rounds.get(referral.round_id)
            found |= {older.id: older} if older else {}
    return list(found.values())


async def _finish(work: Work, group: Group, round_: Round, actor: Member | None) -> Round:
    round_ = await work.store.rounds.get(round_.id) or round_  # the clock lists rounds, which locks none
    if round_.assessed_at is not None:
        return round_
    finished = replace(round_, assessed_at=work.clock.now())
    await work.store.rounds.save(finished)
    await record(work, group.id, actor, AuditAction.FINISH_ASSESSMENT, f"round:{round_.id}")
    for referral in await work.store.referrals.list_by_round(round_.id):
        if referral.state is ReferralState.WAITING:
            await send_referral(work, group, referral)
    await tell_round(work, group, finished)
    await refresh_published(work, finished, needs_review=False)
    return finished
