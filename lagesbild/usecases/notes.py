"""Noting what happened when it happened: one line in the chat is enough (A5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from lagesbild.answering import MAX_COMMENT, ReportForm, cleared
from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.errors import Invalid, NotFound
from lagesbild.ids import ObservationId, fresh
from lagesbild.noting import guess
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.reports import Answer, Observation
from lagesbild.templates import Area
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import own_group


@dataclass(frozen=True)
class Noted:
    """A stored note and what could not be told from its words, so that a card can ask for just that."""

    observation: Observation
    group: Group
    today: date
    asks_area: bool
    asks_place: bool
    asks_when: bool


async def note(
    work: Work, actor: Member, text: str, *, accepted: frozenset[str] = frozenset(), reason: str = ""
) -> Noted:
    """Store a note at once with what its words tell; SecrecyFound first if the guard finds something (A10, A11).

    `accepted` are fingerprints of findings the member was shown and calls false alarms, and `reason` says why; it
    goes with the note into the report, where the coordinator sees it.
    """
    require(actor, Act.NOTE)
    words = text.strip()
    overridden = _check(words, accepted, reason)
    group = await own_group(work, actor)
    today = _today(work, group)
    guessed = guess(words, today)
    observation = Observation(
        id=ObservationId(fresh()),
        group_id=group.id,
        member_id=actor.id,
        area=guessed.area,
        text=words,
        noted_at=work.clock.now(),
        place=guessed.place,
        seen_on=guessed.seen_on,
        reason=reason.strip() if overridden else "",
    )
    await work.store.observations.save(observation)
    await record(work, group.id, actor, AuditAction.NOTE, f"observation:{observation.id}")
    return _noted(observation, group, today)


async def complete_note(
    work: Work,
    actor: Member,
    observation_id: ObservationId,
    *,
    area: Area | None = None,
    place: str | None = None,
    seen_on: date | None = None,
) -> Noted:
    """Fill in what the bot asked for; what is None is left as it was."""
    require(actor, Act.NOTE)
    observation = await own_note(work, actor, observation_id)
    place = place.strip() if place is not None else None
    if place:
        _check(place)
    completed = replace(
        observation,
        area=area or observation.area,
        place=observation.place if place is None else place,
        seen_on=seen_on or observation.seen_on,
    )
    if completed != observation:
        await work.store.observations.save(completed)
        await record(work, actor.group_id, actor, AuditAction.COMPLETE_NOTE, f"observation:{observation.id}")
    group = await own_group(work, actor)
    done = _noted(completed, group, _today(work, group))
    return replace(done, asks_area=False, asks_place=False, asks_when=False)


async def unfinished_note(work: Work, actor: Member, observation_id: ObservationId) -> Noted:
    """A note with what its words did not tell, to ask for it again."""
    require(actor, Act.NOTE)
    observation = await own_note(work, actor, observation_id)
    group = await own_group(work, actor)
    return _noted(observation, group, _today(work, group))


async def remove_note(work: Work, actor: Member, observation_id: ObservationId) -> Observation:
    """Take a note back, as long as no report has carried it."""
    require(actor, Act.NOTE)
    observation = await own_note(work, actor, observation_id)
    await work.store.observations.remove(observation)
    await record(work, actor.group_id, actor, AuditAction.REMOVE_NOTE, f"observation:{observation.id}")
    return observation


async def own_note(work: Work, actor: Member, observation_id: ObservationId) -> Observation:
    """The actor's own unreported note; Invalid (`note`, `reported`) once a report carries it, not found if it is anybody
    else's (F1)."""
    found = await work.store.observations.get(observation_id)
    if found is None or found.member_id != actor.id:
        raise NotFound("observation", observation_id)
    if found.reported_in is not None:
        raise Invalid("note", "reported")
    return found


def _check(words: str, accepted: frozenset[str] = frozenset(), reason: str = "") -> bool:
    """Whether something was found and called a false alarm; SecrecyFound or Invalid if the words cannot be stored."""
    if not words:
        raise Invalid("note", "empty")
    if len(words) > MAX_COMMENT:
        raise Invalid("note", "too_long", limit=MAX_COMMENT, length=len(words))
    answer = Answer(0, comment=words)
    return bool(cleared(ReportForm((answer,), accepted=accepted, reason=reason), (answer,)))


def _today(work: Work, group: Group) -> date:
    return group.local_day(work.clock.now())


def _noted(observation: Observation, group: Group, today: date) -> Noted:
    return Noted(
        observation=observation,
        group=group,
        today=today,
        asks_area=observation.area is None,
        asks_place=not observation.place,
        asks_when=observation.seen_on is None,
    )
