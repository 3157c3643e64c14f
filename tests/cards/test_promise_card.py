"""The promise's cards keep every rule in every state and both languages, and say what they must (D2, D3, D4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cards.card import Card
from cards.promise import promise_card, promises_card, renewal_card
from cards.promise_adoption import adopt_card, adopted_card, published_card, sign_card
from cards.promise_body import promise_pages
from cards.promise_draft import draft_card
from cards.promise_follow_up import follow_up_card
from cards.promise_forms import front_card, section_card
from cards.promise_web import web_card
from cards.texts import Texts
from lagesbild.ids import PromiseId, ReferralId
from lagesbild.promise_data import promise_files
from lagesbild.promise_drafts import MAX_TITLE, MAX_WHAT, MAX_WHY, MOST_COMMITMENTS, MOST_SECTIONS
from lagesbild.promise_sheets import PromiseOverview, PromiseSheet, sheet_sections
from lagesbild.promise_text import as_html, as_markdown
from lagesbild.promises import (
    CitizenPromise,
    Commitment,
    PromiseState,
    Section,
    SectionFollowUp,
    SectionStatus,
    Signature,
)
from lagesbild.templates import Area
from tests.cards.checks import check_card
from tests.samples import GROUP_ID, NOW, a_coordinator, a_group, a_shipped_promise, fagersta

SV, EN = Texts("sv", NOW.date()), Texts("en", NOW.date())
KARIN = a_coordinator(id="karin")
GROUP = a_group()


def shipped(name: str = "fagersta-2020-12", **changes: object) -> CitizenPromise:
    """A shipped promise, in the sample group."""
    return a_shipped_promise(name, **changes)


def followed(
    promise: CitizenPromise, *statuses: SectionStatus, value: float | None = None
) -> list[SectionFollowUp]:
    """A follow-up of each of the first sections."""
    return [
        SectionFollowUp(promise.id, number, NOW, KARIN.id, status, "Vi är på väg.", value)
        for number, status in enumerate(statuses, start=1)
    ]


def a_sheet(
    promise: CitizenPromise, today: date, *statuses: SectionStatus, runs: bool = False
) -> PromiseSheet:
    """The promise with the period before, which was the same and went badly."""
    sections = tuple(replace(one, indicator="Besök i veckan") for one in promise.sections)
    promise = replace(promise, sections=sections)
    before = replace(promise, id=PromiseId("before"))
    now = followed(promise, *statuses, value=7)
    then = followed(before, *(SectionStatus.NOT_KEPT for _ in statuses), value=2.5)
    return PromiseSheet(GROUP, promise, sheet_sections(promise, now, before, then), before, today, runs)


def the_largest() -> CitizenPromise:
    """As much as can be typed, in letters that take the most room."""
    section = Section(
        1,
        "Å" * MAX_TITLE,
        tuple(Commitment("*" * 80, "_ö" * (MAX_WHAT // 2)) for _ in range(MOST_COMMITMENTS)),
        "*Ö" * (MAX_WHY // 2),
        tuple(Area),
        "Ä" * MAX_TITLE,
    )
    sections = tuple(replace(section, number=n + 1) for n in range(MOST_SECTIONS))
    signatures = tuple(Signature("R" * MAX_TITLE, "N" * MAX_TITLE) for _ in range(6))
    return shipped(title="*" * MAX_TITLE, preamble="*ö" * 1000, sections=sections, signatures=signatures)


def the_cards(t: Texts) -> Iterator[Card]:
    """Every card in every state."""
    current, day = shipped(), date(2021, 1, 15)
    draft = shipped(
        "ludvika-2021",
        state=PromiseState.DRAFT,
        adopted_on=None,
        adopted_by="",
        signatures=(Signature("Kommunpolis"), Signature("Ordförande", "Leif Pettersson", day)),
        sections=(
            Section(1, "Tomt", (), referral_id=ReferralId("r1")),
            *shipped("ludvika-2021").sections[1:],
        ),
    )
    coming = replace(current, id=PromiseId("next"), first=date(2021, 3, 1), last=date(2021, 5, 31))
    for runs in (False, True):
        yield promises_card(t, PromiseOverview(GROUP, day, None, runs=runs))
        yield promises_card(t, PromiseOverview(GROUP, day, None, (coming,), (draft,) if runs else (), runs))
        for today in (day, date(2021, 2, 28), date(2021, 6, 1)):
            sheet = a_sheet(current, today, *SectionStatus, runs=runs)
            yield promises_card(t, PromiseOverview(GROUP, today, sheet, runs=runs))
            work = (draft,) if runs else ()
            yield promises_card(
                t, PromiseOverview(GROUP, today, sheet, (coming, current), work, runs), doings=runs
            )
    for sent in (False, True):
        yield promise_card(t, a_sheet(shipped("ludvika-2021"), day), sent=sent)
    yield renewal_card(t, a_sheet(current, date(2021, 1, 29)))
    yield draft_card(t, draft)
    yield draft_card(t, replace(draft, sections=(), signatures=()), t("promise.said_saved"))
    yield draft_card(t, replace(draft, sections=draft.sections[1:], signatures=()))
    yield draft_card(t, draft, missed=t("promise.section_gone"))
    yield front_card(t, GROUP_ID, (day, date(2021, 4, 14)), renewable=current)
    yield front_card(t, GROUP_ID, (day, date(2021, 4, 30)), draft)
    yield front_card(t, GROUP_ID, (day, date(2021, 4, 14)), examples=tuple(promise_files().values()))
    yield section_card(t, draft)
    yield section_card(t, draft, draft.sections[0])
    yield section_card(t, draft, draft.sections[2])
    yield sign_card(t, draft, day)
    yield sign_card(t, replace(draft, signatures=()), day)
    yield adopt_card(t, draft, day, "Kommunstyrelsen")
    adopted = a_sheet(replace(current, state=PromiseState.ADOPTED), day, runs=True)
    yield adopted_card(t, adopted, 1)
    yield adopted_card(t, replace(adopted, today=date(2021, 5, 1)), 14)
    yield published_card(t, current, 14)
    yield published_card(t, current, 0)
    yield follow_up_card(t, a_sheet(current, day))
    yield follow_up_card(
        t, a_sheet(current, day, *SectionStatus), t("promise.said_followed_up", title="Information")
    )
    yield web_card(t, a_sheet(current, day, *SectionStatus))
    yield web_card(t, a_sheet(current, day, *SectionStatus), markdown=True)


@pytest.mark.parametrize("t", [SV, EN], ids=["sv", "en"])
def test_every_card_keeps_the_rules(t: Texts) -> None:
    for card in the_cards(t):
        check_card(card)


def test_the_largest_promise_fits_in_parts_and_nothing_of_it_is_lost() -> None:
    promise = the_largest()
    sheet = PromiseSheet(GROUP, promise, sheet_sections(promise, ()), None, promise.first, runs=True)
    pages = len(promise_pages(SV, sheet, why=True))
    assert pages > 1
    shown = [check_card(promise_card(SV, sheet, page=page, sent=True)) for page in range(pages)]
    unfolding = [item["id"] for card in shown for item in card["body"] if "section_" in str(item.get("id"))]
    assert unfolding == [f"section_{number}" for number in range(1, MOST_SECTIONS + 1)]
    for card in (draft_card(SV, promise), section_card(SV, promise, promise.sections[0])):
        check_card(card)
    for card in (
        front_card(SV, GROUP_ID, (promise.first, promise.last), promise),
        sign_card(SV, promise, promise.first),
    ):
        check_card(card)
    for page in range(pages):
        check_card(adopted_card(SV, replace(sheet), 20, page=page))
    check_card(follow_up_card(SV, sheet))
    for page in range(12):
        check_card(web_card(SV, sheet, page=page))
        check_card(web_card(SV, sheet, markdown=True, page=page))


def test_an_unfolding_row_a_section_says_who_does_what_why_and_how_it_goes() -> None:
    sheet = a_sheet(shipped(), date(2021, 1, 15), SectionStatus.PARTLY_KEPT)
    card = check_card(promises_card(SV, PromiseOverview(GROUP, sheet.today, sheet)))
    rows = [item for item in card["body"] if item["type"] == "ColumnSet"]
    assert len(rows) == 7
    assert "◐ Delvis hållet" in str(rows[0])
    assert "– Inte uppföljt än" in str(rows[1])
    inside = next(item for item in card["body"] if item.get("id") == "section_6")
    assert inside["isVisible"] is False
    for said in (
        "**Polisen och kommunen:** fortsätter med dialogen",
        "ta tillvara på ungas motorintresse",
        "Ungdomar/skolor",
    ):
        assert said in str(inside)
    first = next(item for item in card["body"] if item.get("id") == "section_1")
    for said in (
        "Vi är på väg.",
        "Besök i veckan: **7** (förra perioden 2,5)",
        "Förra perioden: ✕ Inte hållet",
    ):
        assert said in str(first)
    assert "44 dagar kvar" in str(card)
    assert "Antaget av **Kommunstyrelsen** 10 december 2020" in str(card)
    assert not _titles(card)


def test_signatures_stand_by_role_with_their_day() -> None:
    card = str(promise_card(SV, a_sheet(shipped("ludvika-2021"), date(2021, 3, 1))).to_dict())
    assert "✓ Lokalpolisområdeschef Borlänge, undertecknat 1 februari 2021" in card


def test_without_a_current_one_it_says_what_was_and_when_the_next_comes() -> None:
    sheet = a_sheet(shipped(), date(2021, 3, 10))
    coming = shipped(title="Våren", first=date(2021, 4, 1), last=date(2021, 6, 30))
    said = str(promises_card(SV, PromiseOverview(GROUP, sheet.today, sheet, (coming,))).to_dict())
    assert "gällde till och med 28 februari 2021" in said
    assert "**Våren** börjar gälla torsdag 1 april" in said
    alone = str(promises_card(SV, PromiseOverview(GROUP, sheet.today, sheet)).to_dict())
    assert "Inget nytt löfte är klart än" in alone
    nothing = promises_card(SV, PromiseOverview(GROUP, sheet.today, None)).to_dict()
    assert "inget medborgarlöfte att visa än" in str(nothing)
    assert not _titles(nothing)


def _titles(card: Card | dict[str, Any]) -> list[str]:
    """The buttons that send, in the body and under it."""
    made = card if isinstance(card, dict) else card.to_dict()
    rows = [*(item.get("actions", []) for item in made["body"]), made.get("actions", [])]
    return [action["title"] for row in rows for action in row]


def test_only_those_who_run_promises_see_the_buttons() -> None:
    for runs in (False, True):
        sheet = a_sheet(shipped(), date(2021, 1, 15), runs=runs)
        draft = shipped(state=PromiseState.DRAFT)
        seen = PromiseOverview(GROUP, sheet.today, sheet, (), (draft,) if runs else (), runs)
        buttons = ["Följ upp", "Text till webben", "Ändra utkastet", "Nytt löfte"]
        assert _titles(promises_card(SV, seen)) == (buttons if runs else [])
        assert _titles(promises_card(SV, seen, doings=False)) == []


def test_the_preview_is_exactly_what_everybody_gets_under_a_line_that_says_so() -> None:
    sheet = a_sheet(shipped(state=PromiseState.ADOPTED), date(2021, 1, 15))
    preview = adopted_card(SV, sheet, 14).to_dict()
    public = replace(sheet, promise=replace(sheet.promise, state=PromiseState.PUBLISHED))
    sent = promise_card(SV, public, sent=True).to_dict()
    assert preview["body"][1 : len(sent["body"]) + 1] == sent["body"]
    assert _titles(adopted_card(SV, sheet, 14))[0] == "Publicera för 14 personer"


def test_the_draft_says_what_is_missing_and_offers_adoption_only_when_it_can_be_adopted() -> None:
    draft = shipped(
        state=PromiseState.DRAFT, adopted_on=None, adopted_by="", signatures=(Signature("Kommunpolis"),)
    )
    empty = replace(draft, sections=(Section(1, "Ljus", ()),))
    said = str(draft_card(SV, empty).to_dict())
    assert "vem som gör vad i **Ljus**" in said
    assert "underskrift av **Kommunpolis**" in said
    assert "Anta" not in _titles(draft_card(SV, empty))
    ready = replace(draft, signatures=())
    assert "Inget saknas" in str(draft_card(SV, ready).to_dict())
    assert "Anta" in _titles(draft_card(SV, ready))


def test_the_web_text_on_the_card_is_the_text_itself_in_order() -> None:
    sheet = a_sheet(shipped(), date(2021, 1, 15), *SectionStatus)
    for markdown, text in ((False, as_html(SV, sheet)), (True, as_markdown(SV, sheet))):
        shown = ""
        for page in range(9):
            card = web_card(EN, sheet, markdown=markdown, page=page).to_dict()
            blocks = card["body"][2]["items"]
            assert {block["fontType"] for block in blocks} == {"monospace"}
            if blocks[-1]["text"] in shown:
                break
            shown += "\n".join(block["text"] for block in blocks) + "\n"
        unescaped = re.sub(r"\\([^\w\s])", r"\1", shown)
        wanted = [re.sub(r"\\([^\w\s])", r"\1", line) for line in text.splitlines() if line]
        assert [line for line in unescaped.splitlines() if line] == wanted


def test_what_was_typed_does_nothing_on_any_card() -> None:
    evil = "[x](http://evil) **b** {{DATE(2020)}} <script>"
    promise = shipped(
        title=evil,
        preamble=evil,
        sections=(Section(1, evil, (Commitment(evil, evil),), evil, (), evil),),
        adopted_by=evil,
    )
    sheet = PromiseSheet(
        GROUP,
        promise,
        sheet_sections(promise, [replace(followed(promise, SectionStatus.KEPT)[0], comment=evil)]),
        None,
        promise.first,
    )
    for card in (
        promise_card(SV, sheet),
        adopted_card(SV, sheet, 2),
        follow_up_card(SV, sheet),
        draft_card(SV, promise),
    ):
        for text in _read(check_card(card)):
            active = re.sub(r"\\.", "", text).replace("**:", "")
            assert not re.search(r"\[|<|\{\{|\*\*b", active), text


def _read(json: object) -> Iterator[str]:
    """Every text that the client reads Markdown in."""
    if isinstance(json, dict):
        if isinstance(json.get("text"), str):
            yield json["text"]
        for value in json.values():
            yield from _read(value)
    elif isinstance(json, list):
        for item in json:
            yield from _read(item)


def test_a_renewal_says_how_long_is_left() -> None:
    sheet = a_sheet(shipped(), date(2021, 2, 28) - timedelta(days=7))
    assert "slutar om 7 dagar" in str(renewal_card(SV, sheet).to_dict())
    assert "Förnya" in _titles(renewal_card(SV, sheet))


def test_areas_are_called_what_they_are_called_on_the_card_that_asks() -> None:
    asked = {question.area: question.title for question in fagersta().questions}
    assert {area: SV(f"promise.area_{area.value}") for area in Area} == asked


def test_another_promise_is_named_by_its_period_for_the_title_may_be_the_same() -> None:
    sheet = a_sheet(shipped(), date(2021, 1, 15))
    later = replace(
        shipped(),
        id=PromiseId("next"),
        title=sheet.promise.title,
        first=date(2021, 3, 1),
        last=date(2021, 5, 31),
    )
    card = check_card(promises_card(SV, PromiseOverview(GROUP, sheet.today, sheet, (later,)), doings=True))
    assert "Visa löftet 1 mars–31 maj 2021" in str(card)


def test_the_form_to_adopt_says_what_it_does_and_not_that_it_is_done() -> None:
    card = check_card(adopt_card(SV, shipped(), date(2021, 1, 15)))
    assert card["body"][0]["text"] == "Anta löftet"
