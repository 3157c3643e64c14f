"""Nobody is written to about a meeting who left, or leads no more, before the message's turn came (A4, F1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState, delivery_key
from lagesbild.people import Member, MemberState, Role
from lagesbild.rounds import MeetingState
from lagesbild.usecases.meetings import move_meeting
from tests.delivery.post import Post, a_post
from tests.samples import GROUP_ID, NOW, a_coordinator, a_meeting, a_member, a_prompt, a_round
from tests.usecases.world import local

KARIN = a_coordinator(id="karin", conversation_id="a:karin")
MEHMET = a_member("Mehmet Aydin", "NVK", id="mehmet", conversation_id="a:mehmet")
LEFT = {"state": MemberState.LEFT}
LEADS_NO_MORE = {"roles": frozenset({Role.REPRESENTATIVE})}


@pytest.fixture
async def post(sqlite_url: str) -> AsyncIterator[Post]:
    """Karin leads, and Mehmet was prompted for the meeting."""
    async with a_post(sqlite_url) as post:
        await post.world.has(post.group, KARIN, MEHMET, a_meeting(), a_round(), a_prompt(MEHMET))
        yield post


async def _moved(post: Post) -> None:
    """The meeting moves, and Mehmet is to be told."""
    await post.world.do(move_meeting, KARIN, a_meeting().id, local("2025-03-14 13:00"))


async def _on_a_holiday(post: Post) -> None:
    """The meeting is on a holiday, and Karin is to be asked."""
    question = Delivery(
        key=delivery_key(DeliveryKind.HOLIDAY, "meeting1", KARIN.id),
        group_id=GROUP_ID,
        kind=DeliveryKind.HOLIDAY,
        queued_at=NOW,
        member_id=KARIN.id,
        subject=a_meeting().id,
    )
    await post.world.has(a_meeting(state=MeetingState.QUESTIONED), question)


async def test_who_takes_part_is_told_that_the_meeting_moved(post: Post) -> None:
    await _moved(post)
    assert list((await post.send()).values()) == [DeliveryState.SENT]
    assert "fredag 14 mars" in str(post.got("mehmet")[0].card)


async def test_who_leads_is_asked_about_a_meeting_on_a_holiday(post: Post) -> None:
    await _on_a_holiday(post)
    assert list((await post.send()).values()) == [DeliveryState.SENT]


async def test_who_left_is_not_told_that_the_meeting_moved(post: Post) -> None:
    await _moved(post)
    await _is_not_written_to(post, MEHMET, LEFT)


@pytest.mark.parametrize("change", [LEFT, LEADS_NO_MORE], ids=["left", "leads no more"])
async def test_who_left_or_leads_no_more_is_not_asked_about_a_holiday(
    post: Post, change: dict[str, Any]
) -> None:
    await _on_a_holiday(post)
    await _is_not_written_to(post, KARIN, change)


async def _is_not_written_to(post: Post, member: Member, change: dict[str, Any]) -> None:
    await post.world.has(replace(member, **change))
    ((key, state),) = (await post.send()).items()
    assert (state, (await post.row(key)).code) == (DeliveryState.SKIPPED, "left")
    assert post.got(member.id) == []
