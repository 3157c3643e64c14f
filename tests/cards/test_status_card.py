"""The coordinator's status: names by cause, each failure in words with its remedy, and buttons that act (B2, F4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.teams.faults import ConnectorError
from cards.report import OpenReport
from cards.status import ResendUnreached, status_card, status_line
from cards.texts import Texts
from lagesbild.compiling import compile_picture
from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState, delivery_key
from lagesbild.people import Member
from lagesbild.rounds import MeetingState, RoundState
from lagesbild.usecases.status import Status, Unreached
from tests.bot.chat import buttons, titles
from tests.cards.checks import check_card
from tests.cards.test_picture_card import read
from tests.samples import (
    GROUP_ID,
    NOW,
    a_group,
    a_meeting,
    a_member,
    a_prompt,
    a_report,
    a_round,
    an_absence,
    fagersta,
    some_members,
)

SV = Texts("sv", NOW.date())
LENA = a_member("Lena Holm", "Risbroskolan", id="lena")
OMAR = a_member("Omar Said", "Polisen", id="omar")
RUT = a_member("Rut Äng", "Pensionärsrådet", id="rut", user_id=None)


def a_status(*members: Member, **known: Any) -> Status:
    members = members or (LENA, OMAR)
    round_ = known.pop("round_", a_round())
    picture = compile_picture(
        group=a_group(),
        template=fagersta(),
        round_=round_,
        meeting=a_meeting(),
        members=members,
        reports=known.pop("reports", ()),
        absences=known.pop("absences", ()),
        prompts=known.pop("prompts", ()),
        earlier=(),
    )
    base = Status(a_group(), round_, picture, (), (), frozenset(), None, (a_meeting(),), NOW)
    without = frozenset(one.id for one in members if one.user_id is None)
    return replace(base, **{"without_teams": without, **known})


def the_card(status: Status, t: Texts = SV) -> dict[str, Any]:
    return check_card(status_card(t, status))


def unreached(member: Member | None, state: DeliveryState, code: str = "", **changes: Any) -> Unreached:
    delivery = a_prompt(member or OMAR, state, code=code, **changes)
    return Unreached(member, delivery if member else replace(delivery, member_id=None))


def test_silent_absent_and_unreached_are_told_apart_by_name() -> None:
    away, out = a_member("Borta Bo", "NVK"), a_member("Ute Ulf", "NVK", prompted=False)
    blocked = a_member("Block Bo", "NVK")
    status = a_status(
        LENA,
        OMAR,
        away,
        out,
        blocked,
        reports=[replace(a_report(LENA), late=True)],
        absences=[an_absence(away)],
        prompts=[a_prompt(blocked, DeliveryState.BLOCKED)],
    )

    text = read(the_card(status))

    assert "**1 av 5** har svarat" in text
    assert "- Lena Holm (Risbroskolan), inget att rapportera, sent svar" in text
    assert "Tysta (1)\n- Omar Said (Polisen)" in text
    assert "Frånvarande (1)\n- Borta Bo (NVK)" in text
    assert "Vill inte bli tillfrågade (1)\n- Ute Ulf (NVK)" in text
    assert "Gick inte att nå (1)\n- Block Bo (NVK)" in text


def test_a_blocked_person_comes_with_the_reason_and_what_to_do() -> None:
    status = a_status(unreached=(unreached(OMAR, DeliveryState.BLOCKED, "ConversationBlockedByUser"),))

    text = read(the_card(status))

    assert "**Omar Said**, frågan inför mötet: har blockerat mig i Teams." in text
    assert "välja Avblockera. Då skickar jag igen av mig själv." in text


CODES = (
    "",
    "ConversationBlockedByUser",
    "BotDisabledByAdmin",
    "MessageWritesBlocked",
    "BotNotInConversationRoster",
    "NoTeamsUser",
    "Timeout",
    "NoAnswer",
    ConnectorError(500, "Http500").code,
)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("state", [state for state in DeliveryState if state.is_undelivered])
def test_every_reason_has_words_and_a_remedy(state: DeliveryState, language: str) -> None:
    rows = [unreached(member, state, code) for code in CODES for member in (OMAR, None)]
    status = a_status(unreached=tuple(rows))

    text = read(check_card(status_card(Texts(language, NOW.date()), status), renderer=False))

    assert "Omar Said" in text
    assert "{" not in text


@pytest.mark.parametrize("kind", list(DeliveryKind))
def test_every_kind_of_message_has_a_name(kind: DeliveryKind) -> None:
    delivery = Delivery(
        delivery_key(kind, "x"), GROUP_ID, kind, NOW, OMAR.id, state=DeliveryState.FAILED, code="Http500"
    )
    card = status_card(SV, a_status(unreached=(Unreached(OMAR, delivery),)))

    assert "nämn koden Http500" in read(card.to_dict())


def test_a_council_that_is_not_reached_is_told_apart_from_the_channel() -> None:
    lost = unreached(None, DeliveryState.GONE, kind=DeliveryKind.REFERRAL)
    shown = read(the_card(a_status(unreached=(lost,))))
    assert "Brås samtal" in shown
    assert "låt Brå mötas där" in shown


def test_several_messages_to_one_person_share_a_line() -> None:
    rows = [
        unreached(OMAR, DeliveryState.GONE, kind=kind)
        for kind in (DeliveryKind.PROMPT, DeliveryKind.REMINDER)
    ]

    text = read(the_card(a_status(unreached=tuple(rows))))

    assert text.count("**Omar Said**") == 1
    assert "frågan inför mötet och påminnelsen" in text


def test_the_buttons_remind_compile_answer_for_and_resend() -> None:
    status = a_status(OMAR, RUT, unreached=(unreached(OMAR, DeliveryState.GONE),))

    card = the_card(status)

    assert titles(card) == [
        "Svara åt Rut Äng",
        "Skicka igen",
        "Påminn de tysta",
        "Sammanställ",
    ]
    answer, again = buttons(card["body"])
    assert OpenReport.parse(answer["data"]) == OpenReport("round7", "rut")
    assert ResendUnreached.parse(again["data"]) == ResendUnreached("round7", GROUP_ID)
    assert "har inte Teams: skriv in svaret åt personen" in read(card)


def test_nobody_is_reminded_of_a_closed_round_or_when_all_have_answered() -> None:
    closed = a_round(state=RoundState.CLOSED, closed_at=NOW)
    assert "Påminn de tysta" not in titles(the_card(a_status(round_=closed)))
    assert "Påminn de tysta" not in titles(the_card(a_status(LENA, reports=[a_report(LENA)])))


def test_what_comes_next_is_told_with_holidays_and_cancellations() -> None:
    meetings = (a_meeting(state=MeetingState.CANCELLED), a_meeting(state=MeetingState.QUESTIONED))
    planned = a_round(number=8, state=RoundState.PLANNED)

    text = read(the_card(a_status(next_meetings=meetings, next_round=planned)))

    assert "Insamling 8 öppnar söndag 9 mars 13:00" in text
    assert "Mötet torsdag 13 mars 13:00 är inställt" in text
    assert "krockar med en helgdag" in text


def test_before_the_first_round_there_is_nothing_to_press() -> None:
    card = the_card(a_status(round_=a_round(), round=None, picture=None, next_meetings=()))

    assert "Ingen insamling är öppen än." in read(card)
    assert titles(card) == []


def test_who_waits_to_join_is_named() -> None:
    assert "Väntar på att få vara med: Omar Said." in read(the_card(a_status(pending=(OMAR,))))


def test_a_channel_is_told_figures_but_no_names() -> None:
    line = status_line(SV, a_status(unreached=(unreached(OMAR, DeliveryState.BLOCKED),)))

    assert line.startswith("Insamling 7 inför mötet 13 mars: 0 av 2 har svarat.")
    assert "Omar" not in line


def test_two_hundred_members_still_fit_on_one_card() -> None:
    members = some_members(200)
    rows = tuple(unreached(member, DeliveryState.BLOCKED) for member in members)

    the_card(a_status(*members, unreached=rows))
