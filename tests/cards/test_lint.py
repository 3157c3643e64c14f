"""The lint finds what it is for, and sample cards that keep the rules pass it and Microsoft's renderer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from cards.actions import Payload, execute
from cards.card import Card, utf16
from cards.charts import Bar, HorizontalBarChart
from cards.elements import ActionSet, TextBlock
from cards.fields import Choice, ChoiceSet, DateInput, NumberInput, TextInput, TimeInput
from cards.layout import facts, header, notice, quiet, row, section, titled, unfold
from cards.safe import escape, listen, one_line, plain
from cards.texts import Texts
from tests.cards.checks import check_card
from tests.cards.lint import lint

T = Texts("sv")
AREAS = ["Ordningsstörningar och otrygghet", "Hot och våld", "Ungdomar och skolor"]


@dataclass(frozen=True)
class Press(Payload, verb="test.press"):
    round_id: str = "r"


def form() -> Card:
    """A form like the report's: a rating an area, its comment unfolded on demand."""
    listen()
    rows: list[Any] = []
    for number, area in enumerate(map(plain, AREAS)):
        levels = [
            Choice(plain("Inget att rapportera"), "0"),
            *(Choice(str(level), str(level)) for level in range(1, 6)),
        ]
        rating = ChoiceSet(f"rating_{number}", area, levels, style="compact", value="0")
        comment = TextInput(
            f"comment_{number}",
            area,
            is_multiline=True,
            max_length=4000,
            is_visible=False,
            value=plain("**noterat**"),
        )
        rows += [row([rating], [unfold(one_line(area), f"comment_{number}")]), comment]
    return Card(
        [
            *header(escape("Lägesrapport"), escape("EST-gruppen *Fagersta*")),
            notice(escape("Inget om enskilda.")),
            *rows,
        ],
        actions=[execute(T("note.save"), Press(), style="positive")],
        lang="sv",
        fallback_text=plain("Lägesrapport"),
    )


def picture() -> Card:
    """Something of everything that only shows: a chart, facts, lists."""
    listen()
    title, words = plain("Lägesbild"), [plain(area) for area in AREAS]
    levels = [Bar(word, level) for level, word in enumerate(words, 1)]
    return Card(
        [
            *header(title),
            HorizontalBarChart(title, levels, color="categoricalBlue", fallback=quiet(words[0])),
            section(title, [facts((words[1], "4"))]),
            titled(one_line("Åsa _Berg_"), words[2], late=True),
            ActionSet([execute(T("note.save"), Press())]),
        ],
        lang="sv",
        fallback_text=title,
    ).full_width()


def every_input() -> Card:
    listen()
    title = plain("Möte")
    return Card(
        [
            DateInput(
                "day", title, value="2026-12-01", is_required=True, error_message=plain("Välj en dag.")
            ),
            TimeInput("at", title, value="15:00"),
            NumberInput("every", title, min=1, max=8, value=2),
            TextInput("place", title, placeholder=plain("Var?")),
        ],
        actions=[execute(T("note.save"), Press())],
        lang="sv",
        fallback_text=title,
    )


@pytest.mark.parametrize("build", [form, picture, every_input])
def test_a_good_card_passes_the_lint_and_the_renderer(build: Callable[[], Card]) -> None:
    check_card(build())
    check_card(build(), kind="channel")


def card(*body: dict[str, Any], **more: Any) -> dict[str, Any]:
    base = {"type": "AdaptiveCard", "version": "1.2", "lang": "sv", "fallbackText": "x", "body": list(body)}
    return {**base, **more}


SAVE = {"type": "Action.Submit", "title": "x", "data": {}}
SEND = {"type": "Action.Execute", "title": "x", "verb": "v", "data": {}, "fallback": SAVE}
FAULTS: list[tuple[dict[str, Any], str]] = [
    (card(version="1.6"), "version 1.2"),
    (card(lang="fi"), "language"),
    (card(fallbackText=""), "fallbackText"),
    (card({"type": "Chart.Line", "title": "x"}), "no fallback"),
    (card({"type": "Container", "items": [{"type": "Badge", "text": "x"}]}), "no fallback"),
    (card({"type": "Badge", "text": "x", "fallback": {"type": "Icon", "name": "x"}}), "Icon is newer"),
    (card(actions=[SEND] * 7), "7 buttons"),
    (card({"type": "ActionSet", "actions": [SEND] * 4}, actions=[SEND] * 3), "7 buttons"),
    (card({"type": "Input.Text", "id": "a"}), "no label"),
    (card({"type": "Input.Text", "label": "a"}), "no id"),
    (card({"type": "Input.Text", "id": "a", "label": "a", "isRequired": True}), "errorMessage"),
    (card({"type": "TextBlock", "id": "a"}, {"type": "TextBlock", "id": "a"}), "taken"),
    (card({"type": "Image", "url": "x"}), "alt text"),
    (card(actions=[SAVE]), "stands alone"),
    (card(actions=[{**SEND, "fallback": "drop"}]), "no Action.Submit"),
    (card(actions=[{**SEND, "data": {"a": 1}}]), "something else"),
    (card({"type": "TextBlock", "text": "● 3", "color": "attention"}), "colour"),
    (card({"type": "Container", "style": "good", "items": [{"type": "TextBlock", "text": "3"}]}), "colour"),
    (
        card({"type": "Container", "items": [], "selectAction": {"type": "Action.OpenUrl", "url": "x"}}),
        "screen reader",
    ),
    (
        card(actions=[{"type": "Action.ToggleVisibility", "title": "x", "targetElements": ["gone"]}]),
        "isn't there",
    ),
    (card({"type": "TextBlock", "text": "x" * 29_000}), "bytes"),
]


@pytest.mark.parametrize(("faulty", "problem"), FAULTS, ids=[problem for _, problem in FAULTS])
def test_each_fault_is_found(faulty: dict[str, Any], problem: str) -> None:
    found = lint(faulty)
    assert any(problem in line for line in found), found
    assert lint(card({"type": "TextBlock", "text": "x"}, actions=[SEND])) == []


def test_words_that_come_from_no_catalogue_are_found() -> None:
    said = ["Skicka", "Fagersta {x}"]
    assert lint(card({"type": "TextBlock", "text": "Skicka 3 ▲"}, fallbackText="Skicka"), said=said) == []
    found = lint(card({"type": "TextBlock", "text": "Skicka nu"}, fallbackText="Skicka"), said=said)
    assert found == ["card.body[0].text: 'nu' comes from no catalogue"]


def test_ids_and_payloads_are_no_words() -> None:
    button = {
        **SEND,
        "title": "Skicka",
        "data": {"text": "abc"},
        "fallback": {**SAVE, "title": "Skicka", "data": {"text": "abc"}},
    }
    field = {
        "type": "Input.ChoiceSet",
        "id": "abc",
        "label": "Skicka",
        "choices": [{"title": "Skicka", "value": "abc"}],
    }
    assert lint(card(field, fallbackText="Skicka", actions=[button]), said=["Skicka"]) == []


def test_a_channel_card_is_counted_as_teams_counts() -> None:
    assert utf16("åäö") == 6
    big = card({"type": "TextBlock", "text": "x" * 41_000})
    assert any("bytes" in line for line in lint(big, kind="channel"))


def test_buttons_that_have_no_room_beside_each_other_stand_in_rows() -> None:
    titles = ["Ändra", "Svara åt", "Frånvaro", "Lägg till person utan Teams", "Hämta från teamet"]
    buttons = [execute(title, Press()) for title in titles]
    made = Card([TextBlock("Välj")], lang="sv", fallback_text="Välj", actions=buttons).to_dict()
    rows = [part["actions"] for part in made["body"] if part["type"] == "ActionSet"] + [made["actions"]]
    assert [[button["title"] for button in row] for row in rows] == [titles[:3], titles[3:4], titles[4:]]
    assert not [problem for problem in lint(made) if "cuts" in problem]
    crowded = card({"type": "ActionSet", "actions": [button.to_dict() for button in buttons]})
    assert any("cuts the titles of Ändra, Svara åt" in problem for problem in lint(crowded))
