"""The themes' cards: what could be one, which there are, and whose answers belong together (B1, C1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cards.texts import Texts
from cards.themes import answer_value, theme_card, themes_card
from lagesbild.ids import RoundId, ThemeId
from lagesbild.referrals import ReferralState
from lagesbild.reports import Answer
from lagesbild.templates import Colour
from lagesbild.themes import Theme
from lagesbild.usecases.theming import ThemeList, ThemeSheet, Voice
from tests.cards.checks import check_card
from tests.cards.test_assessment_card import SUGGESTED, buttons, inputs
from tests.cards.test_picture_card import read
from tests.chain import KARIN, LENA, MEHMET, REFERRAL
from tests.samples import GROUP_ID, NOW, a_group, a_round, an_answer, fagersta, some_members

SV, EN = Texts("sv", NOW.date()), Texts("en", NOW.date())
THEME = Theme(ThemeId("theme1"), GROUP_ID, "Kolarbyskolan, *belysning*", KARIN.id, NOW)
QUESTION = fagersta().question(1)


def a_voice(member: Any = LENA, number: int = 7, answer: Answer | None = None) -> Voice:
    answer = answer or an_answer(1, 4, "Trasiga lampor # två")
    return Voice(a_round(id=RoundId(f"round{number}"), number=number), member, QUESTION, answer)


def a_list(**known: Any) -> ThemeList:
    return replace(ThemeList(a_group(), a_round(), (), ()), **known)


def a_sheet(**known: Any) -> ThemeSheet:
    voices = (a_voice(), a_voice(MEHMET), a_voice(number=5))
    return replace(ThemeSheet(a_group(), THEME, a_round(), voices, (), ()), **known)


def test_a_group_without_themes_reads_what_they_are_for_and_can_write_one() -> None:
    card = check_card(themes_card(SV, a_list()))
    assert "alla som rapporterat får veta vad det ledde till" in read(card)
    assert set(buttons(card)) == {"Nytt tema", "Översikt"}


def test_a_suggestion_says_what_speaks_for_it() -> None:
    card = check_card(themes_card(SV, a_list(suggestions=(SUGGESTED,))))
    assert "1 svar · 2 verksamheter · 2 insamlingar" in read(card)
    assert "Gör till tema" in buttons(card)


def test_new_answers_about_a_theme_that_there_is_are_put_into_it() -> None:
    more = replace(SUGGESTED, title=THEME.title, theme_id=THEME.id)
    card = check_card(themes_card(SV, a_list(themes=((THEME, 2),), suggestions=(more,))))
    assert "1 nytt svar · 2 verksamheter · 2 insamlingar" in read(card)
    assert "Lägg i temat" in buttons(card)
    assert inputs(card)["theme"]["choices"] == [{"title": f"{THEME.title} (2 svar)", "value": "theme1"}]


def test_a_theme_shows_each_answer_with_whose_it_is_as_it_was_typed() -> None:
    card = check_card(theme_card(SV, a_sheet()))
    text = read(card)
    assert r"Kolarbyskolan, \*belysning\*" in text
    assert "3 svar · 2 verksamheter · 2 insamlingar" in text
    assert "Risbroskolan · insamling 7 · Ordningsstörningar och otrygghet · nivå 4" in text.replace("**", "")
    assert "Trasiga lampor # två" in text


def test_a_colour_stands_beside_an_answer_that_has_one() -> None:
    coloured = a_voice(answer=an_answer(1, bullets=("Buskörning",), colour=Colour.YELLOW))
    assert "🟡 Gult" in read(check_card(theme_card(SV, a_sheet(voices=(coloured,)))))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ReferralState.WAITING, "väntar på svar"),
        (ReferralState.DECIDED, "Brå har svarat"),
        (ReferralState.ON_AGENDA, "tillbaka på dagordningen"),
        (ReferralState.CLOSED, "avslutat"),
        (ReferralState.WITHDRAWN, "taget tillbaka"),
    ],
)
def test_what_it_led_to_stands_first(state: ReferralState, words: str) -> None:
    card = check_card(theme_card(SV, a_sheet(referrals=(replace(REFERRAL, state=state),))))
    assert f"→ Lyft till Brå 13 mars: {words}" in read(card)


def test_this_rounds_other_answers_can_be_put_in_and_its_own_taken_out() -> None:
    other = a_voice(MEHMET, answer=an_answer(1, 3, "Mörkt på parkeringen bakom skolan " * 4))
    fields = inputs(check_card(theme_card(SV, a_sheet(untied=(other,)))))
    (put_in,) = fields["tied"]["choices"]
    assert put_in["value"] == answer_value(other.key) == "round7:mehmet:disorder"
    assert put_in["title"].startswith("NVK: Mörkt på parkeringen")
    assert put_in["title"].endswith("…")
    assert len(fields["untied"]["choices"]) == 3


def test_a_theme_that_is_over_can_only_be_read() -> None:
    over = replace(THEME, closed_at=NOW + timedelta(hours=15))
    card = check_card(theme_card(SV, a_sheet(theme=over, untied=(a_voice(MEHMET),))))
    assert "Avslutat 12 mars" in read(card)
    assert buttons(card) == ["Teman"]


@pytest.mark.parametrize("t", [SV, EN], ids=["sv", "en"])
def test_the_fullest_theme_and_list_still_fit(t: Texts) -> None:
    long = an_answer(1, 4, "Mycket långt och utförligt beskrivet, med plats och tid. " * 30)
    voices = tuple(a_voice(member, answer=long) for member in some_members(60))
    card = check_card(theme_card(t, a_sheet(voices=voices, untied=voices, referrals=(REFERRAL,) * 6)))
    assert len(buttons(card)) == 4
    themes = tuple((replace(THEME, id=ThemeId(f"t{n}"), title=f"{n} " + "x" * 110), n) for n in range(60))
    suggestions = tuple(replace(SUGGESTED, title=f"{n} " + "y" * 110) for n in range(5))
    listed = check_card(themes_card(t, a_list(themes=themes, suggestions=suggestions)))
    assert len(buttons(listed)) == 5
