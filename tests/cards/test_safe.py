"""What people typed looks as they typed it, and does nothing."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cards.safe import escape, one_line, plain

RENDERER = MarkdownIt("default")
WICKED = st.lists(
    st.sampled_from(
        ["*", "**", "_", "__", "~~", "`", "```", "# ", "- ", "+ ", "1. ", "2) ", "> ", "[", "](http://x.se)", "![", "<at>", "</at>",
         "<b>", "<script>", "&lt;", "&#42;", "\\", "\n", "\n\n", "    ", "\t", "---", "===", "|", "{{DATE(2026-01-01T00:00:00Z)}}",
         "Åsa", "skolan", " ", "a_b", "http://x.se", "[x]: http://x.se", "\u202e", "5-6", "!"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


def shown(markdown: str) -> tuple[str, set[str]]:
    """The text that is read and the tags it is made of, as CommonMark renders it."""
    rendered = RENDERER.render(markdown)
    tags = set(re.findall(r"</?(\w+)", rendered))
    return html.unescape(re.sub(r"<[^>]*>", "", rendered)).replace("\u2060", ""), tags


@given(WICKED | st.text())
def test_a_persons_text_shows_as_typed_and_makes_nothing(text: str) -> None:
    read, tags = shown(escape(text))
    assert tags <= {"p"}
    assert "".join(read.split()) == "".join(plain(text).split())


@given(WICKED | st.text())
def test_on_one_line_too(text: str) -> None:
    flat = one_line(text, limit=40)
    assert "\n" not in flat
    assert shown(flat)[1] <= {"p"}


@given(WICKED | st.text())
def test_no_date_function_survives(text: str) -> None:
    assert "{{" not in escape(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Klotter vid Risbroskolan, 5-6 ungdomar. Åtgärdat!",
        "Bråk kl. 22.30 (fredag) – polis på plats; 2:a gången.",
        "Parkvägen 3 & Storgatan 12: trasig belysning, 50 % släckt.",
        "-5 grader, halt. Snöröjning #klart",
    ],
)
def test_ordinary_swedish_is_left_alone(sentence: str) -> None:
    assert escape(sentence) == plain(sentence) == one_line(sentence) == sentence


def test_what_turns_text_around_is_taken_away() -> None:
    assert plain("a\u202eb\u200bc\x07") == "abc"


def test_lines_stay_lines() -> None:
    assert escape("ett\r\ntvå\n\n\n  tre") == "ett\n\ntvå\n\ntre"


def test_a_long_name_is_cut_with_a_mark() -> None:
    assert one_line("Lång " * 10, limit=12) == "Lång Lång L…"
