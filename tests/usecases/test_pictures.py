"""Compiling, reviewing and releasing the picture; what the guard stopped waits for a person (B1–B6, A11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lagesbild.assessments import AssessmentForm
from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState
from lagesbild.errors import NoRound, NotAllowed, NotFound
from lagesbild.ids import RoundId
from lagesbild.people import Publication
from lagesbild.picture import SituationPicture, Standing
from lagesbild.ports import Work
from lagesbild.reports import Override, Report
from lagesbild.rounds import ChannelPost, Round, RoundState
from lagesbild.templates import Area, Colour
from lagesbild.usecases.assessing import assess, finish_assessment
from lagesbild.usecases.pictures import (
    picture_of,
    publish_due,
    publish_picture,
    queue_preview,
    refresh_published,
    review_picture,
    shown_picture,
)
from lagesbild.usecases.status import resend
from tests.samples import (
    MEETING_AT,
    NOW,
    a_coordinator,
    a_group,
    a_meeting,
    a_member,
    a_report,
    a_round,
    an_absence,
    an_answer,
)
from tests.usecases.world import World

KARIN = a_coordinator(id="karin")
LENA = a_member("Lena Holm", id="lena")
OMAR = a_member("Omar Said", "Polisen", id="omar")
ROUND = RoundId("round7")
STOPPED = Override(1, "phone", "0223-123 45", "numret till växeln")
LATER = timedelta(minutes=5)


async def _begun(world: World, *things: object, **changes: object) -> World:
    await world.has(a_group(**changes), KARIN, LENA, OMAR, a_meeting(), a_round(), *things)
    return world


def _stopped(words: str = "Ring 0223-123 45") -> Report:
    return a_report(LENA, an_answer(1, 4, words), an_answer(4, 2, "Stökigt"), overrides=(STOPPED,))


async def _round(world: World) -> Round:
    return next(one for one in await world.rounds() if one.id == ROUND)


async def _shown(world: World) -> SituationPicture:
    async with world.work() as work:
        group = await work.store.groups.get(KARIN.group_id)
        assert group is not None
        return await shown_picture(work, group, await _round(world))


async def _posts(world: World) -> list[Delivery]:
    async with world.work() as work:
        return list(await work.store.deliveries.list_by_round(ROUND, (DeliveryKind.PICTURE,)))


async def _refresh(work: Work, *, needs_review: bool) -> None:
    round_ = await work.store.rounds.get(ROUND)
    assert round_ is not None
    await refresh_published(work, round_, needs_review=needs_review)


async def _publish_due(work: Work) -> None:
    round_ = await work.store.rounds.get(ROUND)
    assert round_ is not None
    await publish_due(work, round_)


async def _answers_later(world: World, report: Report) -> None:
    world.time += LATER
    await world.has(replace(report, updated_at=world.time, submitted_at=world.time))


async def test_the_review_shows_what_is_answered_and_is_not_posted_yet(world: World) -> None:
    await _begun(world, a_report(LENA, an_answer(4, 4, "Bråk.")))
    review = await world.do(review_picture, KARIN)
    assert review.picture.answered == 1
    assert review.picture.order[0] == 4
    assert (review.published, review.up_to_date, review.overridden) == (None, False, ())


async def test_a_release_queues_one_post_and_remembers_who_released_it(world: World) -> None:
    await _begun(world, a_report(LENA, an_answer(4, 4)))
    review = await world.do(publish_picture, KARIN, ROUND)
    assert review.released
    assert review.up_to_date
    assert review.publisher == KARIN
    assert [one.key for one in await _posts(world)] == ["picture:round7:1"]
    assert (await _round(world)).reviewed_by == "karin"
    assert await world.actions() == ["publish picture"]


async def test_a_repeated_release_with_nothing_new_changes_nothing(world: World) -> None:
    await _begun(world, a_report(LENA, an_answer(4, 4)))
    await world.do(publish_picture, KARIN, ROUND)
    again = await world.do(publish_picture, KARIN, ROUND)
    assert not again.released
    assert len(await _posts(world)) == 1


async def test_a_changed_answer_is_a_new_revision(world: World) -> None:
    await _begun(world, a_report(LENA, an_answer(4, 4)))
    await world.do(publish_picture, KARIN, ROUND)
    await _answers_later(world, a_report(LENA, an_answer(4, 5)))
    await world.do(_refresh, needs_review=False)
    assert [one.subject for one in await _posts(world)] == ["1", "2"]
    review = await world.do(review_picture, KARIN)
    assert review.publisher is None
    assert review.published is not None
    assert review.published.revision == 2


async def test_an_answer_before_the_first_post_posts_nothing(world: World) -> None:
    await _begun(world, a_report(LENA, an_answer(4, 4)))
    await world.do(_refresh, needs_review=False)
    assert await _posts(world) == []


async def test_stopped_words_are_released_only_by_who_was_shown_them(world: World) -> None:
    await _begun(world, _stopped())
    review = await world.do(review_picture, KARIN)
    assert [one.override.excerpt for one in review.waiting] == ["0223-123 45"]

    refused = await world.do(publish_picture, KARIN, ROUND)
    assert refused.needs_another_look
    assert await _posts(world) == []

    released = await world.do(publish_picture, KARIN, ROUND, seen=review.seen)
    assert released.released
    assert released.waiting == ()
    assert (await _shown(world)).area(1).remarks[0].comment == "Ring 0223-123 45"


async def test_words_that_come_after_the_reviewer_looked_are_not_released_unseen(world: World) -> None:
    await _begun(world, _stopped())
    seen = (await world.do(review_picture, KARIN)).seen
    other = replace(STOPPED, excerpt="ABC 123")
    await _answers_later(world, a_report(OMAR, an_answer(1, 2, "Bil ABC 123"), overrides=(other,)))
    assert (await world.do(publish_picture, KARIN, ROUND, seen=seen)).needs_another_look
    assert await _posts(world) == []


async def test_another_answer_does_not_bring_stopped_words_into_the_channel(world: World) -> None:
    await _begun(world, a_report(OMAR, an_answer(1, 2)))
    await world.do(publish_picture, KARIN, ROUND)
    await _answers_later(world, _stopped())
    await world.do(_refresh, needs_review=True)
    assert len(await _posts(world)) == 1

    await _answers_later(world, a_report(OMAR, an_answer(1, 3)))
    await world.do(_refresh, needs_review=False)

    shown = await _shown(world)
    assert len(await _posts(world)) == 2
    assert [remark.comment for remark in shown.area(1).remarks] == ["", ""]
    assert shown.area(1).distribution == (0, 0, 1, 1, 0)
    assert shown.area(4).remarks[0].comment == "Stökigt"
    review = await world.do(review_picture, KARIN)
    assert not review.up_to_date
    assert len(review.waiting) == 1


async def test_words_sent_again_with_another_reason_are_reviewed_by_the_next_release(world: World) -> None:
    await _begun(world, _stopped())
    await world.do(publish_picture, KARIN, ROUND, seen=(await world.do(review_picture, KARIN)).seen)
    await _answers_later(world, replace(_stopped(), overrides=(replace(STOPPED, reason="växeln"),)))
    review = await world.do(review_picture, KARIN)
    assert (review.up_to_date, len(review.waiting)) == (True, 1)

    released = await world.do(publish_picture, KARIN, ROUND, seen=review.seen)
    assert (released.released, released.waiting) == (True, ())
    assert not (await world.do(publish_picture, KARIN, ROUND, seen=review.seen)).released

    await _answers_later(world, a_report(OMAR, an_answer(1, 3)))
    await world.do(_refresh, needs_review=False)
    assert "Ring 0223-123 45" in repr(await _shown(world))


async def test_a_group_that_posts_by_itself_waits_when_there_is_something_to_review(world: World) -> None:
    closed = a_round(state=RoundState.CLOSED, closed_at=NOW)
    await _begun(world, _stopped(), publication=Publication.AT_TIME)
    await world.has(closed)
    await world.do(_publish_due)
    assert await _posts(world) == []
    await world.has(a_report(LENA, an_answer(1, 4)))
    await world.do(_publish_due)
    assert len(await _posts(world)) == 1


async def test_a_group_that_chose_to_press_itself_gets_nothing_at_the_deadline(world: World) -> None:
    closed = a_round(state=RoundState.CLOSED, closed_at=NOW)
    await _begun(world, a_report(LENA, an_answer(1, 4)))
    await world.has(closed)
    await world.do(_publish_due)
    assert await _posts(world) == []


async def test_a_post_that_did_not_arrive_is_sent_again_by_a_new_release(world: World) -> None:
    await _begun(world, a_report(LENA, an_answer(4, 4)))
    await world.do(publish_picture, KARIN, ROUND)
    await world.has(replace((await _posts(world))[0], state=DeliveryState.FAILED))
    again = await world.do(publish_picture, KARIN, ROUND)
    assert again.released
    assert [one.state for one in await _posts(world)] == [DeliveryState.QUEUED]


@pytest.mark.parametrize("by", ["release", "resend"])
async def test_a_post_that_was_deleted_in_teams_is_posted_anew(world: World, by: str) -> None:
    await _begun(world, a_report(LENA, an_answer(4, 4)))
    await world.do(publish_picture, KARIN, ROUND)
    async with world.work() as work:
        await work.store.pictures.save_post(ChannelPost(ROUND, 0, "19:c", "1", "x"))
    await world.has(replace((await _posts(world))[0], state=DeliveryState.GONE))
    if by == "release":
        await world.do(publish_picture, KARIN, ROUND)
    else:
        await world.do(resend, KARIN, ROUND)
    async with world.work() as work:
        assert await work.store.pictures.posts(ROUND) == []
    assert [one.state for one in await _posts(world)] == [DeliveryState.QUEUED]


async def test_an_absence_on_the_day_of_a_moved_meetings_deadline_counts(world: World) -> None:
    week = timedelta(days=7)
    day = date(2025, 3, 20)
    await _begun(world, an_absence(LENA, day, day))
    await world.has(a_meeting(starts_at=MEETING_AT + week))
    moved = a_round(deadline=MEETING_AT + week - timedelta(hours=4))
    await world.has(moved)
    async with world.work() as work:
        picture = await picture_of(work, a_group(), moved)
    assert [one.name for one in picture.standing(Standing.ABSENT)] == ["Lena Holm"]


async def test_an_earlier_round_can_be_compiled_by_its_number(world: World) -> None:
    before = a_round(
        id=RoundId("round6"), number=6, meeting_id="meeting0", state=RoundState.CLOSED, closed_at=NOW
    )
    week = timedelta(days=7)
    earlier = a_meeting(id="meeting0", slot=date(2025, 3, 6), starts_at=MEETING_AT - week)
    await _begun(world)
    await world.has(earlier, before, a_report(LENA, an_answer(4, 2), round_id="round6"))
    review = await world.do(review_picture, KARIN, 6)
    assert review.picture.number == 6
    assert review.picture.answered == 1
    with pytest.raises(NoRound):
        await world.do(review_picture, KARIN, 99)


async def test_a_preview_asked_for_in_a_channel_goes_to_the_one_who_asked(world: World) -> None:
    await _begun(world, _stopped())
    review = await world.do(review_picture, KARIN)
    await world.do(queue_preview, KARIN, review)
    assert await world.receivers(DeliveryKind.PREVIEW) == ["karin"]


async def test_only_those_who_run_the_group_compile(world: World) -> None:
    await _begun(world)
    with pytest.raises(NotAllowed):
        await world.do(review_picture, LENA)
    with pytest.raises(NotAllowed):
        await world.do(publish_picture, LENA, ROUND)
    with pytest.raises(NotFound):
        await world.do(publish_picture, KARIN, RoundId("someone-elses"))


async def test_the_finished_assessment_stands_in_the_channels_post(world: World) -> None:
    await _begun(world, a_report(LENA, an_answer(1, 4, "Mörkt")))
    await world.has(replace(await _round(world), state=RoundState.CLOSED, closed_at=NOW))
    form = AssessmentForm(Colour.GREEN, "Lugnt, men vi håller ögonen på gångvägen")
    await world.do(assess, KARIN, ROUND, Area.DISORDER, form)
    await world.do(assess, KARIN, ROUND, Area.POSITIVE, AssessmentForm(Colour.GREEN, "Fint på skolan"))
    await world.do(publish_picture, KARIN, ROUND)
    assert (await world.do(shown_picture, a_group(), await _round(world))).assessed == ()
    await world.do(finish_assessment, KARIN, ROUND)
    shown = await world.do(shown_picture, a_group(), await _round(world))
    assert [(one.colour, one.comment) for one in shown.assessed] == [
        (Colour.GREEN, form.comment),
        (None, "Fint på skolan"),
    ]
    assert (await _round(world)).revision == 2
