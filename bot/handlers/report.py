"""`rapportera`, the prompt and the reminder: answering from the phone (A5–A8, A10, A11)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.commands import Command
from bot.delivery.addressees import addressee
from bot.delivery.couriers import Outgoing, Skip, ToMember
from bot.features import Feature, Turn
from bot.teams.activities import Reply
from bot.teams.messages import card_activity
from cards.actions import BadPayload
from cards.inputs import BadInput, Inputs
from cards.receipt import receipt_card
from cards.report import (
    NothingToReport,
    OpenReport,
    SaveDraft,
    Stopped,
    SubmitReport,
    counts_line,
    report_card,
)
from cards.texts import Texts
from lagesbild.answering import MAX_COMMENT, ReportForm, SecrecyFound, Sheet, inspect, parse_counts
from lagesbild.authority import Act
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.errors import ReportChanged
from lagesbild.ids import MemberId, RoundId
from lagesbild.ports import Work
from lagesbild.reports import Answer
from lagesbild.rounds import RoundState
from lagesbild.templates import Colour, Question, Rating, Template
from lagesbild.usecases.reports import (
    Receipt,
    nothing_to_report,
    report_sheet,
    save_draft,
    sheet_for,
    stored_receipt,
    submit_report,
    template_to_answer,
)
from lagesbild.usecases.under_way import with_under_way

feature = Feature()

_LEVELS = {str(level) for level in range(6)}
_COLOURS = {"0", *(colour.value for colour in Colour)}


@feature.command(Command.REPORT, Act.REPORT, private="report.in_private")
async def report(turn: Turn, rest: str) -> Reply:
    """The card to answer, at any time (A7)."""
    return _card(turn, await with_under_way(turn.work, await report_sheet(turn.work, turn.member)))


@feature.button(OpenReport, Act.REPORT, private="report.in_private")
async def open_report(turn: Turn, payload: OpenReport, inputs: Inputs) -> Reply:
    """The card again, filled in."""
    sheet = await report_sheet(
        turn.work, turn.member, RoundId(payload.round_id), on_behalf_of=_whose(payload.for_member)
    )
    return _card(turn, sheet if sheet.on_behalf else await with_under_way(turn.work, sheet))


async def as_pressed(turn: Turn, payload: SubmitReport | SaveDraft, inputs: Inputs) -> Reply:
    """The card that was pressed: of its moment and its revision, with what the guard had marked in it."""
    whose = _whose(payload.for_member) if isinstance(payload, SubmitReport) else None
    sheet = await report_sheet(turn.work, turn.member, RoundId(payload.round_id), on_behalf_of=whose)
    sheet = replace(sheet, notes=(), notes_until=_instant(payload.notes_until))
    caught = inspect(_readable(inputs, sheet.template))
    shown = tuple(one for one in caught if one.fingerprint in payload.accepted)
    changed = isinstance(payload, SubmitReport) and payload.revision not in (None, sheet.revision)
    card = report_card(turn.texts, sheet, stopped=Stopped(shown) if shown else None, replaces=changed)
    return Reply(card=card.to_dict())


@feature.button(SubmitReport, Act.REPORT, private="report.in_private", form=as_pressed)
async def submit(turn: Turn, payload: SubmitReport, inputs: Inputs) -> Reply:
    """Store the answers, or give the card back with what the guard found and all that was typed (A11)."""
    whose, round_id = _whose(payload.for_member), RoundId(payload.round_id)
    template = await template_to_answer(turn.work, turn.member, round_id, on_behalf_of=whose)
    form = replace(
        _form(inputs, template, payload.notes_until, payload.accepted), on_revision=payload.revision
    )
    try:
        receipt = await submit_report(turn.work, turn.member, round_id, form, on_behalf_of=whose)
    except SecrecyFound as found:
        sheet = await report_sheet(turn.work, turn.member, round_id, on_behalf_of=whose)
        return _stopped(turn, sheet, form, inputs, found)
    except ReportChanged:
        sheet = await report_sheet(turn.work, turn.member, round_id, on_behalf_of=whose)
        counts = counts_line(form.counts)
        return Reply(
            card=report_card(turn.texts, _typed(sheet, form), replaces=True, counts=counts).to_dict()
        )
    return _receipt(turn, receipt)


@feature.button(NothingToReport, Act.REPORT, private="report.in_private")
async def nothing(turn: Turn, payload: NothingToReport, inputs: Inputs) -> Reply:
    """One tap: nothing to report (A6). On an old card it shows what is sent already, and changes nothing."""
    whose, round_id = _whose(payload.for_member), RoundId(payload.round_id)
    try:
        receipt = await nothing_to_report(
            turn.work, turn.member, round_id, on_behalf_of=whose, on_revision=payload.revision
        )
    except ReportChanged:
        receipt = await stored_receipt(turn.work, turn.member, round_id, on_behalf_of=whose)
    return _receipt(turn, receipt)


@feature.button(SaveDraft, Act.REPORT, private="report.in_private", form=as_pressed)
async def draft(turn: Turn, payload: SaveDraft, inputs: Inputs) -> Reply:
    """Keep what is written; the card stays, and says when it was saved."""
    sheet = await report_sheet(turn.work, turn.member, RoundId(payload.round_id))
    form = _form(inputs, sheet.template, payload.notes_until, payload.accepted)
    try:
        saved = await save_draft(turn.work, turn.member, sheet.round.id, form)
    except SecrecyFound as found:
        return _stopped(turn, sheet, form, inputs, found)
    at = turn.texts.time(saved.updated_at, ZoneInfo(sheet.group.timezone))
    typed = _typed(sheet, form)
    card = report_card(turn.texts, typed, saved_at=at, counts=counts_line(form.counts))
    return Reply(card=card.to_dict())


@feature.delivers(DeliveryKind.PROMPT, DeliveryKind.REMINDER)
async def ask(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The card to answer, as prompt and as reminder."""
    group, member = await addressee(work, delivery)
    round_ = await work.store.rounds.get(delivery.round_id) if delivery.round_id else None
    if round_ is None or round_.state is not RoundState.OPEN:
        return Skip("round_closed")
    report = await work.store.reports.get(round_.id, member.id)
    if report is not None and report.is_submitted:
        return Skip("answered")
    sheet = await with_under_way(work, await sheet_for(work, member, round_))
    reminds = delivery.kind is DeliveryKind.REMINDER
    card = report_card(Texts(member.locale), sheet, reminder=reminds, why=True)
    return Outgoing(ToMember(group.home, member), card_activity(card))


def _whose(for_member: str) -> MemberId | None:
    return MemberId(for_member) if for_member else None


def _form(inputs: Inputs, template: Template, notes_until: str, accepted: tuple[str, ...]) -> ReportForm:
    return ReportForm(
        answers=tuple(_answer(inputs, question) for question in template.questions),
        counts=parse_counts(inputs.text("counts", max=300)),
        accepted=frozenset(accepted),
        reason=inputs.text("reason", max=300),
        notes_until=_instant(notes_until),
    )


def _answer(inputs: Inputs, question: Question) -> Answer:
    number = question.number
    level = inputs.choice(f"impact_{number}", _LEVELS) if question.rating is Rating.IMPACT else None
    colour = inputs.choice(f"colour_{number}", _COLOURS) if question.rating is Rating.COLOUR else None
    return Answer(
        number=number,
        impact=int(level) if level and level != "0" else None,
        colour=Colour(colour) if colour and colour != "0" else None,
        comment=inputs.text(f"comment_{number}", max=MAX_COMMENT),
        bullets=_bullets(inputs.text(f"bullets_{number}", max=MAX_COMMENT)),
    )


def _readable(inputs: Inputs, template: Template) -> Iterator[Answer]:
    """The answers but for those that cannot be read."""
    for question in template.questions:
        with suppress(BadInput):
            yield _answer(inputs, question)


def _bullets(text: str) -> tuple[str, ...]:
    return tuple(line for raw in text.splitlines() if (line := raw.strip().lstrip("-•*").strip()))


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadPayload(SubmitReport.verb, "notes_until") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _card(turn: Turn, sheet: Sheet) -> Reply:
    counts = counts_line(sheet.report.counts) if sheet.report else ""
    return Reply(card=report_card(turn.texts, sheet, counts=counts).to_dict())


def _typed(sheet: Sheet, form: ReportForm) -> Sheet:
    """The sheet as it was typed; notes made since the first card are not in it, and stay for the next one."""
    answers = {answer.number: answer for answer in form.answers}
    return replace(sheet, answers=answers, notes=(), notes_until=form.notes_until)


def _stopped(turn: Turn, sheet: Sheet, form: ReportForm, inputs: Inputs, found: SecrecyFound) -> Reply:
    given = form.reason or "; ".join(dict.fromkeys(note.reason for note in sheet.notes if note.reason))
    stopped = Stopped(found.caught, given, found.reason_missing)
    counts = inputs.text("counts", max=300)
    return Reply(card=report_card(turn.texts, _typed(sheet, form), stopped=stopped, counts=counts).to_dict())


def _receipt(turn: Turn, receipt: Receipt) -> Reply:
    on_behalf = receipt.member.id != turn.member.id
    return Reply(card=receipt_card(turn.texts, receipt, on_behalf=on_behalf).to_dict())
