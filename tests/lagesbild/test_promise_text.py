"""The text for the web page: whole, semantic, in plain dates; and nothing that is typed becomes a tag (D4)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.texts import Texts
from lagesbild.ids import PromiseId
from lagesbild.promise_sheets import PromiseSheet, sheet_sections
from lagesbild.promise_text import as_html, as_markdown
from lagesbild.promises import (
    CitizenPromise,
    Commitment,
    Section,
    SectionFollowUp,
    SectionStatus,
    Signature,
)
from tests.samples import NOW, a_coordinator, a_group, a_shipped_promise

T = Texts("sv", NOW.date())
KARIN = a_coordinator(id="karin")
OURS = {"article", "section", "h2", "h3", "h4", "p", "ul", "li", "strong"}
WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "</article></body>",
            "<!-- x",
            "&lt;b&gt; &amp; &#x3c;",
            "](javascript:alert(1))",
            "[x](http://evil)",
            "![x](http://evil)",
            "<http://evil>",
            "# rubrik",
            "- punkt",
            "1. ett",
            "```\nkod\n```",
            "    kod",
            "---",
            "===",
            "> citat",
            "| a | b |",
            "a\u202eb\x00c\ufffe",
        ]
    ),
)


def shipped(name: str, **changes: object) -> CitizenPromise:
    """A shipped promise in a group."""
    return a_shipped_promise(name, **changes)


def a_sheet(
    promise: CitizenPromise, *follow_ups: SectionFollowUp, before: float | None = None
) -> PromiseSheet:
    """The promise as it is read, perhaps with a value of the period before for the first section."""
    earlier = replace(promise, id=PromiseId("before"))
    went = [SectionFollowUp(earlier.id, 1, NOW, KARIN.id, SectionStatus.KEPT, "", before)]
    sections = sheet_sections(promise, follow_ups, earlier, went if before is not None else ())
    return PromiseSheet(a_group(), promise, sections, earlier, promise.first)


@st.composite
def typed(draw: st.DrawFn) -> PromiseSheet:
    """A promise in which everything is typed by somebody with ideas."""
    sections = tuple(
        Section(number, draw(WORDS), (Commitment(draw(WORDS), draw(WORDS)),), draw(WORDS), (), draw(WORDS))
        for number in (1, 2)
    )
    promise = shipped(
        "ludvika-2021",
        title=draw(WORDS),
        preamble=draw(WORDS),
        sections=sections,
        signatures=(Signature(draw(WORDS), draw(WORDS), date(2021, 2, 1)),),
        adopted_by=draw(WORDS),
    )
    said = SectionFollowUp(promise.id, 1, NOW, KARIN.id, SectionStatus.PARTLY_KEPT, draw(WORDS), 3)
    return a_sheet(promise, said, before=draw(st.sampled_from([None, 4.5])))


class _Tags(HTMLParser):
    """What a browser would see: every start tag, whether it carries anything, and what is no text."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Counter[str] = Counter()
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.odd += [f"{tag} {name}" for name, _ in attrs]

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def handle_decl(self, decl: str) -> None:
        self.odd.append(decl)


@given(typed())
def test_whatever_is_typed_the_html_parses_and_has_no_tags_but_ours(sheet: PromiseSheet) -> None:
    text = as_html(T, sheet)
    root = ET.fromstring(text)
    assert {element.tag for element in root.iter()} <= OURS
    assert not any(element.attrib for element in root.iter())
    tags = _Tags()
    tags.feed(text)
    tags.close()
    assert tags.odd == []
    assert tags.seen == Counter(element.tag for element in root.iter())
    assert (tags.seen["h2"], tags.seen["section"], tags.seen["h3"]) == (1, 3, 3)


@given(typed())
def test_whatever_is_typed_the_html_still_says_it(sheet: PromiseSheet) -> None:
    root = ET.fromstring(as_html(T, sheet))
    said = " ".join(" ".join(root.itertext()).split())
    for section in sheet.promise.sections:
        for words in (section.title, section.commitments[0].what):
            visible = "".join(char for char in words if char.isprintable() or char.isspace())
            if visible == words and "\ufffe" not in words:
                assert " ".join(visible.split()) in said


@given(typed())
def test_whatever_is_typed_the_markdown_has_no_headings_lists_links_or_tags_but_ours(
    sheet: PromiseSheet,
) -> None:
    markdown = pytest.importorskip("markdown_it").MarkdownIt("commonmark")
    tokens = markdown.parse(as_markdown(T, sheet))
    kinds = Counter(token.type for token in tokens)
    inline = Counter(child.type for token in tokens for child in token.children or ())
    assert kinds["heading_open"] >= 4
    assert not kinds.keys() & {
        "html_block",
        "fence",
        "code_block",
        "hr",
        "blockquote_open",
        "ordered_list_open",
    }
    assert kinds["bullet_list_open"] == 3
    assert kinds["list_item_open"] == 3
    assert not inline.keys() & {"link_open", "image", "html_inline", "code_inline", "em_open", "softbreak"}


@pytest.mark.parametrize("name", ["fagersta-2020-12", "ludvika-2021"])
def test_a_shipped_promise_stands_whole_on_the_page(name: str) -> None:
    promise = shipped(name)
    root = ET.fromstring(as_html(T, a_sheet(promise)))
    said = " ".join(root.itertext())
    assert root.findtext("h2") == promise.title
    assert [one.text for one in root.iterfind("section/h3")][:-1] == [one.title for one in promise.sections]
    for section in promise.sections:
        assert all(one.what in said for one in section.commitments)
        assert all(paragraph in said for paragraph in section.why.split("\n\n"))
    for paragraph in promise.preamble.split("\n\n"):
        assert paragraph in said
        assert paragraph in as_markdown(T, a_sheet(promise))
    assert "style" not in as_html(T, a_sheet(promise))


def test_dates_are_written_out_and_adoption_and_signatures_are_there() -> None:
    text = as_html(T, a_sheet(shipped("ludvika-2021")))
    for said in (
        "<p>Gäller från och med 1 februari 2021 till och med 31 januari 2022.</p>",
        "den 1 februari 2021.</p>",
        "<li>Kommunstyrelsens ordförande Ludvika, undertecknat 1 februari 2021</li>",
    ):
        assert said in text
    assert not re.search(r"\d{4}-\d{2}-\d{2}", text.replace("från 2021-02-01 till och med 2022-01-31", ""))


def test_status_stands_only_where_it_was_followed_up_with_the_figure_of_the_period_before() -> None:
    sections = tuple(
        replace(one, indicator="Besök") if one.number == 1 else one
        for one in shipped("fagersta-2020-12").sections
    )
    promise = shipped("fagersta-2020-12", sections=sections)
    followed = SectionFollowUp(
        promise.id, 1, NOW, KARIN.id, SectionStatus.PARTLY_KEPT, "Hälften\när gjort", 7
    )
    text = as_html(T, a_sheet(promise, followed, before=4.5))
    assert "<p>Delvis hållet (uppföljt 11 mars 2025).</p>\n<p>Hälften</p>\n<p>är gjort</p>" in text
    assert "<p>Besök: 7 (förra perioden 4,5)</p>" in text
    assert text.count("<h4>Så går det</h4>") == 1
    markdown = as_markdown(T, a_sheet(promise, followed))
    assert (
        "#### Så går det\n\nDelvis hållet (uppföljt 11 mars 2025).\n\nHälften\n\när gjort\n\nBesök: 7\n"
        in markdown
    )


def test_the_markdown_reads_as_it_was_written() -> None:
    text = as_markdown(T, a_sheet(shipped("ludvika-2021")))
    assert text.startswith("## Löften, Ludvika kommun 2021\n\nGäller från och med 1 februari 2021")
    assert (
        "### Fler grannsamverkansområden\n\n- **Polisen:** ska starta upp fler grannsamverkansområden efter önskemål\n"
        in text
    )
    assert "\n\n\n" not in text
