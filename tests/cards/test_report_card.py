"""What the head of the report card says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cards.report import report_card
from cards.texts import Texts
from lagesbild.answering import Sheet
from tests.cards.checks import check_card
from tests.samples import NOW, a_group, a_meeting, a_member, a_round, fagersta

ROUND = a_round()
SHEET = Sheet(
    group=a_group(),
    member=a_member("Lena Holm", id="lena"),
    round=ROUND,
    meeting=a_meeting(),
    template=fagersta(),
    report=None,
    notes=(),
    last_levels={},
    made_at=ROUND.deadline,
    answers={},
)


@pytest.mark.parametrize(
    ("days", "head"),
    [
        (-6, "svara senast **torsdag 09:00**"),
        (-7, "svara senast **torsdag 13 mars 09:00**"),
        (-9, "svara senast **torsdag 13 mars 09:00**"),
        (6, "svarstiden gick ut torsdag 09:00"),
        (7, "svarstiden gick ut torsdag 13 mars 09:00"),
    ],
)
def test_the_weekday_stands_alone_only_within_a_week(days: int, head: str) -> None:
    made = SHEET.made_at + timedelta(days=days)
    assert head in str(check_card(report_card(Texts("sv", NOW.date()), replace(SHEET, made_at=made))))
