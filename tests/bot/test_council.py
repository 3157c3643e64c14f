"""The council through the router and over real HTTP: its conversation, its answers, its card changed in place (C1–C4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.teams.activities import Identity, Message
from cards.council_seats import AskForSeats, MeetHere
from cards.decision import PreviewDecision, SendDecision
from cards.referral import OpenReferral
from lagesbild.deliveries import DeliveryKind, DeliveryState
from lagesbild.ids import GroupId, MemberId
from lagesbild.people import GroupState, Role
from lagesbild.referrals import ReferralState
from lagesbild.usecases.deciding import council_due, refresh_referral
from tests.bot.chat import button, words
from tests.bot.council import STRANGER, Council
from tests.cards.checks import check_card
from tests.council_samples import (
    HERE,
    a_council,
    a_referral,
    on_the_table,
    referral_of,
)
from tests.samples import a_coordinator, a_group, a_member

HOME = a_group().home
TYPED = {
    "decision_kind": "measure",
    "decision_sentence": "Kommunen byter lamporna.",
    "decision_other": "Tekniska förvaltningen",
    "decision_due": "2025-04-30",
}


async def no_council(council: Council) -> None:
    """As before anything was set up."""
    here = replace(HERE, conversation_id="19:nowhere@thread.tacv2")
    await on_the_table(council.chat.world, a_council(conversation=here))


async def test_the_coordinator_lets_the_council_meet_in_a_channel_of_another_team(council: Council) -> None:
    await no_council(council)
    offer = await council.says(council.chat.karin, "brå", where=f"{HERE.conversation_id};messageid=7")
    assert offer.card is not None
    check_card(offer.card, kind="channel")
    assert "Alla som är med i det här samtalet svarar då för Brå" in words(offer)
    pressed = {**button(offer.card, "Låt Brå mötas här"), "council_kind": "politicians", "council_days": "10"}
    done = await council.presses(council.chat.karin, pressed, where=f"{HERE.conversation_id};messageid=7")
    assert done.card is not None
    check_card(done.card, kind="channel")
    async with council.chat.world.storage.begin(write=False) as store:
        (known,) = await store.councils.list_by_conversation(HERE.conversation_id)
    assert (known.kind.value, known.answer_days) == ("politicians", 10)
    assert "Brås bord" in words(await council.says(STRANGER, "brå"))


async def test_nobody_else_is_offered_it_and_the_groups_own_channel_is_not(council: Council) -> None:
    await no_council(council)
    chat = council.chat
    assert "vår egen chatt" in words(await council.says(chat.mehmet, "brå"))
    forged = MeetHere("g1").pack()
    assert "Det kan bara" in words(await council.presses(chat.mehmet, forged))
    assert "vår egen chatt" in words(await chat.says(chat.karin, "brå", in_channel=True))
    own = {**forged, "council_days": "14"}
    refused = await council.presses(chat.karin, own, where=chat.group.home.channel_id)
    assert "gruppens egen kanal" in words(refused)
    assert "Brås kanal eller gruppchatt" in words(await chat.presses(chat.karin, own))


async def test_no_council_meets_in_another_groups_own_channel(council: Council) -> None:
    """Whoever leads a second group is told what to do instead, and nobody of the first one comes to sit in a council."""
    chat, home = council.chat, council.chat.group.home
    there = replace(home, team_id="19:team2", channel_id="19:channel2")
    bo = a_coordinator("Bo Lind", id="bo", group_id=GroupId("g2"))
    await chat.world.has(a_group(id=GroupId("g2"), municipality="Ludvika", home=there), bo)
    assert "så Brå kan inte mötas här" in words(await council.says(bo, "brå", where=home.channel_id))
    forged = {**MeetHere("g2").pack(), "council_days": "14"}
    assert "en annan grupps egen kanal" in words(
        await council.presses(bo, forged, where=f"{home.channel_id};messageid=1")
    )
    await council.says(chat.mehmet, "brå", where=home.channel_id)
    async with chat.world.storage.begin(write=False) as store:
        assert [m.name for m in await store.members.list_by_group(GroupId("g2"))] == ["Bo Lind"]


async def test_a_council_that_was_let_into_the_groups_own_channel_seats_nobody_there(
    council: Council,
) -> None:
    """As such a council could be set up before: the channel is the team's own, and acts for its group."""
    chat, own = council.chat, council.chat.group.home.channel_id
    await on_the_table(chat.world, a_council(conversation=replace(HERE, conversation_id=own)))
    place = replace(chat._where(in_channel=True), conversation_id=f"{own};messageid=1")
    for member, line in ((chat.mehmet, "brå"), (STRANGER, "brå"), (chat.mehmet, "insatser")):
        said = await chat.router(Message(chat._who(member), place, "a1", line))
        assert said is not None
        assert "Trasig belysning" not in words(said)
    status = await chat.router(Message(chat._who(chat.karin), place, "a1", "status"))
    assert status is not None
    assert "har svarat" in words(status)
    assert Role.COUNCIL not in (await council.people())["Mehmet Aydin"]
    assert "Sven Alm" not in await council.people()


async def test_a_stranger_in_the_councils_conversation_answers_for_it(council: Council) -> None:
    table = await council.says(STRANGER, "brå", where=f"{HERE.conversation_id};messageid=9")
    assert table.card is not None
    check_card(table.card, kind="channel")
    assert "Trasig belysning i centrum" in words(table)
    assert "Mehmet" not in words(table)
    (opens,) = [part for part in table.card["body"] if part["type"] == "ActionSet"]
    opened = await council.presses(STRANGER, {**opens["actions"][0]["data"], "tabled": "referral:r1"})
    assert "Förhandsgranska" in words(opened)
    assert (await council.people())["Sven Alm"] == {Role.COUNCIL}


async def test_a_stranger_elsewhere_is_refused_whatever_is_pressed(council: Council) -> None:
    for payload in (OpenReferral("g1", "r1"), PreviewDecision("g1", "r1"), AskForSeats("g1")):
        reply = await council.presses(STRANGER, payload.pack(), where="19:elsewhere@thread.tacv2")
        assert "Trasig belysning" not in words(reply)
    sent = SendDecision("g1", "r1", "no", "Nej, eftersom vi inte vill.", owner_name="Jag")
    await council.presses(STRANGER, sent.pack(), where="19:elsewhere@thread.tacv2")
    assert (await referral_of(council.chat.world)).state is ReferralState.WAITING
    assert "Sven Alm" not in await council.people()


async def test_somebody_of_another_organisation_in_the_conversation_stays_outside(council: Council) -> None:
    guest = Identity("29:guest", None, "Gäst", "another-tenant", "sv-SE")
    place = council._place(HERE.conversation_id)
    reply = await council.chat.router(Message(guest, place, "a1", "brå"))
    assert reply is not None
    assert "Trasig belysning" not in words(reply)
    assert "Gäst" not in await council.people()


async def test_a_reporter_who_is_not_in_the_council_cannot_decide(council: Council) -> None:
    chat = council.chat
    pressed = await chat.presses(chat.mehmet, {**PreviewDecision("g1", "r1").pack(), **TYPED})
    assert "Brå, samordnaren och ersättaren" in words(pressed)


async def test_what_the_reporters_will_read_is_shown_before_it_is_sent(council: Council) -> None:
    await council.send()
    (post,) = council.standing()
    assert post.card is not None
    check_card(post.card, kind="channel", texts=False)
    typed = {**button(post.card, "Förhandsgranska"), **TYPED}
    shown = await council.presses(STRANGER, typed)
    assert shown.card is not None
    check_card(shown.card, kind="channel")
    assert "Går till 1 som rapporterade" in words(shown)
    assert (await referral_of(council.chat.world)).state is ReferralState.WAITING

    again = await council.presses(STRANGER, button(shown.card, "Ändra"))
    for value in ("Kommunen byter lamporna.", "Tekniska förvaltningen", "2025-04-30"):
        assert value in words(again)
    decided = await council.presses(STRANGER, button(shown.card, "Skicka beslutet"))
    assert "✔ Beslutat" in words(decided)
    assert await council.chat.world.receivers(DeliveryKind.FEEDBACK) == ["mehmet"]


async def test_the_councils_card_is_changed_in_place_when_it_is_decided(council: Council) -> None:
    await council.send()
    (post,) = council.standing()
    preview = await council.presses(STRANGER, {**button(post.card or {}, "Förhandsgranska"), **TYPED})
    assert preview.card is not None
    send = button(preview.card, "Skicka beslutet")
    await council.presses(STRANGER, send)
    assert await council.deliver() == [DeliveryState.SENT]
    (edited,) = council.standing()
    assert edited.activity_id == post.activity_id
    assert "Kommunen byter lamporna." in str(edited.card)
    assert "Mehmet" not in str(edited.card)
    await council.presses(STRANGER, send)
    assert await council.deliver() == []


async def test_a_card_that_was_deleted_is_sent_anew_while_it_waits_for_an_answer(council: Council) -> None:
    await council.send()
    (post,) = council.standing()
    world = council.chat.world
    for title, expected in (("Mörkt i centrum", [DeliveryState.SENT]), ("Mörkt", [DeliveryState.SENT])):
        council.teams.messages.clear()
        world.time += timedelta(minutes=1)
        await on_the_table(world, a_referral(title=title))
        async with world.work() as work:
            await refresh_referral(work, council.chat.group, await referral_of(world))
        assert await council.deliver() == expected
        (anew,) = council.standing()
        assert anew.activity_id != post.activity_id
        assert title in str(anew.card)


async def test_a_question_that_comes_back_is_a_new_card(council: Council) -> None:
    await council.send()
    await on_the_table(council.chat.world, a_referral(times=2))
    await council.send()
    first, second = council.standing()
    assert first.activity_id != second.activity_id
    assert "Frågan har lyfts 2 gånger" in str(second.card)


async def test_nobody_overrules_a_colleague_without_knowing_it(council: Council) -> None:
    chat = council.chat
    typed = {**PreviewDecision("g1", "r1").pack(), **TYPED}
    mine = (await council.presses(STRANGER, typed)).card
    theirs = (await chat.presses(chat.karin, {**typed, "decision_sentence": "Vi sätter upp fler."})).card
    assert mine is not None
    assert theirs is not None
    await chat.presses(chat.karin, button(theirs, "Skicka beslutet"))
    warned = await council.presses(STRANGER, button(mine, "Skicka beslutet"))
    assert "Det finns redan ett beslut" in words(warned)
    assert "Vi sätter upp fler." in words(warned)
    chat.world.time += timedelta(minutes=1)
    assert warned.card is not None
    decided = await council.presses(STRANGER, button(warned.card, "Skicka beslutet"))
    assert "Kommunen byter lamporna." in words(decided)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"decision_kind": ""}, "Välj vad Brå svarar"),
        ({"decision_other": ""}, "vem som är ansvarig"),
        ({"decision_due": ""}, "vilken dag"),
        ({"decision_kind": "no"}, "Nej, eftersom"),
        ({"decision_sentence": "Ring 0223-123 45"}, "peka ut en person (0223-123 45)"),
    ],
)
async def test_what_is_missing_is_said_on_the_form_as_it_was_filled_in(
    council: Council, typed: dict[str, str], problem: str
) -> None:
    reply = await council.presses(STRANGER, {**PreviewDecision("g1", "r1").pack(), **TYPED, **typed})
    assert reply.outcome == "refused"
    card = check_card(reply.card or {}, kind="channel")
    assert problem in str(card["body"][0])
    assert "decision_sentence" in str(card)


async def test_forged_fields_of_a_decision_are_refused(council: Council) -> None:
    for forged in (
        SendDecision("g1", "r1", "burn"),
        SendDecision("g1", "r1", "measure", "Ja.", owner_name="Jag", due="imorgon"),
        SendDecision("g1", "r1", "measure", "Ja.", owner_id="elsewhere", due="2025-04-30"),
        SendDecision("g1", "elsewhere", "measure", "Ja.", owner_name="Jag", due="2025-04-30"),
    ):
        reply = await council.presses(STRANGER, forged.pack())
        assert reply.card is None
    assert (await referral_of(council.chat.world)).state is ReferralState.WAITING


async def test_members_in_their_own_chats_each_get_the_card_and_see_it_decided(council: Council) -> None:
    chat = council.chat
    asked = await chat.presses(chat.karin, AskForSeats("g1").pack())
    assert asked.card is not None
    form = {**button(asked.card, "Spara"), "council_members": "mehmet,karin", "council_days": "14"}
    seated = await chat.presses(chat.karin, form)
    assert "Karin Ek" in words(seated)
    await council.deliver()
    cards = {m.conversation_id: m for m in council.teams.messages.values()}
    assert set(cards) == {"a:karin", "a:mehmet"}
    preview = await chat.presses(chat.karin, {**PreviewDecision("g1", "r1").pack(), **TYPED})
    assert preview.card is not None
    await chat.presses(chat.karin, button(preview.card, "Skicka beslutet"))
    assert await council.deliver() == [DeliveryState.SENT, DeliveryState.SENT]
    assert len(council.teams.messages) == 2
    assert "✔ Beslutat" in str(council.teams.messages[cards["a:mehmet"].activity_id].card)


async def test_without_a_council_the_card_goes_to_who_leads_and_says_so(council: Council) -> None:
    await on_the_table(council.chat.world, a_council(conversation=None))
    await council.send()
    (card,) = council.teams.messages.values()
    assert card.conversation_id == "a:karin"
    assert "Ingen har sagt vilka som är Brå" in str(card.card)


async def test_a_reminder_is_short_and_leads_to_the_form(council: Council) -> None:
    world = council.chat.world
    await on_the_table(world, a_referral(answer_by=date(2025, 3, 1), referred_at=world.time))
    async with world.work() as work:
        assert await council_due(work, council.chat.group, world.time) == 2
    assert await council.deliver() == [DeliveryState.SENT] * 2
    (reminder,) = council.standing()
    assert reminder.card is not None
    check_card(reminder.card, kind="channel", texts=False)
    assert "Svaret är försenat" in str(reminder.card)
    assert "Förhandsgranska" in words(await council.presses(STRANGER, button(reminder.card, "Svara")))


async def test_a_council_that_serves_two_groups_reaches_both_tables(council: Council) -> None:
    world = council.chat.world
    home = replace(council.chat.group.home, team_id="19:other", channel_id="19:otherchannel")
    other = replace(
        council.chat.group, id=GroupId("g2"), name="FAS-gruppen", municipality="Ludvika", home=home
    )
    await world.has(other, a_member("Eva Dal", None, Role.COORDINATOR, id="eva", group_id=GroupId("g2")))
    await on_the_table(world, a_council(group_id=GroupId("g2"), set_up_by=MemberId("eva")))
    table = await council.says(STRANGER, "brå")
    assert table.card is not None
    assert "Trasig belysning" in words(table)
    second = await council.presses(STRANGER, button(table.card, "FAS-gruppen Ludvika"))
    assert "Inget ligger på Brås bord" in words(second)


async def test_a_team_added_for_the_council_alone_is_not_taken_for_the_persons_group(
    council: Council,
) -> None:
    chat = council.chat
    empty = replace(
        chat.group, id=GroupId("g0"), state=GroupState.NEW, home=replace(HOME, team_id="19:brateam")
    )
    early = chat.world.time - timedelta(days=900)
    await chat.world.has(empty)
    await chat.world.has(replace(chat.karin, id=MemberId("karin0"), group_id=GroupId("g0"), joined_at=early))
    assert "Trasig belysning" in words(await chat.says(chat.karin, "brå"))
