"""Places and times in comments as people write them: labelled by hand, precision before recall."""

from __future__ import annotations

import pytest

from lagesbild.places import places_in, times_in

COMMENTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Två krossade rutor vid Risbroskolan, troligen natten mot söndag.",
        ("Risbroskolan",),
        ("natten mot söndag",),
    ),
    ("Klotter i gångtunneln mot centrum.", ("Gångtunneln", "centrum"), ()),
    ("Mopeder kör på gångvägen bakom Fagerstahallen fredag kväll.", ("Fagerstahallen",), ("fredag kväll",)),
    ("Stökigt på rasterna, mest i korridoren.", (), ("rasterna",)),
    ("Ungdomar dricker folköl i Centrumparken på kvällarna.", ("Centrumparken",), ("kvällar",)),
    ("Lugnt de senaste två veckorna.", (), ()),
    ("Trasig belysning vid busstationen, otryggt efter klockan 20.", ("Busstationen",), ("kl 20",)),
    ("Snusdosor och vejp på skolgården, även i årskurs 6.", (), ()),
    ("risbroskolan igen, inget nytt", ("Risbroskolan",), ()),
    ("Risbroskolans entré är nedklottrad.", ("Risbroskolan",), ()),
    ("Bråk utanför Coop i lördags kväll.", ("Coop",), ("lördag kväll",)),
    ("Coops parkering används som mopedbana på kvällarna.", ("Coop",), ("kvällar",)),
    ("Inbrott i källare på Norra Kyrkogatan under helgen.", ("Norra Kyrkogatan",), ("helgen",)),
    ("Buskörning på Norbergsvägen, fredagskvällar.", ("Norbergsvägen",), ("fredag kväll",)),
    ("Nedskräpning kring Brinellskolan efter skolan.", ("Brinellskolan",), ("efter skolan",)),
    ("Skadegörelse i Eskilnparken kl. 22:30.", ("Eskilnparken",), ("kl 22.30",)),
    ("Flera larm kl 03.15 på Stora torget.", (), ("kl 3.15",)),
    ("Vid Semla har någon eldat.", ("Semla",), ()),
    ("Någon har eldat i Västanfors.", ("Västanfors",), ()),
    ("Ungdomsgäng samlas nära Onsbo på fredagar.", ("Onsbo",), ("fredag",)),
    ("I Västerås har man sett samma märken.", ("Västerås",), ()),
    ("Hot mot personal på Socialförvaltningen.", (), ()),
    ("Rykten på Snapchat om slagsmål.", (), ()),
    ("I Snapchat sprids filmer.", (), ()),
    ("En elev slog Kalle utanför Pelles port.", (), ()),
    ("Bråk vid Kalle igen.", (), ()),
    ("Vid Kerstin Öberg står en bil.", (), ()),
    ("Polisen var på plats i onsdags.", (), ("onsdag",)),
    ("I Mars ökade stölderna.", (), ()),
    ("Det är stort i Sverige just nu.", (), ()),
    ("Åtgärdsplan finns. Ansvarsområdet är stort.", (), ()),
    ("Grundskolan och förskolan rapporterar inget.", (), ()),
    ("Elever på högstadieskolan vejpar.", (), ()),
    ("Ungdomarna står i centrum för arbetet.", (), ()),
    ("Unga i centrum för langning.", (), ()),
    ("Öppen langning i centrum på kvällen.", ("centrum",), ("kvällar",)),
    ("Resecentrum är otryggt nattetid.", ("resecentrum",), ("nätter",)),
    ("Bråk på bussen hem, måndag eftermiddag.", (), ("måndag eftermiddag",)),
    ("Klotter på simhallen och ishallen.", ("Simhallen", "Ishallen"), ()),
    ("Fritidsgården hade en lugn fredag.", ("Fritidsgården",), ("fredag",)),
    ("Vi hittade kanyler bakom stationen.", ("stationen",), ()),
    ("Vid stationen, vid stationen och vid Stationen!", ("stationen",), ()),
    ("Fyrverkerier i helgen, mest natten till söndag.", (), ("helgen", "natten mot söndag")),
    ("Belysningen på Skolgatan är trasig.", ("Skolgatan",), ()),
    ("Belysningen på skolgatan är trasig.", ("Skolgatan",), ()),
    ("Cykelstölder vid Polisstationen.", (), ()),
    ("En bil brann vid industriområdet.", (), ()),
    ("En bil brann vid Dagöområdet.", ("Dagöområdet",), ()),
    ("Kontakta rektor@risbroskolan.se eller se www.risbroskolan.se", (), ()),
    ("#risbroskolan trendar", (), ()),
    ("ALLT ÄR LUGNT PÅ SKOLAN", (), ()),
    ("Två unga på elsparkcykel, kl 8 på morgonen.", (), ("kl 8", "morgnar")),
    ("Kostnaden är 3.50 och klockan gick sönder.", (), ()),
    ("Våld i nära relation har ökat.", (), ()),
    ("Hemvägen från skolan känns otrygg på hösten.", (), ()),
    ("Efter skolan samlas många i biblioteket.", ("biblioteket",), ("efter skolan",)),
    ("Kvällstidningen skrev om oss; nattvandrarna hjälper till.", (), ()),
    ("Torsdagen den 6 mars hölls en konsert i kyrkan.", ("kyrkan",), ("torsdag",)),
    ("Stölder på ICA och Willys.", ("ICA", "Willys"), ()),
    ("Nationella nätverk rekryterar via Telegram och i Discord.", (), ()),
    (
        "Bråk mellan elever från Alfaskolan och Risbroskolan på torget.",
        ("Alfaskolan", "Risbroskolan", "torget"),
        (),
    ),
    ("Motorburna ungdomar på parkeringen vid Lidl lördag natt.", ("Lidl",), ("lördag natt",)),
    ("Trygghetsvandring i Vilhelminaparken nästa vecka.", ("Vilhelminaparken",), ()),
    ("Slagsmål i Östra Hammaren.", ("Östra Hammaren",), ()),
    ("Någon sover i trapphuset i Trygghetsboendet.", (), ()),
    ("I Teams skrev någon hot.", (), ()),
)


@pytest.mark.parametrize(("comment", "places", "times"), COMMENTS, ids=[row[0][:30] for row in COMMENTS])
def test_a_comment_names_these_places_and_times(
    comment: str, places: tuple[str, ...], times: tuple[str, ...]
) -> None:
    assert places_in(comment) == places
    assert times_in(comment) == times


def test_no_labelled_comment_is_missing() -> None:
    assert len({row[0] for row in COMMENTS}) >= 60
