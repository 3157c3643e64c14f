"""Which answers could be a theme: those that name the same place (B1, C1)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lagesbild.ids import MemberId, RoundId, ThemeId
from lagesbild.templates import Area
from lagesbild.themes import MOST_SUGGESTED, Said, Theme, ThemeSuggestion, Tie, suggested_themes
from tests.samples import GROUP_ID, NOW

TITLES = {area: area.value.capitalize() for area in Area}
DARK = "Mörkt vid Kolarbyskolan"


def said(words: str, organisation: str = "NVK", round_number: int = 7, **changes: Any) -> Said:
    """What somebody of an organisation said in a round."""
    area = changes.get("area", Area.DISORDER)
    member = MemberId(changes.get("member", organisation.casefold()))
    round_id = RoundId(f"round{round_number}")
    return Said(round_id, round_number, member, organisation, area, TITLES[area], words)


def suggested(*answers: Said, **known: Any) -> tuple[ThemeSuggestion, ...]:
    return suggested_themes(answers, municipality="Fagersta", **known)


def titles(*answers: Said, **known: Any) -> list[str]:
    return [one.title for one in suggested(*answers, **known)]


def a_theme(title: str, **changes: Any) -> Theme:
    return Theme(ThemeId("theme1"), GROUP_ID, title, MemberId("karin"), NOW, **changes)


def test_two_organisations_that_name_a_place_make_a_theme_of_all_their_answers() -> None:
    (one,) = suggested(said(DARK), said("Glas vid kolarbyskolan", "Polisen"))
    assert (one.title, one.organisations, one.rounds) == ("Kolarbyskolan, Disorder", 2, 1)
    assert {member for _, member, _ in one.ties} == {"nvk", "polisen"}


def test_one_organisation_that_names_it_once_does_not() -> None:
    assert titles(said(DARK)) == []
    assert titles(said(DARK), said("Glas vid Kolarbyskolan", member="other")) == []


def test_one_organisation_that_names_it_in_two_rounds_does() -> None:
    (one,) = suggested(said(DARK), said(DARK, round_number=5))
    assert (one.organisations, one.rounds) == (1, 2)
    assert [round_id for round_id, *_ in one.ties] == ["round7", "round5"]


def test_a_capital_after_a_preposition_is_a_place_only_if_two_organisations_say_so() -> None:
    assert titles(said("Bråk i Norrby"), said("Bråk i Norrby", round_number=6)) == []
    assert titles(said("Bråk i Norrby"), said("Stök i Norrby", "Polisen")) == ["Norrby, Disorder"]


def test_the_area_that_most_name_it_in_gives_the_title_and_all_areas_are_tied() -> None:
    (one,) = suggested(
        said(DARK, area=Area.YOUTH),
        said(DARK, "Polisen", area=Area.YOUTH),
        said(DARK, "Polisen", area=Area.DISORDER),
    )
    assert one.title == "Kolarbyskolan, Youth"
    assert {area for *_, area in one.ties} == {Area.YOUTH, Area.DISORDER}


def test_the_municipality_is_no_place_and_what_went_well_no_problem() -> None:
    assert titles(said("Bråk i Fagersta"), said("Stök i Fagersta", "Polisen")) == []
    well: dict[str, Any] = {"area": Area.POSITIVE}
    assert titles(said("Fint vid Risbroskolan", **well), said("Fint vid Risbroskolan", "P", **well)) == []


def test_what_is_tied_to_an_open_theme_is_not_suggested_again_and_what_is_new_goes_on_with_it() -> None:
    first, second = said(DARK), said(DARK, "Polisen")
    theme = a_theme("Kolarbyskolan, belysning")
    ties = [Tie(theme.id, *one.answer) for one in (first, second)]
    assert titles(first, second, themes=[theme], ties=ties) == []
    new = said("Fortfarande mörkt vid Kolarbyskolan", round_number=8)
    (more,) = suggested(first, second, new, themes=[theme], ties=ties)
    assert (more.title, more.theme_id, more.ties) == (theme.title, theme.id, (new.answer,))


def test_a_theme_that_is_over_is_not_gone_on_with() -> None:
    over = a_theme("Kolarbyskolan, belysning", closed_at=NOW)
    (one,) = suggested(said(DARK), said(DARK, "Polisen"), themes=[over])
    assert (one.title, one.theme_id) == ("Kolarbyskolan, Disorder", None)


def test_this_rounds_come_first_then_those_that_most_name() -> None:
    old = [said("Glas i Centrumparken", name, 4) for name in ("A", "B", "C")]
    two = [said(DARK, name) for name in ("A", "B")]
    three = [said("Stök vid Risbroskolan", name) for name in ("A", "B", "C")]
    assert titles(*old, *two, *three) == [
        "Risbroskolan, Disorder",
        "Kolarbyskolan, Disorder",
        "Centrumparken, Disorder",
    ]


def test_at_most_five_are_suggested() -> None:
    places = ("Nya", "Gamla", "Lilla", "Stora", "Norra", "Södra", "Östra")
    answers = [said(f"Mörkt vid {one} torget", name) for one in places for name in ("A", "B")]
    answers += [said(f"Mörkt på {one}gatan", name) for one in ("Lind", "Ek", "Björk") for name in ("A", "B")]
    assert len(titles(*answers)) == MOST_SUGGESTED


def test_a_suggestion_keeps_its_key_when_more_answers_come() -> None:
    before, after = said(DARK), said(DARK, "Polisen")
    (one,) = suggested(before, after)
    (more,) = suggested(before, after, said(DARK, "Socialtjänsten"))
    assert one.key == more.key
    assert one.ties != more.ties


ANSWERS = st.lists(
    st.builds(
        said,
        st.sampled_from([DARK, "Glas vid Risbroskolan och i centrum", "Lugnt", "Bråk i Norrby", ""]),
        st.sampled_from(["NVK", "Polisen", "Risbroskolan"]),
        st.integers(2, 7),
        area=st.sampled_from(Area),
    ),
    max_size=12,
)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_a_suggestion_is_always_shared_and_the_order_of_answers_never_matters(
    answers: list[Said], random: Any
) -> None:
    found = suggested(*answers)
    for one in found:
        assert one.organisations > 1 or one.rounds > 1
        assert set(one.ties) <= {answer.answer for answer in answers if answer.area is not Area.POSITIVE}
        assert len(set(one.ties)) == len(one.ties) > 0
    shuffled = list(answers)
    random.shuffle(shuffled)
    assert suggested(*shuffled) == found
