"""The elements: strict where the library is silent, and never newer than 1.2 without a fallback."""

from __future__ import annotations

import inspect

import pytest

from cards import buttons, charts, elements, fields
from cards.base import BadValue, MissingProperty, Node, UnknownProperty, shape_of
from cards.card import Card
from cards.charts import HorizontalBarChart
from cards.elements import Column, ColumnSet, Container, Newer, TextBlock
from cards.fields import Choice, ChoiceSet, NumberInput, TextInput
from tests.cards.lint import KNOWN_IN_1_2

PARTS = sorted(
    {
        part
        for module in (elements, fields, charts, buttons)
        for _, part in inspect.getmembers(module, inspect.isclass)
        if issubclass(part, Node) and isinstance(getattr(part, "element_type", None), str)
        if getattr(part, "element_type", None) != "None"
    },
    key=lambda part: part.__name__,
)


def test_a_part_is_written_as_the_schema_spells_it() -> None:
    made = TextBlock("hej", is_subtle=True, size="extraLarge", horizontal_alignment="right").to_dict()
    assert made == {
        "type": "TextBlock", "text": "hej", "isSubtle": True, "size": "extraLarge",
        "horizontalAlignment": "right", "wrap": True,
    }  # fmt: skip


def test_parts_within_parts_become_plain_json() -> None:
    made = Container([ColumnSet([Column([TextBlock("a")], width="auto")])]).to_dict()
    assert made["items"][0]["columns"][0]["items"][0]["text"] == "a"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_an_unknown_property_is_refused_by_its_name(part: type[Node]) -> None:
    values = {name: None for name, field in shape_of(part).fields.items() if not field.required}
    with pytest.raises((UnknownProperty, MissingProperty)) as caught:
        part(**values, colour="red")
    assert caught.value.part == part.__name__


def test_a_misspelt_property_is_named() -> None:
    with pytest.raises(UnknownProperty, match="TextBlock: colour"):
        TextBlock("a", colour="good")  # type: ignore[call-arg]
    with pytest.raises(UnknownProperty, match="colour"):
        TextBlock("a").colour = "good"  # type: ignore[attr-defined]


def test_a_value_outside_its_kind_is_refused() -> None:
    for wrong in ({"size": "huge"}, {"wrap": "yes"}, {"max_lines": True}, {"spacing": 3}):
        with pytest.raises(BadValue, match=next(iter(wrong))):
            TextBlock("a", **wrong)
    with pytest.raises(BadValue, match="items"):
        Container(["text"])  # type: ignore[list-item]


def test_what_a_part_cannot_do_without_must_be_given() -> None:
    with pytest.raises(MissingProperty, match="TextBlock: text"):
        TextBlock()  # type: ignore[call-arg]
    with pytest.raises(MissingProperty, match="error_message"):
        TextInput("a", "A", is_required=True)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_everything_newer_than_1_2_needs_a_fallback(part: type[Node]) -> None:
    newer = getattr(part, "element_type", None) not in KNOWN_IN_1_2
    assert shape_of(part).fields["fallback"].required if newer else not issubclass(part, Newer)


def test_without_a_fallback_a_chart_cannot_be_made() -> None:
    with pytest.raises(MissingProperty, match="fallback"):
        HorizontalBarChart("a", [])  # type: ignore[call-arg]


def test_none_takes_a_property_away_again() -> None:
    text = TextBlock("a", size="large")
    text.size = None
    assert "size" not in text.to_dict()
    assert text.size is None


def test_an_input_cannot_take_the_names_that_buttons_use() -> None:
    for reserved in ("verb", "lb", "msteams"):
        with pytest.raises(BadValue, match="reserved"):
            TextInput(reserved, "A")


def test_a_choice_value_cannot_hold_a_comma() -> None:
    with pytest.raises(BadValue, match="comma"):
        ChoiceSet("a", "A", [Choice("Ett", "1,2")])


def test_a_number_takes_whole_and_broken_numbers_but_no_truth() -> None:
    assert NumberInput("n", "N", value=3).to_dict()["value"] == 3
    assert NumberInput("n", "N", value=2.5).to_dict()["value"] == 2.5
    with pytest.raises(BadValue):
        NumberInput("n", "N", value=True)


def test_a_card_is_1_2_and_says_its_language() -> None:
    made = Card([TextBlock("hej")], lang="sv", fallback_text="hej").full_width().to_dict()
    assert (made["type"], made["version"], made["lang"]) == ("AdaptiveCard", "1.2", "sv")
    assert made["msteams"] == {"width": "full"}
    with pytest.raises(UnknownProperty):
        Card([TextBlock("hej")], lang="sv", fallback_text="hej", version="1.6")  # type: ignore[call-arg]
