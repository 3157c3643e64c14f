"""The one line that says what is new, sent when a card that somebody has already got was edited in place (C5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cards.safe import one_line
from cards.texts import Texts
from lagesbild.feedback import Feedback
from lagesbild.measures import AnalysisState, RootCauseAnalysis
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
    events = _events(t, feedback)
    what = max(events).text if events else t("feedback.news_assessed")
    return t("feedback.news", title=one_line(feedback.referral.title), what=what)


def is_back_on_agenda(t: Texts, feedback: Feedback) -> bool:
    """Whether the last news is that it does not show: whoever said so knows."""
    events, referral = _events(t, feedback), feedback.referral
    return (
        referral.state is ReferralState.ON_AGENDA and bool(events) and max(events).at == referral.changed_at
    )


def _events(t: Texts, feedback: Feedback) -> list[_Event]:
    return [*_of_council(t, feedback), *_of_referral(t, feedback), *_of_doing(t, feedback)]


def _of_council(t: Texts, feedback: Feedback) -> Iterator[_Event]:
    for decision in feedback.decisions[-1:]:
        words = one_line(decision.sentence, _LENGTH)
        if _is_changed(feedback):
            kind = t(f"feedback.news_kind_{decision.kind.value}")
            text = t("feedback.news_decided_anew", kind=kind, words=words)
        else:
            key = "feedback.news_no" if decision.kind is DecisionKind.NO else "feedback.news_decided"
            text = t(key, words=words)
        yield _Event(decision.decided_at, 4, text)


def _is_changed(feedback: Feedback) -> bool:
    """Whether the council thought better of it: one more decision than it was asked for, and another one."""
    if len(feedback.decisions) <= feedback.referral.times:
        return False
    before, last = feedback.decisions[-2:]
    return (before.kind, before.sentence) != (last.kind, last.sentence)


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
            yield _Event(analysis.changed_at, 2, _of_analysis(t, feedback, analysis))
    for promise in feedback.promises:
        if promise.published_at is not None:
            text = t("feedback.news_promise", words=one_line(promise.title, _LENGTH))
            yield _Event(promise.published_at, 1, text)


def _of_analysis(t: Texts, feedback: Feedback, analysis: RootCauseAnalysis) -> str:
    """How far it has come; of one that led to a measure, who does what by when."""
    led_to = next((one for one in feedback.measures if one.analysis_id == analysis.id), None)
    if analysis.state is AnalysisState.USED and led_to is not None:
        words, who = one_line(led_to.text, _LENGTH), one_line(led_to.owner.name)
        return t("feedback.news_led_to", words=words, who=who, day=t.date(led_to.due))
    words = one_line(analysis.used_for or analysis.result or analysis.problem, _LENGTH)
    return t(f"feedback.news_analysis_{analysis.state.value}", words=words)
