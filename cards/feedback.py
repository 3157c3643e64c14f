"""What goes back to one who reported: what you said → what the group and the council made of it (C5, D4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Container, Element, TextBlock
from cards.help import RunCommand
from cards.layout import quiet
from cards.safe import escape, one_line
from cards.texts import Texts
from lagesbild.feedback import Behind, Feedback, Part
from lagesbild.measures import AnalysisState, Measure, RootCauseAnalysis
from lagesbild.people import Group, Member
from lagesbild.promises import CitizenPromise
from lagesbild.referrals import Decision, DecisionKind, ReferralState
from lagesbild.reports import Answer
from lagesbild.templates import Rating

_MOST_OWN: Final = 2
_MOST_WORDS: Final = 240
_MOST_DONE: Final = 4
_MOST_TOLD: Final = 600
_MOST_PROMISES: Final = 3


@dataclass(frozen=True)
class SetFewer(Payload, verb="feedback.fewer"):
    """Have fewer messages, or all of them again (C5). `in_my_data` says which card it was pressed in."""

    group_id: str
    fewer: bool
    in_my_data: bool = False


def feedback_card(t: Texts, feedback: Feedback, *, through: bool = False) -> Card:
    """The story of one referral, as it stands now. `through`: it goes to whoever tells a member without Teams (A8)."""
    title = one_line(feedback.referral.title)
    body: list[Element] = [
        TextBlock(_about(t, feedback, through=through), size="small", is_subtle=True),
        TextBlock(title, size="large", weight="bolder", style="heading", spacing="none"),
        TextBlock(state_words(t, feedback), weight="bolder", spacing="none"),
    ]
    if through:
        body.insert(0, _tell(t, feedback.member))
    body += [*_said(t, feedback, through=through), *_assessed(t, feedback), *_decided(t, feedback)]
    body += [*_done(t, feedback), *_promised(t, feedback)]
    body.append(_why(t, feedback, through=through))
    fallback = t("feedback.fallback", title=title, state=state_words(t, feedback))
    buttons = _buttons(t, feedback, through=through)
    return Card(body, lang=t.language, fallback_text=fallback, actions=buttons or None)


def state_words(t: Texts, feedback: Feedback) -> str:
    """Where the question is now, in a line."""
    referral = feedback.referral
    if referral.state is ReferralState.WAITING:
        return t("feedback.state_waiting", day=t.date(referral.answer_by))
    if _is_no(feedback):
        return t("feedback.state_no")
    return t(f"feedback.state_{referral.state.value}")


def _is_no(feedback: Feedback) -> bool:
    """Whether the council's no is how it stands: it closes the question, without another sentence."""
    settled = feedback.referral.state in (ReferralState.DECIDED, ReferralState.CLOSED)
    last = feedback.decisions[-1].kind if feedback.decisions else None
    return settled and last is DecisionKind.NO and not feedback.referral.closing


def _about(t: Texts, feedback: Feedback, *, through: bool) -> str:
    if through:
        return t("feedback.about_of", name=one_line(feedback.member.name))
    return t("feedback.about_organisation" if feedback.part is Part.ORGANISATION else "feedback.about")


def _tell(t: Texts, member: Member) -> Element:
    line = t("feedback.without_teams", name=one_line(member.name))
    return Container([TextBlock(f"☎ {line}", weight="bolder")], style="emphasis", spacing="none")


def _heading(title: str) -> TextBlock:
    """Small, so that the whole story fits a phone's screen."""
    return TextBlock(title, weight="bolder", style="heading", size="default", spacing="medium")


def _said(t: Texts, feedback: Feedback, *, through: bool) -> list[Element]:
    if feedback.part is Part.ORGANISATION:
        known = one_line(feedback.member.organisation or "")
        words = t("feedback.somebody_of", organisation=known) if known else t("feedback.somebody")
        return [_heading(t("feedback.reported")), TextBlock(words, spacing="none")]
    title = t("feedback.reported" if through else "feedback.you_reported")
    found: list[Element] = [_heading(title)]
    for one in feedback.own[:_MOST_OWN]:
        found += [
            TextBlock(words_of(t, one.answer), spacing="none"),
            quiet(where_and_when(t, feedback.group, one)),
        ]
    rest = len(feedback.own) - _MOST_OWN
    return [*found, quiet(t.plural("feedback.own_more", rest))] if rest > 0 else found


def words_of(t: Texts, answer: Answer) -> str:
    """An own answer as it was written, or its rating."""
    words = " · ".join(part for part in answer.words.split("\n") if part.strip())
    if words:
        return t("feedback.own", words=one_line(words, _MOST_WORDS))
    if answer.colour is not None:
        return t(f"feedback.colour_{answer.colour.value}")
    return t("feedback.level", level=t.number(answer.impact or 0))


def where_and_when(t: Texts, group: Group, behind: Behind) -> str:
    """The area and the round's day of an own answer."""
    day = t.date(group.local_day(behind.round.deadline))
    return t("feedback.own_about", area=one_line(behind.question.title), day=day)


def level_words(t: Texts, rating: Rating, level: float) -> str:
    """A level of all answers in words: a colour, or a figure of five."""
    if rating is Rating.COLOUR:
        colours = ("green", "yellow", "red")
        return t(f"feedback.colour_{colours[min(2, max(0, round(level) - 1))]}")
    return t("feedback.level", level=t.number(level))


def _assessed(t: Texts, feedback: Feedback) -> list[Element]:
    assessment = feedback.assessment
    comment = assessment.comment if assessment else feedback.referral.comment
    colour = t(f"feedback.colour_{assessment.colour.value}") if assessment else ""
    if not colour and not comment:
        return []
    lines = [TextBlock(colour, spacing="none")] if colour else []
    if comment:
        lines.append(TextBlock(escape(comment), spacing="none"))
    return [_heading(t("feedback.assessed")), *lines]


def _decided(t: Texts, feedback: Feedback) -> list[Element]:
    """The council's last word, or that it is waited for, also once more; without any, what closed the question."""
    referral, decisions = feedback.referral, feedback.decisions
    waits = referral.state is ReferralState.WAITING
    last, earlier = (None, decisions) if waits else (decisions[-1] if decisions else None, decisions[:-1])
    found: list[Element] = []
    if waits:
        found.append(TextBlock(t("feedback.again" if earlier else "feedback.not_yet"), spacing="none"))
    if last is not None:
        found += _decision(t, feedback.group, last)
    found += [quiet(t("feedback.earlier", words=one_line(one.sentence, 200))) for one in earlier[-2:]]
    if found:
        found.insert(0, _heading(t("feedback.decided")))
    if referral.state is ReferralState.CLOSED and referral.closing:
        found += [_heading(t("feedback.closed")), TextBlock(escape(referral.closing), spacing="none")]
    return found


def _decision(t: Texts, group: Group, decision: Decision) -> list[Element]:
    kind = t(f"feedback.decision_{decision.kind.value}")
    day = t.date(group.local_day(decision.decided_at))
    lines: list[Element] = [
        TextBlock(t("feedback.decision", kind=kind, day=day), spacing="none"),
        TextBlock(escape(decision.sentence), spacing="none"),
    ]
    if decision.due is not None:
        who = one_line(decision.owner.name)
        lines.append(quiet(t("feedback.owner", who=who, day=t.date(decision.due))))
    return lines


def _done(t: Texts, feedback: Feedback) -> list[Element]:
    items: list[Element] = [_measure(t, one) for one in feedback.measures[-_MOST_DONE:]]
    items += [_analysis(t, one) for one in feedback.analyses[-_MOST_DONE:]]
    if feedback.referral.state is ReferralState.ON_AGENDA:
        items.append(TextBlock(t("feedback.on_agenda"), spacing="small"))
    return [_heading(t("feedback.going")), *items] if items else []


def _measure(t: Texts, measure: Measure) -> Element:
    day = t.date(measure.done_on or measure.due)
    state = t(f"feedback.measure_{measure.state.value}", day=day, who=one_line(measure.owner.name))
    lines: list[Element] = [TextBlock(state, spacing="none"), quiet(one_line(measure.text, 160))]
    if measure.outcome:
        lines.append(TextBlock(one_line(measure.outcome, _MOST_TOLD), spacing="none"))
    return Container(lines, spacing="small")


def _analysis(t: Texts, analysis: RootCauseAnalysis) -> Element:
    day, who = t.date(analysis.due), one_line(analysis.owner.name)
    state = t(f"feedback.analysis_{analysis.state.value}", day=day, who=who)
    lines: list[Element] = [TextBlock(state, spacing="none"), quiet(one_line(analysis.problem, 160))]
    if analysis.result:
        lines.append(TextBlock(one_line(analysis.result, _MOST_TOLD), spacing="none"))
    if analysis.state is AnalysisState.USED and analysis.used_for:
        lines.append(
            TextBlock(t("feedback.used_for", words=one_line(analysis.used_for, 300)), spacing="none")
        )
    return Container(lines, spacing="small")


def _promised(t: Texts, feedback: Feedback) -> list[Element]:
    lines = [promise_line(t, one) for one in feedback.promises[:_MOST_PROMISES]]
    if not lines:
        return []
    return [_heading(t("feedback.promised")), *[TextBlock(line, spacing="none") for line in lines]]


def promise_line(t: Texts, promise: CitizenPromise) -> str:
    """A promise's title and its period."""
    title = one_line(promise.title)
    return t("feedback.promise", title=title, until=t.date(promise.last, year=True))


def _why(t: Texts, feedback: Feedback, *, through: bool) -> Element:
    group = one_line(feedback.group.title)
    if through:
        text = t("feedback.why_through", group=group)
    elif feedback.part is Part.ORGANISATION:
        text = t("feedback.why_organisation", group=group)
    else:
        text = t("feedback.why_fewer" if feedback.member.fewer else "feedback.why", group=group)
    return TextBlock(text, size="small", is_subtle=True, separator=True, spacing="medium")


def _buttons(t: Texts, feedback: Feedback, *, through: bool) -> list[Action]:
    found: list[Action] = []
    if feedback.promises:
        found.append(promises_button(t, feedback.group))
    if not through and not feedback.member.fewer:
        found.append(fewer_button(t, feedback.group))
    return found


def promises_button(t: Texts, group: Group) -> Action:
    """Read the current promises."""
    line = "promises" if t.language == "en" else "löften"
    return execute(t("feedback.read_promise"), RunCommand(line, group.id), associated_inputs="none")


def fewer_button(t: Texts, group: Group) -> Action:
    """Have fewer messages like this one."""
    return execute(t("feedback.fewer"), SetFewer(group.id, fewer=True), associated_inputs="none")
