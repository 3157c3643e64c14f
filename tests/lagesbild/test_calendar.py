"""Meetings recur by the wall clock, and nobody is disturbed at night or on a holiday (A4)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.calendar import (
    MONTHLY,
    TWO_WEEKS,
    WEEKLY,
    Schedule,
    check_rule,
    is_occurrence,
    occurrences,
    occurrences_until,
    report_period,
    round_plan,
    shortest_gap,
)
from lagesbild.errors import Invalid
from lagesbild.holidays import holiday_on, is_working_day, working_day_from
from tests.samples import a_schedule, fagersta, ludvika

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
TIMES = st.times(time(5), time(22)).map(lambda at: at.replace(second=0, microsecond=0))
RULES = st.sampled_from((WEEKLY, TWO_WEEKS, MONTHLY, "FREQ=MONTHLY;BYDAY=1TU", "FREQ=WEEKLY;BYDAY=TU,TH"))
HOURS = st.integers(1, 24 * 14)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


@settings(deadline=None)
@given(DAYS, TIMES, RULES)
def test_a_meeting_keeps_its_wall_time_over_every_change_of_the_clock(
    first: date, at: time, rule: str
) -> None:
    found = occurrences(a_schedule(first=first, at=at, rule=rule), first - timedelta(days=1), 30)
    assert {o.starts_at.astimezone(STOCKHOLM).time() for o in found} == {at}
    assert all(
        o.starts_at.tzinfo is UTC and o.starts_at.astimezone(STOCKHOLM).date() == o.slot for o in found
    )
    assert all(earlier.starts_at < later.starts_at for earlier, later in pairwise(found))


@settings(deadline=None)
@given(DAYS, TIMES, RULES, HOURS, HOURS, st.lists(HOURS, max_size=3))
def test_a_round_opens_then_reminds_then_closes_then_the_meeting_starts(  # noqa: PLR0917  drawn values
    day: date, at: time, rule: str, lead: int, deadline: int, reminders: list[int]
) -> None:
    lead, deadline = max(lead, deadline) + 1, min(lead, deadline)
    schedule = a_schedule(
        first=day,
        at=at,
        rule=rule,
        lead=timedelta(hours=lead),
        deadline=timedelta(hours=deadline),
        reminders=tuple(timedelta(hours=hours) for hours in reminders),
    )
    start = schedule.instant(day)
    plan = round_plan(schedule, start)
    instants = (plan.opens_at, *plan.remind_at, plan.deadline, start)
    assert all(earlier < later for earlier, later in pairwise(instants))


@settings(deadline=None)
@given(DAYS, TIMES, HOURS)
def test_prompts_go_out_in_working_hours_at_the_latest_when_the_lead_says(
    day: date, at: time, lead: int
) -> None:
    schedule = a_schedule(
        first=day, at=at, lead=timedelta(hours=lead), deadline=timedelta(minutes=30), reminders=()
    )
    opens = round_plan(schedule, schedule.instant(day)).opens_at.astimezone(STOCKHOLM)
    assert is_working_day(opens.date())
    assert time(7) <= opens.time() <= time(18)
    assert opens.replace(tzinfo=None) <= datetime.combine(day, at) - timedelta(hours=lead)


@settings(deadline=None)
@given(DAYS, TIMES, RULES, st.integers(1, 20))
def test_asking_in_two_steps_gives_the_same_meetings(first: date, at: time, rule: str, count: int) -> None:
    schedule = a_schedule(first=first, at=at, rule=rule)
    found = occurrences(schedule, first, count + 5)
    assert occurrences(schedule, found[count - 1].starts_at, 5) == found[count : count + 5]


def test_every_second_thursday() -> None:
    found = occurrences(a_schedule(), date(2025, 3, 12), 3)
    assert [o.slot.isoformat() for o in found] == ["2025-03-13", "2025-03-27", "2025-04-10"]
    assert [o.starts_at.hour for o in found] == [12, 12, 11]


def test_a_meeting_that_has_begun_is_not_ahead() -> None:
    schedule = a_schedule()
    start = schedule.instant(date(2025, 3, 13))
    assert occurrences(schedule, start - timedelta(seconds=1), 1)[0].slot == date(2025, 3, 13)
    assert occurrences(schedule, start, 1)[0].slot == date(2025, 3, 27)


def test_the_first_tuesday_of_each_month() -> None:
    schedule = a_schedule(rule="FREQ=MONTHLY;BYDAY=1TU", first=date(2025, 1, 7))
    found = occurrences_until(schedule, date(2025, 1, 1), date(2025, 4, 1))
    assert [o.slot.isoformat() for o in found] == ["2025-01-07", "2025-02-04", "2025-03-04", "2025-04-01"]


def test_a_day_belongs_to_the_rhythm_or_not() -> None:
    assert is_occurrence(a_schedule(), date(2025, 3, 27))
    assert not is_occurrence(a_schedule(), date(2025, 3, 20))
    assert not is_occurrence(a_schedule(), date(2025, 2, 27))


def test_the_shortest_gap_is_found_among_uneven_days() -> None:
    assert shortest_gap(a_schedule(rule="FREQ=WEEKLY;BYDAY=MO,WE", first=date(2025, 3, 10))) == timedelta(
        days=2
    )


@pytest.mark.parametrize(
    ("rule", "normal"),
    [
        ("freq=weekly", "FREQ=WEEKLY"),
        (" RRULE:FREQ=MONTHLY;BYDAY=1TU; ", "FREQ=MONTHLY;BYDAY=1TU"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=TH", "FREQ=WEEKLY;INTERVAL=3;BYDAY=TH"),
    ],
)
def test_a_rule_is_taken_in_its_normal_form(rule: str, normal: str) -> None:
    assert check_rule(rule, date(2025, 1, 1)) == normal


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("varannan torsdag", "not_a_rule"),
        ("", "not_a_rule"),
        ("FREQ=WEEKLY;BYDAY=XX", "not_a_rule"),
        ("FREQ=WEEKLY;BYDAY=", "not_a_rule"),
        ("FREQ=WEEKLY\nEXDATE:20250101", "frequency"),
        ("FREQ=MONTHLY;BYMONTHDAY=99", "never"),
        ("FREQ=WEEKLY;COUNT=3", "part"),
        ("FREQ=WEEKLY;UNTIL=20260101", "part"),
        ("FREQ=WEEKLY;BYHOUR=3", "part"),
        ("FREQ=WEEKLY;INTERVAL=0", "part"),
        ("FREQ=WEEKLY;INTERVAL=-1", "part"),
        ("FREQ=HOURLY", "frequency"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_with_its_reason(rule: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_rule(rule, date(2025, 1, 1))
    assert (refused.value.field, refused.value.reason) == ("rule", reason)


@settings(deadline=None)
@given(st.text(st.sampled_from("FREQ=WEKLYMONTHBDAUI;,1-90+\n :"), max_size=60))
def test_no_typed_rule_does_anything_but_work_or_be_refused(rule: str) -> None:
    with suppress(Invalid):
        assert check_rule("FREQ=WEEKLY;" + rule, date(2025, 1, 1)).startswith("FREQ=")


@pytest.mark.parametrize(
    ("would_be", "goes_out"),
    [
        ("2025-03-11 09:30", "2025-03-11 09:30"),
        ("2025-03-11 07:00", "2025-03-11 07:00"),
        ("2025-03-11 06:59", "2025-03-10 08:00"),
        ("2025-03-11 18:01", "2025-03-11 08:00"),
        ("2025-03-10 06:00", "2025-03-07 08:00"),
        ("2025-03-09 13:00", "2025-03-07 08:00"),
        ("2025-04-21 13:00", "2025-04-17 08:00"),
        ("2025-06-20 13:00", "2025-06-19 08:00"),
    ],
)
def test_a_prompt_moves_to_the_morning_of_an_earlier_working_day(would_be: str, goes_out: str) -> None:
    schedule = a_schedule(lead=timedelta(days=1), reminders=())
    plan = round_plan(schedule, _at(would_be) + timedelta(days=1))
    assert plan.opens_at == _at(goes_out)


def test_a_reminder_that_lands_on_the_opening_falls_away() -> None:
    schedule = a_schedule(lead=timedelta(days=4), reminders=(timedelta(days=3), timedelta(hours=5)))
    # Tuesday's meeting: four and three days before are Friday 13.00 and Saturday, moved to Friday 08.00.
    plan = round_plan(schedule, _at("2025-03-11 13:00"))
    assert plan.opens_at == _at("2025-03-07 13:00")
    assert plan.remind_at == (_at("2025-03-11 08:00"),)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 24), "Julafton"),
        (date(2026, 12, 31), "Nyårsafton"),
        (date(2026, 6, 19), "Midsommarafton"),
        (date(2026, 6, 6), "Nationaldagen"),
        (date(2026, 4, 3), "Långfredagen"),
        (date(2026, 4, 5), "Påskdagen"),
        (date(2026, 10, 31), "Alla helgons dag"),
        (date(2026, 11, 1), None),
        (date(2026, 11, 2), None),
    ],
)
def test_holidays_are_known_by_their_swedish_names(day: date, name: str | None) -> None:
    assert holiday_on(day) == name


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 23), date(2026, 12, 23)),
        (date(2026, 12, 24), date(2026, 12, 28)),
        (date(2026, 11, 29), date(2026, 11, 30)),
        (date(2026, 4, 3), date(2026, 4, 7)),
    ],
)
def test_the_next_working_day_passes_over_weekends_and_holidays(day: date, works: date) -> None:
    assert working_day_from(day) == works


def test_a_report_is_about_the_days_before_the_meeting() -> None:
    assert report_period(fagersta(), date(2025, 3, 13)) == (date(2025, 2, 27), date(2025, 3, 12))
    first, last = report_period(ludvika(), date(2025, 3, 13))
    assert (last - first).days == ludvika().period_days - 1


def test_other_zones_have_their_own_clock() -> None:
    helsinki = Schedule(date(2025, 3, 13), time(13), WEEKLY, "Europe/Helsinki")
    assert occurrences(helsinki, date(2025, 3, 12), 1)[0].starts_at == datetime(2025, 3, 13, 11, tzinfo=UTC)
