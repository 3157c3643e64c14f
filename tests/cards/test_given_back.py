"""Putting what was typed back into a card, whatever it is."""

from __future__ import annotations

from typing import Any

from cards.card import Card
from cards.elements import Container, Element, TextBlock
from cards.fields import Choice, ChoiceSet, DateInput, NumberInput, TextInput, TimeInput
from cards.given_back import given_back
from cards.texts import Texts
from tests.cards.checks import check_card
from tests.cards.test_assessment_card import inputs

T = Texts("sv")
LABEL = T("report.counts_label")


def form(*fields: Element) -> dict[str, Any]:
    return Card([TextBlock(LABEL), *fields], lang="sv", fallback_text=LABEL).to_dict()


def values(card: dict[str, Any] | None) -> dict[str, Any]:
    assert card is not None
    return {name: one.get("value") for name, one in inputs(check_card(card)).items()}


def test_each_kind_of_input_holds_what_fits_it_and_nothing_else() -> None:
    several = ChoiceSet("several", LABEL, [Choice(LABEL, "a"), Choice(LABEL, "b")], is_multi_select=True)
    card = form(several, DateInput("day", LABEL), TimeInput("at", LABEL), NumberInput("many", LABEL))
    right = {"several": "a,b,gone", "day": "2025-03-01", "at": "13:00", "many": "2,5"}
    assert values(given_back(T, card, right, LABEL)) == {**right, "several": "a,b", "many": 2.5}
    wrong = {"several": "gone", "day": "i morgon", "at": "sen", "many": "1e999"}
    assert values(given_back(T, card, wrong, LABEL)) == dict.fromkeys(wrong)


def test_what_was_emptied_stays_empty_and_what_was_not_sent_stays_as_it_was() -> None:
    card = form(TextInput("one", LABEL, value="förr"), TextInput("two", LABEL, value="kvar"))
    assert values(given_back(T, card, {"one": ""}, LABEL)) == {"one": None, "two": "kvar"}


def test_only_what_holds_something_typed_or_wrong_is_unfolded() -> None:
    folds = [Container([TextInput(name, LABEL)], id=f"fold_{name}", is_visible=False) for name in "abc"]
    card = given_back(T, form(*folds), {"a": "ord", "b": "", "c": ""}, LABEL, "b")
    assert card is not None
    folded = {one["id"] for one in card["body"] if one.get("isVisible") is False}
    assert folded == {"fold_c"}


def test_the_form_itself_is_not_changed() -> None:
    card = form(TextInput("one", LABEL))
    before = str(card)
    given_back(T, card, {"one": "ord"}, LABEL, "one")
    assert str(card) == before


def test_a_card_without_a_place_for_it_or_too_large_for_teams_is_none() -> None:
    card = form(TextInput("one", LABEL))
    assert given_back(T, card, {"two": "ord"}, LABEL) is None
    assert given_back(T, card, {"one": "o" * 41_000}, LABEL) is None
