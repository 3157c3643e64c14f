"""`löften`: what is promised, how it goes, the text for the web; and what goes out of itself (D3, D4)."""

from __future__ import annotations

from bot.commands import Command
from bot.delivery.addressees import addressee
from bot.delivery.couriers import Outgoing, Skip, Skipped, ToMember
from bot.features import Feature, Turn
from bot.teams.activities import Reply
from bot.teams.messages import card_activity
from cards.card import Card
from cards.inputs import Inputs
from cards.promise import (
    FollowUpPromise,
    OpenPromise,
    PromiseForWeb,
    promise_card,
    promises_card,
    renewal_card,
)
from cards.promise_adoption import PreviewPromise, adopted_card
from cards.promise_draft import draft_card
from cards.promise_follow_up import SaveFollowUp, follow_up_card
from cards.promise_web import web_card
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.authority import Act, require
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.errors import Invalid
from lagesbild.ids import PromiseId
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.promise_sheets import PromiseSheet
from lagesbild.promises import CitizenPromise, PromiseState, SectionStatus
from lagesbild.usecases.promising import (
    MAX_COMMENT,
    follow_up_section,
    later_than,
    mark_opened,
    promise_overview,
    promise_sheet,
    receivers,
    sheet_of,
)

feature = Feature()

_MOST = 1e9
_STATUSES = [status.value for status in SectionStatus]


@feature.command(Command.PROMISES, Act.SEE_PROMISES)
async def promises(turn: Turn, rest: str) -> Reply:
    """The current promise, to anyone who asks; what can be done with it only in the personal chat."""
    seen = await promise_overview(turn.work, turn.member)
    if seen.shown is not None:
        await mark_opened(turn.work, turn.member, seen.shown.promise.id)
    return Reply(card=promises_card(turn.texts, seen, doings=turn.in_private).to_dict())


@feature.button(OpenPromise, Act.SEE_PROMISES)
async def open_promise(turn: Turn, payload: OpenPromise, inputs: Inputs) -> Reply:
    """A promise, or another page of it; what is in work as far as it has come."""
    sheet = await promise_sheet(turn.work, turn.member, PromiseId(payload.promise_id))
    await mark_opened(turn.work, turn.member, sheet.promise.id)
    return Reply(card=(await card_of(turn, sheet, payload.page)).to_dict())


@feature.button(PreviewPromise, Act.RUN_PROMISES)
async def preview(turn: Turn, payload: PreviewPromise, inputs: Inputs) -> Reply:
    """Another page of what everybody will get."""
    sheet = await promise_sheet(turn.work, turn.member, PromiseId(payload.promise_id))
    return Reply(card=(await card_of(turn, sheet, payload.page)).to_dict())


async def card_of(turn: Turn, sheet: PromiseSheet, page: int = 0, said: str = "") -> Card:
    """The card of a promise in its state: the draft's list, the preview before publishing, or the promise."""
    state = sheet.promise.state
    if state is PromiseState.DRAFT:
        return draft_card(turn.texts, sheet.promise, said)
    if state is PromiseState.ADOPTED:
        many = len(await receivers(turn.work, sheet.group))
        return adopted_card(turn.texts, sheet, many, page=page)
    return promise_card(turn.texts, sheet, page=page)


@feature.button(FollowUpPromise, Act.RUN_PROMISES)
async def ask_follow_up(turn: Turn, payload: FollowUpPromise | SaveFollowUp, inputs: Inputs) -> Reply:
    """The form to say how a section goes."""
    require(turn.member, Act.RUN_PROMISES)
    sheet = await promise_sheet(turn.work, turn.member, PromiseId(payload.promise_id))
    return Reply(card=follow_up_card(turn.texts, sheet).to_dict())


@feature.button(SaveFollowUp, Act.RUN_PROMISES, form=ask_follow_up)
async def save_follow_up(turn: Turn, payload: SaveFollowUp, inputs: Inputs) -> Reply:
    """Keep how a section goes, and show the form for the next."""
    promise_id = PromiseId(payload.promise_id)
    number = inputs.integer("section", min=1, max=99, required=True)
    status = inputs.choice("status", _STATUSES, required=True)
    follow_up = await follow_up_section(
        turn.work,
        turn.member,
        promise_id,
        number,
        SectionStatus(status),
        comment=inputs.text("comment", max=MAX_COMMENT),
        value=inputs.number("value", min=-_MOST, max=_MOST),
    )
    sheet = await promise_sheet(turn.work, turn.member, promise_id)
    section = sheet.promise.section(follow_up.number)
    title = one_line(section.title) if section else ""
    said = turn.texts("promise.said_followed_up", title=title)
    return Reply(card=follow_up_card(turn.texts, sheet, said).to_dict())


@feature.button(PromiseForWeb, Act.RUN_PROMISES)
async def for_web(turn: Turn, payload: PromiseForWeb, inputs: Inputs) -> Reply:
    """The text for the municipality's page, beside the card it was asked on."""
    require(turn.member, Act.RUN_PROMISES)
    sheet = await promise_sheet(turn.work, turn.member, PromiseId(payload.promise_id))
    if sheet.promise.state is PromiseState.DRAFT:
        raise Invalid("promise", "not_adopted")
    card = web_card(turn.texts, sheet, markdown=payload.markdown, page=payload.page)
    return Reply(card=card.to_dict())


@feature.delivers(DeliveryKind.PROMISE)
async def tell_published(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The published promise, to everybody."""
    group, member, promise = await _about(work, delivery)
    sheet = await sheet_of(work, group, promise)
    card = promise_card(Texts(member.locale), sheet, sent=True)
    return Outgoing(ToMember(group.home, member), card_activity(card))


@feature.delivers(DeliveryKind.PROMISE_RENEWAL)
async def tell_ending(work: Work, delivery: Delivery) -> Outgoing | Skip:
    """The word before it ends, to those who write the next."""
    group, member, promise = await _about(work, delivery)
    if later_than(promise, await work.store.promises.list_by_group(group.id)):
        return Skip("renewed")
    card = renewal_card(Texts(member.locale), await sheet_of(work, group, promise))
    return Outgoing(ToMember(group.home, member), card_activity(card))


async def _about(work: Work, delivery: Delivery) -> tuple[Group, Member, CitizenPromise]:
    """Who gets it and what it is about, as it is now. Skipped if it is not to be sent any more."""
    group, member = await addressee(work, delivery)
    promise = await work.store.promises.get(PromiseId(delivery.subject))
    if promise is None or promise.state is not PromiseState.PUBLISHED:
        raise Skipped("not_published")
    if promise.last < group.local_day(work.clock.now()):
        raise Skipped("ended")
    return group, member, promise
