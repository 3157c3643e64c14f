"""What holds for every picture, whatever was answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.compiling import EarlierRound, compile_picture, digest
from lagesbild.deliveries import Delivery, DeliveryState
from lagesbild.people import Absence, Member, MemberState, Role
from lagesbild.picture import AreaPicture, SituationPicture, Standing
from lagesbild.priority import points
from lagesbild.reports import Answer, Count, Report, ReportState
from lagesbild.templates import Colour, Question, Rating, Template
from tests.samples import (
    COMMENTS,
    NOW,
    ORGANISATIONS,
    a_group,
    a_meeting,
    a_member,
    a_prompt,
    a_report,
    a_round,
    an_absence,
    fagersta,
    ludvika,
)

IDS = [f"m{number}" for number in range(6)]
words = st.one_of(st.just(""), st.sampled_from(COMMENTS), st.text(max_size=30))
templates = st.sampled_from([fagersta(), ludvika()])
common = settings(max_examples=40, deadline=None)


def an_answer_to(question: Question) -> st.SearchStrategy[Answer]:
    impacts = st.none() | st.integers(1, 5) if question.rating is Rating.IMPACT else st.none()
    colours = st.none() | st.sampled_from(Colour) if question.rating is Rating.COLOUR else st.none()
    bullets = st.lists(words, max_size=2).map(tuple)
    return st.builds(Answer, st.just(question.number), impacts, colours, words, bullets)


@st.composite
def reports_to(draw: st.DrawFn, template: Template, round_id: str = "round7") -> tuple[Report, ...]:
    who = draw(st.lists(st.sampled_from(IDS), unique=True))
    return tuple(draw(a_report_of(template, member, round_id)) for member in who)


@st.composite
def a_report_of(draw: st.DrawFn, template: Template, member: str, round_id: str = "round7") -> Report:
    answers = [draw(an_answer_to(q)) for q in template.questions if draw(st.booleans())]
    return a_report(
        member,
        *(answer for answer in answers if not answer.is_empty),
        round_id=round_id,
        state=draw(st.sampled_from([ReportState.SUBMITTED, ReportState.SUBMITTED, ReportState.DRAFT])),
        late=draw(st.booleans()),
        counts=tuple(draw(st.lists(st.builds(Count, words, st.integers(0, 99)), max_size=2))),
    )


@st.composite
def some_member(draw: st.DrawFn, member: str) -> Member:
    return a_member(
        draw(words) or "Namn",
        draw(st.none() | st.sampled_from(ORGANISATIONS)),
        *draw(st.sets(st.sampled_from(Role), min_size=1)),
        id=member,
        state=draw(st.sampled_from([MemberState.ACTIVE, MemberState.ACTIVE, *MemberState])),
        prompted=draw(st.booleans()),
    )


@st.composite
def inputs(draw: st.DrawFn) -> dict[str, Any]:
    """Everything a picture is compiled from, in any state a group can be in."""
    template = draw(templates)
    members = [draw(some_member(member)) for member in draw(st.permutations(IDS))]
    away: list[Absence] = [an_absence(m) for m in members if draw(st.booleans())]
    prompts: list[Delivery] = [
        a_prompt(m, draw(st.sampled_from(DeliveryState))) for m in members if draw(st.booleans())
    ]
    earlier = [
        _earlier(draw, number) for number in draw(st.lists(st.integers(1, 6), unique=True, max_size=2))
    ]
    return {
        "group": a_group(),
        "template": template,
        "round_": a_round(template=template.ref),
        "meeting": a_meeting(),
        "members": members,
        "reports": draw(reports_to(template)),
        "absences": away,
        "prompts": prompts,
        "earlier": earlier,
    }


def _earlier(draw: st.DrawFn, number: int) -> EarlierRound:
    template = draw(templates)
    return EarlierRound(number, template, draw(reports_to(template, f"round{number}")))


def figures(picture: SituationPicture, number: int) -> AreaPicture:
    """An area without what counts all answers: the number answered, and the share of them that see a problem."""
    return replace(picture.area(number), answered=0, nothing=0, reasons=())


@common
@given(inputs(), st.randoms())
def test_the_order_of_what_is_given_never_matters(given_: dict[str, Any], random: Any) -> None:
    shuffled = {
        key: random.sample(value, len(value)) if isinstance(value, list | tuple) else value
        for key, value in given_.items()
    }
    picture = compile_picture(**given_)
    assert compile_picture(**shuffled) == picture
    assert digest(compile_picture(**shuffled)) == digest(picture)


@common
@given(inputs())
def test_every_answer_is_rated_unrated_or_nothing_in_each_area(given_: dict[str, Any]) -> None:
    picture = compile_picture(**given_)
    submitted = [report for report in given_["reports"] if report.is_submitted]
    for area in picture.areas:
        assert area.answered == picture.answered == len(submitted)
        assert sum(area.distribution) + area.unrated + area.nothing == area.answered
        assert len(area.remarks) == area.mentioned_by


@common
@given(inputs())
def test_standings_part_those_who_answered_and_those_expected_to(given_: dict[str, Any]) -> None:
    picture = compile_picture(**given_)
    answered = {report.member_id for report in given_["reports"] if report.is_submitted}
    expected = {member.id for member in given_["members"] if member.reports}
    ids = [one.member_id for one in picture.participants]
    assert len(ids) == len(set(ids))
    assert set(ids) == answered | expected
    assert {one.member_id for one in picture.standing(Standing.ANSWERED, Standing.NOTHING)} == answered


@common
@given(inputs())
def test_a_level_is_between_the_lowest_and_the_highest_rating_given(given_: dict[str, Any]) -> None:
    for area in compile_picture(**given_).areas:
        given_levels = [level for level, count in enumerate(area.distribution, start=1) if count]
        assert (area.level is None) == (not given_levels)
        if area.level is not None:
            assert min(given_levels) <= area.level <= max(given_levels)


@common
@given(inputs(), st.data())
def test_one_more_answer_moves_only_its_own_areas(given_: dict[str, Any], data: st.DataObject) -> None:
    """Of the other areas only `answered`, `nothing` and the share in the reasons may move."""
    one_more = replace(data.draw(a_report_of(given_["template"], "newcomer")), state=ReportState.SUBMITTED)
    without = compile_picture(**given_)
    with_it = compile_picture(**given_ | {"reports": (*given_["reports"], one_more)})
    touched = {answer.number for answer in one_more.answers}
    for area in without.areas:
        after = with_it.area(area.number)
        assert after.answered == area.answered + 1
        if area.number not in touched:
            assert after.nothing == area.nothing + 1
            assert figures(with_it, area.number) == figures(without, area.number)


@common
@given(inputs(), st.data())
def test_a_report_sent_again_replaces_the_first(given_: dict[str, Any], data: st.DataObject) -> None:
    first = replace(data.draw(a_report_of(given_["template"], "m0")), state=ReportState.SUBMITTED)
    again = replace(
        data.draw(a_report_of(given_["template"], "m0")),
        state=ReportState.SUBMITTED,
        revision=2,
        updated_at=NOW + timedelta(hours=1),
    )
    others = tuple(report for report in given_["reports"] if report.member_id != "m0")
    both = compile_picture(**given_ | {"reports": (*others, first, again)})
    assert both == compile_picture(**given_ | {"reports": (*others, again)})


@common
@given(inputs())
def test_the_order_names_every_area_once_and_the_unmentioned_last(given_: dict[str, Any]) -> None:
    picture = compile_picture(**given_)
    ordered = [picture.area(number) for number in picture.order]
    assert sorted(picture.order) == [area.number for area in picture.areas]
    mentioned = [area.mentioned_by > 0 for area in ordered]
    assert mentioned == sorted(mentioned, reverse=True)
    scores = [points(area) for area in ordered if area.mentioned_by]
    assert scores == sorted(scores, reverse=True)
