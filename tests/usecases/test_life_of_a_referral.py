"""The whole life of a referral, walked at random: nothing red without an answer, no answer that reaches nobody (C1, C5, C6)."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lagesbild.answering import ReportForm
from lagesbild.assessments import AssessmentForm, Owner
from lagesbild.deliveries import Delivery, DeliveryKind
from lagesbild.errors import Invalid
from lagesbild.feedback import FollowUp, Shows
from lagesbild.ids import MemberId
from lagesbild.measures import Measure, MeasureState
from lagesbild.people import Role
from lagesbild.referrals import DecisionForm, DecisionKind, Referral, ReferralState
from lagesbild.reports import Answer
from lagesbild.rounds import RoundState
from lagesbild.templates import Area, Colour
from lagesbild.usecases.assessing import assess, finish_assessment
from lagesbild.usecases.deciding import decide
from lagesbild.usecases.following import follow_group
from lagesbild.usecases.following_up import answer_follow_up
from lagesbild.usecases.measuring import MeasureForm, update_measure
from lagesbild.usecases.referring import close_referral, refer_again
from lagesbild.usecases.reports import submit_report
from storage.engine import create_engine
from storage.migrate import migrate
from storage.unit_of_work import Storage
from tests.samples import NOW, a_coordinator, a_group, a_meeting, a_member, a_round
from tests.usecases.world import World

R = TypeVar("R")
AREAS = {1: Area.DISORDER, 4: Area.YOUTH}
REPORTERS = ("mehmet", "lena", "per")


@cache
def _empty_database() -> Path:
    """A migrated database, made once and copied for every walk."""
    folder = TemporaryDirectory(ignore_cleanup_errors=True)
    path = Path(folder.name) / "empty.db"
    _keep.append(folder)
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


_keep: list[TemporaryDirectory[str]] = []


class LifeOfAReferral(RuleBasedStateMachine):
    """One round, three reporters in two organisations, a coordinator, a council member, and time that passes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(ignore_cleanup_errors=True)
        path = Path(self.folder.name) / "walk.db"
        shutil.copy(_empty_database(), path)
        self.runner = asyncio.Runner()
        self.engine = create_engine(f"sqlite+aiosqlite:///{path}")
        self.world = World(Storage(self.engine), NOW)
        self.told: dict[str, int] = {}

    def teardown(self) -> None:
        self.runner.run(self.engine.dispose())
        self.runner.close()
        self.folder.cleanup()

    def do(self, use_case: Callable[..., Awaitable[R]], *args: Any, **kwargs: Any) -> R:
        self.world.time += timedelta(seconds=1)

        async def run() -> R:
            return await self.world.do(use_case, *args, **kwargs)

        return self.runner.run(run())

    @initialize()
    def set_up(self) -> None:
        self.group = replace(a_group(), follow_up_weeks=1)
        self.karin = a_coordinator(id="karin")
        self.bra = replace(a_member("Bo Brå", "Kommunledningen", id="bo"), roles=frozenset({Role.COUNCIL}))
        self.people = {
            "mehmet": a_member("Mehmet Aydin", "NVK", id="mehmet"),
            "lena": a_member("Lena Holm", "Risbroskolan", id="lena"),
            "per": a_member("Per Åkesson", "NVK", id="per"),
        }
        self.round = replace(a_round(), state=RoundState.OPEN)
        things = (self.group, self.karin, self.bra, *self.people.values(), a_meeting(), self.round)
        self.runner.run(self.world.has(*things))
        self.reports("mehmet", 1, 4)
        self.assesses(Area.DISORDER, Colour.RED)

    @rule(who=st.sampled_from(REPORTERS), number=st.sampled_from(sorted(AREAS)), impact=st.integers(1, 5))
    def reports(self, who: str, number: int, impact: int) -> None:
        form = ReportForm((Answer(number, impact=impact, comment="Mörkt" if impact > 2 else ""),))
        self.do(submit_report, self.people[who], self.round.id, form)

    @rule(area=st.sampled_from(sorted(AREAS.values())), colour=st.sampled_from(Colour))
    def assesses(self, area: Area, colour: Colour) -> None:
        due = (self.world.time + timedelta(days=20)).date()
        form = AssessmentForm(
            colour, "Vi ser det", "Vi går dit", Owner("Karin", self.karin.id), due, "Belysningen", due
        )
        known = next((one for one in self.referrals() if one.area is area), None)
        answered = known is not None and (
            known.state not in (ReferralState.WAITING, ReferralState.WITHDRAWN)
            or (known.times > 1 and known.state is ReferralState.WAITING)
        )
        if answered and colour is not Colour.RED:
            with pytest.raises(Invalid, match="decided"):
                self.do(assess, self.karin, self.round.id, area, form)
        else:
            self.do(assess, self.karin, self.round.id, area, form)

    @rule()
    def finishes(self) -> None:
        self.do(finish_assessment, self.karin, self.round.id)

    @precondition(
        lambda self: self.in_state(ReferralState.WAITING, ReferralState.DECIDED, ReferralState.ON_AGENDA)
    )
    @rule(data=st.data(), kind=st.sampled_from(DecisionKind))
    def decides(self, data: st.DataObject, kind: DecisionKind) -> None:
        states = (ReferralState.WAITING, ReferralState.DECIDED, ReferralState.ON_AGENDA)
        referral = data.draw(st.sampled_from(self.in_state(*states)))
        due = (self.world.time + timedelta(days=30)).date()
        owner = Owner("Karin", self.karin.id)
        form = DecisionForm(kind, "Byt lamporna", f"Så här blir det, eftersom {self.world.time}", owner, due)
        round_ = self.read(lambda store: store.rounds.get(self.round.id))
        if referral.state is ReferralState.WAITING and referral.times == 1 and round_.assessed_at is None:
            with pytest.raises(Invalid, match="not_sent"):
                self.do(decide, self.bra, referral.id, form)
        else:
            self.do(decide, self.bra, referral.id, form)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.world.time += timedelta(days=days)
        self.do(follow_group, self.group, self.world.time)

    @precondition(lambda self: bool(self.measures()))
    @rule(data=st.data(), state=st.sampled_from(MeasureState))
    def a_measure_moves(self, data: st.DataObject, state: MeasureState) -> None:
        measure = data.draw(st.sampled_from(self.measures()))
        self.do(update_measure, self.karin, measure.id, MeasureForm(state=state, outcome="Det gick så"))

    @precondition(lambda self: bool(self.measures()))
    @rule(data=st.data(), shows=st.sampled_from(Shows))
    def a_measure_is_done_and_its_reporters_are_asked(self, data: st.DataObject, shows: Shows) -> None:
        self.a_measure_moves(data, MeasureState.DONE)
        self.time_passes(8)
        if self.asked():
            self.somebody_says_whether_it_shows(data, shows)

    @precondition(lambda self: bool(self.asked()))
    @rule(data=st.data(), shows=st.sampled_from(Shows))
    def somebody_says_whether_it_shows(self, data: st.DataObject, shows: Shows) -> None:
        asked = data.draw(st.sampled_from(self.asked()))
        member = self.people[asked.member_id]
        self.do(answer_follow_up, member, asked.measure_id, asked.number, shows, comment="", again=False)
        if shows.reopens:
            assert self.by_id(asked.referral_id).state in (ReferralState.ON_AGENDA, ReferralState.WAITING)

    @precondition(lambda self: self.in_state(ReferralState.ON_AGENDA, ReferralState.CLOSED))
    @rule(data=st.data())
    def it_is_referred_again(self, data: st.DataObject) -> None:
        referral = data.draw(st.sampled_from(self.in_state(ReferralState.ON_AGENDA, ReferralState.CLOSED)))
        self.do(refer_again, self.karin, referral.id, (self.world.time + timedelta(days=14)).date())
        assert self.by_id(referral.id).times == referral.times + 1

    @precondition(lambda self: self.in_state(ReferralState.ON_AGENDA, ReferralState.DECIDED))
    @rule(data=st.data())
    def it_is_closed(self, data: st.DataObject) -> None:
        referral = data.draw(st.sampled_from(self.in_state(ReferralState.ON_AGENDA, ReferralState.DECIDED)))
        self.do(close_referral, self.karin, referral.id, "Det är åtgärdat, tack för att du sa till.")

    @invariant()
    def nothing_red_is_without_a_referral(self) -> None:
        for assessment in self.read(lambda store: store.assessments.list_by_round(self.round.id)):
            if assessment.colour is Colour.RED:
                assert self.referral(assessment.area).state is not ReferralState.WITHDRAWN

    @invariant()
    def what_was_finished_has_been_put_to_somebody(self) -> None:
        round_ = self.read(lambda store: store.rounds.get(self.round.id))
        if round_ is None or round_.assessed_at is None:
            return
        sent = self.deliveries(DeliveryKind.REFERRAL)
        for referral in self.in_state(ReferralState.WAITING):
            assert any(str(referral.id) in d.key for d in sent), f"{referral} reached no council"

    @invariant()
    def every_decision_reaches_everybody_behind_it(self) -> None:
        fed = self.deliveries(DeliveryKind.FEEDBACK)
        for referral in self.in_state(*ReferralState):
            decisions = self.read(lambda store, r=referral: store.referrals.decisions(r.id))
            if not decisions:
                continue
            behind = self.behind_at(referral, decisions[-1].decided_at)
            told = {d.subject.partition(":")[2] for d in fed if d.subject.startswith(f"{referral.id}:")}
            assert behind <= told, f"{behind - told} never heard of {decisions[-1].kind}"

    @invariant()
    def nobody_hears_of_what_they_had_no_part_in(self) -> None:
        for delivery in self.deliveries(DeliveryKind.FEEDBACK):
            referral_id, _, about = delivery.subject.partition(":")
            assert about in self.behind_ever(self.by_id(referral_id)), f"{about} had no part in {referral_id}"

    @invariant()
    def what_happened(self) -> None:
        for referral in self.referrals():
            event(f"{referral.state.value}, time {min(referral.times, 3)}")

    # What is stored, for the rules and invariants.

    def read(self, query: Callable[..., Awaitable[R]]) -> R:
        async def run() -> R:
            async with self.world.storage.begin(write=False) as store:
                return await query(store)

        return self.runner.run(run())

    def referrals(self) -> list[Referral]:
        return list(self.read(lambda store: store.referrals.list_by_group(a_group().id)))

    def in_state(self, *states: ReferralState) -> list[Referral]:
        return [referral for referral in self.referrals() if referral.state in states]

    def by_id(self, referral_id: str) -> Referral:
        return next(referral for referral in self.referrals() if referral.id == referral_id)

    def referral(self, area: Area) -> Referral:
        return next(referral for referral in self.referrals() if referral.area is area)

    def measures(self) -> list[Measure]:
        """By making: their ids are random, and a walk must be the same when it is repeated."""
        found = self.read(lambda store: store.measures.list_by_group(a_group().id))
        return sorted(found, key=lambda measure: measure.created_at)

    def asked(self) -> list[FollowUp]:
        found = self.read(lambda store: store.follow_ups.list_by_group(a_group().id))
        order = [measure.id for measure in self.measures()]
        unanswered = [follow_up for follow_up in found if follow_up.shows is None]
        return sorted(unanswered, key=lambda one: (order.index(one.measure_id), one.member_id, one.number))

    def deliveries(self, *kinds: DeliveryKind) -> list[Delivery]:
        return list(self.read(lambda store: store.deliveries.list_by_group(a_group().id, kinds)))

    def _said_something(self, area: Area, before: Any = None) -> set[MemberId]:
        number = next(n for n, a in AREAS.items() if a is area)
        found = set()
        for member in self.people.values():
            history = self.read(lambda store, m=member: store.reports.history(self.round.id, m.id))
            revisions = [r for r in history if before is None or r.updated_at <= before]
            shown = revisions[-1:] if before is not None else revisions
            answers = [answer for r in shown if (answer := r.answer(number)) is not None]
            if any((answer.impact or 0) > 1 or answer.words for answer in answers):
                found.add(member.id)
        return found

    def behind_at(self, referral: Referral, instant: Any) -> set[MemberId]:
        return self._said_something(referral.area, instant)

    def behind_ever(self, referral: Referral) -> set[MemberId]:
        """Whoever said something in the area, and the representatives of their organisations."""
        reporters = self._said_something(referral.area)
        organisations = {self.people[who].organisation for who in reporters}
        same = {
            m.id
            for m in self.people.values()
            if m.organisation in organisations and m.has(Role.REPRESENTATIVE)
        }
        return reporters | same


TestLifeOfAReferral = LifeOfAReferral.TestCase
TestLifeOfAReferral.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
