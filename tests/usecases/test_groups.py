"""The bot comes to a team, the group is set up as a whole or not at all, and the roster is followed (F1, F5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lagesbild.deliveries import DeliveryKind
from lagesbild.errors import NotAllowed
from lagesbild.people import Group, GroupState, Home, Member, MemberState, Publication, Role
from lagesbild.roster import Person
from lagesbild.rounds import MeetingState, RoundState
from lagesbild.setting_up import FormErrors, GroupForm
from lagesbild.templates import Colour, TemplateRef
from lagesbild.usecases.groups import (
    group_settings,
    members_left,
    pause_group,
    set_up_group,
    sync_roster,
    welcome_team,
)
from lagesbild.usecases.meetings import cancel_meeting, move_meeting
from lagesbild.usecases.members import approve, ask_to_join, remove_member
from tests.usecases.world import HERE, World, local

HOME = Home("t1", "http://localhost:9/", "28:bot", "19:team@thread.tacv2", "")
KARIN = Person("29:karin", "Karin Ek")
LENA = Person("29:lena", "Lena Holm", locale="sv-SE")
OMAR = Person("29:omar", "Omar Said")
FORM = GroupForm(
    municipality="Fagersta",
    name="EST-gruppen",
    template_id="fagersta",
    channel_id="19:channel@thread.tacv2",
    channel_name="Lägesbild",
    first="2025-03-13",
    at="13.00",
)


async def _new(world: World, *roster: Person) -> tuple[Group, Member]:
    world.at("2025-03-04 12:00")
    group = await world.do(welcome_team, HOME, KARIN)
    await world.do(sync_roster, group, (KARIN, *roster))
    return group, await _member(world, group, KARIN)


async def _member(world: World, group: Group, person: Person) -> Member:
    async with world.storage.begin(write=False) as store:
        found = await store.members.get_by_user(group.id, person.user_id)
    assert found is not None
    return found


async def _sent(world: World, group: Group, kind: DeliveryKind) -> list[str]:
    async with world.storage.begin(write=False) as store:
        members = await store.members.list_by_group(group.id)
        ledger = [(m.name, d) for m in members for d in await store.deliveries.list_by_member(m.id)]
    return sorted(name for name, delivery in ledger if delivery.kind is kind)


async def _coming(world: World, group: Group) -> list[tuple[str, MeetingState, int | None]]:
    async with world.storage.begin(write=False) as store:
        meetings = await store.meetings.list_by_group(group.id, world.time, 400)
        rounds = [await store.rounds.get_by_meeting(meeting.id) for meeting in meetings]
    return [
        (f"{m.starts_at.astimezone(HERE):%Y-%m-%d %H:%M}", m.state, r.number if r else None)
        for m, r in zip(meetings, rounds, strict=True)
    ]


async def test_who_adds_the_bot_becomes_coordinator_of_a_new_group(world: World) -> None:
    group, karin = await _new(world)
    assert (group.state, group.schedule) == (GroupState.NEW, None)
    assert karin.has(Role.COORDINATOR)


async def test_adding_the_bot_twice_changes_nothing(world: World) -> None:
    group, karin = await _new(world)
    assert await world.do(welcome_team, HOME, OMAR) == group
    assert await _member(world, group, KARIN) == karin


async def test_setting_up_plans_eight_meetings_with_rounds_and_welcomes_everybody(world: World) -> None:
    _, karin = await _new(world, LENA, OMAR)
    group = await world.do(set_up_group, karin, FORM)
    assert (group.state, group.template) == (GroupState.ACTIVE, TemplateRef("fagersta", 1))
    coming = await _coming(world, group)
    assert coming[0] == ("2025-03-13 13:00", MeetingState.PLANNED, 1)
    assert [number for _, _, number in coming if number] == list(range(1, 9))
    assert await _sent(world, group, DeliveryKind.WELCOME) == ["Karin Ek", "Lena Holm", "Omar Said"]


async def test_a_weekly_group_is_planned_three_months_ahead(world: World) -> None:
    _, karin = await _new(world)
    group = await world.do(set_up_group, karin, replace(FORM, interval="weekly"))
    assert (await _coming(world, group))[-1][0] >= "2025-05-29"


async def test_a_holiday_meeting_is_asked_about_when_planned(world: World) -> None:
    _, karin = await _new(world)
    group = await world.do(set_up_group, karin, replace(FORM, interval="weekly"))
    questioned = [day for day, state, number in await _coming(world, group) if number is None]
    assert questioned == ["2025-05-01 13:00", "2025-05-29 13:00"]
    assert await _sent(world, group, DeliveryKind.HOLIDAY) == ["Karin Ek", "Karin Ek"]


async def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_saved(world: World) -> None:
    group, karin = await _new(world)
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
    _, karin = await _new(world)
    with pytest.raises(FormErrors) as refused:
        await world.do(set_up_group, karin, replace(FORM, **changes))  # type: ignore[arg-type]
    assert [(e.field, e.reason) for e in refused.value.errors] == [(field, reason)]


async def test_what_was_set_up_fills_the_form_and_saving_it_again_changes_nothing(each_world: World) -> None:
    _, karin = await _new(each_world, LENA)
    lena = await _member(each_world, (await each_world.do(welcome_team, HOME, None)), LENA)
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
    assert (await _member(each_world, group, LENA)).has(Role.DEPUTY)
    before = await _coming(each_world, group)
    shown = await each_world.do(group_settings, karin)
    assert shown.form == replace(form, at="13:00")
    assert await each_world.do(set_up_group, karin, shown.form) == group
    assert await _coming(each_world, group) == before


async def test_a_changed_rhythm_keeps_what_was_decided_by_hand_and_what_is_open(each_world: World) -> None:
    _, karin = await _new(each_world)
    group = await each_world.do(set_up_group, karin, FORM)
    await each_world.tick("2025-03-07 08:00")
    async with each_world.storage.begin(write=False) as store:
        first, second, third, *_ = await store.meetings.list_by_group(group.id, each_world.time, 9)
    await each_world.do(move_meeting, karin, second.id, local("2025-03-28 10:00"))
    await each_world.do(cancel_meeting, karin, third.id)
    await each_world.do(set_up_group, karin, replace(FORM, first="2025-03-18", at="09:00"))
    coming = await _coming(each_world, group)
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
    _, karin = await _new(world)
    group = await world.do(set_up_group, karin, FORM)
    await world.do(set_up_group, karin, replace(FORM, at="15:00"))
    coming = await _coming(world, group)
    assert {at[-5:] for at, _, _ in coming} == {"15:00"}
    async with world.storage.begin(write=False) as store:
        assert (await store.rounds.list_planned(group.id))[0].deadline == local("2025-03-13 11:00")


async def test_a_reporter_cannot_set_up_a_group_that_somebody_leads(world: World) -> None:
    group, _ = await _new(world, LENA)
    lena = await _member(world, group, LENA)
    for use_case in ((set_up_group, (lena, FORM)), (group_settings, (lena,))):
        with pytest.raises(NotAllowed):
            await world.do(use_case[0], *use_case[1])


async def test_who_sets_up_a_group_that_nobody_leads_becomes_its_coordinator(world: World) -> None:
    world.at("2025-03-04 12:00")
    group = await world.do(welcome_team, HOME, None)
    await world.do(sync_roster, group, (LENA,))
    await world.do(set_up_group, await _member(world, group, LENA), FORM)
    assert (await _member(world, group, LENA)).has(Role.COORDINATOR)


async def test_a_removed_bot_pauses_and_a_returning_one_resumes_with_everything(world: World) -> None:
    _, karin = await _new(world)
    group = await world.do(set_up_group, karin, FORM)
    before = await _coming(world, group)
    paused = await world.do(pause_group, HOME)
    assert paused is not None
    assert paused.state is GroupState.PAUSED
    assert await world.do(pause_group, HOME) == paused
    again = await world.do(welcome_team, replace(HOME, service_url="http://localhost:10/"), OMAR)
    assert (again.state, again.home.channel_id) == (GroupState.ACTIVE, FORM.channel_id)
    assert again.home.service_url == "http://localhost:10/"
    assert await _coming(world, group) == before


async def test_the_roster_brings_new_members_and_takes_leave_of_those_gone(each_world: World) -> None:
    _, karin = await _new(each_world, LENA)
    group = await each_world.do(set_up_group, karin, FORM)
    change = await each_world.do(sync_roster, group, (KARIN, OMAR))
    assert [m.name for m in change.joined] == ["Omar Said"]
    assert [m.name for m in change.left] == ["Lena Holm"]
    assert (await _member(each_world, group, OMAR)).reports
    assert "Omar Said" in await _sent(each_world, group, DeliveryKind.WELCOME)
    assert (await each_world.do(sync_roster, group, (KARIN, OMAR))).is_empty
    back = await each_world.do(sync_roster, group, (KARIN, OMAR, LENA))
    assert [m.name for m in back.returned] == ["Lena Holm"]
    assert (await _member(each_world, group, LENA)).state is MemberState.ACTIVE
    assert (await _sent(each_world, group, DeliveryKind.WELCOME)).count("Lena Holm") == 1


async def test_a_failed_look_up_empties_no_group(world: World) -> None:
    group, _ = await _new(world, LENA)
    assert (await world.do(sync_roster, group, ())).is_empty


async def test_a_deputy_takes_over_when_the_coordinator_leaves(world: World) -> None:
    group, karin = await _new(world, LENA)
    lena = await _member(world, group, LENA)
    group = await world.do(set_up_group, karin, replace(FORM, deputy_id=lena.id))
    change = await world.do(sync_roster, group, (LENA,))
    assert [m.name for m in change.promoted] == ["Lena Holm"]
    assert (await _member(world, group, LENA)).has(Role.COORDINATOR)
    assert (await _member(world, group, KARIN)).state is MemberState.LEFT


async def test_the_only_one_who_leads_stays(world: World) -> None:
    group, _ = await _new(world, LENA)
    change = await world.do(members_left, group, (KARIN.user_id,))
    assert [m.name for m in change.kept] == ["Karin Ek"]
    assert (await _member(world, group, KARIN)).state is MemberState.ACTIVE


async def test_the_roster_leaves_alone_who_was_removed_or_came_by_the_personal_app(world: World) -> None:
    _, karin = await _new(world, LENA)
    group = await world.do(set_up_group, karin, FORM)
    await world.do(remove_member, karin, (await _member(world, group, LENA)).id)
    pending = await world.do(ask_to_join, group.id, OMAR, "t1")
    await world.do(approve, karin, pending.id)
    assert (await world.do(sync_roster, group, (KARIN, LENA))).is_empty
    assert (await _member(world, group, LENA)).state is MemberState.LEFT
    assert (await _member(world, group, OMAR)).state is MemberState.ACTIVE
