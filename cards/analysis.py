"""Root-cause analyses: ordering one, hypotheses and result, and what the result is used for (C3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.fields import Choice, ChoiceSet, DateInput, TextInput
from cards.layout import facts, header, notice, quiet, subheading, titled
from cards.owners import OwnerIds, owner_fields
from cards.safe import escape, one_line, plain
from cards.texts import Texts
from lagesbild.measures import AnalysisState, RootCauseAnalysis
from lagesbild.people import Group, Member
from lagesbild.templates import Area
from lagesbild.usecases.analysing import LONGEST_PROBLEM, LONGEST_RESULT, AnalysisSheet, Use

ANALYSIS_OWNER = OwnerIds("analysis_owner", "analysis_other")
USE_OWNER = OwnerIds("use_owner", "use_other")


@dataclass(frozen=True)
class AskForAnalysis(Payload, verb="analysis.ask"):
    """Show the form for a new one."""

    group_id: str


@dataclass(frozen=True)
class OrderAnalysis(Payload, verb="analysis.order"):
    """Order what the form says."""

    group_id: str


@dataclass(frozen=True)
class OpenAnalysis(Payload, verb="analysis.open"):
    """Show one."""

    group_id: str
    analysis_id: str


@dataclass(frozen=True)
class SaveAnalysis(Payload, verb="analysis.save"):
    """Store hypotheses and result."""

    group_id: str
    analysis_id: str


@dataclass(frozen=True)
class UseResult(Payload, verb="analysis.use"):
    """Say what is done with the result, which closes it."""

    group_id: str
    analysis_id: str


def order_card(
    t: Texts, group: Group, areas: Mapping[Area, str], owners: Sequence[Member], today: date
) -> Card:
    """The form: which problem, who finds out, by when."""
    choices = [Choice(plain(title), area.value) for area, title in areas.items()]
    problem = TextInput(
        "analysis_problem",
        t("analysis.problem"),
        placeholder=t("analysis.problem_hint"),
        is_multiline=True,
        max_length=LONGEST_PROBLEM,
    )
    body: list[Element] = [
        *header(t("analysis.order_title"), t("analysis.order_intro")),
        problem,
        ChoiceSet(
            "analysis_area",
            t("analysis.area"),
            choices,
            style="compact",
            placeholder=t("analysis.area_hint"),
        ),
        *owner_fields(t, ANALYSIS_OWNER, owners),
        DateInput("analysis_due", t("analysis.due"), min=today.isoformat()),
    ]
    order = execute(t("analysis.order"), OrderAnalysis(group.id), style="positive")
    return Card(body, lang=t.language, fallback_text=t("analysis.order_title"), actions=[order])


def analysis_line(t: Texts, analysis: RootCauseAnalysis, today: date) -> Element:
    """One analysis: how far it is as a symbol and a word, the problem, who and when."""
    late = analysis.state is AnalysisState.ORDERED and analysis.due < today
    state = t(f"analysis.state_{analysis.state.value}")
    below = t(
        "analysis.below_late" if late else "analysis.below",
        who=one_line(analysis.owner.name, 60),
        day=t.date(analysis.due),
    )
    return titled(t("analysis.line", state=state, problem=one_line(analysis.problem, 90)), below, late=late)


def analysis_card(
    t: Texts, sheet: AnalysisSheet, *, asked: Member | None = None, saved: bool = False
) -> Card:
    """One analysis with what can be written about it now. `asked` is who the bot asks, on the clock's behalf."""
    analysis = sheet.analysis
    title = one_line(analysis.problem, 200)
    body: list[Element] = []
    if saved:
        body.append(TextBlock(f"✓ {t('analysis.saved')}", color="good", weight="bolder"))
    if asked is not None:
        body.append(notice(f"**{_asks(t, analysis, asked)}**"))
    body += [*header(title, t("analysis.about", area=one_line(sheet.area))), _facts(t, sheet)]
    if analysis.state is AnalysisState.USED:
        body += _used(t, analysis)
        return Card(body, lang=t.language, fallback_text=title)
    body += _findings(t, analysis)
    buttons: list[Action] = [
        execute(t("analysis.save"), SaveAnalysis(sheet.group.id, analysis.id), style="positive")
    ]
    if analysis.state is AnalysisState.RESULT and sheet.may_use:
        body += _use(t, sheet)
        buttons.append(execute(t("analysis.use"), UseResult(sheet.group.id, analysis.id)))
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def _asks(t: Texts, analysis: RootCauseAnalysis, asked: Member) -> str:
    if analysis.state is AnalysisState.RESULT:
        return t("analysis.ask_use")
    if analysis.owner.member_id != asked.id:
        return t("analysis.ask_for", who=one_line(analysis.owner.name))
    return t("analysis.ask_due")


def _facts(t: Texts, sheet: AnalysisSheet) -> Element:
    analysis = sheet.analysis
    rows = [
        (t("analysis.fact_state"), t(f"analysis.state_{analysis.state.value}")),
        (t("analysis.fact_who"), one_line(analysis.owner.name)),
        (t("analysis.fact_when"), t.date(analysis.due)),
        (t("analysis.fact_decided"), one_line(sheet.decider) or "–"),
    ]
    if sheet.referral is not None:
        rows.append((t("analysis.fact_referral"), one_line(sheet.referral.title)))
    return facts(*rows)


def _used(t: Texts, analysis: RootCauseAnalysis) -> list[Element]:
    found: list[Element] = []
    if analysis.hypotheses:
        lines = "\n".join(f"- {one_line(line, 300)}" for line in analysis.hypotheses)
        found += [subheading(t("analysis.hypotheses_short")), TextBlock(lines, spacing="none")]
    found += [subheading(t("analysis.result_short")), TextBlock(escape(analysis.result), spacing="none")]
    return [*found, subheading(t("analysis.used_for")), TextBlock(escape(analysis.used_for), spacing="none")]


def _findings(t: Texts, analysis: RootCauseAnalysis) -> list[Element]:
    return [
        TextInput(
            "analysis_hypotheses",
            t("analysis.hypotheses"),
            value=plain("\n".join(analysis.hypotheses)) or None,
            placeholder=t("analysis.hypotheses_hint"),
            is_multiline=True,
            max_length=2000,
        ),
        TextInput(
            "analysis_result",
            t("analysis.result"),
            value=plain(analysis.result) or None,
            placeholder=t("analysis.result_hint"),
            is_multiline=True,
            max_length=LONGEST_RESULT,
        ),
        DateInput("analysis_due", t("analysis.due"), value=analysis.due.isoformat()),
    ]


def _use(t: Texts, sheet: AnalysisSheet) -> list[Element]:
    uses = [Choice(t(f"analysis.use_{use.value}"), use.value) for use in Use]
    day = DateInput("use_due", t("analysis.use_due"), min=sheet.today.isoformat())
    return [
        subheading(t("analysis.use_title")),
        ChoiceSet(
            "analysis_use_kind",
            t("analysis.use_kind"),
            uses,
            value=Use.MEASURE.value,
            style="expanded",
            wrap=True,
        ),
        TextInput("analysis_use", t("analysis.use_text"), is_multiline=True, max_length=LONGEST_PROBLEM),
        quiet(t("analysis.use_measure_needs")),
        *owner_fields(t, USE_OWNER, sheet.owners),
        day,
    ]
