"""`insatser`: measures, how far they have come, and asking about them (C4)."""

from __future__ import annotations

from bot.commands import Command
from bot.delivery.addressees import addressee
from bot.delivery.couriers import Outgoing, Skip, ToMember
from bot.features import Feature, Turn
from bot.handlers.deciding import meets_here
from bot.teams.activities import Reply
from bot.teams.messages import card_activity
from cards.inputs import Inputs
from cards.measure import (
    NO_REACH,
    OpenMeasure,
    PickMeasure,
    SaveMeasure,
    measure_card,
    measures_card,
)
from cards.texts import Texts
from lagesbild.authority import Act
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.ids import MeasureId
from lagesbild.measures import MeasureState, Reach
from lagesbild.ports import Work
from lagesbild.usecases.measuring import (
    LONGEST_GOAL,
    LONGEST_OUTCOME,
    MeasureForm,
    list_measures,
    measure_sheet,
    measure_sheet_of,
    update_measure,
)

feature = Feature()


@feature.command(Command.MEASURES, Act.FOLLOW_MEASURES)
async def measures(turn: Turn, rest: str) -> Reply:
    """The list, in the own chat or where the council meets."""
    if not turn.in_private and not await meets_here(turn):
        return Reply(text=turn.texts("measure.in_private"))
    return Reply(card=measures_card(turn.texts, await list_measures(turn.work, turn.member)).to_dict())


@feature.button(PickMeasure, Act.FOLLOW_MEASURES)
async def pick(turn: Turn, payload: PickMeasure, inputs: Inputs) -> Reply:
    """Open the chosen one."""
    chosen = inputs.text("measure", max=64)
    if not chosen:
        return Reply(text=turn.texts("measure.nothing_chosen"), replace=False)
    return await measure_reply(turn, MeasureId(chosen))


@feature.button(OpenMeasure, Act.FOLLOW_MEASURES)
async def open_measure(turn: Turn, payload: OpenMeasure | SaveMeasure, inputs: Inputs) -> Reply:
    """One measure."""
    return await measure_reply(turn, MeasureId(payload.measure_id))


@feature.button(SaveMeasure, Act.FOLLOW_MEASURES, form=open_measure)
async def save(turn: Turn, payload: SaveMeasure, inputs: Inputs) -> Reply:
    """Store how far it has come, and show it as stored."""
    known = await measure_sheet(turn.work, turn.member, MeasureId(payload.measure_id))
    state = inputs.choice("measure_state", [state.value for state in MeasureState])
    reach = inputs.choice("measure_reach", [NO_REACH, *[reach.value for reach in Reach]])
    form = MeasureForm(
        state=MeasureState(state) if state else known.measure.state,
        outcome=inputs.text("measure_outcome", max=LONGEST_OUTCOME),
        due=inputs.date("measure_due"),
        reach=Reach(reach) if reach and reach != NO_REACH else None,
        goal=inputs.text("measure_goal", max=LONGEST_GOAL),
    )
    await update_measure(turn.work, turn.member, known.measure.id, form)
    sheet = await measure_sheet(turn.work, turn.member, known.measure.id)
    return Reply(card=measure_card(turn.texts, sheet, saved=True).to_dict())


async def measure_reply(turn: Turn, measure_id: MeasureId) -> Reply:
    """One measure, as a message of its own."""
    sheet = await measure_sheet(turn.work, turn.member, measure_id)
    return Reply(card=measure_card(turn.texts, sheet).to_dict(), replace=False)


@feature.delivers(DeliveryKind.MEASURE_DUE)
async def ask_about(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The question how a measure goes."""
    group, member = await addressee(work, delivery)
    measure = await work.store.measures.get(MeasureId(delivery.subject))
    if measure is None or measure.state.is_over or measure.changed_at > delivery.queued_at:
        return Skip("answered")
    sheet = await measure_sheet_of(work, group, measure)
    card = measure_card(Texts(member.locale), sheet, asked=member)
    return Outgoing(ToMember(group.home, member), card_activity(card))
