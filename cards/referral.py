"""One referral as the council sees it: what the group lifted, how many stand behind it, and the answer (C1, C2)."""

from __future__ import annotations

from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.decision import PreviewDecision, Typed, decision_fields, decision_lines, earlier_line
from cards.elements import Container, Element, TextBlock
from cards.layout import notice, quiet, subheading
from cards.measure import measure_line
from cards.safe import escape, one_line
from cards.texts import Texts
from lagesbild.referrals import DecisionKind, ReferralState
from lagesbild.usecases.deciding import ReferralSheet

_MOST_EARLIER = 3


@dataclass(frozen=True)
class OpenReferral(Payload, verb="referral.open"):
    """Show a referral; with `decide`, the form for a new decision."""

    group_id: str
    referral_id: str
    decide: bool = False


def referral_card(
    t: Texts, sheet: ReferralSheet, *, typed: Typed | None = None, deciding: bool = False
) -> Card:
    """Waiting for its answer it is the form; afterwards it shows what was decided, and can be decided anew."""
    referral = sheet.referral
    asks = sheet.can_be_decided and (deciding or typed is not None or referral.state is ReferralState.WAITING)
    title = one_line(referral.title)
    body = [*_head(t, sheet, title), *_comment(t, sheet), *_history(t, sheet, asks=asks)]
    if asks:
        body.append(
            TextBlock(t("referral.answer"), weight="bolder", style="heading", size="default", separator=True)
        )
        body += decision_fields(t, sheet, typed or Typed())
        body.append(quiet(t("referral.preview_first")))
    else:
        body += _decided(t, sheet)
    fallback = t("referral.fallback", title=title, state=state_line(t, sheet))
    return Card(body, lang=t.language, fallback_text=fallback, actions=_buttons(t, sheet, asks=asks) or None)


def reminder_card(t: Texts, sheet: ReferralSheet, said: str) -> Card:
    """A word about an answer that is wanted, with the way to it. Short: the form came before."""
    title = one_line(sheet.referral.title)
    body: list[Element] = [TextBlock(said, weight="bolder"), *_head(t, sheet, title)]
    opens = OpenReferral(sheet.group.id, sheet.referral.id)
    answer = execute(t("referral.open"), opens, style="positive")
    fallback = t("referral.fallback", title=title, state=state_line(t, sheet))
    return Card(body, lang=t.language, fallback_text=fallback, actions=[answer])


def state_line(t: Texts, sheet: ReferralSheet) -> str:
    """Where the referral is now: a symbol and words."""
    referral = sheet.referral
    if referral.state is ReferralState.WAITING:
        key = "referral.overdue" if referral.is_overdue(sheet.today) else "referral.waiting"
        return t(key, day=t.day(referral.answer_by))
    if referral.state is ReferralState.CLOSED and _said_no(sheet):
        return t("referral.said_no")
    return t(f"referral.{referral.state.value}")


def _said_no(sheet: ReferralSheet) -> bool:
    return bool(sheet.decisions) and sheet.decisions[-1].kind is DecisionKind.NO


def _head(t: Texts, sheet: ReferralSheet, title: str) -> list[Element]:
    group = one_line(sheet.group.title)
    late = sheet.referral.is_overdue(sheet.today)
    found: list[Element] = [
        TextBlock(t("referral.from", group=group), size="small", is_subtle=True),
        TextBlock(title, size="large", weight="bolder", style="heading", spacing="none"),
        TextBlock(t("referral.red", area=one_line(sheet.area)), spacing="none"),
        TextBlock(state_line(t, sheet), weight="bolder", color="attention" if late else None),
    ]
    if sheet.stand_in and sheet.referral.state is ReferralState.WAITING:
        found.append(notice(f"⚠ {t('referral.stand_in')}"))
    return found


def _comment(t: Texts, sheet: ReferralSheet) -> list[Element]:
    comment = escape(sheet.referral.comment) or t("referral.no_comment")
    behind = t(
        "referral.behind",
        reporters=t.plural("referral.reporters", sheet.reporters),
        organisations=t.plural("referral.organisations", sheet.organisations),
    )
    return [
        subheading(t("referral.comment")),
        TextBlock(comment, spacing="none"),
        quiet(behind if sheet.reporters else t("referral.behind_none")),
    ]


def _history(t: Texts, sheet: ReferralSheet, *, asks: bool) -> list[Element]:
    """What was decided before, when it came back or is decided anew."""
    earlier = sheet.decisions if asks else sheet.decisions[:-1]
    if not earlier and sheet.referral.times == 1:
        return []
    lines: list[Element] = [subheading(t("referral.history"))]
    if sheet.referral.times > 1:
        lines.append(TextBlock(t("referral.came_back", n=sheet.referral.times), spacing="none"))
    if asks:
        lines += [measure_line(t, one, sheet.today) for one in sheet.measures]
    return [*lines, *[quiet(earlier_line(t, sheet.group, one)) for one in earlier[-_MOST_EARLIER:]]]


def _decided(t: Texts, sheet: ReferralSheet) -> list[Element]:
    found: list[Element] = []
    if sheet.decisions:
        lines = decision_lines(t, sheet.group, sheet.decisions[-1])
        found += [subheading(t("referral.decision")), Container(lines, style="emphasis", spacing="small")]
        found.append(quiet(t("referral.told")))
    if sheet.measures:
        found.append(subheading(t("referral.going")))
        found += [measure_line(t, one, sheet.today) for one in sheet.measures]
    if sheet.referral.closing:
        found += [
            subheading(t("referral.closing")),
            TextBlock(escape(sheet.referral.closing), spacing="none"),
        ]
    return found


def _buttons(t: Texts, sheet: ReferralSheet, *, asks: bool) -> list[Action]:
    group_id, referral_id = sheet.group.id, sheet.referral.id
    if asks:
        preview = PreviewDecision(group_id, referral_id)
        return [execute(t("referral.preview"), preview, style="positive")]
    if sheet.can_be_decided:
        return [execute(t("referral.decide_again"), OpenReferral(group_id, referral_id, decide=True))]
    return []
