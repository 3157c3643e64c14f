"""From stored answers to the situation picture: one pure function, for any round, at any time (B1–B4)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import floor
from statistics import median

from lagesbild.assessments import JointAssessment
from lagesbild.collation import swedish
from lagesbild.deliveries import Delivery
from lagesbild.ids import MemberId
from lagesbild.people import Absence, Group, Member
from lagesbild.picture import AreaPicture, Assessed, Mention, Remark, SituationPicture
from lagesbild.places import is_sure, places_in, times_in
from lagesbild.priority import COLOUR_LEVELS, reasons_of, repeats, sees_problem, suggested_order
from lagesbild.reports import Answer, Count, Report
from lagesbild.rounds import Meeting, Round
from lagesbild.standings import current_reports, organisation_of, participants
from lagesbild.templates import Area, Colour, Question, Rating, Template

TREND_ROUNDS = 6
MOST_MENTIONS = 5
_LEVELS = {Rating.IMPACT: 5, Rating.COLOUR: 3, Rating.NONE: 0}


@dataclass(frozen=True)
class EarlierRound:
    """An earlier round, for change and trend: its number, the template it was opened with, and its reports."""

    number: int
    template: Template
    reports: tuple[Report, ...]


@dataclass(frozen=True)
class _Past:
    """One earlier round, area by area: the question's rating and the answers that say something."""

    areas: Mapping[Area, tuple[Rating, tuple[Answer, ...]]]

    def level(self, question: Question) -> float | None:
        rating, answers = self.areas.get(question.area, (Rating.NONE, ()))
        return _median(answers, rating) if rating is question.rating else None

    def mentions(self, question: Question) -> int:
        return len(self.areas.get(question.area, (Rating.NONE, ()))[1])


@dataclass(frozen=True)
class _Sources:
    """What every area is compiled from."""

    reports: tuple[Report, ...]
    organisations: Mapping[MemberId, str]
    municipality: str
    past: tuple[_Past, ...]


def compile_picture(
    *,
    group: Group,
    template: Template,
    round_: Round,
    meeting: Meeting,
    members: Sequence[Member],
    reports: Sequence[Report],
    absences: Sequence[Absence],
    prompts: Sequence[Delivery],
    earlier: Sequence[EarlierRound],
    assessments: Sequence[JointAssessment] = (),
) -> SituationPicture:
    """The picture of a round (B1–B4). The order of what is given never matters, and drafts are not looked at.

    `template` is the round's; `prompts` are its prompts in the ledger; of `earlier`, the six rounds before count.
    `assessments` are shown once the meeting has finished them (B5).
    """
    current = current_reports(report for report in reports if report.round_id == round_.id)
    sources = _sources(group, round_, members, current, earlier)
    areas = tuple(_area(question, sources) for question in template.questions if not question.is_positive)
    return SituationPicture(
        round_id=round_.id,
        number=round_.number,
        template=template.ref,
        municipality=group.municipality,
        group_name=group.name,
        meeting_at=meeting.starts_at,
        timezone=group.timezone,
        period_first=round_.period_first,
        period_last=round_.period_last,
        participants=participants(
            group=group,
            round_=round_,
            members=members,
            reports=current,
            absences=absences,
            prompts=prompts,
        ),
        areas=areas,
        order=suggested_order(areas),
        positives=_positives(template, sources),
        counts=_counts(sources),
        assessed=_assessed(template, assessments) if round_.assessed_at else (),
    )


def _assessed(template: Template, assessments: Sequence[JointAssessment]) -> tuple[Assessed, ...]:
    """In the template's order; what went well has a field of its own in the picture, and shows its words alone."""
    by_area = {one.area: one for one in assessments}
    found = ((question, by_area.get(question.area)) for question in template.questions)
    return tuple(
        Assessed(question.title, None if question.is_positive else one.colour, one.comment)
        for question, one in found
        if one is not None and (one.comment or not question.is_positive)
    )


def digest(picture: SituationPicture) -> str:
    """A stable fingerprint of all the picture says: equal when a post of it would read the same (B6)."""
    content = json.dumps(asdict(picture), default=_plain, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def colour_of(level: float | None, mapping: Sequence[Colour] | None) -> Colour | None:
    """The colour a group has decided for a level 1–5; None without a level or without a decision (A3).

    `mapping` is `Group.colour_of_impact`. A level half-way between two ratings takes the higher one's colour.
    """
    if level is None or mapping is None:
        return None
    return mapping[floor(level + 0.5) - 1]


def levels(template: Template, reports: Iterable[Report]) -> dict[int, float]:
    """The level of each question that was rated in a round, by its number: what the next card shows as "last"."""
    past = _past(EarlierRound(0, template, tuple(reports)))
    found = {question.number: past.level(question) for question in template.rated}
    return {number: level for number, level in found.items() if level is not None}


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _sources(
    group: Group,
    round_: Round,
    members: Sequence[Member],
    current: Mapping[MemberId, Report],
    earlier: Sequence[EarlierRound],
) -> _Sources:
    known = {member.id: member for member in members}
    before = {one.number: one for one in earlier if one.number < round_.number}
    return _Sources(
        reports=tuple(current[key] for key in sorted(current)),
        organisations={key: organisation_of(known.get(key)) for key in current},
        municipality=group.municipality,
        past=tuple(_past(before[number]) for number in sorted(before)[-TREND_ROUNDS:]),
    )


def _past(earlier: EarlierRound) -> _Past:
    by_number: defaultdict[int, list[Answer]] = defaultdict(list)
    for report in current_reports(earlier.reports).values():
        for answer in report.answers:
            by_number[answer.number].append(answer)
    return _Past(
        {
            question.area: (
                question.rating,
                tuple(a for a in by_number[question.number] if _says(a, question)),
            )
            for question in earlier.template.questions
        }
    )


def _area(question: Question, sources: _Sources) -> AreaPicture:
    answers = _answers(question, sources)
    levels = [_level(answer, question.rating) for _, answer in answers]
    ratings = [level for level in levels if level is not None]
    level = float(median(ratings)) if ratings else None
    trend = (*(past.level(question) for past in sources.past), level)
    change = _change(trend)
    remarks = _remarks(question, answers, sources)
    repeated = repeats(question.rating, trend, (*(p.mentions(question) for p in sources.past), len(answers)))
    return AreaPicture(
        number=question.number,
        area=question.area,
        title=question.title,
        rating=question.rating,
        answered=len(sources.reports),
        nothing=len(sources.reports) - len(answers),
        unrated=len(answers) - len(ratings),
        distribution=tuple(ratings.count(step) for step in range(1, _LEVELS[question.rating] + 1)),
        level=level,
        change=change,
        trend=trend,
        remarks=remarks,
        places=_places(remarks, sources.municipality),
        times=_mentions(remarks, times_in)[:MOST_MENTIONS],
        reasons=reasons_of(question.rating, level, change, _spread(remarks, sources), repeated),
    )


def _answers(question: Question, sources: _Sources) -> list[tuple[Report, Answer]]:
    found = ((report, report.answer(question.number)) for report in sources.reports)
    return [(report, answer) for report, answer in found if answer is not None and _says(answer, question)]


def _says(answer: Answer, question: Question) -> bool:
    return _level(answer, question.rating) is not None or bool(answer.words.strip())


def _level(answer: Answer, rating: Rating) -> int | None:
    if rating is Rating.IMPACT and answer.impact is not None and 1 <= answer.impact <= 5:
        return answer.impact
    if rating is Rating.COLOUR and answer.colour is not None:
        return COLOUR_LEVELS[answer.colour]
    return None


def _median(answers: Iterable[Answer], rating: Rating) -> float | None:
    ratings = [level for answer in answers if (level := _level(answer, rating)) is not None]
    return float(median(ratings)) if ratings else None


def _change(trend: Sequence[float | None]) -> float | None:
    if len(trend) < 2 or trend[-1] is None or trend[-2] is None:
        return None
    return trend[-1] - trend[-2]


def _spread(remarks: Iterable[Remark], sources: _Sources) -> tuple[int, int]:
    concerned = {remark.organisation for remark in remarks if sees_problem(remark)}
    return len(concerned), len(set(sources.organisations.values()))


def _remarks(
    question: Question, answers: Iterable[tuple[Report, Answer]], sources: _Sources
) -> tuple[Remark, ...]:
    remarks = (_remark(report, answer, question.rating, sources) for report, answer in answers)
    return tuple(sorted(remarks, key=_remark_order))


def _remark(report: Report, answer: Answer, rating: Rating, sources: _Sources) -> Remark:
    return Remark(
        member_id=report.member_id,
        organisation=sources.organisations[report.member_id],
        comment=answer.comment,
        bullets=answer.bullets,
        impact=_level(answer, rating) if rating is Rating.IMPACT else None,
        colour=answer.colour if rating is Rating.COLOUR else None,
        late=report.late,
        on_behalf=report.on_behalf,
    )


def _remark_order(remark: Remark) -> tuple[tuple[str, str], int, str]:
    level = remark.impact or (COLOUR_LEVELS[remark.colour] if remark.colour else 0)
    return swedish(remark.organisation), -level, remark.member_id


def _positives(template: Template, sources: _Sources) -> tuple[Remark, ...]:
    questions = [question for question in template.questions if question.is_positive]
    return tuple(r for q in questions for r in _remarks(q, _answers(q, sources), sources))


def _mentions(remarks: Iterable[Remark], find: Callable[[str], tuple[str, ...]]) -> tuple[Mention, ...]:
    organisations: defaultdict[str, set[str]] = defaultdict(set)
    for remark in remarks:
        for name in find("\n".join((*remark.bullets, remark.comment))):
            organisations[name].add(remark.organisation)
    found = [Mention(name, len(by)) for name, by in organisations.items()]
    return tuple(sorted(found, key=lambda one: (-one.organisations, swedish(one.name))))


def _places(remarks: Iterable[Remark], municipality: str) -> tuple[Mention, ...]:
    """Without the municipality itself, which tells nobody where, and what only one calls a place by a capital."""
    own = municipality.casefold()
    found = (one for one in _mentions(remarks, places_in) if one.name.casefold() != own)
    return tuple(one for one in found if one.organisations > 1 or is_sure(one.name))[:MOST_MENTIONS]


def _counts(sources: _Sources) -> tuple[tuple[str, tuple[Count, ...]], ...]:
    sums: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for report in sources.reports:
        for count in report.counts:
            sums[sources.organisations[report.member_id]][count.label] += count.value
    return tuple(
        (
            organisation,
            tuple(Count(label, sums[organisation][label]) for label in sorted(labels, key=swedish)),
        )
        for organisation, labels in sorted(sums.items(), key=lambda one: swedish(one[0]))
    )
