"""Themes through the router: suggested, made, filled by hand, and carried by what is lifted (B1, C1, C5)."""

from __future__ import annotations

from typing import Any

from cards.themes import CloseTheme, OpenTheme, TieAnswers
from lagesbild.deliveries import DeliveryKind
from lagesbild.referrals import Referral
from lagesbild.templates import Area
from lagesbild.themes import Theme
from lagesbild.usecases.theming import theme_list
from tests.bot.chat import Chat, button, words
from tests.cards.checks import check_card
from tests.cards.test_assessment_card import buttons, inputs, parts
from tests.samples import a_member, a_report, an_answer

LENA = a_member("Lena Holm", "Risbroskolan", id="lena")
OWN = "Norrby, glas på gångvägen"


async def reported(chat: Chat) -> dict[str, Any]:
    """Lena and Mehmet name the same place; the assessment's overview."""
    await chat.world.has(
        LENA,
        a_report(LENA, an_answer(1, 4, "Trasiga lampor vid Kolarbyskolan")),
        a_report(
            "mehmet", an_answer(1, 3, "Mörkt vid Kolarbyskolan"), an_answer(4, 3, "Glas vid lekplatsen")
        ),
    )
    return await card(await chat.says(chat.karin, "bedöm"))


async def card(reply: Any) -> dict[str, Any]:
    assert reply.card is not None, reply.text
    return check_card(reply.card)


def inside(json: dict[str, Any], title: str) -> dict[str, Any]:
    """The data of a button anywhere in a card."""
    found = (part for part in parts(json) if part.get("type") == "Action.Execute" and part["title"] == title)
    return dict(next(found)["data"])


async def presses(chat: Chat, json: dict[str, Any], title: str, /, **typed: str) -> dict[str, Any]:
    return await card(await chat.presses(chat.karin, {**inside(json, title), **typed}))


async def themes(chat: Chat) -> tuple[tuple[Theme, int], ...]:
    return (await chat.world.do(theme_list, chat.karin, chat.round.id)).themes


async def referral(chat: Chat) -> Referral:
    async with chat.world.work() as work:
        found = await work.store.referrals.get_by_area(chat.round.id, Area.DISORDER)
    assert found is not None
    return found


async def test_a_suggestion_is_made_a_theme_with_one_tap_and_pressed_twice_it_is_one(chat: Chat) -> None:
    overview = await reported(chat)
    listed = await presses(chat, overview, "Teman: 1 förslag")
    assert "Kolarbyskolan, Ordningsstörningar och otrygghet" in str(listed)
    assert "2 svar · 2 verksamheter · 1 insamling" in str(listed)
    for _ in range(2):
        after = await presses(chat, listed, "Gör till tema")
    assert [(theme.title, count) for theme, count in await themes(chat)] == [
        ("Kolarbyskolan, Ordningsstörningar och otrygghet", 2)
    ]
    shown = await presses(chat, after, "Visa temat", theme=inputs(after)["theme"]["value"])
    assert "Trasiga lampor vid Kolarbyskolan" in str(shown)
    assert "NVK" in str(shown)


async def test_an_own_theme_is_filled_and_emptied_by_hand_and_closed(chat: Chat) -> None:
    listed = await presses(chat, await reported(chat), "Teman: 1 förslag")
    theme = await presses(chat, listed, "Nytt tema", title=OWN)
    choice = next(one for one in inputs(theme)["tied"]["choices"] if "lekplatsen" in one["title"])
    filled = await presses(chat, theme, "Lägg till", tied=choice["value"])
    assert "Svaren ligger i temat." in str(filled)
    again = await presses(chat, theme, "Lägg till", tied=choice["value"])
    assert [count for _, count in await themes(chat)] == [1]
    emptied = await presses(chat, again, "Ta bort", untied=choice["value"])
    assert [count for _, count in await themes(chat)] == [0]
    closed = await presses(chat, emptied, "Avsluta temat")
    assert await themes(chat) == ()
    assert "Översikt" in buttons(closed)


async def test_a_suggested_theme_is_made_when_the_question_is_lifted_with_it(chat: Chat) -> None:
    overview = await reported(chat)
    form = await card(
        await chat.presses(chat.karin, {**button(overview, "Bedöm området"), "area": "disorder"})
    )
    (suggested,) = (one["value"] for one in inputs(form)["theme"]["choices"] if one["value"] != "0")
    red = {"colour": "red", "title": inputs(form)["title"]["value"], "answer_by": "2025-03-27"}
    saved = await presses(chat, form, "Spara", theme=suggested, **red)
    assert "Kolarbyskolan, Ordningsstörningar och otrygghet" in str(saved)
    lifted = await referral(chat)
    ((theme, count),) = await themes(chat)
    assert (lifted.theme_id, lifted.title, count) == (theme.id, theme.title, 2)
    gone = await chat.presses(chat.karin, {**inside(form, "Spara"), **red, "theme": "new_gone"})
    assert "Förslaget finns inte längre" in words(gone)
    await presses(chat, form, "Spara", **{**red, "theme": "0"})
    assert (await referral(chat)).theme_id is None


async def test_a_theme_is_not_made_of_a_green_or_of_what_is_refused(chat: Chat) -> None:
    overview = await reported(chat)
    form = await card(
        await chat.presses(chat.karin, {**button(overview, "Bedöm området"), "area": "disorder"})
    )
    suggested = inputs(form)["theme"]["choices"][-1]["value"]
    await presses(chat, form, "Spara", colour="green", theme=suggested)
    assert await themes(chat) == ()
    past = {"colour": "red", "answer_by": "2025-01-01", "theme": suggested}
    refused = await chat.presses(chat.karin, {**inside(form, "Spara"), **past})
    assert "redan varit" in words(refused)
    assert await themes(chat) == ()


async def test_nothing_chosen_and_what_is_not_there_are_answered_in_words(chat: Chat) -> None:
    listed = await presses(chat, await reported(chat), "Teman: 1 förslag")
    theme = await presses(chat, listed, "Nytt tema", title=OWN)
    nothing = await chat.presses(chat.karin, inside(theme, "Lägg till"))
    assert "Välj minst ett svar" in words(nothing)
    foreign = await chat.presses(chat.karin, {**inside(theme, "Lägg till"), "tied": "r:m:disorder"})
    assert foreign.outcome == "refused"
    untitled = await chat.presses(chat.karin, {**inside(listed, "Nytt tema"), "title": " "})
    assert "Skriv vad temat handlar om" in words(untitled)
    nowhere = await chat.presses(chat.karin, OpenTheme(chat.round.id, "nowhere").pack())
    assert "finns inte längre" in words(nowhere)


async def test_a_reporter_can_do_none_of_it_and_hears_nothing_of_a_theme_without_a_decision(
    chat: Chat,
) -> None:
    listed = await presses(chat, await reported(chat), "Teman: 1 förslag")
    await presses(chat, listed, "Gör till tema")
    ((theme, _),) = await themes(chat)
    for payload in (CloseTheme, OpenTheme, TieAnswers):
        refused = await chat.presses(chat.mehmet, payload(chat.round.id, theme.id).pack())
        assert "samordnare" in words(refused)
    assert len(await themes(chat)) == 1
    assert await chat.world.sent(DeliveryKind.FEEDBACK) == []
