"""What a person asks for about oneself: being away, help, and what is stored (A7, F3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from cards.away import absent_card, away_card
from cards.help import CommandLine, did_you_mean_card, help_card
from cards.mydata import OwnData, my_data_card
from cards.texts import Texts
from lagesbild.people import Absence, Role
from tests.bot.chat import titles
from tests.cards.checks import check_card
from tests.samples import NOW, a_coordinator, a_group, a_member, a_note, a_report, an_absence

T = Texts("sv", NOW.date())
TODAY = date(2025, 3, 11)
LENA = a_member("Lena Holm", id="lena")
COMMANDS = [
    CommandLine("rapportera", "report", "report", leading=False),
    CommandLine("frånvaro", "away", "away", leading=False),
    CommandLine("status", "status", "status", leading=True),
    CommandLine("sammanställ", "compile", "compile", leading=True),
]


def _texts(card: dict[str, Any]) -> list[str]:
    return [item["text"] for item in card["body"] if item["type"] == "TextBlock"]


def _facts(card: dict[str, Any]) -> dict[str, str]:
    return {fact["title"]: fact["value"] for part in card["body"] for fact in part.get("facts", [])}


def _own(member: Any = LENA, **changes: Any) -> OwnData:
    return replace(OwnData(member, a_group(), reports=(), notes=(), absences=()), **changes)


def test_being_away_asks_for_two_days_and_starts_today() -> None:
    card = check_card(away_card(T, LENA, [], TODAY))
    assert _texts(card) == [
        "När är du borta?",
        "Då får du inga frågor, och samordnaren ser att du är borta och inte tyst.",
    ]
    days = [item for item in card["body"] if item["type"] == "Input.Date"]
    assert [(day["id"], day["label"], day["value"]) for day in days] == [
        ("first", "Första dagen", "2025-03-11"),
        ("last", "Sista dagen", "2025-03-11"),
    ]
    assert all(day["isRequired"] and day["errorMessage"] == "Välj en dag" for day in days)
    assert titles(card) == ["Spara"]


def test_who_is_away_sees_which_days_and_can_come_back() -> None:
    card = check_card(away_card(T, LENA, [an_absence(LENA)], TODAY))
    assert "✓ Sparat: borta 10–14 mars" in _texts(card)
    assert titles(card) == ["Spara", "Jag är tillbaka"]


def test_who_leads_says_it_for_somebody_by_name() -> None:
    card = check_card(away_card(T, LENA, [], TODAY, for_other=True))
    assert _texts(card)[0] == "När är Lena Holm borta?"
    assert card["actions"][0]["data"]["lb"]["for_member"] == "lena"


def test_what_was_saved_is_said_with_its_days() -> None:
    own = check_card(absent_card(T, an_absence(LENA)))
    assert _texts(own) == ["✓ Du är borta 10–14 mars. Jag skriver inte till dig då."]
    other = check_card(absent_card(T, an_absence(LENA), for_other=LENA))
    assert _texts(other) == ["✓ Lena Holm: Sparat: borta 10–14 mars"]
    assert titles(other) == ["Jag är tillbaka"]


def test_help_shows_a_reporter_what_a_reporter_can_write() -> None:
    card = check_card(help_card(T, [one for one in COMMANDS if not one.leading]))
    said = _texts(card)
    assert said[0] == "Det här kan du skriva till mig"
    assert "**rapportera** – svara på lägesrapporten nu" in said
    assert not any("status" in line or "samordnare" in line for line in said)
    assert said[-1] == "Skriv gärna på engelska också: report och away."
    assert titles(card) == ["Rapportera", "Frånvaro"]


def test_help_shows_who_leads_the_rest_too() -> None:
    card = check_card(help_card(T, COMMANDS))
    said = _texts(card)
    assert said.index("För alla") < said.index("För samordnare och ersättare")
    assert "**status** – vem som har svarat, och vem som inte nåddes" in said
    assert titles(card) == ["Status", "Sammanställ"]


def test_a_misspelt_command_is_one_tap_from_the_right_one() -> None:
    card = check_card(did_you_mean_card(T, "sammanställ", "sammanställ 6"))
    assert _texts(card) == ["Menade du **sammanställ**?"]
    assert card["actions"][0]["title"] == "Ja, sammanställ"
    assert card["actions"][0]["data"]["lb"]["line"] == "sammanställ 6"


def test_what_is_stored_about_a_person_is_shown() -> None:
    notes = (a_note(LENA), a_note(LENA))
    absences: tuple[Absence, ...] = (an_absence(LENA),)
    card = check_card(my_data_card(T, _own(reports=(a_report(LENA),), notes=notes, absences=absences)))
    assert _facts(card) == {
        "Namn": "Lena Holm",
        "Grupp": "EST-gruppen Fagersta",
        "Verksamhet": "Risbroskolan",
        "Uppgift": "rapportör",
        "Rapporter": "1 skickad",
        "Noteringar som väntar": "2",
        "Frånvaro": "10–14 mars",
    }


def test_what_is_not_there_is_said_in_words() -> None:
    stored = _facts(check_card(my_data_card(T, _own(a_member(organisation=None)))))
    assert stored["Verksamhet"] == "Verksamhet inte vald"
    assert stored["Frånvaro"] == "Ingen"


def test_every_task_has_a_name() -> None:
    stored = _facts(check_card(my_data_card(T, _own(a_coordinator()))))
    assert stored["Uppgift"] == "samordnare och representant"
    for role in Role:
        named = _facts(check_card(my_data_card(T, _own(a_member("Lena Holm", "NVK", role)))))
        assert named["Uppgift"] not in {"", role.value}


def test_prompts_reminders_and_feedback_are_turned_off_and_on() -> None:
    both = check_card(my_data_card(T, _own()))
    asked, reminded, told = _texts(both)[1:]
    assert (asked, reminded) == ("Du får frågor inför mötena.", "Du får påminnelser.")
    assert told.startswith("Du får veta vad det du rapporterat leder till")
    assert titles(both) == ["Inga påminnelser", "Sluta fråga mig", "Mindre återkoppling"]
    quiet = check_card(my_data_card(T, _own(replace(LENA, reminded=False, fewer=True))))
    assert titles(quiet) == ["Påminn mig igen", "Sluta fråga mig", "All återkoppling"]
    assert _texts(quiet)[-1].startswith("Du får bara ett kort")
    off = check_card(my_data_card(T, _own(replace(LENA, prompted=False))))
    assert _texts(off)[1] == "Du har sagt nej till frågor inför mötena. Samordnaren ser det."
    assert titles(off) == ["Fråga mig igen", "Mindre återkoppling"]
