"""Writing a promise in the chat: draft, sections, signatures, adoption, and out to everybody (D1, D2)."""

from __future__ import annotations

from dataclasses import replace

from bot.features import Feature, Turn
from bot.handlers.promises import card_of
from bot.teams.activities import Reply
from cards.inputs import Inputs
from cards.promise import NewPromise, RenewPromise
from cards.promise_adoption import (
    AdoptPromise,
    PublishPromise,
    RemoveSignature,
    ReopenPromise,
    SaveSignature,
    adopt_card,
    published_card,
    sign_card,
)
from cards.promise_discard import AskDiscard, DiscardPromise, discard_card, discarded_card
from cards.promise_draft import (
    NEW_SECTION,
    AskAdoption,
    AskSignature,
    EditPromise,
    EditSection,
    draft_card,
)
from cards.promise_forms import (
    MAX_COMMITMENTS,
    MAX_PREAMBLE,
    BeginFromExample,
    RemoveSection,
    SavePromise,
    SaveSection,
    front_card,
    section_card,
)
from cards.safe import one_line
from lagesbild.authority import Act, require
from lagesbild.errors import NotFound
from lagesbild.ids import PromiseId
from lagesbild.promise_drafts import (
    MAX_TITLE,
    MAX_WHY,
    PeriodKind,
    PromiseForm,
    SectionForm,
    parse_commitments,
)
from lagesbild.promises import CitizenPromise
from lagesbild.templates import Area
from lagesbild.usecases.finding import own_group
from lagesbild.usecases.promise_drafting import (
    add_section,
    adopt,
    change_promise,
    change_section,
    discard,
    draft_from_example,
    draft_from_previous,
    draft_promise,
    own_draft,
    remove_section,
    remove_signature,
    reopen,
    sign,
    suggested_period,
)
from lagesbild.usecases.promising import promise_overview, promise_sheet, publish, receivers

feature = Feature()

_AREAS = [area.value for area in Area]
_PERIODS = [kind.value for kind in PeriodKind]


@feature.button(NewPromise, Act.RUN_PROMISES)
async def new(turn: Turn, payload: NewPromise, inputs: Inputs) -> Reply:
    """The form for a new promise, or to begin from the one that is shown."""
    require(turn.member, Act.RUN_PROMISES)
    seen = await promise_overview(turn.work, turn.member)
    period = await suggested_period(turn.work, turn.member)
    renewable = seen.shown.promise if seen.shown else None
    # Who has a promise begins from it; the first time somebody else's shows what one looks like.
    examples = () if renewable else tuple(turn.work.examples.values())
    card = front_card(turn.texts, turn.member.group_id, period, renewable=renewable, examples=examples)
    return Reply(card=card.to_dict())


@feature.button(BeginFromExample, Act.RUN_PROMISES)
async def begin_from_example(turn: Turn, payload: BeginFromExample, inputs: Inputs) -> Reply:
    """A draft with the sections of a promise that ships."""
    example = turn.work.examples.get(payload.example)
    if example is None:
        raise NotFound("promise", payload.example)
    draft = await draft_from_example(turn.work, turn.member, example)
    said = turn.texts("promise.said_example", municipality=one_line(example.municipality))
    return await _as_it_is(turn, draft.id, said)


@feature.button(RenewPromise, Act.RUN_PROMISES)
async def renew(turn: Turn, payload: RenewPromise, inputs: Inputs) -> Reply:
    """A draft with the same sections for the period after."""
    draft = await draft_from_previous(turn.work, turn.member, PromiseId(payload.promise_id))
    return await _as_it_is(turn, draft.id, turn.texts("promise.said_renewed"))


@feature.button(EditPromise, Act.RUN_PROMISES)
async def edit(turn: Turn, payload: EditPromise, inputs: Inputs) -> Reply:
    """The form for title, preamble and period."""
    draft = await own_draft(turn.work, turn.member, PromiseId(payload.promise_id))
    card = front_card(turn.texts, draft.group_id, (draft.first, draft.last), draft)
    return Reply(card=card.to_dict())


async def front_form(turn: Turn, payload: SavePromise, inputs: Inputs) -> Reply | None:
    """The form for title, preamble and period, of a new promise or of a draft."""
    if payload.promise_id:
        return await edit(turn, EditPromise(payload.group_id, payload.promise_id), inputs)
    return await new(turn, NewPromise(payload.group_id), inputs)


@feature.button(SavePromise, Act.RUN_PROMISES, form=front_form)
async def save(turn: Turn, payload: SavePromise, inputs: Inputs) -> Reply:
    """Save title, preamble and period; a new promise goes on to its first section."""
    form = PromiseForm(
        title=inputs.text("title", max=MAX_TITLE),
        preamble=inputs.text("preamble", max=MAX_PREAMBLE),
        first=inputs.date("first"),
        period=PeriodKind(inputs.choice("period", _PERIODS) or PeriodKind.OTHER),
        last=inputs.date("last"),
    )
    if not payload.promise_id:
        draft = await draft_promise(turn.work, turn.member, form)
        return Reply(card=section_card(turn.texts, draft).to_dict())
    return _saved(turn, await change_promise(turn.work, turn.member, PromiseId(payload.promise_id), form))


@feature.button(EditSection, Act.RUN_PROMISES)
async def edit_section(turn: Turn, payload: EditSection, inputs: Inputs) -> Reply:
    """The form for the section that is chosen; a new one if that is gone."""
    draft = await own_draft(turn.work, turn.member, PromiseId(payload.promise_id))
    known = [NEW_SECTION, *(str(section.number) for section in draft.sections)]
    number = int(inputs.choice("section", known) or NEW_SECTION)
    return Reply(card=section_card(turn.texts, draft, draft.section(number)).to_dict())


async def section_form(turn: Turn, payload: SaveSection, inputs: Inputs) -> Reply:
    """The form of the section that was sent."""
    draft = await own_draft(turn.work, turn.member, PromiseId(payload.promise_id))
    section = next((one for one in draft.sections if one.mark == payload.mark), None)
    return Reply(card=section_card(turn.texts, draft, section).to_dict())


@feature.button(SaveSection, Act.RUN_PROMISES, form=section_form)
async def save_section(turn: Turn, payload: SaveSection, inputs: Inputs) -> Reply:
    """Save the section, and show the list."""
    promise_id, form = PromiseId(payload.promise_id), _section_form(inputs)
    if not payload.mark:
        return _saved(turn, await add_section(turn.work, turn.member, promise_id, form))
    try:
        return _saved(turn, await change_section(turn.work, turn.member, promise_id, payload.mark, form))
    except NotFound:
        # Beside the form, which keeps what was typed.
        return replace(await _missed(turn, promise_id), replace=False)


@feature.button(RemoveSection, Act.RUN_PROMISES)
async def take_away_section(turn: Turn, payload: RemoveSection, inputs: Inputs) -> Reply:
    """Take the section away, and show the list."""
    promise_id = PromiseId(payload.promise_id)
    try:
        draft = await remove_section(turn.work, turn.member, promise_id, payload.mark)
    except NotFound:
        return await _missed(turn, promise_id)
    return _saved(turn, draft, "promise.said_removed")


@feature.button(AskSignature, Act.RUN_PROMISES)
async def ask_signature(
    turn: Turn, payload: AskSignature | SaveSignature | RemoveSignature, inputs: Inputs
) -> Reply:
    """The form for who signs."""
    draft = await own_draft(turn.work, turn.member, PromiseId(payload.promise_id))
    group = await own_group(turn.work, turn.member)
    today = group.local_day(turn.work.clock.now())
    return Reply(card=sign_card(turn.texts, draft, today).to_dict())


@feature.button(SaveSignature, Act.RUN_PROMISES, form=ask_signature)
async def save_signature(turn: Turn, payload: SaveSignature, inputs: Inputs) -> Reply:
    """Save a signature by role."""
    draft = await sign(
        turn.work,
        turn.member,
        PromiseId(payload.promise_id),
        inputs.text("role", max=MAX_TITLE),
        name=inputs.text("name", max=MAX_TITLE),
        day=inputs.date("signed_on"),
    )
    return _saved(turn, draft)


@feature.button(RemoveSignature, Act.RUN_PROMISES, form=ask_signature)
async def take_away_signature(turn: Turn, payload: RemoveSignature, inputs: Inputs) -> Reply:
    """Take away the role that is typed."""
    role = inputs.text("role", max=MAX_TITLE)
    return _saved(turn, await remove_signature(turn.work, turn.member, PromiseId(payload.promise_id), role))


@feature.button(AskAdoption, Act.RUN_PROMISES)
async def ask_adoption(turn: Turn, payload: AskAdoption | AdoptPromise, inputs: Inputs) -> Reply:
    """The form for who adopted it, filled in with who adopted the one before."""
    draft = await own_draft(turn.work, turn.member, PromiseId(payload.promise_id))
    sheet = await promise_sheet(turn.work, turn.member, draft.id)
    before = sheet.previous.adopted_by if sheet.previous else ""
    return Reply(card=adopt_card(turn.texts, draft, sheet.today, before).to_dict())


@feature.button(AdoptPromise, Act.RUN_PROMISES, form=ask_adoption)
async def save_adoption(turn: Turn, payload: AdoptPromise, inputs: Inputs) -> Reply:
    """Record the adoption, and show what everybody will get."""
    day = inputs.date("adopted_on", required=True)
    body = inputs.text("adopted_by", max=MAX_TITLE)
    promise_id = PromiseId(payload.promise_id)
    await adopt(turn.work, turn.member, promise_id, body, day)
    return await _as_it_is(turn, promise_id)


@feature.button(ReopenPromise, Act.RUN_PROMISES)
async def take_back_adoption(turn: Turn, payload: ReopenPromise, inputs: Inputs) -> Reply:
    """Back to the draft."""
    draft = await reopen(turn.work, turn.member, PromiseId(payload.promise_id))
    return _saved(turn, draft, "promise.said_reopened")


@feature.button(AskDiscard, Act.RUN_PROMISES)
async def ask_discard(turn: Turn, payload: AskDiscard, inputs: Inputs) -> Reply:
    """Whether the draft is really to go."""
    draft = await own_draft(turn.work, turn.member, PromiseId(payload.promise_id))
    return Reply(card=discard_card(turn.texts, draft).to_dict())


@feature.button(DiscardPromise, Act.RUN_PROMISES)
async def discard_promise(turn: Turn, payload: DiscardPromise, inputs: Inputs) -> Reply:
    """Away with it; nobody but those who wrote it has seen it."""
    draft = await discard(turn.work, turn.member, PromiseId(payload.promise_id))
    return Reply(card=discarded_card(turn.texts, draft).to_dict())


@feature.button(PublishPromise, Act.RUN_PROMISES)
async def publish_promise(turn: Turn, payload: PublishPromise, inputs: Inputs) -> Reply:
    """To everybody; pressed twice it says the same and sends nothing more."""
    promise = await publish(turn.work, turn.member, PromiseId(payload.promise_id))
    group = await own_group(turn.work, turn.member)
    over = promise.last < group.local_day(turn.work.clock.now())
    many = 0 if over else len(await receivers(turn.work, group))
    return Reply(card=published_card(turn.texts, promise, many).to_dict())


def _section_form(inputs: Inputs) -> SectionForm:
    return SectionForm(
        title=inputs.text("title", max=MAX_TITLE),
        commitments=parse_commitments(inputs.text("commitments", max=MAX_COMMITMENTS)),
        why=inputs.text("why", max=MAX_WHY),
        areas=tuple(Area(value) for value in inputs.choices("areas", _AREAS)),
        indicator=inputs.text("indicator", max=MAX_TITLE),
    )


def _saved(turn: Turn, draft: CitizenPromise, said: str = "promise.said_saved") -> Reply:
    return Reply(card=draft_card(turn.texts, draft, turn.texts(said)).to_dict())


async def _missed(turn: Turn, promise_id: PromiseId) -> Reply:
    """The draft as it is now, when the section that a card names is gone or says something else."""
    draft = await own_draft(turn.work, turn.member, promise_id)
    return Reply(card=draft_card(turn.texts, draft, missed=turn.texts("promise.section_gone")).to_dict())


async def _as_it_is(turn: Turn, promise_id: PromiseId, said: str = "") -> Reply:
    sheet = await promise_sheet(turn.work, turn.member, promise_id)
    return Reply(card=(await card_of(turn, sheet, said=said)).to_dict())
