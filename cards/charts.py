"""Teams' own charts and small figures. All are newer than 1.2: none can be made without a fallback."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from cards.base import Node, positional, required
from cards.buttons import Action
from cards.elements import Colour, Newer

ChartColour = Literal[
    "good", "warning", "attention", "neutral",
    "categoricalRed", "categoricalPurple", "categoricalLavender", "categoricalBlue", "categoricalLightBlue",
    "categoricalTeal", "categoricalGreen", "categoricalLime", "categoricalMarigold",
    "sequential1", "sequential2", "sequential3", "sequential4",
    "sequential5", "sequential6", "sequential7", "sequential8",
]  # fmt: skip


class Chart(Newer):
    """What all charts share; `title` is what a screen reader says first."""

    title: str = positional(kw_only=False)
    color_set: Literal["categorical", "sequential", "diverging"] | None = None


class Bar(Node):
    """One bar: its words and its length."""

    x: str = positional(kw_only=False)
    y: float = positional(kw_only=False)
    color: ChartColour | None = None


class HorizontalBarChart(Chart):
    """Bars under each other; `AbsoluteNoAxis` shows the figures at the bars' ends and reads best."""

    element_type: ClassVar[str] = "Chart.HorizontalBar"
    data: Sequence[Bar] = positional(kw_only=False)
    color: ChartColour | None = None
    display_mode: Literal["AbsoluteWithAxis", "AbsoluteNoAxis", "PartToWhole"] | None = None
    x_axis_title: str | None = None
    y_axis_title: str | None = None


class LinePoint(Node):
    """A point of a line: `x` a date (YYYY-MM-DD) or a number."""

    x: str | float = positional(kw_only=False)
    y: float = positional(kw_only=False)


class Line(Node):
    """One line and its name."""

    legend: str = positional(kw_only=False)
    values: Sequence[LinePoint] = positional(kw_only=False)
    color: ChartColour | None = None


class LineChart(Chart):
    """Lines over time."""

    element_type: ClassVar[str] = "Chart.Line"
    data: Sequence[Line] = positional(kw_only=False)
    color: ChartColour | None = None
    x_axis_title: str | None = None
    y_axis_title: str | None = None
    y_min: float | None = None
    y_max: float | None = None


class Segment(Node):
    """A part of a gauge's arc."""

    legend: str = positional(kw_only=False)
    size: float = positional(kw_only=False)
    color: ChartColour | None = None


class GaugeChart(Chart):
    """One figure on an arc, such as how many have answered."""

    element_type: ClassVar[str] = "Chart.Gauge"
    value: float = required()
    min: float | None = None
    max: float | None = None
    segments: Sequence[Segment] | None = None
    sub_label: str | None = None
    show_legend: bool | None = None
    show_min_max: bool | None = None
    value_format: Literal["Percentage", "Fraction"] | None = None


class Badge(Newer):
    """A word in a coloured pill."""

    element_type: ClassVar[str] = "Badge"
    text: str = positional(kw_only=False)
    style: Literal["Default", "Subtle", "Informative", "Accent", "Good", "Attention", "Warning"] | None = None
    size: Literal["Medium", "Large", "ExtraLarge"] | None = None
    shape: Literal["Square", "Rounded", "Circular"] | None = None
    appearance: Literal["Filled", "Tint"] | None = None
    icon: str | None = None
    tooltip: str | None = None


class ProgressBar(Newer):
    """How far something has come, 0 to `max` (100 unless said); the figure stands in words beside it."""

    element_type: ClassVar[str] = "ProgressBar"
    value: float = positional(kw_only=False)
    max: float | None = None
    color: Literal["Accent", "Good", "Warning", "Attention"] | None = None


class Icon(Newer):
    """One of Fluent's icons by name, such as "Comment"; says nothing to a screen reader, so a word stands beside it."""

    element_type: ClassVar[str] = "Icon"
    name: str = positional(kw_only=False)
    size: Literal["xxSmall", "xSmall", "Small", "Standard", "Medium", "Large"] | None = None
    style: Literal["Regular", "Filled"] | None = None
    color: Colour | None = None
    select_action: Action | None = None
