"""The areas of the situation picture in words: rows, reasons, remarks, assessments (B1, B3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from cards.buttons import ToggleVisibility
from cards.charts import Bar, HorizontalBarChart
from cards.elements import Column, ColumnSet, Container, Element, TextBlock
from cards.safe import escape, one_line, plain
from cards.texts import Texts
from lagesbild.compiling import colour_of
from lagesbild.picture import AreaPicture, Mention, Reason, ReasonKind, Remark, SituationPicture
from lagesbild.templates import Colour, Rating, Template

COLOURS: Final = tuple(Colour)
_UP, _DOWN, _LEVEL = "▲", "▼", "●"
_FULL, _EMPTY = "▮", "▯"
_SYMBOL_WIDTH: Final = "22px"
_LARGE_FROM: Final = 4
_NAMED_REPEATS: Final = 4


@dataclass(frozen=True)
class View:
    """A picture with what it is shown by: the texts, its template, and the group's colours of 1–5 if it has any (A3)."""

    t: Texts
    picture: SituationPicture
    template: Template
    colours: Sequence[Colour] | None = None
    names: bool = False
    """Whether those who did not answer are named: to whoever leads the group, never in the channel (A7)."""

    @property
    def ordered(self) -> tuple[AreaPicture, ...]:
        """The areas that somebody mentions, in the suggested order."""
        areas = (self.picture.area(number) for number in self.picture.order)
        return tuple(area for area in areas if area.mentioned_by)

    @property
    def calm(self) -> tuple[AreaPicture, ...]:
        """The areas that nobody mentions, in the template's order."""
        return tuple(area for area in self.picture.areas if not area.mentioned_by)

    @property
    def in_colours(self) -> bool:
        """Whether the template asks for colours, so that the post is laid out as the template is."""
        return any(question.rating is Rating.COLOUR for question in self.template.questions)


def chart(v: View) -> list[Element]:
    """The ratings' levels as bars of one hue, in the template's order: the same place every time."""
    rated = [area for area in v.picture.areas if area.rating is Rating.IMPACT and area.level is not None]
    if not rated:
        return []
    title = v.t("picture.chart")
    bars = [Bar(plain(area.title), area.level or 0.0) for area in rated]
    return [
        subheading(title),
        HorizontalBarChart(
            title,
            bars,
            color="categoricalBlue",
            display_mode="AbsoluteNoAxis",
            fallback=Container([TextBlock(_bar(v, area), spacing="none") for area in rated]),
        ),
    ]


def _bar(v: View, area: AreaPicture) -> str:
    full = floor((area.level or 0.0) + 0.5)
    return v.t(
        "picture.chart_row",
        blocks=_FULL * full + _EMPTY * (5 - full),
        level=level_figure(v, area.level),
        area=one_line(area.title),
    )


def subheading(title: str, *, separator: bool = False) -> TextBlock:
    """A heading inside the post, smaller than the post's own."""
    return TextBlock(
        title, size="medium", weight="bolder", style="heading", separator=separator, spacing="medium"
    )


def row(v: View, area: AreaPicture, *, unfolds: str | None = None) -> ColumnSet:
    """One area: symbol, title, why it stands here, and its figure at the right. A tap unfolds what `unfolds` names."""
    words: list[Element] = [TextBlock(f"**{one_line(area.title)}**")]
    words += [
        TextBlock(line, is_subtle=True, size="small", spacing="none")
        for line in (" · ".join(_why(v, area)), " · ".join(_background(v, area)))
        if line
    ]
    tap = ToggleVisibility(v.t("picture.unfold", area=one_line(area.title)), [unfolds]) if unfolds else None
    return ColumnSet(
        [
            Column([TextBlock(_symbol(area), wrap=False)], width=_SYMBOL_WIDTH),
            Column(words, width="stretch", spacing="none"),
            Column(_figure(v, area), width="auto", vertical_content_alignment="center"),
        ],
        select_action=tap,
        separator=True,
        spacing="small",
    )


def _symbol(area: AreaPicture) -> str:
    if not area.change:
        return _LEVEL
    return _UP if area.change > 0 else _DOWN


def _figure(v: View, area: AreaPicture) -> list[Element]:
    if area.rating is Rating.COLOUR:
        return [TextBlock(line, weight="bolder", spacing="none") for line in _colour_lines(v, area.level)]
    figure = TextBlock(
        level_figure(v, area.level), size="extraLarge", weight="bolder", horizontal_alignment="right"
    )
    colour = colour_of(area.level, v.colours) if area.rating is Rating.IMPACT else None
    if colour is None:
        return [figure]
    name = v.t(f"picture.colour_{colour.value}")
    return [figure, TextBlock(name, size="small", spacing="none", horizontal_alignment="right")]


def level_figure(v: View, level: float | None) -> str:
    """A level as a figure; a dash without one."""
    return "–" if level is None else v.t.number(level)


def colour_words(v: View, level: float | None) -> str:
    """A level 1–3 as a colour's symbol and word; one half-way says between which, since rounding would invent."""
    if level is None:
        return "–"
    low, high = (v.t(f"picture.colour_{COLOURS[step(level) - 1].value}") for step in (floor, ceil))
    return low if low == high else v.t("picture.between", low=low, high=high)


def _colour_lines(v: View, level: float | None) -> list[str]:
    """The same for a narrow column."""
    if level is None:
        return ["–"]
    low, high = (v.t(f"picture.colour_{COLOURS[step(level) - 1].value}") for step in (floor, ceil))
    return [low] if low == high else [low, v.t("picture.up_to", high=high)]


def _level_words(v: View, area: AreaPicture, level: float | None) -> str:
    return colour_words(v, level) if area.rating is Rating.COLOUR else level_figure(v, level)


def _why(v: View, area: AreaPicture) -> list[str]:
    """The reasons in words, weightiest first; the level itself stands at the right."""
    found = [words for reason in area.reasons if (words := _reason(v, area, reason))]
    if area.change == 0:
        found.append(v.t("picture.same"))
    elif area.change is None and area.level is not None and len(area.trend) > 1:
        found.append(v.t("picture.new"))
    return found


def _reason(v: View, area: AreaPicture, reason: Reason) -> str:
    if reason.kind is ReasonKind.LEVEL:
        large = area.rating is Rating.IMPACT and reason.a >= _LARGE_FROM
        return v.t("picture.large") if large else ""
    if reason.kind in (ReasonKind.ROSE, ReasonKind.FELL):
        return v.t(f"picture.{reason.kind.value}", level=_trend_step(v, area, reason.b))
    if reason.kind is ReasonKind.SPREAD:
        return v.t("picture.spread", a=round(reason.a), b=round(reason.b))
    times = round(reason.a)
    if times <= _NAMED_REPEATS:
        return v.t(f"picture.repeated_{times}")
    return v.t("picture.repeated", n=times)


def _background(v: View, area: AreaPicture) -> list[str]:
    trend = _trend(v, area)
    found = [v.t("picture.trend", levels=trend)] if trend else []
    spread = next((reason for reason in area.reasons if reason.kind is ReasonKind.SPREAD), None)
    if spread is None or (round(spread.a), round(spread.b)) != (area.mentioned_by, area.answered):
        found.insert(0, v.t("picture.mentioned", n=area.mentioned_by, total=area.answered))
    return found


def _trend(v: View, area: AreaPicture) -> str:
    """The last levels, once there are three to follow; as symbols where they are colours."""
    levels = area.trend[-4:]
    if sum(level is not None for level in levels) < 3:
        return ""
    return " → ".join(_trend_step(v, area, level) for level in levels)


def _trend_step(v: View, area: AreaPicture, level: float | None) -> str:
    if area.rating is not Rating.COLOUR or level is None:
        return level_figure(v, level)
    ends = (v.t(f"picture.colour_{COLOURS[step(level) - 1].value}").split()[-1] for step in (floor, ceil))
    return "/".join(dict.fromkeys(ends)).lower()


def details(v: View, area: AreaPicture) -> list[Element]:
    """How the answers fall, and the places and times that stand out."""
    lines = [answers_line(v, area)]
    if area.places:
        lines.append(v.t("picture.places", places=_mentions(v, area.places)))
    if area.times:
        lines.append(v.t("picture.times", times=_mentions(v, area.times)))
    return [TextBlock(line, size="small", is_subtle=True, spacing="none") for line in lines]


def answers_line(v: View, area: AreaPicture) -> str:
    """How many answered what, as one says it, the highest first."""
    steps = [
        v.t("picture.step", level=_level_words(v, area, level), n=_number(v, count))
        for level, count in reversed(tuple(enumerate(area.distribution, start=1)))
        if count
    ]
    if area.unrated:
        steps.append(v.t("picture.step_unrated", n=_number(v, area.unrated)))
    if area.nothing:
        steps.append(v.t("picture.step_nothing", n=_number(v, area.nothing)))
    return v.t("picture.answers", steps=", ".join(steps))


def _number(v: View, count: int) -> str:
    """A small number as a word: figures beside the ratings' own would look like a sum."""
    words = v.t("picture.numbers").split()
    return words[count - 1] if 0 < count <= len(words) else v.t.number(count)


def _mentions(v: View, mentions: Iterable[Mention]) -> str:
    return ", ".join(
        v.t("picture.mention", name=one_line(one.name), n=one.organisations)
        if one.organisations > 1
        else one_line(one.name)
        for one in mentions
    )


def remarks(v: View, area: AreaPicture) -> list[Element]:
    """Every comment under its organisation, whole; those that only rated together on a line."""
    said: list[Element] = [
        TextBlock(_remark(v, one), spacing="small") for one in area.remarks if _words(one).strip()
    ]
    return [*said, *only_rated(v, area)]


def only_rated(v: View, area: AreaPicture) -> list[Element]:
    """Those that gave a rating without words, together on a line."""
    silent = [one for one in area.remarks if not _words(one).strip()]
    if not silent:
        return []
    line = v.t("picture.only_rated", list=", ".join(_rated(v, one) for one in silent))
    return [TextBlock(line, size="small", spacing="small")]


def _words(remark: Remark) -> str:
    return "\n".join((*remark.bullets, remark.comment))


def _remark(v: View, remark: Remark) -> str:
    known = {"who": who(v, remark), "mark": mark(v, remark), "text": _typed(remark)}
    rating = rating_of(v, remark)
    return v.t("picture.remark", level=rating, **known) if rating else v.t("picture.remark_unrated", **known)


def _typed(remark: Remark) -> str:
    bullets = [f"• {escape(bullet)}" for bullet in remark.bullets if bullet.strip()]
    comment = [escape(remark.comment)] if remark.comment.strip() else []
    return "\n\n".join([*(["", *bullets] if bullets else []), *comment])


def _rated(v: View, remark: Remark) -> str:
    return v.t("picture.rated", who=who(v, remark), level=rating_of(v, remark), mark=mark(v, remark))


def rating_of(v: View, remark: Remark) -> str:
    """The rating or colour that goes with a remark; empty without one."""
    if remark.impact is not None:
        return str(remark.impact)
    return v.t(f"picture.colour_{remark.colour.value}") if remark.colour else ""


def who(v: View, remark: Remark) -> str:
    """The organisation's name, or that there is none any more."""
    return one_line(remark.organisation) or v.t("picture.somebody")


def mark(v: View, remark: Remark) -> str:
    """That the answer came late, or was entered by the coordinator (A7, A8)."""
    late = v.t("picture.mark_late") if remark.late else ""
    return late + (v.t("picture.mark_behalf") if remark.on_behalf else "")
