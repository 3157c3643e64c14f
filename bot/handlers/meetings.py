"""`möte`: the coming meetings, and changing them (A4)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot.commands import Command, fold
from bot.delivery.addressees import addressee, leads
from bot.delivery.couriers import Outgoing, Skip, ToMember
from bot.features import Feature, Turn
from bot.teams.activities import Reply
from bot.teams.messages import card_activity
from cards.inputs import BadInput, Inputs
from cards.meetings import (
    AnswerHoliday,
    CancelMeeting,
    ChangeMeeting,
    cancel_card,
    change_in_words,
    changed_card,
    holiday_card,
    meetings_card,
)
from cards.setup import problem
from cards.texts import Texts
from lagesbild.authority import Act, require
from lagesbild.dates import parse_date, parse_time
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.errors import Invalid, NotFound
from lagesbild.ids import MeetingId
from lagesbild.ports import Work
from lagesbild.rounds import MeetingState
from lagesbild.usecases.finding import own_group
from lagesbild.usecases.meetings import (
    Changed,
    HolidayAnswer,
    PlannedMeeting,
    add_meeting,
    answer_holiday,
    cancel_meeting,
    find_meeting,
    list_meetings,
    move_meeting,
    move_next,
    restore_meeting,
)

feature = Feature()

_MOVE = frozenset({"flytta", "move"})
_CANCEL = frozenset({"stall in", "installt", "avboka", "cancel"})
_ADD = frozenset({"lagg till", "nytt", "add"})


@feature.command(Command.MEETING, Act.SEE_MEETINGS)
async def meeting(turn: Turn, rest: str) -> Reply:
    """The coming meetings; `möte flytta 3 dec 13.00` moves the next one, `möte ställ in` asks whether to cancel it."""
    words = rest.split()
    verb, after = fold(" ".join(words[:1])), words[1:]
    if fold(" ".join(words[:2])) in _CANCEL | _ADD:
        verb, after = fold(" ".join(words[:2])), words[2:]
    try:
        return await _typed(turn, verb, after)
    except Invalid as wrong:
        return await _show(turn, error=problem(turn.texts, wrong))
    except NotFound:
        return await _show(turn, error=turn.texts("meeting.not_found"))


@feature.button(CancelMeeting, Act.PLAN_MEETINGS)
async def cancel(turn: Turn, payload: CancelMeeting, inputs: Inputs) -> Reply:
    """Cancel the meeting that the card names."""
    try:
        changed = await cancel_meeting(turn.work, turn.member, MeetingId(payload.meeting_id))
    except Invalid as wrong:
        return await _show(turn, error=problem(turn.texts, wrong))
    return await _show(turn, changed)


async def planned_form(turn: Turn, payload: ChangeMeeting, inputs: Inputs) -> Reply:
    """The coming meetings, to choose and change again."""
    return await _show(turn)


@feature.button(ChangeMeeting, Act.PLAN_MEETINGS, form=planned_form)
async def change(turn: Turn, payload: ChangeMeeting, inputs: Inputs) -> Reply:
    """Move, cancel, restore or add, as the card says."""
    return await _show(turn, await _change(turn, payload.what, inputs))


async def holiday_form(turn: Turn, payload: AnswerHoliday, inputs: Inputs) -> Reply:
    """The question about the holiday, to be answered again."""
    meeting = await turn.work.store.meetings.get(MeetingId(payload.meeting_id))
    group = await own_group(turn.work, turn.member)
    if meeting is None or meeting.group_id != group.id:
        raise NotFound("meeting", payload.meeting_id)
    return Reply(card=holiday_card(turn.texts, group, meeting).to_dict())


@feature.button(AnswerHoliday, Act.PLAN_MEETINGS, form=holiday_form)
async def holiday(turn: Turn, payload: AnswerHoliday, inputs: Inputs) -> Reply:
    """The coordinator's word about a meeting on a holiday."""
    try:
        answer = HolidayAnswer(payload.answer)
    except ValueError:
        raise BadInput("answer", "not_a_choice") from None
    starts_at = await _instant(turn, inputs) if answer is HolidayAnswer.MOVE else None
    changed = await answer_holiday(turn.work, turn.member, MeetingId(payload.meeting_id), answer, starts_at)
    return Reply(text="\n\n".join(change_in_words(turn.texts, changed)))


async def _typed(turn: Turn, verb: str, words: list[str]) -> Reply:
    if verb in _MOVE:
        return await _show(turn, await move_next(turn.work, turn.member, await _typed_instant(turn, words)))
    if verb in _CANCEL:
        return await _ask_to_cancel(turn, words)
    if verb in _ADD:
        return await _show(turn, await add_meeting(turn.work, turn.member, await _typed_instant(turn, words)))
    return await _show(turn)


async def _ask_to_cancel(turn: Turn, words: list[str]) -> Reply:
    """The card with the button: a line that comes twice must not cancel the meeting after, too."""
    require(turn.member, Act.PLAN_MEETINGS)
    group = await own_group(turn.work, turn.member)
    today = group.local_day(turn.work.clock.now())
    day = parse_date(" ".join(words), today, "day") if words else None
    meeting = await find_meeting(turn.work, turn.member, day)
    if meeting.state is MeetingState.CANCELLED:
        return await _show(turn, await cancel_meeting(turn.work, turn.member, meeting.id))
    round_ = await turn.work.store.rounds.get_by_meeting(meeting.id)
    known = await list_meetings(turn.work, turn.member)
    before = [one.meeting for one in known if one.meeting.starts_at < meeting.starts_at]
    already = next((one for one in before if not words and one.state is MeetingState.CANCELLED), None)
    return Reply(card=cancel_card(turn.texts, group, PlannedMeeting(meeting, round_), already).to_dict())


async def _change(turn: Turn, what: str, inputs: Inputs) -> Changed:
    meeting_id = MeetingId(inputs.text("meeting", max=64))
    if what == "move":
        return await move_meeting(turn.work, turn.member, meeting_id, await _instant(turn, inputs))
    if what == "cancel":
        return await cancel_meeting(turn.work, turn.member, meeting_id)
    if what == "restore":
        return await restore_meeting(turn.work, turn.member, meeting_id)
    return await add_meeting(turn.work, turn.member, await _instant(turn, inputs))


async def _instant(turn: Turn, inputs: Inputs) -> datetime:
    day, at = inputs.date("day", required=True), inputs.time("time", required=True)
    group = await own_group(turn.work, turn.member)
    return datetime.combine(day, at, ZoneInfo(group.timezone)).astimezone(UTC)


async def _typed_instant(turn: Turn, words: list[str]) -> datetime:
    """A typed day and, last, a time; without one the group's usual time."""
    group = await own_group(turn.work, turn.member)
    today = group.local_day(turn.work.clock.now())
    at = _clock_time(words[-1]) if len(words) > 1 else None
    day = parse_date(" ".join(words if at is None else words[:-1]), today, "day")
    if at is None:
        at = group.schedule.at if group.schedule else time(13)
    return datetime.combine(day, at, ZoneInfo(group.timezone)).astimezone(UTC)


def _clock_time(word: str) -> time | None:
    try:
        return parse_time(word)
    except Invalid:
        return None


async def _show(turn: Turn, changed: Changed | None = None, error: str = "") -> Reply:
    group = await own_group(turn.work, turn.member)
    planned = await list_meetings(turn.work, turn.member)
    said = change_in_words(turn.texts, changed) if changed else ()
    card = meetings_card(turn.texts, group, planned, leads=turn.member.leads, said=said, error=error)
    return Reply(card=card.to_dict())


@feature.delivers(DeliveryKind.HOLIDAY)
async def ask_about_holiday(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The question about a meeting on a holiday."""
    group, member = await addressee(work, delivery, still=leads)
    meeting = await work.store.meetings.get(MeetingId(delivery.subject))
    if meeting is None or meeting.state is not MeetingState.QUESTIONED:
        return Skip("answered")
    card = holiday_card(Texts(member.locale), group, meeting)
    return Outgoing(ToMember(group.home, member), card_activity(card))


@feature.delivers(DeliveryKind.MEETING_CHANGED)
async def tell_change(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The word that a meeting moved or was cancelled."""
    group, member = await addressee(work, delivery)
    meeting = await work.store.meetings.get(MeetingId(delivery.subject))
    round_ = await work.store.rounds.get(delivery.round_id) if delivery.round_id else None
    if meeting is None or round_ is None:
        return Skip("gone")
    card = changed_card(Texts(member.locale), group, meeting, round_)
    return Outgoing(ToMember(group.home, member), card_activity(card))
