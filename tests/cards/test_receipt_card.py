"""The receipt says exactly what is stored, with colours and bullets as with impact (A6, A7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from cards.receipt import receipt_card
from cards.texts import Texts
from lagesbild.reports import Override, Report
from lagesbild.templates import Colour, Template
from lagesbild.usecases.reports import Receipt
from tests.cards.checks import check_card
from tests.samples import (
    LUDVIKA,
    NOW,
    a_group,
    a_meeting,
    a_member,
    a_note,
    a_report,
    a_round,
    an_answer,
    counts,
    fagersta,
    ludvika,
)

T = Texts("sv", NOW.date())
LENA = a_member("Lena Holm", id="lena")
RED = an_answer(
    2, colour=Colour.RED, bullets=("Hot vid Coop", "Bråk i *centrum*"), comment="Ordningsvakt bokad"
)
GREEN = an_answer(4, colour=Colour.GREEN)


def _receipt(report: Report, template: Template | None = None, **changes: Any) -> Receipt:
    used = template or ludvika()
    receipt = Receipt(
        group=a_group(template=LUDVIKA),
        member=LENA,
        round=a_round(),
        meeting=a_meeting(),
        template=used,
        report=report,
        changed=True,
    )
    return replace(receipt, **changes)


def _lines(part: Any) -> list[str]:
    """Every text of a card, in reading order."""
    if isinstance(part, list):
        return [line for one in part for line in _lines(one)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if part.get("type") == "TextBlock" else []
    return own + _lines(part.get("body", [])) + _lines(part.get("items", []))


def _shown(receipt: Receipt, **changes: Any) -> list[str]:
    return _lines(check_card(receipt_card(T, receipt, **changes)))


def test_a_colour_is_said_in_words_with_its_bullets_and_what_is_done_about_it() -> None:
    lines = _shown(_receipt(a_report(LENA, RED, GREEN)))
    start = lines.index("**Hot och våld** · 🔴 Rött")
    assert lines[start : start + 4] == [
        "**Hot och våld** · 🔴 Rött",
        "• Hot vid Coop",
        "• Bråk i \\*centrum\\*",
        "Ordningsvakt bokad",
    ]
    assert "**Ungdomar/skolor** · 🟢 Grönt" in lines


def test_areas_without_an_answer_are_named_as_nothing_to_report() -> None:
    (silent,) = [
        line for line in _shown(_receipt(a_report(LENA, RED))) if line.startswith("Inget att rapportera:")
    ]
    assert "Ordningsstörningar och otrygghet · " in silent
    assert "Hot och våld" not in silent


def test_nothing_to_report_is_said_once_and_names_no_area() -> None:
    lines = _shown(_receipt(a_report(LENA)))
    assert [line for line in lines if "Inget att rapportera" in line] == [
        "Inget att rapportera den här gången."
    ]


def test_impact_is_said_with_its_number() -> None:
    lines = _shown(_receipt(a_report(LENA, an_answer(1, 3, "Glas på gångvägen")), fagersta()))
    assert "**Ordningsstörningar och otrygghet** · Påverkan 3" in lines
    assert "Glas på gångvägen" in lines


def test_the_title_says_whether_anything_was_changed() -> None:
    sent = _receipt(a_report(LENA, RED))
    assert _shown(sent)[0] == "✓ Tack, din rapport är sparad"
    assert _shown(replace(sent, report=replace(sent.report, revision=2)))[0] == "✓ Tack, ändringen är sparad"
    assert _shown(replace(sent, changed=False))[0] == "✓ Din rapport är redan sparad"
    assert _shown(sent, on_behalf=True)[0] == "✓ Rapporten för Lena Holm är sparad"


def test_a_late_answer_is_called_late() -> None:
    report = a_report(LENA, RED, late=True)
    after = replace(report, submitted_at=a_round().deadline)
    lines = _shown(_receipt(after))
    assert any(line.startswith("Sen: svarstiden gick ut") for line in lines)
    assert not any(line.startswith("Du kan ändra till") for line in lines)
    before = replace(report, submitted_at=a_round().deadline - timedelta(hours=1))
    assert "Sen: insamlingen är redan stängd" in _shown(_receipt(before))


def test_figures_false_alarms_and_notes_that_are_left_are_shown() -> None:
    stopped = Override(2, "phone", "0223-123 45", "numret till växeln")
    report = a_report(LENA, RED, counts=counts(larm=3), overrides=(stopped,))
    lines = _shown(_receipt(report, notes_left=(a_note(LENA),)))
    assert "Siffror: 3 larm" in lines
    assert "Du sa att ”0223-123 45” är rätt: numret till växeln. Samordnaren ser det." in lines
    assert "1 notering kom inte med. Den finns kvar till nästa gång." in lines


def test_it_can_be_changed_also_for_somebody_else() -> None:
    own = check_card(receipt_card(T, _receipt(a_report(LENA, RED))))
    other = check_card(receipt_card(T, _receipt(a_report(LENA, RED)), on_behalf=True))
    assert [card["actions"][0]["title"] for card in (own, other)] == ["Ändra", "Ändra"]
    assert [card["actions"][0]["data"]["lb"].get("for_member", "") for card in (own, other)] == ["", "lena"]
