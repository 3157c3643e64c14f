"""The coordinator's preview: the whole picture, what to review, and what became of the post (A11, B6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cards.preview import (
    PreviewPicture,
    PublishPicture,
    late_answer_card,
    preview_card,
    release_line,
    released_card,
)
from cards.texts import Texts
from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState, delivery_key
from lagesbild.ids import RoundId
from lagesbild.reports import Override
from lagesbild.rounds import PublishedPicture, RoundState
from lagesbild.usecases.pictures import Overridden, Review
from tests.bot.chat import titles
from tests.cards.checks import check_card
from tests.cards.test_picture_card import SV, a_picture, long_reports, read
from tests.samples import (
    GROUP_ID,
    NOW,
    a_coordinator,
    a_group,
    a_member,
    a_report,
    a_round,
    an_answer,
    fagersta,
    some_members,
)

LENA = a_member("Lena Holm", "Risbroskolan", id="lena")
FOUND = Overridden(LENA, Override(4, "phone", "0223-123 45", "växelns *nummer*"))
POST = Delivery(
    delivery_key(DeliveryKind.PICTURE, "round7", 1),
    GROUP_ID,
    DeliveryKind.PICTURE,
    NOW,
    state=DeliveryState.SENT,
)


def a_review(**changes: Any) -> Review:
    picture = a_picture([LENA], a_report(LENA, an_answer(4, 4, "Ring växeln på 0223-123 45")))
    review = Review(a_group(), a_round(), fagersta(), picture, (), None, None, None, up_to_date=False)
    return replace(review, **changes)


def published(**changes: Any) -> dict[str, Any]:
    release = PublishedPicture(RoundId("round7"), 1, NOW, a_coordinator().id, "digest")
    return {"published": release, "publisher": a_coordinator(), "post": POST, "up_to_date": True, **changes}


def test_the_preview_says_that_only_the_coordinator_sees_it_and_where_it_would_go() -> None:
    card = check_card(preview_card(SV, a_review()))

    assert "Förhandsvisning: bara du ser det här" in read(card)
    assert "Så här blir inlägget i #Lägesbild." in read(card)
    assert "Insamlingen är öppen till torsdag 13 mars 09:00." in read(card)
    assert titles(card) == ["Lägg i kanalen", "Visa status"]


def test_the_preview_alone_names_who_did_not_answer() -> None:
    quiet = a_picture([LENA, a_member("Tyst Person", "NVK")], a_report(LENA, an_answer(4, 4, "Mörkt")))
    assert "**Tysta:** Tyst Person (NVK)" in read(check_card(preview_card(SV, a_review(picture=quiet))))


def test_what_the_guard_stopped_stands_first_with_sender_reason_and_text() -> None:
    review = a_review(overridden=(FOUND,))

    card = check_card(preview_card(SV, review))

    text = read(card)
    row = "**Lena Holm, Risbroskolan**, Ungdomar/skolor: telefonnummer ”0223-123 45”. Skäl: växelns \\*nummer\\*"
    assert row in text
    assert text.index(row) < text.index("Lägesbild 13 mars")
    pressed = PublishPicture.parse(card["actions"][0]["data"])
    assert pressed == PublishPicture("round7", review.seen)


def test_what_was_reviewed_before_is_only_counted() -> None:
    card = check_card(preview_card(SV, a_review(overridden=(replace(FOUND, reviewed=True),))))

    assert "Granskat förut: 1 text" in read(card)
    assert "Skäl:" not in read(card)


def test_a_refused_release_says_that_nothing_was_posted() -> None:
    card = check_card(preview_card(SV, a_review(overridden=(FOUND,), needs_another_look=True)))

    assert "Inget är utlagt." in read(card)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (
            DeliveryState.SENT,
            "Ligger i #Lägesbild sedan tisdag 11 mars 10:00, version 1. Utlagd av Karin Ek.",
        ),
        (DeliveryState.QUEUED, "På väg till #Lägesbild"),
        (DeliveryState.BLOCKED, "Version 1 kom inte fram till #Lägesbild."),
    ],
)
def test_the_preview_tells_what_became_of_the_post(state: DeliveryState, words: str) -> None:
    card = check_card(preview_card(SV, a_review(**published(post=replace(POST, state=state)))))

    assert words in read(card)
    assert titles(card) == ["Visa status"]


def test_a_changed_picture_can_update_the_channel() -> None:
    card = check_card(preview_card(SV, a_review(**published(up_to_date=False))))

    assert "Något har ändrats sedan dess." in read(card)
    assert titles(card) == ["Uppdatera kanalen", "Visa status"]


def test_a_large_picture_is_paged_and_every_page_fits_a_phone() -> None:
    members = some_members(60)
    reports = long_reports(members, fagersta(), 500)
    found = tuple(
        replace(FOUND, override=replace(FOUND.override, reason=f"{n} " + "x" * 290)) for n in range(80)
    )
    review = a_review(picture=a_picture(members, *reports), overridden=found)

    cards = [preview_card(SV, review)]
    while (button := cards[-1].to_dict()["actions"][-1])["title"] != "Till början":
        payload = PreviewPicture.parse(button["data"])
        cards.append(preview_card(SV, review, page=payload.page))
    shown = "\n".join(read(check_card(card, renderer=False)) for card in cards)

    for report in reports:
        for answer in report.answers:
            assert shown.count(answer.comment.replace("<", "\\<").replace("_", "\\_")) == 1
    assert all(f"Skäl: {n} x" in shown for n in range(80))


def test_a_release_is_confirmed_with_who_did_it() -> None:
    review = a_review(**published(), released=True, round=a_round(state=RoundState.CLOSED))

    text = read(check_card(released_card(SV, review)))

    assert "✓ Lägesbilden är på väg till #Lägesbild" in text
    assert "Utlagd av Karin Ek, version 1." in text
    assert release_line(SV, a_review(**published())).startswith("Ligger i #Lägesbild sedan")


@pytest.mark.parametrize(
    ("review", "words"),
    [
        (a_review(), "Lägesbilden är inte utlagd i kanalen än."),
        (a_review(**published()), "Inlägget i kanalen uppdateras av sig självt."),
        (a_review(**published(overridden=(FOUND,))), "Granska den först."),
    ],
)
def test_a_late_answer_is_told_with_what_it_means_for_the_post(review: Review, words: str) -> None:
    text = read(check_card(late_answer_card(SV, review, "Risbroskolan", LENA.id)))

    assert "Risbroskolan har svarat sent på insamlingen inför mötet 13 mars." in text
    assert words in text


def test_the_preview_is_in_the_readers_language() -> None:
    card = check_card(preview_card(Texts("en", NOW.date()), a_review(overridden=(FOUND,))))

    assert "Preview: only you see this" in read(card)
