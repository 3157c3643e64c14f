"""The group's joint assessment in the meeting: one colour an area, and where it leads (B5, A3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lagesbild.ids import AssessmentId, GroupId, MemberId, RoundId
from lagesbild.picture import SituationPicture
from lagesbild.templates import Area, Colour

LONGEST_OWNER = 80
"""How many characters an owner's name may have."""


@dataclass(frozen=True)
class Owner:
    """Who answers for something: a member the bot can ask, or somebody it only knows by name (`member_id` None)."""

    name: str
    member_id: MemberId | None = None


@dataclass(frozen=True)
class JointAssessment:
    """The group's word on one area of one round (`sammanställd bedömning`): at most one, each change a revision.

    GREEN is ordinary routine. YELLOW stays with the group: its measure has an owner and a date. RED is a referral
    to the council (A3).
    """

    id: AssessmentId
    group_id: GroupId
    round_id: RoundId
    area: Area
    colour: Colour
    comment: str
    assessed_by: MemberId
    assessed_at: datetime
    revision: int = 1


@dataclass(frozen=True)
class AssessmentForm:
    """What the coordinator enters for one area. `measure`, `owner` and `due` are wanted for YELLOW, `title` and
    `answer_by` for RED."""

    colour: Colour
    comment: str = ""
    measure: str = ""
    owner: Owner | None = None
    due: date | None = None
    title: str = ""
    """What the referral is called in the council and in the feedback: the theme's title, or the area's."""
    answer_by: date | None = None


def suggested_title(picture: SituationPicture, area: Area) -> str:
    """What a referral of that area could be called: the area, and the place that most name."""
    found = next((one for one in picture.areas if one.area is area), None)
    if found is None:
        return ""
    return f"{found.title}, {found.places[0].name}" if found.places else found.title
