"""A form that is refused comes back with all that was typed in it: Teams draws the card anew (A5, A11)."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from bot.app import FEATURES
from bot.features import merged
from bot.teams.activities import Reply
from lagesbild.assessments import Owner
from lagesbild.ids import MemberId
from tests.bot.chat import Chat, button
from tests.bot.council import STRANGER, Council
from tests.cards.checks import check_card
from tests.cards.test_assessment_card import inputs, parts
from tests.council_samples import a_measure, on_the_table

NUMBER = "19121212-1212"


def refused(
    reply: Reply, typed: dict[str, str], *, wrong: str, left_out: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The card that came back: it holds what was typed, and says on top and at the field what is wrong."""
    assert reply.outcome == "refused"
    assert reply.card is not None, reply.text
    assert reply.replace
    card = check_card(reply.card)
    held = {name: one.get("value") for name, one in inputs(card).items() if name in typed}
    assert held == {name: value for name, value in typed.items() if name not in left_out} | dict.fromkeys(
        left_out
    )
    assert card["body"][0]["style"] == "attention"
    assert wrong in str(card["body"][0])
    assert hidden(card) & typed.keys() == set()
    return card


def hidden(part: object, *, inside: bool = False) -> set[str]:
    """The inputs that stand folded."""
    if isinstance(part, list):
        return {name for one in part for name in hidden(one, inside=inside)}
    if not isinstance(part, dict):
        return set()
    inside = inside or part.get("isVisible") is False
    if str(part.get("type")).startswith("Input."):
        return {part["id"]} if inside else set()
    return {name for one in part.values() for name in hidden(one, inside=inside)}


def marked(card: dict[str, Any], field: str) -> str:
    """What stands right above an input."""
    for part in parts(card):
        for items in part.values():
            for before, one in _pairs(items):
                if isinstance(one, dict) and one.get("id") == field:
                    return str(before.get("text", ""))
    return ""


def _pairs(items: object) -> Iterator[tuple[dict[str, Any], Any]]:
    if isinstance(items, list) and all(isinstance(one, dict) for one in items):
        yield from pairwise(items)


REPORT = {"impact_1": "3", "comment_1": "Glas på *gångvägen*\nvid skolan", "comment_7": "Bra kväll"}


async def test_a_report_with_figures_that_are_none_comes_back_with_every_answer(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    for title in ("Skicka", "Utkast"):
        typed = {**REPORT, "counts": "många larm"}
        back = await chat.presses(chat.mehmet, {**button(card, title), **typed})
        drawn = refused(back, typed, wrong="Skriv siffrorna så här")
        assert "Skriv siffrorna så här" in marked(drawn, "counts")


async def test_a_comment_that_is_too_long_comes_back_whole(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    typed = {**REPORT, "comment_2": "glas " * 900 + "slut"}
    back = await chat.presses(chat.mehmet, {**button(card, "Skicka"), **typed})
    assert "för lång" in marked(refused(back, typed, wrong="för lång"), "comment_2")


async def test_what_the_guard_had_marked_and_the_reason_come_back_too(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    typed = {**REPORT, "comment_1": f"Klotter av {NUMBER}"}
    stopped = (await chat.presses(chat.mehmet, {**button(card, "Skicka"), **typed})).card
    assert stopped is not None
    typed |= {"reason": "Ett ärendenummer", "counts": "många larm"}
    back = await chat.presses(chat.mehmet, {**button(stopped, "Skicka"), **typed})
    drawn = refused(back, typed, wrong="Skriv siffrorna så här")
    typed["counts"] = "3 larm"
    receipt = await chat.presses(chat.mehmet, {**button(drawn, "Skicka"), **typed})
    assert "Samordnaren ser det" in str(receipt.card)


async def test_a_level_that_the_card_does_not_offer_is_left_out(chat: Chat) -> None:
    card = (await chat.says(chat.mehmet, "rapportera")).card
    assert card is not None
    typed = {**REPORT, "impact_2": "9"}
    back = await chat.presses(chat.mehmet, {**button(card, "Skicka"), **typed})
    refused(back, typed, wrong="valen", left_out=("impact_2",))


async def opened(chat: Chat, line: str, *presses: str | tuple[str, dict[str, str]]) -> dict[str, Any]:
    """The form that a line and these buttons lead to, as Karin sees it."""
    card = (await chat.says(chat.karin, line)).card
    for press in presses:
        title, typed = press if isinstance(press, tuple) else (press, {})
        assert card is not None
        card = (await chat.presses(chat.karin, {**button(card, title), **typed})).card
    assert card is not None
    return check_card(card)


FRONT = {"title": "Trygg vår", "preamble": "Vi lovar.", "first": "2025-03-01", "period": "three_months"}
YELLOW = {
    "colour": "yellow",
    "comment": "Oroligt på fredagar",
    "owner_name": "Fritidschefen",
    "due": "2025-04-01",
}
WAYS: list[tuple[str, list[Any], str, dict[str, str], str, str]] = [
    ("bedöm", [("Bedöm området", {"area": "youth"})], "Spara", YELLOW, "measure", "Gult betyder"),
    (
        "bedöm",
        [("Bedöm området", {"area": "youth"})],
        "Spara, nästa",
        {**YELLOW, "measure": "Vi går dit", "due": "2025-02-01"},
        "due",
        "har redan varit",
    ),
    (
        "bedöm",
        [("Bedöm området", {"area": "disorder"})],
        "Spara",
        {"colour": "red", "title": "Mörkt vid skolan", "answer_by": "2025-02-01", "comment": "Igen"},
        "answer_by",
        "har redan varit",
    ),
    (
        "möte",
        [],
        "Flytta",
        {"meeting": "meeting1", "day": "2025-01-02", "time": "09:00"},
        "",
        "har redan varit",
    ),
    (
        "medlemmar",
        ["Lägg till person utan Teams"],
        "Spara",
        {"name": "Ring 070-174 06 05", "other_organisation": "Scouterna"},
        "name",
        "utan personnummer",
    ),
    (
        "notera ljud vid skolan",
        [],
        "Spara",
        {"when": "2025-03-09", "area": "youth", "place": "ring 070-174 06 05"},
        "",
        "kan peka ut",
    ),
    ("frånvaro", [], "Spara", {"first": "2025-04-10", "last": "2025-04-01"}, "last", "före den första"),
    (
        "löften",
        ["Nytt löfte", ("Spara", FRONT)],
        "Spara",
        {
            "title": "Unga",
            "commitments": "Polisen besöker skolorna",
            "why": "Oroligt",
            "areas": "youth,disorder",
        },
        "commitments",
        "vem som gör det",
    ),
    (
        "löften",
        ["Nytt löfte"],
        "Spara",
        {**FRONT, "period": "other", "last": "2025-02-01"},
        "last",
        "före den första",
    ),
    (
        "löften",
        [
            "Nytt löfte",
            ("Spara", FRONT),
            ("Spara", {"title": "Unga", "commitments": "Polisen: ser dem"}),
            "Anta",
        ],
        "Spara antagandet",
        {"adopted_by": "Kommunstyrelsen", "adopted_on": "2026-03-12"},
        "adopted_on",
        "har inte varit än",
    ),
    ("bedöm", ["Teman"], "Nytt tema", {"title": "Ring 070-174 06 05"}, "title", "utan nummer"),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way[0]}-{way[2]}-{way[4]}")
async def test_every_form_comes_back_with_what_was_typed(chat: Chat, way: tuple[Any, ...]) -> None:
    line, presses, title, typed, field, wrong = way
    form = await opened(chat, line, *presses)
    drawn = refused(await chat.presses(chat.karin, {**button(form, title), **typed}), typed, wrong=wrong)
    assert not field or wrong in marked(drawn, field)
    assert set(inputs(form)) == set(inputs(drawn))


A_CHOICE = "only a choice in a list: nothing typed is lost"
WITHOUT = {
    "assess.area": A_CHOICE,
    "council.pick": A_CHOICE,
    "measure.pick": A_CHOICE,
    "members.pick": A_CHOICE,
    "promise.section": A_CHOICE,
}


def test_every_button_that_sends_inputs_names_its_form_or_has_a_reason() -> None:
    """Walked from what is registered: a form that is added later is walked too."""
    everything = merged(FEATURES)
    reading = {payload.verb for payload, handler in everything.buttons.items() if _reads_inputs(handler)}
    assert reading - {payload.verb for payload in everything.forms} == WITHOUT.keys()


def _reads_inputs(handler: Any) -> bool:
    code = inspect.getsource(inspect.unwrap(handler))
    return code.count("inputs") > code.count("inputs: Inputs")


COUNCIL = [
    (
        "decision_owner",
        "Välj eller skriv vem",
        {"decision_kind": "measure", "decision_sentence": "Lamporna byts.", "decision_due": "2025-04-30"},
    ),
    ("decision_sentence", "Nej, eftersom", {"decision_kind": "no", "decision_sentence": "Inte nu."}),
    (
        "decision_due",
        "Välj vilken dag",
        {"decision_kind": "measure", "decision_sentence": "Lamporna byts.", "decision_other": "Tekniska"},
    ),
]


@pytest.mark.parametrize(("field", "wrong", "typed"), COUNCIL)
async def test_the_councils_answer_comes_back(
    council: Council, field: str, wrong: str, typed: dict[str, str]
) -> None:
    await council.send()
    (post,) = council.standing()
    back = await council.presses(STRANGER, {**button(post.card or {}, "Förhandsgranska"), **typed})
    assert wrong in marked(refused(back, typed, wrong=wrong), field)


async def test_a_direction_comes_back(council: Council) -> None:
    table = (await council.says(STRANGER, "brå")).card
    assert table is not None
    form = (await council.presses(STRANGER, button(table, "Ny inriktning"))).card
    typed = {
        "direction_priorities": "Trygga gångvägar\nVuxna ute",
        "direction_not_pursued": "Cykelstölder",
        "direction_first": "2025-03-01",
        "direction_last": "2025-05-31",
        "direction_responsible": "",
    }
    back = await council.presses(STRANGER, {**button(form or {}, "Spara inriktningen"), **typed})
    typed.pop("direction_responsible")
    drawn = refused(back, typed, wrong="Skriv vem som är ansvarig")
    assert "ansvarig" in marked(drawn, "direction_responsible")
    assert "value" not in inputs(drawn)["direction_responsible"]


async def test_a_measure_that_is_stopped_without_a_reason_comes_back(council: Council) -> None:
    chat = council.chat
    await on_the_table(chat.world, a_measure(owner=Owner("Karin Ek", MemberId("karin"))))
    listed = (await chat.says(chat.karin, "insatser")).card
    form = (await chat.presses(chat.karin, {**button(listed or {}, "Öppna"), "measure": "x1"})).card
    typed = {"measure_state": "stopped", "measure_goal": "Ljust i april", "measure_due": "2025-04-30"}
    back = await chat.presses(chat.karin, {**button(form or {}, "Spara"), **typed})
    assert "varför insatsen" in marked(refused(back, typed, wrong="varför insatsen"), "measure_outcome")
