"""The receipt: exactly what was stored, and what happens with it (A6, A7)."""

from __future__ import annotations

from cards.actions import execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.report import OpenReport, counts_line
from cards.safe import escape, one_line
from cards.texts import Texts
from lagesbild.reports import Answer
from lagesbild.templates import Question
from lagesbild.usecases.reports import Receipt


def receipt_card(t: Texts, receipt: Receipt, *, on_behalf: bool = False) -> Card:
    """What was sent, as it is stored; with a button to change it."""
    title = _title(t, receipt, on_behalf=on_behalf)
    body: list[Element] = [
        TextBlock(f"✓ {title}", size="large", weight="bolder", color="good", style="heading")
    ]
    body += [TextBlock(line, is_subtle=True, spacing="none") for line in _facts(t, receipt)]
    body += _answers(t, receipt)
    body += [TextBlock(_override(t, o.excerpt, o.reason), size="small") for o in receipt.report.overrides]
    body.append(TextBlock(_next(t, receipt), separator=True))
    if receipt.notes_left:
        body.append(TextBlock(t.plural("receipt.notes_left", len(receipt.notes_left)), color="warning"))
    return Card(body, lang=t.language, fallback_text=title, actions=_buttons(t, receipt, on_behalf=on_behalf))


def _title(t: Texts, receipt: Receipt, *, on_behalf: bool) -> str:
    if on_behalf:
        return t("receipt.title_behalf", name=one_line(receipt.member.name))
    if not receipt.changed:
        return t("receipt.title_same")
    return t("receipt.title_changed" if receipt.report.revision > 1 else "receipt.title")


def _facts(t: Texts, receipt: Receipt) -> list[str]:
    zone = receipt.group.timezone
    deadline = t.datetime(receipt.round.deadline, zone)
    sent = receipt.report.submitted_at or receipt.report.updated_at
    lines = [t("receipt.sent", when=t.datetime(sent, zone))]
    if receipt.report.late:
        late = "receipt.late" if sent >= receipt.round.deadline else "receipt.late_closed"
        return [*lines, t(late, deadline=deadline), t("receipt.until_late")]
    return [*lines, t("receipt.until", deadline=deadline)]


def _answers(t: Texts, receipt: Receipt) -> list[Element]:
    if receipt.report.nothing_to_report:
        lines: list[Element] = [TextBlock(t("receipt.nothing"), weight="bolder")]
    else:
        questions = receipt.template.questions
        said = [(q, answer) for q in questions if (answer := receipt.report.answer(q.number)) is not None]
        lines = [line for question, answer in said for line in _answer(t, question, answer)]
        silent = [
            one_line(q.title)
            for q in questions
            if receipt.report.answer(q.number) is None and not q.is_positive
        ]
        if silent:
            lines.append(
                TextBlock(t("receipt.nothing_areas", areas=t.titles(silent)), is_subtle=True, size="small")
            )
    if receipt.report.counts:
        figures = one_line(counts_line(receipt.report.counts), 300)
        lines.append(TextBlock(t("receipt.counts", counts=figures)))
    return lines


def _answer(t: Texts, question: Question, answer: Answer) -> list[Element]:
    level = ""
    if answer.impact is not None:
        level = f" · {t('receipt.impact', level=answer.impact)}"
    elif answer.colour is not None:
        level = f" · {t(f'report.colour_{answer.colour.value}')}"
    lines: list[Element] = [TextBlock(f"**{one_line(question.title)}**{level}", spacing="medium")]
    lines += [TextBlock(f"• {escape(bullet)}", spacing="none") for bullet in answer.bullets]
    if answer.comment:
        lines.append(TextBlock(escape(answer.comment), spacing="none"))
    return lines


def _override(t: Texts, excerpt: str, reason: str) -> str:
    return t("receipt.override", excerpt=one_line(excerpt, 60), reason=one_line(reason, 300))


def _next(t: Texts, receipt: Receipt) -> str:
    day = t.date(receipt.group.local_day(receipt.meeting.starts_at))
    channel = receipt.group.home.channel_name
    if not channel:
        return t("receipt.next_no_channel", day=day)
    return t("receipt.next", day=day, channel=one_line(channel))


def _buttons(t: Texts, receipt: Receipt, *, on_behalf: bool) -> list[Action]:
    payload = OpenReport(receipt.round.id, receipt.member.id if on_behalf else "")
    title = "receipt.add_notes" if receipt.notes_left else "receipt.change"
    return [execute(t(title), payload, associated_inputs="none")]
