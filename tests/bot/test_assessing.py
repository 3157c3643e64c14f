"""The joint assessment through the router: yellow is the group's own, red goes to the council (B5, A3, C1, C6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from cards.agenda import CloseReferral
from lagesbild.deliveries import DeliveryKind
from lagesbild.referrals import ReferralState
from lagesbild.templates import Area, Colour
from tests.bot.chat import Chat, button, words
from tests.cards.checks import check_card

NUMBER = "19121212-1212"


async def reports(chat: Chat, **answers: str) -> None:
    """Mehmet's report."""
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    await chat.presses(chat.mehmet, {**button(card, "Skicka"), **answers})


async def area(chat: Chat, name: Area) -> dict[str, Any]:
    """The form of one area."""
    card = (await chat.says(chat.karin, "bedöm")).card
    assert card is not None
    check_card(card)
    form = (await chat.presses(chat.karin, {**button(card, "Bedöm området"), "area": name.value})).card
    assert form is not None
    check_card(form)
    return form


async def test_the_meeting_goes_from_area_to_area_and_sees_what_will_happen(chat: Chat) -> None:
    await reports(chat, impact_1="4", comment_1="Trasig belysning vid Kolarbyskolan", comment_7="Fin kväll")
    form = await area(chat, Area.DISORDER)
    assert "nivå 4" in words(await chat.presses(chat.karin, button(form, "Översikt")))
    following = await chat.presses(chat.karin, {**button(form, "Spara, nästa"), "colour": "green"})
    assert following.card is not None
    check_card(following.card)
    overview = await chat.presses(chat.karin, button(following.card, "Översikt"))
    assert overview.card is not None
    check_card(overview.card)
    assert "🟢 Grönt" in words(overview)
    assert "skickar återkoppling till 1 som svarat. Trycker ingen" in words(overview)


async def test_yellow_needs_a_measure_an_owner_and_a_day(chat: Chat) -> None:
    form = await area(chat, Area.YOUTH)
    yellow = {**button(form, "Spara"), "colour": "yellow", "measure": "Vi går dit på fredag"}
    refused = await chat.presses(chat.karin, yellow)
    assert refused.outcome == "refused"
    assert "Välj vem som ansvarar" in words(refused)
    due = (chat.world.time + timedelta(days=9)).date().isoformat()
    saved = await chat.presses(chat.karin, {**yellow, "owner": chat.mehmet.id, "due": due})
    assert "Egen åtgärd: Vi går dit på fredag (Mehmet Aydin" in words(saved)
    async with chat.world.work() as work:
        (measure,) = await work.store.measures.list_by_round(chat.round.id)
    assert measure.owner.member_id == chat.mehmet.id


async def test_a_yellow_that_becomes_green_takes_its_measure_back(chat: Chat) -> None:
    due = (chat.world.time + timedelta(days=9)).date().isoformat()
    form = await area(chat, Area.YOUTH)
    yellow = {"colour": "yellow", "measure": "Vi går dit", "owner": chat.mehmet.id, "due": due}
    await chat.presses(chat.karin, {**button(form, "Spara"), **yellow})
    await chat.presses(chat.karin, {**button(form, "Spara"), "colour": "green"})
    async with chat.world.work() as work:
        assert await work.store.measures.list_by_round(chat.round.id) == []
        history = await work.store.assessments.history(chat.round.id, Area.YOUTH)
    assert [one.colour for one in history] == [Colour.YELLOW, Colour.GREEN]


async def test_red_waits_for_done_and_then_goes_to_whoever_keeps_the_councils_minutes(chat: Chat) -> None:
    await reports(chat, impact_1="5", comment_1="Mörkt i Kolarbyområdet")
    form = await area(chat, Area.DISORDER)
    red = {**button(form, "Spara"), "colour": "red", "title": "Belysningen", "comment": "Mörkt länge"}
    day = (chat.world.time + timedelta(days=14)).date().isoformat()
    overview = (await chat.presses(chat.karin, {**red, "answer_by": day})).card
    assert overview is not None
    assert await chat.world.sent(DeliveryKind.REFERRAL) == []
    done = await chat.presses(chat.karin, button(overview, "Klart: skicka vidare"))
    assert "Skickat vidare" in words(done)
    assert await chat.world.receivers(DeliveryKind.REFERRAL) == ["karin"]
    assert await chat.world.receivers(DeliveryKind.ROUND_FEEDBACK) == ["mehmet"]
    await chat.presses(chat.karin, button(overview, "Klart: skicka vidare"))
    assert await chat.world.receivers(DeliveryKind.REFERRAL) == ["karin"]


async def test_a_red_that_was_a_mistake_is_taken_back_before_the_council_answers(chat: Chat) -> None:
    form = await area(chat, Area.DISORDER)
    day = (chat.world.time + timedelta(days=14)).date().isoformat()
    red = {**button(form, "Spara"), "colour": "red", "title": "Belysningen", "answer_by": day}
    await chat.presses(chat.karin, red)
    await chat.presses(chat.karin, {**button(form, "Spara"), "colour": "green"})
    async with chat.world.work() as work:
        referral = await work.store.referrals.get_by_area(chat.round.id, Area.DISORDER)
        assert referral is not None
        assert referral.state is ReferralState.WITHDRAWN
    await chat.presses(chat.karin, red)
    async with chat.world.work() as work:
        referral = await work.store.referrals.get_by_area(chat.round.id, Area.DISORDER)
    assert referral is not None
    assert referral.state is ReferralState.WAITING


async def test_what_points_somebody_out_is_not_stored(chat: Chat) -> None:
    form = await area(chat, Area.DISORDER)
    refused = await chat.presses(
        chat.karin, {**button(form, "Spara"), "colour": "green", "comment": f"Det var {NUMBER}"}
    )
    assert refused.outcome == "refused"
    async with chat.world.work() as work:
        assert await work.store.assessments.get(chat.round.id, Area.DISORDER) is None


async def test_what_does_not_show_is_taken_up_with_its_history(chat: Chat) -> None:
    await test_red_waits_for_done_and_then_goes_to_whoever_keeps_the_councils_minutes(chat)
    async with chat.world.work() as work:
        referral = await work.store.referrals.get_by_area(chat.round.id, Area.DISORDER)
        assert referral is not None
        await work.store.referrals.save(replace(referral, state=ReferralState.ON_AGENDA))
    overview = await chat.says(chat.karin, "bedöm")
    assert overview.card is not None
    check_card(overview.card)
    assert "Tillbaka på dagordningen" in words(overview)
    take_up = next(
        item["actions"][0]["data"]
        for part in overview.card["body"]
        for item in part.get("items", [])
        if item["type"] == "ActionSet"
    )
    history = (await chat.presses(chat.karin, take_up)).card
    assert history is not None
    check_card(history)
    again = await chat.presses(
        chat.karin,
        {
            **button(history, "Lyft till Brå igen"),
            "answer_by": (chat.world.time + timedelta(days=7)).date().isoformat(),
        },
    )
    assert "Lyft till Brå igen" in words(again)
    async with chat.world.work() as work:
        referral = await work.store.referrals.get(referral.id)
    assert referral is not None
    assert (referral.state, referral.times) == (ReferralState.WAITING, 2)


async def test_only_who_leads_the_group_assesses(chat: Chat) -> None:
    assert "samordnare" in words(await chat.says(chat.mehmet, "bedöm"))


async def test_in_the_channel_it_says_where_the_assessment_is_made(chat: Chat) -> None:
    assert "egen chatt" in words(await chat.says(chat.karin, "bedöm", in_channel=True))


async def test_red_and_nothing_more_is_enough(chat: Chat) -> None:
    await reports(chat, impact_1="5", comment_1="Mörkt vid Kolarbyskolan")
    form = await area(chat, Area.DISORDER)
    saved = await chat.presses(chat.karin, {**button(form, "Spara"), "colour": "red"})
    assert "Lyfts till Brå: Ordningsstörningar och otrygghet, Kolarbyskolan, svar senast 25 mars" in words(
        saved
    )


async def test_the_way_from_the_status_of_a_closed_round_leads_to_its_assessment(chat: Chat) -> None:
    await chat.says(chat.karin, "stäng")
    status = (await chat.says(chat.karin, "status")).card
    assert status is not None
    overview = await chat.presses(chat.karin, button(status, "Bedöm tillsammans"))
    assert "Gruppens bedömning, mötet 13 mars" in words(overview)


async def test_what_waits_for_the_council_is_not_closed_with_an_old_button(chat: Chat) -> None:
    await test_red_waits_for_done_and_then_goes_to_whoever_keeps_the_councils_minutes(chat)
    async with chat.world.work() as work:
        referral = await work.store.referrals.get_by_area(chat.round.id, Area.DISORDER)
    assert referral is not None
    old = CloseReferral(referral.id, chat.round.id).pack()
    refused = await chat.presses(chat.karin, {**old, "sentence": "Det är åtgärdat"})
    assert "Brå har frågan hos sig" in words(refused)
