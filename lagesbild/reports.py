"""What a member answers in a round (A6–A9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lagesbild.ids import GroupId, MemberId, ObservationId, ReportId, RoundId
from lagesbild.templates import Area, Colour


class ReportState(StrEnum):
    """A draft is the member's own; only a submitted report is part of the picture."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


@dataclass(frozen=True)
class Answer:
    """The answer to one question. `impact` is 1–5, `colour` is used by templates with colours; `bullets` likewise.

    An area with neither rating nor words has no Answer: that is "nothing to report" for the area.
    """

    number: int
    impact: int | None = None
    colour: Colour | None = None
    comment: str = ""
    bullets: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.impact is None and self.colour is None and not self.comment and not self.bullets

    @property
    def words(self) -> str:
        """All that was typed, one line a bullet, for search and for the guard."""
        return "\n".join((*self.bullets, self.comment) if self.comment else self.bullets)


@dataclass(frozen=True)
class Override:
    """A guard finding that the sender declared a false alarm, with the reason the coordinator sees (A11)."""

    number: int
    kind: str
    excerpt: str
    reason: str


@dataclass(frozen=True)
class Count:
    """A local figure that accompanies a report (A9), such as 3 larm."""

    label: str
    value: int


@dataclass(frozen=True)
class Report:
    """A member's report (`lägesrapport`) in a round: at most one, with a revision counting each change.

    `answers` are sorted by question number and never empty ones; none at all in a submitted report means
    "nothing to report" (A6). `entered_by` differs from `member_id` when the coordinator wrote it (A8).
    """

    id: ReportId
    round_id: RoundId
    member_id: MemberId
    state: ReportState
    answers: tuple[Answer, ...]
    entered_by: MemberId
    updated_at: datetime
    submitted_at: datetime | None = None
    late: bool = False
    revision: int = 1
    overrides: tuple[Override, ...] = ()
    counts: tuple[Count, ...] = ()

    @property
    def is_submitted(self) -> bool:
        return self.state is ReportState.SUBMITTED

    @property
    def nothing_to_report(self) -> bool:
        return self.is_submitted and not self.answers

    @property
    def on_behalf(self) -> bool:
        return self.entered_by != self.member_id

    def answer(self, number: int) -> Answer | None:
        """The answer to that question, or None."""
        return next((answer for answer in self.answers if answer.number == number), None)


@dataclass(frozen=True)
class Observation:
    """Something noted between meetings (`iakttagelse`, A5). `reported_in` is set once a report has carried it.

    It is stored the moment it is typed; `area` is None until somebody or the words have told which it is.
    """

    id: ObservationId
    group_id: GroupId
    member_id: MemberId
    area: Area | None
    text: str
    noted_at: datetime
    place: str = ""
    seen_on: date | None = None
    reported_in: RoundId | None = None
    reason: str = ""
    """Why what the guard found in it is a false alarm; it goes with the note into the report (A11)."""
