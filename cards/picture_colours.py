"""The areas laid out as a template with colours has them: bullets, compiled assessment, comments (A1, A3)."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor

from cards.elements import Element, TextBlock
from cards.picture_areas import (
    COLOURS,
    View,
    colour_words,
    details,
    mark,
    only_rated,
    rating_of,
    subheading,
    who,
)
from cards.safe import escape, one_line
from lagesbild.picture import AreaPicture, Remark
from lagesbild.templates import Colour, Rating


def section(v: View, area: AreaPicture, *, whole: bool) -> list[Element]:
    """An area as in a template with colours: heading, bullets, compiled assessment, comments (A3).

    Without `whole` the words are left out, and a line says that they stand in the thread.
    """
    question = v.template.question(area.number)
    title = v.t("picture.heading", number=area.number, title=one_line(area.title))
    parts: list[Element] = [subheading(title, separator=True)]
    if not area.mentioned_by:
        return [*parts, TextBlock(v.t("picture.nothing_here"), is_subtle=True, spacing="none")]
    parts += _bullets(v, area) if whole else [TextBlock(v.t("picture.in_thread"), is_subtle=True)]
    if area.rating is Rating.COLOUR:
        parts.append(TextBlock(_assessment(v, area, v.template.scale), spacing="small"))
    parts += details(v, area)
    comments = [one for one in area.remarks if one.comment.strip()] if whole else []
    if comments:
        label = v.t("picture.comment", label=one_line(question.comment_label))
        parts.append(TextBlock(label, spacing="small"))
        parts += [TextBlock(_comment(v, one), spacing="small") for one in comments]
    return [*parts, *(only_rated(v, area) if whole else [])]


def _bullets(v: View, area: AreaPicture) -> list[Element]:
    return [
        TextBlock(_bulleted(v, one), spacing="small")
        for one in area.remarks
        if any(bullet.strip() for bullet in one.bullets)
    ]


def _bulleted(v: View, remark: Remark) -> str:
    """An answer's bullets as a list, with whose they are after the last."""
    bullets = "\n\n".join(f"• {escape(bullet)}" for bullet in remark.bullets if bullet.strip())
    known = {"text": bullets, "who": who(v, remark), "mark": mark(v, remark)}
    rating = rating_of(v, remark)
    return v.t("picture.bulleted", level=rating, **known) if rating else v.t("picture.positive", **known)


def _comment(v: View, remark: Remark) -> str:
    """A comment with its rating, unless that stands beside the same answer's bullets already."""
    known = {"who": who(v, remark), "mark": mark(v, remark), "text": escape(remark.comment)}
    rating = "" if any(bullet.strip() for bullet in remark.bullets) else rating_of(v, remark)
    return v.t("picture.remark", level=rating, **known) if rating else v.t("picture.remark_unrated", **known)


def _assessment(v: View, area: AreaPicture, scale: Mapping[Colour, str]) -> str:
    label = one_line(v.template.question(area.number).measure_label)
    if area.level is None:
        return v.t("picture.assessment_none", label=label)
    colour = colour_words(v, area.level)
    meaning = scale.get(COLOURS[floor(area.level) - 1], "") if area.level == floor(area.level) else ""
    if not meaning:
        return v.t("picture.assessment_bare", label=label, colour=colour)
    return v.t("picture.assessment", label=label, colour=colour, meaning=one_line(meaning, 200))
