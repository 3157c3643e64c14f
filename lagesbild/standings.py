"""Where each member stands in a round: no answer is not one thing but four (B2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from lagesbild.collation import swedish
from lagesbild.deliveries import Delivery
from lagesbild.ids import MemberId
from lagesbild.people import Absence, Group, Member
from lagesbild.picture import Participant, Standing
from lagesbild.reports import Report
from lagesbild.rounds import Round, RoundState


def current_reports(reports: Iterable[Report]) -> dict[MemberId, Report]:
    """Each member's submitted report: the latest revision if more than one is given; drafts are not looked at."""
    found: dict[MemberId, Report] = {}
    for report in reports:
        other = found.get(report.member_id)
        if report.is_submitted and (other is None or _age(other) < _age(report)):
            found[report.member_id] = report
    return found


def _age(report: Report) -> tuple[int, float, str]:
    return report.revision, report.updated_at.timestamp(), report.id


def participants(
    *,
    group: Group,
    round_: Round,
    members: Sequence[Member],
    reports: Mapping[MemberId, Report],
    absences: Sequence[Absence],
    prompts: Sequence[Delivery],
) -> tuple[Participant, ...]:
    """Everybody who answered, whoever they are now, and everybody from whom an answer was expected; by name.

    An answer outweighs all else. Without one: away on the deadline's day in the group's zone, then opted out of
    prompts, then not reached by the prompt, and only then silent. A member without Teams is silent until somebody
    enters the answer (A8).
    """
    day = round_.deadline.astimezone(ZoneInfo(group.timezone)).date()
    away = {absence.member_id for absence in absences if absence.covers(day)}
    undelivered = _undelivered(round_, prompts)
    known = {member.id: member for member in members}
    found = [_answered(known.get(member_id), report) for member_id, report in reports.items()]
    found += [
        _unanswered(member, away, undelivered)
        for member in known.values()
        if member.id not in reports and is_expected(member, round_)
    ]
    return tuple(sorted(found, key=lambda one: (swedish(one.name), one.member_id)))


def is_expected(member: Member, round_: Round) -> bool:
    """Whether a report was expected: an active reporter who had joined before the round closed."""
    if not member.reports:
        return False
    closed = round_.closed_at or round_.deadline
    return round_.state is not RoundState.CLOSED or member.joined_at <= closed


def organisation_of(member: Member | None) -> str:
    """The organisation a member speaks for; the own name without one, empty for a member that is erased."""
    return (member.organisation or member.name) if member else ""


def _undelivered(round_: Round, prompts: Sequence[Delivery]) -> dict[MemberId, str]:
    latest: dict[MemberId, Delivery] = {}
    for prompt in prompts:
        if prompt.member_id is not None and prompt.round_id == round_.id:
            other = latest.get(prompt.member_id)
            if other is None or _sent(other) < _sent(prompt):
                latest[prompt.member_id] = prompt
    return {member: prompt.state.value for member, prompt in latest.items() if prompt.state.is_undelivered}


def _sent(prompt: Delivery) -> tuple[float, str, str]:
    return (prompt.updated_at or prompt.queued_at).timestamp(), prompt.key, prompt.state.value


def _answered(member: Member | None, report: Report) -> Participant:
    return Participant(
        member_id=report.member_id,
        name=member.name if member else "",
        organisation=organisation_of(member),
        standing=Standing.NOTHING if report.nothing_to_report else Standing.ANSWERED,
        late=report.late,
        on_behalf=report.on_behalf,
    )


def _unanswered(member: Member, away: set[MemberId], undelivered: Mapping[MemberId, str]) -> Participant:
    standing, reason = Standing.SILENT, ""
    if member.id in away:
        standing = Standing.ABSENT
    elif not member.prompted:
        standing = Standing.OPTED_OUT
    elif member.id in undelivered:
        standing, reason = Standing.UNREACHED, undelivered[member.id]
    return Participant(member.id, member.name, organisation_of(member), standing, reason=reason)
