"""`möte`: the coming meetings, moving and cancelling them, and the question about a holiday (A4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.fields import Choice, ChoiceSet, DateInput, TimeInput
from cards.help import RunCommand
from cards.layout import header
from cards.report import OpenReport
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.people import Group
from lagesbild.rounds import Meeting, MeetingState, Round, RoundState
from lagesbild.usecases.meetings import Changed, PlannedMeeting

_NAMED_AFTER: Final = ("Kristi", "Sveriges")


@dataclass(frozen=True)
class ChangeMeeting(Payload, verb="meeting.change"):
    """Move, cancel, restore the chosen meeting, or add one on the day and time in the card."""

    group_id: str
    what: str


@dataclass(frozen=True)
class CancelMeeting(Payload, verb="meeting.cancel"):
    """Cancel that meeting."""

    group_id: str
    meeting_id: str


@dataclass(frozen=True)
class AnswerHoliday(Payload, verb="meeting.holiday"):
    """Whether a meeting on a holiday is held: keep, cancel or move."""

    group_id: str
    meeting_id: str
    answer: str


def meetings_card(
    t: Texts,
    group: Group,
    meetings: Sequence[PlannedMeeting],
    *,
    leads: bool,
    said: Sequence[str] = (),
    error: str = "",
) -> Card:
    """The coming meetings with their rounds; for who leads the group, with what can be changed."""
    body: list[Element] = [*header(t("meeting.title"), one_line(group.title))]
    body += [TextBlock(f"✓ {line}" if n == 0 else line, color="good") for n, line in enumerate(said)]
    if error:
        body.append(TextBlock(f"⚠ {error}", color="attention"))
    if not meetings:
        body.append(TextBlock(t("meeting.none")))
    for planned in meetings:
        body.append(
            TextBlock(
                t("meeting.line", when=t.datetime(planned.meeting.starts_at, group.timezone)), spacing="small"
            )
        )
        body.append(TextBlock(_state(t, group, planned), is_subtle=True, size="small", spacing="none"))
    if not (leads and meetings):
        return Card(body, lang=t.language, fallback_text=t("meeting.title"))
    choices = [Choice(t.datetime(p.meeting.starts_at, group.timezone), p.meeting.id) for p in meetings]
    first = meetings[0].meeting
    body.append(
        ChoiceSet("meeting", t("meeting.choose"), choices, value=first.id, style="compact", separator=True)
    )
    body += _day_and_time(
        t, group.local_day(first.starts_at), group.schedule.at if group.schedule else time(13)
    )
    buttons: list[Action] = [
        execute(t(f"meeting.{what}"), ChangeMeeting(group.id, what))
        for what in ("move", "cancel", "restore", "add")
    ]
    return Card(body, lang=t.language, fallback_text=t("meeting.title"), actions=buttons)


def cancel_card(t: Texts, group: Group, planned: PlannedMeeting, already: Meeting | None = None) -> Card:
    """Whether that meeting is to be cancelled: its name stands on the card, so that nothing is cancelled by a line that
    came twice. `already` is one before it that is cancelled, and perhaps was meant."""
    title = t("meeting.cancel_title")
    body: list[Element] = [*header(title)]
    if already is not None:
        when = t.datetime(already.starts_at, group.timezone)
        body.append(TextBlock(t("meeting.cancelled_already", when=when), color="good"))
    when = t.datetime(planned.meeting.starts_at, group.timezone)
    body += [
        TextBlock(t("meeting.line", when=when), spacing="small"),
        TextBlock(_state(t, group, planned), is_subtle=True, size="small", spacing="none"),
        TextBlock(t("meeting.cancel_kept")),
    ]
    buttons: list[Action] = [
        execute(t("meeting.cancel_this"), CancelMeeting(group.id, planned.meeting.id), style="destructive"),
        execute(t("meeting.see_all"), RunCommand(t("meeting.command"), group.id), associated_inputs="none"),
    ]
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def holiday_card(t: Texts, group: Group, meeting: Meeting) -> Card:
    """A meeting falls on a holiday: the coordinator decides, nothing is skipped silently."""
    when = t.datetime(meeting.starts_at, group.timezone)
    title = t("meeting.holiday_title", when=when, holiday=_holiday(t, meeting))
    body: list[Element] = [*header(title), TextBlock(t("meeting.holiday_ask"))]
    body += _day_and_time(
        t, group.local_day(meeting.starts_at), group.schedule.at if group.schedule else time(13)
    )
    buttons: list[Action] = [
        execute(t("meeting.holiday_keep"), AnswerHoliday(group.id, meeting.id, "keep")),
        execute(t("meeting.holiday_cancel"), AnswerHoliday(group.id, meeting.id, "cancel")),
        execute(t("meeting.move"), AnswerHoliday(group.id, meeting.id, "move")),
    ]
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def changed_card(t: Texts, group: Group, meeting: Meeting, round_: Round) -> Card:
    """Told to those who were prompted already: the meeting moved or was cancelled."""
    cancelled = meeting.state is MeetingState.CANCELLED
    text = t(
        "meeting.changed_cancelled" if cancelled else "meeting.changed_moved",
        when=t.datetime(meeting.starts_at, group.timezone),
        deadline=t.datetime(round_.deadline, group.timezone),
    )
    answer = execute(t("meeting.answer"), OpenReport(round_.id), associated_inputs="none")
    return Card([TextBlock(text)], lang=t.language, fallback_text=text, actions=[answer])


def change_in_words(t: Texts, changed: Changed) -> list[str]:
    """What a change did: the meeting, its round, and who is told."""
    zone = changed.group.timezone
    when = t.datetime(changed.meeting.starts_at, zone)
    was = t.datetime(changed.before.starts_at, zone) if changed.before else ""
    lines = [t(_outcome(changed), when=when, was=was)]
    round_ = changed.round
    if round_ is not None and changed.meeting.state is MeetingState.PLANNED:
        if round_.state is RoundState.PLANNED:
            lines.append(t("meeting.now_opens", when=t.datetime(round_.opens_at, zone)))
        else:
            lines.append(t("meeting.now_deadline", when=t.datetime(round_.deadline, zone)))
    if changed.told:
        lines.append(t.plural("meeting.told", changed.told))
    return lines


def _outcome(changed: Changed) -> str:
    before, meeting = changed.before, changed.meeting
    if meeting.state is MeetingState.CANCELLED:
        return "meeting.cancelled_already" if before == meeting else "meeting.cancelled_done"
    if before is None:
        return "meeting.added"
    return "meeting.moved" if before.starts_at != meeting.starts_at else "meeting.restored"


def _state(t: Texts, group: Group, planned: PlannedMeeting) -> str:
    meeting, round_ = planned.meeting, planned.round
    if meeting.state is MeetingState.CANCELLED:
        return t("meeting.cancelled")
    if meeting.state is MeetingState.QUESTIONED:
        return t("meeting.questioned", holiday=_holiday(t, meeting))
    if round_ is None or round_.state is RoundState.CLOSED:
        return t("meeting.closed")
    if round_.state is RoundState.OPEN:
        return t("meeting.open", when=t.datetime(round_.deadline, group.timezone))
    return t("meeting.opens", when=t.datetime(round_.opens_at, group.timezone))


def _day_and_time(t: Texts, day: date, at: time) -> list[Element]:
    return [
        DateInput("day", t("meeting.day"), value=day.isoformat()),
        TimeInput("time", t("meeting.time"), value=at.strftime("%H:%M")),
    ]


def _holiday(t: Texts, meeting: Meeting) -> str:
    """A holiday inside a sentence: in Swedish its name begins small, but for who or what it is named after."""
    name = one_line(meeting.holiday or "")
    if t.language == "en" or name.startswith(_NAMED_AFTER):
        return name
    return name[:1].lower() + name[1:]
