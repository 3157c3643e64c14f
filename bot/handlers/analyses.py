"""Root-cause analyses: ordering one, its result, its use, and asking about it (C3)."""

from __future__ import annotations

from bot.delivery.addressees import addressee
from bot.delivery.couriers import Outgoing, Skip, ToMember
from bot.features import Feature, Turn
from bot.handlers.owners import chosen_owner
from bot.teams.activities import Reply
from bot.teams.messages import card_activity
from cards.analysis import (
    ANALYSIS_OWNER,
    USE_OWNER,
    AskForAnalysis,
    OpenAnalysis,
    OrderAnalysis,
    SaveAnalysis,
    UseResult,
    analysis_card,
    order_card,
)
from cards.inputs import Inputs
from cards.texts import Texts
from lagesbild.authority import Act, may
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.errors import Invalid
from lagesbild.ids import AnalysisId
from lagesbild.measures import AnalysisState
from lagesbild.people import MemberState
from lagesbild.ports import Work
from lagesbild.templates import Area
from lagesbild.usecases.analysing import (
    LONGEST_PROBLEM,
    LONGEST_RESULT,
    AnalysisForm,
    Use,
    UseForm,
    analysis_sheet,
    analysis_sheet_of,
    order_analysis,
    update_analysis,
    use_result,
)
from lagesbild.usecases.directing import typed_lines
from lagesbild.usecases.finding import own_group
from lagesbild.usecases.seating import area_titles

feature = Feature()


@feature.button(AskForAnalysis, Act.DECIDE)
async def ask(turn: Turn, payload: AskForAnalysis | OrderAnalysis, inputs: Inputs) -> Reply:
    """The form for a new one."""
    group = await own_group(turn.work, turn.member)
    members = await turn.work.store.members.list_by_group(group.id)
    owners = [member for member in members if member.state is MemberState.ACTIVE]
    today = group.local_day(turn.work.clock.now())
    card = order_card(turn.texts, group, area_titles(turn.work, group), owners, today)
    return Reply(card=card.to_dict(), replace=False)


@feature.button(OrderAnalysis, Act.DECIDE, form=ask)
async def order(turn: Turn, payload: OrderAnalysis, inputs: Inputs) -> Reply:
    """Order it, and show it as stored."""
    area = inputs.choice("analysis_area", [area.value for area in Area])
    if area is None:
        raise Invalid("analysis_area", "missing")
    ordered = await order_analysis(
        turn.work,
        turn.member,
        Area(area),
        inputs.text("analysis_problem", max=LONGEST_PROBLEM),
        owner=await chosen_owner(turn, inputs, ANALYSIS_OWNER),
        due=inputs.date("analysis_due"),
    )
    return await _shown(turn, ordered.id)


@feature.button(OpenAnalysis, Act.FOLLOW_MEASURES)
async def open_analysis(
    turn: Turn, payload: OpenAnalysis | SaveAnalysis | UseResult, inputs: Inputs
) -> Reply:
    """One analysis."""
    return await analysis_reply(turn, AnalysisId(payload.analysis_id))


@feature.button(SaveAnalysis, Act.FOLLOW_MEASURES, form=open_analysis)
async def save(turn: Turn, payload: SaveAnalysis, inputs: Inputs) -> Reply:
    """Store hypotheses and result."""
    form = AnalysisForm(
        hypotheses=typed_lines(inputs.text("analysis_hypotheses", max=2000)),
        result=inputs.text("analysis_result", max=LONGEST_RESULT),
        due=inputs.date("analysis_due"),
    )
    saved = await update_analysis(turn.work, turn.member, AnalysisId(payload.analysis_id), form)
    return await _shown(turn, saved.id)


@feature.button(UseResult, Act.DECIDE, form=open_analysis)
async def use(turn: Turn, payload: UseResult, inputs: Inputs) -> Reply:
    """Say what the result is used for."""
    chosen = inputs.choice("analysis_use_kind", [use.value for use in Use])
    form = UseForm(
        use=Use(chosen or Use.WORDS.value),
        text=inputs.text("analysis_use", max=LONGEST_PROBLEM),
        owner=await chosen_owner(turn, inputs, USE_OWNER),
        due=inputs.date("use_due"),
    )
    used = await use_result(turn.work, turn.member, AnalysisId(payload.analysis_id), form)
    return await _shown(turn, used.id)


async def analysis_reply(turn: Turn, analysis_id: AnalysisId) -> Reply:
    """One analysis, as a message of its own."""
    sheet = await analysis_sheet(turn.work, turn.member, analysis_id)
    return Reply(card=analysis_card(turn.texts, sheet).to_dict(), replace=False)


async def _shown(turn: Turn, analysis_id: AnalysisId) -> Reply:
    sheet = await analysis_sheet(turn.work, turn.member, analysis_id)
    return Reply(card=analysis_card(turn.texts, sheet, saved=True).to_dict())


@feature.delivers(DeliveryKind.ANALYSIS_DUE)
async def ask_about(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The question what an analysis showed, or what its result was used for."""
    group, member = await addressee(work, delivery)
    analysis = await work.store.analyses.get(AnalysisId(delivery.subject))
    changed = analysis is None or analysis.changed_at > delivery.queued_at
    if analysis is None or changed or analysis.state is AnalysisState.USED:
        return Skip("answered")
    sheet = await analysis_sheet_of(work, group, analysis, may_use=may(member, Act.DECIDE))
    card = analysis_card(Texts(member.locale), sheet, asked=member)
    return Outgoing(ToMember(group.home, member), card_activity(card))
