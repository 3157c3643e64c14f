"""What is saved comes back equal, on both databases, and a unit of work is all or nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from lagesbild.audit import AuditAction, AuditEntry
from lagesbild.deliveries import DeliveryKind, DeliveryState
from lagesbild.ids import GroupId, MeetingId, MemberId, ReportId, RoundId
from lagesbild.people import GroupState, Member, MemberState
from lagesbild.reports import Count, Override
from lagesbild.rounds import ChannelPost, PublishedPicture, RoundState
from lagesbild.templates import Area, Colour
from storage import Storage, StorageUnitOfWork, create_engine, is_current
from storage.migrate import VERSION_TABLE
from storage.tables import metadata
from tests import samples

LENA = samples.a_member(id="m1")
KARIN = samples.a_coordinator(id="m2")
ROUND = samples.a_round()
TEXT = st.text(st.characters(codec=None), max_size=40)


async def _the_round(unit: StorageUnitOfWork) -> None:
    await unit.groups.save(samples.a_group())
    for member in (LENA, KARIN):
        await unit.members.save(member)
    await unit.meetings.save(samples.a_meeting())
    await unit.rounds.save(ROUND)


@pytest.fixture
async def stored(storage: Storage) -> Storage:
    """A group with two members and an open round."""
    async with storage.begin() as unit:
        await _the_round(unit)
    return storage


async def test_what_was_set_up_comes_back_equal(stored: Storage) -> None:
    async with stored.begin(write=False) as unit:
        assert await unit.groups.get(samples.GROUP_ID) == samples.a_group()
        assert await unit.groups.get_by_team("t1", "19:team@thread.tacv2") == samples.a_group()
        assert await unit.groups.get_by_team("t2", "19:team@thread.tacv2") is None
        assert await unit.members.get(LENA.id) == LENA
        assert await unit.members.get_by_user(samples.GROUP_ID, "29:m1") == LENA
        assert await unit.meetings.get(MeetingId("meeting1")) == samples.a_meeting()
        assert await unit.meetings.get_by_slot(samples.GROUP_ID, date(2025, 3, 13)) == samples.a_meeting()
        assert await unit.rounds.get(ROUND.id) == ROUND
        assert await unit.rounds.get_by_number(samples.GROUP_ID, 7) == ROUND
        assert await unit.rounds.get_by_meeting(MeetingId("meeting1")) == ROUND
        assert await unit.rounds.get(RoundId("not\x00there")) is None


async def test_groups_are_listed_by_tenant_and_by_state(stored: Storage) -> None:
    colours = (Colour.GREEN, Colour.GREEN, Colour.YELLOW, Colour.RED, Colour.RED)
    home = samples.a_group().home
    other = samples.a_group(
        id=GroupId("g2"),
        municipality="Älvdalen",
        home=replace(home, team_id="x"),
        state=GroupState.NEW,
        colour_of_impact=colours,
        template=None,
        schedule=None,
    )
    third = samples.a_group(
        id=GroupId("g3"),
        municipality="Åre",
        home=replace(home, team_id="y"),
        schedule=samples.a_schedule(at=time(8, 15), reminders=(timedelta(hours=5), timedelta(minutes=90))),
    )
    async with stored.begin() as unit:
        await unit.groups.save(other)
        await unit.groups.save(third)
    async with stored.begin(write=False) as unit:
        assert list(await unit.groups.list_by_tenant("t1")) == [samples.a_group(), third, other]
        assert await unit.groups.list_by_tenant("t2") == []
        assert await unit.groups.list_active() == [samples.a_group(), third]


async def test_a_person_has_memberships_only_where_still_in_and_in_the_same_tenant(stored: Storage) -> None:
    async with stored.begin() as unit:
        assert await unit.members.list_by_user("t1", "29:m1") == [LENA]
        assert await unit.members.list_by_user("t2", "29:m1") == []
        await unit.members.lock(LENA.id)
        await unit.members.save(replace(LENA, state=MemberState.LEFT))
        assert await unit.members.list_by_user("t1", "29:m1") == []
        assert [m.name for m in await unit.members.list_by_group(samples.GROUP_ID)] == [
            "Karin Ek",
            "Lena Holm",
        ]


async def test_absences_are_found_when_they_touch_the_days(stored: Storage) -> None:
    away = samples.an_absence(LENA)
    async with stored.begin() as unit:
        await unit.absences.save(away)
        assert await unit.absences.list_by_member(LENA.id) == [away]
        assert await unit.absences.list_by_group(samples.GROUP_ID, away.last, date(2025, 4, 1)) == [away]
        assert await unit.absences.list_by_group(samples.GROUP_ID, date(2025, 3, 15), date(2025, 4, 1)) == []
        await unit.absences.remove(away)
        assert await unit.absences.list_by_member(LENA.id) == []


async def test_rounds_are_listed_by_what_they_wait_for(stored: Storage) -> None:
    later = samples.a_meeting(
        id=MeetingId("meeting2"), slot=date(2025, 3, 27), starts_at=samples.MEETING_AT + timedelta(days=14)
    )
    planned = samples.a_round(
        id=RoundId("round8"),
        meeting_id=later.id,
        number=8,
        state=RoundState.PLANNED,
        opened_at=None,
        opens_at=samples.NOW + timedelta(days=9),
    )
    async with stored.begin() as unit:
        await unit.rounds.save(planned)
        await unit.meetings.save(later)
        assert await unit.rounds.next_number(samples.GROUP_ID) == 9
        assert await unit.rounds.list_planned(samples.GROUP_ID) == [planned]
        assert await unit.rounds.list_by_group(samples.GROUP_ID) == [ROUND]
        assert await unit.rounds.list_by_group(samples.GROUP_ID, before=7) == []
        assert await unit.rounds.list_due(samples.NOW) == [ROUND]
        assert await unit.rounds.list_due(planned.opens_at) == [ROUND, planned]
        assert await unit.meetings.list_by_group(samples.GROUP_ID, samples.MEETING_AT) == [later]
        await unit.meetings.remove(later)
        assert await unit.rounds.get(planned.id) is None
        await unit.groups.lock(samples.GROUP_ID)
        await unit.groups.save(samples.a_group(state=GroupState.PAUSED))
        assert await unit.rounds.list_due(planned.opens_at) == []


async def test_every_submitted_revision_is_kept(stored: Storage) -> None:
    draft = samples.a_draft(LENA, samples.an_answer(1, 3, "Klotter"))
    first = samples.a_report(LENA, samples.an_answer(1, 4, "Klotter"))
    second = replace(
        first, revision=2, overrides=(Override(1, "name", "Bo", "en gata"),), counts=(Count("larm", 3),)
    )
    async with stored.begin() as unit:
        for report in (draft, first, second):
            await unit.reports.save(report)
            assert await unit.reports.get(ROUND.id, LENA.id) == report
        assert await unit.reports.history(ROUND.id, LENA.id) == [first, second]
        assert await unit.reports.list_by_member(LENA.id) == [second]
        await unit.reports.remove(draft)
        assert await unit.reports.list_by_rounds([ROUND.id]) == [second]
        assert await unit.reports.list_by_rounds([]) == []


async def test_a_draft_is_nobody_elses_and_can_be_thrown_away(stored: Storage) -> None:
    draft = samples.a_draft(LENA)
    async with stored.begin() as unit:
        await unit.reports.save(draft)
        assert await unit.reports.list_by_round(ROUND.id) == [draft]
        assert await unit.reports.list_by_rounds([ROUND.id]) == []
        await unit.reports.remove(draft)
        assert await unit.reports.get(ROUND.id, LENA.id) is None


async def test_notes_wait_until_a_report_has_carried_them(stored: Storage) -> None:
    note = samples.a_note(LENA, area=Area.DISORDER, seen_on=date(2025, 3, 7))
    async with stored.begin() as unit:
        await unit.observations.save(note)
        assert await unit.observations.list_unreported(LENA.id) == [note]
        await unit.observations.save(replace(note, reported_in=ROUND.id))
        assert await unit.observations.list_unreported(LENA.id) == []
        assert await unit.observations.get(note.id) == replace(note, reported_in=ROUND.id)
        await unit.observations.remove(note)
        assert await unit.observations.get(note.id) is None


async def test_pictures_and_posts(stored: Storage) -> None:
    one, two = (PublishedPicture(ROUND.id, n, samples.NOW, KARIN.id, f"d{n}") for n in (1, 2))
    post = ChannelPost(ROUND.id, 0, "c", "a", "d")
    async with stored.begin() as unit:
        await unit.pictures.save(two)
        await unit.pictures.save(one)
        await unit.pictures.save_post(post)
        assert await unit.pictures.latest(ROUND.id) == two
        assert await unit.pictures.list_by_round(ROUND.id) == [one, two]
        assert await unit.pictures.posts(ROUND.id) == [post]
        await unit.pictures.remove_post(post)
        assert await unit.pictures.posts(ROUND.id) == []


async def test_a_known_delivery_is_not_added_again(stored: Storage) -> None:
    prompt = samples.a_prompt(LENA)
    async with stored.begin() as unit:
        assert await unit.deliveries.add(prompt)
        assert not await unit.deliveries.add(replace(prompt, attempts=9))
        assert await unit.deliveries.get(prompt.key) == prompt
        assert await unit.deliveries.list_by_round(ROUND.id, [DeliveryKind.PICTURE]) == []
        assert await unit.deliveries.list_by_round(ROUND.id) == [prompt]
        blocked = replace(prompt, state=DeliveryState.BLOCKED, updated_at=samples.NOW)
        await unit.deliveries.save(blocked)
        assert await unit.deliveries.list_undelivered(samples.GROUP_ID) == [blocked]
        assert await unit.deliveries.list_by_member(LENA.id) == [blocked]


async def test_the_audit_log_is_newest_first(stored: Storage) -> None:
    entries = [
        AuditEntry(samples.GROUP_ID, samples.NOW, LENA.id, AuditAction.REMIND, "round:7", detail=str(n))
        for n in range(3)
    ]
    async with stored.begin() as unit:
        for entry in entries:
            await unit.audit.add(entry)
        assert await unit.audit.list_by_group(samples.GROUP_ID, 2) == [entries[2], entries[1]]
        assert await unit.audit.list_by_group(samples.GROUP_ID, 2, skip=2) == [entries[0]]


@pytest.mark.parametrize("change", ["UPDATE audit SET detail = ''", "DELETE FROM audit"])
async def test_nothing_in_the_audit_log_can_be_changed_or_taken_away(stored: Storage, change: str) -> None:
    entry = AuditEntry(samples.GROUP_ID, samples.NOW, LENA.id, AuditAction.REMIND, "round:7", detail="2")
    async with stored.begin() as unit:
        await unit.audit.add(entry)
    with pytest.raises(DBAPIError, match="append-only"):
        async with stored.begin() as unit:
            await unit.connection.execute(text(change))
    async with stored.begin() as unit:
        assert await unit.audit.list_by_group(samples.GROUP_ID) == [entry]


async def test_an_exception_leaves_nothing(storage: Storage) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with storage.begin() as unit:
            await _the_round(unit)
            raise ZeroDivisionError
    async with storage.begin(write=False) as unit:
        assert await unit.groups.get(samples.GROUP_ID) is None


async def test_what_must_be_single_is(stored: Storage) -> None:
    async def refused(repository: str, value: object) -> None:
        with pytest.raises(IntegrityError):
            async with stored.begin() as unit:
                await getattr(unit, repository).save(value)

    async with stored.begin() as unit:
        await unit.reports.save(samples.a_report(LENA))
    await refused("reports", samples.a_report(LENA, id=ReportId("other")))
    await refused("members", replace(LENA, id=MemberId("other")))
    await refused("meetings", samples.a_meeting(id=MeetingId("other")))
    await refused("rounds", samples.a_round(id=RoundId("other")))
    await refused("members", replace(LENA, group_id=GroupId("unknown")))


async def test_a_naive_instant_is_refused(stored: Storage) -> None:
    async with stored.begin() as unit:
        with pytest.raises(StatementError):
            await unit.groups.save(samples.a_group(created_at=datetime(2025, 1, 1)))  # noqa: DTZ001


async def test_two_turns_about_one_report_take_turns(stored: Storage) -> None:
    async def change(_turn: int) -> None:
        async with stored.begin() as unit:
            report = await unit.reports.get(ROUND.id, LENA.id)
            await asyncio.sleep(0.02)
            await unit.reports.save(
                replace(report, revision=report.revision + 1) if report else samples.a_report(LENA)
            )

    await asyncio.gather(*map(change, range(5)))
    async with stored.begin(write=False) as unit:
        assert [r.revision for r in await unit.reports.history(ROUND.id, LENA.id)] == [1, 2, 3, 4, 5]


async def test_two_engines_wait_for_each_other(stored: Storage) -> None:
    other = Storage(create_engine(stored.engine.url.render_as_string(hide_password=False)))

    async def rename(storage: Storage, member: Member) -> None:
        async with storage.begin() as unit:
            await unit.members.lock(member.id)
            await unit.members.save(replace(member, name="Ny"))
            await asyncio.sleep(0.02)

    await asyncio.gather(*(rename(s, m) for m in (LENA, KARIN) for s in (stored, other)))
    async with stored.begin(write=False) as unit:
        assert {m.name for m in await unit.members.list_by_group(samples.GROUP_ID)} == {"Ny"}
    await other.engine.dispose()


async def test_what_was_read_without_a_lock_is_not_written_back(stored: Storage) -> None:
    async def rename() -> None:
        async with stored.begin() as unit:
            assert await unit.members.get(LENA.id) in await unit.members.list_by_group(samples.GROUP_ID)
            await unit.members.save(replace(LENA, name="Ny"))

    with pytest.raises(IntegrityError):
        await rename()


async def test_what_was_locked_or_is_new_is_written(stored: Storage) -> None:
    new = samples.a_member(id="new")
    async with stored.begin() as unit:
        everybody = await unit.members.lock_by_group(samples.GROUP_ID)
        for member in (*everybody, new, replace(new, name="Nyare")):
            await unit.members.save(replace(member, locale="en"))
    async with stored.begin(write=False) as unit:
        found = await unit.members.list_by_group(samples.GROUP_ID)
    assert [(one.name, one.locale) for one in found] == [
        (name, "en") for name in ("Karin Ek", "Lena Holm", "Nyare")
    ]


async def test_migrated_schema_is_the_declared_one(storage: Storage) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {
            "version_table": VERSION_TABLE,
            "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
        }
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    assert await is_current(storage.engine)
    async with storage.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(comment=TEXT, bullets=st.lists(TEXT, max_size=3), name=TEXT, at=st.datetimes(timezones=st.just(UTC)))
async def test_every_text_and_instant_comes_back(
    stored: Storage, comment: str, bullets: list[str], name: str, at: datetime
) -> None:
    answer = samples.an_answer(1, 3, comment, bullets=tuple(bullets), colour=Colour.RED)
    report = samples.a_report(LENA, answer, updated_at=at)
    async with stored.begin() as unit:
        await unit.reports.get(ROUND.id, LENA.id)
        await unit.reports.save(report)
        await unit.members.lock(LENA.id)
        await unit.members.save(replace(LENA, name=name))
    async with stored.begin(write=False) as unit:
        assert await unit.reports.get(ROUND.id, LENA.id) == report
        assert await unit.members.get(LENA.id) == replace(LENA, name=name)
