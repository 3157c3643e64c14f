"""The joint assessment's cards: the state is always seen, each area is a form, and every card keeps the rules (B5, A3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cards.agenda import history_card
from cards.assessment import assessment_card
from cards.assessment_area import area_card
from cards.assessment_parts import next_area
from cards.preview import released_card
from cards.status import status_card
from cards.texts import Texts
from lagesbild.assessments import AssessmentForm, JointAssessment, Owner
from lagesbild.feedback import FollowUp, Shows
from lagesbild.ids import AssessmentId, MeasureId, ReferralId, RoundId, ThemeId
from lagesbild.measures import Measure
from lagesbild.picture import SituationPicture
from lagesbild.referrals import ReferralState
from lagesbild.reports import Report
from lagesbild.rounds import RoundState
from lagesbild.templates import Area, Colour, Template
from lagesbild.themes import Theme, ThemeSuggestion
from lagesbild.usecases.assessing import AssessmentSheet
from lagesbild.usecases.referring import Agenda, History
from tests.cards.checks import check_card
from tests.cards.test_picture_card import a_picture, read
from tests.cards.test_preview_card import a_review, published
from tests.cards.test_status_card import a_status
from tests.chain import ASSESSMENT, DECISION, DONE, KARIN, LENA, MEASURE, MEHMET, REFERRAL
from tests.samples import (
    GROUP_ID,
    MEETING_AT,
    NOW,
    a_group,
    a_report,
    a_round,
    an_answer,
    fagersta,
    ludvika,
    some_members,
    some_reports,
)

SV, EN = Texts("sv", NOW.date()), Texts("en", NOW.date())
NOTHING = Agenda((), (), ())
DAY = date(2025, 3, 27)
PEOPLE = (LENA, MEHMET)
REPORTS = (
    a_report(LENA, an_answer(1, 4, "Trasiga lampor vid Kolarbyskolan"), an_answer(7, comment="Fin kväll")),
    a_report(MEHMET, an_answer(1, 3, "Mörkt vid Kolarbyskolan"), an_answer(4, 2)),
)
OWN = replace(
    MEASURE, id=MeasureId("own"), area=Area.YOUTH, referral_id=None, text="Vi går dit", owner=Owner("NVK")
)
SUGGESTED = ThemeSuggestion(
    "Kolarbyskolan, Ordningsstörningar", ((RoundId("round7"), LENA.id, Area.DISORDER),), 2, 2
)


def assessed(area: Area, colour: Colour, comment: str = "") -> JointAssessment:
    return replace(ASSESSMENT, id=AssessmentId(f"ass-{area}"), area=area, colour=colour, comment=comment)


def a_sheet(
    *reports: Report, picture: SituationPicture | None = None, template: Template | None = None, **known: Any
) -> AssessmentSheet:
    """Lena and Mehmet's answers; nothing assessed yet."""
    base = AssessmentSheet(
        group=a_group(),
        round=a_round(state=RoundState.CLOSED),
        template=template or fagersta(),
        picture=picture or a_picture(PEOPLE, *(reports or REPORTS)),
        agenda=NOTHING,
        assessments={},
        measures={},
        referrals={},
        owners=(KARIN, *PEOPLE),
        themes=(),
        suggestions=(),
        answer_by=DAY,
        today=MEETING_AT.date(),
        told=2,
    )
    return replace(base, **known)


def half_done(**known: Any) -> AssessmentSheet:
    """One area of each colour, with what it came to."""
    found = (
        assessed(Area.DISORDER, Colour.RED, "Mörkt länge"),
        assessed(Area.YOUTH, Colour.YELLOW),
        assessed(Area.VIOLENCE, Colour.GREEN),
    )
    states = {"assessments": {one.area: one for one in found}, "measures": {Area.YOUTH: OWN}}
    return a_sheet(**{**states, "referrals": {Area.DISORDER: REFERRAL}, **known})


def the_form(sheet: AssessmentSheet, area: Area, t: Texts = SV) -> dict[str, Any]:
    return check_card(area_card(t, sheet, next(one for one in sheet.questions if one.area is area)))


def parts(json: Any) -> Iterator[dict[str, Any]]:
    """Every part of a card, the fallbacks left out."""
    if isinstance(json, dict):
        yield json
        for key, value in json.items():
            if key not in ("data", "fallback"):
                yield from parts(value)
    elif isinstance(json, list):
        for one in json:
            yield from parts(one)


def inputs(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {part["id"]: part for part in parts(card) if str(part.get("type", "")).startswith("Input.")}


def buttons(card: dict[str, Any]) -> list[str]:
    return [part["title"] for part in parts(card) if part.get("type") == "Action.Execute"]


def test_each_area_stands_with_its_figures_and_says_that_it_has_no_colour_yet() -> None:
    card = check_card(assessment_card(SV, a_sheet()))
    text = read(card)
    assert "nivå 3,5 · 2 av 2 nämner det · Kolarbyskolan" in text
    assert "ingen nämner det" in text
    assert "1 sak gick bra" in text
    assert text.count("inte bedömt") == 7
    assert set(buttons(card)) == {"Bedöm området", "Teman"}


def test_the_areas_come_in_the_suggested_order_and_the_chooser_stands_on_the_first_without_a_colour() -> None:
    chooser = inputs(check_card(assessment_card(SV, half_done())))["area"]
    assert [one["value"] for one in chooser["choices"]][:2] == ["disorder", "youth"]
    assert chooser["choices"][-1]["value"] == "positive"
    assert chooser["value"] not in ("disorder", "youth", "violence")


def test_what_is_saved_is_seen_with_symbol_word_and_what_it_leads_to() -> None:
    text = read(check_card(assessment_card(SV, half_done(), SV("assessment.saved"))))
    for part in (
        "✓ Sparat",
        "🔴 Rött",
        "Mörkt länge",
        f"→ Lyfts till Brå: {REFERRAL.title}, svar senast 28 mars",
        "🟡 Gult",
        "→ Egen åtgärd: Vi går dit (NVK, klart 30 april)",
        "🟢 Grönt",
        "4 områden är inte bedömda än.",
        "skickar 1 fråga till Brå och återkoppling till 2 som svarat",
    ):
        assert part in text


def test_what_went_well_has_words_and_no_colour() -> None:
    sheet = a_sheet(assessments={Area.POSITIVE: assessed(Area.POSITIVE, Colour.GREEN, "Nattvandringen")})
    text = read(check_card(assessment_card(SV, sheet)))
    assert "✓ noterat" in text
    assert "Grönt" not in text
    form = the_form(sheet, Area.POSITIVE)
    assert set(inputs(form)) == {"comment"}
    assert "**Risbroskolan:** Fin kväll" in read(form)


@pytest.mark.parametrize("state", [ReferralState.DECIDED, ReferralState.CLOSED])
def test_what_the_council_has_answered_is_not_counted_as_going_there(state: ReferralState) -> None:
    sheet = half_done(referrals={Area.DISORDER: replace(REFERRAL, state=state)})
    text = read(check_card(assessment_card(SV, sheet)))
    assert "skickar återkoppling till 2 som svarat" in text


def test_finished_it_says_so_and_can_still_be_corrected() -> None:
    sheet = half_done(round=a_round(assessed_at=MEETING_AT))
    card = check_card(assessment_card(SV, sheet))
    assert "Skickat. Det du ändrar nu gäller direkt." in read(card)
    assert set(buttons(card)) == {"Bedöm området", "Teman"}


def test_the_form_is_filled_in_with_what_is_saved_and_open_where_its_colour_needs_more() -> None:
    red, yellow = the_form(half_done(), Area.DISORDER), the_form(half_done(), Area.YOUTH)
    visible = {part["id"]: part.get("isVisible", True) for part in parts([red, yellow]) if "id" in part}
    assert (visible["red_disorder"], visible["yellow_disorder"]) == (True, False)
    assert (visible["red_youth"], visible["yellow_youth"]) == (False, True)
    fields = inputs(red)
    assert (fields["colour"]["value"], fields["comment"]["value"]) == ("red", "Mörkt länge")
    assert (fields["title"]["value"], fields["answer_by"]["value"]) == (REFERRAL.title, "2025-03-28")
    fields = inputs(yellow)
    assert (fields["measure"]["value"], fields["owner_name"]["value"]) == ("Vi går dit", "NVK")
    assert fields["due"]["value"] == "2025-04-30"


def test_an_empty_form_suggests_the_title_and_the_councils_day() -> None:
    fields = inputs(the_form(a_sheet(), Area.DISORDER))
    assert "value" not in fields["colour"]
    assert fields["title"]["value"] == "Ordningsstörningar och otrygghet, Kolarbyskolan"
    assert fields["answer_by"]["value"] == DAY.isoformat()


def test_the_templates_own_words_for_its_colours_stand_in_the_form() -> None:
    picture = a_picture(
        PEOPLE,
        a_report(LENA, an_answer(1, bullets=("Buskörning",), colour=Colour.YELLOW)),
        template=ludvika(),
    )
    sheet = a_sheet(picture=picture, template=ludvika())
    titles = [one["title"] for one in inputs(the_form(sheet, Area.DISORDER))["colour"]["choices"]]
    for title, meaning in zip(titles, ludvika().scale.values(), strict=True):
        assert meaning in title
    assert "🟡 Gult" in read(check_card(assessment_card(SV, sheet)))


def test_what_was_answered_unfolds_beside_the_colour() -> None:
    form = the_form(a_sheet(), Area.DISORDER)
    folded = next(part for part in parts(form) if part.get("id") == "said_disorder")
    assert folded["isVisible"] is False
    assert "Trasiga lampor vid Kolarbyskolan" in read({"body": folded["items"]})


def test_more_answers_than_there_is_room_for_say_where_the_rest_is() -> None:
    people = some_members(40)
    said = [a_report(one, an_answer(1, 4, f"Svar {n} " + "långt " * 150)) for n, one in enumerate(people)]
    form = the_form(a_sheet(picture=a_picture(people, *said)), Area.DISORDER)
    assert "Resten av svaren finns i lägesbilden." in read(form)


def test_a_theme_can_be_one_that_there_is_or_one_that_is_only_suggested() -> None:
    theme = Theme(ThemeId("theme1"), GROUP_ID, "Norrby, glas", KARIN.id, NOW)
    sheet = a_sheet(themes=(theme,), suggestions=(SUGGESTED,))
    choices = {
        one["value"]: one["title"] for one in inputs(the_form(sheet, Area.DISORDER))["theme"]["choices"]
    }
    assert choices == {
        "0": "Inget tema",
        "theme1": "Norrby, glas",
        f"new_{SUGGESTED.key}": f"Nytt tema: {SUGGESTED.title} (1 svar)",
    }
    elsewhere = inputs(the_form(a_sheet(suggestions=(SUGGESTED,)), Area.YOUTH))
    assert "theme" not in elsewhere


def test_the_next_area_is_the_next_without_a_colour_round_and_round() -> None:
    sheet = half_done()
    order = [one.area for one in sheet.questions if one.area not in sheet.assessments]
    assert next_area(sheet) is order[0]
    assert next_area(sheet, order[-1]) is order[0]
    all_done = {one.area: assessed(one.area, Colour.GREEN) for one in sheet.questions}
    whole = replace(sheet, assessments=all_done)
    assert next_area(whole) is None
    assert buttons(the_form(whole, Area.DISORDER)) == ["Spara", "Översikt"]


BACK = History(
    replace(REFERRAL, state=ReferralState.ON_AGENDA),
    (DECISION,),
    (DONE,),
    tuple(
        FollowUp(DONE.id, who.id, REFERRAL.id, 1, NOW, shows, "", NOW)
        for who, shows in ((LENA, Shows.NO), (MEHMET, Shows.YES))
    ),
)


def test_what_is_back_and_late_stands_first() -> None:
    late = replace(OWN, due=date(2025, 3, 1))
    overdue = replace(REFERRAL, title="Klotter", answer_by=date(2025, 3, 3))
    card = check_card(assessment_card(SV, a_sheet(agenda=Agenda((BACK,), (overdue,), (late,)))))
    text = read(card)
    assert text.index("Tillbaka på dagordningen") < text.index("Ordningsstörningar och otrygghet")
    assert "1 säger att det inte märks eller bara delvis, 1 att det märks" in text
    assert "⚠ Brå skulle ha svarat om Klotter senast 3 mars" in text
    assert "⚠ Vi går dit (NVK): skulle vara klar 1 mars" in text
    assert set(buttons(card)) == {"Ta upp", "Bedöm området", "Teman"}


def test_a_question_that_is_back_shows_all_that_happened_on_the_days_of_the_group() -> None:
    late_evening = datetime(2025, 3, 20, 23, 30, tzinfo=UTC)
    history = replace(BACK, decisions=(replace(DECISION, decided_at=late_evening),))
    card = check_card(history_card(SV, a_sheet(), history))
    text = read(card)
    assert "13 mars: lyft till Brå" in text
    assert f"21 mars: Brå svarade: {DECISION.sentence}" in text
    assert "Insats: Byt armaturerna vid Kolarbyskolan – klar" in text
    assert "De som rapporterat: 1 märker det och 1 märker det inte" in text
    assert buttons(card) == ["Lyft till Brå igen", "Avsluta", "Översikt"]


@pytest.mark.parametrize("t", [SV, EN], ids=["sv", "en"])
@pytest.mark.parametrize("template", [fagersta(), ludvika()], ids=["fagersta", "ludvika"])
def test_the_fullest_meeting_still_fits_on_every_card(t: Texts, template: Template) -> None:
    people = some_members(60)
    round_ = a_round(template=template.ref, state=RoundState.CLOSED)
    picture = a_picture(people, *some_reports(people, template), template=template)
    long = "Mycket långt och utförligt beskrivet, med plats och tid. " * 17
    back = tuple(
        replace(BACK, referral=replace(BACK.referral, id=ReferralId(f"r{n}"), title=long[:120]))
        for n in range(9)
    )
    measures: dict[Area, Measure] = {area: replace(OWN, area=area, text=long[:500]) for area in Area}
    sheet = half_done(
        picture=picture,
        template=template,
        round=round_,
        owners=people,
        assessments={area: assessed(area, tuple(Colour)[n % 3], long) for n, area in enumerate(Area)},
        measures=measures,
        referrals={area: replace(REFERRAL, area=area, title=long[:120]) for area in Area},
        agenda=Agenda(
            back, tuple(one.referral for one in back), tuple(replace(OWN, text=long) for _ in range(20))
        ),
        suggestions=tuple(replace(SUGGESTED, title=f"{n} {long[:100]}") for n in range(5)),
    )
    overview = check_card(assessment_card(t, sheet, t("assessment.saved")))
    assert len(buttons(overview)) == 6
    for area in Area:
        the_form(sheet, area, t)
    check_card(history_card(t, sheet, replace(BACK, decisions=(DECISION,) * 30, measures=(DONE,) * 30)))


def test_the_way_here_stands_where_the_picture_was_released_and_in_the_status_of_a_closed_round() -> None:
    released = check_card(released_card(SV, a_review(**published())))
    assert sorted(buttons(released)) == ["Bedöm tillsammans", "Visa lägesbilden", "Visa status"]
    closed = a_status(round_=a_round(state=RoundState.CLOSED, closed_at=MEETING_AT - timedelta(hours=4)))
    assert "Bedöm tillsammans" in buttons(check_card(status_card(SV, closed)))
    assert "Bedöm tillsammans" not in buttons(check_card(status_card(SV, a_status())))


def test_a_form_names_what_the_use_case_takes() -> None:
    taken = {"colour", "comment", "measure", "owner", "owner_name", "due", "title", "answer_by"}
    assert set(inputs(the_form(a_sheet(), Area.YOUTH))) == taken
    assert set(AssessmentForm.__dataclass_fields__) == taken - {"owner_name"}
