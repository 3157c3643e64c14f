"""One card a referral, edited in place; one line of news for each change; nothing twice (C5, F4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.outbox import Job
from lagesbild.assessments import AssessmentForm
from lagesbild.deliveries import DeliveryKind, DeliveryState
from lagesbild.feedback import FollowUp, Shows
from lagesbild.ids import DeliveryKey
from lagesbild.measures import MeasureState
from lagesbild.people import MemberState
from lagesbild.referrals import Referral, ReferralState
from lagesbild.templates import Area, Colour
from lagesbild.usecases.assessing import assess
from lagesbild.usecases.following_up import follow_ups_due
from lagesbild.usecases.telling import tell_reporters, tell_round
from tests.chain import (
    ASKED,
    ASSESSMENT,
    DECIDED,
    DECISION,
    DONE,
    KARIN,
    LENA,
    MARKERS,
    MEHMET,
    NO,
    OMAR,
    PEOPLE,
    REFERRAL,
    REKTOR,
    ROUND,
    RUT,
    begun,
    holds,
)
from tests.delivery.post import Post, a_post
from tests.usecases.world import local


@pytest.fixture
async def each_post(database_url: str) -> AsyncIterator[Post]:
    async with a_post(database_url) as post:
        await begun(post.world, DECIDED, ASSESSMENT, DECISION, group=post.group)
        yield post


@pytest.fixture
async def post(sqlite_url: str) -> AsyncIterator[Post]:
    async with a_post(sqlite_url) as post:
        await begun(post.world, DECIDED, ASSESSMENT, DECISION, group=post.group)
        yield post


async def tell(post: Post, *changes: object, referral: Referral = DECIDED) -> dict[str, DeliveryState]:
    """Something changes; everybody with a part is told, a day later."""
    post.world.time += timedelta(days=1)
    await holds(post.world, *changes)
    await post.world.do(tell_reporters, post.group, referral)
    return await post.send()


def texts(post: Post, member: str) -> list[str]:
    return [one.body["text"] for one in post.got(member) if one.card is None]


def cards(post: Post, member: str) -> list[str]:
    return [str(one.card) for one in post.got(member) if one.card is not None]


async def test_each_gets_one_card_with_the_decision_word_for_word(each_post: Post) -> None:
    states = await tell(each_post)
    assert set(states.values()) == {DeliveryState.SENT}
    for member in (LENA, MEHMET, REKTOR, KARIN):
        (card,) = cards(each_post, member.id)
        assert DECISION.sentence in card
    assert each_post.got(OMAR.id) == []


async def test_nothing_that_another_person_reported_is_sent_to_anybody(post: Post) -> None:
    await tell(post)
    await post.world.do(tell_round, post.group, ROUND)
    await tell(post, DONE)
    post.world.time = local("2025-05-13 09:00")
    await post.world.do(follow_ups_due, post.group, post.world.time)
    await post.send()
    for member in PEOPLE:
        told = " ".join(str(one.body) for one in post.got(member.id))
        own = {member.id, RUT.id} if member.id == KARIN.id else {member.id}
        assert not [word for whose, word in MARKERS.items() if whose not in own and word in told]
    assert MARKERS[LENA.id] in str(post.got(LENA.id))


async def test_who_has_no_teams_is_told_through_who_leads(post: Post) -> None:
    await tell(post)
    (card,) = cards(post, KARIN.id)
    assert "Till Rut Äng, som inte har Teams" in card
    assert MARKERS[RUT.id] in card
    await tell(post, DONE)
    assert len(cards(post, KARIN.id)) == 1
    assert texts(post, KARIN.id)[0].startswith("Till Rut Äng, som inte har Teams. Nytt om")


async def test_a_change_edits_the_card_in_place_and_sends_one_line_of_news(each_post: Post) -> None:
    await tell(each_post)
    before = each_post.got(LENA.id)[0].activity_id
    await tell(each_post, DONE)
    card, line = each_post.got(LENA.id)
    assert card.activity_id == before
    assert DONE.outcome in str(card.card)
    assert (
        line.body["text"]
        == "Nytt om **Belysningen vid Kolarbyskolan**: det är klart. ”Alla 14 lampor är bytta.”"
    )


async def test_what_changes_nothing_on_the_card_sends_nothing(each_post: Post) -> None:
    await tell(each_post)
    states = await tell(each_post)
    assert set(states.values()) == {DeliveryState.SKIPPED}
    key = next(key for key in states if LENA.id in key)
    assert (await each_post.row(key)).code == "unchanged"
    assert len(each_post.got(LENA.id)) == 1


async def test_who_wants_fewer_has_the_card_edited_and_no_line(post: Post) -> None:
    await tell(post)
    await post.world.has(replace(LENA, fewer=True))
    await tell(post, DONE)
    (card,) = post.got(LENA.id)
    assert DONE.outcome in str(card.card)
    assert "Färre sådana" not in str(card.card)


async def test_a_card_that_is_gone_is_sent_anew_and_then_edited(each_post: Post) -> None:
    await tell(each_post)
    del each_post.teams.messages[each_post.got(LENA.id)[0].activity_id]
    states = await tell(each_post, DONE)
    assert set(states.values()) == {DeliveryState.SENT}
    (card,) = each_post.got(LENA.id)
    assert DONE.outcome in str(card.card)
    await tell(each_post, replace(DONE, outcome="Och en ny kamera.", changed_at=each_post.world.time))
    assert "Och en ny kamera." in str(each_post.got(LENA.id)[0].card)
    assert len(cards(each_post, LENA.id)) == 1


async def test_a_line_that_did_not_arrive_is_sent_later_without_another_edit(post: Post) -> None:
    await tell(post)
    post.teams.fail(503, conversation_id="a:lena", method="POST")
    await tell(post, DONE)
    edits = len(post.teams.updated)
    assert texts(post, LENA.id) == []
    await post.send()
    assert len(texts(post, LENA.id)) == 1
    assert len(post.teams.updated) == edits


async def test_two_changes_at_once_become_one_card(post: Post) -> None:
    await post.world.do(tell_reporters, post.group, DECIDED)
    states = await tell(post, DONE)
    assert sorted(states.values()).count(DeliveryState.SKIPPED) == 4
    assert len(cards(post, LENA.id)) == 1
    assert DONE.outcome in cards(post, LENA.id)[0]
    assert texts(post, LENA.id) == []


async def test_later_news_waits_for_earlier_news_that_may_be_on_its_way(post: Post) -> None:
    await tell(post)
    await holds(post.world, DONE)
    post.world.time += timedelta(days=1)
    await post.world.do(tell_reporters, post.group, DECIDED)
    news = next(one for one in await post.world.sent() if one.member_id == LENA.id and not one.state.is_final)
    earlier = replace(
        news, key=DeliveryKey(f"{news.key}:earlier"), queued_at=news.queued_at - timedelta(days=1)
    )
    await holds(post.world, earlier)
    await post.worker.run(Job(news.key, 0, post.world.time))
    assert (await post.row(news.key)).code == "busy"
    assert DONE.outcome not in cards(post, LENA.id)[0]
    await post.send()
    assert (await post.row(earlier.key)).code == "superseded"
    assert DONE.outcome in cards(post, LENA.id)[0]


async def test_who_left_meanwhile_gets_nothing(post: Post) -> None:
    await post.world.do(tell_reporters, post.group, DECIDED)
    await post.world.has(replace(LENA, state=MemberState.LEFT))
    states = await post.send()
    key = next(key for key in states if ":lena:" in key)
    assert (await post.row(key)).code == "no_part"
    assert post.got(LENA.id) == []


async def test_what_was_withdrawn_before_anybody_heard_of_it_is_not_told(post: Post) -> None:
    withdrawn = replace(REFERRAL, state=ReferralState.WITHDRAWN)
    states = await tell(post, withdrawn, referral=withdrawn)
    assert set(states.values()) == {DeliveryState.SKIPPED}
    assert post.got(LENA.id) == []


async def test_what_was_withdrawn_after_the_rounds_cards_went_out_is_told(post: Post) -> None:
    withdrawn = replace(REFERRAL, state=ReferralState.WITHDRAWN)
    await post.world.has(replace(ROUND, assessed_at=post.world.time))
    await tell(post, withdrawn, referral=withdrawn)
    assert "Lyfts inte den här gången" in cards(post, LENA.id)[0]


async def test_a_card_in_a_chat_that_is_not_used_any_more_is_not_edited(post: Post) -> None:
    await tell(post)
    await post.world.has(replace(LENA, conversation_id="a:new"))
    await tell(post, DONE)
    assert DONE.outcome in cards(post, "new")[0]
    assert DONE.outcome not in cards(post, LENA.id)[0]


async def test_a_no_is_told_as_plainly(post: Post) -> None:
    await tell(post, replace(NO, decided_at=DECISION.decided_at + timedelta(days=1)))
    assert NO.sentence in cards(post, LENA.id)[0]
    assert "✖ Brå sa nej" in cards(post, LENA.id)[0]


async def test_everybody_who_answered_gets_the_rounds_card_once(each_post: Post) -> None:
    await each_post.world.do(tell_round, each_post.group, ROUND)
    await each_post.world.has(replace(MEHMET, fewer=True))
    states = await each_post.send()
    assert states["round_feedback:round7:mehmet"] is DeliveryState.SKIPPED
    assert "Så blev bilden 13 mars" in cards(each_post, OMAR.id)[0]
    assert each_post.got(MEHMET.id) == []
    await each_post.world.do(tell_round, each_post.group, ROUND)
    assert await each_post.send() == {}


async def told_and_corrected(post: Post, form: AssessmentForm) -> dict[str, DeliveryState]:
    """The round's cards go out; a day later the meeting's colour for what Omar reported is set anew."""
    await post.world.has(replace(ROUND, assessed_at=post.world.time))
    await post.world.do(tell_round, post.group, ROUND)
    await post.send()
    post.world.time += timedelta(days=1)
    await post.world.do(assess, KARIN, ROUND.id, Area.VIOLENCE, form)
    return await post.send()


async def test_a_correction_after_the_meeting_edits_the_rounds_card_and_sends_nothing(
    each_post: Post,
) -> None:
    states = await told_and_corrected(each_post, AssessmentForm(Colour.GREEN, "Det var en klassresa"))
    assert DeliveryState.SENT in {state for key, state in states.items() if ":omar:" in key}
    [card] = [one for one in cards(each_post, OMAR.id) if "Så blev bilden" in one]
    assert "Det var en klassresa" in card
    assert texts(each_post, OMAR.id) == []
    each_post.world.time += timedelta(days=1)
    await each_post.world.do(
        assess, KARIN, ROUND.id, Area.VIOLENCE, AssessmentForm(Colour.GREEN, "Det var en klassresa")
    )
    assert {state for key, state in (await each_post.send()).items() if ":omar:" in key} == {
        DeliveryState.SKIPPED
    }


async def test_a_card_that_its_reader_threw_away_is_not_sent_anew_for_a_correction(post: Post) -> None:
    post.teams.fail(404, "ActivityNotFoundInConversation", times=-1, method="PUT")
    await told_and_corrected(post, AssessmentForm(Colour.GREEN, "Det var en klassresa"))
    assert "Det var en klassresa" not in str(cards(post, OMAR.id))


async def test_the_question_is_asked_only_while_it_matters(each_post: Post) -> None:
    await holds(each_post.world, DONE)
    each_post.world.time = local("2025-05-13 09:00")
    await each_post.world.do(follow_ups_due, each_post.group, each_post.world.time)
    answered = FollowUp(DONE.id, MEHMET.id, REFERRAL.id, 1, ASKED.asked_at, Shows.YES)
    await holds(each_post.world, answered)
    states = await each_post.send()
    assert states["follow_up:mea1:lena:1"] is DeliveryState.SENT
    assert (await each_post.row("follow_up:mea1:mehmet:1")).code == "answered"
    assert "Märks det?" in cards(each_post, LENA.id)[0]


async def test_the_question_is_not_asked_about_what_is_not_done_after_all(post: Post) -> None:
    await holds(post.world, DONE)
    post.world.time = local("2025-05-13 09:00")
    await post.world.do(follow_ups_due, post.group, post.world.time)
    await holds(post.world, replace(DONE, state=MeasureState.ONGOING))
    assert set((await post.send()).values()) == {DeliveryState.SKIPPED}


async def test_feedback_that_did_not_arrive_is_in_the_status_with_its_name(post: Post) -> None:
    post.teams.fail(403, "ConversationBlockedByUser", times=-1, conversation_id="a:lena")
    states = await tell(post)
    assert [state for key, state in states.items() if ":lena:" in key] == [DeliveryState.BLOCKED]
    async with post.world.work() as work:
        undelivered = await work.store.deliveries.list_undelivered(post.group.id)
    assert [one.kind for one in undelivered] == [DeliveryKind.FEEDBACK]
