"""A promise while it is written: its sections as a list, its signatures, and what is missing (D2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.fields import Choice, ChoiceSet
from cards.layout import button_rows, header, heading, notice
from cards.promise import back_button
from cards.promise_body import period_line, signature_line
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.promise_drafts import MOST_SECTIONS, Missing, missing_for_adoption
from lagesbild.promises import CitizenPromise, Section

NEW_SECTION: Final = "0"


@dataclass(frozen=True)
class EditPromise(Payload, verb="promise.edit"):
    """The form for title, preamble and period."""

    group_id: str
    promise_id: str


@dataclass(frozen=True)
class EditSection(Payload, verb="promise.section"):
    """The form for the section that is chosen in the list (input `section`; 0 is a new one)."""

    group_id: str
    promise_id: str


@dataclass(frozen=True)
class AskSignature(Payload, verb="promise.signature"):
    """The form for who signs."""

    group_id: str
    promise_id: str


@dataclass(frozen=True)
class AskAdoption(Payload, verb="promise.adoption"):
    """The form for who adopted it."""

    group_id: str
    promise_id: str


def draft_card(t: Texts, promise: CitizenPromise, said: str = "", *, missed: str = "") -> Card:
    """The draft as a list: its sections, its signatures, and what is missing before it can be adopted; over it what
    was done, or why it was not."""
    title = one_line(promise.title)
    body: list[Element] = [*header(title, t("promise.draft_about", period=period_line(t, promise)))]
    if said:
        body.append(TextBlock(f"✓ {said}", color="good"))
    if missed:
        body.append(TextBlock(f"⚠ {missed}", color="attention"))
    body.append(heading(t("promise.sections")))
    body += [_section_line(t, section) for section in promise.sections]
    if promise.signatures:
        body.append(heading(t("promise.signatures")))
        body += [TextBlock(signature_line(t, one), spacing="small") for one in promise.signatures]
    body.append(_missing(t, missing_for_adoption(promise)))
    body += [_chooser(t, promise), *button_rows(_doings(t, promise))]
    return Card(body, lang=t.language, fallback_text=plain(promise.title))


def _section_line(t: Texts, section: Section) -> TextBlock:
    title = f"{section.number}. {one_line(section.title)}"
    if not section.commitments:
        return TextBlock(f"⚠ **{title}** · {t('promise.no_commitments')}", spacing="small")
    many = t.plural("promise.commitments_in", len(section.commitments))
    return TextBlock(f"✓ **{title}** · {many}", spacing="small")


def _missing(t: Texts, missing: Sequence[Missing]) -> Element:
    if not missing:
        return notice(f"✓ {t('promise.ready')}", style="good")
    lines = [t(f"promise.lack_{one.lack.value}", what=one_line(one.what)) for one in missing]
    return notice(f"⚠ {t('promise.lacks')}", *(f"• {line}" for line in lines), style="warning")


def _chooser(t: Texts, promise: CitizenPromise) -> ChoiceSet:
    sections = [Choice(plain(f"{one.number}. {one.title}"), str(one.number)) for one in promise.sections]
    new = [Choice(t("promise.section_new"), NEW_SECTION)] if len(sections) < MOST_SECTIONS else []
    empty = next((str(one.number) for one in promise.sections if not one.commitments), NEW_SECTION)
    return ChoiceSet("section", t("promise.choose_section"), [*sections, *new], value=empty, style="compact")


def _doings(t: Texts, promise: CitizenPromise) -> list[Action]:
    facts = (promise.group_id, promise.id)
    ready = not missing_for_adoption(promise)
    adoption = execute(t("promise.adopt"), AskAdoption(*facts), style="positive", associated_inputs="none")
    return [
        execute(t("promise.open_section"), EditSection(*facts), style=None if ready else "positive"),
        execute(t("promise.front_title"), EditPromise(*facts), associated_inputs="none"),
        execute(t("promise.sign"), AskSignature(*facts), associated_inputs="none"),
        *([adoption] if ready else []),
        back_button(t, promise.group_id),
    ]
