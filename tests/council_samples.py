"""Builders for what lies on the council's table, and storing it in a world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from lagesbild.assessments import Owner
from lagesbild.ids import AnalysisId, DecisionId, DirectionId, MeasureId, MemberId, ReferralId, RoundId
from lagesbild.measures import Direction, Measure, Priority, RootCauseAnalysis
from lagesbild.referrals import (
    Council,
    CouncilConversation,
    CouncilKind,
    Decision,
    DecisionForm,
    DecisionKind,
    Referral,
)
from lagesbild.templates import Area
from tests.overwriting import overwriting
from tests.samples import GROUP_ID, NOW
from tests.usecases.world import World

KARIN = MemberId("karin")
TECHNICAL = Owner("Tekniska förvaltningen")
HERE = CouncilConversation("http://localhost:9/", "28:bot", "19:bra@thread.tacv2", "Lokala Brå")


def a_referral(**changes: Any) -> Referral:
    """The lights in the centre, lifted today, to be answered within two weeks."""
    referral = Referral(
        ReferralId("r1"),
        GROUP_ID,
        RoundId("round7"),
        Area.DISORDER,
        "Trasig belysning i centrum",
        "Mörkt vid gångvägen sedan i höstas. Tre verksamheter har sett det i flera omgångar.",
        KARIN,
        NOW,
        date(2025, 3, 25),
    )
    return replace(referral, **changes)


def a_form(**changes: Any) -> DecisionForm:
    """The council's yes to a measure."""
    form = DecisionForm(
        DecisionKind.MEASURE,
        "Byt armaturerna längs gångvägen",
        "Kommunen byter lamporna längs gångvägen.",
        TECHNICAL,
        date(2025, 4, 30),
    )
    return replace(form, **changes)


def a_decision(**changes: Any) -> Decision:
    """That yes, made."""
    form = a_form()
    decision = Decision(
        DecisionId("d1"),
        GROUP_ID,
        ReferralId("r1"),
        form.kind,
        form.text,
        form.sentence,
        TECHNICAL,
        form.due,
        KARIN,
        NOW,
    )
    return replace(decision, **changes)


def a_measure(**changes: Any) -> Measure:
    """What that decision set going."""
    measure = Measure(
        MeasureId("x1"),
        GROUP_ID,
        Area.DISORDER,
        "Byt armaturerna längs gångvägen",
        TECHNICAL,
        date(2025, 4, 30),
        NOW,
        NOW,
    )
    return replace(measure, **changes)


def an_analysis(**changes: Any) -> RootCauseAnalysis:
    """Why people gather at the station."""
    analysis = RootCauseAnalysis(
        AnalysisId("n1"),
        GROUP_ID,
        Area.YOUTH,
        "Varför samlas man vid stationen på kvällarna?",
        KARIN,
        NOW,
        Owner("Lena Holm", MemberId("lena")),
        date(2025, 4, 15),
        NOW,
    )
    return replace(analysis, **changes)


def a_direction(**changes: Any) -> Direction:
    """The second quarter's."""
    direction = Direction(
        DirectionId("i1"),
        GROUP_ID,
        date(2025, 1, 1),
        date(2025, 3, 31),
        (Priority("Trygga gångvägar i centrum"), Priority("Vuxna ute på fredagskvällar")),
        ("Cykelstölder",),
        "Kommunchefen",
        KARIN,
        NOW - timedelta(days=60),
    )
    return replace(direction, **changes)


def a_council(**changes: Any) -> Council:
    """One that meets in a channel of its own."""
    return replace(Council(GROUP_ID, CouncilKind.OFFICIALS, KARIN, NOW, HERE), **changes)


async def on_the_table(world: World, *things: Any) -> None:
    """Store values in the order given: referral before decision before measure."""
    async with world.storage.begin() as opened:
        store = overwriting(opened)
        for thing in things:
            match thing:
                case Referral():
                    await store.referrals.save(thing)
                case Decision():
                    await store.referrals.add_decision(thing)
                case Measure():
                    await store.measures.save(thing)
                case RootCauseAnalysis():
                    await store.analyses.save(thing)
                case Direction():
                    await store.directions.save(thing)
                case Council():
                    await store.councils.save(thing)


async def referral_of(world: World, key: str = "r1") -> Referral:
    """The referral as it is stored."""
    async with world.storage.begin(write=False) as store:
        found = await store.referrals.get(ReferralId(key))
    assert found is not None
    return found
