"""Some weeks later: does it show? The question, its four answers, and once more (C6)."""

from __future__ import annotations

from bot.delivery.addressees import addressee
from bot.delivery.couriers import Outgoing, Skip, ToMember
from bot.features import Feature, Turn
from bot.teams.activities import Reply
from bot.teams.messages import card_activity
from cards.follow_up import (
    COMMENT,
    AnswerFollowUp,
    AskAgain,
    ChangeFollowUp,
    answered_card,
    follow_up_card,
)
from cards.inputs import Inputs
from cards.texts import Texts
from lagesbild.authority import Act
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.errors import NotFound
from lagesbild.ids import MeasureId
from lagesbild.measures import MeasureState
from lagesbild.ports import Work
from lagesbild.usecases.following_up import LONGEST_COMMENT, answer_follow_up, ask_again, asked_of

feature = Feature()


@feature.button(ChangeFollowUp, Act.FOLLOW_UP, private="error.in_private")
async def change(turn: Turn, payload: ChangeFollowUp | AnswerFollowUp, inputs: Inputs) -> Reply:
    """The question again, with what was typed."""
    asked = await asked_of(turn.work, turn.member, MeasureId(payload.measure_id), payload.number)
    return Reply(card=follow_up_card(turn.texts, asked).to_dict())


@feature.button(AnswerFollowUp, Act.FOLLOW_UP, private="error.in_private", form=change)
async def answer(turn: Turn, payload: AnswerFollowUp, inputs: Inputs) -> Reply:
    """One tap says whether it shows; what was typed beside it goes along."""
    asked = await answer_follow_up(
        turn.work,
        turn.member,
        MeasureId(payload.measure_id),
        payload.number,
        payload.shows,
        comment=inputs.text(COMMENT, max=LONGEST_COMMENT),
    )
    return Reply(card=answered_card(turn.texts, asked).to_dict())


@feature.button(AskAgain, Act.FOLLOW_UP, private="error.in_private")
async def again(turn: Turn, payload: AskAgain, inputs: Inputs) -> Reply:
    """Be asked once more, or not after all."""
    asked = await ask_again(
        turn.work, turn.member, MeasureId(payload.measure_id), payload.number, again=payload.again
    )
    return Reply(card=answered_card(turn.texts, asked).to_dict())


@feature.delivers(DeliveryKind.FOLLOW_UP)
async def ask(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The question whether it shows."""
    group, member = await addressee(work, delivery)
    measure_id, _, number = delivery.subject.partition(":")
    try:
        asked = await asked_of(work, member, MeasureId(measure_id), int(number))
    except (NotFound, ValueError):
        return Skip("no_part")
    if asked.follow_up.shows is not None:
        return Skip("answered")
    if asked.measure.state is not MeasureState.DONE:
        return Skip("not_done")
    card = follow_up_card(Texts(member.locale), asked)
    return Outgoing(ToMember(group.home, member), card_activity(card))
