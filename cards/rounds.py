"""What `öppna`, `stäng` and `påminn` did: in words, with who got something and who did not and why (F4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cards.actions import execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.help import RunCommand
from cards.layout import header, heading
from cards.report import OpenReport
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.people import Group
from lagesbild.rounds import Meeting, Round
from lagesbild.usecases.asking import Reason, Skipped
from lagesbild.usecases.rounds import Opened, Reminded

_UNSAID = frozenset({Reason.PROMPTED, Reason.ANSWERED, Reason.JUST_PROMPTED})
"""Reasons that need no line of their own: they are as they should be."""


def opened_card(t: Texts, group: Group, opened: Opened, *, names: bool = True) -> Card:
    """The round is open: until when, how many are asked, who is not and why. Without `names` for where others read."""
    title = t("round.already" if opened.already else "round.opened", day=_day(t, group, opened.meeting))
    until = t("round.until", when=t.datetime(opened.round.deadline, group.timezone))
    body: list[Element] = [*header(title, until), TextBlock(t.plural("round.prompted", len(opened.prompted)))]
    body += _skipped(t, opened.skipped, names=names)
    answer = execute(t("round.answer"), OpenReport(opened.round.id), associated_inputs="none")
    buttons: list[Action] = [*([answer] if names else []), _run(t, "status", group)]
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def closed_card(t: Texts, group: Group, round_: Round, meeting: Meeting) -> Card:
    """The round is closed, and what comes next."""
    title = t("round.closed", day=_day(t, group, meeting))
    body: list[Element] = [*header(title), TextBlock(t("round.closed_next"))]
    buttons = [
        _run(t, "compile", group, number=round_.number),
        _run(t, "status", group, number=round_.number),
    ]
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def reminded_card(t: Texts, group: Group, reminded: Reminded, *, names: bool = True) -> Card:
    """Who gets a reminder, and who does not and why. Without `names` for where others read."""
    count = len(reminded.reminded)
    title = t.plural("round.reminded", count) if count else t("round.reminded_none")
    body: list[Element] = [*header(title)]
    if count and names:
        body.append(TextBlock(_names(t, [m.name for m in reminded.reminded])))
    body += _skipped(t, reminded.skipped, names=names)
    return Card(body, lang=t.language, fallback_text=title, actions=[_run(t, "status", group)])


def _skipped(t: Texts, skipped: Sequence[Skipped], *, names: bool) -> list[Element]:
    by_reason: dict[Reason, list[str]] = defaultdict(list)
    for one in skipped:
        if one.reason not in _UNSAID:
            by_reason[one.reason].append(one.member.name)
    if not by_reason:
        return []
    if not names:
        return [TextBlock(t.plural("round.not_asked_count", sum(map(len, by_reason.values()))))]
    lines = [
        t("round.skipped_line", who=_names(t, who), why=t(f"round.why_{reason.value}"))
        for reason, who in by_reason.items()
    ]
    return [heading(t("round.not_asked")), *[TextBlock(line, spacing="small") for line in lines]]


def _names(t: Texts, names: Sequence[str]) -> str:
    return t.list([one_line(name) for name in names])


def _run(t: Texts, what: str, group: Group, *, number: int | None = None) -> Action:
    words = {"status": ("status", "status"), "compile": ("sammanställ", "compile")}[what]
    line = words[1] if t.language == "en" else words[0]
    title = t(f"round.{what}")
    return execute(
        title, RunCommand(f"{line} {number}" if number else line, group.id), associated_inputs="none"
    )


def _day(t: Texts, group: Group, meeting: Meeting) -> str:
    return t.date(group.local_day(meeting.starts_at))
