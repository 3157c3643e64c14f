"""Groups and their members: who takes part, for which organisation, in which role (F1, F5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from lagesbild.calendar import Schedule
from lagesbild.ids import AbsenceId, GroupId, MemberId
from lagesbild.templates import Colour, TemplateRef

DEFAULT_ZONE = "Europe/Stockholm"


class Role(StrEnum):
    """What a member does in the group; one person can hold several."""

    REPORTER = "reporter"
    REPRESENTATIVE = "representative"
    COORDINATOR = "coordinator"
    DEPUTY = "deputy"
    COUNCIL = "council"


class MemberState(StrEnum):
    """Whether a member takes part: a pending one waits for the coordinator, a departed one is kept for history."""

    PENDING = "pending"
    ACTIVE = "active"
    LEFT = "left"


class GroupState(StrEnum):
    """NEW until the set-up form is saved; PAUSED when the bot was removed from the team."""

    NEW = "new"
    ACTIVE = "active"
    PAUSED = "paused"


class Publication(StrEnum):
    """How the picture reaches the channel (B6). At its time, unless something waits for review (A11)."""

    MANUAL = "manual"
    AT_TIME = "at_time"


@dataclass(frozen=True)
class Home:
    """Where in Teams a group lives: what the bot needs to reach it."""

    tenant_id: str
    service_url: str
    bot_id: str
    team_id: str
    channel_id: str
    channel_name: str = ""


@dataclass(frozen=True)
class Group:
    """An EST or FAS group of one municipality, with its settings."""

    id: GroupId
    municipality: str
    name: str
    state: GroupState
    home: Home
    created_at: datetime
    template: TemplateRef | None = None
    schedule: Schedule | None = None
    publication: Publication = Publication.MANUAL
    colour_of_impact: tuple[Colour, Colour, Colour, Colour, Colour] | None = None
    """The colour of each rating 1–5, by the municipality's own decision; off unless configured (A3)."""
    concern_url: str | None = None
    """Where an orosanmälan is made in this municipality (A10)."""
    assignment: str | None = None
    """The municipality's own assignment description; None means the standard text (F5)."""
    guidelines: str | None = None
    follow_up_weeks: int = 5
    """How many weeks after a measure is done its reporters are asked whether it shows (C6)."""

    @property
    def title(self) -> str:
        """What people call it where there are several: its name and its municipality."""
        return f"{self.name} {self.municipality}".strip()

    @property
    def timezone(self) -> str:
        """The IANA zone the group lives in, also before its schedule is set."""
        return self.schedule.timezone if self.schedule else DEFAULT_ZONE

    def local_day(self, instant: datetime) -> date:
        """The calendar day of an instant where the group is."""
        return instant.astimezone(ZoneInfo(self.timezone)).date()


@dataclass(frozen=True)
class Member:
    """A person in a group. `user_id` is None for somebody without Teams (A8)."""

    id: MemberId
    group_id: GroupId
    name: str
    roles: frozenset[Role]
    state: MemberState
    joined_at: datetime
    organisation: str | None = None
    user_id: str | None = None
    aad_object_id: str | None = None
    conversation_id: str | None = None
    """The personal conversation with the bot, once known."""
    locale: str = "sv"
    prompted: bool = True
    """False after opting out of prompts (A7); the coordinator sees it."""
    reminded: bool = True
    fewer: bool = False
    """Only the card on what the own answers, or the own organisation's, led to; not the round's summary, no lines of
    news (C5)."""

    def has(self, *roles: Role) -> bool:
        """Whether the member holds any of the roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def leads(self) -> bool:
        """Whether the member runs the group: coordinator or deputy."""
        return self.has(Role.COORDINATOR, Role.DEPUTY)

    @property
    def reports(self) -> bool:
        """Whether a report is expected: an active reporter or representative."""
        return self.state is MemberState.ACTIVE and self.has(Role.REPORTER, Role.REPRESENTATIVE)


@dataclass(frozen=True)
class Absence:
    """A member away from `first` to `last`, both days included; no prompts then (A7)."""

    id: AbsenceId
    member_id: MemberId
    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether the member is away that day."""
        return self.first <= day <= self.last
