"""The judge itself: it passes good cards and notices each kind of fault."""

from __future__ import annotations

from typing import Any

import pytest

from tests.renderer import judge


def card(*body: dict[str, Any], actions: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.2", "body": list(body), "actions": list(actions)}


TEXT = {"type": "TextBlock", "text": "Hej"}
SUBMIT = {"type": "Action.Submit", "title": "Skicka", "data": {"fallback": "is ours in data"}}
EXECUTE = {"type": "Action.Execute", "title": "Skicka", "verb": "report.submit", "fallback": SUBMIT}
CHART = {"type": "Chart.HorizontalBar", "data": [{"x": "Centrum", "y": 3}], "fallback": TEXT}
BADGE = {"type": "Badge", "text": "Sen", "fallback": TEXT}


def test_a_good_card_passes() -> None:
    field = {"type": "Input.Text", "id": "comment", "label": "Kommentar"}
    assert judge(card(TEXT, CHART, BADGE, field, actions=(EXECUTE,))) == []


def test_a_language_passes_however_many_cards_were_judged_before() -> None:
    assert [judge(card(TEXT) | {"lang": language}) for language in ("sv", "en", "sv")] == [[], [], []]


@pytest.mark.parametrize(
    ("element", "complaint"),
    [
        ({"type": "TextBlok", "text": "Hej"}, "Unknown element"),
        (TEXT | {"color": "pink"}, "Invalid value"),
        ({"type": "Input.Text", "label": "Kommentar"}, "unique Id"),
        ({"type": "Chart.HorizontalBar", "data": [{"x": "a", "y": 1}]}, "Unknown element"),
        (CHART | {"data": []}, 'needs "data"'),
        (BADGE | {"text": ""}, 'needs "text"'),
        ({"type": "Badge", "text": "Sen"}, "Unknown element"),
        (CHART | {"fallback": {"type": "TextBlok"}}, "Unknown element"),
        (CHART | {"fallback": TEXT | {"weight": "heavy"}}, "Invalid value"),
    ],
)
def test_a_fault_is_noticed(element: dict[str, Any], complaint: str) -> None:
    assert any(complaint in found for found in judge(card(element)))


def test_an_unknown_action_is_noticed() -> None:
    assert any("Unknown action" in found for found in judge(card(TEXT, actions=({"type": "Action.Run"},))))
