"""Who may run a command or press a button: each handler is registered with its act, and the router asks before it runs (F1).

The use cases ask again. Nothing can be registered without a rule, and what has none is not run.
"""

from __future__ import annotations

from dataclasses import dataclass

from lagesbild.authority import Act, require
from lagesbild.people import Member


@dataclass(frozen=True)
class Rule:
    """`act` is what a member must be allowed (None: nothing); `strangers` are let in too, as to ask for membership."""

    act: Act | None
    strangers: bool = False


EVERYBODY = Rule(None, strangers=True)


def permit(actor: Member | None, rule: Rule) -> bool:
    """Whether the person may go on; NotAllowed for a member whose roles do not permit the act, False for a stranger."""
    if actor is None:
        return rule.strangers
    if rule.act is not None:
        require(actor, rule.act)
    return True


def rule_of(who: Act | Rule) -> Rule:
    """The rule that a handler's registration names: an act is for members who may do it."""
    return who if isinstance(who, Rule) else Rule(who)
