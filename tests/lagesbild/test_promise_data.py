"""The two promises that ship stand in their sources' words; a third municipality adds a file (D1, D2, D5)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lagesbild.promise_data import PromiseFile, PromiseFileError, promise_files, read_promise
from lagesbild.promise_drafts import SectionForm, checked_section
from lagesbild.templates import Area
from tests.samples import a_shipped_promise

THIRD = """
id = "norberg-2025"
municipality = "Norberg"
title = "Vårt löfte"
source = "egen"
first = 2025-01-01
last = 2025-12-31
preamble = ["Vi lovar."]
[[section]]
title = "Ljus"
areas = ["disorder"]
indicator = "Trasiga lampor"
commitments = [{ who = "Kommunen", what = "lagar lamporna" }]
"""

# Sentences of the evaluation's appendices 3 and 4, as they stand there.
FAGERSTA_SAYS = (
    "Kommunen och polisen ska gemensamt arbeta mot aktuella och rätt saker.",
    "Polisen fortsätter att kontinuerligt lämna information till kommunen för publicering på fagersta.se.",
    "Kommunen går vidare med arbetet gällande drogtestning av avloppsvatten och tar fram förslag till genomförande på prov med start 2021 i samverkan med Kungsör och Arboga.",
    "Polisen kommer också att öka trafiksäkerhetsarbetet kring julhelgen med syfte att medverka till att minska antal dödade och skadade i trafiken.",
    "Socialtjänsten och polisen ser ett behov av tidiga insatser för att på sikt förebygga otrygghet. Kommunen och polisen åtar sig att tillsammans fortsätta arbetet för att införa sociala insatsgrupper i Fagersta.",
    "Polisen kommer att besöka grundskolor och gymnasiet för både planerade och spontana besök. Syftet är att få en bättre gemensam lägesbild tillsammans med skolan samt att stärka polisens relationer med barn och ungdomar.",
    "Polisen och kommunen fortsätter med dialogen med Fagersta motorklubb om ett gemensamt projekt.",
    "Arbetet mot den lokala problembilden som tas fram kontinuerligt genom extern, intern dialog och polisiärt underrättelsearbete pågår och förändras med tre veckors mellanrum även under aktuell löftesperiod.",
)
LUDVIKA_SAYS = (
    "Statistik över anmäld brottslighet har analyserats i arbetet och visar att centrala Ludvika är den mest brottsutsatta delen i kommunen.",
    "Medborgarlöftena ska gälla från 2021-02-01 till och med 2022-01-31. Uppföljning av löftena sker i det lokala Brottsförebyggande rådet (BRÅ).",
    "Polisen tillsammans med kommunen genomföra trygghetsvandringar för att upptäcka risker och åtgärda dem",
    "Polisen och kommunen ska samverka i kontinuerliga möten för en gemensam lägesbild enligt Länsstyrelsen Dalarnas modell för förebyggande arbete i samverkan (FAS)",
    "Polisen ska under medborgarlöftets löptid ha kontakter med fritidsgårdarna i kommunen",
    "Polisen ska starta upp fler grannsamverkansområden efter önskemål",
    "Ludvika kommuns citygrupp ska nattvandra under riskhelger i Ludvika centrum och dess närhet. De ska jobba uppsökande och brottsförebyggande bland ungdomar.",
)


def _sentences(promise: PromiseFile) -> list[str]:
    said = [promise.preamble.replace("\n\n", " ")]
    for section in promise.sections:
        said += [f"{one.who} {one.what}" for one in section.commitments]
        said += section.why.split("\n\n")
    return said


def _says(promise: PromiseFile, sentence: str) -> bool:
    """Whether the promise has the sentence, or every full stop of it in some field: what and why are kept apart."""
    said = _sentences(promise)
    pieces = [piece for piece in sentence.replace(". ", ".|").split("|") if piece]
    return all(any(piece in one for one in said) for piece in pieces) or any(sentence in one for one in said)


@pytest.mark.parametrize("sentence", FAGERSTA_SAYS)
def test_fagerstas_promise_has_its_sources_sentences(sentence: str) -> None:
    assert _says(promise_files()["fagersta-2020-12"], sentence.replace("Arbetet mot", "Polisen Arbetet mot"))


@pytest.mark.parametrize("sentence", LUDVIKA_SAYS)
def test_ludvikas_promise_has_its_sources_sentences(sentence: str) -> None:
    assert _says(promise_files()["ludvika-2021"], sentence)


def test_fagerstas_promise_is_for_three_months_and_adopted_by_kommunstyrelsen() -> None:
    promise = promise_files()["fagersta-2020-12"]
    assert (promise.first, promise.last) == (date(2020, 12, 1), date(2021, 2, 28))
    assert (promise.adopted_by, promise.adopted_on) == ("Kommunstyrelsen", date(2020, 12, 10))
    assert [section.title for section in promise.sections] == [
        "Information",
        "ANDT (Alkohol-Droger-Narkotika-Tobak)",
        "Trafikkontroller",
        "Sociala insatsgrupper – samverkan mellan kommunen och polisen på individnivå",
        "Fördjupad samverkan mellan grundskolan/gymnasiet och polisen på universell nivå",
        "Motorburen ungdom",
        "Polisens arbete med lokal problembild",
    ]
    assert promise.sections[1].areas == (Area.SUBSTANCES,)


def test_ludvikas_promise_is_for_a_year_and_signed_by_two_roles() -> None:
    promise = promise_files()["ludvika-2021"]
    assert (promise.first, promise.last) == (date(2021, 2, 1), date(2022, 1, 31))
    assert [(one.role, one.signed_on) for one in promise.signatures] == [
        ("Lokalpolisområdeschef Borlänge", date(2021, 2, 1)),
        ("Kommunstyrelsens ordförande Ludvika", date(2021, 2, 1)),
    ]
    assert len(promise.sections) == 6


@pytest.mark.parametrize("name", ["fagersta-2020-12", "ludvika-2021"])
def test_a_shipped_promise_becomes_a_published_one_that_could_have_been_typed(name: str) -> None:
    file = promise_files()[name]
    assert file.adopted_by
    assert file.adopted_on
    assert a_shipped_promise(name).is_current(file.last)
    for section in file.sections:
        form = SectionForm(section.title, section.commitments, section.why, section.areas, section.indicator)
        assert checked_section(section.number, form) == section


def test_a_third_municipality_adds_a_file(tmp_path: Path) -> None:
    (tmp_path / "norberg.toml").write_text(THIRD, "utf-8")
    found = promise_files(tmp_path)
    assert set(found) == {"fagersta-2020-12", "ludvika-2021", "norberg-2025"}
    third = found["norberg-2025"]
    assert third.sections[0].indicator == "Trasiga lampor"
    assert (third.adopted_by, third.adopted_on) == ("", None)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (THIRD.replace('title = "Vårt löfte"', ""), "norberg.toml: title saknas"),
        (THIRD.replace('"disorder"', '"weather"'), "norberg.toml: section 1.areas weather är inget område"),
        (THIRD.replace("who = ", "whom = "), "norberg.toml: section 1.commitments 1.whom är inget fält"),
        (THIRD.replace("2025-12-31", "2024-12-31"), "norberg.toml: last kommer före first"),
        (THIRD.replace("2025-12-31", '"nyår"'), "norberg.toml: last är inte ett datum"),
        (THIRD.replace("2025-12-31", "2025-12-31T10:00:00"), "norberg.toml: last är inte ett datum"),
        (
            THIRD.replace('[{ who = "Kommunen", what = "lagar lamporna" }]', "[]"),
            "section 1.commitments saknas",
        ),
        (
            THIRD.replace('[{ who = "Kommunen", what = "lagar lamporna" }]', '["Kommunen"]'),
            "commitments 1 är ingen tabell",
        ),
        (THIRD.replace('["Vi lovar."]', "[1]"), "preamble är inte en lista av texter"),
        (THIRD.split("[[section]]", maxsplit=1)[0], "norberg.toml: section saknas"),
        (THIRD.replace("indicator", "indikator"), "section 1.indikator är inget fält"),
        (THIRD.replace('"Ljus"', '" "'), "section 1.title är tomt"),
        ("[[[", "norberg.toml: "),
    ],
)
def test_a_faulty_file_is_named_with_the_field(tmp_path: Path, broken: str, says: str) -> None:
    path = tmp_path / "norberg.toml"
    path.write_text(broken, "utf-8")
    with pytest.raises(PromiseFileError) as error:
        read_promise(path)
    assert says in str(error.value)


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(THIRD.replace("norberg-2025", "ludvika-2021"), "utf-8")
    with pytest.raises(PromiseFileError, match="ludvika-2021 finns redan"):
        promise_files(tmp_path)
