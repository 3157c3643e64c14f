"""The sample's past leads somewhere: a referral that waits, one that is decided, a direction and a promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.app import App, running
from bot.playground import TEAM_ID, TENANT_ID
from bot.sample import SampleGroup, read_sample
from bot.settings import Settings
from lagesbild.deliveries import DeliveryKind
from lagesbild.people import Role
from lagesbild.referrals import ReferralState
from lagesbild.templates import Area
from tests.samples import a_group, a_member

LEADS = frozenset({Role.COORDINATOR, Role.DEPUTY, Role.REPORTER, Role.REPRESENTATIVE})


async def lived(app: App) -> str:
    """The sample's team is set up, and its people have looked at it once; the group's id."""
    home = replace(a_group().home, tenant_id=TENANT_ID, team_id=TEAM_ID)
    group = a_group(home=home, created_at=datetime.now(UTC))
    people = [
        replace(
            a_member(one.name, None, id=one.id),
            user_id=one.id,
            roles=LEADS if one.id == "karin" else frozenset({Role.REPRESENTATIVE}),
        )
        for one in read_sample().people[:6]
    ]
    async with app.desk.open() as work:
        await work.store.groups.save(group)
        for member in people:
            await work.store.members.save(member)
    await SampleGroup(app.desk, read_sample()).live()
    return group.id


async def test_the_past_has_a_referral_a_decision_a_direction_and_a_promise(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {
            "allow_anonymous": True,
            "host": "127.0.0.1",
            "database_url": f"sqlite+aiosqlite:///{tmp_path / 'demo.db'}",
        }
    )
    async with running(settings) as app:
        group_id = await lived(app)
        async with app.desk.open() as work:
            referrals = {
                one.area: one for one in await work.store.referrals.list_by_group(a_group(id=group_id).id)
            }
            promises = await work.store.promises.list_by_group(a_group().id)
            directions = await work.store.directions.list_by_group(a_group().id)
            fed = await work.store.deliveries.list_by_group(a_group().id, [DeliveryKind.FEEDBACK])
            own = [m for m in await work.store.measures.list_by_group(a_group().id) if m.referral_id is None]
    today = a_group().local_day(datetime.now(UTC))
    assert referrals[Area.DISORDER].state is ReferralState.DECIDED
    assert referrals[Area.YOUTH].state is ReferralState.WAITING
    assert [promise.is_current(today) for promise in promises] == [True]
    assert directions[0].holds(today)
    assert len(own) == 2
    assert {"mehmet", "per"} <= {one.subject.partition(":")[2] for one in fed}
