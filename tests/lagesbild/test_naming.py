"""Names of people are found however they are written, and what is named after them is left alone (A11)."""

from __future__ import annotations

import time

import pytest

from lagesbild.naming import DATA, names


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in names(text)]


def words(name: str) -> list[str]:
    return (DATA / f"{name}.txt").read_text("utf-8").split()


def test_the_lists_are_long_and_say_nothing_twice() -> None:
    lists = {name: words(name) for name in ("given_names", "surnames", "also_words", "lower_words")}
    assert len(lists["given_names"]) >= 800
    assert len(lists["surnames"]) >= 500
    assert all(len(one) == len(set(one)) for one in lists.values())
    known = {*lists["given_names"], *lists["surnames"]}
    assert known.issuperset(lists["also_words"] + lists["lower_words"])
    assert set(lists["also_words"]).isdisjoint(lists["lower_words"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Vi såg Fatima.", "Fatima"),
        ("vi såg fatima igen", "fatima"),
        ("FATIMA var där", "FATIMA"),
        ("fatimas bror", "fatimas"),
        ("per andersson var full", "per andersson"),
        ("max nilsson ringde", "max nilsson"),
        ("det var sten lindqvist", "sten lindqvist"),
        ("Björn var där", "Björn"),
        ("ann-marie på plan två", "ann-marie"),
        ("Okänd Karlsson ringde", "Okänd Karlsson"),
        ("bröderna Zzyzx", "Zzyzx"),
        ("familjen Holm flyttar", "Holm"),
        ("Ring Karl-Johan Ek", "Karl-Johan Ek"),
        ("mohammed ali", "mohammed ali"),
    ],
)
def test_a_name_is_found(text: str, name: str) -> None:
    assert found(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "klass 5b och Klass 6",
        "sten mot bussen, björn i skogen, rosa cykel",
        "per vecka, max tre, en björn, mina elever, dina saker",
        "ungdomar firas, lavin, ebba, oliver",
        "Astrid Lindgrens väg 3 och astrid lindgrens väg",
        "Karl Johansgatan och Erik Dahlbergsgatan",
        "S:t Eriks torg, Sankt Olofs kyrka, sankta annas gränd",
        "Café Maria, Restaurang Sara, ICA Nilsson",
        "Karlssons Livs och Anderssons Bygg",
        "Annaskolan, Mariaparken, eriksgården",
        "Vid Norberg och i Nora",
        "Friskolan Alma, Johan Skytte-skolan, Stefans Gatukök, snatteri hos Zara",
        "",
        "-- 12 --",
    ],
)
def test_what_is_no_person_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("piece", ["anna ", "Anna ", "x-", "Anna-", "per per ", "Anna Lindgrens "])
def test_a_very_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    started = time.perf_counter()
    list(names((piece * (100_000 // len(piece) + 1))[:100_000]))
    assert time.perf_counter() - started < 10
