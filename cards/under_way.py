"""What is going on, folded under one line of the prompt: direction, promises, and the own answers' way (C7, D4)."""

from __future__ import annotations

from typing import Final

from cards.buttons import ToggleVisibility
from cards.elements import Container, Element, TextBlock
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.measures import Direction
from lagesbild.promises import CitizenPromise
from lagesbild.referrals import Referral
from lagesbild.under_way import UnderWay

_ID: Final = "under_way"
_MOST: Final = 4
_LENGTH: Final = 120


def under_way_lines(t: Texts, known: UnderWay) -> list[Element]:
    """The line and what it unfolds; nothing when nothing goes on."""
    if not known:
        return []
    lines = [_referral(t, known, one) for one in known.referrals]
    if known.direction is not None:
        lines += _direction(t, known.direction)
    lines += [_promise(t, one) for one in known.promises[:_MOST]]
    inside = [TextBlock(line, size="small", spacing="small") for line in lines]
    return [_line(t("report.under_way")), Container(inside, id=_ID, is_visible=False, spacing="none")]


def _line(title: str) -> Container:
    """As small as can be tapped: it must not push the questions off the screen."""
    words = TextBlock(title, color="accent", weight="bolder", size="small")
    return Container([words], select_action=ToggleVisibility(title, [_ID]), spacing="none")


def _referral(t: Texts, known: UnderWay, referral: Referral) -> str:
    title = one_line(referral.title, _LENGTH)
    if referral.id in known.done:
        return t("report.way_done", title=title, day=t.date(known.done[referral.id]))
    state = "overdue" if referral.id in known.overdue else referral.state.value
    return t(f"report.way_{state}", title=title, day=t.date(referral.answer_by))


def _direction(t: Texts, direction: Direction) -> list[str]:
    """What to pursue, and what need not be."""
    until = t.date(direction.last)
    pursued = [one_line(one.text, _LENGTH) for one in direction.priorities[:_MOST]]
    spared = [one_line(text, _LENGTH) for text in direction.not_pursued[:_MOST]]
    key = "report.way_direction" if pursued else "report.way_direction_bare"
    lines = [t(key, until=until, list=t.titles(pursued))]
    return [*lines, t("report.way_not_pursued", list=t.titles(spared))] if spared else lines


def _promise(t: Texts, promise: CitizenPromise) -> str:
    return t("report.way_promise", title=one_line(promise.title, _LENGTH), until=t.date(promise.last))
