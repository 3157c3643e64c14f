"""Throwing a draft of a promise away: the question first, then that it is done."""

from __future__ import annotations

from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.card import Card
from cards.elements import TextBlock
from cards.layout import header
from cards.promise import OpenPromise, back_button
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.promises import CitizenPromise


@dataclass(frozen=True)
class AskDiscard(Payload, verb="promise.ask_discard"):
    """Ask whether the draft is to go."""

    group_id: str
    promise_id: str


@dataclass(frozen=True)
class DiscardPromise(Payload, verb="promise.discard"):
    """Throw the draft away."""

    group_id: str
    promise_id: str


def discard_card(t: Texts, promise: CitizenPromise) -> Card:
    """What goes, and that it cannot be undone."""
    title = t("promise.discard_title")
    body = [*header(title, one_line(promise.title)), TextBlock(t("promise.discard_about"))]
    facts = (promise.group_id, promise.id)
    buttons = [
        execute(t("promise.discard_yes"), DiscardPromise(*facts), style="destructive"),
        execute(t("promise.discard_no"), OpenPromise(*facts)),
    ]
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def discarded_card(t: Texts, promise: CitizenPromise) -> Card:
    """It is gone."""
    said = t("promise.discarded", title=one_line(promise.title))
    body = [TextBlock(f"✓ {said}", color="good")]
    return Card(
        body, lang=t.language, fallback_text=plain(promise.title), actions=[back_button(t, promise.group_id)]
    )
