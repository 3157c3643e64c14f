"""The chain's values come back equal from both databases: assessment, referral, decision, measure, promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lagesbild.assessments import JointAssessment, Owner
from lagesbild.deliveries import KeptCard
from lagesbild.feedback import FollowUp, Shows
from lagesbild.ids import (
    AnalysisId,
    AssessmentId,
    DecisionId,
    DirectionId,
    MeasureId,
    PromiseId,
    ReferralId,
    ThemeId,
)
from lagesbild.measures import (
    Direction,
    Measure,
    MeasureState,
    Priority,
    Reach,
    RootCauseAnalysis,
)
from lagesbild.promises import (
    CitizenPromise,
    Commitment,
    PromiseOpened,
    PromiseState,
    Section,
    SectionFollowUp,
    SectionStatus,
    Signature,
)
from lagesbild.referrals import (
    Council,
    CouncilConversation,
    CouncilKind,
    Decision,
    DecisionKind,
    Referral,
    ReferralState,
)
from lagesbild.templates import Area, Colour
from lagesbild.themes import Theme, Tie
from storage import Storage
from tests import samples

NOW = samples.NOW
LENA = samples.a_member(id="m1")
KARIN = samples.a_coordinator(id="m2")
ROUND = samples.a_round()
GROUP = samples.GROUP_ID
THEME = Theme(ThemeId("t1"), GROUP, "Kolarbyområdet, belysning", KARIN.id, NOW)
ASSESSMENT = JointAssessment(
    AssessmentId("a1"), GROUP, ROUND.id, Area.DISORDER, Colour.RED, "Mörkt 🌒", KARIN.id, NOW
)
REFERRAL = Referral(
    ReferralId("r1"),
    GROUP,
    ROUND.id,
    Area.DISORDER,
    "Belysningen",
    "Trasig länge",
    KARIN.id,
    NOW,
    date(2025, 3, 28),
    theme_id=THEME.id,
)
DECISION = Decision(
    DecisionId("d1"),
    GROUP,
    REFERRAL.id,
    DecisionKind.MEASURE,
    "Byt armaturer",
    "Vi byter lamporna.",
    Owner("Tekniska"),
    date(2025, 4, 30),
    KARIN.id,
    NOW,
)
ANALYSIS = RootCauseAnalysis(
    AnalysisId("n1"),
    GROUP,
    Area.DISORDER,
    "Varför samlas man där?",
    KARIN.id,
    NOW,
    Owner("Lena", LENA.id),
    date(2025, 5, 2),
    NOW,
    referral_id=REFERRAL.id,
    decision_id=DECISION.id,
    hypotheses=("Mörkt", "Ingen annanstans att vara"),
)
MEASURE = Measure(
    MeasureId("x1"),
    GROUP,
    Area.DISORDER,
    "Byt armaturer",
    Owner("Lena", LENA.id),
    date(2025, 4, 30),
    NOW,
    NOW,
    referral_id=REFERRAL.id,
    decision_id=DECISION.id,
    reach=Reach.UNIVERSAL,
    goal="Noll trasiga lampor",
)
PROMISE = CitizenPromise(
    PromiseId("p1"),
    GROUP,
    "Medborgarlöfte",
    "Därför att …",
    date(2025, 1, 1),
    date(2025, 3, 31),
    (
        Section(
            1,
            "Trygghet",
            (Commitment("Polisen", "Patrullerar"),),
            "Mörkt",
            (Area.DISORDER,),
            "Larm",
            REFERRAL.id,
        ),
    ),
    (Signature("Kommunstyrelsens ordförande", "A. B.", date(2025, 1, 1)), Signature("Polisen")),
    KARIN.id,
    NOW,
)


@pytest.fixture
async def stored(storage: Storage) -> Storage:
    """A group with two members, an open round and a theme."""
    async with storage.begin() as unit:
        await unit.groups.save(samples.a_group())
        for member in (LENA, replace(KARIN, fewer=True)):
            await unit.members.save(member)
        await unit.meetings.save(samples.a_meeting())
        await unit.rounds.save(replace(ROUND, assessed_at=NOW))
        await unit.themes.save(THEME)
        await unit.referrals.save(REFERRAL)
        await unit.referrals.add_decision(DECISION)
    return storage


async def test_settings_of_the_chain_come_back(stored: Storage) -> None:
    async with stored.begin() as unit:
        await unit.groups.lock(GROUP)
        await unit.groups.save(replace(samples.a_group(), follow_up_weeks=3))
    async with stored.begin(write=False) as unit:
        group, member, round_ = (
            await unit.groups.get(GROUP),
            await unit.members.get(KARIN.id),
            await unit.rounds.get(ROUND.id),
        )
    assert group is not None
    assert member is not None
    assert round_ is not None
    assert (group.follow_up_weeks, member.fewer, round_.assessed_at) == (3, True, NOW)


async def test_an_assessment_has_a_history(stored: Storage) -> None:
    later = replace(ASSESSMENT, colour=Colour.YELLOW, revision=2, assessed_at=NOW + timedelta(hours=1))
    for one in (ASSESSMENT, later, replace(ASSESSMENT, id=AssessmentId("a2"), area=Area.YOUTH)):
        async with stored.begin() as unit:
            await unit.assessments.get(ROUND.id, one.area)
            await unit.assessments.save(one)
    async with stored.begin(write=False) as unit:
        assert await unit.assessments.get(ROUND.id, Area.DISORDER) == later
        assert await unit.assessments.get(ROUND.id, Area.OTHER) is None
        assert [one.area for one in await unit.assessments.list_by_round(ROUND.id)] == [
            Area.DISORDER,
            Area.YOUTH,
        ]
        assert await unit.assessments.history(ROUND.id, Area.DISORDER) == [ASSESSMENT, later]


async def test_ties_are_added_once_and_loosed(stored: Storage) -> None:
    tie = Tie(THEME.id, ROUND.id, LENA.id, Area.DISORDER)
    async with stored.begin() as unit:
        await unit.themes.tie(tie)
        await unit.themes.tie(tie)
        assert await unit.themes.ties(THEME.id) == [tie]
        await unit.themes.untie(tie)
        assert await unit.themes.ties(THEME.id) == []
        assert await unit.themes.get(THEME.id) == THEME


async def test_open_themes_come_first_and_then_the_newest(stored: Storage) -> None:
    newer = replace(THEME, id=ThemeId("t2"), created_at=NOW + timedelta(days=1))
    closed = replace(THEME, id=ThemeId("t3"), created_at=NOW + timedelta(days=2), closed_at=NOW)
    async with stored.begin() as unit:
        await unit.themes.save(closed)
        await unit.themes.save(newer)
        assert await unit.themes.list_by_group(GROUP) == [newer, THEME, closed]


async def test_a_council_is_found_by_its_conversation(stored: Storage) -> None:
    met = CouncilConversation("https://smba.test", "28:bot", "19:council@thread.v2", "Brå")
    council = Council(GROUP, CouncilKind.POLITICIANS, KARIN.id, NOW, met, 10)
    async with stored.begin() as unit:
        await unit.councils.save(council)
        assert await unit.councils.get(GROUP) == council
        assert await unit.councils.list_by_conversation("19:council@thread.v2") == [council]
        await unit.councils.save(replace(council, conversation=None))
    async with stored.begin(write=False) as unit:
        assert await unit.councils.list_by_conversation("19:council@thread.v2") == []
        assert await unit.councils.get(GROUP) == replace(council, conversation=None)


async def test_a_referral_keeps_its_decisions_in_order(stored: Storage) -> None:
    no = replace(
        DECISION,
        id=DecisionId("d0"),
        kind=DecisionKind.NO,
        due=None,
        decided_at=NOW + timedelta(days=1),
        owner=Owner("Brå"),
    )
    async with stored.begin() as unit:
        await unit.referrals.get(REFERRAL.id)
        await unit.referrals.add_decision(no)
        await unit.referrals.save(
            replace(REFERRAL, state=ReferralState.DECIDED, changed_at=NOW, closing="Klart")
        )
    async with stored.begin(write=False) as unit:
        decided = replace(REFERRAL, state=ReferralState.DECIDED, changed_at=NOW, closing="Klart")
        assert await unit.referrals.get(REFERRAL.id) == decided
        assert await unit.referrals.get_by_area(ROUND.id, Area.DISORDER) == decided
        assert await unit.referrals.list_by_round(ROUND.id) == [decided]
        assert await unit.referrals.list_by_group(GROUP) == [decided]
        assert await unit.referrals.list_by_group(GROUP, (ReferralState.WAITING,)) == []
        assert await unit.referrals.decisions(REFERRAL.id) == [DECISION, no]


async def test_measures_analyses_and_follow_ups(stored: Storage) -> None:
    own = replace(
        MEASURE,
        id=MeasureId("x0"),
        referral_id=None,
        decision_id=None,
        round_id=ROUND.id,
        state=MeasureState.DONE,
        reach=None,
        done_on=date(2025, 4, 1),
    )
    asked = FollowUp(MEASURE.id, LENA.id, REFERRAL.id, 1, NOW)
    answered = replace(asked, shows=Shows.NO, comment="Fortfarande mörkt", answered_at=NOW, again=True)
    async with stored.begin() as unit:
        await unit.analyses.save(ANALYSIS)
        for measure in (MEASURE, own):
            await unit.measures.save(measure)
        await unit.follow_ups.save(asked)
        await unit.follow_ups.save(answered)
    async with stored.begin(write=False) as unit:
        assert await unit.analyses.get(ANALYSIS.id) == ANALYSIS
        assert await unit.analyses.list_by_group(GROUP) == [ANALYSIS]
        assert await unit.analyses.list_by_referral(REFERRAL.id) == [ANALYSIS]
        assert await unit.measures.get(MEASURE.id) == MEASURE
        assert await unit.measures.list_by_group(GROUP) == [own, MEASURE]
        assert await unit.measures.list_by_round(ROUND.id) == [own]
        assert await unit.measures.list_by_referral(REFERRAL.id) == [MEASURE]
        assert await unit.follow_ups.get(MEASURE.id, LENA.id, 1) == answered
        assert await unit.follow_ups.list_by_referral(REFERRAL.id) == [answered]
        assert await unit.follow_ups.list_by_group(GROUP) == [answered]
    async with stored.begin() as unit:
        await unit.measures.remove(own)
        assert await unit.measures.get(own.id) is None


async def test_directions_come_newest_first(stored: Storage) -> None:
    one = Direction(
        DirectionId("i1"),
        GROUP,
        date(2025, 1, 1),
        date(2025, 3, 31),
        (Priority("Belysning", Area.DISORDER), Priority("Samverkan")),
        ("Enstaka fimpar",),
        "Brås ordförande",
        KARIN.id,
        NOW,
    )
    newer = replace(one, id=DirectionId("i2"), decided_at=NOW + timedelta(days=1), priorities=())
    async with stored.begin() as unit:
        await unit.directions.save(one)
        await unit.directions.save(newer)
        assert await unit.directions.list_by_group(GROUP) == [newer, one]


async def test_a_promise_keeps_its_sections_signatures_and_follow_ups(stored: Storage) -> None:
    later = replace(PROMISE, id=PromiseId("p2"), first=date(2025, 4, 1), previous_id=PROMISE.id)
    published = replace(
        PROMISE,
        state=PromiseState.PUBLISHED,
        adopted_by="Kommunstyrelsen",
        adopted_on=date(2025, 1, 2),
        published_at=NOW,
    )
    first = SectionFollowUp(PROMISE.id, 1, NOW, KARIN.id, SectionStatus.ONGOING)
    second = replace(
        first, at=NOW + timedelta(days=9), status=SectionStatus.KEPT, value=2.5, comment="Färre larm"
    )
    opened = PromiseOpened(PROMISE.id, LENA.id, NOW)
    async with stored.begin() as unit:
        for promise in (PROMISE, later, published):
            await unit.promises.save(promise)
        for follow_up in (second, first):
            await unit.promises.add_follow_up(follow_up)
        await unit.promises.save_opened(opened)
        await unit.promises.save_opened(replace(opened, at=NOW + timedelta(days=1)))
    async with stored.begin(write=False) as unit:
        assert await unit.promises.get(PROMISE.id) == published
        assert await unit.promises.list_by_group(GROUP) == [later, published]
        assert await unit.promises.follow_ups(PROMISE.id) == [first, second]
        assert await unit.promises.opened(PROMISE.id) == [opened]


async def test_a_kept_card_is_replaced_and_forgotten(stored: Storage) -> None:
    card = KeptCard("feedback:r1:m1", "a:lena", "act1", "abc")
    async with stored.begin() as unit:
        await unit.deliveries.save_card(replace(card, digest="old"))
        await unit.deliveries.save_card(card)
        assert await unit.deliveries.card(card.key) == card
        await unit.deliveries.remove_card(card.key)
        assert await unit.deliveries.card(card.key) is None
