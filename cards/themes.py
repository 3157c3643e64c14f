"""Themes on cards: what could be one, which there are, and the answers that belong together (B1, C1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cards.actions import Payload, execute
from cards.assessment_parts import to_overview
from cards.buttons import Action
from cards.card import Card
from cards.elements import ActionSet, Container, Element, TextBlock
from cards.fields import Choice, ChoiceSet, TextInput
from cards.layout import header, heading, quiet, unfold
from cards.picture import size
from cards.safe import escape, one_line, plain
from cards.texts import Texts
from lagesbild.referrals import Referral
from lagesbild.themes import MOST_TITLE, ThemeSuggestion
from lagesbild.usecases.theming import Answered, ThemeList, ThemeSheet, Voice

_MOST_SUGGESTED: Final = 2
"""Suggestions with a button each: a card takes six, and the list has four of its own. Those taken make room."""
_MOST_CHOICES: Final = 25
_VOICES_BYTES: Final = 10 * 1024


@dataclass(frozen=True)
class ShowThemes(Payload, verb="theme.list"):
    """The group's themes and what could be one, seen from a round."""

    round_id: str


@dataclass(frozen=True)
class TakeSuggestion(Payload, verb="theme.take"):
    """Make the suggested theme, or put its answers into the one there is."""

    round_id: str
    key: str


@dataclass(frozen=True)
class NewTheme(Payload, verb="theme.new"):
    """Make a theme of the typed title (input `title`)."""

    round_id: str


@dataclass(frozen=True)
class OpenTheme(Payload, verb="theme.open"):
    """Show a theme: the chosen one (input `theme`) unless named."""

    round_id: str
    theme_id: str = ""


@dataclass(frozen=True)
class TieAnswers(Payload, verb="theme.tie"):
    """Put the chosen answers (input `tied`) into the theme."""

    round_id: str
    theme_id: str


@dataclass(frozen=True)
class UntieAnswers(Payload, verb="theme.untie"):
    """Take the chosen answers (input `untied`) out of the theme."""

    round_id: str
    theme_id: str


@dataclass(frozen=True)
class CloseTheme(Payload, verb="theme.close"):
    """The theme is over."""

    round_id: str
    theme_id: str


def answer_value(answered: Answered) -> str:
    """How an answer is named in a list to choose from."""
    round_id, member_id, area = answered
    return f"{round_id}:{member_id}:{area.value}"


def themes_card(t: Texts, listed: ThemeList, said: str = "") -> Card:
    """What could be a theme first, then the themes there are, and a field for one's own."""
    title = t("theme.title")
    body: list[Element] = [*header(title, t("theme.about"))]
    if said:
        body.append(TextBlock(f"✓ {said}", color="good"))
    body += _suggestions(t, listed)
    body += _chooser(t, listed)
    body += _own(t, listed.round.id)
    actions: list[Action] = []
    if listed.themes:
        actions.append(execute(t("theme.open"), OpenTheme(listed.round.id)))
    return Card(
        body, lang=t.language, fallback_text=title, actions=[*actions, to_overview(t, listed.round.id)]
    )


def _suggestions(t: Texts, listed: ThemeList) -> list[Element]:
    if not listed.suggestions:
        return []
    items: list[Element] = [heading(t("theme.suggested"))]
    for one in listed.suggestions[:_MOST_SUGGESTED]:
        take = TakeSuggestion(listed.round.id, one.key)
        button = execute(
            t("theme.take_more" if one.theme_id else "theme.take"), take, associated_inputs="none"
        )
        items += [
            TextBlock(f"**{one_line(one.title)}**", spacing="medium"),
            quiet(_why(t, one)),
            ActionSet([button], spacing="small"),
        ]
    rest = [one_line(one.title) for one in listed.suggestions[_MOST_SUGGESTED:]]
    if rest:
        more = t("theme.suggested_more", titles=t.titles(rest))
        items.append(TextBlock(more, size="small", is_subtle=True, spacing="medium"))
    return [Container(items, style="emphasis", spacing="medium")]


def _why(t: Texts, one: ThemeSuggestion) -> str:
    parts = [
        t.plural("theme.answers_new" if one.theme_id else "theme.answers", len(one.ties)),
        t.plural("theme.organisations", one.organisations),
        t.plural("theme.rounds", one.rounds),
    ]
    return " · ".join(parts)


def _chooser(t: Texts, listed: ThemeList) -> list[Element]:
    if not listed.themes:
        return [] if listed.suggestions else [TextBlock(t("theme.none"))]
    choices = [
        Choice(t.plural("theme.choice", count, title=plain(theme.title)), theme.id)
        for theme, count in listed.themes[:_MOST_CHOICES]
    ]
    return [ChoiceSet("theme", t("theme.choose"), choices, value=choices[0].value, style="compact")]


def _own(t: Texts, round_id: str) -> list[Element]:
    field = TextInput("title", t("theme.own_title"), placeholder=t("theme.own_hint"), max_length=MOST_TITLE)
    button = ActionSet([execute(t("theme.make"), NewTheme(round_id))], spacing="small")
    link = unfold(t("theme.own"), "own_theme")
    link.spacing = "medium"
    return [link, Container([field, button], id="own_theme", is_visible=False, spacing="small")]


def theme_card(t: Texts, sheet: ThemeSheet, said: str = "") -> Card:
    """A theme's answers, newest first, what it led to, and what may be put in or taken out."""
    title = one_line(sheet.theme.title)
    body: list[Element] = [*header(title, _extent(t, sheet))]
    if said:
        body.append(TextBlock(f"✓ {said}", color="good"))
    body += [TextBlock(_led_to(t, sheet, one), spacing="small") for one in sheet.referrals]
    body += _voices(t, sheet)
    if sheet.theme.closed_at is None:
        body += _to_tie(t, sheet)
        body += _to_untie(t, sheet)
    return Card(body, lang=t.language, fallback_text=title, actions=_doings(t, sheet))


def _extent(t: Texts, sheet: ThemeSheet) -> str:
    if sheet.theme.closed_at is not None:
        return t("theme.is_over", day=t.date(sheet.group.local_day(sheet.theme.closed_at)))
    organisations = {one.member.organisation for one in sheet.voices}
    parts = [t.plural("theme.answers", len(sheet.voices))]
    if sheet.voices:
        parts.append(t.plural("theme.organisations", len(organisations)))
        parts.append(t.plural("theme.rounds", len({one.round.id for one in sheet.voices})))
    return " · ".join(parts)


def _led_to(t: Texts, sheet: ThemeSheet, referral: Referral) -> str:
    day = t.date(sheet.group.local_day(referral.referred_at))
    return t("theme.lifted", day=day, state=t(f"theme.state_{referral.state.value}"))


def _voices(t: Texts, sheet: ThemeSheet) -> list[Element]:
    """Each answer with whose it is; the oldest are counted where there is no room."""
    shown: list[Element] = []
    used = 0
    for one in sheet.voices:
        said = _voice(t, one)
        used += size(said.to_dict())
        if used > _VOICES_BYTES:
            return [*shown, quiet(t.plural("theme.older", len(sheet.voices) - len(shown)))]
        shown.append(said)
    return shown


def _voice(t: Texts, one: Voice) -> Container:
    about = t(
        "theme.voice",
        who=_whose(t, one),
        number=one.round.number,
        area=one_line(one.question.title),
        rating=_rating(t, one),
    )
    items: list[Element] = [TextBlock(about, size="small")]
    if one.answer.words:
        items.append(TextBlock(escape(one.answer.words[:600]), spacing="none"))
    return Container(items, separator=True, spacing="small")


def _whose(t: Texts, one: Voice) -> str:
    return one_line(one.member.organisation or "") or t("theme.somebody")


def _rating(t: Texts, one: Voice) -> str:
    if one.answer.impact is not None:
        return t("theme.level", level=one.answer.impact)
    return f" {t(f'report.colour_{one.answer.colour.value}')}" if one.answer.colour else ""


def _to_tie(t: Texts, sheet: ThemeSheet) -> list[Element]:
    button = execute(t("theme.tie"), TieAnswers(sheet.round.id, sheet.theme.id))
    label = t("theme.to_tie", number=sheet.round.number)
    return _choosing(t, "tied", label, sheet.untied, button)


def _to_untie(t: Texts, sheet: ThemeSheet) -> list[Element]:
    button = execute(t("theme.untie"), UntieAnswers(sheet.round.id, sheet.theme.id))
    return _choosing(t, "untied", t("theme.to_untie"), sheet.voices, button)


def _choosing(t: Texts, name: str, label: str, voices: Sequence[Voice], button: Action) -> list[Element]:
    """Folded: a list of answers to choose among, and what to do with them."""
    if not voices:
        return []
    choices = [Choice(_short(t, one), answer_value(one.key)) for one in voices[:_MOST_CHOICES]]
    field = ChoiceSet(name, label, choices, style="expanded", is_multi_select=True, wrap=True)
    link = unfold(label, f"{name}_answers")
    link.spacing = "medium"
    inside: list[Element] = [field, ActionSet([button], spacing="small")]
    return [
        link,
        Container(inside, id=f"{name}_answers", is_visible=False, style="emphasis", spacing="small"),
    ]


def _short(t: Texts, one: Voice) -> str:
    words = " ".join(plain(one.answer.words).split())
    text = words if len(words) <= 60 else words[:59].rstrip() + "…"
    return t("theme.short", who=plain(one.member.organisation or "") or t("theme.somebody"), text=text)


def _doings(t: Texts, sheet: ThemeSheet) -> list[Action]:
    round_id = sheet.round.id
    listed = execute(t("theme.title"), ShowThemes(round_id), associated_inputs="none")
    if sheet.theme.closed_at is not None:
        return [listed]
    over = execute(t("theme.close"), CloseTheme(round_id, sheet.theme.id), associated_inputs="none")
    return [listed, over]
