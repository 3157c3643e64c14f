"""Answering: the sheet, sending, drafts, nothing to report, on behalf of somebody (A6–A8, A10, A11)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lagesbild.answering import ReportForm, Sheet, check_answers, cleared, filled_in
from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.compiling import levels
from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import AlreadySubmitted, Invalid, NotFound, ReportChanged, RoundNotOpen
from lagesbild.ids import MemberId, ReportId, RoundId, fresh
from lagesbild.noting import note_line
from lagesbild.people import Group, Member, MemberState
from lagesbild.ports import Work
from lagesbild.reports import Observation, Report, ReportState
from lagesbild.rounds import Meeting, Round, RoundState
from lagesbild.templates import Template
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_round, meeting_of, own_group, own_member, pick_round
from lagesbild.usecases.pictures import refresh_published
from lagesbild.usecases.planning import leaders
from lagesbild.usecases.queueing import queue


@dataclass(frozen=True)
class Receipt:
    """What was stored, exactly; `changed` is False when a repeat of the same answer changed nothing."""

    group: Group
    member: Member
    round: Round
    meeting: Meeting
    template: Template
    report: Report
    changed: bool
    notes_left: tuple[Observation, ...] = ()
    """Notes that were typed after the card was made and are still to be reported."""


async def report_sheet(
    work: Work,
    actor: Member,
    round_id: RoundId | None = None,
    *,
    on_behalf_of: MemberId | None = None,
) -> Sheet:
    """The card to answer, with draft, notes and last round's levels filled in; on demand too (A7).

    On behalf of somebody with Teams it holds what is sent, but neither draft nor notes: they are still that person's own.
    """
    require(actor, Act.REPORT)
    member = await _answering_member(work, actor, on_behalf_of)
    round_ = await _answerable(work, actor, round_id)
    sheet = await sheet_for(work, member, round_, unsent=_sees_unsent(actor, member))
    return replace(sheet, on_behalf=member.id != actor.id)


async def sheet_for(work: Work, member: Member, round_: Round, *, unsent: bool = True) -> Sheet:
    """The sheet of one member in one round, for the prompt that the clock sends; without what is not sent yet if so asked."""
    group = await own_group(work, member)
    template = work.templates.get(round_.template)
    stored = await work.store.reports.get(round_.id, member.id)
    report = stored if unsent or (stored and stored.is_submitted) else None
    notes = tuple(await work.store.observations.list_unreported(member.id)) if unsent else ()
    lines = {note.id: note_line(note, group.local_day(note.noted_at)) for note in notes}
    return Sheet(
        group=group,
        member=member,
        round=round_,
        meeting=await meeting_of(work, round_),
        template=template,
        report=report,
        notes=notes,
        last_levels=await _last_levels(work, round_),
        made_at=work.clock.now(),
        answers=filled_in(template, report, notes, lines),
        holds_draft=report is not stored,
    )


async def template_to_answer(
    work: Work, actor: Member, round_id: RoundId, *, on_behalf_of: MemberId | None = None
) -> Template:
    """The questions of a round that the actor may answer now: all that is needed to read what was sent."""
    require(actor, Act.REPORT)
    await _answering_member(work, actor, on_behalf_of)
    round_ = await _answerable(work, actor, round_id)
    return work.templates.get(round_.template)


async def submit_report(
    work: Work,
    actor: Member,
    round_id: RoundId,
    form: ReportForm,
    *,
    on_behalf_of: MemberId | None = None,
) -> Receipt:
    """Store the report. A repeat changes nothing; SecrecyFound stops it before anything is stored (A10, A11).

    ReportChanged if it would overwrite what was sent after the card was made.

    After the deadline it is stored too, marked late, and the posted picture is updated (A7, B6).
    """
    require(actor, Act.REPORT)
    member = await _answering_member(work, actor, on_behalf_of)
    round_ = await _answerable(work, actor, round_id)
    template = work.templates.get(round_.template)
    answers = check_answers(form.answers, template)
    overrides = cleared(form, answers)
    stored = await work.store.reports.get(round_.id, member.id)
    now = work.clock.now()
    report = Report(
        id=stored.id if stored else ReportId(fresh()),
        round_id=round_.id,
        member_id=member.id,
        state=ReportState.SUBMITTED,
        answers=answers,
        entered_by=actor.id,
        updated_at=now,
        submitted_at=now,
        late=round_.is_late(now),
        revision=_next_revision(stored),
        overrides=overrides,
        counts=form.counts,
    )
    changed = stored is None or not _same(stored, report)
    if changed:
        _check_revision(stored, form)
        await _keep(work, actor, round_, report)
        if _sees_unsent(actor, member):
            await _mark_notes(work, member, round_, form.notes_until or now)
    kept = report if changed or stored is None else stored
    return await _receipt(work, actor, member, round_, kept, changed=changed)


async def nothing_to_report(
    work: Work,
    actor: Member,
    round_id: RoundId,
    *,
    on_behalf_of: MemberId | None = None,
    on_revision: int | None = None,
) -> Receipt:
    """One tap: an answer that says there is nothing (A6). Notes stay for the next report."""
    never = datetime.min.replace(tzinfo=UTC)
    form = ReportForm(answers=(), notes_until=never, on_revision=on_revision)
    return await submit_report(work, actor, round_id, form, on_behalf_of=on_behalf_of)


async def save_draft(work: Work, actor: Member, round_id: RoundId, form: ReportForm) -> Report:
    """Keep what is written so far; the guard looks at drafts too. AlreadySubmitted if the report is sent (A7)."""
    require(actor, Act.REPORT)
    round_ = await _answerable(work, actor, round_id)
    stored = await work.store.reports.get(round_.id, actor.id)
    if stored is not None and stored.is_submitted:
        raise AlreadySubmitted
    answers = check_answers(form.answers, work.templates.get(round_.template))
    draft = Report(
        id=stored.id if stored else ReportId(fresh()),
        round_id=round_.id,
        member_id=actor.id,
        state=ReportState.DRAFT,
        answers=answers,
        entered_by=actor.id,
        updated_at=work.clock.now(),
        overrides=cleared(form, answers),
        counts=form.counts,
    )
    await work.store.reports.save(draft)
    if stored is None or _said(stored) != _said(draft):
        await record(work, round_.group_id, actor, AuditAction.SAVE_DRAFT, f"round:{round_.id}")
    return draft


async def stored_receipt(
    work: Work, actor: Member, round_id: RoundId, *, on_behalf_of: MemberId | None = None
) -> Receipt:
    """What is sent in that round already; NotFound before anything was."""
    require(actor, Act.REPORT)
    member = await _answering_member(work, actor, on_behalf_of)
    round_ = await held_round(work, actor, round_id)
    report = await work.store.reports.get(round_.id, member.id)
    if report is None or not report.is_submitted:
        raise NotFound("report", round_id)
    return await _receipt(work, actor, member, round_, report, changed=False)


async def _answering_member(work: Work, actor: Member, on_behalf_of: MemberId | None) -> Member:
    if on_behalf_of is None or on_behalf_of == actor.id:
        return actor
    require(actor, Act.ENTER_FOR_OTHERS)
    member = await own_member(work, actor, on_behalf_of)
    if member.state is not MemberState.ACTIVE:
        raise Invalid("member", "not_active", name=member.name)
    return member


def _sees_unsent(actor: Member, member: Member) -> bool:
    """Whether a member's draft and notes are the actor's to see: one's own, and of those who can't write any themselves."""
    return actor.id == member.id or member.user_id is None


async def _answerable(work: Work, actor: Member, round_id: RoundId | None) -> Round:
    if round_id is None:
        return await pick_round(work, actor.group_id)
    round_ = await held_round(work, actor, round_id)
    if not round_.takes_answers:
        raise RoundNotOpen(round_.number, round_.opens_at)
    return round_


def _check_revision(stored: Report | None, form: ReportForm) -> None:
    present = stored.revision if stored is not None and stored.is_submitted else 0
    if form.on_revision is not None and form.on_revision < present:
        raise ReportChanged(present)


def _next_revision(stored: Report | None) -> int:
    return stored.revision + 1 if stored is not None and stored.is_submitted else 1


def _same(stored: Report, new: Report) -> bool:
    return stored.is_submitted and _said(stored) == _said(new)


def _said(report: Report) -> tuple[object, ...]:
    return report.answers, report.counts, report.overrides


async def _keep(work: Work, actor: Member, round_: Round, report: Report) -> None:
    await work.store.reports.save(report)
    await record(
        work,
        round_.group_id,
        actor,
        AuditAction.SUBMIT_REPORT if report.revision == 1 else AuditAction.CHANGE_REPORT,
        f"round:{round_.id}",
        on_behalf_of=report.member_id if report.on_behalf else None,
        detail=f"revision {report.revision}{', late' if report.late else ''}",
    )
    await refresh_published(work, round_, needs_review=bool(report.overrides))
    if round_.state is RoundState.CLOSED:
        await _tell_leaders(work, actor, round_, report)


async def _tell_leaders(work: Work, actor: Member, round_: Round, report: Report) -> None:
    kind = DeliveryKind.LATE_ANSWER
    for leader in await leaders(work, await own_group(work, actor)):
        if leader.id != actor.id:
            ids, whose = (report.id, report.revision, leader.id), report.member_id
            await queue(work, kind, round_.group_id, *ids, to=leader.id, round_id=round_.id, subject=whose)


async def _mark_notes(work: Work, member: Member, round_: Round, until: datetime) -> None:
    notes = await work.store.observations.list_unreported(member.id)
    carried = [note for note in notes if note.noted_at <= until]
    await work.store.observations.mark_reported(carried, round_.id)


async def _receipt(
    work: Work, actor: Member, member: Member, round_: Round, report: Report, *, changed: bool
) -> Receipt:
    seen = _sees_unsent(actor, member)
    return Receipt(
        group=await own_group(work, member),
        member=member,
        round=round_,
        meeting=await meeting_of(work, round_),
        template=work.templates.get(round_.template),
        report=report,
        changed=changed,
        notes_left=tuple(await work.store.observations.list_unreported(member.id)) if seen else (),
    )


async def _last_levels(work: Work, round_: Round) -> dict[int, float]:
    earlier = await work.store.rounds.list_by_group(round_.group_id, 1, before=round_.number)
    if not earlier or earlier[0].template.id != round_.template.id:
        return {}
    last = earlier[0]
    return levels(work.templates.get(last.template), await work.store.reports.list_by_round(last.id))
