"""Writing the audit log, in one way for every use case, and reading it (F2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lagesbild.audit import AuditAction, AuditEntry
from lagesbild.authority import Act, require
from lagesbild.ids import GroupId, MeetingId, MemberId, PromiseId, ReferralId, RoundId
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.promises import CitizenPromise
from lagesbild.referrals import Referral
from lagesbild.rounds import Meeting, Round
from lagesbild.usecases.finding import own_group

PAGE = 12
"""Entries on one page: what a phone shows in two screens."""

Subject = Member | Round | Meeting | Referral | CitizenPromise


@dataclass(frozen=True)
class AuditLine:
    """An entry with those it names; `about` is None where the entry's words say it all, or the thing is gone."""

    entry: AuditEntry
    actor: Member | None
    on_behalf_of: Member | None
    about: Subject | None


@dataclass(frozen=True)
class AuditPage:
    """A page of the log, newest first; page 0 is the newest."""

    group: Group
    lines: tuple[AuditLine, ...]
    page: int
    has_older: bool


async def record(
    work: Work,
    group_id: GroupId,
    actor: Member | None,
    action: AuditAction,
    subject: str,
    *,
    on_behalf_of: MemberId | None = None,
    detail: str = "",
) -> None:
    """Add one entry; `actor` None means the clock. `detail` never holds what somebody wrote."""
    entry = AuditEntry(
        group_id=group_id,
        at=work.clock.now(),
        actor_id=actor.id if actor else None,
        action=action,
        subject=subject,
        on_behalf_of=on_behalf_of,
        detail=detail,
    )
    await work.store.audit.add(entry)


async def audit_page(work: Work, actor: Member, page: int = 0) -> AuditPage:
    """Who did what, when, to what and on whose behalf in the actor's group, for whoever leads it (`logg`)."""
    require(actor, Act.SEE_AUDIT)
    group = await own_group(work, actor)
    members = {member.id: member for member in await work.store.members.list_by_group(group.id)}
    page = max(page, 0)
    found = await work.store.audit.list_by_group(group.id, PAGE + 1, skip=page * PAGE)
    lines = [
        AuditLine(
            entry,
            members.get(entry.actor_id) if entry.actor_id else None,
            members.get(entry.on_behalf_of) if entry.on_behalf_of else None,
            await _about(work, members, entry.subject),
        )
        for entry in found[:PAGE]
    ]
    return AuditPage(group, tuple(lines), page, len(found) > PAGE)


async def _about(work: Work, members: Mapping[MemberId, Member], subject: str) -> Subject | None:
    kind, _, key = subject.partition(":")
    match kind:
        case "member":
            return members.get(MemberId(key))
        case "round":
            return await work.store.rounds.peek(RoundId(key))
        case "meeting":
            return await work.store.meetings.get(MeetingId(key))
        case "referral":
            return await work.store.referrals.get(ReferralId(key))
        case "promise":
            return await work.store.promises.get(PromiseId(key))
    return None
