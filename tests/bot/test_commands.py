"""What people type, and what the bot takes it for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import Command, Typed, Unclear, understand


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("hjälp", Command.HELP),
        ("HJALP!", Command.HELP),
        ("Hej", Command.HELP),
        ("hello", Command.HELP),
        ("?", Command.HELP),
        ("Sammanställ", Command.COMPILE),
        ("sammanstall", Command.COMPILE),
        ("compile", Command.COMPILE),
        ("Påminn.", Command.REMIND),
        ("oppna", Command.OPEN),
        ("möten", Command.MEETING),
        ("mina uppgifter", Command.MY_DATA),
        ("My  Data", Command.MY_DATA),
        ("brå", Command.COUNCIL),
        ("löften", Command.PROMISES),
        ("/status", Command.STATUS),
    ],
)
def test_a_command_is_known_whatever_its_case_and_accents(line: str, command: Command) -> None:
    understood = understand(line)
    assert isinstance(understood, Typed)
    assert understood.command is command


def test_what_follows_the_command_is_kept_as_it_was_typed() -> None:
    assert understand("Notera  klotter vid Risbroskolan, ÅÄÖ") == Typed(
        Command.NOTE, "klotter vid Risbroskolan, ÅÄÖ"
    )
    assert understand("sammanställ 12") == Typed(Command.COMPILE, "12")
    assert understand("mina uppgifter tack") == Typed(Command.MY_DATA, "tack")


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("samanställ", Command.COMPILE),
        ("sammanstäl", Command.COMPILE),
        ("samansatll", Command.COMPILE),
        ("rapotera", Command.REPORT),
        ("staus", Command.STATUS),
        ("påmin", Command.REMIND),
        ("medlemar", Command.MEMBERS),
        ("instälningar", Command.SETTINGS),
        ("mina upgifter", Command.MY_DATA),
        ("franvro", Command.AWAY),
        ("notra klotter", Command.NOTE),
    ],
)
def test_a_misspelt_command_is_suggested_but_not_carried_out(line: str, meant: Command) -> None:
    understood = understand(line)
    assert isinstance(understood, Unclear)
    assert understood.nearest is meant


@pytest.mark.parametrize(
    "line", ["", "   ", "ok", "klotter vid Risbroskolan i går kväll", "tack så mycket", "👍"]
)
def test_ordinary_talk_suggests_nothing(line: str) -> None:
    assert understand(line) == Unclear(None)


@given(st.text(max_size=300))
def test_any_text_is_understood_or_unclear_and_never_raises(line: str) -> None:
    assert isinstance(understand(line), Typed | Unclear)


def test_no_word_belongs_to_two_commands() -> None:
    words = [word for command in Command for word in command.value]
    assert len(words) == len(set(words))
