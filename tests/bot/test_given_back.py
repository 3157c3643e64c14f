"""A form that is refused comes back with all that was typed in it: Teams draws the card anew (A5, A11)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from bot.teams.activities import Reply
from tests.bot.chat import Chat, button
from tests.cards.checks import check_card
from tests.cards.test_assessment_card import inputs, parts

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
