"""Being away, and saying no to prompts: visible to the coordinator (A7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.errors import Invalid
from lagesbild.ids import AbsenceId, MemberId, fresh
from lagesbild.people import Absence, Member
from lagesbild.ports import Work
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_member

LONGEST = timedelta(days=366)


async def set_absence(
    work: Work, actor: Member, first: date, last: date, *, member_id: MemberId | None = None
) -> Absence:
    """Away from `first` to `last`, both included. The same days again change nothing; the coordinator may set another's."""
    member = await _whose(work, actor, member_id)
    if last < first:
        raise Invalid("last", "before_first")
    if last - first > LONGEST:
        raise Invalid("last", "too_long")
    for known in await work.store.absences.list_by_member(member.id):
        if (known.first, known.last) == (first, last):
            return known
    absence = Absence(AbsenceId(fresh()), member.id, first, last)
    await work.store.absences.save(absence)
    await record(
        work,
        member.group_id,
        actor,
        AuditAction.SET_ABSENCE,
        f"member:{member.id}",
        on_behalf_of=_other(actor, member),
    )
    return absence


async def end_absences(
    work: Work, actor: Member, today: date, *, member_id: MemberId | None = None
) -> tuple[Absence, ...]:
    """Back again: absences that reach beyond yesterday end yesterday; those still to come are removed."""
    member = await _whose(work, actor, member_id)
    ended = [a for a in await work.store.absences.list_by_member(member.id) if a.last >= today]
    for absence in ended:
        if absence.first >= today:
            await work.store.absences.remove(absence)
        else:
            await work.store.absences.save(replace(absence, last=today - timedelta(days=1)))
    if ended:
        await record(
            work,
            member.group_id,
            actor,
            AuditAction.END_ABSENCE,
            f"member:{member.id}",
            on_behalf_of=_other(actor, member),
        )
    return tuple(ended)


async def absences_ahead(work: Work, actor: Member, today: date) -> tuple[Absence, ...]:
    """The actor's own absences that are not over."""
    require(actor, Act.BE_AWAY)
    return tuple(a for a in await work.store.absences.list_by_member(actor.id) if a.last >= today)


async def _whose(work: Work, actor: Member, member_id: MemberId | None) -> Member:
    require(actor, Act.BE_AWAY)
    if member_id is not None and member_id != actor.id:
        require(actor, Act.MANAGE_MEMBERS)
    return await held_member(work, actor, member_id or actor.id)


def _other(actor: Member, member: Member) -> MemberId | None:
    return None if actor.id == member.id else member.id
