"""To whom a message goes, as it is when its turn comes: who left, or leads no more, is not written to (F1, F4)."""

from __future__ import annotations

from collections.abc import Callable

from bot.delivery.couriers import Skipped
from lagesbild.deliveries import Delivery
from lagesbild.people import Group, Member, MemberState
from lagesbild.ports import Work


def takes_part(member: Member) -> bool:
    """Whether the member is active."""
    return member.state is MemberState.ACTIVE


def leads(member: Member) -> bool:
    """Whether the member is active, and runs the group."""
    return takes_part(member) and member.leads


def whoever(_member: Member) -> bool:
    """Also somebody who is not active, as to be told so."""
    return True


async def addressee(
    work: Work, delivery: Delivery, still: Callable[[Member], bool] = takes_part
) -> tuple[Group, Member]:
    """The group and the member that a delivery is for. Skipped (`left`) unless the message is `still` for such a member."""
    member = await work.store.members.get(delivery.member_id) if delivery.member_id else None
    group = await work.store.groups.get(delivery.group_id)
    if member is None or group is None or not still(member):
        raise Skipped("left")
    return group, member
