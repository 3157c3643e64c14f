"""Values of the way back to the reporters: who reported, what was referred and decided, and a way to store it.

Lena and Mehmet reported about the dark school yard; Rut did too, without Teams; Rektor represents Lena's organisation;
Omar reported something else; Vera has left. `MARKERS` are words that stand in one person's answers only.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from lagesbild.assessments import JointAssessment, Owner
from lagesbild.deliveries import Delivery, DeliveryState, KeptCard
from lagesbild.feedback import FollowUp
from lagesbild.ids import (
    AnalysisId,
    AssessmentId,
    DecisionId,
    DirectionId,
    MeasureId,
    PromiseId,
    ReferralId,
    RoundId,
    ThemeId,
)
from lagesbild.measures import Direction, Measure, MeasureState, Priority, RootCauseAnalysis
from lagesbild.people import MemberState, Role
from lagesbild.promises import CitizenPromise, Commitment, PromiseOpened, PromiseState, Section
from lagesbild.referrals import Decision, DecisionKind, Referral, ReferralState
from lagesbild.rounds import RoundState
from lagesbild.templates import Area, Colour
from lagesbild.themes import Theme, Tie
from tests.overwriting import overwriting
from tests.samples import (
    GROUP_ID,
    MEETING_AT,
    NOW,
    a_coordinator,
    a_group,
    a_meeting,
    a_member,
    a_report,
    a_round,
    an_answer,
)
from tests.usecases.world import World

KARIN = a_coordinator(id="karin")
LENA = a_member("Lena Holm", "Risbroskolan", id="lena")
MEHMET = a_member("Mehmet Aydin", "NVK", id="mehmet")
RUT = a_member("Rut Äng", "Pensionärsrådet", id="rut", user_id=None, conversation_id=None)
REKTOR = a_member("Åsa Rektor", "Risbroskolan", Role.REPRESENTATIVE, id="rektor")
OMAR = a_member("Omar Said", "Polisen", id="omar")
VERA = a_member("Vera Vik", "Fritidsgården", id="vera", state=MemberState.LEFT)
PEOPLE = (KARIN, LENA, MEHMET, RUT, REKTOR, OMAR, VERA)
MARKERS = {one.id: f"ord-av-{one.id}" for one in PEOPLE}

ROUND = a_round(state=RoundState.CLOSED, closed_at=MEETING_AT - timedelta(hours=4))
TITLE = "Belysningen vid Kolarbyskolan"
REFERRAL = Referral(
    ReferralId("ref1"),
    GROUP_ID,
    ROUND.id,
    Area.DISORDER,
    TITLE,
    "Mörkt i tre veckor",
    KARIN.id,
    MEETING_AT,
    date(2025, 3, 28),
    changed_at=MEETING_AT,
)
THEME = Theme(ThemeId("theme1"), GROUP_ID, TITLE, KARIN.id, NOW)
ASSESSMENT = JointAssessment(
    AssessmentId("ass1"),
    GROUP_ID,
    ROUND.id,
    Area.DISORDER,
    Colour.RED,
    "Mörkt och otryggt, flera verksamheter",
    KARIN.id,
    MEETING_AT,
)
DECISION = Decision(
    DecisionId("dec1"),
    GROUP_ID,
    REFERRAL.id,
    DecisionKind.MEASURE,
    "Byt armaturerna",
    "Vi byter alla lampor vid skolan och går en trygghetsvandring med eleverna.",
    Owner("Gata och park"),
    date(2025, 4, 30),
    KARIN.id,
    MEETING_AT + timedelta(days=6),
)
NO = replace(
    DECISION,
    id=DecisionId("dec2"),
    kind=DecisionKind.NO,
    text="",
    sentence="Nej, därför att hela området får ny belysning i höst.",
    owner=Owner("Brås ordförande"),
    due=None,
)
MEASURE = Measure(
    MeasureId("mea1"),
    GROUP_ID,
    Area.DISORDER,
    "Byt armaturerna vid Kolarbyskolan",
    Owner("Gata och park"),
    date(2025, 4, 30),
    MEETING_AT + timedelta(days=6),
    MEETING_AT + timedelta(days=6),
    referral_id=REFERRAL.id,
)
DONE = replace(
    MEASURE,
    state=MeasureState.DONE,
    outcome="Alla 14 lampor är bytta.",
    done_on=date(2025, 4, 7),
    changed_at=MEETING_AT + timedelta(days=25),
)
ANALYSIS = RootCauseAnalysis(
    AnalysisId("ana1"),
    GROUP_ID,
    Area.DISORDER,
    "Varför går lamporna sönder?",
    KARIN.id,
    MEETING_AT + timedelta(days=6),
    Owner("Fritid"),
    date(2025, 5, 2),
    MEETING_AT + timedelta(days=6),
    referral_id=REFERRAL.id,
)
PROMISE = CitizenPromise(
    PromiseId("pro1"),
    GROUP_ID,
    "Medborgarlöfte våren 2025",
    "Därför att …",
    date(2025, 1, 1),
    date(2025, 12, 31),
    (Section(1, "Tryggare skolvägar", (Commitment("Polisen", "Patrullerar"),), areas=(Area.DISORDER,)),),
    (),
    KARIN.id,
    NOW,
    state=PromiseState.PUBLISHED,
    published_at=NOW,
)
DIRECTION = Direction(
    DirectionId("dir1"),
    GROUP_ID,
    date(2025, 1, 1),
    date(2025, 6, 30),
    (Priority("Trygga skolvägar", Area.DISORDER), Priority("Unga i centrum")),
    ("Enstaka fimpar på skolgården",),
    "Brås ordförande",
    KARIN.id,
    NOW,
)
ASKED = FollowUp(MEASURE.id, LENA.id, REFERRAL.id, 1, NOW)


def reports() -> tuple[Any, ...]:
    """What each has reported: three about the lights, one about something else, one by somebody who has left."""
    return (
        a_report(LENA, an_answer(1, 4, f"Mörkt vid skolan, {MARKERS[LENA.id]}")),
        a_report(MEHMET, an_answer(1, 3, f"Lamporna är trasiga, {MARKERS[MEHMET.id]}"), an_answer(4, 2)),
        a_report(RUT, an_answer(1, None, f"Vi vågar inte gå ut, {MARKERS[RUT.id]}"), entered_by=KARIN.id),
        a_report(OMAR, an_answer(2, 4, f"Hot vid krogen, {MARKERS[OMAR.id]}")),
        a_report(VERA, an_answer(1, 5, f"Ungdomar undviker vägen, {MARKERS[VERA.id]}")),
    )


def another_round(number: int, days: int, **changes: Any) -> tuple[Any, Any]:
    """A meeting and its closed round so many days after the sample's."""
    later = MEETING_AT + timedelta(days=days)
    meeting = a_meeting(id=f"meeting-{number}", slot=later.date(), starts_at=later)
    round_ = replace(
        ROUND,
        id=RoundId(f"round-{number}"),
        meeting_id=meeting.id,
        number=number,
        opens_at=later - timedelta(days=4),
        deadline=later - timedelta(hours=4),
        opened_at=later - timedelta(days=4),
        closed_at=later - timedelta(hours=4),
    )
    return meeting, replace(round_, **changes)


async def begun(world: World, *things: Any, group: Any = None) -> World:
    """The group, its people, the round and the reports; and whatever else is named."""
    await world.has(group or a_group(), *PEOPLE, a_meeting(), ROUND, *reports())
    await holds(world, *things)
    return world


async def holds(world: World, *things: Any) -> None:
    """Store values of the chain, each in its place."""
    async with world.storage.begin() as opened:
        store = overwriting(opened)
        shelves: dict[type, Any] = {
            JointAssessment: store.assessments.save,
            Theme: store.themes.save,
            Tie: store.themes.tie,
            Referral: store.referrals.save,
            Decision: store.referrals.add_decision,
            Measure: store.measures.save,
            RootCauseAnalysis: store.analyses.save,
            Direction: store.directions.save,
            CitizenPromise: store.promises.save,
            PromiseOpened: store.promises.save_opened,
            FollowUp: store.follow_ups.save,
            Delivery: store.deliveries.save,
            KeptCard: store.deliveries.save_card,
        }
        for thing in things:
            await shelves[type(thing)](thing)


async def referral_now(world: World) -> Referral:
    """The referral as it is stored."""
    async with world.storage.begin(write=False) as store:
        found = await store.referrals.get(REFERRAL.id)
    assert found is not None
    return found


async def arrives(world: World, delivery: Delivery, at: datetime) -> None:
    """Teams has taken the message."""
    async with world.storage.begin() as store:
        await overwriting(store).deliveries.save(replace(delivery, state=DeliveryState.SENT, updated_at=at))


DECIDED = replace(REFERRAL, state=ReferralState.DECIDED, changed_at=DECISION.decided_at)
