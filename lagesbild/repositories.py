"""What is stored of the main job: from the group and its rounds to the picture and what was sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from lagesbild.audit import AuditEntry
from lagesbild.deliveries import Delivery, DeliveryKind, KeptCard
from lagesbild.ids import (
    DeliveryKey,
    GroupId,
    MeetingId,
    MemberId,
    ObservationId,
    RoundId,
)
from lagesbild.people import Absence, Group, Member
from lagesbild.reports import Observation, Report
from lagesbild.rounds import ChannelPost, Meeting, PublishedPicture, Round


class Groups(Protocol):
    async def get(self, group_id: GroupId) -> Group | None: ...
    async def lock(self, group_id: GroupId) -> Group | None:
        """The group, once no other unit of work holds it, and held until this one ends.

        Who plans, opens or closes rounds holds their group, and takes it before any of the rounds. So does who says who
        leads it, or looks whether something is there before making it.
        """

    async def lock_by_round(self, round_id: RoundId) -> Group | None:
        """The same, of a round's group."""

    async def get_by_team(self, tenant_id: str, team_id: str) -> Group | None: ...
    async def list_by_tenant(self, tenant_id: str) -> Sequence[Group]:
        """By municipality, then name."""

    async def list_active(self) -> Sequence[Group]:
        """Groups in state ACTIVE, by id."""

    async def save(self, group: Group) -> None: ...


class Members(Protocol):
    async def get(self, member_id: MemberId) -> Member | None: ...
    async def lock(self, member_id: MemberId) -> Member | None:
        """The member, held until the end, to be saved changed; the absences are held with it."""

    async def get_by_user(self, group_id: GroupId, user_id: str) -> Member | None: ...
    async def list_by_user(self, tenant_id: str, user_id: str) -> Sequence[Member]:
        """A person's memberships over all groups of the tenant, in the order of joining; those that left are not included."""

    async def list_by_group(self, group_id: GroupId) -> Sequence[Member]:
        """Everybody, also pending and departed, by name."""

    async def lock_by_group(self, group_id: GroupId) -> Sequence[Member]:
        """The same, the group and all of them held until the end."""

    async def save(self, member: Member) -> None: ...
    async def remember(self, member_id: MemberId, conversation_id: str, locale: str | None = None) -> None:
        """Keep where a member is written to, and in which language; whatever else is stored of the member stays."""


class Absences(Protocol):
    async def list_by_member(self, member_id: MemberId) -> Sequence[Absence]:
        """By first day."""

    async def list_by_group(self, group_id: GroupId, first: date, last: date) -> Sequence[Absence]:
        """All that touch the days from `first` to `last`, by member and first day."""

    async def save(self, absence: Absence) -> None: ...
    async def remove(self, absence: Absence) -> None: ...


class Meetings(Protocol):
    async def get(self, meeting_id: MeetingId) -> Meeting | None: ...
    async def list_by_group(self, group_id: GroupId, after: datetime, limit: int = 20) -> Sequence[Meeting]:
        """Meetings that start after the instant, cancelled ones too, by start."""

    async def get_by_slot(self, group_id: GroupId, slot: date) -> Meeting | None: ...
    async def save(self, meeting: Meeting) -> None: ...
    async def remove(self, meeting: Meeting) -> None:
        """Forget a future meeting whose round never opened, with its round (a changed recurrence)."""


class Rounds(Protocol):
    async def get(self, round_id: RoundId) -> Round | None: ...
    async def peek(self, round_id: RoundId) -> Round | None:
        """The round as it is now, for what never changes about it (its group); `get` before anything rests on the rest."""

    async def hold(self, round_id: RoundId) -> Round | None:
        """The round, which stays as it is until the end; unlike with `get`, others can answer it at the same time."""

    async def get_by_number(self, group_id: GroupId, number: int) -> Round | None: ...
    async def get_by_meeting(self, meeting_id: MeetingId) -> Round | None: ...
    async def list_by_group(
        self, group_id: GroupId, limit: int = 20, *, before: int | None = None
    ) -> Sequence[Round]:
        """Opened or closed rounds, newest number first; only those numbered lower than `before`, if given."""

    async def list_planned(self, group_id: GroupId) -> Sequence[Round]:
        """Rounds not opened yet, by `opens_at`."""

    async def list_due(self, now: datetime) -> Sequence[Round]:
        """Over all active groups: planned rounds past `opens_at` and open rounds (a reminder or the deadline may be due)."""

    async def next_number(self, group_id: GroupId) -> int: ...
    async def save(self, round_: Round) -> None: ...
    async def remove(self, round_: Round) -> None:
        """Forget a round that never opened (its meeting is cancelled)."""


class Reports(Protocol):
    async def get(self, round_id: RoundId, member_id: MemberId) -> Report | None: ...
    async def list_by_round(self, round_id: RoundId) -> Sequence[Report]:
        """Drafts and submitted reports, by member id."""

    async def list_by_rounds(self, round_ids: Collection[RoundId]) -> Sequence[Report]:
        """Submitted reports of several rounds, by round and member id."""

    async def list_by_member(self, member_id: MemberId, limit: int = 20) -> Sequence[Report]:
        """A member's submitted reports, newest first."""

    async def history(self, round_id: RoundId, member_id: MemberId) -> Sequence[Report]:
        """Every submitted revision of one report, oldest first."""

    async def save(self, report: Report) -> None:
        """Store the report; a submitted revision is also kept in the history."""

    async def remove(self, report: Report) -> None:
        """Throw a draft away."""


class Observations(Protocol):
    async def get(self, observation_id: ObservationId) -> Observation | None: ...
    async def list_unreported(self, member_id: MemberId) -> Sequence[Observation]:
        """What the member noted and no report has carried, oldest first."""

    async def save(self, observation: Observation) -> None: ...
    async def mark_reported(self, observations: Collection[Observation], round_id: RoundId) -> None:
        """Say which round's report carried them; what is changed or removed at the same time stays so."""

    async def remove(self, observation: Observation) -> None: ...


class Pictures(Protocol):
    async def latest(self, round_id: RoundId) -> PublishedPicture | None: ...
    async def list_by_round(self, round_id: RoundId) -> Sequence[PublishedPicture]:
        """By revision."""

    async def save(self, picture: PublishedPicture) -> None: ...
    async def posts(self, round_id: RoundId) -> Sequence[ChannelPost]:
        """By part."""

    async def save_post(self, post: ChannelPost) -> None: ...
    async def remove_post(self, post: ChannelPost) -> None: ...


class Deliveries(Protocol):
    async def get(self, key: DeliveryKey) -> Delivery | None: ...
    async def list_by_round(
        self, round_id: RoundId, kinds: Collection[DeliveryKind] = ()
    ) -> Sequence[Delivery]:
        """By key; all kinds unless some are named."""

    async def list_undelivered(
        self, group_id: GroupId, member_id: MemberId | None = None
    ) -> Sequence[Delivery]:
        """Deliveries whose state is undelivered, newest first; only those to that member, if one is named."""

    async def list_by_member(self, member_id: MemberId) -> Sequence[Delivery]:
        """By queueing time."""

    async def add(self, delivery: Delivery) -> bool:
        """Insert; False, changing nothing, if the key is there."""

    async def save(self, delivery: Delivery) -> None: ...

    async def list_by_group(self, group_id: GroupId, kinds: Collection[DeliveryKind]) -> Sequence[Delivery]:
        """Of those kinds, oldest first."""

    async def list_sent(
        self, group_id: GroupId, kinds: Collection[DeliveryKind], since: datetime
    ) -> Sequence[Delivery]:
        """The same of what Teams took, queued at `since` or later."""

    async def card(self, key: str) -> KeptCard | None: ...
    async def save_card(self, card: KeptCard) -> None: ...
    async def remove_card(self, key: str) -> None: ...


class AuditLog(Protocol):
    async def add(self, entry: AuditEntry) -> None: ...
    async def list_by_group(
        self, group_id: GroupId, limit: int = 100, *, skip: int = 0
    ) -> Sequence[AuditEntry]:
        """Newest first, without the newest `skip`."""
