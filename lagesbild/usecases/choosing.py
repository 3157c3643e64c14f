"""Which of a person's groups a command is about, where nothing says it: the facts choose, else the person (F1)."""

from __future__ import annotations

from collections.abc import Sequence

from lagesbild.authority import Act, may
from lagesbild.people import Member
from lagesbild.ports import Work
from lagesbild.rounds import RoundState


async def candidates(work: Work, memberships: Sequence[Member], act: Act) -> tuple[Member, ...]:
    """The memberships that an act can be about: those that may do it, and to report those that are asked now.

    The oldest one if there is none such: it answers why that can't be done.
    """
    able = tuple(member for member in memberships if may(member, act)) or tuple(memberships[:1])
    if act is not Act.REPORT or len(able) < 2:
        return able
    return tuple([member for member in able if await _is_asked(work, member)]) or able


async def _is_asked(work: Work, member: Member) -> bool:
    newest = await work.store.rounds.list_by_group(member.group_id, 1)
    return member.reports and any(round_.state is RoundState.OPEN for round_ in newest)
