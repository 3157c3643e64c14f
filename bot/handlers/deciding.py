"""A referral in the council: the card, what the reporters will read, and the decision (C1, C2)."""

from __future__ import annotations

from datetime import date

from bot.features import Feature, Turn
from bot.teams.activities import Place, Reply
from cards.decision import ChangeDecision, PreviewDecision, SendDecision, Typed, preview_card
from cards.inputs import Inputs
from cards.referral import OpenReferral, referral_card
from lagesbild.assessments import LONGEST_OWNER
from lagesbild.authority import Act, require
from lagesbild.errors import Invalid
from lagesbild.ids import ReferralId
from lagesbild.referrals import DecisionForm, DecisionKind, ReferralState
from lagesbild.usecases.deciding import (
    LONGEST_SENTENCE,
    LONGEST_TEXT,
    ReferralSheet,
    decide,
    preview_decision,
    referral_sheet,
)
from lagesbild.usecases.finding import group_at_home, held_group, owner_from

feature = Feature()


async def meets_here(turn: Turn) -> bool:
    """Whether the acting member's council meets where this happened; never in a group's own channel."""
    here = conversation_of(turn.event.where)
    met = await turn.work.store.councils.list_by_conversation(here)
    if turn.actor is None or all(one.group_id != turn.actor.group_id for one in met):
        return False
    return await group_at_home(turn.work, turn.event.who.tenant_id, here) is None


def conversation_of(where: Place) -> str:
    """The conversation without the thread in it."""
    return where.conversation_id.partition(";")[0]


@feature.button(OpenReferral, Act.SEE_COUNCIL)
async def open_referral(turn: Turn, payload: OpenReferral, inputs: Inputs) -> Reply:
    """The referral as it stands now, or the form for a new decision."""
    sheet = await referral_sheet(turn.work, turn.member, ReferralId(payload.referral_id))
    return Reply(card=referral_card(turn.texts, sheet, deciding=payload.decide).to_dict())


async def answer_form(turn: Turn, payload: PreviewDecision, inputs: Inputs) -> Reply:
    """The form for the council's answer, to be filled in again."""
    sheet = await referral_sheet(turn.work, turn.member, ReferralId(payload.referral_id))
    return Reply(card=referral_card(turn.texts, sheet, deciding=True).to_dict())


@feature.button(PreviewDecision, Act.DECIDE, form=answer_form)
async def preview(turn: Turn, payload: PreviewDecision, inputs: Inputs) -> Reply:
    """What the reporters would read. Nothing is stored."""
    kind = inputs.choice("decision_kind", [kind.value for kind in DecisionKind])
    if kind is None:
        raise Invalid("decision_kind", "missing")
    due, other = inputs.date("decision_due"), inputs.text("decision_other", max=LONGEST_OWNER)
    chosen = inputs.text("decision_owner", max=64)
    typed = SendDecision(
        payload.group_id,
        payload.referral_id,
        kind,
        sentence=inputs.text("decision_sentence", max=LONGEST_SENTENCE),
        text=inputs.text("decision_text", max=LONGEST_TEXT),
        owner_id="" if other else chosen,
        owner_name=other,
        due=due.isoformat() if due else "",
    )
    return await _preview(turn, typed)


@feature.button(SendDecision, Act.DECIDE)
async def send(turn: Turn, payload: SendDecision, inputs: Inputs) -> Reply:
    """Decide. If somebody else decided since the preview, it is shown first; the same decision again changes nothing."""
    form = await _form(turn, payload)
    referral_id = ReferralId(payload.referral_id)
    require(turn.member, Act.DECIDE)
    await held_group(turn.work, turn.member)  # as who decides does, before the round that the sheet locks
    sheet = await referral_sheet(turn.work, turn.member, referral_id)
    last = sheet.decisions[-1] if sheet.decisions else None
    if _is_answered(sheet) and last is not None and last.id != payload.replaces and not _says(form, sheet):
        return await _preview(turn, payload)
    await decide(turn.work, turn.member, referral_id, form)
    decided = await referral_sheet(turn.work, turn.member, referral_id)
    return Reply(card=referral_card(turn.texts, decided).to_dict())


@feature.button(ChangeDecision, Act.DECIDE)
async def change(turn: Turn, payload: ChangeDecision, inputs: Inputs) -> Reply:
    """The form again, as it was filled in."""
    sheet = await referral_sheet(turn.work, turn.member, ReferralId(payload.referral_id))
    typed = Typed(
        payload.kind, payload.sentence, payload.text, payload.owner_id, payload.owner_name, payload.due
    )
    return Reply(card=referral_card(turn.texts, sheet, typed=typed).to_dict())


async def _preview(turn: Turn, typed: SendDecision) -> Reply:
    form = await _form(turn, typed)
    shown = await preview_decision(turn.work, turn.member, ReferralId(typed.referral_id), form)
    replaces = shown.replaces.id if shown.replaces else ""
    payload = SendDecision(
        typed.group_id,
        typed.referral_id,
        typed.kind,
        typed.sentence,
        typed.text,
        typed.owner_id,
        typed.owner_name,
        typed.due,
        replaces,
    )
    return Reply(card=preview_card(turn.texts, shown, payload).to_dict())


async def _form(turn: Turn, typed: SendDecision) -> DecisionForm:
    if typed.kind not in {kind.value for kind in DecisionKind}:
        raise Invalid("decision_kind", "missing")
    owner = await owner_from(turn.work, turn.member, typed.owner_id, typed.owner_name)
    try:
        due = date.fromisoformat(typed.due) if typed.due else None
    except ValueError:
        raise Invalid("decision_due", "not_a_date") from None
    return DecisionForm(DecisionKind(typed.kind), typed.text, typed.sentence, owner, due)


def _is_answered(sheet: ReferralSheet) -> bool:
    return sheet.referral.state in (ReferralState.DECIDED, ReferralState.CLOSED)


def _says(form: DecisionForm, sheet: ReferralSheet) -> bool:
    """Whether the decision that holds is this one: a repeated press."""
    last = sheet.decisions[-1]
    return (last.kind, last.sentence, last.owner, last.due) == (
        form.kind,
        form.sentence.strip(),
        form.owner,
        form.due,
    )
