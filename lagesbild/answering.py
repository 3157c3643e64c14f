"""What stands in a member's report before anything is typed, and what the guard stops: pure functions (A5, A10, A11)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lagesbild.errors import Invalid, LagesbildError
from lagesbild.ids import ObservationId
from lagesbild.people import Group, Member
from lagesbild.reports import Answer, Count, Observation, Override, Report
from lagesbild.rounds import Meeting, Round
from lagesbild.secrecy import Finding, scan
from lagesbild.templates import Area, Question, Rating, Template
from lagesbild.under_way import UnderWay

_FIGURE_FIRST = re.compile(r"(?P<value>\d{1,6})\s+(?P<label>[^\d].{0,39})")
_FIGURE_LAST = re.compile(r"(?P<label>[^\d:]{1,40}?)[:\s]\s*(?P<value>\d{1,6})")
MAX_COMMENT = 4000
"""Characters of one comment; a phone screen holds about 400."""


@dataclass(frozen=True)
class ReportForm:
    """What a member sends. `accepted` are fingerprints of findings the member was shown and calls false alarms,
    with `reason`; `notes_until` is when the card was made, so that a note typed after it is not taken as reported;
    `on_revision` is the revision that the card showed (0: not sent yet), None to write without asking."""

    answers: tuple[Answer, ...]
    counts: tuple[Count, ...] = ()
    accepted: frozenset[str] = frozenset()
    reason: str = ""
    notes_until: datetime | None = None
    on_revision: int | None = None


@dataclass(frozen=True)
class Caught:
    """A guard finding in the answer to one question."""

    number: int
    finding: Finding

    @property
    def fingerprint(self) -> str:
        """Names this finding in a button's payload without repeating what was found."""
        text = f"{self.number}:{self.finding.kind.value}:{self.finding.text}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class SecrecyFound(LagesbildError):
    """The guard stopped a text before anything was stored (A10, A11)."""

    def __init__(self, caught: Sequence[Caught], *, reason_missing: bool = False) -> None:
        super().__init__(", ".join(sorted({one.finding.kind.value for one in caught})))
        self.caught = tuple(caught)
        self.reason_missing = reason_missing


@dataclass(frozen=True)
class Sheet:
    """Everything a report card shows: the questions, what is filled in already, and the last round's levels."""

    group: Group
    member: Member
    round: Round
    meeting: Meeting
    template: Template
    report: Report | None
    notes: tuple[Observation, ...]
    last_levels: Mapping[int, float]
    made_at: datetime
    answers: Mapping[int, Answer] = field(default_factory=dict)
    """By question number: the draft or report, with notes since then added."""
    on_behalf: bool = False
    """Whether somebody else than `member` fills it in (A8)."""
    notes_until: datetime | None = None
    """Up to when notes are filled in: earlier than `made_at` when a card comes back with what was typed in it."""
    holds_draft: bool = False
    """Whether the member has a draft that whoever fills this in does not see."""
    under_way: UnderWay = field(default_factory=UnderWay)
    """What is going on, in the card that asks (C7, D4)."""

    @property
    def revision(self) -> int:
        """The revision of the report that is sent; 0 before anything is."""
        return self.report.revision if self.report is not None and self.report.is_submitted else 0


def check_answers(answers: Iterable[Answer], template: Template) -> tuple[Answer, ...]:
    """The non-empty answers in the template's order; Invalid if one does not fit its question."""
    by_number = {answer.number: answer for answer in answers if not answer.is_empty}
    unknown = by_number.keys() - {question.number for question in template.questions}
    if unknown:
        raise Invalid(f"answer_{min(unknown)}", "unknown_question")
    return tuple(_fitting(by_number[q.number], q) for q in template.questions if q.number in by_number)


def _fitting(answer: Answer, question: Question) -> Answer:
    name = f"answer_{question.number}"
    if answer.impact is not None and (question.rating is not Rating.IMPACT or not 1 <= answer.impact <= 5):
        raise Invalid(name, "rating")
    if answer.colour is not None and question.rating is not Rating.COLOUR:
        raise Invalid(name, "colour")
    if len(answer.words) > MAX_COMMENT:
        raise Invalid(f"comment_{answer.number}", "too_long", limit=MAX_COMMENT, length=len(answer.words))
    return answer


def parse_counts(text: str) -> tuple[Count, ...]:
    """Local figures as they are typed, "3 larm, 2 orosanmälningar" or "larm: 3" (A9); Invalid for anything else."""
    return tuple(_count(part) for part in re.split(r"[,;\n]", text) if part.strip())


def _count(part: str) -> Count:
    found = _FIGURE_FIRST.fullmatch(part.strip()) or _FIGURE_LAST.fullmatch(part.strip())
    if found is None or scan(found["label"]):
        raise Invalid("counts", "counts")
    return Count(found["label"].strip(), int(found["value"]))


def inspect(answers: Iterable[Answer]) -> tuple[Caught, ...]:
    """Everything the guard finds, in the order of questions and of the text."""
    return tuple(Caught(answer.number, finding) for answer in answers for finding in scan(answer.words))


def cleared(form: ReportForm, answers: Sequence[Answer]) -> tuple[Override, ...]:
    """The overrides to store; SecrecyFound if a finding was not shown to the member, or no reason was given."""
    caught = inspect(answers)
    unseen = [one for one in caught if one.fingerprint not in form.accepted]
    if unseen:
        raise SecrecyFound(caught)
    if caught and not form.reason.strip():
        raise SecrecyFound(caught, reason_missing=True)
    reason = form.reason.strip()
    _check_reason(reason, caught)
    return tuple(Override(one.number, one.finding.kind.value, one.finding.text, reason) for one in caught)


def _check_reason(reason: str, caught: Sequence[Caught]) -> None:
    """The reason is stored and shown too: it may repeat what was shown, and point out nobody else."""
    shown = {one.finding.text for one in caught}
    if any(finding.text not in shown for finding in scan(reason)):
        raise Invalid("reason", "points_out")


def filled_in(
    template: Template,
    report: Report | None,
    notes: Sequence[Observation],
    note_line: Mapping[ObservationId, str],
) -> dict[int, Answer]:
    """What stands in the card: the stored answers, then each note under its area (without one: under "other").

    `note_line` gives the words of each note by its id; a note the stored answer holds already is not added again.
    """
    answers = {answer.number: answer for answer in report.answers} if report else {}
    for note in notes:
        number = _question_for(template, note.area)
        answer = answers.get(number, Answer(number))
        line = note_line[note.id]
        if line not in answer.words:
            answers[number] = _with_line(answer, line, template.question(number))
    return answers


def _question_for(template: Template, area: Area | None) -> int:
    wanted = area or Area.OTHER
    by_area = {question.area: question.number for question in template.questions}
    return by_area.get(wanted, by_area.get(Area.OTHER, template.questions[-1].number))


def _with_line(answer: Answer, line: str, question: Question) -> Answer:
    if question.rating is Rating.COLOUR:
        return Answer(answer.number, answer.impact, answer.colour, answer.comment, (*answer.bullets, line))
    comment = f"{answer.comment}\n{line}" if answer.comment else line
    return Answer(answer.number, answer.impact, answer.colour, comment, answer.bullets)
