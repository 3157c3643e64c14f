"""The cards of set-up, joining, meetings and rounds keep every rule, in both languages (F5, A4, A8)."""

from __future__ import annotations

from datetime import date

import pytest

from cards.away import absent_card, away_card
from cards.joining import answer_card, chosen_card, request_card, stranger_card, welcome_card
from cards.meetings import cancel_card, changed_card, holiday_card
from cards.members import add_person_card, change_card
from cards.rounds import closed_card, opened_card, reminded_card
from cards.setup import Options, hello_card, saved_card, settings_card
from cards.texts import Texts
from lagesbild.errors import Invalid
from lagesbild.people import MemberState
from lagesbild.rounds import MeetingState
from lagesbild.setting_up import form_of
from lagesbild.templates import shipped_templates
from lagesbild.usecases.asking import Reason, Skipped
from lagesbild.usecases.meetings import PlannedMeeting
from lagesbild.usecases.rounds import Opened, Reminded
from tests.cards.checks import check_card
from tests.samples import (
    NOW,
    ORGANISATIONS,
    a_coordinator,
    a_group,
    a_meeting,
    a_member,
    a_round,
    an_absence,
    fagersta,
)

TODAY = date(2025, 3, 11)


@pytest.fixture(params=["sv", "en"])
def t(request: pytest.FixtureRequest) -> Texts:
    return Texts(request.param, NOW.date())


def test_the_bot_says_what_it_does_when_it_is_added(t: Texts) -> None:
    check_card(hello_card(t, a_group(), a_coordinator()), kind="channel")
    check_card(hello_card(t, a_group(), None, resumed=True), kind="channel")


def test_the_form_shows_every_error_with_what_was_filled_in(t: Texts) -> None:
    templates, people = shipped_templates(), [a_coordinator(), a_member()]
    options = Options(templates.newest(), [("19:channel@thread.tacv2", "Lägesbild")], people)
    form = form_of(a_group(), people, templates, TODAY)
    wrong = (
        Invalid("first", "past"),
        Invalid("lead", "overlaps", days=7),
        Invalid("concern_url", "not_a_url"),
    )
    card = check_card(settings_card(t, a_group(), form, options, wrong), kind="channel")
    rest = next(part for part in card["body"] if part.get("id") == "rest")
    assert rest.get("isVisible", True)


def test_what_was_saved_and_what_comes_next(t: Texts) -> None:
    people = [a_coordinator(), a_member()]
    planned = {"meeting": a_meeting(), "round_": a_round()}
    for first in (True, False):
        card = saved_card(t, a_group(), fagersta(), people, **planned, first=first)  # type: ignore[arg-type]
        assert (t("setup.saved_next") in str(check_card(card, kind="channel"))) is first


def test_a_new_member_is_welcomed_with_assignment_and_guidelines(t: Texts) -> None:
    shown = str(
        check_card(welcome_card(t, a_group(), a_member(organisation=None), ORGANISATIONS, fagersta()))
    )
    assert "i ett tidigt skede synliggöra signaler" in shown
    assert "individuppgifter ska inte tas med" in shown
    own = a_group(assignment="Vårt *eget* uppdrag", guidelines="1. Kom i tid")
    assert "Vårt" in str(check_card(welcome_card(t, own, a_member(), ORGANISATIONS)))
    check_card(chosen_card(t, a_member(), date(2025, 3, 13), "round7"))


def test_a_stranger_asks_and_is_answered(t: Texts) -> None:
    check_card(stranger_card(t, [a_group()]))
    check_card(stranger_card(t, []))
    check_card(request_card(t, a_group(), a_member("<at>Ove</at> [x](http://x)", state=MemberState.PENDING)))
    for yes in (True, False):
        check_card(answer_card(t, a_group(), yes=yes))


def test_meetings_on_holidays_and_changed_ones(t: Texts) -> None:
    check_card(holiday_card(t, a_group(), a_meeting(state=MeetingState.QUESTIONED, holiday="Annandag påsk")))
    for state in (MeetingState.PLANNED, MeetingState.CANCELLED):
        check_card(changed_card(t, a_group(), a_meeting(state=state), a_round()))


def test_a_meeting_is_named_before_it_is_cancelled(t: Texts) -> None:
    earlier = a_meeting(state=MeetingState.CANCELLED)
    for already in (None, earlier):
        check_card(cancel_card(t, a_group(), PlannedMeeting(a_meeting(), a_round()), already))


@pytest.mark.parametrize(
    ("holiday", "said"),
    [
        ("Julafton", "infaller på julafton"),
        ("Kristi himmelsfärdsdag", "infaller på Kristi himmelsfärdsdag"),
        ("Sveriges nationaldag", "infaller på Sveriges nationaldag"),
    ],
)
def test_a_holiday_is_written_as_inside_a_sentence(holiday: str, said: str) -> None:
    meeting = a_meeting(state=MeetingState.QUESTIONED, holiday=holiday)
    assert said in str(check_card(holiday_card(Texts("sv"), a_group(), meeting)))


def test_what_opening_closing_and_reminding_did(t: Texts) -> None:
    skipped = tuple(Skipped(a_member(), reason) for reason in Reason)
    opened = Opened(a_round(), a_meeting(), (a_member(),), skipped)
    check_card(opened_card(t, a_group(), opened), kind="channel")
    check_card(closed_card(t, a_group(), a_round(), a_meeting()), kind="channel")
    for who in ((), (a_member(), a_member("Per Åkesson"))):
        check_card(reminded_card(t, a_group(), Reminded(a_round(), a_meeting(), who, skipped)))


def test_changing_people_and_absences(t: Texts) -> None:
    for state in MemberState:
        check_card(change_card(t, a_member(state=state), ORGANISATIONS))
    check_card(add_person_card(t, "g1", ORGANISATIONS))
    member = a_member()
    absence = an_absence(member)
    check_card(away_card(t, member, [absence], TODAY, for_other=True))
    check_card(absent_card(t, absence, for_other=member))
