"""The guard, on a labelled list and on what people do to slip past it (A10, A11)."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.secrecy import PARTS, score, sentences
from bot.sample import read_sample
from lagesbild.secrecy import _CHILD, _CHILD_HINTS, _SECRET, _SECRET_HINTS, FindingKind, scan

LIST = sentences()


def test_the_list_is_large_and_half_of_it_is_clean() -> None:
    clean = sum(1 for one in LIST if not one.labels)
    assert len(LIST) >= 200
    assert 0.3 < clean / len(LIST) < 0.7


def test_the_part_it_was_tuned_on() -> None:
    result = score([one for one in LIST if one.part == "dev"])
    assert result.precision >= 0.95
    assert result.recall >= 0.95


def test_the_part_it_was_not_tuned_on() -> None:
    result = score([one for one in LIST if one.part == "held"])
    assert result.precision >= 0.95
    assert result.recall >= 0.80


def test_the_part_with_places_named_after_people_and_names_in_small_letters() -> None:
    result = score([one for one in LIST if one.part == "field"])
    assert result.precision >= 0.95
    assert result.recall >= 0.80


def test_every_label_and_part_is_known() -> None:
    assert {one.part for one in LIST} == set(PARTS)
    assert {label for one in LIST for label in one.labels} <= {kind.value for kind in FindingKind}


@pytest.mark.parametrize("kind", ["personal_number", "coordination_number", "email", "registration_plate"])
def test_no_number_on_the_list_slips_through(kind: str) -> None:
    assert score(LIST, kind).missed == 0


@pytest.mark.parametrize(
    "text",
    [
        "19121212–1212",
        "19121212\u00a0-\u00a01212",
        "１９１２１２１２-1212",
        "121212-1212",
        "(191212121212)",
        "pnr:19121212-1212.",
    ],
)
def test_odd_dashes_spaces_and_digits_do_not_hide_a_number(text: str) -> None:
    assert [finding.kind for finding in scan(text)] == [FindingKind.PERSONAL_NUMBER]


def test_a_finding_is_the_text_at_its_place() -> None:
    text = "Ring Anna på 070-1740605 eller anna@example.se"
    assert [text[f.start : f.end] for f in scan(text)] == [f.text for f in scan(text)]
    assert [f.kind.value for f in scan(text)] == ["name", "phone", "email"]


def test_nothing_in_the_sample_is_stopped() -> None:
    said = [answer.words for one in read_sample().rounds for answers in one.values() for answer in answers]
    assert [(text, scan(text)) for text in said if scan(text)] == []


@given(st.text(max_size=400))
def test_any_text_is_scanned_without_overlaps(text: str) -> None:
    found = scan(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@pytest.mark.parametrize("piece", ["a", "1", "Anna ", "orolig för ", "a@", "070 ", "mamman x "])
def test_a_very_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    started = time.perf_counter()
    scan((piece * (100_000 // len(piece) + 1))[:100_000])
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(("pattern", "hints"), [(_CHILD, _CHILD_HINTS), (_SECRET, _SECRET_HINTS)])
@given(data=st.data())
def test_whatever_a_pattern_finds_has_one_of_its_hints(
    pattern: re.Pattern[str], hints: tuple[str, ...], data: st.DataObject
) -> None:
    found = data.draw(st.from_regex(pattern, fullmatch=True))
    assert any(hint in found.casefold() for hint in hints)


@pytest.mark.parametrize(
    "number",
    ["+358 40 123 4567", "00358 40 1234567", "+47 22 33 44 55", "+45 32 12 34 56", "+1 (212) 555-0123"],
)
def test_a_number_in_another_country_is_a_phone(number: str) -> None:
    assert [(one.kind, one.text) for one in scan(f"Ring {number} i kväll")] == [(FindingKind.PHONE, number)]


@pytest.mark.parametrize(
    "text",
    [
        "Skadan är på +5 500 000 kr",
        "Larm: +3 sedan sist, 2020-12-01",
        "Rum 00 12 och 0012345",
        "11+2+1234567",
    ],
)
def test_a_sum_or_a_count_is_no_phone(text: str) -> None:
    assert scan(text) == ()


def test_a_comment_full_of_numbers_is_read_in_no_time() -> None:
    begun = time.process_time()
    scan("+358 40 123 4567, " * 220)
    assert time.process_time() - begun < 0.2
