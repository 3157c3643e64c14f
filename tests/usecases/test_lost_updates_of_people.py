"""The same of people, their notes and their meetings: what two turns change at the same time on one PostgreSQL.

Each first turn is open, with all that it wrote, when the second comes to the same rows.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from lagesbild.answering import ReportForm
from lagesbild.errors import Invalid
from lagesbild.people import MemberState, Role
from lagesbild.ports import Work
from lagesbild.usecases.feeding_back import want_fewer
from lagesbild.usecases.meetings import move_meeting
from lagesbild.usecases.members import change_member, remove_member, set_preferences
from lagesbild.usecases.notes import complete_note, note
from lagesbild.usecases.pictures import publish_picture
from lagesbild.usecases.reports import submit_report
from lagesbild.usecases.rosters import members_left
from tests.chain import (
    KARIN,
    MEHMET,
)
from tests.replicas import ASA, Replicas, found, step, together
from tests.samples import GROUP_ID, MEETING_AT, a_meeting, a_round, an_answer
from tests.usecases.world import World


async def test_two_who_demote_each_other_leave_one_who_leads(week_after: Replicas) -> None:
    with pytest.raises(Invalid, match="last_coordinator"):
        await together(
            *week_after,
            step(change_member, KARIN, ASA.id, roles=[Role.REPORTER]),
            step(change_member, ASA, KARIN.id, roles=[Role.REPORTER]),
        )
    assert (await week_after[0].member("karin")).leads


async def test_whoever_leads_does_not_leave_while_the_other_is_removed(week_after: Replicas) -> None:
    async def leaving(work: Work) -> object:
        group = await work.store.groups.get(GROUP_ID)
        assert group is not None
        return await members_left(work, group, [KARIN.user_id or ""])

    await together(*week_after, step(remove_member, KARIN, ASA.id), leaving)
    assert (await week_after[0].member("karin")).state is MemberState.ACTIVE


async def test_two_wishes_of_one_member_are_both_kept(week_after: Replicas) -> None:
    await together(
        *week_after, step(set_preferences, MEHMET, prompted=False), step(want_fewer, MEHMET, fewer=True)
    )
    member = await week_after[0].member("mehmet")
    assert (member.prompted, member.fewer) == (False, True)


async def test_where_a_removed_member_is_written_to_changes_nothing_else(week_after: Replicas) -> None:
    async def remembering(work: Work) -> None:
        await work.store.members.remember(MEHMET.id, "a:new", "en")

    await together(*week_after, step(remove_member, KARIN, MEHMET.id), remembering)
    member = await week_after[0].member("mehmet")
    assert (member.state, member.roles) == (MemberState.LEFT, frozenset())
    assert (member.conversation_id, member.locale) == ("a:new", "en")


async def test_a_note_that_is_completed_stays_in_the_report_that_carried_it(week_after: Replicas) -> None:
    one, two = week_after
    await _open(one, two)
    noted = await one.do(note, MEHMET, "Klotter på skolan")
    completing = step(complete_note, MEHMET, noted.observation.id, place="Kolarbyskolan")
    answer = ReportForm((an_answer(1, 3, "Klotter på skolan"),))
    await together(one, two, completing, step(submit_report, MEHMET, "round8", answer))
    kept = await found(one, "observations", noted.observation.id)
    assert (kept.place, kept.reported_in) == ("Kolarbyskolan", "round8")


async def test_a_note_that_a_report_carries_meanwhile_is_not_completed(week_after: Replicas) -> None:
    one, two = week_after
    await _open(one, two)
    noted = await one.do(note, MEHMET, "Klotter på skolan")
    answer = ReportForm((an_answer(1, 3, "Klotter på skolan"),))
    with pytest.raises(Invalid, match="note: reported"):
        await together(
            one,
            two,
            step(submit_report, MEHMET, "round8", answer),
            step(complete_note, MEHMET, noted.observation.id, place="Kolarbyskolan"),
        )
    assert (await found(one, "observations", noted.observation.id)).reported_in == "round8"


async def test_a_meeting_is_moved_beside_the_publishing_of_its_round(week_after: Replicas) -> None:
    one, two = week_after
    await _open(one, two)
    later = one.time + timedelta(days=2)
    await together(one, two, step(publish_picture, KARIN, "round8"), step(move_meeting, KARIN, "m8", later))
    round_ = await found(one, "rounds", "round8")
    assert (round_.revision, round_.deadline) == (1, later - timedelta(hours=4))


async def _open(*worlds: World) -> None:
    """Another round is open, to be answered."""
    starts = MEETING_AT + timedelta(days=14)
    meeting = a_meeting(id="m8", slot=starts.date(), starts_at=starts)
    opened = a_round(id="round8", number=8, meeting_id="m8", deadline=starts - timedelta(hours=4))
    await worlds[0].has(meeting, opened)
