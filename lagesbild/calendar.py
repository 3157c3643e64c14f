"""When a group meets, and what must happen before each meeting (A4). All instants are UTC.

Wall time rules: a meeting at 13.00 is at 13.00 in summer and winter, and "four days before" is four days by the
wall clock too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from lagesbild.errors import Invalid
from lagesbild.holidays import is_working_day, working_day_before
from lagesbild.templates import Template

WEEKLY = "FREQ=WEEKLY"
TWO_WEEKS = "FREQ=WEEKLY;INTERVAL=2"
MONTHLY = "FREQ=MONTHLY"

EARLIEST, LATEST = time(7, 0), time(18, 0)
"""Nobody's telephone sounds for this outside of these hours."""
MORNING = time(8, 0)

_KNOWN_PARTS = frozenset(
    {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO", "WKST"}
)
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_REACH = timedelta(days=5 * 366)
"""How far ahead a rule is followed: no rule can keep a search going for ever."""


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

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def instant(self, day: date, at: time | None = None) -> datetime:
        """That day at that wall time (the meeting's own unless given) as an instant."""
        return datetime.combine(day, at or self.at, self.zone).astimezone(UTC)

    def local_day(self, instant: datetime) -> date:
        """The group's own date at that instant."""
        return instant.astimezone(self.zone).date()


@dataclass(frozen=True)
class RoundPlan:
    """The instants of one round, computed from its meeting: UTC, `opens_at` < reminders < `deadline`."""

    opens_at: datetime
    remind_at: tuple[datetime, ...]
    deadline: datetime


@dataclass(frozen=True)
class Occurrence:
    """One meeting as the recurrence gives it: its day, and the instant it starts."""

    slot: date
    starts_at: datetime


def occurrences(schedule: Schedule, after: date | datetime, count: int) -> tuple[Occurrence, ...]:
    """The next `count` meetings that start after the instant (or after the day) `after`, by time (A4).

    Fewer if the rule gives no more within five years.
    """
    return tuple(islice(_following(schedule, after), count))


def occurrences_until(schedule: Schedule, after: date | datetime, until: date) -> tuple[Occurrence, ...]:
    """All meetings after `after`, up to and with the day `until`."""
    found = []
    for occurrence in _following(schedule, after):
        if occurrence.slot > until:
            break
        found.append(occurrence)
    return tuple(found)


def is_occurrence(schedule: Schedule, day: date) -> bool:
    """Whether the recurrence gives a meeting that day."""
    return any(o.slot == day for o in occurrences(schedule, day - timedelta(days=1), 1))


def check_rule(rule: str, first: date) -> str:
    """The rule in its normal form. Invalid (`rule`) if it cannot be read, ends, sets times, or gives nothing.

    Reasons: `not_a_rule`, `part` (with `part`), `frequency`, `never`.
    """
    normal = rule.strip().upper().removeprefix("RRULE:").strip("; ")
    parts = dict(part.partition("=")[::2] for part in normal.split(";"))
    unknown = sorted(parts.keys() - _KNOWN_PARTS)
    if "FREQ" not in parts or "" in parts.values():
        raise Invalid("rule", "not_a_rule", rule=rule)
    if unknown:
        raise Invalid("rule", "part", part=unknown[0])
    if parts["FREQ"] not in _FREQUENCIES:
        raise Invalid("rule", "frequency", part=parts["FREQ"])
    if not re.fullmatch(r"[1-9][0-9]?", parts.get("INTERVAL", "1")):
        raise Invalid("rule", "part", part="INTERVAL")
    _require_two(normal, first)
    return normal


def shortest_gap(schedule: Schedule) -> timedelta:
    """The shortest time between meetings that follow each other, by the wall clock, over the next two years."""
    horizon = schedule.first + timedelta(days=2 * 366)
    days = [o.slot for o in occurrences_until(schedule, schedule.first - timedelta(days=1), horizon)]
    return min((later - earlier for earlier, later in pairwise(days)), default=_REACH)


def round_plan(schedule: Schedule, meeting_start: datetime) -> RoundPlan:
    """When a round opens, reminds and closes before a meeting.

    Prompts and reminders keep to working days 07–18 local time: one that would fall outside goes out at 08.00 on
    that day or on the nearest earlier working day. Reminders that this moves to the opening, or past the
    deadline, fall away. The deadline itself is never moved: the meeting is when it is.
    """
    deadline = _before(schedule, meeting_start, schedule.deadline)
    opens_at = _considerate(schedule, _before(schedule, meeting_start, schedule.lead))
    reminders = {
        _considerate(schedule, _before(schedule, meeting_start, before)) for before in schedule.reminders
    }
    within = sorted(reminder for reminder in reminders if opens_at < reminder < deadline)
    return RoundPlan(opens_at, tuple(within), deadline)


def report_period(template: Template, meeting_day: date) -> tuple[date, date]:
    """The first and last day a report before that meeting is about: up to the day before the meeting (A1)."""
    return meeting_day - timedelta(days=template.period_days), meeting_day - timedelta(days=1)


def _following(schedule: Schedule, after: date | datetime) -> Iterator[Occurrence]:
    for local in _local_starts(schedule, after):
        occurrence = Occurrence(local.date(), schedule.instant(local.date()))
        if not isinstance(after, datetime) or occurrence.starts_at > after:
            yield occurrence


def _local_starts(schedule: Schedule, after: date | datetime) -> Iterator[datetime]:
    # From the day itself when an instant is given: the caller compares instants, where the clock may have changed.
    if isinstance(after, datetime):
        start = datetime.combine(schedule.local_day(after), time.min)
    else:
        start = datetime.combine(after + timedelta(days=1), time.min)
    rule = _rule(schedule.rule, datetime.combine(schedule.first, schedule.at))
    bounded = rule.replace(until=max(start, datetime.combine(schedule.first, schedule.at)) + _REACH)
    yield from bounded.xafter(start, inc=True)


def _rule(rule: str, start: datetime) -> rrule:
    try:
        parsed = rrulestr(rule, dtstart=start)
    except (ValueError, TypeError, IndexError, AttributeError) as wrong:
        raise Invalid("rule", "not_a_rule", rule=rule) from wrong
    if not isinstance(parsed, rrule):
        raise Invalid("rule", "not_a_rule", rule=rule)
    return parsed


def _require_two(rule: str, first: date) -> None:
    # dateutil looks for a match until the year 9999. The calendar repeats every 400 years, weekdays included:
    # there, close to the end, a rule that never matches is found out in no time.
    start = datetime.combine(first.replace(year=first.year + (9999 - first.year) // 400 * 400), time.min)
    found = _rule(rule, start).replace(until=start + _REACH)
    if len(list(islice(found, 2))) < 2:
        raise Invalid("rule", "never", rule=rule)


def _before(schedule: Schedule, meeting_start: datetime, before: timedelta) -> datetime:
    wall = meeting_start.astimezone(schedule.zone).replace(tzinfo=None) - before
    return wall.replace(tzinfo=schedule.zone).astimezone(UTC)


def _considerate(schedule: Schedule, instant: datetime) -> datetime:
    local = instant.astimezone(schedule.zone)
    day = local.date()
    if is_working_day(day) and EARLIEST <= local.time() <= LATEST:
        return instant
    too_early = local.time() < MORNING
    kept = is_working_day(day) and not too_early
    return schedule.instant(day if kept else working_day_before(day), MORNING)
