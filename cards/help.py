"""What the bot understands: the help card, and the answer to what it does not understand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.fields import TextInput
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.answering import MAX_COMMENT
from lagesbild.people import Group

MOST_GROUPS = 5
"""As many buttons as every client shows in a row."""
REST = "rest"
"""The field with the rest of a line, beside the buttons that run it."""


@dataclass(frozen=True)
class RunCommand(Payload, verb="command.run"):
    """Run a command as if it was typed: a suggestion that was right, or a button in a card."""

    line: str
    group_id: str = ""


@dataclass(frozen=True)
class CommandLine:
    """One line of the help card: the word in the reader's language, the other language's, its text id, and whether it is
    for those alone who lead."""

    word: str
    other: str
    text: str
    leading: bool


def help_card(t: Texts, commands: Sequence[CommandLine]) -> Card:
    """The commands that the reader can use, those of who leads apart, with the two most used as buttons."""
    leading = [command for command in commands if command.leading]
    body: list[Element] = [
        TextBlock(t("help.title"), size="medium", weight="bolder", style="heading"),
        TextBlock(t("help.intro"), is_subtle=True, spacing="none"),
        *_section(t, t("help.everyone"), [command for command in commands if not command.leading]),
    ]
    if leading:
        body += _section(t, t("help.leaders"), leading)
    words = t.list([command.other for command in commands if command.other != command.word])
    body.append(TextBlock(t("help.also", words=words), is_subtle=True, size="small", separator=True))
    by_text = {command.text: command.word for command in commands}
    names = ("status", "compile") if leading else ("report", "away")
    return Card(
        body,
        lang=t.language,
        fallback_text=t("help.title"),
        actions=[_run(by_text[name]) for name in names if name in by_text],
    )


def did_you_mean_card(t: Texts, word: str, line: str) -> Card:
    """A misspelt command: one tap runs what was probably meant."""
    question = t("help.did_you_mean", command=word)
    yes = execute(t("help.yes", command=word), RunCommand(line), style="positive")
    return Card([TextBlock(question)], lang=t.language, fallback_text=question, actions=[yes])


def which_group_card(t: Texts, word: str, rest: str, groups: Sequence[Group], *, question: str = "") -> Card:
    """Somebody in several groups wrote a command: a button for each group runs it there, with the rest of the line.

    The rest stands in a field, once for all buttons: a long note fits, and nothing of it is lost.
    """
    ask = t("help.which_group")
    body: list[Element] = [TextBlock(question)] if question else []
    body.append(TextBlock(ask, weight="bolder"))
    if rest:
        label = t("help.which_text")
        body.append(TextInput(REST, label, value=plain(rest), is_multiline=True, max_length=MAX_COMMENT))
    if question:
        body.append(TextBlock(t("note.or_help"), is_subtle=True, size="small"))
    if len(groups) > MOST_GROUPS:
        body.append(TextBlock(t("help.more_groups"), is_subtle=True, size="small"))
    buttons = [execute(plain(group.title), RunCommand(word, group.id)) for group in groups[:MOST_GROUPS]]
    return Card(body, lang=t.language, fallback_text=question or ask, actions=buttons)


def _run(word: str) -> Action:
    return execute(plain(word.capitalize()), RunCommand(word), associated_inputs="none")


def _section(t: Texts, title: str, commands: Sequence[CommandLine]) -> list[Element]:
    lines: list[Element] = [TextBlock(title, weight="bolder", separator=True)]
    for command in commands:
        text = t("help.line", command=one_line(command.word), what=t(f"help.{command.text}"))
        lines.append(TextBlock(text, spacing="small"))
    return lines
