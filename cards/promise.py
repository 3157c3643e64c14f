"""`löften`: what is promised now, how it goes, and how it went before; for anyone to read (D2, D3, D4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.help import RunCommand
from cards.layout import button_rows, quiet
from cards.promise_body import coming_line, promise_pages
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.people import Group
from lagesbild.promise_sheets import PromiseOverview, PromiseSheet
from lagesbild.promises import CitizenPromise, PromiseState

MOST_OTHERS: Final = 2


@dataclass(frozen=True)
class OpenPromise(Payload, verb="promise.open"):
    """Show a promise, from its first page or another."""

    group_id: str
    promise_id: str
    page: int = 0


@dataclass(frozen=True)
class NewPromise(Payload, verb="promise.new"):
    """The form for a new promise."""

    group_id: str


@dataclass(frozen=True)
class RenewPromise(Payload, verb="promise.renew"):
    """A draft with the same sections, for the period after."""

    group_id: str
    promise_id: str


@dataclass(frozen=True)
class FollowUpPromise(Payload, verb="promise.follow_up"):
    """The form to say how a section goes."""

    group_id: str
    promise_id: str


@dataclass(frozen=True)
class PromiseForWeb(Payload, verb="promise.web"):
    """The text for the municipality's web page, in parts."""

    group_id: str
    promise_id: str
    markdown: bool = False
    page: int = 0


def promises_card(t: Texts, seen: PromiseOverview, *, page: int = 0, doings: bool = True) -> Card:
    """The current promise, else the latest that ended with what comes, else a plain sentence."""
    if seen.shown is None:
        return _none_card(t, seen, doings=doings)
    ahead = [one for one in seen.others if one.first > seen.today]
    pages = promise_pages(t, seen.shown, coming=ahead[-1] if ahead else None)
    buttons = _paging(t, seen.shown, page, len(pages))
    if doings:
        buttons += _others(t, seen) if not seen.runs else _doings(t, seen, seen.shown)
    return _card(t, seen.shown, pages, page, buttons)


def promise_card(t: Texts, sheet: PromiseSheet, *, page: int = 0, sent: bool = False) -> Card:
    """One promise. When it is `sent` to everybody it says why it came; otherwise it leads back to the others."""
    pages = promise_pages(t, sheet, why=sent)
    buttons = _paging(t, sheet, page, len(pages))
    if not sent:
        buttons.append(back_button(t, sheet.group.id))
    return _card(t, sheet, pages, page, buttons)


def renewal_card(t: Texts, sheet: PromiseSheet) -> Card:
    """A word in time to those who write promises: when it ends, and one tap to go on (D4)."""
    title = t.plural("promise.renewal", sheet.days_left, title=one_line(sheet.promise.title))
    facts = (sheet.group.id, sheet.promise.id)
    buttons = [
        execute(t("promise.renew"), RenewPromise(*facts), style="positive"),
        execute(t("promise.follow_up"), FollowUpPromise(*facts)),
        execute(t("promise.show"), OpenPromise(*facts)),
    ]
    day = t.day(sheet.promise.last)
    body: list[Element] = [
        TextBlock(title, weight="bolder", style="heading"),
        TextBlock(t("promise.renewal_about", day=day), spacing="small"),
        TextBlock(t("promise.renewal_why", group=one_line(sheet.group.title)), size="small", is_subtle=True),
    ]
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def _card(
    t: Texts, sheet: PromiseSheet, pages: Sequence[list[Element]], page: int, buttons: Sequence[Action]
) -> Card:
    page = min(max(page, 0), len(pages) - 1)
    body = pages[page]
    if len(pages) > 1:
        body = [*body, quiet(t("promise.page", n=page + 1, total=len(pages)))]
    title = plain(sheet.promise.title)
    return Card([*body, *button_rows(buttons)], lang=t.language, fallback_text=title)


def _none_card(t: Texts, seen: PromiseOverview, *, doings: bool) -> Card:
    title = t("promise.none")
    body: list[Element] = [TextBlock(title, weight="bolder", style="heading")]
    body += [TextBlock(coming_line(t, one), spacing="small") for one in seen.others]
    if not seen.others:
        body.append(TextBlock(t("promise.none_about"), is_subtle=True, spacing="small"))
    if doings:
        body += button_rows([*_others(t, seen), *(_writing(t, seen, None) if seen.runs else ())])
    return Card(body, lang=t.language, fallback_text=title)


def _paging(t: Texts, sheet: PromiseSheet, page: int, pages: int) -> list[Action]:
    if pages < 2:
        return []
    ahead = (page + 1) % pages
    title = t("promise.next_page" if ahead else "promise.first_page")
    return [execute(title, OpenPromise(sheet.group.id, sheet.promise.id, ahead))]


def _others(t: Texts, seen: PromiseOverview) -> list[Action]:
    return [
        execute(_period_to_show(t, one), OpenPromise(seen.group.id, one.id))
        for one in seen.others[:MOST_OTHERS]
    ]


def _period_to_show(t: Texts, promise: CitizenPromise) -> str:
    """By its period: promises that follow each other often have the same title."""
    two_years = promise.first.year != promise.last.year
    first = t.date(promise.first, year=two_years)
    return t("promise.show_period", first=first, last=t.date(promise.last, year=True))


def _doings(t: Texts, seen: PromiseOverview, sheet: PromiseSheet) -> list[Action]:
    facts = (seen.group.id, sheet.promise.id)
    others = _others(t, seen)[:1]
    return [
        *others,
        execute(t("promise.follow_up"), FollowUpPromise(*facts)),
        execute(t("promise.web"), PromiseForWeb(*facts)),
        *_writing(t, seen, sheet.promise),
    ]


def _writing(t: Texts, seen: PromiseOverview, latest: CitizenPromise | None) -> list[Action]:
    """What is in work is gone on with; without it a new one is begun, or the latest renewed."""
    if seen.in_work:
        one = seen.in_work[0]
        key = "promise.change" if one.state is PromiseState.DRAFT else "promise.go_on"
        return [execute(t(key), OpenPromise(seen.group.id, one.id)), _new(t, seen.group)]
    if latest is None or seen.others:
        return [_new(t, seen.group)]
    return [execute(t("promise.renew"), RenewPromise(seen.group.id, latest.id)), _new(t, seen.group)]


def _new(t: Texts, group: Group) -> Action:
    return execute(t("promise.new"), NewPromise(group.id))


def back_button(t: Texts, group_id: str) -> Action:
    """Back to `löften`."""
    word = "promises" if t.language == "en" else "löften"
    return execute(t("promise.all"), RunCommand(word, group_id), associated_inputs="none")
