"""Groups, members and absences in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, select, update

from lagesbild.calendar import Schedule
from lagesbild.collation import swedish
from lagesbild.ids import GroupId, MemberId, RoundId
from lagesbild.people import Absence, Group, GroupState, Home, Member, MemberState, Publication, Role
from lagesbild.templates import Colour, TemplateRef
from storage import tables
from storage.rows import Row, Rows

_groups = tables.groups.c
_members = tables.members.c
_absences = tables.absences.c
_BY_USER = (
    select(tables.members)
    .join(tables.groups, _groups.id == _members.group_id)
    .where(
        _members.user_id == bindparam("user"),
        _groups.tenant_id == bindparam("tenant"),
        _members.state != MemberState.LEFT,
    )
    .order_by(_members.joined_at, _members.id)
)
_HOME = ("tenant_id", "service_url", "bot_id", "team_id", "channel_id", "channel_name")


class Groups:
    """Fulfils `lagesbild.repositories.Groups`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, group_id: GroupId) -> Group | None:
        return await self._rows.by_key(tables.groups, _group, id=group_id)

    async def lock(self, group_id: GroupId) -> Group | None:
        await self._rows.lock_group(group_id)
        return await self.get(group_id)

    async def lock_by_round(self, round_id: RoundId) -> Group | None:
        query = select(tables.rounds.c.group_id).where(tables.rounds.c.id == round_id)
        row = await self._rows.one(query)
        return await self.lock(GroupId(row["group_id"])) if row else None

    async def get_by_team(self, tenant_id: str, team_id: str) -> Group | None:
        query = select(tables.groups).where(_groups.tenant_id == tenant_id, _groups.team_id == team_id)
        return await self._one(query)

    async def list_by_tenant(self, tenant_id: str) -> Sequence[Group]:
        query = select(tables.groups).where(_groups.tenant_id == tenant_id)
        found = await self._all(query.order_by(_groups.id))
        return sorted(found, key=lambda group: (swedish(group.municipality), swedish(group.name)))

    async def list_active(self) -> Sequence[Group]:
        query = select(tables.groups).where(_groups.state == GroupState.ACTIVE)
        return await self._all(query.order_by(_groups.id))

    async def save(self, group: Group) -> None:
        await self._rows.save(tables.groups, _group_row(group))

    async def _one(self, query: Select[Any]) -> Group | None:
        row = await self._rows.one(query)
        return _group(row) if row else None

    async def _all(self, query: Select[Any]) -> Sequence[Group]:
        return [_group(row) for row in await self._rows.all(query)]


class Members:
    """Fulfils `lagesbild.repositories.Members`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, member_id: MemberId) -> Member | None:
        return await self._rows.by_key(tables.members, _member, id=member_id)

    async def lock(self, member_id: MemberId) -> Member | None:
        return await self._rows.locked(tables.members, _member, id=member_id)

    async def get_by_user(self, group_id: GroupId, user_id: str) -> Member | None:
        query = select(tables.members).where(_members.group_id == group_id, _members.user_id == user_id)
        return await self._one(query)

    async def list_by_user(self, tenant_id: str, user_id: str) -> Sequence[Member]:
        return await self._rows.remembered(tables.members, _BY_USER, _member, user=user_id, tenant=tenant_id)

    async def list_by_group(self, group_id: GroupId) -> Sequence[Member]:
        query = select(tables.members).where(_members.group_id == group_id)
        found = await self._all(query.order_by(_members.id))
        return sorted(found, key=lambda member: swedish(member.name))

    async def lock_by_group(self, group_id: GroupId) -> Sequence[Member]:
        await self._rows.lock_group(group_id)
        query = select(tables.members).where(_members.group_id == group_id).order_by(_members.id)
        found = await self._rows.all_locked(tables.members, query, _member)
        return sorted(found, key=lambda member: swedish(member.name))

    async def save(self, member: Member) -> None:
        row = {**vars(member), "roles": sorted(member.roles), "state": member.state.value}
        await self._rows.save(tables.members, row)

    async def remember(self, member_id: MemberId, conversation_id: str, locale: str | None = None) -> None:
        known = {"conversation_id": conversation_id} | ({"locale": locale} if locale else {})
        await self._rows.write(
            tables.members, update(tables.members).where(_members.id == member_id).values(known)
        )

    async def _one(self, query: Select[Any]) -> Member | None:
        row = await self._rows.one(query)
        return _member(row) if row else None

    async def _all(self, query: Select[Any]) -> Sequence[Member]:
        return await self._rows.made(query, _member)


class Absences:
    """Fulfils `lagesbild.repositories.Absences`. They are kept under their member: whoever changes them locks it."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def list_by_member(self, member_id: MemberId) -> Sequence[Absence]:
        query = select(tables.absences).where(_absences.member_id == member_id)
        found = await self._all(query.order_by(_absences.first, _absences.id))
        if self._rows.holds(tables.members, member_id):
            for absence in found:
                self._rows.hold(tables.absences, absence.id)
        return found

    async def list_by_group(self, group_id: GroupId, first: date, last: date) -> Sequence[Absence]:
        query = select(tables.absences).join(tables.members, _members.id == _absences.member_id)
        touching = query.where(
            _members.group_id == group_id, _absences.first <= last, _absences.last >= first
        )
        return await self._all(touching.order_by(_absences.member_id, _absences.first, _absences.id))

    async def save(self, absence: Absence) -> None:
        await self._rows.save(tables.absences, vars(absence))

    async def remove(self, absence: Absence) -> None:
        await self._rows.write(tables.absences, delete(tables.absences).where(_absences.id == absence.id))

    async def _all(self, query: Select[Any]) -> Sequence[Absence]:
        return [Absence(**row) for row in await self._rows.all(query)]


def _group_row(group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "municipality": group.municipality,
        "name": group.name,
        "state": group.state.value,
        **vars(group.home),
        "created_at": group.created_at,
        "template_id": group.template.id if group.template else None,
        "template_version": group.template.version if group.template else None,
        "schedule": _schedule_data(group.schedule) if group.schedule else None,
        "publication": group.publication.value,
        "colour_of_impact": group.colour_of_impact,
        "concern_url": group.concern_url,
        "assignment": group.assignment,
        "guidelines": group.guidelines,
        "follow_up_weeks": group.follow_up_weeks,
    }


def _group(row: Row) -> Group:
    values = dict(row)
    home = Home(**{name: values.pop(name) for name in _HOME})
    template, version = values.pop("template_id"), values.pop("template_version")
    colours, schedule = values.pop("colour_of_impact"), values.pop("schedule")
    values["state"] = GroupState(values["state"])
    values["publication"] = Publication(values["publication"])
    return Group(
        **values,
        home=home,
        template=None if template is None else TemplateRef(template, version),
        schedule=_schedule(schedule) if schedule else None,
        colour_of_impact=tuple(map(Colour, colours)) if colours else None,  # type: ignore[arg-type]
    )


def _schedule_data(schedule: Schedule) -> dict[str, Any]:
    return {
        "first": schedule.first.isoformat(),
        "at": schedule.at.isoformat(),
        "rule": schedule.rule,
        "timezone": schedule.timezone,
        "lead": schedule.lead.total_seconds(),
        "deadline": schedule.deadline.total_seconds(),
        "reminders": [reminder.total_seconds() for reminder in schedule.reminders],
    }


def _schedule(data: dict[str, Any]) -> Schedule:
    return Schedule(
        first=date.fromisoformat(data["first"]),
        at=time.fromisoformat(data["at"]),
        rule=data["rule"],
        timezone=data["timezone"],
        lead=timedelta(seconds=data["lead"]),
        deadline=timedelta(seconds=data["deadline"]),
        reminders=tuple(timedelta(seconds=seconds) for seconds in data["reminders"]),
    )


def _member(row: Row) -> Member:
    values = {**row, "roles": frozenset(map(Role, row["roles"])), "state": MemberState(row["state"])}
    return Member(**values)
