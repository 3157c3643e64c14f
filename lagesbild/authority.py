"""Who may do what: one table (F1). Every use case that changes or shows something asks it."""

from __future__ import annotations

from enum import StrEnum

from lagesbild.errors import NotAllowed
from lagesbild.people import Member, MemberState, Role

_ANYONE = frozenset(Role)
_REPORTING = frozenset({Role.REPORTER, Role.REPRESENTATIVE, Role.COORDINATOR, Role.DEPUTY})
_LEADING = frozenset({Role.COORDINATOR, Role.DEPUTY})
_DECIDING = frozenset({Role.COUNCIL, Role.COORDINATOR, Role.DEPUTY})


class Act(StrEnum):
    """Something a member does or sees."""

    REPORT = "report"
    NOTE = "note"
    BE_AWAY = "be_away"
    SEE_OWN = "see_own"
    CONFIGURE = "configure"
    SEE_STATUS = "see_status"
    RUN_ROUND = "run_round"
    COMPILE = "compile"
    MANAGE_MEMBERS = "manage_members"
    PLAN_MEETINGS = "plan_meetings"
    ENTER_FOR_OTHERS = "enter_for_others"
    SEE_MEETINGS = "see_meetings"
    SEE_MEMBERS = "see_members"
    ASSESS = "assess"
    SET_UP_COUNCIL = "set_up_council"
    SEE_COUNCIL = "see_council"
    SEE_DIRECTION = "see_direction"
    DECIDE = "decide"
    FOLLOW_MEASURES = "follow_measures"
    RUN_PROMISES = "run_promises"
    SEE_PROMISES = "see_promises"
    FOLLOW_UP = "follow_up"
    SEE_AUDIT = "see_audit"


ALLOWED: dict[Act, frozenset[Role]] = {
    Act.REPORT: _REPORTING,
    Act.NOTE: _REPORTING,
    Act.BE_AWAY: _ANYONE,
    Act.SEE_OWN: _ANYONE,
    Act.SEE_MEETINGS: _ANYONE,
    Act.SEE_MEMBERS: _ANYONE,
    Act.CONFIGURE: _LEADING,
    Act.SEE_STATUS: _LEADING,
    Act.RUN_ROUND: _LEADING,
    Act.COMPILE: _LEADING,
    Act.MANAGE_MEMBERS: _LEADING,
    Act.PLAN_MEETINGS: _LEADING,
    Act.ENTER_FOR_OTHERS: _LEADING,
    Act.ASSESS: _LEADING,
    Act.SEE_AUDIT: _LEADING,
    Act.SET_UP_COUNCIL: _LEADING,
    Act.SEE_COUNCIL: _DECIDING,
    Act.SEE_DIRECTION: _ANYONE,
    # Who leads the group often keeps the council's minutes, and enters what it decided (S4).
    Act.DECIDE: _DECIDING,
    Act.FOLLOW_MEASURES: _ANYONE,
    Act.RUN_PROMISES: _DECIDING,
    Act.SEE_PROMISES: _ANYONE,
    Act.FOLLOW_UP: _ANYONE,
}


def is_for_leaders(act: Act | None) -> bool:
    """Whether the act is for those alone who lead the group; None is what anybody does."""
    return act is not None and ALLOWED[act] == _LEADING


def may(member: Member, act: Act) -> bool:
    """Whether an active member's roles permit the act."""
    return member.state is MemberState.ACTIVE and not member.roles.isdisjoint(ALLOWED[act])


def require(member: Member, act: Act) -> None:
    """Raise NotAllowed, naming who may, unless the member may do the act."""
    if not may(member, act):
        raise NotAllowed(act.value, tuple(sorted(role.value for role in ALLOWED[act])))
