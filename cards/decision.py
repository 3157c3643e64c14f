"""What the council answers: the form, what the reporters will read, and the decision as it stands (C2, C5)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from cards.actions import Payload, execute
from cards.card import Card
from cards.elements import Container, Element, TextBlock
from cards.fields import Choice, ChoiceSet, DateInput, TextInput
from cards.layout import header, notice, quiet
from cards.owners import OwnerIds, owner_fields
from cards.safe import escape, one_line, plain
from cards.texts import Texts
from lagesbild.people import Group
from lagesbild.referrals import Decision, DecisionForm, DecisionKind
from lagesbild.usecases.deciding import (
    LONGEST_SENTENCE,
    LONGEST_TEXT,
    DecisionPreview,
    ReferralSheet,
)

DECISION_OWNER = OwnerIds("decision_owner", "decision_other")


@dataclass(frozen=True)
class PreviewDecision(Payload, verb="decision.preview"):
    """Show what the reporters will read; nothing is stored."""

    group_id: str
    referral_id: str


@dataclass(frozen=True)
class SendDecision(Payload, verb="decision.send"):
    """Decide what was shown. The fields are the form's, as they were typed."""

    group_id: str
    referral_id: str
    kind: str
    sentence: str = ""
    text: str = ""
    owner_id: str = ""
    owner_name: str = ""
    due: str = ""
    replaces: str = ""
    """The decision that held when this was shown."""


@dataclass(frozen=True)
class ChangeDecision(SendDecision, verb="decision.change"):
    """Back to the form, with everything that was typed."""


@dataclass(frozen=True)
class Typed:
    """The form as it was filled in."""

    kind: str = ""
    sentence: str = ""
    text: str = ""
    owner_id: str = ""
    owner_name: str = ""
    due: str = ""


def decision_fields(t: Texts, sheet: ReferralSheet, typed: Typed) -> list[Element]:
    """Six kinds of answers in one choice, then the sentence, who, when, and what in detail."""
    kinds = [Choice(t(f"decision.choice_{kind.value}"), kind.value) for kind in DecisionKind]
    missing = t("decision.required")
    return [
        ChoiceSet(
            "decision_kind",
            t("decision.kind"),
            kinds,
            value=typed.kind or None,
            style="expanded",
            wrap=True,
            is_required=True,
            error_message=missing,
        ),
        TextInput(
            "decision_sentence",
            t("decision.sentence"),
            value=plain(typed.sentence) or None,
            placeholder=t("decision.sentence_hint"),
            is_multiline=True,
            max_length=LONGEST_SENTENCE,
            is_required=True,
            error_message=missing,
        ),
        *owner_fields(t, DECISION_OWNER, sheet.owners, typed.owner_id, typed.owner_name),
        DateInput("decision_due", t("decision.due"), value=typed.due or None, min=sheet.today.isoformat()),
        TextInput(
            "decision_text",
            t("decision.text"),
            value=plain(typed.text) or None,
            placeholder=t("decision.text_hint"),
            is_multiline=True,
            max_length=LONGEST_TEXT,
        ),
    ]


def preview_card(t: Texts, preview: DecisionPreview, payload: SendDecision) -> Card:
    """Exactly what goes out, and to how many. Nothing is decided yet."""
    title = t("decision.preview_title")
    body: list[Element] = [
        *header(title, t("decision.preview_intro")),
        *_replaces(t, preview),
        Container(
            [
                TextBlock(f"**{one_line(preview.referral.title)}**"),
                *_told(t, preview.form),
            ],
            style="emphasis",
            spacing="medium",
        ),
        TextBlock(_recipients(t, preview), spacing="medium"),
        quiet(t(f"decision.then_{preview.form.kind.value}")),
    ]
    send = execute(t("decision.send"), payload, style="positive", associated_inputs="none")
    change = execute(t("decision.change"), ChangeDecision(**asdict(payload)), associated_inputs="none")
    return Card(body, lang=t.language, fallback_text=title, actions=[send, change])


def decision_lines(t: Texts, group: Group, decision: Decision) -> list[Element]:
    """A decision that is made."""
    day = t.date(group.local_day(decision.decided_at))
    kind = t(f"decision.kind_{decision.kind.value}")
    form = DecisionForm(decision.kind, decision.text, decision.sentence, decision.owner, decision.due)
    return [TextBlock(t("decision.made", kind=kind, day=day)), *_words(t, form)]


def earlier_line(t: Texts, group: Group, decision: Decision) -> str:
    """A decision that another has replaced, on one line."""
    day, sentence = t.date(group.local_day(decision.decided_at)), one_line(decision.sentence, 160)
    if decision.kind is DecisionKind.NO:
        return t("decision.earlier_no", day=day, sentence=sentence)
    kind = t(f"decision.kind_{decision.kind.value}")
    return t("decision.earlier", day=day, kind=kind, sentence=sentence)


def _told(t: Texts, form: DecisionForm) -> list[Element]:
    return [TextBlock(t(f"decision.told_{form.kind.value}"), spacing="small"), *_words(t, form)]


def _replaces(t: Texts, preview: DecisionPreview) -> list[Element]:
    """Nobody overrules a colleague without knowing it."""
    if preview.replaces is None:
        return []
    known = earlier_line(t, preview.group, preview.replaces)
    return [notice(f"⚠ {t('decision.replaces')}", known)]


def _words(t: Texts, form: DecisionForm) -> list[Element]:
    lines: list[Element] = [TextBlock(escape(form.sentence), spacing="small")]
    if form.owner is not None:
        who = one_line(form.owner.name)
        known = t("decision.who_when", who=who, day=t.date(form.due)) if form.due else ""
        lines.append(quiet(known or t("decision.who", who=who)))
    if form.text:
        lines.append(TextBlock(escape(form.text), spacing="small", size="small"))
    return lines


def _recipients(t: Texts, preview: DecisionPreview) -> str:
    reporters = t.plural("decision.reporters", preview.reporters)
    if not preview.representatives:
        return reporters if preview.reporters else t("decision.nobody")
    others = t.plural("decision.representatives", preview.representatives)
    return t("decision.both", reporters=reporters, representatives=others)
