"""What the guard stopped comes back with all that was typed, a way to say why it is right, and where a worry belongs (A10, A11)."""

from __future__ import annotations

from typing import Any

import pytest

from cards.note import stopped_note_card
from cards.report import Stopped, report_card
from cards.texts import Texts
from lagesbild.answering import SecrecyFound, Sheet, inspect
from lagesbild.people import Group
from lagesbild.reports import Answer
from tests.cards.checks import check_card
from tests.samples import NOW, a_group, a_meeting, a_member, a_round, an_answer, fagersta

T = Texts("sv", NOW.date())
URL = "https://www.fagersta.se/orosanmalan"
CONCERN = "Vi är oroliga för en elev som far illa hemma"
PLATE = "Bil ABC 123 kör för fort"
EVERY_KIND = [
    "ärende 19121212-1212",
    "ärende 19121272-1212",
    "ring 070-1740605",
    "skriv till ove@example.se",
    PLATE,
    "bråk med Anna Svensson",
    CONCERN,
    "klienten är känd",
]


def _report(words: str, group: Group | None = None, **changes: Any) -> dict[str, Any]:
    answer = an_answer(2, 3, words)
    caught = inspect([answer])
    assert caught
    return check_card(report_card(T, _sheet(answer, group or a_group()), stopped=Stopped(caught, **changes)))


def _sheet(answer: Answer, group: Group) -> Sheet:
    return Sheet(
        group=group,
        member=a_member("Lena Holm", id="lena"),
        round=a_round(),
        meeting=a_meeting(),
        template=fagersta(),
        report=None,
        notes=(),
        last_levels={},
        made_at=NOW,
        answers={answer.number: answer},
    )


def _note(
    words: str, group: Group | None = None, reason: str = "", *, missing: bool = False
) -> dict[str, Any]:
    caught = inspect([an_answer(0, comment=words)])
    found = SecrecyFound(caught, reason_missing=missing)
    return check_card(stopped_note_card(T, group or a_group(), words, found, reason))


def _parts(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, list):
        return [found for one in part for found in _parts(one)]
    if not isinstance(part, dict):
        return []
    inside = [found for key in ("body", "items", "columns") for found in _parts(part.get(key, []))]
    return [part, *inside]


def _field(card: dict[str, Any], name: str) -> dict[str, Any]:
    return next(part for part in _parts(card) if part.get("id") == name)


@pytest.mark.parametrize("words", EVERY_KIND)
def test_whatever_was_found_can_be_called_a_false_alarm(words: str) -> None:
    for card in (_report(words), _note(words)):
        assert _field(card, "reason")["type"] == "Input.Text"
        assert card["actions"][0]["data"]["lb"]["accepted"]


@pytest.mark.parametrize("words", EVERY_KIND)
def test_what_was_found_and_what_was_typed_are_both_there(words: str) -> None:
    found = inspect([an_answer(2, 3, words)])[0].finding.text
    report, note = _report(words), _note(words)
    assert _field(report, "comment_2")["value"] == words
    assert _field(note, "note")["value"] == words
    for card in (report, note):
        assert any(f"”{found}”" in part.get("text", "") for part in _parts(card))


def test_the_area_where_something_was_found_stands_open_and_marked() -> None:
    card = _report(PLATE)
    marked = _field(card, "more_2")
    assert (marked.get("isVisible", True), marked["style"]) == (True, "attention")
    assert _field(card, "more_1")["isVisible"] is False


def test_a_reason_that_is_missing_is_asked_for_and_one_that_was_refused_is_kept() -> None:
    for card in (_report(PLATE, reason_missing=True), _note(PLATE, missing=True)):
        assert "Skriv varför" in str(card)
    for card in (_report(PLATE, reason="en skylt"), _note(PLATE, reason="en skylt")):
        assert _field(card, "reason")["value"] == "en skylt"


def test_a_worry_about_a_child_is_shown_where_it_belongs() -> None:
    for card in (_report(CONCERN), _note(CONCERN)):
        assert "gör en orosanmälan till socialtjänsten" in str(card)
    group = a_group(concern_url=URL)
    for card in (_report(CONCERN, group), _note(CONCERN, group)):
        assert f"[gör en orosanmälan]({URL})" in str(card)


def test_nobody_else_is_told_to_report_a_worry() -> None:
    for card in (_report(PLATE), _note(PLATE)):
        assert "Det låter som en oro" not in str(card)
