"""Builders of model values with sensible defaults: a test names only what it is about.

Member ids count up unless given, so tests that compare must name them. `NOW` is a Tuesday in March 2025, two
days before the meeting of the sample round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from lagesbild.calendar import Schedule
from lagesbild.deliveries import Delivery, DeliveryKind, DeliveryState, delivery_key
from lagesbild.ids import AbsenceId, GroupId, MeetingId, MemberId, ObservationId, PromiseId, ReportId, RoundId
from lagesbild.people import Absence, Group, GroupState, Home, Member, MemberState, Role
from lagesbild.promise_data import promise_files
from lagesbild.promises import CitizenPromise, PromiseState
from lagesbild.reports import Answer, Count, Observation, Report, ReportState
from lagesbild.rounds import Meeting, Round, RoundState
from lagesbild.templates import Area, Colour, Template, TemplateRef, shipped_templates

NOW = datetime(2025, 3, 11, 9, 0, tzinfo=UTC)
MEETING_AT = datetime(2025, 3, 13, 12, 0, tzinfo=UTC)
FAGERSTA = TemplateRef("fagersta", 1)
LUDVIKA = TemplateRef("ludvika", 1)
GROUP_ID = GroupId("g1")
ORGANISATIONS = (
    "Brinellskolan",
    "Fagerstahallen",
    "Fritidsgården",
    "Näringsliv",
    "NVK",
    "Polisen",
    "Risbroskolan",
    "Socialförvaltningen",
    "Öppenvården",
)
COMMENTS = (
    "Två krossade rutor vid Risbroskolan, troligen natten mot söndag.",
    "Klotter i gångtunneln mot centrum.",
    "Mopeder kör på gångvägen bakom Fagerstahallen fredag kväll.",
    "Stökigt på rasterna, mest i korridoren.",
    "Ungdomar dricker folköl i Centrumparken på kvällarna.",
    "Lugnt de senaste två veckorna.",
    "Trasig belysning vid busstationen, det känns otryggt efter klockan 20.",
    "Snusdosor och vejp på skolgården, även i årskurs 6.",
)
_numbers = count(1)


def fagersta() -> Template:
    """The shipped Fagersta template: impact 1–5."""
    return shipped_templates().get(FAGERSTA)


def ludvika() -> Template:
    """The shipped Ludvika template: bullets and colours."""
    return shipped_templates().get(LUDVIKA)


def a_schedule(**changes: Any) -> Schedule:
    """Every second Thursday at 13.00."""
    schedule = Schedule(first=date(2025, 3, 13), at=time(13, 0), rule="FREQ=WEEKLY;INTERVAL=2")
    return replace(schedule, **changes)


def a_group(**changes: Any) -> Group:
    """Fagersta's EST group, set up."""
    group = Group(
        id=GROUP_ID,
        municipality="Fagersta",
        name="EST-gruppen",
        state=GroupState.ACTIVE,
        home=Home(
            "t1",
            "http://localhost:9/",
            "28:bot",
            "19:team@thread.tacv2",
            "19:channel@thread.tacv2",
            "Lägesbild",
        ),
        created_at=datetime(2025, 1, 7, 8, 0, tzinfo=UTC),
        template=FAGERSTA,
        schedule=a_schedule(),
    )
    return replace(group, **changes)


def a_member(
    name: str = "Lena Holm", organisation: str | None = "Risbroskolan", *roles: Role, **changes: Any
) -> Member:
    """An active member; a reporter unless other roles are named."""
    key = str(changes.pop("id", None) or f"m{next(_numbers)}")
    member = Member(
        id=MemberId(key),
        group_id=GROUP_ID,
        name=name,
        roles=frozenset(roles or {Role.REPORTER}),
        state=MemberState.ACTIVE,
        joined_at=datetime(2025, 1, 7, 8, 0, tzinfo=UTC),
        organisation=organisation,
        user_id=f"29:{key}",
        aad_object_id=f"aad-{key}",
        conversation_id=f"a:{key}",
    )
    return replace(member, **changes)


def a_coordinator(
    name: str = "Karin Ek", organisation: str | None = "Kommunledningen", **changes: Any
) -> Member:
    """The coordinator, who also represents an organisation."""
    return a_member(name, organisation, Role.COORDINATOR, Role.REPRESENTATIVE, **changes)


def a_meeting(**changes: Any) -> Meeting:
    """The meeting of Thursday 13 March 2025 at 13.00 in Stockholm."""
    return replace(Meeting(MeetingId("meeting1"), GROUP_ID, date(2025, 3, 13), MEETING_AT), **changes)


def a_round(**changes: Any) -> Round:
    """The open round before `a_meeting()`: deadline the same day at 09.00 in Stockholm."""
    round_ = Round(
        id=RoundId("round7"),
        group_id=GROUP_ID,
        meeting_id=MeetingId("meeting1"),
        number=7,
        template=FAGERSTA,
        state=RoundState.OPEN,
        opens_at=MEETING_AT - timedelta(days=4),
        remind_at=(MEETING_AT - timedelta(days=1),),
        deadline=MEETING_AT - timedelta(hours=4),
        period_first=date(2025, 2, 27),
        period_last=date(2025, 3, 12),
        opened_at=MEETING_AT - timedelta(days=4),
    )
    return replace(round_, **changes)


def an_answer(number: int = 1, impact: int | None = None, comment: str = "", **changes: Any) -> Answer:
    """An answer to one question."""
    return replace(Answer(number, impact=impact, comment=comment), **changes)


def a_report(member: Member | str, *answers: Answer, **changes: Any) -> Report:
    """A submitted report of that member in `a_round()`; without answers it says "nothing to report"."""
    member_id = MemberId(member if isinstance(member, str) else member.id)
    round_id = RoundId(str(changes.pop("round_id", "round7")))
    report = Report(
        id=ReportId(f"{round_id}:{member_id}"),
        round_id=round_id,
        member_id=member_id,
        state=ReportState.SUBMITTED,
        answers=tuple(sorted(answers, key=lambda answer: answer.number)),
        entered_by=member_id,
        updated_at=NOW,
        submitted_at=NOW,
    )
    return replace(report, **changes)


def a_draft(member: Member | str, *answers: Answer, **changes: Any) -> Report:
    """A report that is not sent."""
    return a_report(member, *answers, state=ReportState.DRAFT, submitted_at=None, **changes)


def an_absence(member: Member, first: date = date(2025, 3, 10), last: date = date(2025, 3, 14)) -> Absence:
    """Away in the meeting's week."""
    return Absence(AbsenceId(f"absence{next(_numbers)}"), member.id, first, last)


def a_note(
    member: Member, text: str = "Krossad ruta vid Risbroskolan", area: Area | None = None, **changes: Any
) -> Observation:
    """Something noted between meetings."""
    key = ObservationId(f"note{next(_numbers)}")
    return replace(Observation(key, GROUP_ID, member.id, area, text, NOW - timedelta(days=3)), **changes)


def a_prompt(member: Member, state: DeliveryState = DeliveryState.SENT, **changes: Any) -> Delivery:
    """The prompt of `a_round()` to that member."""
    delivery = Delivery(
        key=delivery_key(DeliveryKind.PROMPT, "round7", member.id),
        group_id=GROUP_ID,
        kind=DeliveryKind.PROMPT,
        queued_at=MEETING_AT - timedelta(days=4),
        member_id=member.id,
        round_id=RoundId("round7"),
        state=state,
    )
    return replace(delivery, **changes)


def a_shipped_promise(name: str, **changes: Any) -> CitizenPromise:
    """A promise that comes as a file, published in the group as it was adopted."""
    file = promise_files()[name]
    promise = CitizenPromise(
        id=PromiseId(name),
        group_id=GROUP_ID,
        title=file.title,
        preamble=file.preamble,
        first=file.first,
        last=file.last,
        sections=file.sections,
        signatures=file.signatures,
        drafted_by=MemberId("karin"),
        changed_at=NOW,
        state=PromiseState.PUBLISHED,
        adopted_by=file.adopted_by,
        adopted_on=file.adopted_on,
        published_at=NOW,
    )
    return replace(promise, **changes)


def counts(**values: int) -> tuple[Count, ...]:
    """Local figures, such as `counts(larm=3)`."""
    return tuple(Count(label, value) for label, value in values.items())


def some_members(number: int) -> tuple[Member, ...]:
    """Reporters of the organisations in turn: `m000`, `m001`, …"""
    return tuple(
        a_member(f"Person {index:03}", ORGANISATIONS[index % len(ORGANISATIONS)], id=f"m{index:03}")
        for index in range(number)
    )


def some_reports(
    members: Iterable[Member], template: Template, round_id: str = "round7", seed: int = 7
) -> tuple[Report, ...]:
    """A believable report of each: about half the areas answered, some with nothing at all. Deterministic."""
    random = Random(f"{seed}:{round_id}")
    return tuple(a_report(member, *_some_answers(template, random), round_id=round_id) for member in members)


def _some_answers(template: Template, random: Random) -> tuple[Answer, ...]:
    if random.random() < 0.1:
        return ()
    return tuple(
        _some_answer(question.number, question.rating.value, random)
        for question in template.questions
        if random.random() < 0.6
    )


def _some_answer(number: int, rating: str, random: Random) -> Answer:
    words = random.choice(COMMENTS)
    if rating == "colour":
        return Answer(number, colour=random.choice(tuple(Colour)), bullets=(words,))
    return Answer(number, impact=random.randint(1, 5) if rating == "impact" else None, comment=words)


def by_member(reports: Iterable[Report]) -> Mapping[MemberId, Report]:
    """The reports by whose they are."""
    return {report.member_id: report for report in reports}
