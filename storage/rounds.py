"""Meetings and rounds in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, delete, func, or_, select

from lagesbild.ids import GroupId, MeetingId, RoundId
from lagesbild.people import GroupState
from lagesbild.rounds import Meeting, MeetingState, Round, RoundState
from lagesbild.templates import TemplateRef
from storage import tables
from storage.rows import Row, Rows
from storage.sharing import Undone

_meetings = tables.meetings.c
_rounds = tables.rounds.c
_BEGUN = (
    select(tables.rounds)
    .where(_rounds.group_id == bindparam("group_id"), _rounds.state != RoundState.PLANNED)
    .order_by(_rounds.number.desc())
    .limit(bindparam("limit", type_=Integer))
)
_BEGUN_BEFORE = _BEGUN.where(_rounds.number < bindparam("before"))


class Meetings:
    """Fulfils `lagesbild.repositories.Meetings`. They are kept under their group: whoever changes them locks it."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, meeting_id: MeetingId) -> Meeting | None:
        return self._kept(await self._rows.by_key(tables.meetings, _meeting, id=meeting_id))

    async def list_by_group(self, group_id: GroupId, after: datetime, limit: int = 20) -> Sequence[Meeting]:
        query = select(tables.meetings).where(_meetings.group_id == group_id, _meetings.starts_at > after)
        ordered = query.order_by(_meetings.starts_at, _meetings.id).limit(limit)
        found = [_meeting(row) for row in await self._rows.all(ordered)]
        for meeting in found:
            self._kept(meeting)
        return found

    async def get_by_slot(self, group_id: GroupId, slot: date) -> Meeting | None:
        query = select(tables.meetings).where(_meetings.group_id == group_id, _meetings.slot == slot)
        return await self._one(query)

    async def save(self, meeting: Meeting) -> None:
        await self._rows.save(tables.meetings, _meeting_row(meeting))

    async def remove(self, meeting: Meeting) -> None:
        """Its planned round goes too; with a round that opened, the foreign key stops the commit."""
        planned = and_(_rounds.meeting_id == meeting.id, _rounds.state == RoundState.PLANNED)
        await self._rows.write(tables.rounds, delete(tables.rounds).where(planned))
        await self._rows.write(tables.meetings, delete(tables.meetings).where(_meetings.id == meeting.id))

    async def _one(self, query: Select[Any]) -> Meeting | None:
        row = await self._rows.one(query)
        return self._kept(_meeting(row)) if row else None

    def _kept(self, meeting: Meeting | None) -> Meeting | None:
        """The same: it may be saved changed if its group is locked."""
        if meeting is not None and self._rows.holds(tables.groups, meeting.group_id):
            self._rows.hold(tables.meetings, meeting.id)
        return meeting


class Rounds:
    """Fulfils `lagesbild.repositories.Rounds`. Getting a round to write it locks it until commit; while it is planned, it
    is kept under its group, which whoever plans or opens has locked."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, round_id: RoundId) -> Round | None:
        await self._rows.lock_round(round_id, _round)
        self._rows.hold(tables.rounds, round_id)
        return await self.peek(round_id)

    async def peek(self, round_id: RoundId) -> Round | None:
        return await self._rows.by_key(tables.rounds, _round, id=round_id)

    async def hold(self, round_id: RoundId) -> Round | None:
        seen = await self.peek(round_id)
        if seen is None or seen.revision:  # an answer to a published round writes to it: the picture changes
            return await self.get(round_id)
        await self._rows.share_round(round_id, _round)
        held = await self.peek(round_id)
        if held is not None and held.revision:
            raise Undone  # published just now; whoever shares it and then waits to write can wait for another who does
        return held

    async def get_by_number(self, group_id: GroupId, number: int) -> Round | None:
        query = select(tables.rounds).where(_rounds.group_id == group_id, _rounds.number == number)
        return await self._one(query)

    async def get_by_meeting(self, meeting_id: MeetingId) -> Round | None:
        return await self._one(select(tables.rounds).where(_rounds.meeting_id == meeting_id))

    async def list_by_group(
        self, group_id: GroupId, limit: int = 20, *, before: int | None = None
    ) -> Sequence[Round]:
        asked = {"group_id": group_id, "limit": limit}
        if before is None:
            return await self._rows.remembered(tables.rounds, _BEGUN, _round, **asked)
        return await self._rows.remembered(tables.rounds, _BEGUN_BEFORE, _round, **asked, before=before)

    async def list_planned(self, group_id: GroupId) -> Sequence[Round]:
        query = select(tables.rounds).where(_rounds.group_id == group_id, _rounds.state == RoundState.PLANNED)
        return await self._all(query.order_by(_rounds.opens_at, _rounds.number))

    async def list_due(self, now: datetime) -> Sequence[Round]:
        """By opening time, then id."""
        due = or_(
            and_(_rounds.state == RoundState.PLANNED, _rounds.opens_at <= now),
            _rounds.state == RoundState.OPEN,
        )
        query = select(tables.rounds).join(tables.groups, tables.groups.c.id == _rounds.group_id)
        active = query.where(tables.groups.c.state == GroupState.ACTIVE, due)
        return await self._all(active.order_by(_rounds.opens_at, _rounds.id))

    async def next_number(self, group_id: GroupId) -> int:
        last = select(func.max(_rounds.number).label("number")).where(_rounds.group_id == group_id)
        row = await self._rows.one(last)
        return (row["number"] or 0) + 1 if row else 1

    async def save(self, round_: Round) -> None:
        await self._rows.save(tables.rounds, _round_row(round_))

    async def remove(self, round_: Round) -> None:
        planned = and_(_rounds.id == round_.id, _rounds.state == RoundState.PLANNED)
        await self._rows.write(tables.rounds, delete(tables.rounds).where(planned))

    async def _one(self, query: Select[Any]) -> Round | None:
        row = await self._rows.one(query)
        return self._kept(_round(row)) if row else None

    async def _all(self, query: Select[Any]) -> Sequence[Round]:
        return [self._kept(_round(row)) for row in await self._rows.all(query)]

    def _kept(self, round_: Round) -> Round:
        """The same: it may be saved changed if it is planned and its group is locked."""
        if round_.state is RoundState.PLANNED and self._rows.holds(tables.groups, round_.group_id):
            self._rows.hold(tables.rounds, round_.id)
        return round_


def _meeting_row(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "group_id": meeting.group_id,
        "slot": meeting.slot,
        "starts_at": meeting.starts_at,
        "state": meeting.state.value,
        "holiday": meeting.holiday,
    }


def _meeting(row: Row) -> Meeting:
    return Meeting(**{**row, "state": MeetingState(row["state"])})


def _round_row(round_: Round) -> dict[str, Any]:
    return {
        "id": round_.id,
        "group_id": round_.group_id,
        "meeting_id": round_.meeting_id,
        "number": round_.number,
        "template_id": round_.template.id,
        "template_version": round_.template.version,
        "state": round_.state.value,
        "opens_at": round_.opens_at,
        "remind_at": [instant.astimezone(UTC).isoformat() for instant in round_.remind_at],
        "deadline": round_.deadline,
        "period_first": round_.period_first,
        "period_last": round_.period_last,
        "opened_at": round_.opened_at,
        "closed_at": round_.closed_at,
        "revision": round_.revision,
        "reviewed_by": round_.reviewed_by,
        "assessed_at": round_.assessed_at,
    }


def _round(row: Row) -> Round:
    values = dict(row)
    template = TemplateRef(values.pop("template_id"), values.pop("template_version"))
    values["state"] = RoundState(values["state"])
    values["remind_at"] = tuple(datetime.fromisoformat(text) for text in values["remind_at"])
    return Round(**values, template=template)
