"""The whole way back, through the use cases and out to Teams: decided, done, does not show, again, and a no (C1–C6)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lagesbild.assessments import Owner
from lagesbild.feedback import Shows
from lagesbild.measures import MeasureState
from lagesbild.referrals import DecisionForm, DecisionKind
from lagesbild.usecases.deciding import decide
from lagesbild.usecases.following_up import answer_follow_up, follow_ups_due
from lagesbild.usecases.measuring import MeasureForm, update_measure
from lagesbild.usecases.measuring_chain import chain_figures
from lagesbild.usecases.referring import close_referral, refer_again
from tests.chain import ASSESSMENT, KARIN, LENA, MEHMET, OMAR, REFERRAL, ROUND, TITLE, begun
from tests.delivery.post import Post, a_post
from tests.samples import MEETING_AT
from tests.usecases.world import local

LAMPS = DecisionForm(
    DecisionKind.MEASURE, "Byt lamporna", "Vi byter alla lampor.", Owner("Gata och park"), date(2025, 4, 30)
)
NO = DecisionForm(DecisionKind.NO, "", "Nej, därför att vägen ska flyttas i höst.", Owner("Brås ordförande"))


@pytest.fixture
async def post(database_url: str) -> AsyncIterator[Post]:
    async with a_post(database_url) as post:
        await begun(post.world, REFERRAL, ASSESSMENT, group=post.group)
        await post.world.has(replace(ROUND, assessed_at=MEETING_AT))
        yield post


async def decided(post: Post, form: DecisionForm) -> None:
    await post.world.do(decide, KARIN, REFERRAL.id, form)
    await post.send()


def card(post: Post) -> str:
    """Lena's one card about it, as it stands."""
    (found,) = [one for one in post.got(LENA.id) if TITLE in str(one.card) and "Brås beslut" in str(one.card)]
    return str(found.card)


def lines(post: Post) -> list[str]:
    return [one.body["text"].partition(": ")[2] for one in post.got(LENA.id) if one.card is None]


async def test_a_reporter_follows_the_question_in_one_card_to_its_end(post: Post) -> None:
    world = post.world.at("2025-03-19 10:00")
    await decided(post, LAMPS)
    assert "✔ Brå har beslutat" in card(post)
    assert "Vi byter alla lampor." in card(post)
    assert lines(post) == []

    world.at("2025-04-07 10:00")
    async with world.work() as work:
        (measure,) = await work.store.measures.list_by_referral(REFERRAL.id)
    await world.do(update_measure, KARIN, measure.id, MeasureForm(MeasureState.DONE, "14 lampor är bytta."))
    await post.send()
    assert lines(post) == ["det är klart. ”14 lampor är bytta.”"]

    world.at("2025-05-12 09:00")
    assert await world.do(follow_ups_due, post.group, world.time) == 2
    await post.send()
    await world.do(answer_follow_up, LENA, measure.id, 1, Shows.NO, comment="Två är mörka igen")
    await post.send()
    assert "↻ Tas upp på nästa möte" in card(post)
    assert "det är klart" in lines(post)[-1], "she has just said that it does not show"
    assert "märks inte för alla" in [one for one in post.got(MEHMET.id) if one.card is None][-1].body["text"]
    assert "Två är mörka igen" not in str([one.body for one in post.got(MEHMET.id)])

    world.at("2025-05-15 14:00")
    await world.do(refer_again, KARIN, REFERRAL.id, date(2025, 5, 30))
    await post.send()
    assert "⏳ Ligger hos Brå, svar senast 30 maj" in card(post)
    assert lines(post)[-1] == "gruppen har lyft det till Brå igen."

    world.at("2025-05-28 10:00")
    await decided(post, NO)
    assert "✖ Brå sa nej" in card(post)
    assert lines(post)[-1] == f"Brå sa nej. ”{NO.sentence}”"

    assert len(lines(post)) == 3
    assert post.got(OMAR.id) == []
    figures = await world.do(chain_figures, post.group)
    assert (figures.answers, figures.answered, figures.noes, figures.noes_led_on) == (5, 3, 1, 1)


async def test_what_the_group_closes_comes_with_its_sentence(post: Post) -> None:
    world = post.world.at("2025-03-19 10:00")
    await decided(post, LAMPS)
    world.time += timedelta(days=30)
    await world.do(close_referral, KARIN, REFERRAL.id, "Nu är det ljust, tack för att du sa till.")
    await post.send()
    assert "✔ Avslutad" in card(post)
    assert "Så avslutades frågan" in card(post)
    assert lines(post) == ["frågan är avslutad. ”Nu är det ljust, tack för att du sa till.”"]


async def test_a_first_no_is_the_news_of_a_new_card(post: Post) -> None:
    post.world.time = local("2025-03-19 10:00")
    await decided(post, NO)
    assert NO.sentence in card(post)
    assert "✖ Brå sa nej" in card(post)
    assert post.got(LENA.id)[0].body["summary"] == f"{TITLE}: ✖ Brå sa nej"
