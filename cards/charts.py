"""Teams' own bar chart. It is newer than 1.2, so it can't be made without a fallback."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from cards.base import Node, positional
from cards.elements import Newer

ChartColour = Literal[
    "good", "warning", "attention", "neutral",
    "categoricalRed", "categoricalPurple", "categoricalLavender", "categoricalBlue", "categoricalLightBlue",
    "categoricalTeal", "categoricalGreen", "categoricalLime", "categoricalMarigold",
    "sequential1", "sequential2", "sequential3", "sequential4",
    "sequential5", "sequential6", "sequential7", "sequential8",
]  # fmt: skip


class Bar(Node):
    """One bar: its words and its length."""

    x: str = positional(kw_only=False)
    y: float = positional(kw_only=False)
    color: ChartColour | None = None


class HorizontalBarChart(Newer):
    """Bars under each other; `title` is what a screen reader says first. `AbsoluteNoAxis` shows the figures at the bars'
    ends and reads best."""

    element_type: ClassVar[str] = "Chart.HorizontalBar"
    title: str = positional(kw_only=False)
    data: Sequence[Bar] = positional(kw_only=False)
    color: ChartColour | None = None
    color_set: Literal["categorical", "sequential", "diverging"] | None = None
    display_mode: Literal["AbsoluteWithAxis", "AbsoluteNoAxis", "PartToWhole"] | None = None
    x_axis_title: str | None = None
    y_axis_title: str | None = None
