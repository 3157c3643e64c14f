"""The texts: both languages whole, nothing missing, dates as people say them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from string import Formatter

import pytest

from cards.texts import HERE, LANGUAGES, TextError, Texts, catalogue, language_of

TODAY = date(2026, 11, 24)
SV, EN = Texts("sv-SE", TODAY), Texts("en-US", TODAY)


def placeholders(entry: str | tuple[str, ...]) -> set[str]:
    forms = (entry,) if isinstance(entry, str) else entry
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name is not None}


def test_both_languages_have_the_same_texts() -> None:
    assert set(catalogue("sv")) == set(catalogue("en"))
    files = [{path.name for path in (HERE / language / "LC_MESSAGES").glob("*.po")} for language in LANGUAGES]
    assert files[0] == files[1]


def test_each_text_has_the_same_placeholders_and_kind_in_both() -> None:
    swedish, english = catalogue("sv"), catalogue("en")
    different = [
        key
        for key in swedish.keys() & english.keys()
        if placeholders(swedish[key]) != placeholders(english[key])
        or type(swedish[key]) is not type(english[key])
    ]
    assert different == []


def test_every_placeholder_is_a_plain_name() -> None:
    odd = [
        key
        for key in catalogue("sv")
        if not all(name.isidentifier() for name in placeholders(catalogue("sv")[key]))
    ]
    assert odd == []


SOURCES = [path for root in ("bot", "cards", "lagesbild") for path in (HERE.parents[1] / root).rglob("*.py")]


def _names(node: ast.AST) -> set[str]:
    """The words that a piece of an id can be: what stands in quotation marks, and the names of enums' members."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value, node.value.replace(" ", "_")}
    if isinstance(node, ast.ClassDef):
        targets = [one for line in node.body if isinstance(line, ast.Assign) for one in line.targets]
        return {target.id.lower() for target in targets if isinstance(target, ast.Name)}
    return set()


def _parts(node: ast.AST, beginning: str) -> list[str]:
    """An f-string that begins so, its placeholders as "": empty for anything else."""
    parts = [
        str(part.value) if isinstance(part, ast.Constant) else "" for part in getattr(node, "values", ())
    ]
    is_one = isinstance(node, ast.JoinedStr) and re.fullmatch(beginning, parts[0])
    return parts if is_one else []


def _fits(text: str, parts: list[str], pieces: Collection[str]) -> bool:
    """Whether an f-string gives that text with one of the pieces in each placeholder."""
    if not parts or not text:
        return not parts and not text
    if parts[0]:
        return text.startswith(parts[0]) and _fits(text.removeprefix(parts[0]), parts[1:], pieces)
    ends = [end for end in range(1, len(text) + 1) if text[:end] in pieces]
    return any(_fits(text[end:], parts[1:], pieces) for end in ends)


def test_every_text_is_asked_for_somewhere() -> None:
    """By its id, or by one that is put together of the feature's name and words that stand in the sources."""
    nodes = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    names = {name for node in nodes for name in _names(node)} | set("123456789")
    reasons = [parts for node in nodes if (parts := _parts(node, "[a-z]+_"))]
    pieces = names | {parts[0] + name for parts in reasons for name in names if len(parts) == 2}
    made = [parts for node in nodes if (parts := _parts(node, r"[a-z]+\..*"))]
    unasked = sorted(catalogue("sv").keys() - names)
    assert [key for key in unasked if not any(_fits(key, parts, pieces) for parts in made)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_file_says_the_same_id_twice(language: str) -> None:
    for path in (HERE / language / "LC_MESSAGES").glob("*.po"):
        ids = [
            line
            for line in path.read_text("utf-8").splitlines()
            if line.startswith('msgid "') and line != 'msgid ""'
        ]
        assert len(ids) == len(set(ids)), path.name


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("sv", "sv"),
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("fi-FI", "sv"),
        ("", "sv"),
        (None, "sv"),
        ("enx", "sv"),
    ],
)
def test_the_language_follows_the_client(locale: str | None, language: str) -> None:
    assert language_of(locale) == Texts(locale).language == language


def test_a_missing_text_and_a_missing_value_are_named() -> None:
    with pytest.raises(TextError, match=r"help\.nosuch"):
        SV("help.nosuch")
    with pytest.raises(TextError, match="command"):
        SV("help.yes")
    with pytest.raises(TextError, match="plural"):
        SV("assessment.went_well")


def test_a_plural_follows_the_number() -> None:
    assert [SV.plural("assessment.went_well", n) for n in (0, 1, 2)] == [
        "0 saker gick bra",
        "1 sak gick bra",
        "2 saker gick bra",
    ]
    assert EN.plural("assessment.went_well", 2) == "2 things went well"


def test_days_and_times_read_as_people_say_them() -> None:
    day = date(2026, 12, 1)
    assert (SV.date(day), SV.day(day), SV.date(day, year=True)) == (
        "1 december",
        "tisdag 1 december",
        "1 december 2026",
    )
    assert (EN.day(day), SV.weekday(0), EN.weekday(day)) == ("Tuesday 1 December", "måndag", "Tuesday")
    assert SV.span(date(2026, 11, 17), date(2026, 11, 30)) == "17–30 november"
    assert SV.span(date(2026, 11, 24), date(2026, 12, 7)) == "24 november–7 december"
    assert SV.time(time(9, 5)) == "09:05"


def test_a_day_of_another_year_has_its_year_unless_it_is_soon() -> None:
    t = Texts("sv", date(2026, 11, 24))
    days = [date(2026, 1, 1), date(2027, 5, 26), date(2027, 5, 27), date(2025, 12, 31)]
    assert [t.date(day) for day in days] == ["1 januari", "26 maj", "27 maj 2027", "31 december 2025"]
    assert t.day(days[2]) == "torsdag 27 maj 2027"
    assert (
        t.datetime(datetime(2027, 5, 26, 23, 0, tzinfo=UTC), "Europe/Stockholm")
        == "torsdag 27 maj 2027 01:00"
    )
    assert t.on(date(2027, 1, 1)).date(days[2]) == "27 maj"


def test_a_span_names_a_year_once_and_both_where_they_differ() -> None:
    t = Texts("sv", date(2027, 1, 10))
    assert t.span(date(2026, 11, 17), date(2026, 11, 30)) == "17–30 november 2026"
    assert t.span(date(2026, 11, 24), date(2026, 12, 7)) == "24 november–7 december 2026"
    assert t.span(date(2026, 12, 15), date(2027, 1, 5)) == "15 december 2026–5 januari"


def test_a_moment_is_seen_in_the_groups_zone_also_across_daylight_saving() -> None:
    zone = "Europe/Stockholm"
    assert SV.datetime(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), zone) == "torsdag 2 juli 00:30"
    assert SV.time(datetime(2026, 12, 1, 14, 0, tzinfo=UTC), zone) == "15:00"
    with pytest.raises(ValueError, match="zone"):
        SV.datetime(datetime(2026, 7, 1), zone)  # noqa: DTZ001


def test_numbers_and_lists_follow_the_language() -> None:
    assert (SV.number(3.5), EN.number(3.5), SV.number(3.0)) == ("3,5", "3.5", "3")
    assert (SV.list(["a", "b", "c"]), EN.list(["a", "b"])) == ("a, b och c", "a and b")


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_that_hold_commas_are_kept_apart_by_something_else(language: str) -> None:
    names = ["Alkohol, narkotika och spel", "Hot och våld"]
    assert Texts(language).titles(names) == "Alkohol, narkotika och spel · Hot och våld"
