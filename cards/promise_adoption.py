"""From a finished draft to everybody: who signs, who adopted it, and a look at what all will get (D1, D2, D4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Container, Element, TextBlock
from cards.fields import DateInput, TextInput
from cards.layout import button_rows, header, quiet
from cards.promise import PromiseForWeb, back_button
from cards.promise_body import period_line, promise_pages, signature_line
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.promise_drafts import MAX_TITLE
from lagesbild.promise_sheets import PromiseSheet
from lagesbild.promises import CitizenPromise, PromiseState


@dataclass(frozen=True)
class SaveSignature(Payload, verb="promise.sign"):
    """Write in a signature by role."""

    group_id: str
    promise_id: str


@dataclass(frozen=True)
class RemoveSignature(Payload, verb="promise.unsign"):
    """Take away the signature of the role that is typed."""

    group_id: str
    promise_id: str


@dataclass(frozen=True)
class AdoptPromise(Payload, verb="promise.adopt"):
    """Record who adopted it and when."""

    group_id: str
    promise_id: str


@dataclass(frozen=True)
class ReopenPromise(Payload, verb="promise.reopen"):
    """Take the adoption back."""

    group_id: str
    promise_id: str


@dataclass(frozen=True)
class PreviewPromise(Payload, verb="promise.preview"):
    """Another page of what everybody will get."""

    group_id: str
    promise_id: str
    page: int = 0


@dataclass(frozen=True)
class PublishPromise(Payload, verb="promise.publish"):
    """To everybody."""

    group_id: str
    promise_id: str


def sign_card(t: Texts, promise: CitizenPromise, today: date) -> Card:
    """The form for a signature by role; the role that is waited for stands there."""
    title = t("promise.sign_title")
    waiting = next((one for one in promise.signatures if one.signed_on is None), None)
    body: list[Element] = [*header(title, t("promise.sign_about"))]
    body += [TextBlock(signature_line(t, one), spacing="small") for one in promise.signatures]
    body += [
        TextInput(
            "role",
            t("promise.role"),
            value=plain(waiting.role) if waiting else None,
            placeholder=t("promise.role_hint"),
            max_length=MAX_TITLE,
            is_required=True,
            error_message=t("promise.required"),
        ),
        TextInput(
            "name",
            t("promise.name"),
            value=plain(waiting.name) or None if waiting else None,
            max_length=MAX_TITLE,
        ),
        DateInput("signed_on", t("promise.signed_on"), max=today.isoformat()),
    ]
    facts = (promise.group_id, promise.id)
    buttons: list[Action] = [execute(t("promise.save"), SaveSignature(*facts), style="positive")]
    if promise.signatures:
        buttons.append(execute(t("promise.unsign"), RemoveSignature(*facts)))
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def adopt_card(t: Texts, promise: CitizenPromise, today: date, body_before: str = "") -> Card:
    """The form for who adopted it; `body_before` adopted the one before."""
    title, required = t("promise.adopt_title"), t("promise.required")
    body: list[Element] = [
        *header(title, f"{one_line(promise.title)} · {period_line(t, promise)}"),
        TextBlock(t("promise.adopt_about"), spacing="small"),
        TextInput(
            "adopted_by",
            t("promise.adopted_by"),
            value=plain(body_before) or None,
            placeholder=t("promise.adopted_by_hint"),
            max_length=MAX_TITLE,
            is_required=True,
            error_message=required,
        ),
        DateInput(
            "adopted_on",
            t("promise.adopted_on"),
            value=today.isoformat(),
            max=today.isoformat(),
            is_required=True,
            error_message=required,
        ),
    ]
    adopt = AdoptPromise(promise.group_id, promise.id)
    return Card(
        body,
        lang=t.language,
        fallback_text=title,
        actions=[execute(t("promise.adopt_now"), adopt, style="positive")],
    )


def adopted_card(t: Texts, sheet: PromiseSheet, receivers: int, *, page: int = 0) -> Card:
    """What everybody will get, to the letter, under a line that says so; nothing is sent before the button is pressed."""
    public = replace(sheet, promise=replace(sheet.promise, state=PromiseState.PUBLISHED))
    pages = promise_pages(t, public, why=True)
    page = min(max(page, 0), len(pages) - 1)
    over = [_over(t, sheet, receivers)] if page == 0 else []
    body: list[Element] = [*over, *pages[page]]
    if len(pages) > 1:
        body.append(quiet(t("promise.page", n=page + 1, total=len(pages))))
    title = t("promise.preview", title=plain(sheet.promise.title))
    body += button_rows(_doings(t, sheet, receivers, page, len(pages)))
    return Card(body, lang=t.language, fallback_text=title)


def published_card(t: Texts, promise: CitizenPromise, receivers: int) -> Card:
    """The receipt: to how many it goes, and what comes next."""
    title = t("promise.published", title=one_line(promise.title))
    about = t.plural("promise.published_to", receivers) if receivers else t("promise.published_kept")
    body: list[Element] = [TextBlock(f"✓ {title}", weight="bolder", color="good"), TextBlock(about)]
    web = PromiseForWeb(promise.group_id, promise.id)
    buttons: list[Action] = [execute(t("promise.web"), web), back_button(t, promise.group_id)]
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def _over(t: Texts, sheet: PromiseSheet, receivers: int) -> Container:
    about = t.plural("promise.preview_about", receivers)
    if sheet.days_left < 0:
        about = t("promise.preview_past")
    return Container(
        [
            TextBlock(t("promise.preview_title"), weight="bolder"),
            TextBlock(about, size="small", spacing="none"),
        ],
        style="emphasis",
    )


def _doings(t: Texts, sheet: PromiseSheet, receivers: int, page: int, pages: int) -> list[Action]:
    facts = (sheet.group.id, sheet.promise.id)
    title = t("promise.publish_kept")
    if sheet.days_left >= 0:
        title = t.plural("promise.publish", receivers)
    found: list[Action] = [execute(title, PublishPromise(*facts), style="positive")]
    if pages > 1:
        ahead = (page + 1) % pages
        key = "promise.next_page" if ahead else "promise.first_page"
        found.append(execute(t(key), PreviewPromise(*facts, ahead)))
    return [
        *found,
        execute(t("promise.web"), PromiseForWeb(*facts)),
        execute(t("promise.reopen"), ReopenPromise(*facts)),
        back_button(t, sheet.group.id),
    ]
