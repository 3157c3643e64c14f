"""How the chain back to the reporters fares, folded under a line of the coordinator's status (C5, C6, D4)."""

from __future__ import annotations

from typing import Final

from cards.elements import Container, Element, TextBlock
from cards.layout import quiet, unfold
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.feedback import ChainFigures, ChainOfReporter

_ID: Final = "chain"
_MOST: Final = 20


def chain_section(t: Texts, figures: ChainFigures | None) -> list[Element]:
    """The figures in plain sentences, then by reporter; one line while there is nothing to measure."""
    if figures is None:
        return []
    if not figures.answers:
        return [TextBlock(t("status.chain_nothing"), size="small", is_subtle=True, spacing="medium")]
    lines: list[Element] = [TextBlock(line, spacing="small") for line in _sentences(t, figures)]
    lines += [quiet(_of(t, one)) for one in figures.reporters[:_MOST]]
    if len(figures.reporters) > _MOST:
        lines.append(quiet(t("status.undelivered_more", n=len(figures.reporters) - _MOST)))
    folded = Container(lines, id=_ID, is_visible=False, spacing="none")
    return [Container([unfold(t("status.chain"), _ID), folded], spacing="medium")]


def _sentences(t: Texts, figures: ChainFigures) -> list[str]:
    """Only what there is something to say about."""
    found = [_answered(t, figures)]
    if figures.noes:
        found.append(t("status.chain_noes", led_on=figures.noes_led_on, noes=figures.noes))
    if figures.members:
        found.append(t("status.chain_opened", opened=figures.opened_promises, members=figures.members))
    return found


def _answered(t: Texts, figures: ChainFigures) -> str:
    if figures.median_days is None:
        return t.plural("status.chain_none", figures.answers)
    when = _days(t, figures.median_days)
    return t("status.chain_answered", answered=figures.answered, answers=figures.answers, when=when)


def _of(t: Texts, one: ChainOfReporter) -> str:
    known = {"name": one_line(one.member.name), "answered": one.answered, "answers": one.answers}
    if one.median_days is None:
        return t("status.chain_of_none", **known)
    return t("status.chain_of", when=_days(t, one.median_days), **known)


def _days(t: Texts, days: float) -> str:
    """Whole days; less than half a one is the same day."""
    whole = round(days)
    return t.plural("status.chain_days", whole) if whole else t("status.chain_same_day")
