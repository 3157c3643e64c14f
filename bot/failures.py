"""Errors in words: one place that turns what went wrong into what a person reads."""

from __future__ import annotations

from cards.actions import ActionError
from cards.inputs import BadInput
from cards.setup import problem
from cards.texts import Texts
from lagesbild.answering import SecrecyFound
from lagesbild.errors import (
    AlreadySubmitted,
    Invalid,
    NoRound,
    NotAllowed,
    NotFound,
    NotSetUp,
    RoundNotOpen,
)
from lagesbild.people import DEFAULT_ZONE


def in_words(error: Exception, texts: Texts) -> str:  # noqa: C901 - one line an error
    """What happened, what was kept and what to do next, in the reader's language."""
    match error:
        case NotAllowed():
            return texts("error.not_allowed", who=_roles(error, texts))
        case NoRound(number=None):
            return texts("error.no_round")
        case NoRound():
            return texts("error.no_such_round", number=error.number)
        case RoundNotOpen():
            return _not_open(error, texts)
        case AlreadySubmitted():
            return texts("error.already_submitted")
        case NotSetUp():
            return texts("error.not_set_up")
        case NotFound():
            return texts("error.not_found")
        case Invalid():
            return problem(texts, error)
        case SecrecyFound():
            return texts("error.secrecy")
        case BadInput():
            return texts(f"invalid.{'text_too_long' if error.problem == 'too_long' else error.problem}")
        case ActionError():
            return texts("error.old_button")
    return texts("error.unexpected")


def _not_open(error: RoundNotOpen, texts: Texts) -> str:
    if error.opens_at is None:
        return texts("error.round_not_open")
    return texts("error.round_opens", when=texts.datetime(error.opens_at, DEFAULT_ZONE))


def _roles(error: NotAllowed, texts: Texts) -> str:
    if "council" in error.needs and "reporter" not in error.needs:
        return texts("error.deciders")
    leading = [role for role in error.needs if role in ("coordinator", "deputy")]
    return texts("error.leaders" if leading else "error.members")
