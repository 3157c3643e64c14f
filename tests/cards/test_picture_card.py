"""The picture in the channel: what is read, what unfolds, and that no comment is ever cut (B1–B4, B6)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from cards.card import Card
from cards.picture import POST_BYTES, Edition, emptied_part, picture_parts, size
from cards.texts import Texts
from lagesbild.compiling import EarlierRound, compile_picture
from lagesbild.deliveries import DeliveryState
from lagesbild.people import Member
from lagesbild.picture import Assessed, SituationPicture
from lagesbild.reports import Report
from lagesbild.templates import Area, Colour, Template
from tests.cards.checks import check_card
from tests.samples import (
    NOW,
    a_group,
    a_meeting,
    a_member,
    a_prompt,
    a_report,
    a_round,
    an_absence,
    an_answer,
    counts,
    fagersta,
    ludvika,
    some_members,
    some_reports,
)

SV = Texts("sv", NOW.date())
MAPPING = (Colour.GREEN, Colour.GREEN, Colour.YELLOW, Colour.YELLOW, Colour.RED)


def a_picture(
    members: Sequence[Member], *reports: Report, template: Template | None = None, **known: Any
) -> SituationPicture:
    template = template or fagersta()
    return compile_picture(
        group=a_group(template=template.ref),
        template=template,
        round_=a_round(template=template.ref),
        meeting=a_meeting(),
        members=members,
        reports=reports,
        absences=known.get("absences", ()),
        prompts=known.get("prompts", ()),
        earlier=known.get("earlier", ()),
    )


def the_post(picture: SituationPicture, template: Template | None = None, **how: Any) -> dict[str, Any]:
    parts = picture_parts(SV, picture, template or fagersta(), **how)
    assert len(parts) == 1
    return check_card(parts[0])


def texts_in(part: Any) -> list[str]:
    """Everything that is read in a card, without what stands in for newer elements."""
    if isinstance(part, list):
        return [text for item in part for text in texts_in(item)]
    if not isinstance(part, dict):
        return []
    own = [part[key] for key in ("text", "x") if isinstance(part.get(key), str)]
    return own + [text for key, item in part.items() if key != "fallback" for text in texts_in(item)]


def read(card: dict[str, Any]) -> str:
    return "\n".join(texts_in(card["body"]))


def element(card: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in card["body"] if one.get("id") == key)


def chart_of(card: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in card["body"] if one["type"] == "Chart.HorizontalBar")


def rows(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in card["body"] if one["type"] == "ColumnSet"]


@pytest.fixture
def lena() -> Member:
    return a_member("Lena Holm", "Risbroskolan", id="lena")


def test_the_heading_keeps_silent_absent_and_unreached_apart(lena: Member) -> None:
    silent, away = a_member("Tyst Person"), a_member("Borta Person")
    blocked, out = a_member("Blockerad Person"), a_member("Utan Utskick", prompted=False)
    picture = a_picture(
        [lena, silent, away, blocked, out],
        a_report(lena),
        absences=[an_absence(away)],
        prompts=[a_prompt(blocked, DeliveryState.BLOCKED)],
    )

    card = the_post(picture)

    assert card["body"][0]["text"] == "Lägesbild 13 mars"
    about = card["body"][1]["text"]
    assert "EST-gruppen Fagersta · 27 februari–12 mars · **1 av 5** har svarat" in about
    assert "1 tyst · 1 frånvarande · 1 gick inte att nå · 1 vill inte bli tillfrågad" in about


def test_the_post_names_nobody_who_did_not_answer_and_the_preview_does(lena: Member) -> None:
    silent, away = a_member("Tyst Person", "Polisen"), a_member("Borta Person", "NVK")
    blocked, out = a_member("Blockerad Person"), a_member("Utan Utskick", prompted=False)
    picture = a_picture(
        [lena, silent, away, blocked, out],
        a_report(lena),
        absences=[an_absence(away)],
        prompts=[a_prompt(blocked, DeliveryState.BLOCKED)],
    )

    posted = json.dumps(the_post(picture), ensure_ascii=False)
    previewed = the_post(picture, names=True)

    names = ("Tyst Person", "Borta Person", "Blockerad Person", "Utan Utskick")
    assert [name for name in (*names, "Polisen", "NVK", "Vilka saknas?") if name in posted] == []
    people = element(previewed, "people")
    assert [name for name in names if name in json.dumps(people, ensure_ascii=False)] == list(names)
    assert "Namnen ser bara du" in read({"body": people["items"]})
    assert people["isVisible"] is False


def test_a_rise_is_told_in_words_with_its_symbol_and_figure(lena: Member) -> None:
    nils = a_member("Nils", "NVK", id="nils")
    before = EarlierRound(6, fagersta(), (a_report("lena", an_answer(4, 3), round_id="round6"),))
    picture = a_picture(
        [lena, nils],
        a_report(lena, an_answer(4, 4, "Bråk i matsalen.")),
        a_report(nils, an_answer(4, 5)),
        earlier=[before],
    )

    symbol, words, figure = rows(the_post(picture))[0]["columns"]

    assert symbol["items"][0]["text"] == "▲"
    assert "Ungdomar/skolor" in words["items"][0]["text"]
    assert "upp från 3" in words["items"][1]["text"]
    assert "2 av 2 verksamheter ser problem" in words["items"][1]["text"]
    assert figure["items"][0]["text"] == "4,5"


def test_every_symbol_stands_in_a_column_of_the_same_width(lena: Member) -> None:
    picture = a_picture([lena], a_report(lena, an_answer(1, 2), an_answer(2, 5), an_answer(4, 1)))

    assert {row["columns"][0]["width"] for row in rows(the_post(picture))} == {"22px"}


def test_a_tap_on_a_row_unfolds_its_comments_under_their_organisations(lena: Member) -> None:
    picture = a_picture([lena], a_report(lena, an_answer(4, 4, "Bråk *nära* Centrumparken.")))

    card = the_post(picture)
    target = rows(card)[0]["selectAction"]["targetElements"]
    folded = element(card, target[0])

    assert folded["isVisible"] is False
    assert "**Risbroskolan** (4): Bråk \\*nära\\* Centrumparken." in texts_in(folded)
    assert "Platser: Centrumparken" in texts_in(folded)
    assert "Svar: en svarade 4" in texts_in(folded)


def test_how_the_answers_fall_is_told_in_words(lena: Member) -> None:
    others = [a_member(f"P{n}", f"V{n}", id=f"p{n}") for n in range(4)]
    levels = (4, 4, 3, None)
    answers = [
        a_report(one, an_answer(1, level, "" if level else "Mörkt"))
        for one, level in zip(others, levels, strict=True)
    ]
    picture = a_picture([lena, *others], a_report(lena, an_answer(1, 4)), *answers)
    assert "Svar: tre svarade 4, en svarade 3, en bedömde inte" in read(the_post(picture))
    english = check_card(picture_parts(Texts("en"), picture, fagersta())[0], kind="channel")
    assert "Answers: three said 4, one said 3, one gave no rating" in read(english)


def test_what_went_well_has_words_but_no_colour(lena: Member) -> None:
    said = (Assessed("Det som gick bra", None, "Fint på skolan"), Assessed("Övrigt", Colour.RED, ""))
    text = read(the_post(replace(a_picture([lena]), assessed=said)))
    assert "🟢" not in text
    assert "**Det som gick bra**: Fint på skolan" in text
    assert "🔴 Rött **Övrigt**" in text


def test_those_that_only_rated_stand_together_on_a_line(lena: Member) -> None:
    polis = a_member("Per", "Polisen", id="per")
    late = replace(a_report(polis, an_answer(1, 2)), late=True)
    picture = a_picture([lena, polis], a_report(lena, an_answer(1, 3)), late)

    assert "Bara bedömning: Polisen (2), sent svar, Risbroskolan (3)" in read(the_post(picture))


def test_the_chart_has_one_hue_and_its_fallback_says_the_same(lena: Member) -> None:
    picture = a_picture([lena], a_report(lena, an_answer(1, 2), an_answer(4, 4)))

    chart = chart_of(the_post(picture))

    assert chart["displayMode"] == "AbsoluteNoAxis"
    assert [(bar["x"], bar["y"]) for bar in chart["data"]] == [
        ("Ordningsstörningar och otrygghet", 2.0),
        ("Ungdomar/skolor", 4.0),
    ]
    assert not any("color" in bar for bar in chart["data"])
    assert texts_in(chart["fallback"]) == [
        "▮▮▯▯▯  **2**  Ordningsstörningar och otrygghet",
        "▮▮▮▮▯  **4**  Ungdomar/skolor",
    ]


def test_ratings_get_no_colours_unless_the_group_has_decided_on_them(lena: Member) -> None:
    picture = a_picture([lena], a_report(lena, an_answer(4, 5)))

    assert "🔴" not in read(the_post(picture))
    assert "🔴 Rött" in read(the_post(picture, colours=MAPPING))


def test_what_went_well_is_asked_for_when_nobody_wrote_it(lena: Member) -> None:
    picture = a_picture([lena], a_report(lena, an_answer(1, 2)))
    assert "Vad har gått bra sedan sist?" in read(the_post(picture))

    picture = a_picture([lena], a_report(lena, an_answer(7, comment="Belysningen är lagad.")))
    assert "Belysningen är lagad. *(Risbroskolan)*" in read(the_post(picture))


def test_local_figures_stand_under_their_organisation(lena: Member) -> None:
    picture = a_picture([lena], replace(a_report(lena), counts=counts(larm=3)))

    assert "**Risbroskolan**: 3 larm" in read(the_post(picture))


def test_a_quiet_round_says_so_and_draws_no_chart(lena: Member) -> None:
    card = the_post(a_picture([lena], a_report(lena)))

    assert "Alla som svarade hade inget att rapportera." in read(card)
    assert not rows(card)
    assert "Ingen har svarat än." in read(the_post(a_picture([lena])))


def test_the_post_tells_its_revision_and_who_reviewed_it(lena: Member) -> None:
    edition = Edition(2, NOW, "Karin Ek")

    text = read(the_post(a_picture([lena], a_report(lena)), edition=edition))

    assert "Version 2, tisdag 11 mars 10:00. Granskad av Karin Ek." in text


def test_english_readers_get_every_word_in_english(lena: Member) -> None:
    picture = a_picture([lena], a_report(lena, an_answer(1, 3, "Klotter.")))

    card = check_card(picture_parts(Texts("en", NOW.date()), picture, fagersta())[0])

    assert "Suggested order for the meeting" in read(card)


def test_a_round_with_colours_looks_like_its_template(lena: Member) -> None:
    nils = a_member("Nils", "NVK", id="nils")
    bullets = ("Klotter i tunneln", "Mopeder på kvällen")
    picture = a_picture(
        [lena, nils],
        a_report(lena, an_answer(1, colour=Colour.YELLOW, bullets=bullets, comment="Fältgruppen går runt.")),
        a_report(nils, an_answer(1, colour=Colour.YELLOW)),
        template=ludvika(),
    )

    text = read(the_post(picture, ludvika()))

    expected = (
        "1\\. Ordningsstörningar och otrygghet",
        "• Klotter i tunneln\n\n• Mopeder på kvällen (Risbroskolan, 🟡 Gult)",
        "**Sammanställd bedömning** (rapportörernas): 🟡 Gult – Problembilden är återkommande",
        "**Kommentar/åtgärd:**",
        "**Risbroskolan**: Fältgruppen går runt.",
        "Bara bedömning: NVK (🟡 Gult)",
    )
    places = [text.index(words) for words in expected]
    assert places == sorted(places)
    assert all(area.title.split("/")[0] in text for area in picture.areas)


def test_a_median_between_two_colours_is_not_rounded_to_either(lena: Member) -> None:
    nils = a_member("Nils", "NVK", id="nils")
    picture = a_picture(
        [lena, nils],
        a_report(lena, an_answer(1, colour=Colour.GREEN)),
        a_report(nils, an_answer(1, colour=Colour.YELLOW)),
        template=ludvika(),
    )

    assert "(rapportörernas): mellan 🟢 Grönt och 🟡 Gult" in read(the_post(picture, ludvika()))


def long_reports(members: Sequence[Member], template: Template, length: int) -> tuple[Report, ...]:
    """Every member answers two areas and what went well, each text marked so that it can be found again."""
    return tuple(
        a_report(
            member,
            *(
                an_answer(number, comment=long_text(member.id, number, length), **rating)
                for number, rating in ((1 + index % 6, a_rating(template)), (7, {}))
            ),
        )
        for index, member in enumerate(members)
    )


def a_rating(template: Template) -> dict[str, Any]:
    impact = template.question(1).rating.value == "impact"
    return {"impact": 3} if impact else {"colour": Colour.RED}


def long_text(member_id: str, number: int, length: int) -> str:
    return f"<{member_id}:{number}> " + ("å_ord " * length)[: length - 20] + " slut"


@pytest.mark.parametrize("template", [fagersta(), ludvika()], ids=["fagersta", "ludvika"])
@pytest.mark.parametrize("length", [300, 4000])
def test_a_hundred_long_reports_lose_no_word_in_any_part(template: Template, length: int) -> None:
    members = some_members(100)
    reports = long_reports(members, template, length)
    picture = a_picture(members, *reports, template=template)

    parts = picture_parts(SV, picture, template)

    assert len(parts) > 1
    shown = "\n".join(read(part.to_dict()) for part in parts)
    for report in reports:
        for answer in report.answers:
            written = answer.comment.replace("<", "\\<").replace("_", "\\_")
            assert shown.count(written) == 1
    assert all(size(part.to_dict()) <= POST_BYTES for part in parts)
    for part in parts[:2]:
        check_card(part, kind="channel")


def test_no_part_is_larger_than_its_limit_and_what_went_well_stays_first() -> None:
    members = some_members(40)
    reports = [
        a_report(one, an_answer(1 + index % 6, 3, "x" * 800), an_answer(7, comment="Bra!"))
        for index, one in enumerate(members)
    ]

    post, *thread = picture_parts(SV, a_picture(members, *reports), fagersta())

    assert "Bra! *(Brinellskolan)*" in read(post.to_dict())
    assert "De står i tråden under inlägget." in read(post.to_dict())
    assert "Lägesbild 13 mars, del 1 av" in read(thread[0].to_dict())


def test_the_parts_of_an_ordinary_round_are_one() -> None:
    members = some_members(12)
    picture = a_picture(members, *some_reports(members, fagersta()))

    assert len(picture_parts(SV, picture, fagersta())) == 1


def test_an_emptied_reply_says_where_its_words_went() -> None:
    assert "ingår nu i inlägget ovan" in read(check_card(emptied_part(SV)))


def test_the_areas_follow_the_suggested_order_and_the_calm_ones_share_a_line(lena: Member) -> None:
    picture = a_picture([lena], a_report(lena, an_answer(1, 2), an_answer(6, 5)))

    card = the_post(picture)

    titles = [row["columns"][1]["items"][0]["text"] for row in rows(card)]
    assert titles == ["**Övrigt**", "**Ordningsstörningar och otrygghet**"]
    assert "Inget rapporterat: Hot och våld" in read(card)
    assert Area.POSITIVE not in {area.area for area in picture.areas}


def test_a_card_is_as_wide_as_the_channel(lena: Member) -> None:
    card: Card = picture_parts(SV, a_picture([lena]), fagersta())[0]

    assert card.to_dict()["msteams"] == {"width": "full"}
