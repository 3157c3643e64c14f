"""The report card: seven areas on one phone screen, the words unfolded on demand (A1, A5, A6, A7, A10, A11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Container, Element, TextBlock
from cards.fields import TextInput
from cards.report_questions import figures_part, question_parts
from cards.safe import one_line, plain
from cards.texts import Texts
from cards.under_way import under_way_lines
from lagesbild.answering import Caught, Sheet
from lagesbild.reports import Count
from lagesbild.secrecy import FindingKind

A_WEEK = 7


@dataclass(frozen=True)
class SubmitReport(Payload, verb="report.submit"):
    """Send. `notes_until` is when the card was made (ISO), `accepted` the findings shown as possible false alarms,
    `revision` the sent report that the card shows (0: none)."""

    round_id: str
    for_member: str = ""
    notes_until: str = ""
    accepted: tuple[str, ...] = ()
    revision: int | None = None


@dataclass(frozen=True)
class NothingToReport(Payload, verb="report.nothing"):
    """One tap: nothing to report (A6)."""

    round_id: str
    for_member: str = ""
    revision: int | None = None


@dataclass(frozen=True)
class SaveDraft(Payload, verb="report.draft"):
    """Keep what is written without sending it."""

    round_id: str
    notes_until: str = ""
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenReport(Payload, verb="report.open"):
    """Show the card filled in, to answer or to change."""

    round_id: str
    for_member: str = ""


@dataclass(frozen=True)
class Stopped:
    """Why the card comes back: what the guard found, and what was written as a reason (A11)."""

    caught: tuple[Caught, ...]
    reason: str = ""
    reason_missing: bool = False


def report_card(
    t: Texts,
    sheet: Sheet,
    *,
    stopped: Stopped | None = None,
    reminder: bool = False,
    why: bool = False,
    replaces: bool = False,
    saved_at: str = "",
    counts: str = "",
) -> Card:
    """The card to answer. `stopped` marks what the guard found; everything typed stands in `sheet.answers`.

    `why` says why a card that nobody asked for came, and how to have fewer; `replaces` asks before a report that was
    sent from another card is written over.
    """
    body: list[Element] = [*_heading(t, sheet, reminder=reminder)]
    body.append(_stopped(t, sheet, stopped) if stopped else _secrecy(t, sheet))
    if replaces:
        body.append(TextBlock(f"⚠ {t('report.replaces')}", color="attention", weight="bolder"))
    if saved_at:
        body.append(TextBlock(t("report.draft_saved", time=saved_at), color="good", size="small"))
    if sheet.notes and not stopped:
        body.append(TextBlock(t.plural("report.notes_in", len(sheet.notes)), is_subtle=True, size="small"))
    marked = {one.number for one in stopped.caught} if stopped else set()
    for question in sheet.template.questions:
        body += question_parts(t, sheet, question, marked=question.number in marked)
    body.append(figures_part(t, counts))
    if why:
        body.append(_why(t, sheet))
    return Card(
        body,
        lang=t.language,
        fallback_text=t("report.fallback", day=_day(t, sheet), deadline=_deadline(t, sheet)),
        actions=_buttons(t, sheet, stopped),
    )


def _why(t: Texts, sheet: Sheet) -> Element:
    """Shorter when the card also tells what is going on, so that the seven areas still fit one screen."""
    if sheet.under_way:
        return TextBlock(t("report.why_short"), is_subtle=True, size="small", spacing="small")
    group = one_line(sheet.group.title)
    return TextBlock(t("report.why", group=group), is_subtle=True, size="small")


def _heading(t: Texts, sheet: Sheet, *, reminder: bool) -> list[Element]:
    title = t("report.title", day=_day(t, sheet))
    about = "report.about_late" if sheet.round.is_late(sheet.made_at) else "report.about"
    lines: list[Element] = [TextBlock(title, size="large", weight="bolder", style="heading")]
    if sheet.on_behalf:
        who = t(
            "report.for_member",
            name=one_line(sheet.member.name),
            organisation=one_line(sheet.member.organisation or sheet.group.name),
        )
        lines.append(TextBlock(who, weight="bolder", spacing="none"))
    if sheet.holds_draft:
        lines.append(TextBlock(t("report.holds_draft", name=one_line(sheet.member.name)), color="warning"))
    if reminder:
        text = t("report.reminder", day=_day(t, sheet), deadline=_deadline(t, sheet))
        lines.append(TextBlock(text, spacing="small", color="warning"))
    facts = t(
        about,
        group=one_line(sheet.group.title),
        period=one_line(sheet.template.period_text),
        deadline=_deadline(t, sheet),
    )
    lines.append(TextBlock(facts, is_subtle=True, spacing="none"))
    return lines


def _secrecy(t: Texts, sheet: Sheet) -> Element:
    url = sheet.group.concern_url
    text = t("report.secrecy_link", url=url) if url else t("report.secrecy")
    lines = [TextBlock(text, size="small"), *under_way_lines(t, sheet.under_way)]
    return Container(lines, style="emphasis", spacing="small")


def _stopped(t: Texts, sheet: Sheet, stopped: Stopped) -> Element:
    lines: list[Element] = [
        TextBlock(f"⚠ {t('report.caught_title')}", weight="bolder", color="attention"),
        TextBlock(t("report.caught_intro"), spacing="small"),
    ]
    lines += [TextBlock(_caught(t, sheet, one), spacing="small") for one in stopped.caught]
    lines += concern(t, stopped.caught, sheet.group.concern_url)
    if stopped.reason_missing:
        lines.append(TextBlock(t("report.caught_reason_missing"), color="attention", weight="bolder"))
    lines.append(
        TextInput(
            "reason",
            t("report.caught_reason"),
            placeholder=t("report.caught_reason_hint"),
            value=plain(stopped.reason) or None,
            max_length=300,
        )
    )
    return Container(lines, style="emphasis", spacing="small")


def concern(t: Texts, caught: Sequence[Caught], url: str | None) -> list[Element]:
    """Where a text that reads like a worry about a child belongs instead (A10); nothing if no text does."""
    if all(one.finding.kind is not FindingKind.CHILD_CONCERN for one in caught):
        return []
    text = t("report.concern_link", url=url) if url else t("report.concern")
    return [TextBlock(text, color="attention", spacing="small")]


def _caught(t: Texts, sheet: Sheet, one: Caught) -> str:
    return t(
        "report.caught_line",
        area=one_line(sheet.template.question(one.number).title),
        kind=t(f"finding.{one.finding.kind.value}"),
        excerpt=one_line(one.finding.text, 60),
    )


def _buttons(t: Texts, sheet: Sheet, stopped: Stopped | None) -> list[Action]:
    sent = sheet.revision > 0
    for_member = sheet.member.id if sheet.on_behalf else ""
    made_at = (sheet.notes_until or sheet.made_at).isoformat()
    shown = tuple(one.fingerprint for one in stopped.caught) if stopped else ()
    submit = SubmitReport(sheet.round.id, for_member, made_at, shown, sheet.revision)
    buttons: list[Action] = [
        execute(t("report.send_change" if sent else "report.send"), submit, style="positive"),
    ]
    if not sent:
        nothing = NothingToReport(sheet.round.id, for_member, sheet.revision)
        buttons.append(execute(t("report.nothing"), nothing, associated_inputs="none"))
        if not sheet.on_behalf:
            buttons.append(execute(t("report.draft"), SaveDraft(sheet.round.id, made_at, shown)))
    return buttons


def counts_line(counts: Sequence[Count]) -> str:
    """Local figures as they are typed: "3 larm, 2 orosanmälningar"."""
    return ", ".join(f"{count.value} {count.label}" for count in counts)


def _deadline(t: Texts, sheet: Sheet) -> str:
    """The weekday says which day it is within a week; further off, the date is needed, too."""
    deadline, group = sheet.round.deadline, sheet.group
    day = group.local_day(deadline)
    if abs((day - group.local_day(sheet.made_at)).days) >= A_WEEK:
        return t.datetime(deadline, group.timezone)
    return f"{t.weekday(day)} {t.time(deadline, group.timezone)}"


def _day(t: Texts, sheet: Sheet) -> str:
    return t.date(sheet.group.local_day(sheet.meeting.starts_at))
