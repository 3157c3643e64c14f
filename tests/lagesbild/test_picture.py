"""The picture, by example: what the coordinator and the meeting see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from lagesbild.compiling import EarlierRound, colour_of, compile_picture, digest
from lagesbild.deliveries import DeliveryState
from lagesbild.ids import MemberId, RoundId
from lagesbild.people import Member, MemberState, Role
from lagesbild.picture import AreaPicture, Mention, Reason, ReasonKind, SituationPicture, Standing
from lagesbild.reports import Report
from lagesbild.rounds import RoundState
from lagesbild.templates import Colour, Rating, Template
from tests.samples import (
    MEETING_AT,
    a_draft,
    a_group,
    a_meeting,
    a_member,
    a_prompt,
    a_report,
    a_round,
    an_absence,
    an_answer,
    counts,
    fagersta,
    ludvika,
)

LENA = a_member("Lena Holm", "Risbroskolan", id="lena")
PER = a_member("Per Åkesson", "Polisen", id="per")
SARA = a_member("Sara Lindqvist", "Socialförvaltningen", id="sara")


def the_picture(*reports: Report, **given: Any) -> SituationPicture:
    known: dict[str, Any] = {
        "group": a_group(),
        "template": fagersta(),
        "round_": a_round(),
        "meeting": a_meeting(),
        "members": (LENA, PER, SARA),
        "absences": (),
        "prompts": (),
        "earlier": (),
    }
    return compile_picture(**(known | given), reports=reports)


def standing_of(member: Member, picture: SituationPicture) -> Standing:
    return next(one.standing for one in picture.participants if one.member_id == member.id)


def rated(*impacts: int, number: int = 1) -> tuple[Report, ...]:
    return tuple(a_report(f"m{i}", an_answer(number, impact)) for i, impact in enumerate(impacts))


def before(number: int, *impacts: int, template: Template | None = None) -> EarlierRound:
    reports = tuple(replace(r, round_id=RoundId(f"round{number}")) for r in rated(*impacts))
    return EarlierRound(number, template or fagersta(), reports)


def first(picture: SituationPicture) -> AreaPicture:
    return picture.area(1)


@pytest.mark.parametrize(
    ("impacts", "level"), [((3,), 3), ((2, 3), 2.5), ((1, 1, 5), 1), ((1, 2, 4, 5), 3), ((), None)]
)
def test_the_level_is_the_conventional_median(impacts: tuple[int, ...], level: float | None) -> None:
    assert first(the_picture(*rated(*impacts))).level == level


def test_ratings_are_distributed_over_the_five_levels() -> None:
    area = first(
        the_picture(*rated(1, 3, 3, 5), a_report(SARA), a_report(PER, an_answer(1, comment="Sett klotter")))
    )
    assert area.distribution == (1, 0, 2, 0, 1)
    assert (area.answered, area.nothing, area.unrated) == (6, 1, 1)


def test_colours_have_the_levels_one_to_three() -> None:
    reports = (
        a_report(LENA, an_answer(1, colour=Colour.RED)),
        a_report(PER, an_answer(1, colour=Colour.YELLOW, bullets=("Klotter",))),
    )
    area = first(the_picture(*reports, template=ludvika()))
    assert area.distribution == (0, 1, 1)
    assert area.level == 2.5


def test_a_rating_gets_no_colour_unless_the_group_has_decided_one() -> None:
    decided = (Colour.GREEN, Colour.GREEN, Colour.YELLOW, Colour.YELLOW, Colour.RED)
    assert colour_of(3, None) is None
    assert colour_of(None, decided) is None
    assert [colour_of(level, decided) for level in (1, 2, 2.5, 4.5, 5)] == [
        Colour.GREEN, Colour.GREEN, Colour.YELLOW, Colour.RED, Colour.RED,
    ]  # fmt: skip


def test_a_draft_is_not_looked_at() -> None:
    picture = the_picture(a_draft(LENA, an_answer(1, 5, "Hemligt än så länge")))
    assert standing_of(LENA, picture) is Standing.SILENT
    assert first(picture).remarks == ()


def test_nothing_to_report_is_an_answer_and_not_silence() -> None:
    picture = the_picture(a_report(LENA))
    assert standing_of(LENA, picture) is Standing.NOTHING
    assert standing_of(PER, picture) is Standing.SILENT
    assert picture.answered == 1


def test_a_blocked_prompt_is_not_silence_and_tells_why() -> None:
    picture = the_picture(prompts=[a_prompt(LENA, DeliveryState.BLOCKED), a_prompt(PER)])
    assert standing_of(LENA, picture) is Standing.UNREACHED
    assert picture.standing(Standing.UNREACHED)[0].reason == "blocked"
    assert standing_of(PER, picture) is Standing.SILENT


def test_an_absent_member_is_absent_even_if_opted_out_and_unreached() -> None:
    lena = replace(LENA, prompted=False)
    prompts = [a_prompt(lena, DeliveryState.GONE)]
    away = the_picture(members=[lena], absences=[an_absence(lena)], prompts=prompts)
    assert standing_of(lena, away) is Standing.ABSENT
    assert standing_of(lena, the_picture(members=[lena], prompts=prompts)) is Standing.OPTED_OUT


def test_absence_is_judged_on_the_deadlines_day_where_the_group_is() -> None:
    late_evening = a_round(deadline=datetime.fromisoformat("2025-03-12T23:30:00+00:00"))
    only_the_thirteenth = an_absence(LENA, date(2025, 3, 13), date(2025, 3, 13))
    picture = the_picture(round_=late_evening, absences=[only_the_thirteenth])
    assert standing_of(LENA, picture) is Standing.ABSENT


def test_an_answer_outweighs_absence_opting_out_and_a_lost_prompt() -> None:
    lena = replace(LENA, prompted=False)
    picture = the_picture(
        a_report(lena, an_answer(1, 2)),
        members=[lena],
        absences=[an_absence(lena)],
        prompts=[a_prompt(lena, DeliveryState.BLOCKED)],
    )
    assert standing_of(lena, picture) is Standing.ANSWERED


def test_the_answer_of_a_member_who_left_still_counts_but_none_is_expected() -> None:
    gone = replace(LENA, state=MemberState.LEFT)
    assert the_picture(members=[gone]).participants == ()
    assert first(the_picture(a_report(gone, an_answer(1, 4)), members=[gone])).level == 4


def test_a_member_without_teams_is_silent_until_somebody_enters_the_answer() -> None:
    offline = replace(LENA, user_id=None)
    assert standing_of(offline, the_picture(members=[offline])) is Standing.SILENT
    entered = the_picture(a_report(offline, an_answer(1, 2), entered_by=PER.id), members=[offline])
    assert entered.participants[0].on_behalf


def test_nothing_was_expected_of_the_council_or_of_one_who_joined_after_the_round() -> None:
    council = a_member("Bo Ek", "Brå", Role.COUNCIL)
    late = a_member(joined_at=MEETING_AT + timedelta(days=1))
    assert the_picture(members=[council, late], round_=a_round(state=RoundState.CLOSED)).participants == ()


def test_remarks_stand_by_organisation_in_swedish_order_then_the_highest_rating_first() -> None:
    members = [
        a_member("A", "Öppenvården", id="a"), a_member("B", "Ängskolan", id="b"),
        a_member("C", "Åsskolan", id="c"), a_member("D", "Polisen", id="d"), a_member("E", "Polisen", id="e"),
    ]  # fmt: skip
    reports = [a_report(m, an_answer(1, rating)) for m, rating in zip(members, (1, 2, 3, 2, 4), strict=True)]
    remarks = first(the_picture(*reports, members=members)).remarks
    assert [(r.organisation, r.impact) for r in remarks] == [
        ("Polisen", 4), ("Polisen", 2), ("Åsskolan", 3), ("Ängskolan", 2), ("Öppenvården", 1),
    ]  # fmt: skip


def test_change_and_trend_are_against_earlier_rounds_oldest_first() -> None:
    area = first(the_picture(*rated(4), earlier=[before(6, 3), before(4, 1), before(5)]))
    assert area.trend == (1, None, 3, 4)
    assert area.change == 1


def test_the_trend_goes_six_rounds_back() -> None:
    rounds = [before(number, 1 + number % 5) for number in range(1, 9)]
    area = first(the_picture(*rated(5), round_=a_round(number=9), earlier=rounds))
    assert area.trend == (4, 5, 1, 2, 3, 4, 5)


def test_a_round_on_another_scale_has_no_point_in_the_trend() -> None:
    area = first(the_picture(*rated(4), earlier=[before(6, 3, template=ludvika())]))
    assert area.trend == (None, 4)
    assert area.change is None


def test_the_highest_level_comes_first_and_says_so() -> None:
    picture = the_picture(a_report(LENA, an_answer(2, 2), an_answer(5, 4)))
    assert picture.order == (5, 2, 1, 3, 4, 6)
    assert picture.area(5).reasons == (Reason(ReasonKind.LEVEL, 4),)


def test_what_rises_goes_before_what_stands_still() -> None:
    earlier = [EarlierRound(6, fagersta(), (a_report(LENA, an_answer(2, 3), an_answer(5, 1)),))]
    picture = the_picture(a_report(LENA, an_answer(2, 3), an_answer(5, 3)), earlier=earlier)
    assert picture.order[:2] == (5, 2)
    assert Reason(ReasonKind.ROSE, 3, 1) in picture.area(5).reasons


def test_what_many_organisations_see_goes_before_what_one_sees() -> None:
    picture = the_picture(a_report(LENA, an_answer(1, 3), an_answer(4, 3)), a_report(PER, an_answer(4, 3)))
    assert picture.order[:2] == (4, 1)
    assert Reason(ReasonKind.SPREAD, 2, 2) in picture.area(4).reasons


def test_everybody_rating_it_lowest_is_no_reason_at_all() -> None:
    picture = the_picture(*(a_report(one, an_answer(1, 1)) for one in (LENA, PER, SARA)))
    assert first(picture).reasons == ()


def test_what_has_been_raised_three_rounds_in_a_row_says_so() -> None:
    area = first(the_picture(*rated(3), earlier=[before(4, 5), before(5, 4), before(6, 3)]))
    assert Reason(ReasonKind.REPEATED, 4) in area.reasons
    broken = first(the_picture(*rated(3), earlier=[before(4, 5), before(5, 2), before(6, 3)]))
    assert Reason(ReasonKind.REPEATED, 2) in broken.reasons


def test_positives_are_shown_apart_and_never_ranked() -> None:
    picture = the_picture(a_report(LENA, an_answer(7, comment="Nattvandrarna är fler")))
    assert [remark.comment for remark in picture.positives] == ["Nattvandrarna är fler"]
    assert 7 not in picture.order


def test_places_named_by_most_organisations_come_first_and_the_own_town_is_none() -> None:
    picture = the_picture(
        a_report(LENA, an_answer(1, 2, "Klotter vid stationen och på Skolgatan. Lugnt i Fagersta.")),
        a_report(PER, an_answer(1, 2, "Två stölder vid stationen, fredag kväll")),
    )
    assert first(picture).places == (Mention("stationen", 2), Mention("Skolgatan", 1))
    assert first(picture).times == (Mention("fredag kväll", 1),)


def test_a_place_told_by_a_capital_alone_is_shown_once_two_organisations_name_it() -> None:
    lena = a_report(LENA, an_answer(1, 2, "Samling i Aspen"))
    assert first(the_picture(lena)).places == ()
    both = the_picture(lena, a_report(PER, an_answer(1, 2, "Eldning vid Aspen")))
    assert first(both).places == (Mention("Aspen", 2),)


def test_local_figures_are_summed_by_organisation() -> None:
    picture = the_picture(
        a_report(LENA, counts=counts(larm=3)), a_report("lena2", counts=counts(larm=2, anmälningar=1)),
        members=(LENA, replace(LENA, id=MemberId("lena2"))),
    )  # fmt: skip
    assert picture.counts == (("Risbroskolan", counts(anmälningar=1, larm=5)),)


def test_a_third_municipalitys_question_without_a_scale_is_unrated() -> None:
    questions = tuple(replace(q, rating=Rating.NONE) for q in fagersta().questions)
    area = first(
        the_picture(
            a_report(LENA, an_answer(1, comment="Klotter")), template=replace(fagersta(), questions=questions)
        )
    )
    assert (area.distribution, area.unrated, area.level) == ((), 1, None)


def test_the_digest_changes_with_a_word_and_not_with_the_time_zone_of_an_instant() -> None:
    picture = the_picture(a_report(LENA, an_answer(1, 2, "Klotter")))
    assert digest(picture) != digest(the_picture(a_report(LENA, an_answer(1, 2, "Klotter!"))))
    stockholm = MEETING_AT.astimezone(timezone(timedelta(hours=1)))
    assert digest(picture) == digest(replace(picture, meeting_at=stockholm))
