"""The council's cards keep every rule in every state, in both languages (C1–C4, C7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cards.analysis import analysis_card, order_card
from cards.council import overview_card
from cards.council_seats import offer_card, seated_card, seats_card
from cards.decision import SendDecision, Typed, preview_card
from cards.direction import directed_card, direction_card
from cards.measure import measure_card, measures_card
from cards.referral import referral_card, reminder_card
from cards.texts import Texts
from lagesbild.ids import DecisionId, MeasureId, MemberId, ReferralId
from lagesbild.measures import AnalysisState, MeasureState, Reach
from lagesbild.people import Role
from lagesbild.referrals import DecisionKind, ReferralState
from lagesbild.templates import Area
from lagesbild.usecases.analysing import AnalysisSheet
from lagesbild.usecases.council import CouncilOverview, Tabled
from lagesbild.usecases.deciding import (
    LONGEST_SENTENCE,
    LONGEST_TEXT,
    DecisionPreview,
    ReferralSheet,
)
from lagesbild.usecases.measuring import MeasureList, MeasureSheet
from lagesbild.usecases.seating import Seats
from tests.cards.checks import check_card
from tests.council_samples import (
    HERE,
    a_council,
    a_decision,
    a_direction,
    a_form,
    a_measure,
    a_referral,
    an_analysis,
)
from tests.samples import NOW, a_coordinator, a_group, a_member, some_members

TODAY = date(2025, 3, 11)
KARIN = a_coordinator(id="karin")
LENA = a_member("Lena Holm", id="lena")
ODD = "*Bold* <at>x</at> [x](http://x) {{DATE(1)}}"
AREAS = {Area.DISORDER: "Ordningsstörning", Area.YOUTH: "Ungdomar"}


@pytest.fixture(params=["sv", "en"])
def t(request: pytest.FixtureRequest) -> Texts:
    return Texts(request.param, NOW.date())


def a_sheet(**changes: Any) -> ReferralSheet:
    """A waiting referral that three reporters of two organisations stand behind."""
    sheet = ReferralSheet(
        a_group(),
        a_referral(),
        "Ordningsstörning",
        3,
        2,
        decisions=(),
        measures=(),
        analyses=(),
        owners=(KARIN, LENA),
        today=TODAY,
        stand_in=False,
    )
    return replace(sheet, **changes)


def an_overview(**changes: Any) -> CouncilOverview:
    """A table with something of everything."""
    late = a_referral(id=ReferralId("r2"), title="Mopeder på gångvägen", answer_by=date(2025, 3, 4))
    decided = Tabled(
        a_referral(id=ReferralId("r3"), title="Klotter", state=ReferralState.DECIDED), a_decision()
    )
    no = a_decision(kind=DecisionKind.NO, due=None, sentence="Nej, eftersom vägen är statlig.")
    overview = CouncilOverview(
        group=a_group(),
        council=a_council(),
        seats=Seats(HERE, ()),
        today=TODAY,
        areas=AREAS,
        waiting=(Tabled(late, None), Tabled(a_referral(), None)),
        agenda=(Tabled(a_referral(id=ReferralId("r4"), state=ReferralState.ON_AGENDA), a_decision()),),
        decided=(decided,),
        closed=(
            Tabled(a_referral(id=ReferralId("r5"), title="Farthinder", state=ReferralState.CLOSED), no),
            Tabled(a_referral(id=ReferralId("r6"), closing="Löst ändå", state=ReferralState.CLOSED), None),
        ),
        measures=(a_measure(due=date(2025, 3, 1)), a_measure(id=MeasureId("x2"), state=MeasureState.ONGOING)),
        analyses=(an_analysis(),),
        direction=a_direction(),
    )
    return replace(overview, **changes)


def a_measure_sheet(**changes: Any) -> MeasureSheet:
    sheet = MeasureSheet(a_group(), a_measure(), "Ordningsstörning", None, None, TODAY)
    return replace(sheet, **changes)


def an_analysis_sheet(**changes: Any) -> AnalysisSheet:
    sheet = AnalysisSheet(
        a_group(), an_analysis(), "Ungdomar", "Karin Ek", None, (KARIN, LENA), TODAY, may_use=True
    )
    return replace(sheet, **changes)


def test_the_referral_asks_for_an_answer_in_one_choice_and_names_nobody(t: Texts) -> None:
    card = check_card(referral_card(t, a_sheet()), kind="channel")
    (choices,) = [part for part in card["body"] if part.get("id") == "decision_kind"]
    assert [choice["value"] for choice in choices["choices"]] == [kind.value for kind in DecisionKind]
    assert len(card["actions"]) == 1
    assert "3" in str(card["body"])


@pytest.mark.parametrize("state", list(ReferralState))
def test_the_referral_in_every_state(t: Texts, state: ReferralState) -> None:
    referral = a_referral(state=state, comment=ODD, title=ODD, closing="", times=2)
    sheet = a_sheet(referral=referral, decisions=(a_decision(), a_decision(id=DecisionId("d2"))))
    check_card(referral_card(t, sheet), kind="channel")
    check_card(referral_card(t, replace(sheet, measures=(a_measure(),)), deciding=True), kind="channel")
    check_card(reminder_card(t, sheet, t("council.escalation")))


def test_a_late_referral_that_nobody_in_the_council_can_get_says_so(t: Texts) -> None:
    sheet = a_sheet(referral=a_referral(answer_by=date(2025, 3, 1), comment=""), stand_in=True, reporters=0)
    card = check_card(referral_card(t, sheet))
    assert "⚠" in str(card)


def test_closed_without_a_decision_it_shows_the_sentence_and_no_button(t: Texts) -> None:
    closed = a_referral(state=ReferralState.CLOSED, closing="Lamporna lyser igen.")
    card = check_card(referral_card(t, a_sheet(referral=closed)))
    assert "Lamporna lyser igen." in str(card)
    assert not card.get("actions")


def test_the_form_comes_back_with_all_that_was_typed(t: Texts) -> None:
    typed = Typed("measure", "Vi byter lamporna.", "Alla längs ån", LENA.id, "", "2025-04-30")
    card = check_card(referral_card(t, a_sheet(), typed=typed))
    for words in ("Vi byter lamporna.", "Alla längs ån", LENA.id, "2025-04-30"):
        assert words in str(card)


@pytest.mark.parametrize("kind", list(DecisionKind))
def test_the_preview_shows_just_what_goes_out_and_to_how_many(t: Texts, kind: DecisionKind) -> None:
    form = a_form(kind=kind, due=None if kind is DecisionKind.NO else date(2025, 4, 30))
    payload = SendDecision("g1", "r1", kind.value)
    card = check_card(preview_card(t, DecisionPreview(a_group(), a_referral(), form, 3, 1), payload))
    assert form.sentence in str(card)
    assert len(card["actions"]) == 2
    nobody = DecisionPreview(a_group(), a_referral(), form, 0, 0, replaces=a_decision())
    check_card(preview_card(t, nobody, payload))


def test_the_longest_decision_still_fits_a_card(t: Texts) -> None:
    form = a_form(sentence="å" * LONGEST_SENTENCE, text="ö" * LONGEST_TEXT)
    payload = SendDecision("g1", "r1", "measure", form.sentence, form.text, "", "x" * 80, "2025-04-30")
    check_card(preview_card(t, DecisionPreview(a_group(), a_referral(), form, 30, 9), payload))


def test_the_table_full_empty_and_without_a_council(t: Texts) -> None:
    for leads in (True, False):
        check_card(overview_card(t, an_overview(), leads=leads), kind="channel")
    empty = an_overview(
        waiting=(), agenda=(), decided=(), closed=(), measures=(), analyses=(), direction=None
    )
    check_card(overview_card(t, empty, leads=True))
    check_card(overview_card(t, an_overview(seats=Seats(None, (KARIN,), stand_in=True)), leads=True))
    check_card(overview_card(t, an_overview(seats=Seats(replace(HERE, name=""), ())), leads=True))
    many = tuple(Tabled(a_referral(id=ReferralId(f"q{n}"), title="x" * 200), None) for n in range(30))
    check_card(overview_card(t, an_overview(waiting=many), leads=True))


def test_where_the_council_meets(t: Texts) -> None:
    council = a_member("Rut Berg", None, Role.COUNCIL)
    check_card(seats_card(t, a_group(), None, [KARIN, council]))
    check_card(seats_card(t, a_group(), a_council(), some_members(40)))
    check_card(offer_card(t, [a_group()], None), kind="channel")
    check_card(offer_card(t, [a_group(), a_group(name=ODD)], a_council()), kind="channel")
    check_card(seated_card(t, a_group(), a_council(), ()), kind="channel")
    check_card(seated_card(t, a_group(), a_council(conversation=None), (KARIN, council)))
    one_day = str(check_card(seated_card(t, a_group(), a_council(answer_days=1), ()), kind="channel"))
    assert ("1 dag på sig" if t.language == "sv" else "has 1 day to") in one_day


@pytest.mark.parametrize("state", list(MeasureState))
def test_a_measure_in_every_state(t: Texts, state: MeasureState) -> None:
    measure = a_measure(state=state, text=ODD, outcome=ODD, done_on=TODAY, referral_id=ReferralId("r1"))
    sheet = a_measure_sheet(measure=measure, referral=a_referral(), decision=a_decision())
    check_card(measure_card(t, sheet, saved=True))
    whole = replace(measure, goal="Noll trasiga lampor", reach=Reach.UNIVERSAL, due=date(2025, 3, 1))
    check_card(measure_card(t, replace(sheet, measure=whole), asked=KARIN))


def test_an_owner_is_asked_when_it_is_due_and_when_it_is_silent(t: Texts) -> None:
    due = a_measure_sheet(today=date(2025, 4, 30))
    own = replace(due.measure.owner, member_id=LENA.id)
    texts = [
        str(check_card(measure_card(t, replace(sheet, measure=a_measure(owner=own)), asked=asked))["body"][0])
        for sheet, asked in ((due, LENA), (a_measure_sheet(), LENA), (due, KARIN))
    ]
    assert len(set(texts)) == 3


def test_the_list_of_measures(t: Texts) -> None:
    late = a_measure(due=date(2025, 3, 1))
    over = (a_measure(id=MeasureId("x9"), state=MeasureState.DONE, done_on=TODAY),)
    for everybody in (True, False):
        check_card(measures_card(t, MeasureList(a_group(), TODAY, AREAS, (late,), over, everybody)))
        check_card(measures_card(t, MeasureList(a_group(), TODAY, AREAS, (), (), everybody)))
    many = tuple(a_measure(id=MeasureId(f"x{n}"), text="y" * 600) for n in range(60))
    check_card(measures_card(t, MeasureList(a_group(), TODAY, AREAS, many, (), True)))


@pytest.mark.parametrize("state", list(AnalysisState))
def test_an_analysis_in_every_state(t: Texts, state: AnalysisState) -> None:
    analysis = an_analysis(
        state=state, hypotheses=("Mörkt", ODD), result="Det är mörkt.", used_for="Fler lampor", problem=ODD
    )
    for sheet in (
        an_analysis_sheet(analysis=analysis, referral=a_referral()),
        an_analysis_sheet(analysis=analysis, may_use=False, decider=""),
    ):
        check_card(analysis_card(t, sheet, saved=True))
        for asked in (LENA, KARIN):
            check_card(analysis_card(t, sheet, asked=asked))
    check_card(order_card(t, a_group(), AREAS, (KARIN, LENA), TODAY))


def test_the_direction_as_a_form_and_as_it_holds(t: Texts) -> None:
    period = (date(2025, 4, 1), date(2025, 6, 30))
    check_card(direction_card(t, a_group(), period))
    check_card(direction_card(t, a_group(), period, a_direction()))
    for direction in (a_direction(), a_direction(not_pursued=(), responsible=ODD), None):
        check_card(directed_card(t, a_group(), direction))
    check_card(directed_card(t, a_group(), a_direction(decided_at=NOW + timedelta(days=1)), saved=True))


def test_a_reader_of_the_table_never_sees_who_reported(t: Texts) -> None:
    """Owners are chosen among the members; nothing else about them is in the card."""
    card = check_card(referral_card(t, a_sheet(owners=(KARIN, a_member("Mehmet", id=MemberId("mehmet"))))))
    without = [part for part in card["body"] if part.get("id") != "decision_owner"]
    assert "Mehmet" not in str(without)
