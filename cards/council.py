"""`brå`: what is on the council's table (C1, C2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.analysis import AskForAnalysis, analysis_line
from cards.buttons import Action
from cards.card import Card
from cards.council_seats import AskForSeats
from cards.direction import AskForDirection, direction_lines
from cards.elements import ActionSet, Element, TextBlock
from cards.fields import Choice, ChoiceSet
from cards.help import RunCommand
from cards.layout import header, notice, quiet, subheading, titled
from cards.measure import measure_line
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.people import Group
from lagesbild.referrals import DecisionKind, ReferralState
from lagesbild.usecases.council import CouncilOverview, Tabled

_MOST = 6
_MOST_OTHERS = 2


@dataclass(frozen=True)
class PickTabled(Payload, verb="council.pick"):
    """Open what is chosen in the overview: a referral, a measure or an analysis."""

    group_id: str


def overview_card(t: Texts, overview: CouncilOverview, *, leads: bool, others: Sequence[Group] = ()) -> Card:
    """What waits first; then what is decided and under way, and the direction. `leads`: with setting the council up.

    `others` are groups with tables of their own: one council can serve several.
    """
    title = t("council.title")
    group = one_line(overview.group.title)
    body: list[Element] = [*header(title, t("council.of", group=group, seats=_seats(t, overview)))]
    if overview.seats.stand_in:
        body.append(notice(f"⚠ {t('council.stand_in')}"))
    body += _referrals(t, overview) + _going(t, overview) + _direction(t, overview)
    choices = _choices(t, overview)
    if choices:
        body.append(
            ChoiceSet(
                "tabled",
                t("council.choose"),
                choices,
                style="compact",
                placeholder=t("council.choose_hint"),
                separator=True,
            )
        )
        opens = execute(t("council.open"), PickTabled(overview.group.id), style="positive")
        body.append(ActionSet([opens], spacing="small"))
    buttons = [*_buttons(t, overview, leads=leads), *_others(t, others)]
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


def _seats(t: Texts, overview: CouncilOverview) -> str:
    seats = overview.seats
    if seats.conversation is not None:
        name = one_line(seats.conversation.name, 60)
        return t("council.meets_in", name=name) if name else t("council.meets")
    if seats.stand_in:
        return t("council.nobody")
    return t.list(one_line(member.name, 60) for member in seats.members)


def _referrals(t: Texts, overview: CouncilOverview) -> list[Element]:
    found: list[Element] = []
    for key, tabled in (
        ("waiting", overview.waiting),
        ("agenda", overview.agenda),
        ("decided", overview.decided),
        ("closed", overview.closed[::-1]),
    ):
        if tabled:
            found.append(subheading(t(f"council.{key}", n=len(tabled))))
            found += [_line(t, overview, one) for one in tabled[:_MOST]]
            found += _more(t, len(tabled))
    return found or [TextBlock(t("council.empty"), spacing="medium")]


def _line(t: Texts, overview: CouncilOverview, one: Tabled) -> Element:
    """A referral's title, and under it what matters in its state."""
    referral = one.referral
    late = referral.is_overdue(overview.today)
    area = one_line(overview.areas.get(referral.area, referral.area.value))
    if referral.state is ReferralState.WAITING:
        key = "council.line_late" if late else "council.line_waiting"
        below = t(key, area=area, day=t.date(referral.answer_by))
    elif one.decision is not None:
        below = _decided(t, one)
    else:
        below = t("council.line_closed", words=one_line(referral.closing, 120) or area)
    return titled(t("council.line", title=one_line(referral.title, 100)), below, late=late)


def _decided(t: Texts, one: Tabled) -> str:
    decision = one.decision
    assert decision is not None  # noqa: S101 - the caller looked
    if decision.kind is DecisionKind.NO or decision.due is None:
        return t("council.line_no", sentence=one_line(decision.sentence, 120))
    kind = t(f"decision.kind_{decision.kind.value}")
    who = one_line(decision.owner.name, 60)
    return t("council.line_decided", kind=kind, who=who, day=t.date(decision.due))


def _more(t: Texts, number: int) -> list[Element]:
    return [quiet(t("council.more", n=number - _MOST))] if number > _MOST else []


def _going(t: Texts, overview: CouncilOverview) -> list[Element]:
    found: list[Element] = []
    if overview.measures:
        late = len(overview.late_measures)
        key = "council.measures_late" if late else "council.measures"
        found.append(subheading(t(key, n=len(overview.measures), late=late)))
        found += [measure_line(t, measure, overview.today) for measure in overview.measures[:_MOST]]
        found += _more(t, len(overview.measures))
    if overview.analyses:
        found.append(subheading(t("council.analyses", n=len(overview.analyses))))
        found += [analysis_line(t, analysis, overview.today) for analysis in overview.analyses[:_MOST]]
        found += _more(t, len(overview.analyses))
    return found


def _direction(t: Texts, overview: CouncilOverview) -> list[Element]:
    lines: list[Element] = [subheading(t("council.direction"))]
    if overview.direction is None:
        return [*lines, quiet(t("direction.none"))]
    return [*lines, *direction_lines(t, overview.direction)]


def _choices(t: Texts, overview: CouncilOverview) -> list[Choice]:
    tabled = (*overview.waiting, *overview.agenda, *overview.decided, *overview.closed[::-1])
    return [
        *[Choice(plain(one.referral.title[:80]), f"referral:{one.referral.id}") for one in tabled],
        *[
            Choice(t("council.a_measure", what=plain(one.text[:70])), f"measure:{one.id}")
            for one in overview.measures
        ],
        *[
            Choice(t("council.an_analysis", what=plain(one.problem[:70])), f"analysis:{one.id}")
            for one in overview.analyses
        ],
    ]


def _buttons(t: Texts, overview: CouncilOverview, *, leads: bool) -> list[Action]:
    group_id = overview.group.id
    found: list[Action] = [
        execute(t("council.new_direction"), AskForDirection(group_id), associated_inputs="none"),
        execute(t("council.new_analysis"), AskForAnalysis(group_id), associated_inputs="none"),
    ]
    if leads:
        found.append(execute(t("council.set_up"), AskForSeats(group_id), associated_inputs="none"))
    return found


def _others(t: Texts, groups: Sequence[Group]) -> list[Action]:
    line = "council" if t.language == "en" else "brå"
    return [
        execute(plain(g.title), RunCommand(line, g.id), associated_inputs="none")
        for g in groups[:_MOST_OTHERS]
    ]
