"""When a group meets, and what must happen before each meeting (A4). All instants are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class Schedule:
    """A group's meeting rhythm in its own time zone, and its lead times before the meeting.

    `rule` is an RFC 5545 recurrence rule without DTSTART (`FREQ=WEEKLY;INTERVAL=2`); `lead`, `deadline`
    and each of `reminders` are how long before the meeting prompts go, answers close and reminders go.
    """

    first: date
    at: time
    rule: str
    timezone: str = "Europe/Stockholm"
    lead: timedelta = timedelta(days=4)
    deadline: timedelta = timedelta(hours=4)
    reminders: tuple[timedelta, ...] = (timedelta(days=1),)


@dataclass(frozen=True)
class RoundPlan:
    """The instants of one round, computed from its meeting: UTC, `opens_at` < reminders < `deadline`."""

    opens_at: datetime
    remind_at: tuple[datetime, ...]
    deadline: datetime
