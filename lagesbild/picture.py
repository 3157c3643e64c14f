"""The situation picture (`lägesbild`): a pure function of stored answers (B1–B4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lagesbild.ids import MemberId, RoundId
from lagesbild.reports import Count
from lagesbild.templates import Area, Colour, Rating, TemplateRef


class Standing(StrEnum):
    """Where a member stands in a round: three kinds of no answer are three different things (B2)."""

    ANSWERED = "answered"
    NOTHING = "nothing"
    """Answered that there is nothing to report."""
    SILENT = "silent"
    ABSENT = "absent"
    UNREACHED = "unreached"
    """The prompt never arrived."""
    OPTED_OUT = "opted_out"


@dataclass(frozen=True)
class Participant:
    """A member in a round: standing, and whether the answer was late or entered by the coordinator (A7, A8)."""

    member_id: MemberId
    name: str
    organisation: str
    standing: Standing
    late: bool = False
    on_behalf: bool = False
    reason: str = ""
    """The ledger's state when unreached (`blocked`, `not_installed`, …)."""


@dataclass(frozen=True)
class Remark:
    """What one organisation said in an area: words as typed (none if it only rated), with its rating or colour."""

    member_id: MemberId
    organisation: str
    comment: str
    bullets: tuple[str, ...] = ()
    impact: int | None = None
    colour: Colour | None = None
    late: bool = False
    on_behalf: bool = False


@dataclass(frozen=True)
class Mention:
    """A place or a time of day that stands out, with how many organisations name it."""

    name: str
    organisations: int


class ReasonKind(StrEnum):
    """Why an area stands where it does in the suggested order (B3)."""

    LEVEL = "level"
    ROSE = "rose"
    FELL = "fell"
    SPREAD = "spread"
    REPEATED = "repeated"


@dataclass(frozen=True)
class Reason:
    """One reason with its figures.

    LEVEL: `a` is the level; ROSE and FELL: to `a`, from `b`; SPREAD: `a` organisations see a problem, of the `b`
    that answered; REPEATED: `a` rounds in a row, this one included.
    """

    kind: ReasonKind
    a: float
    b: float = 0


@dataclass(frozen=True)
class AreaPicture:
    """One area. `level` (B1) is the median of the ratings given (1–5), or of colours (1 green – 3 red); None if nobody rated.

    `distribution` counts each level from 1 up; `nothing` counts answers without anything in this area;
    sum(distribution) + unrated + nothing == answered, always. `trend` has the levels of earlier rounds, oldest first,
    and this one's last. `change` is against the round before; None when either has no level.
    """

    number: int
    area: Area
    title: str
    rating: Rating
    answered: int
    nothing: int
    unrated: int
    distribution: tuple[int, ...]
    level: float | None
    change: float | None
    trend: tuple[float | None, ...]
    remarks: tuple[Remark, ...]
    places: tuple[Mention, ...]
    times: tuple[Mention, ...]
    reasons: tuple[Reason, ...]

    @property
    def mentioned_by(self) -> int:
        """How many answers say something in this area."""
        return self.answered - self.nothing


@dataclass(frozen=True)
class Assessed:
    """What the group said of an area in the meeting: its colour, and its words if it wrote any (B5).

    What went well has no colour: nobody is asked for one.
    """

    title: str
    colour: Colour | None
    comment: str


@dataclass(frozen=True)
class SituationPicture:
    """A round's picture. `areas` are in the template's order without the positives; `order` is the suggested one (B3)."""

    round_id: RoundId
    number: int
    template: TemplateRef
    municipality: str
    group_name: str
    meeting_at: datetime
    timezone: str
    period_first: date
    period_last: date
    participants: tuple[Participant, ...]
    areas: tuple[AreaPicture, ...]
    order: tuple[int, ...]
    positives: tuple[Remark, ...]
    counts: tuple[tuple[str, tuple[Count, ...]], ...]
    """Local figures by organisation (A9)."""
    assessed: tuple[Assessed, ...] = ()
    """The group's joint assessment, once it is finished."""

    def standing(self, *standings: Standing) -> tuple[Participant, ...]:
        """The participants of those standings, by name."""
        return tuple(p for p in self.participants if p.standing in standings)

    @property
    def answered(self) -> int:
        return len(self.standing(Standing.ANSWERED, Standing.NOTHING))

    def area(self, number: int) -> AreaPicture:
        """The area of that question number; KeyError if it is not in the picture."""
        for area in self.areas:
            if area.number == number:
                return area
        raise KeyError(number)
