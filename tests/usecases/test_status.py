"""Who answered and who did not, what was not delivered, and sending again to just those (B2, F4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState, delivery_key
from lagesbild.errors import NoRound, NotAllowed
from lagesbild.ids import RoundId
from lagesbild.people import Member, MemberState
from lagesbild.picture import Standing
from lagesbild.rounds import RoundState
from lagesbild.usecases.status import rearm, resend, status
from tests.samples import (
    GROUP_ID,
    MEETING_AT,
    NOW,
    a_coordinator,
    a_group,
    a_meeting,
    a_member,
    a_prompt,
    a_report,
    a_round,
)
from tests.usecases.world import World

KARIN = a_coordinator(id="karin")
LENA = a_member("Lena Holm", id="lena")
OMAR = a_member("Omar Said", "Polisen", id="omar")
ROUND = RoundId("round7")


async def _begun(world: World, *things: object) -> World:
    await world.has(a_group(), KARIN, LENA, OMAR, a_meeting(), a_round(), *things)
    return world


def _welcome(state: DeliveryState) -> Delivery:
    key = delivery_key(DeliveryKind.WELCOME, LENA.id)
    return Delivery(key, GROUP_ID, DeliveryKind.WELCOME, NOW, member_id=LENA.id, state=state)


def _missed(
    kind: DeliveryKind, round_id: str | None, member: Member = LENA, queued_at: datetime = NOW
) -> Delivery:
    key = delivery_key(kind, round_id, member.id)
    about = RoundId(round_id) if round_id else None
    return Delivery(
        key, GROUP_ID, kind, queued_at, member_id=member.id, round_id=about, state=DeliveryState.BLOCKED
    )


async def _states(world: World) -> dict[str, DeliveryState]:
    return {str(one.key): one.state for one in await world.sent()}


async def test_the_standings_and_the_reason_that_a_prompt_did_not_arrive(world: World) -> None:
    blocked = a_prompt(OMAR, DeliveryState.BLOCKED, code="ConversationBlockedByUser")
    await _begun(world, a_report(LENA), blocked)
    known = await world.do(status, KARIN)
    assert known.picture is not None
    assert [one.name for one in known.picture.standing(Standing.NOTHING)] == ["Lena Holm"]
    assert [one.name for one in known.picture.standing(Standing.UNREACHED)] == ["Omar Said"]
    assert [one.name for one in known.picture.standing(Standing.SILENT)] == ["Karin Ek"]
    assert [(one.member, one.delivery.code) for one in known.unreached] == [
        (OMAR, "ConversationBlockedByUser")
    ]


async def test_what_belonged_to_an_earlier_round_is_over(world: World) -> None:
    key = delivery_key(DeliveryKind.PROMPT, "round6", OMAR.id)
    old = a_prompt(OMAR, DeliveryState.GONE, key=key, round_id=RoundId("round6"))
    before = a_round(id=RoundId("round6"), number=6, meeting_id="meeting0", state=RoundState.CLOSED)
    earlier = a_meeting(id="meeting0", slot=MEETING_AT.date() - timedelta(days=14))
    await _begun(world, earlier, before, old)
    assert (await world.do(status, KARIN)).unreached == ()
    assert len((await world.do(status, KARIN, 6)).unreached) == 1


async def test_those_who_wait_to_join_and_those_without_teams_are_named(world: World) -> None:
    waiting = a_member("Siv Ny", id="siv", state=MemberState.PENDING)
    await _begun(world, waiting, a_member("Rut Äng", id="rut", user_id=None))
    known = await world.do(status, KARIN)
    assert known.pending == (waiting,)
    assert known.without_teams == {"rut"}


async def test_before_the_first_round_the_status_tells_what_comes(world: World) -> None:
    planned = a_round(state=RoundState.PLANNED, opened_at=None)
    await world.has(a_group(), KARIN, a_meeting(), planned)
    known = await world.do(status, KARIN)
    assert (known.round, known.picture) == (None, None)
    assert known.next_round == planned
    assert [one.id for one in known.next_meetings] == ["meeting1"]
    with pytest.raises(NoRound):
        await world.do(status, KARIN, 99)


async def test_resending_reaches_just_those_that_were_not_reached(world: World) -> None:
    await _begun(world, a_prompt(LENA), a_prompt(OMAR, DeliveryState.NOT_INSTALLED))
    again = await world.do(resend, KARIN, ROUND)
    assert [one.member for one in again] == [OMAR]
    assert await _states(world) == {
        "prompt:round7:lena": DeliveryState.SENT,
        "prompt:round7:omar": DeliveryState.QUEUED,
    }
    assert await world.do(resend, KARIN, ROUND) == ()
    assert await world.actions() == ["resend"]


async def test_who_unblocks_the_bot_gets_what_still_matters(world: World) -> None:
    too_large = replace(_welcome(DeliveryState.TOO_LARGE), key=delivery_key(DeliveryKind.WELCOME, "large"))
    reminder = a_prompt(
        LENA,
        DeliveryState.BLOCKED,
        key=delivery_key(DeliveryKind.REMINDER, "round7", "1", LENA.id),
        kind=DeliveryKind.REMINDER,
    )
    prompt = a_prompt(LENA, DeliveryState.BLOCKED)
    await _begun(world, prompt, reminder, too_large, _welcome(DeliveryState.BLOCKED))
    assert await world.do(rearm, LENA) == 2
    states = await _states(world)
    assert states["prompt:round7:lena"] is DeliveryState.QUEUED
    assert states["welcome:lena"] is DeliveryState.QUEUED
    assert states["welcome:large"] is DeliveryState.TOO_LARGE
    assert states["reminder:round7:1:lena"] is DeliveryState.BLOCKED


async def test_a_prompt_of_a_closed_round_is_not_sent_to_who_comes_back(world: World) -> None:
    await _begun(world, a_prompt(LENA, DeliveryState.BLOCKED))
    await world.has(a_round(state=RoundState.CLOSED, closed_at=NOW))
    assert await world.do(rearm, LENA) == 0


async def test_who_comes_back_hears_of_the_newest_round_that_was_missed(world: World) -> None:
    """The council's answers always come; of the rounds' short cards only the newest (C5)."""
    before = a_round(id=RoundId("round6"), number=6, meeting_id="meeting0", state=RoundState.CLOSED)
    earlier = a_meeting(id="meeting0", slot=MEETING_AT.date() - timedelta(days=14))
    missed = [
        _missed(DeliveryKind.ROUND_FEEDBACK, "round6", queued_at=NOW - timedelta(days=14)),
        _missed(DeliveryKind.ROUND_FEEDBACK, "round7"),
        _missed(DeliveryKind.FEEDBACK, None, queued_at=NOW - timedelta(days=14)),
    ]
    await _begun(world, earlier, before, *missed)
    assert await world.do(rearm, LENA) == 2
    assert await _states(world) == {
        "round_feedback:round6:lena": DeliveryState.BLOCKED,
        "round_feedback:round7:lena": DeliveryState.QUEUED,
        "feedback:None:lena": DeliveryState.QUEUED,
    }


async def test_a_preview_is_sent_to_who_comes_back_until_the_picture_is_posted(world: World) -> None:
    await _begun(world, _missed(DeliveryKind.PREVIEW, "round7", KARIN))
    await world.has(a_round(state=RoundState.CLOSED, closed_at=NOW, revision=1))
    assert await world.do(rearm, KARIN) == 0
    await world.has(a_round(state=RoundState.CLOSED, closed_at=NOW))
    assert await world.do(rearm, KARIN) == 1


async def test_nobody_is_sent_what_somebody_else_missed(world: World) -> None:
    await _begun(world, a_prompt(OMAR, DeliveryState.BLOCKED))
    assert await world.do(rearm, LENA) == 0


async def test_only_those_who_run_the_group_see_the_status(world: World) -> None:
    await _begun(world)
    with pytest.raises(NotAllowed):
        await world.do(status, LENA)
    with pytest.raises(NotAllowed):
        await world.do(resend, LENA, ROUND)
