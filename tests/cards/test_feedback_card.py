"""The cards that go back to who reported: a story in order, in every state, short on a phone (C5, C6, D4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cards.card import Card
from cards.chain import chain_section
from cards.elements import TextBlock
from cards.feedback import SetFewer, feedback_card
from cards.feedback_news import news_line
from cards.follow_up import answered_card, follow_up_card
from cards.report import report_card
from cards.round_feedback import round_feedback_card
from cards.texts import LANGUAGES, Texts
from lagesbild.answering import Sheet
from lagesbild.feedback import (
    AreaFeedback,
    Behind,
    ChainFigures,
    ChainOfReporter,
    Feedback,
    Part,
    RoundFeedback,
    Shows,
)
from lagesbild.ids import ReferralId
from lagesbild.measures import AnalysisState, MeasureState
from lagesbild.referrals import DecisionKind, ReferralState
from lagesbild.templates import Colour
from lagesbild.under_way import UnderWay
from lagesbild.usecases.following_up import Asked
from tests.cards.checks import check_card
from tests.cards.lint import PERSONAL_BYTES
from tests.cards.test_picture_card import read
from tests.chain import (
    ANALYSIS,
    ASKED,
    ASSESSMENT,
    DECIDED,
    DECISION,
    DIRECTION,
    DONE,
    KARIN,
    LENA,
    MEASURE,
    NO,
    OMAR,
    PROMISE,
    REFERRAL,
    REKTOR,
    ROUND,
    RUT,
    TITLE,
)
from tests.samples import NOW, a_group, a_meeting, a_round, an_answer, fagersta, ludvika

SV, EN = Texts("sv", NOW.date()), Texts("en", NOW.date())
GROUP = a_group()
WORDS = "Mörkt i tre veckor på gångvägen."
Q = fagersta().questions
OWN = Behind(ROUND, Q[0], an_answer(1, 4, WORDS))
HOSTILE = "*[x](http://evil.test)* {{DATE(2020-01-01)}}\n# rubrik & <b>"


def a_feedback(**changes: Any) -> Feedback:
    plain = Feedback(GROUP, LENA, Part.REPORTED, REFERRAL, (OWN,), ASSESSMENT, (), (), (), ())
    return replace(plain, **changes)


def decided(**changes: Any) -> Feedback:
    whole = {"decisions": (DECISION,), "measures": (DONE,), "analyses": (ANALYSIS,), "promises": (PROMISE,)}
    return a_feedback(**{"referral": DECIDED, **whole, **changes})


def a_round_feedback(**changes: Any) -> RoundFeedback:
    areas = (
        AreaFeedback(Q[0], Colour.RED, "Mörkt och otryggt", True),
        AreaFeedback(Q[3], Colour.YELLOW, "", False, measure=replace(MEASURE, text="Fler rastvakter")),
        AreaFeedback(Q[4], Colour.GREEN, "", False),
    )
    return replace(RoundFeedback(GROUP, LENA, ROUND, 9, 12, areas, (TITLE,)), **changes)


def asked(**changes: Any) -> Asked:
    return Asked(GROUP, LENA, replace(ASKED, **changes), DONE, DECIDED, (OWN,))


def every_feedback() -> Iterator[Feedback]:
    yield a_feedback(assessment=None)
    yield a_feedback(assessment=None, referral=replace(REFERRAL, comment=""), own=(OWN, OWN, OWN))
    yield a_feedback(own=(Behind(ROUND, Q[0], an_answer(1, 3)),))
    yield a_feedback(own=(Behind(ROUND, ludvika().questions[0], an_answer(1, colour=Colour.RED)),))
    yield a_feedback(part=Part.ORGANISATION, own=(), member=REKTOR)
    yield a_feedback(part=Part.ORGANISATION, own=(), member=replace(REKTOR, organisation=None))
    for state in ReferralState:
        yield decided(referral=replace(REFERRAL, state=state, closing="Därför att det är klart."))
        yield a_feedback(referral=replace(REFERRAL, state=state))
    for kind in DecisionKind:
        yield decided(decisions=(NO, replace(DECISION, kind=kind)))
    for state in MeasureState:
        yield decided(measures=(replace(DONE, state=state),))
    for analysis in AnalysisState:
        yield decided(
            analyses=(replace(ANALYSIS, state=analysis, result="Dåliga kablar", used_for="Nytt avtal"),)
        )
    yield decided(member=replace(LENA, fewer=True))


def every_card(t: Texts) -> Iterator[Card]:
    for one in every_feedback():
        yield feedback_card(t, one)
        yield feedback_card(t, replace(one, member=RUT), through=True)
    calm = AreaFeedback(Q[0], None, "", False)
    coloured = AreaFeedback(ludvika().questions[0], None, "", False, level=2.5)
    yellow = AreaFeedback(Q[0], Colour.YELLOW, "", False)
    red = replace(yellow, colour=Colour.RED)
    for areas in ((), (calm, replace(calm, level=3.5), coloured), (yellow, red)):
        yield round_feedback_card(t, a_round_feedback(areas=areas, lifted=()))
    yield round_feedback_card(t, a_round_feedback())
    yield round_feedback_card(t, a_round_feedback(areas=(), nothing_to_report=True))
    yield follow_up_card(t, asked())
    for shows in Shows:
        yield follow_up_card(t, asked(shows=shows, comment="Två är mörka"))
        yield answered_card(t, asked(shows=shows, comment="Två är mörka"))
        yield answered_card(t, asked(shows=shows, again=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_in_every_state_keeps_the_rules(language: str) -> None:
    assert len([check_card(card) for card in every_card(Texts(language, NOW.date()))]) > 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_its_line_of_news(language: str) -> None:
    t = Texts(language, NOW.date())
    for one in every_feedback():
        assert TITLE in news_line(t, one)
        assert "\n" not in news_line(t, one)


def test_the_story_reads_in_order() -> None:
    text = read(check_card(feedback_card(SV, decided())))
    parts = (
        "Det du rapporterade",
        WORDS,
        "Ordningsstörningar och otrygghet, 13 mars",
        "Gruppens bedömning",
        "🔴 Rött",
        ASSESSMENT.comment,
        "Brås beslut",
        DECISION.sentence,
        "Ansvarig: Gata och park, senast 30 april",
        "Så går det",
        "Klart** 7 april",
        DONE.outcome,
        "Löften som gäller nu",
        PROMISE.title,
        "Du får kortet för att du rapporterade",
    )
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_a_no_comes_with_its_because_and_the_last_decision_holds() -> None:
    text = read(check_card(feedback_card(SV, a_feedback(referral=DECIDED, decisions=(DECISION, NO)))))
    assert text.index("✖ Brå sa nej") < text.index(NO.sentence) < text.index(f"Tidigare: {DECISION.sentence}")


def test_what_is_referred_again_waits_for_a_new_answer_and_keeps_the_old_one() -> None:
    text = read(check_card(feedback_card(SV, a_feedback(decisions=(DECISION,)))))
    assert "Frågan är lyft igen." in text
    assert f"Tidigare: {DECISION.sentence}" in text
    assert "Det blir en insats" not in text


def test_before_the_council_has_answered_the_card_says_so_and_by_when() -> None:
    text = read(check_card(feedback_card(SV, a_feedback())))
    assert "Ligger hos Brå, svar senast 28 mars" in text
    assert "Du får veta det här, också om det blir nej." in text


def test_a_representatives_card_has_no_words_and_no_rating_of_the_colleague() -> None:
    text = read(check_card(feedback_card(SV, decided(part=Part.ORGANISATION, own=(), member=REKTOR))))
    assert "Någon i din verksamhet (Risbroskolan) rapporterade om det här." in text
    assert WORDS not in text
    assert DECISION.sentence in text


def test_for_somebody_without_teams_it_says_whom_to_tell_and_sells_nothing_to_the_messenger() -> None:
    card = check_card(feedback_card(SV, decided(member=RUT), through=True))
    assert "Till Rut Äng, som inte har Teams. Berätta det här för Rut Äng." in read(card)
    assert [action["title"] for action in card["actions"]] == ["Läs löftet"]


def test_the_buttons_read_the_promise_and_ask_for_fewer() -> None:
    promise, fewer = check_card(feedback_card(SV, decided()))["actions"]
    assert promise["data"]["lb"] == {"line": "löften", "group_id": "g1"}
    assert fewer["data"] == SetFewer("g1", fewer=True).pack()


def test_who_wants_fewer_is_not_asked_again() -> None:
    card = check_card(feedback_card(SV, a_feedback(member=replace(LENA, fewer=True))))
    assert "actions" not in card
    assert "Du har valt färre meddelanden" in read(card)


def test_what_people_typed_does_nothing_and_the_largest_card_fits() -> None:
    long = (HOSTILE * 40)[:2000]
    big = decided(
        own=(replace(OWN, answer=an_answer(1, 4, long)),) * 9,
        referral=replace(DECIDED, title=HOSTILE),
        assessment=replace(ASSESSMENT, comment=long),
        decisions=(replace(DECISION, sentence=long),) * 5,
        measures=(replace(DONE, text=long, outcome=long),) * 9,
        analyses=(replace(ANALYSIS, problem=long, result=long, used_for=long),) * 9,
        promises=(replace(PROMISE, title=HOSTILE),) * 9,
    )
    card = check_card(feedback_card(SV, big))
    assert "[x](http" not in read(card).replace("\\[", "")
    assert len(str(card).encode()) < PERSONAL_BYTES


JUST_AFTER = DECISION.decided_at + timedelta(milliseconds=2)
ORDERED = replace(MEASURE, created_at=JUST_AFTER, changed_at=JUST_AFTER)
AT_ONCE = replace(ANALYSIS, decided_at=DECISION.decided_at, changed_at=DECISION.decided_at)
USED = replace(
    ANALYSIS, state=AnalysisState.USED, used_for="Nytt avtal", changed_at=DONE.changed_at + timedelta(1)
)
NEWS = [
    (a_feedback(), "frågan ligger hos Brå."),
    (
        a_feedback(referral=DECIDED, decisions=(DECISION,), measures=(MEASURE,)),
        f"Brå har beslutat. ”{DECISION.sentence}”",
    ),
    (
        a_feedback(referral=DECIDED, decisions=(DECISION,), measures=(ORDERED,)),
        f"Brå har beslutat. ”{DECISION.sentence}”",
    ),
    (
        decided(measures=(replace(MEASURE, changed_at=DONE.changed_at),)),
        f"planen är ändrad. ”{MEASURE.text}”",
    ),
    (a_feedback(referral=DECIDED, decisions=(NO,)), f"Brå sa nej. ”{NO.sentence}”"),
    (decided(), "det är klart. ”Alla 14 lampor är bytta.”"),
    (
        decided(
            referral=replace(
                DECIDED, state=ReferralState.ON_AGENDA, changed_at=DONE.changed_at + timedelta(1)
            )
        ),
        "det märks inte för alla, så gruppen tar upp det på nästa möte.",
    ),
    (
        decided(
            referral=replace(
                DECIDED, state=ReferralState.CLOSED, changed_at=DONE.changed_at, closing="Klart."
            )
        ),
        "frågan är avslutad. ”Klart.”",
    ),
    (
        a_feedback(
            referral=DECIDED,
            decisions=(NO, replace(DECISION, kind=DecisionKind.ROOT_CAUSE)),
            analyses=(AT_ONCE,),
        ),
        f"Brå har ändrat sitt beslut: orsaken ska utredas. ”{DECISION.sentence}”",
    ),
    (
        a_feedback(referral=replace(DECIDED, times=2), decisions=(NO, DECISION)),
        f"Brå har beslutat. ”{DECISION.sentence}”",
    ),
    (
        decided(analyses=(USED,), measures=(replace(ORDERED, analysis_id=USED.id, text="Fler vakter"),)),
        f"utredningen ledde till en insats: ”Fler vakter” ({MEASURE.owner.name}, senast {SV.date(MEASURE.due)})",
    ),
    (decided(analyses=(USED,)), "utredningen av orsaken används till: ”Nytt avtal”"),
    (
        decided(promises=(replace(PROMISE, published_at=DONE.changed_at + timedelta(1)),)),
        f"ett löfte svarar på det. ”{PROMISE.title}”",
    ),
    (
        decided(assessment=replace(ASSESSMENT, assessed_at=DONE.changed_at + timedelta(1))),
        "gruppens bedömning är ändrad.",
    ),
]


@pytest.mark.parametrize(("feedback", "what"), NEWS, ids=[what[:20] for _, what in NEWS])
def test_the_news_is_what_happened_last(feedback: Feedback, what: str) -> None:
    assert news_line(SV, feedback) == f"Nytt om **{TITLE}**: {what}"


def test_the_rounds_card_says_what_each_colour_leads_to() -> None:
    text = read(check_card(round_feedback_card(SV, a_round_feedback())))
    for part in (
        "Tack för ditt svar. 9 av 12 svarade.",
        "🔴 Rött – **Ordningsstörningar och otrygghet**\nLyfts till Brå. Du får veta svaret.",
        "Gruppen gör: Fler rastvakter (Gata och park, 30 april).",
        "Sköts i vanlig ordning, det räcker för nu.",
        f"Till Brå den här gången: {TITLE}",
    ):
        assert part in text


def test_the_rounds_card_can_be_read_in_ten_seconds() -> None:
    whole = a_round_feedback()
    one = replace(whole, areas=whole.areas[:1])
    assert len(read(check_card(round_feedback_card(SV, one))).split()) <= 45
    assert len(read(check_card(round_feedback_card(SV, whole))).split()) <= 75


def test_thanks_differ_when_there_was_nothing_to_report() -> None:
    nothing = read(round_feedback_card(SV, a_round_feedback(areas=(), nothing_to_report=True)).to_dict())
    positive = read(round_feedback_card(SV, a_round_feedback(areas=())).to_dict())
    assert "fast det var lugnt" in nothing
    assert "vad som gick bra" in positive


def test_the_question_has_four_answers_of_one_tap_and_room_for_words() -> None:
    card = check_card(follow_up_card(SV, asked()))
    assert [action["title"] for action in card["actions"]] == ["Ja", "Delvis", "Nej", "Vet inte"]
    assert WORDS in read(card)
    assert DONE.outcome in read(card)


def test_an_answer_that_led_on_can_only_get_more_words() -> None:
    card = check_card(follow_up_card(SV, asked(shows=Shows.NO, comment="Två är mörka")))
    assert [action["title"] for action in card["actions"]] == ["Nej"]
    assert "Två är mörka" in str(card)


def test_the_answer_says_what_happens_now() -> None:
    text = read(check_card(answered_card(SV, asked(shows=Shows.PARTLY, again=True))))
    assert "Gruppen tar upp det på nästa möte." in text
    assert "Jag frågar dig igen om 5 veckor." in text


def a_sheet(under_way: UnderWay) -> Sheet:
    sheet = Sheet(GROUP, LENA, a_round(), a_meeting(), fagersta(), None, (), {}, NOW)
    return replace(sheet, under_way=under_way)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_prompt_unfolds_what_is_going_on(language: str) -> None:
    states = (ReferralState.WAITING, ReferralState.DECIDED, ReferralState.ON_AGENDA)
    known = UnderWay(DIRECTION, (PROMISE,), tuple(replace(REFERRAL, state=state) for state in states))
    card = check_card(report_card(Texts(language, NOW.date()), a_sheet(known), why=True))
    text = read(card)
    for part in (TITLE, "Trygga skolvägar", "Enstaka fimpar på skolgården", PROMISE.title):
        assert part in text
    (folded,) = [one for one in _parts(card) if one.get("id") == "under_way"]
    assert folded["isVisible"] is False


def test_the_prompt_says_that_the_council_is_late_and_when_something_was_done() -> None:
    done = replace(DECIDED, id=ReferralId("ref2"), title="Klottret")
    known = UnderWay(
        referrals=(REFERRAL, done), done={done.id: date(2025, 2, 9)}, overdue=frozenset({REFERRAL.id})
    )
    text = read(check_card(report_card(SV, a_sheet(known))))
    assert f"{TITLE} – Brå skulle ha svarat 28 mars" in text
    assert "Klottret – klart 9 februari" in text
    assert "the council should have answered by" in read(check_card(report_card(EN, a_sheet(known))))


def test_the_prompt_says_nothing_of_it_when_nothing_goes_on() -> None:
    text = read(check_card(report_card(SV, a_sheet(UnderWay()), why=True)))
    assert "på gång" not in text
    assert "Du är med i EST-gruppen Fagersta" in text


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _parts(value)
    elif isinstance(part, list):
        for item in part:
            yield from _parts(item)


FIGURES = ChainFigures(
    12, 9, 6.4, 3, 2, 12, 8, (ChainOfReporter(LENA, 4, 3, 6.0), ChainOfReporter(OMAR, 1, 0, None))
)


def chain(figures: ChainFigures | None) -> str:
    body = chain_section(SV, figures)
    return read(check_card(Card([*body, *_some()], lang="sv", fallback_text=SV("status.none"))))


def _some() -> list[TextBlock]:
    return [TextBlock(SV("status.none"))]


def test_the_chain_is_told_in_plain_sentences() -> None:
    text = chain(FIGURES)
    for part in (
        "9 av 12 svar har fått återkoppling, hälften inom 6 dagar.",
        "2 av 3 svar om att det inte märks har tagits upp igen.",
        "8 av 12 medlemmar har öppnat löftena.",
        "Lena Holm: 3 av 4, hälften inom 6 dagar",
        "Omar Said: 0 av 1",
    ):
        assert part in text


def test_the_chain_says_nothing_that_means_nothing() -> None:
    bare = ChainFigures(3, 0, None, 0, 0, 0, 0)
    assert "Inget av 3 svar har fått återkoppling än." in chain(bare)
    assert "löftena" not in chain(bare)
    assert "märks" not in chain(bare)
    assert "inget att mäta" in chain(replace(bare, answers=0))
    assert "återkoppling" not in chain(None).lower()
    assert "hälften inom en halv dag" in chain(replace(bare, answered=1, median_days=0.2))
    assert KARIN.name not in chain(FIGURES)
