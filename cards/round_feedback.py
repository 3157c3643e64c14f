"""Once a round, to everybody who answered: what became of it, in ten seconds (C5)."""

from __future__ import annotations

from typing import Final

from cards.card import Card
from cards.elements import Container, Element, TextBlock
from cards.feedback import fewer_button, level_words
from cards.layout import quiet
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.feedback import AreaFeedback, RoundFeedback
from lagesbild.templates import Colour

_MOST_LIFTED: Final = 4
_COMMENT: Final = 120


def round_feedback_card(t: Texts, feedback: RoundFeedback) -> Card:
    """Thanks, how many answered, the areas the reader spoke of, and what was lifted."""
    day = t.date(feedback.group.local_day(feedback.round.deadline))
    title = t("feedback.round_title", day=day)
    counted = t("feedback.round_answered", answered=feedback.answered, asked=feedback.asked)
    body: list[Element] = [
        TextBlock(title, size="large", weight="bolder", style="heading"),
        TextBlock(f"{_thanks(t, feedback)} {counted}", spacing="none"),
        *[_area(t, one) for one in feedback.areas],
        *_lifted(t, feedback),
    ]
    group = one_line(feedback.group.title)
    body.append(TextBlock(t("feedback.round_why", group=group), size="small", is_subtle=True, separator=True))
    fallback = t("feedback.round_fallback", title=title, counted=counted)
    return Card(body, lang=t.language, fallback_text=fallback, actions=[fewer_button(t, feedback.group)])


def _thanks(t: Texts, feedback: RoundFeedback) -> str:
    if feedback.nothing_to_report:
        return t("feedback.thanks_nothing")
    return t("feedback.thanks" if feedback.areas else "feedback.thanks_positive")


def _area(t: Texts, area: AreaFeedback) -> Element:
    """One area that the reader spoke of: its colour in words, and what that leads to."""
    title = one_line(area.question.title)
    lines: list[Element] = [TextBlock(t("feedback.area", what=_what(t, area), area=title), spacing="none")]
    leads = _leads_to(t, area)
    if leads:
        lines.append(TextBlock(leads, spacing="none"))
    if area.comment:
        lines.append(quiet(t("feedback.group_says", words=one_line(area.comment, _COMMENT))))
    return Container(lines, spacing="small")


def _what(t: Texts, area: AreaFeedback) -> str:
    if area.colour is not None:
        return t(f"feedback.colour_{area.colour.value}")
    if area.level is not None:
        return level_words(t, area.question.rating, area.level)
    return t("feedback.noted")


def _leads_to(t: Texts, area: AreaFeedback) -> str:
    """Where it goes from here, and why it is fine that it did not go further."""
    if area.referred:
        return t("feedback.leads_council")
    if area.colour is Colour.YELLOW and area.measure is not None:
        return t(
            "feedback.leads_measure",
            words=one_line(area.measure.text, _COMMENT),
            who=one_line(area.measure.owner.name),
            day=t.date(area.measure.due),
        )
    return t(f"feedback.leads_{area.colour.value}") if area.colour else ""


def _lifted(t: Texts, feedback: RoundFeedback) -> list[Element]:
    """All that went to the council; what the reader's own areas led to stands above."""
    titles = [one_line(title, 80) for title in feedback.lifted[:_MOST_LIFTED]]
    if not titles:
        return [TextBlock(t("feedback.none_lifted"), spacing="small")]
    return [TextBlock(t("feedback.lifted", titles=t.titles(titles)), spacing="small")]
