"""What the council sets going: its direction, measures and analyses, and what the clock asks about them (C1, C3, C4)."""

from __future__ import annotations

from datetime import timedelta

from lagesbild.assessments import Owner
from lagesbild.deliveries import DeliveryState
from lagesbild.ids import MemberId
from lagesbild.measures import MeasureState
from lagesbild.usecases.analysing import analyses_due
from lagesbild.usecases.measuring import MeasureForm, measures_due, update_measure
from tests.bot.chat import button, words
from tests.bot.council import STRANGER, Council
from tests.cards.checks import check_card
from tests.council_samples import (
    a_direction,
    a_form,
    a_measure,
    an_analysis,
    on_the_table,
)


async def test_the_direction_is_decided_on_one_card_and_reporters_see_it(council: Council) -> None:
    chat = council.chat
    table = await council.says(STRANGER, "brå")
    assert table.card is not None
    form = (await council.presses(STRANGER, button(table.card, "Ny inriktning"))).card
    assert form is not None
    check_card(form, kind="channel")
    typed = {
        **button(form, "Spara inriktningen"),
        "direction_priorities": "1. Trygga gångvägar\n- Vuxna ute på fredagar",
        "direction_not_pursued": "Cykelstölder",
        "direction_responsible": "Kommunchefen",
        "direction_first": "2025-03-01",
        "direction_last": "2025-05-31",
    }
    saved = await council.presses(STRANGER, typed)
    assert "Inriktningen är beslutad" in words(saved)
    seen = await chat.says(chat.mehmet, "brå")
    assert "Vuxna ute på fredagar" in words(seen)
    assert "Trasig belysning" not in words(seen)


async def test_an_owner_says_how_a_measure_goes_in_the_own_chat(council: Council) -> None:
    chat = council.chat
    owner = Owner("Mehmet Aydin", MemberId("mehmet"))
    await on_the_table(chat.world, a_measure(owner=owner), a_direction())
    listed = await chat.says(chat.mehmet, "insatser")
    assert listed.card is not None
    check_card(listed.card)
    opened = await chat.presses(chat.mehmet, {**button(listed.card, "Öppna"), "measure": "x1"})
    assert opened.card is not None
    check_card(opened.card)
    stopped = {**button(opened.card, "Spara"), "measure_state": "stopped"}
    assert "varför insatsen stoppas" in words(await chat.presses(chat.mehmet, stopped))
    done = {
        **stopped,
        "measure_state": "done",
        "measure_outcome": "Lyser igen.",
        "measure_reach": "universal",
    }
    saved = await chat.presses(chat.mehmet, {**done, "measure_due": "2025-04-30"})
    assert "✓ Sparat" in words(saved)
    assert "Lyser igen." in words(saved)
    assert "vår egen chatt" in words(await chat.says(chat.mehmet, "insatser", in_channel=True))
    other = {**button(listed.card, "Öppna"), "measure": ""}
    assert "Välj något i listan" in words(await chat.presses(chat.mehmet, other))


async def test_an_analysis_goes_from_order_to_result_to_measure(council: Council) -> None:
    chat = council.chat
    table = await council.says(STRANGER, "council")
    assert table.card is not None
    form = (await council.presses(STRANGER, button(table.card, "Ny orsaksanalys"))).card
    assert form is not None
    check_card(form, kind="channel")
    order = {
        **button(form, "Beställ"),
        "analysis_problem": "Varför krossas rutor?",
        "analysis_due": "2025-04-01",
    }
    assert "vilket område" in words(await council.presses(STRANGER, order))
    order |= {"analysis_area": "disorder", "analysis_owner": "mehmet"}
    ordered = (await council.presses(STRANGER, order)).card
    assert ordered is not None
    save = {**button(ordered, "Spara"), "analysis_hypotheses": "Mörkt\nTomt", "analysis_result": "Mörkt."}
    found = await chat.presses(chat.mehmet, {**save, "analysis_due": "2025-04-01"})
    assert "Använd resultatet" not in words(found)
    found = await council.presses(STRANGER, {**save, "analysis_due": "2025-04-01"})
    assert found.card is not None
    use = {**button(found.card, "Använd resultatet"), "analysis_use_kind": "measure"}
    use |= {"analysis_use": "Sätt upp lampor", "use_other": "Tekniska", "use_due": "2025-05-01"}
    used = await council.presses(STRANGER, use)
    assert "✔ Använd" in words(used)
    assert "Sätt upp lampor" in words(await council.says(STRANGER, "insatser"))


async def test_what_the_clock_asks_is_sent_and_skipped_when_it_is_answered(council: Council) -> None:
    chat, world = council.chat, council.chat.world
    due = world.time.date()
    owner = Owner("Mehmet Aydin", MemberId("mehmet"))
    await on_the_table(world, a_measure(owner=owner, due=due), an_analysis(owner=owner, due=due))
    async with world.work() as work:
        assert await measures_due(work, chat.group, world.time) == 1
        assert await analyses_due(work, chat.group, world.time) == 1
    world.time += timedelta(minutes=1)
    await world.do(update_measure, chat.mehmet, a_measure().id, MeasureForm(MeasureState.DONE))
    assert sorted(await council.deliver()) == [DeliveryState.SENT, DeliveryState.SKIPPED]
    (asked,) = council.teams.messages.values()
    assert "Vad visade den?" in str(asked.card)
    assert a_form().sentence not in str(asked.card)
