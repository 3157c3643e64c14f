"""What one line tells, and what the bot must ask (A5)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.noting import guess
from lagesbild.templates import Area

TODAY = date(2025, 3, 11)
"""A Tuesday."""


def _march(day: int) -> date:
    return date(2025, 3, day)


NOTES: tuple[tuple[str, Area | None, str, date | None], ...] = (
    ("klotter vid Risbroskolan i går", Area.DISORDER, "Risbroskolan", _march(10)),
    ("krossade rutor på Stationsvägen natten till lördag", Area.DISORDER, "Stationsvägen", _march(8)),
    ("snattar på ICA i går eftermiddag", Area.DISORDER, "ICA", _march(10)),
    ("moped kör på Brinellvägen varje kväll", Area.DISORDER, "Brinellvägen", None),
    ("eld i en soptunna vid busstationen i natt", Area.DISORDER, "Busstationen", _march(10)),
    ("papperskorgar eldade i Centrumparken natten mot söndag", Area.DISORDER, "Centrumparken", _march(9)),
    ("det brinner bakom Sunnanhedsskolan nu på morgonen", Area.DISORDER, "Sunnanhedsskolan", TODAY),
    ("mordbrand på Gruvgatan den 9/3", Area.DISORDER, "Gruvgatan", _march(9)),
    ("stulen cykel vid badhuset i måndags", Area.DISORDER, "badhuset", _march(10)),
    ("inbrott i källare på Björkgatan 12 natten till i dag", Area.DISORDER, "Björkgatan", TODAY),
    ("mörkt i gångtunneln vid Stationen", Area.DISORDER, "Gångtunneln", None),
    ("bilar kör race på Bruksgatan runt kl 23", Area.DISORDER, "Bruksgatan", None),
    ("graffiti bakom Marnäs under lördagsnatten", Area.DISORDER, "Marnäs", _march(8)),
    ("skadegörelse på busskuren vid Sveaplan i natt", Area.DISORDER, "Sveaplan", _march(10)),
    ("slagsmål utanför Coop kl 21", Area.VIOLENCE, "Coop", None),
    ("hot mot personal på biblioteket i dag", Area.VIOLENCE, "biblioteket", TODAY),
    ("hotfull person i kommunhuset i tisdags", Area.VIOLENCE, "kommunhuset", _march(4)),
    ("kniv visad på Åsgatan kl. 14.30", Area.VIOLENCE, "Åsgatan", None),
    ("rån vid Mariaparken 8/3", Area.VIOLENCE, "Mariaparken", _march(8)),
    ("vapen hittat i en buske vid Bergslagsgatan", Area.VIOLENCE, "Bergslagsgatan", None),
    ("rastvakt slagen på Hammarskolan i går", Area.VIOLENCE, "Hammarskolan", _march(10)),
    ("de slogs framför Systembolaget fredag kväll", Area.VIOLENCE, "Systembolaget", _march(7)),
    ("skottlossning i Dunshammar igår kväll", Area.VIOLENCE, "Dunshammar", _march(10)),
    ("hakkors på toaletten på Brinellskolan i torsdags", Area.EXTREMISM, "Brinellskolan", _march(6)),
    ("nazistiska klistermärken på Norbergsvägen", Area.EXTREMISM, "Norbergsvägen", None),
    ("rasistiskt klotter vid Alfaskolan i förrgår", Area.EXTREMISM, "Alfaskolan", _march(9)),
    ("dekaler från en kampgrupp vid resecentrum", Area.EXTREMISM, "resecentrum", None),
    ("rekrytering till gäng vid torget i onsdags", Area.EXTREMISM, "torget", _march(5)),
    ("skolk ökar på Mariaskolan", Area.YOUTH, "Mariaskolan", None),
    ("bråk mellan elever på Västanforsskolan i fredags", Area.YOUTH, "Västanforsskolan", _march(7)),
    ("stämningen på rasterna på Alfaskolan är orolig", Area.YOUTH, "Alfaskolan", None),
    ("en elev blev knuffad i matsalen i dag", Area.YOUTH, "", TODAY),
    ("ungdomar dricker öl bakom Folkets hus i lördags kväll", Area.SUBSTANCES, "folkets hus", _march(8)),
    ("vejpning på skolgården i går", Area.SUBSTANCES, "", _march(10)),
    ("lustgastuber på parkeringen vid Willys", Area.SUBSTANCES, "Willys", None),
    ("narkotikaförsäljning bakom Ica Maxi", Area.SUBSTANCES, "ICA", None),
    ("droghandel i parken vid Trollbo 2025-03-02", Area.SUBSTANCES, "Trollbo", _march(2)),
    ("berusade ungdomar i Klockarparken på lördagen", Area.SUBSTANCES, "Klockarparken", _march(8)),
    ("full man utanför Systembolaget den 3 mars", Area.SUBSTANCES, "Systembolaget", _march(3)),
    ("rykten på snapchat om bråk på fredag", Area.OTHER, "", None),
    ("demonstration på torget 1 mars", Area.OTHER, "torget", _march(1)),
    ("trevlig kväll på fritidsgården i fredags", Area.POSITIVE, "Fritidsgården", _march(7)),
    ("lugnt i centrum i lördagskväll", Area.POSITIVE, "centrum", _march(8)),
    ("nattvandrarna var ute i lördags", Area.POSITIVE, "", _march(8)),
    ("bråk mellan två gäng vid torget", None, "torget", None),
    ("personal från hotellet ringde", None, "", None),
    ("hon drog i väg i full fart", None, "", None),
    ("brandstationen hade öppet hus", None, "", None),
    ("det är inte bra på stan", None, "", None),
    ("10 marknadsförare och 3 julgranar", Area.OTHER, "", None),
    ("öppet 24/7 vid Max", None, "Max", None),
    ("från kl 21 3 ungdomar", Area.YOUTH, "", None),
)


@pytest.mark.parametrize(("line", "area", "place", "day"), NOTES, ids=[row[0][:40] for row in NOTES])
def test_a_note_tells_its_area_place_and_day(
    line: str, area: Area | None, place: str, day: date | None
) -> None:
    told = guess(line, TODAY)
    assert (told.area, told.place, told.seen_on) == (area, place, day)


def test_every_area_has_notes_that_tell_it() -> None:
    assert len(NOTES) >= 40
    assert {area for _, area, _, _ in NOTES} == {*Area, None}


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
