"""The group is set up as a whole or not at all, and changed without losing what was decided (F1, F5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import NotAllowed
from lagesbild.people import GroupState, Publication, Role
from lagesbild.rounds import MeetingState, RoundState
from lagesbild.setting_up import FormErrors
from lagesbild.templates import Colour, TemplateRef
from lagesbild.usecases.groups import group_settings, set_up_group, welcome_team
from lagesbild.usecases.meetings import cancel_meeting, move_meeting
from lagesbild.usecases.rosters import sync_roster
from tests.council_samples import HERE, a_council
from tests.usecases.new_group import FORM, HOME, LENA, OMAR, meetings_ahead, member_of, new_group, sent_to
from tests.usecases.world import World, local


async def test_setting_up_plans_eight_meetings_with_rounds_and_welcomes_everybody(world: World) -> None:
    _, karin = await new_group(world, LENA, OMAR)
    group = await world.do(set_up_group, karin, FORM)
    assert (group.state, group.template) == (GroupState.ACTIVE, TemplateRef("fagersta", 1))
    coming = await meetings_ahead(world, group)
    assert coming[0] == ("2025-03-13 13:00", MeetingState.PLANNED, 1)
    assert [number for _, _, number in coming if number] == list(range(1, 9))
    assert await sent_to(world, group, DeliveryKind.WELCOME) == ["Karin Ek", "Lena Holm", "Omar Said"]


async def test_a_weekly_group_is_planned_three_months_ahead(world: World) -> None:
    _, karin = await new_group(world)
    group = await world.do(set_up_group, karin, replace(FORM, interval="weekly"))
    assert (await meetings_ahead(world, group))[-1][0] >= "2025-05-29"


async def test_a_holiday_meeting_is_asked_about_when_planned(world: World) -> None:
    _, karin = await new_group(world)
    group = await world.do(set_up_group, karin, replace(FORM, interval="weekly"))
    questioned = [day for day, state, number in await meetings_ahead(world, group) if number is None]
    assert questioned == ["2025-05-01 13:00", "2025-05-29 13:00"]
    assert await sent_to(world, group, DeliveryKind.HOLIDAY) == ["Karin Ek", "Karin Ek"]


async def test_a_group_is_not_at_home_where_a_council_meets(each_world: World) -> None:
    group, karin = await new_group(each_world)
    there = replace(FORM, channel_id=HERE.conversation_id)
    async with each_world.storage.begin() as store:
        await store.councils.save(a_council(group_id=group.id, set_up_by=karin.id))
    with pytest.raises(FormErrors) as refused:
        await each_world.do(set_up_group, karin, there)
    assert [(wrong.field, wrong.reason) for wrong in refused.value.errors] == [("channel", "council")]
    assert await meetings_ahead(each_world, group) == []
    saved = await each_world.do(set_up_group, karin, FORM)
    assert saved.home.channel_id == FORM.channel_id


async def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_saved(world: World) -> None:
    group, karin = await new_group(world)
    form = replace(
        FORM,
        municipality=" ",
        template_id="okänd",
        channel_id="",
        first="igår",
        at="lunch",
        interval="custom",
        rule="varje torsdag",
        lead="aldrig",
        concern_url="http://utan-lås.se",
        colours=("green", "", "", "", ""),
        publication="ibland",
    )
    with pytest.raises(FormErrors) as refused:
        await world.do(set_up_group, karin, form)
    assert [(e.field, e.reason) for e in refused.value.errors] == [
        ("first", "not_a_date"),
        ("at", "not_a_time"),
        ("rule", "not_a_rule"),
        ("lead", "not_a_span"),
        ("municipality", "empty"),
        ("template", "unknown"),
        ("channel", "empty"),
        ("publication", "unknown"),
        ("concern_url", "not_a_url"),
        ("colours", "incomplete"),
    ]
    async with world.storage.begin(write=False) as store:
        assert await store.groups.get(group.id) == group


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"first": "2025-03-03"}, "first", "past"),
        ({"lead": "4 h", "deadline": "4 h", "reminders": ""}, "deadline", "before_lead"),
        ({"interval": "weekly", "lead": "8 dagar"}, "lead", "overlaps"),
        ({"lead": "29 dagar"}, "lead", "too_long"),
        ({"reminders": "5 dagar"}, "reminders", "outside"),
        ({"reminders": "3 d, 2 d, 1 d, 6 h"}, "reminders", "too_many"),
        ({"interval": "sällan"}, "interval", "unknown"),
        ({"colours": ("red", "green", "green", "green", "green")}, "colours", "disorder"),
        ({"deputy_id": "okänd"}, "deputy", "unknown"),
        ({"name": "x" * 81}, "name", "too_long"),
    ],
)
async def test_a_form_that_makes_no_sense_is_refused(
    world: World, changes: dict[str, object], field: str, reason: str
) -> None:
    _, karin = await new_group(world)
    with pytest.raises(FormErrors) as refused:
        await world.do(set_up_group, karin, replace(FORM, **changes))  # type: ignore[arg-type]
    assert [(e.field, e.reason) for e in refused.value.errors] == [(field, reason)]


async def test_what_was_set_up_fills_the_form_and_saving_it_again_changes_nothing(each_world: World) -> None:
    _, karin = await new_group(each_world, LENA)
    lena = await member_of(each_world, (await each_world.do(welcome_team, HOME, None)), LENA)
    form = replace(
        FORM,
        lead="3 d",
        deadline="6 h",
        reminders="2 d, 1 d",
        deputy_id=lena.id,
        publication="at_time",
        concern_url="https://www.fagersta.se/orosanmalan",
        colours=("green", "green", "yellow", "red", "red"),
    )
    group = await each_world.do(set_up_group, karin, form)
    assert group.publication is Publication.AT_TIME
    assert group.colour_of_impact == (Colour.GREEN, Colour.GREEN, Colour.YELLOW, Colour.RED, Colour.RED)
    assert (await member_of(each_world, group, LENA)).has(Role.DEPUTY)
    before = await meetings_ahead(each_world, group)
    shown = await each_world.do(group_settings, karin)
    assert shown.form == replace(form, at="13:00")
    assert await each_world.do(set_up_group, karin, shown.form) == group
    assert await meetings_ahead(each_world, group) == before


async def test_a_changed_rhythm_keeps_what_was_decided_by_hand_and_what_is_open(each_world: World) -> None:
    _, karin = await new_group(each_world)
    group = await each_world.do(set_up_group, karin, FORM)
    await each_world.tick("2025-03-07 08:00")
    async with each_world.storage.begin(write=False) as store:
        first, second, third, *_ = await store.meetings.list_by_group(group.id, each_world.time, 9)
    await each_world.do(move_meeting, karin, second.id, local("2025-03-28 10:00"))
    await each_world.do(cancel_meeting, karin, third.id)
    await each_world.do(set_up_group, karin, replace(FORM, first="2025-03-18", at="09:00"))
    coming = await meetings_ahead(each_world, group)
    assert coming[:4] == [
        ("2025-03-13 13:00", MeetingState.PLANNED, 1),
        ("2025-03-18 09:00", MeetingState.PLANNED, 2),
        ("2025-03-28 10:00", MeetingState.PLANNED, 3),
        ("2025-04-01 09:00", MeetingState.PLANNED, 4),
    ]
    assert ("2025-04-10 13:00", MeetingState.CANCELLED, None) in coming
    assert [at for at, _, _ in coming if at.endswith("13:00")] == ["2025-03-13 13:00", "2025-04-10 13:00"]
    async with each_world.storage.begin(write=False) as store:
        opened = await store.rounds.get_by_meeting(first.id)
    assert opened is not None
    assert opened.state is RoundState.OPEN


async def test_a_new_time_of_day_moves_the_meetings_and_their_rounds(world: World) -> None:
    _, karin = await new_group(world)
    group = await world.do(set_up_group, karin, FORM)
    await world.do(set_up_group, karin, replace(FORM, at="15:00"))
    coming = await meetings_ahead(world, group)
    assert {at[-5:] for at, _, _ in coming} == {"15:00"}
    async with world.storage.begin(write=False) as store:
        assert (await store.rounds.list_planned(group.id))[0].deadline == local("2025-03-13 11:00")


async def test_a_reporter_cannot_set_up_a_group_that_somebody_leads(world: World) -> None:
    group, _ = await new_group(world, LENA)
    lena = await member_of(world, group, LENA)
    for use_case in ((set_up_group, (lena, FORM)), (group_settings, (lena,))):
        with pytest.raises(NotAllowed):
            await world.do(use_case[0], *use_case[1])


async def test_who_sets_up_a_group_that_nobody_leads_becomes_its_coordinator(world: World) -> None:
    world.at("2025-03-04 12:00")
    group = await world.do(welcome_team, HOME, None)
    await world.do(sync_roster, group, (LENA,))
    await world.do(set_up_group, await member_of(world, group, LENA), FORM)
    assert (await member_of(world, group, LENA)).has(Role.COORDINATOR)
