"""The set-up form: what the coordinator typed, checked as a whole, so that everything wrong is shown at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from lagesbild.calendar import MONTHLY, TWO_WEEKS, WEEKLY, Schedule, check_rule, occurrences, shortest_gap
from lagesbild.dates import parse_date, parse_span, parse_spans, parse_time, span_text
from lagesbild.errors import Invalid, LagesbildError
from lagesbild.ids import MemberId
from lagesbild.people import Group, Member, MemberState, Publication, Role
from lagesbild.templates import Colour, TemplateRef, Templates

T = TypeVar("T")

INTERVALS = {"weekly": WEEKLY, "two_weeks": TWO_WEEKS, "monthly": MONTHLY}
CUSTOM = "custom"
LONGEST_LEAD = timedelta(days=28)
MOST_REMINDERS = 3
LONGEST_TEXT = 80
MOST_WEEKS = 26


class FormErrors(LagesbildError):
    """A form cannot be saved; nothing was changed. `errors` has one Invalid for each field that is wrong."""

    def __init__(self, errors: Collection[Invalid]) -> None:
        super().__init__("; ".join(map(str, errors)))
        self.errors = tuple(errors)


@dataclass(frozen=True)
class GroupForm:
    """The set-up form as typed. `interval` is weekly, two_weeks, monthly or custom (then `rule` says it).

    Spans are typed ("4 dagar", "12 h"; a bare number is days for `lead` and `reminders`, hours for `deadline`).
    `colours` is empty, or the colours of the ratings 1–5 by the municipality's own decision (A3).
    """

    municipality: str
    name: str
    template_id: str
    channel_id: str
    first: str
    at: str
    interval: str = "two_weeks"
    rule: str = ""
    lead: str = "4"
    deadline: str = "4"
    reminders: str = "1"
    channel_name: str = ""
    deputy_id: str = ""
    publication: str = Publication.MANUAL.value
    concern_url: str = ""
    colours: tuple[str, ...] = ()
    assignment: str = ""
    guidelines: str = ""
    follow_up_weeks: str = "5"
    """Weeks from when something is done until its reporters are asked whether it shows (C6)."""


@dataclass(frozen=True)
class GroupSettings:
    """A checked form."""

    municipality: str
    name: str
    template: TemplateRef
    channel_id: str
    channel_name: str
    schedule: Schedule
    deputy_id: MemberId | None
    publication: Publication
    concern_url: str | None
    colours: tuple[Colour, Colour, Colour, Colour, Colour] | None
    assignment: str | None
    guidelines: str | None
    follow_up_weeks: int = 5


def form_of(group: Group, members: Collection[Member], templates: Templates, today: date) -> GroupForm:
    """The form filled in with what the group has; for a new group with what its template suggests."""
    newest = templates.newest()
    template = next((t for t in newest if group.template and t.ref.id == group.template.id), newest[0])
    schedule = group.schedule
    deputy = next((m for m in members if m.has(Role.DEPUTY) and m.state is MemberState.ACTIVE), None)
    suggested = "weekly" if template.every_weeks == 1 else "two_weeks"
    return GroupForm(
        municipality=group.municipality or template.municipality,
        name=group.name or template.group_name,
        template_id=template.ref.id,
        channel_id=group.home.channel_id,
        channel_name=group.home.channel_name,
        first=_next_day(schedule, today).isoformat() if schedule else "",
        at=schedule.at.strftime("%H:%M") if schedule else "13:00",
        interval=interval_of(schedule.rule) if schedule else suggested,
        rule=schedule.rule if schedule and interval_of(schedule.rule) == CUSTOM else "",
        lead=span_text(schedule.lead if schedule else timedelta(days=4)),
        deadline=span_text(schedule.deadline if schedule else timedelta(hours=4)),
        reminders=", ".join(map(span_text, schedule.reminders)) if schedule else "1 d",
        deputy_id=deputy.id if deputy else "",
        publication=group.publication.value,
        concern_url=group.concern_url or "",
        colours=tuple(colour.value for colour in group.colour_of_impact or ()),
        assignment=group.assignment or "",
        guidelines=group.guidelines or "",
        follow_up_weeks=str(group.follow_up_weeks),
    )


def interval_of(rule: str) -> str:
    """The form's word for a rule: `custom` unless it is one of the usual."""
    return next((word for word, known in INTERVALS.items() if known == rule), CUSTOM)


def checked(
    form: GroupForm, templates: Templates, now: datetime, timezone: str, known: Schedule | None
) -> GroupSettings:
    """The form's values; FormErrors with all that is wrong. `known` is the schedule before, whose first day may be past."""
    check = _Check()
    schedule = _schedule(check, form, now, timezone, known)
    settings = GroupSettings(
        municipality=check.get(lambda: _text(form.municipality, "municipality"), ""),
        name=check.get(lambda: _text(form.name, "name"), ""),
        template=check.get(lambda: _template(form.template_id, templates), TemplateRef("", 0)),
        channel_id=check.get(lambda: _required(form.channel_id, "channel"), ""),
        channel_name=form.channel_name.strip(),
        schedule=schedule,
        deputy_id=MemberId(form.deputy_id) if form.deputy_id else None,
        publication=check.get(lambda: _publication(form.publication), Publication.MANUAL),
        concern_url=check.get(lambda: _url(form.concern_url), None),
        colours=check.get(lambda: _colours(form.colours), None),
        assignment=form.assignment.strip() or None,
        guidelines=form.guidelines.strip() or None,
        follow_up_weeks=check.get(lambda: _weeks(form.follow_up_weeks), 5),
    )
    check.done()
    return settings


class _Check:
    """Collects what is wrong, field by field."""

    def __init__(self) -> None:
        self.errors: list[Invalid] = []

    def get(self, read: Callable[[], T], instead: T) -> T:
        try:
            return read()
        except Invalid as wrong:
            self.errors.append(wrong)
            return instead

    def done(self) -> None:
        if self.errors:
            raise FormErrors(self.errors)


def _schedule(
    check: _Check, form: GroupForm, now: datetime, timezone: str, known: Schedule | None
) -> Schedule:
    here = Schedule(date.min, time(0), WEEKLY, timezone)
    today = here.local_day(now)
    before = len(check.errors)
    first = check.get(lambda: parse_date(form.first, today, "first"), today)
    schedule = Schedule(
        first=first,
        at=check.get(lambda: parse_time(form.at, "at"), time(13)),
        rule=check.get(lambda: _interval(form, first), TWO_WEEKS),
        timezone=timezone,
        lead=check.get(lambda: parse_span(form.lead, "lead"), timedelta(days=4)),
        deadline=check.get(
            lambda: parse_span(form.deadline, "deadline", timedelta(hours=1)), timedelta(hours=4)
        ),
        reminders=check.get(lambda: parse_spans(form.reminders, "reminders"), ()),
    )
    if len(check.errors) == before:
        check.get(lambda: _not_past(schedule, now, known), None)
        check.get(lambda: _lead_fits(schedule), None)
        check.get(lambda: _reminders_fit(schedule), None)
    return schedule


def _interval(form: GroupForm, first: date) -> str:
    if form.interval == CUSTOM:
        return check_rule(form.rule, first)
    if form.interval not in INTERVALS:
        raise Invalid("interval", "unknown", value=form.interval)
    return INTERVALS[form.interval]


def _not_past(schedule: Schedule, now: datetime, known: Schedule | None) -> None:
    if known is not None and (known.first, known.at) == (schedule.first, schedule.at):
        return
    if schedule.instant(schedule.first) <= now:
        raise Invalid("first", "past", day=schedule.first)


def _lead_fits(schedule: Schedule) -> None:
    if schedule.lead > LONGEST_LEAD:
        raise Invalid("lead", "too_long", days=LONGEST_LEAD.days)
    if schedule.deadline >= schedule.lead:
        raise Invalid("deadline", "before_lead")
    if schedule.lead > shortest_gap(schedule):
        raise Invalid("lead", "overlaps", days=shortest_gap(schedule).days)


def _reminders_fit(schedule: Schedule) -> None:
    if len(schedule.reminders) > MOST_REMINDERS:
        raise Invalid("reminders", "too_many", most=MOST_REMINDERS)
    if any(not schedule.deadline < reminder < schedule.lead for reminder in schedule.reminders):
        raise Invalid("reminders", "outside")


def _next_day(schedule: Schedule, today: date) -> date:
    coming = occurrences(schedule, today - timedelta(days=1), 1)
    return coming[0].slot if coming else schedule.first


def _required(text: str, field: str) -> str:
    if not text.strip():
        raise Invalid(field, "empty")
    return text.strip()


def _text(text: str, field: str) -> str:
    name = " ".join(_required(text, field).split())
    if len(name) > LONGEST_TEXT:
        raise Invalid(field, "too_long", limit=LONGEST_TEXT, length=len(name))
    return name


def _template(template_id: str, templates: Templates) -> TemplateRef:
    for template in templates.newest():
        if template.ref.id == template_id:
            return template.ref
    raise Invalid("template", "unknown", value=template_id)


def _publication(value: str) -> Publication:
    try:
        return Publication(value)
    except ValueError:
        raise Invalid("publication", "unknown", value=value) from None


def _weeks(text: str) -> int:
    """ "5" or "5 veckor"."""
    number = text.strip().partition(" ")[0]
    weeks = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid("follow_up_weeks", "weeks", least=1, most=MOST_WEEKS)
    return weeks


def _url(text: str) -> str | None:
    url = text.strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Invalid("concern_url", "not_a_url") from None
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname or " " in url:
        raise Invalid("concern_url", "not_a_url")
    return url


def _colours(values: tuple[str, ...]) -> tuple[Colour, Colour, Colour, Colour, Colour] | None:
    """All five or none; a higher rating is never a milder colour."""
    if not any(values):
        return None
    try:
        one, two, three, four, five = map(Colour, values)
    except ValueError:
        raise Invalid("colours", "incomplete") from None
    order = list(Colour)
    if [order.index(colour) for colour in (one, two, three, four, five)] != sorted(
        order.index(colour) for colour in (one, two, three, four, five)
    ):
        raise Invalid("colours", "disorder")
    return one, two, three, four, five
