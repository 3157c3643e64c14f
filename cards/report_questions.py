"""The report card's questions: level and comment on a phone's row each, the full question on demand (A1, A5, A6)."""

from __future__ import annotations

from cards.buttons import ToggleVisibility
from cards.elements import Column, ColumnSet, Container, Element, TextBlock
from cards.fields import Choice, ChoiceSet, Input, TextInput
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.answering import MAX_COMMENT, Sheet
from lagesbild.reports import Answer
from lagesbild.templates import Colour, Question, Rating

ONE_LINE = 40
"""Characters that a one-line field shows on a phone."""


def question_parts(t: Texts, sheet: Sheet, question: Question, *, marked: bool) -> list[Element]:
    """One question's row, and under it what unfolds; `marked` where the guard found something in its answer (A11)."""
    answer = sheet.answers.get(question.number, Answer(question.number))
    if question.rating is Rating.NONE:
        return [_positive(t, question, answer)]
    return [_row(t, sheet, question, answer), _unfolded(t, sheet, question, answer, marked=marked)]


def _row(t: Texts, sheet: Sheet, question: Question, answer: Answer) -> Element:
    label = f"{question.number}. {plain(question.title)}"
    last = sheet.last_levels.get(question.number)
    link = t("report.comment" if question.rating is Rating.IMPACT else "report.bullets")
    toggle = ToggleVisibility(f"{link}: {plain(question.title)}", [f"more_{question.number}"])
    side: list[Element] = [
        TextBlock(link, color="accent", weight="bolder", horizontal_alignment="right"),
        TextBlock(
            _last(t, question, last),
            is_subtle=True,
            size="small",
            spacing="none",
            horizontal_alignment="right",
        ),
    ]
    return ColumnSet(
        [
            Column([_level(t, question, answer, label)], width="stretch"),
            Column(side, width="auto", vertical_content_alignment="bottom", select_action=toggle),
        ],
        spacing="small",
    )


def _level(t: Texts, question: Question, answer: Answer, label: str) -> Input:
    if question.rating is Rating.IMPACT:
        choices = [Choice(t("report.nothing"), "0")]
        choices += [Choice(t(f"report.impact_{level}"), str(level)) for level in range(1, 6)]
        return ChoiceSet(
            f"impact_{question.number}", label, choices, value=str(answer.impact or 0), style="compact"
        )
    choices = [Choice(t("report.nothing"), "0")]
    choices += [Choice(t(f"report.colour_{colour.value}"), colour.value) for colour in Colour]
    value = answer.colour.value if answer.colour else "0"
    return ChoiceSet(f"colour_{question.number}", label, choices, value=value, style="compact")


def _last(t: Texts, question: Question, level: float | None) -> str:
    if level is None:
        return t("report.last_none")
    if question.rating is Rating.COLOUR:
        colour = tuple(Colour)[min(2, max(0, round(level) - 1))]
        return t("report.last", level=t(f"report.last_{colour.value}"))
    return t("report.last", level=t.number(level))


def _unfolded(t: Texts, sheet: Sheet, question: Question, answer: Answer, *, marked: bool) -> Element:
    """The full question with its text field: one tap unfolds both. It stands open when something is written."""
    inside: list[Element] = []
    if question.rating is Rating.COLOUR:
        inside.append(
            TextInput(
                f"bullets_{question.number}",
                plain(question.text),
                value=plain("\n".join(answer.bullets)) or None,
                placeholder=t("report.bullets_hint"),
                is_multiline=True,
                max_length=MAX_COMMENT,
            )
        )
        inside.append(_comment(t, question, answer, label=plain(question.comment_label)))
        inside += _scale(t, sheet)
    else:
        inside.append(_comment(t, question, answer, label=plain(question.text)))
    return Container(
        inside,
        id=f"more_{question.number}",
        is_visible=marked or bool(answer.words),
        style="attention" if marked else None,
        spacing="small",
    )


def _scale(t: Texts, sheet: Sheet) -> list[Element]:
    """What the template says that each colour means (A3)."""
    return [
        TextBlock(
            t("report.scale", colour=t(f"report.colour_{colour.value}"), meaning=one_line(meaning, 200)),
            size="small",
            is_subtle=True,
            spacing="small",
        )
        for colour, meaning in sheet.template.scale.items()
    ]


def _comment(t: Texts, question: Question, answer: Answer, *, label: str) -> TextInput:
    hint = "report.what_happened_where" if question.asks_place_and_time else "report.what_happened"
    return TextInput(
        f"comment_{question.number}",
        label,
        value=plain(answer.comment) or None,
        placeholder=None if question.is_positive else t(hint),
        is_multiline=True,
        max_length=MAX_COMMENT,
        spacing="small",
    )


def figures_part(t: Texts, counts: str) -> Element:
    """Local figures as they were typed; unfolded from the last question (A5)."""
    field = TextInput(
        "counts",
        t("report.counts_label"),
        placeholder=t("report.counts_hint"),
        value=plain(counts) or None,
        max_length=300,
    )
    return Container([field], id="figures", is_visible=bool(counts), spacing="none")


def _positive(t: Texts, question: Question, answer: Answer) -> Element:
    """The question about what went well stands open, on one line until there is more; figures unfold beside it."""
    comment = _comment(t, question, answer, label=f"{question.number}. {t('report.positive')}")
    comment.is_multiline = len(answer.comment) > ONE_LINE or "\n" in answer.comment or None
    show = ToggleVisibility(t("report.counts"), ["figures"])
    link = TextBlock(t("report.counts"), color="accent", size="small", horizontal_alignment="right")
    return ColumnSet(
        [
            Column([comment], width="stretch"),
            Column([link], width="auto", vertical_content_alignment="bottom", select_action=show),
        ],
        spacing="small",
    )
