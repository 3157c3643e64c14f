"""A citizen promise from the first words to its renewal; each step, and who may take it (D1–D4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import Invalid, NotAllowed, NotFound
from lagesbild.ids import ReferralId
from lagesbild.people import Group, Member
from lagesbild.promise_drafts import (
    PeriodKind,
    PromiseForm,
)
from lagesbild.promises import PromiseState, SectionStatus
from lagesbild.templates import Area
from lagesbild.under_way import answering, current_ones
from lagesbild.usecases.promise_drafting import (
    add_section,
    adopt,
    change_promise,
    change_section,
    draft_from_previous,
    draft_promise,
    remove_section,
    remove_signature,
    reopen,
    sign,
)
from lagesbild.usecases.promise_from_referral import draft_from_referral
from lagesbild.usecases.promising import (
    follow_up_section,
    mark_opened,
    promise_overview,
    promise_sheet,
    publish,
    renewals_due,
)
from tests.overwriting import overwriting
from tests.samples import (
    NOW,
    a_group,
    a_shipped_promise,
)
from tests.usecases.promises import (
    CLAES,
    FORM,
    GONE,
    KARIN,
    LENA,
    LIGHTS,
    OTHER,
    TODAY,
    YOUTH,
    a_draft,
    a_published,
    begun,
    stored,
)
from tests.usecases.world import World


async def test_a_promise_goes_from_draft_to_everybody_and_each_step_is_kept(each_world: World) -> None:
    world = await begun(each_world)
    draft = await a_draft(world, FORM, LIGHTS, YOUTH)
    await world.do(sign, CLAES, draft.id, "Kommunpolis", name="Omar Said", day=TODAY)
    adopted = await world.do(adopt, CLAES, draft.id, "Kommunstyrelsen", TODAY)
    assert adopted.state is PromiseState.ADOPTED
    published = await world.do(publish, CLAES, draft.id)
    assert await stored(world, draft.id) == published
    assert (published.first, published.last) == (date(2025, 3, 1), date(2025, 5, 31))
    assert [one.title for one in published.sections] == ["Ljus", "Unga"]
    assert published.signatures[0].signed_on == TODAY
    assert await world.receivers(DeliveryKind.PROMISE) == ["claes", "karin", "lena"]
    assert await world.actions() == [
        "draft promise",
        "add section",
        "add section",
        "sign promise",
        "adopt promise",
        "publish promise",
    ]


async def test_publishing_twice_sends_once(world: World) -> None:
    promise = await a_published(await begun(world))
    assert await world.do(publish, KARIN, promise.id) == promise
    keys = [one.key for one in await world.sent(DeliveryKind.PROMISE)]
    assert keys == [f"promise:{promise.id}:{who}" for who in ("claes", "karin", "lena")]


async def test_a_promise_of_the_past_is_kept_and_not_sent(world: World) -> None:
    form = PromiseForm("Förra", "", date(2024, 12, 1), PeriodKind.OTHER, date(2025, 2, 28))
    promise = await a_published(await begun(world), form)
    assert promise.state is PromiseState.PUBLISHED
    assert await world.sent(DeliveryKind.PROMISE) == []


@pytest.mark.parametrize("member", [LENA, GONE])
async def test_a_reporter_reads_and_does_not_write(world: World, member: Member) -> None:
    await begun(world)
    draft = await a_draft(world, FORM, LIGHTS)
    for attempt in (
        world.do(draft_promise, member, FORM),
        world.do(draft_from_previous, member, draft.id),
        world.do(draft_from_referral, member, ReferralId("ref1")),
        world.do(change_promise, member, draft.id, FORM),
        world.do(add_section, member, draft.id, LIGHTS),
        world.do(change_section, member, draft.id, draft.sections[0].mark, LIGHTS),
        world.do(remove_section, member, draft.id, draft.sections[0].mark),
        world.do(sign, member, draft.id, "Kommunpolis"),
        world.do(remove_signature, member, draft.id, "Kommunpolis"),
        world.do(adopt, member, draft.id, "Kommunstyrelsen", TODAY),
        world.do(reopen, member, draft.id),
        world.do(publish, member, draft.id),
        world.do(follow_up_section, member, draft.id, 1, SectionStatus.KEPT),
    ):
        with pytest.raises(NotAllowed):
            await attempt
    assert await stored(world, draft.id) == draft


async def test_another_groups_promise_is_not_found(world: World) -> None:
    promise = await a_published(await begun(world))
    for attempt in (
        world.do(promise_sheet, OTHER, promise.id),
        world.do(mark_opened, OTHER, promise.id),
        world.do(draft_from_previous, OTHER, promise.id),
        world.do(change_promise, OTHER, promise.id, FORM),
        world.do(follow_up_section, OTHER, promise.id, 1, SectionStatus.KEPT),
        world.do(publish, OTHER, promise.id),
        world.do(reopen, OTHER, promise.id),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert (await world.do(promise_overview, OTHER)).shown is None


async def test_a_draft_is_found_only_by_those_who_run_promises(world: World) -> None:
    draft = await a_draft(await begun(world), FORM, LIGHTS)
    with pytest.raises(NotFound):
        await world.do(promise_sheet, LENA, draft.id)
    assert (await world.do(promise_sheet, CLAES, draft.id)).runs
    assert (await world.do(promise_overview, LENA)).in_work == ()
    assert (await world.do(promise_overview, CLAES)).in_work == (draft,)


async def test_the_outcome_of_the_period_before_stands_beside_each_section(each_world: World) -> None:
    world = await begun(each_world)
    before = await a_published(
        world, PromiseForm("Vinter", "", date(2024, 12, 1)), replace(YOUTH, title="UNGA "), LIGHTS
    )
    await world.do(follow_up_section, KARIN, before.id, 1, SectionStatus.ONGOING, value=4)
    world.time += timedelta(minutes=1)
    await world.do(follow_up_section, KARIN, before.id, 1, SectionStatus.PARTLY_KEPT, value=5.5)
    promise = await a_published(world)
    await world.do(follow_up_section, CLAES, promise.id, 2, SectionStatus.KEPT, comment="Klart", value=7)
    sheet = await world.do(promise_sheet, LENA, promise.id)
    lights, youth = sheet.sections
    assert (lights.latest, lights.before and lights.before.latest) == (None, None)
    assert youth.latest is not None
    assert (youth.latest.status, youth.latest.comment, youth.latest.value) == (SectionStatus.KEPT, "Klart", 7)
    assert youth.before is not None
    assert youth.before.latest is not None
    assert (youth.before.latest.status, youth.before.latest.value) == (SectionStatus.PARTLY_KEPT, 5.5)
    assert sheet.previous == before
    assert not sheet.runs


async def test_only_what_is_published_is_followed_up_and_nothing_is_overwritten(world: World) -> None:
    draft = await a_draft(await begun(world), FORM, LIGHTS)
    with pytest.raises(Invalid, match="promise: not_published"):
        await world.do(follow_up_section, KARIN, draft.id, 1, SectionStatus.KEPT)
    promise = await a_published(world)
    with pytest.raises(NotFound):
        await world.do(follow_up_section, KARIN, promise.id, 9, SectionStatus.KEPT)
    with pytest.raises(Invalid, match="comment: words_point_out"):
        await world.do(follow_up_section, KARIN, promise.id, 1, SectionStatus.KEPT, comment="070-174 06 05")
    for status in (SectionStatus.ONGOING, SectionStatus.KEPT):
        world.time += timedelta(hours=1)
        await world.do(follow_up_section, KARIN, promise.id, 1, status)
    sheet = await world.do(promise_sheet, KARIN, promise.id)
    assert [one.status for one in sheet.sections[0].follow_ups] == [SectionStatus.ONGOING, SectionStatus.KEPT]


async def test_current_promises_are_those_in_force_and_about_the_area(world: World) -> None:
    group = a_group()
    promise = await a_published(await begun(world))
    await a_published(world, replace(FORM, first=date(2025, 6, 1)))
    await a_draft(world, FORM, LIGHTS)
    async with world.work() as work:
        known = await work.store.promises.list_by_group(group.id)
    current = current_ones(known, TODAY)
    assert [one.id for one in current] == [promise.id]
    for areas, found in (((Area.YOUTH,), 1), ((Area.VIOLENCE,), 0), ((Area.VIOLENCE, Area.YOUTH), 1)):
        assert len(answering(current, areas)) == found
    assert [one.id for one in current_ones(known, date(2025, 5, 31))] == [promise.id]
    assert [one.first for one in current_ones(known, date(2025, 6, 1))] == [date(2025, 6, 1)]


async def test_without_a_current_promise_the_latest_that_ended_is_shown_and_what_comes(world: World) -> None:
    await begun(world)
    assert (await world.do(promise_overview, LENA)).shown is None
    await a_published(world, PromiseForm("Hösten", "", date(2024, 9, 1)))
    winter = await a_published(world, PromiseForm("Vintern", "", date(2024, 12, 1)))
    coming = await a_published(world, PromiseForm("Våren", "", date(2025, 4, 1)))
    seen = await world.do(promise_overview, LENA)
    assert seen.shown is not None
    assert seen.shown.promise == winter
    assert seen.shown.days_left < 0
    assert seen.others == (coming,)


async def test_who_opened_is_remembered_once_and_a_draft_is_not_counted(each_world: World) -> None:
    world = await begun(each_world)
    promise, draft = await a_published(world), await a_draft(world)
    for _ in range(2):
        await world.do(mark_opened, LENA, promise.id)
        await world.do(mark_opened, KARIN, draft.id)
        world.time += timedelta(hours=1)
    async with world.work() as work:
        opened = await work.store.promises.opened(promise.id)
        assert [(one.member_id, one.at) for one in opened] == [(LENA.id, NOW)]
        assert not await work.store.promises.opened(draft.id)


async def test_renewal_is_asked_for_twice_of_those_who_can_do_it(each_world: World) -> None:
    world, group = await begun(each_world), a_group()
    promise = await a_published(world)
    world.at("2025-05-03 03:00")
    assert await world.do(renewals_due, group, world.time) == 0
    asked: list[int] = []
    for day in (
        "2025-04-30",
        "2025-05-01",
        "2025-05-02",
        "2025-05-23",
        "2025-05-24",
        "2025-05-31",
        "2025-06-01",
    ):
        world.at(f"{day} 09:00")
        asked += [await world.do(renewals_due, group, world.time) for _ in range(2)]
    assert asked == [0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0]
    keys = [one.key for one in await world.sent(DeliveryKind.PROMISE_RENEWAL)]
    assert keys == [
        f"promise_renewal:{promise.id}:{stage}:{who}" for stage in (30, 7) for who in ("claes", "karin")
    ]


async def test_nobody_is_asked_to_renew_what_has_a_later_promise_or_is_no_promise_yet(world: World) -> None:
    group: Group = a_group()
    draft = await a_draft(await begun(world), FORM, LIGHTS)
    world.at("2025-05-25 09:00")
    assert await world.do(renewals_due, group, world.time) == 0
    await world.do(adopt, KARIN, draft.id, "Kommunstyrelsen", TODAY)
    promise = await world.do(publish, KARIN, draft.id)
    await world.do(draft_from_previous, KARIN, promise.id)
    assert await world.do(renewals_due, group, world.time) == 0


async def test_a_shipped_promise_can_be_stored_and_read_back(each_world: World) -> None:
    await begun(each_world)
    promise = a_shipped_promise("ludvika-2021", group_id=OTHER.group_id, drafted_by=OTHER.id)
    async with each_world.work() as work:
        await overwriting(work.store).promises.save(promise)
    assert await stored(each_world, promise.id) == promise
    seen = await each_world.do(promise_overview, OTHER)
    assert seen.shown is not None
    assert len(seen.shown.sections) == 6
