"""Groups with an open round that everybody has been prompted for, and what a member's phone sends."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from cards.report import SubmitReport
from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState, delivery_key
from lagesbild.ids import GroupId, MeetingId, MemberId, RoundId
from storage import Storage, create_engine, migrate, tables
from tests.edge.payloads import executed, personal
from tests.samples import COMMENTS, a_group, a_meeting, a_member, a_round

TENANT = "tenant-fagersta"
A_ROUND = 100
"""Members of each group, all of whom answer its open round."""


async def fill(database_url: str, service_url: str, groups: int) -> None:
    """Migrate an empty database and store the groups."""
    await migrate(database_url)
    engine = create_engine(database_url)
    try:
        for number in range(groups):
            await _add_group(Storage(engine), service_url, number)
    finally:
        await engine.dispose()


async def _add_group(storage: Storage, service_url: str, number: int) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    group_id = GroupId(f"g{number}")
    home = replace(a_group().home, tenant_id=TENANT, service_url=service_url, team_id=f"19:team{number}")
    starts = now + timedelta(days=2)
    meeting = a_meeting(
        id=MeetingId(f"meeting{number}"), group_id=group_id, slot=starts.date(), starts_at=starts
    )
    times: dict[str, Any] = {
        "opens_at": now - timedelta(days=2),
        "opened_at": now - timedelta(days=2),
        "deadline": now + timedelta(days=1),
        "period_first": now.date() - timedelta(days=14),
        "period_last": now.date(),
    }
    round_ = a_round(
        id=RoundId(f"round{number}"), group_id=group_id, meeting_id=meeting.id, remind_at=(), **times
    )
    async with storage.begin() as store:
        await store.groups.save(a_group(id=group_id, home=home, name=f"EST {number}", schedule=None))
        await store.meetings.save(meeting)
        await store.rounds.save(round_)
        for member in range(number * A_ROUND, (number + 1) * A_ROUND):
            await store.members.save(
                a_member(f"Medlem {member}", f"Verksamhet {member}", id=f"m{member}", group_id=group_id)
            )
            await store.deliveries.add(_prompt(group_id, round_.id, MemberId(f"m{member}"), now))


def _prompt(group_id: GroupId, round_id: RoundId, member_id: MemberId, now: datetime) -> Delivery:
    key = delivery_key(DeliveryKind.PROMPT, round_id, member_id)
    sent = {"state": DeliveryState.SENT, "attempts": 1, "updated_at": now}
    return Delivery(
        key=key,
        group_id=group_id,
        kind=DeliveryKind.PROMPT,
        queued_at=now,
        member_id=member_id,
        round_id=round_id,
        **sent,  # type: ignore[arg-type]  # three fields of three types
    )


async def revisions(database_url: str) -> int:
    """How many answers are stored, counting every revision."""
    engine = create_engine(database_url)
    try:
        async with engine.connect() as connection:
            found = await connection.execute(select(func.count()).select_from(tables.report_revisions))
            return int(found.scalar_one())
    finally:
        await engine.dispose()


def answer(service_url: str) -> str:
    """The request of `benchmarks.load`: Action.Execute of a report whose 14 inputs are all filled in."""
    data: dict[str, Any] = SubmitReport("round@R@", notes_until=datetime.now(UTC).isoformat()).pack()
    data |= {f"impact_{number}": str(1 + number % 5) for number in range(1, 7)}
    data |= {f"comment_{number}": COMMENTS[number % len(COMMENTS)] for number in range(1, 7)}
    data |= {"comment_7": "Gott samarbete om kvällsvandringen, anteckning @N@.", "counts": "3 larm"}
    activity = executed(service_url, "report.submit", data, id="activity-@N@")
    activity["from"] = {"id": "29:m@M@", "name": "Medlem @M@", "aadObjectId": "aad-m@M@"}
    activity["conversation"] |= {"id": "a:m@M@", "tenantId": TENANT}
    return json.dumps(activity, ensure_ascii=False)


def short_message(service_url: str) -> str:
    """What the servers that do nothing are sent: the least work for them."""
    return json.dumps(personal(service_url, "hej"), ensure_ascii=False)
