"""The one line that says what is new, sent when a card that somebody has already got was edited in place (C5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cards.safe import one_line
from cards.texts import Texts
from lagesbild.feedback import Feedback
from lagesbild.referrals import DecisionKind, Referral, ReferralState

_LENGTH: Final = 200
_TELLING: Final = (
    ReferralState.WAITING,
    ReferralState.ON_AGENDA,
    ReferralState.CLOSED,
    ReferralState.WITHDRAWN,
)
"""States that are news in themselves; that something is decided, the decision says better."""


@dataclass(frozen=True, order=True)
class _Event:
    """Something that happened: of what happened at once, the higher weight is told."""

    at: datetime
    weight: int
    text: str


def news_line(t: Texts, feedback: Feedback) -> str:
    """What happened last to the question, in one line."""
    events = [*_of_council(t, feedback), *_of_referral(t, feedback), *_of_doing(t, feedback)]
    what = max(events).text if events else t("feedback.news_assessed")
    return t("feedback.news", title=one_line(feedback.referral.title), what=what)


def _of_council(t: Texts, feedback: Feedback) -> Iterator[_Event]:
    for decision in feedback.decisions[-1:]:
        key = "feedback.news_no" if decision.kind is DecisionKind.NO else "feedback.news_decided"
        yield _Event(decision.decided_at, 4, t(key, words=one_line(decision.sentence, _LENGTH)))


def _of_referral(t: Texts, feedback: Feedback) -> Iterator[_Event]:
    referral = feedback.referral
    if referral.changed_at is not None and referral.state in _TELLING and not _told_by_decision(feedback):
        words = one_line(referral.closing, _LENGTH)
        yield _Event(referral.changed_at, 5, t(_key(referral), words=words))
    if feedback.assessment is not None:
        yield _Event(feedback.assessment.assessed_at, 0, t("feedback.news_assessed"))


def _told_by_decision(feedback: Feedback) -> bool:
    """A no closes the question; its because is the news then."""
    closed = feedback.referral.state is ReferralState.CLOSED and not feedback.referral.closing
    return closed and bool(feedback.decisions)


def _key(referral: Referral) -> str:
    if referral.state is ReferralState.CLOSED and referral.closing:
        return "feedback.news_closed_because"
    if referral.state is ReferralState.WAITING and referral.times > 1:
        return "feedback.news_waiting_again"
    return f"feedback.news_{referral.state.value}"


def _of_doing(t: Texts, feedback: Feedback) -> Iterator[_Event]:
    """What became of measures and analyses, and promises; that something was ordered is told by the decision."""
    for measure in feedback.measures:
        if measure.changed_at != measure.created_at:
            words = one_line(measure.outcome or measure.text, _LENGTH)
            text = t(f"feedback.news_measure_{measure.state.value}", words=words)
            yield _Event(measure.changed_at, 3, text)
    for analysis in feedback.analyses:
        if analysis.changed_at != analysis.decided_at:
            words = one_line(analysis.result or analysis.problem, _LENGTH)
            text = t(f"feedback.news_analysis_{analysis.state.value}", words=words)
            yield _Event(analysis.changed_at, 2, text)
    for promise in feedback.promises:
        if promise.published_at is not None:
            text = t("feedback.news_promise", words=one_line(promise.title, _LENGTH))
            yield _Event(promise.published_at, 1, text)
