"""The audit log: each change in words, with when, by whom and for whom (F2)."""

from __future__ import annotations

import json

import pytest

from cards.actions import Payload
from cards.card import Card
from cards.log import ShowLog, log_card
from cards.texts import LANGUAGES, Texts
from lagesbild.audit import AuditAction, AuditEntry
from lagesbild.ids import MemberId
from lagesbild.people import Member
from lagesbild.usecases.audit import AuditLine, AuditPage, Subject
from tests.bot.chat import button
from tests.cards.checks import check_card
from tests.samples import GROUP_ID, NOW, a_coordinator, a_group, a_meeting, a_member, a_round

SV = Texts("sv", NOW.date())
KARIN = a_coordinator(id="karin")
LENA = a_member("Lena Holm", id="lena")


def a_line(
    action: AuditAction,
    subject: str = "round:round7",
    about: Subject | None = None,
    *,
    by: Member | None = KARIN,
    other: Member | None = None,
) -> AuditLine:
    entry = AuditEntry(
        GROUP_ID, NOW, by.id if by else None, action, subject, on_behalf_of=other.id if other else None
    )
    return AuditLine(entry, by, other, about)


def read(card: Card) -> str:
    """All its words."""
    return json.dumps(card.to_dict(), ensure_ascii=False)


def a_page(*lines: AuditLine, page: int = 0, has_older: bool = False) -> AuditPage:
    return AuditPage(a_group(), lines, page, has_older)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_be_done_is_said_in_both_languages(language: str) -> None:
    lines = [a_line(action) for action in AuditAction]
    check_card(log_card(Texts(language, NOW.date()), a_page(*lines)))


KINDS = ("group", "member", "round", "meeting", "observation", "theme", "measure", "referral", "analysis")


@pytest.mark.parametrize("kind", [*KINDS, "direction", "promise"])
def test_what_is_gone_is_called_by_its_kind(kind: str) -> None:
    card = log_card(SV, a_page(a_line(AuditAction.CHANGE_MEMBER, f"{kind}:gone")))
    check_card(card)
    assert f"**{SV(f'log.of_{kind}')}** · uppgifterna ändrades" in read(card)


def test_a_line_says_what_when_by_whom_and_for_whom() -> None:
    lines = [
        a_line(AuditAction.SUBMIT_REPORT, about=a_round(number=7), other=LENA),
        a_line(AuditAction.OPEN_ROUND, about=a_round(number=7), by=None),
        a_line(AuditAction.MOVE_MEETING, "meeting:meeting1", a_meeting()),
        a_line(AuditAction.REMOVE_MEMBER, "member:lena", LENA),
    ]
    card = log_card(SV, a_page(*lines))
    check_card(card)
    said = read(card)
    when = SV.datetime(NOW, a_group().timezone)
    meeting = SV.date(a_group().local_day(a_meeting().starts_at))
    for expected in (
        "**Insamling 7** · ett svar skickades",
        f"{when} · Karin Ek, åt Lena Holm",
        "**Insamling 7** · öppnades",
        f"{when} · av sig självt",
        f"**Mötet {meeting}** · flyttades",
        "**Lena Holm** · togs bort ur gruppen",
    ):
        assert expected in said


def test_who_is_gone_is_no_gap() -> None:
    entry = AuditEntry(GROUP_ID, NOW, MemberId("gone"), AuditAction.CHANGE_MEMBER, "member:other")
    said = read(log_card(SV, a_page(AuditLine(entry, None, None, None))))
    assert "**Någon som inte finns kvar** · uppgifterna ändrades" in said
    assert "· någon som inte finns kvar" in said


def test_the_pages_are_turned_in_both_directions() -> None:
    line = a_line(AuditAction.REMIND)
    card = log_card(SV, a_page(line, page=1, has_older=True)).to_dict()
    assert [Payload.parse(button(card, title)) for title in ("Nyare", "Äldre")] == [
        ShowLog(GROUP_ID, 0),
        ShowLog(GROUP_ID, 2),
    ]
    assert button(card, "Äldre")["verb"] == ShowLog.verb
    assert not log_card(SV, a_page(line)).to_dict().get("actions")


def test_an_empty_log_says_so() -> None:
    assert "Inget har hänt än." in read(log_card(SV, a_page()))
