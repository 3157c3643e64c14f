"""What one line tells, and what the bot must ask (A5)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.noting import guess
from lagesbild.templates import Area

TODAY = date(2025, 3, 11)


@pytest.mark.parametrize(
    ("line", "area"),
    [
        ("klotter vid Risbroskolan", Area.DISORDER),
        ("krossad ruta på baksidan", Area.DISORDER),
        ("slagsmål utanför puben", Area.VIOLENCE),
        ("kniv hittad i soffan", Area.VIOLENCE),
        ("hakkors på väggen", Area.EXTREMISM),
        ("elever skolkar och hänger inte med", Area.YOUTH),
        ("sprutor i lekparken", Area.SUBSTANCES),
        ("lustgas bakom huset", Area.SUBSTANCES),
        ("rykte på snapchat", Area.OTHER),
        ("konstigt ljud i källaren", None),
        ("belysningen är lagad", None),
    ],
)
def test_the_area_is_told_by_the_words_or_asked_for(line: str, area: Area | None) -> None:
    assert guess(line, TODAY).area is area


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("klotter i går", date(2025, 3, 10)),
        ("bråk igår kväll", date(2025, 3, 10)),
        ("bråk nyss", TODAY),
        ("i förrgår brann det", date(2025, 3, 9)),
        ("i fredags var det stökigt", date(2025, 3, 7)),
        ("i tisdags var det stökigt", date(2025, 3, 4)),
        ("den 3/3 krossades en ruta", date(2025, 3, 3)),
        ("12 dec smällde det", date(2024, 12, 12)),
        ("en ruta krossad", None),
        ("31/2 är ingen dag", None),
    ],
)
def test_the_day_is_told_by_the_words_and_never_in_the_future(line: str, day: date | None) -> None:
    assert guess(line, TODAY).seen_on == day


@given(st.text(max_size=200))
def test_any_line_is_guessed_at_without_failing(line: str) -> None:
    seen = guess(line, TODAY).seen_on
    assert seen is None or seen <= TODAY
