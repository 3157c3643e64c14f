"""Groups whose members answer while the bot is killed: the bot in a process of its own, its answers remembered."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from typing import Any

import aiohttp
from sqlalchemy import select, text

from benchmarks.servers import OURS, serving
from bot.delivery.outbox import JOB, SCHEMA
from cards.assessment import FinishAssessment
from cards.assessment_area import SaveAssessment
from cards.decision import SendDecision
from cards.preview import PublishPicture
from cards.report import SubmitReport
from lagesbild.calendar import Schedule
from lagesbild.ids import GroupId, MeetingId, MemberId, ReferralId, RoundId
from lagesbild.referrals import Referral
from lagesbild.rounds import RoundState
from lagesbild.templates import Area
from storage import Storage, create_engine, migrate, tables
from tests.bot.chat import button
from tests.connector import FakeConnector
from tests.edge.payloads import TENANT, executed, personal
from tests.issuer import Issuer
from tests.samples import a_coordinator, a_group, a_meeting, a_member, a_round
from tests.torture.seen import BECAUSE, IN_THE_END, MEMBERS, Promise, Seen, seen_as, who

Json = dict[str, Any]
LIFTED = "Belysningen vid gångvägen"
SETTLE_SECONDS = 100.0
"""What a killed process had taken is put back within seconds; less than the two minutes after which what is lost is."""
STAGES = {
    "opening": 0.05,
    "answers": 0.4,
    "picture": 0.05,
    "assessment": 0.05,
    "decision": 0.05,
    "second thoughts": 0.1,
    "afterwards": 0.8,
}
"""What a group goes through, and about how many seconds each takes; afterwards the rest is sent."""
CALM = {"colour": "green", "comment": "Lugnt vid skolorna"}
_ids = itertools.count(1)


@dataclass
class Town(Seen):
    """Many groups, each with a planned round and members who answer it; `kills` are the instants of the kills."""

    database_url: str
    issuer: Issuer
    random: random.Random
    urls: list[str] = field(default_factory=list)
    """Where the bot is; several, where it runs several times."""
    refusals: list[Json] = field(default_factory=list)
    """Answers that got no receipt though the bot was there."""
    stage: str = ""
    """Where a group's life is."""
    killed_in: Counter[str] = field(default_factory=Counter)
    """How many kills fell where."""

    async def has_groups(
        self, number: int, members: int = MEMBERS, meets_in: timedelta = timedelta(days=30)
    ) -> None:
        """Store the groups, each with a planned round; before a meeting that is near the clock opens it at once."""
        await migrate(self.database_url)
        engine = create_engine(self.database_url)
        storage = Storage(engine)
        for one in range(number):
            await self._add_group(storage, one, members, meets_in)
        await engine.dispose()

    async def _add_group(self, storage: Storage, number: int, members: int, meets_in: timedelta) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        home = replace(
            a_group().home,
            tenant_id=TENANT,
            service_url=self.connector.url,
            team_id=f"19:team{number}",
            channel_id=f"19:channel{number}",
        )
        group_id, starts = GroupId(f"g{number}"), now + meets_in
        meeting = a_meeting(
            id=MeetingId(f"meeting{number}"), group_id=group_id, slot=starts.date(), starts_at=starts
        )
        times: Json = {"opens_at": starts - timedelta(days=10), "deadline": starts - timedelta(days=1)}
        round_ = a_round(
            id=RoundId(f"round{number}"), group_id=group_id, meeting_id=meeting.id, remind_at=(), **times
        )
        later = Schedule(
            (now + timedelta(days=200)).date(), time_of_day(13), "FREQ=WEEKLY"
        )  # plans nothing itself
        people = [
            a_member(f"Medlem {m}", f"Verksamhet {m}", id=who(number, m), group_id=group_id)
            for m in range(1, members)
        ]
        async with storage.begin() as store:
            await store.groups.save(a_group(id=group_id, home=home, name=f"EST {number}", schedule=later))
            for member in (a_coordinator(id=who(number, 0), group_id=group_id), *people):
                await store.members.save(member)
            await store.meetings.save(meeting)
            await store.rounds.save(replace(round_, state=RoundState.PLANNED, opened_at=None))
            await store.referrals.save(_lifted(number, now))

    async def reminds_in(self, number: int, wait: timedelta) -> None:
        """Let the open round of a group remind then, whatever the time of day is."""
        engine = create_engine(self.database_url)
        async with Storage(engine).begin() as store:
            round_ = await store.rounds.get(RoundId(f"round{number}"))
            assert round_ is not None
            await store.rounds.save(replace(round_, remind_at=(datetime.now(UTC) + wait,)))
        await engine.dispose()

    async def lives_through(self, number: int) -> None:
        """One group's round from opening over the meeting to the council's second no, as far as it comes: whoever gets no answer gives up."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
            self.stage = "opening"
            await self._writes(http, number, "öppna")
            self.stage = "answers"
            await asyncio.gather(*(self._answers(http, number, member) for member in range(MEMBERS)))
            round_id = f"round{number}"
            self.stage = "picture"
            await self._presses(http, number, 0, PublishPicture(round_id, "").pack())
            self.stage = "assessment"
            await self._presses(http, number, 0, SaveAssessment(round_id, Area.YOUTH).pack() | CALM)
            await self._presses(http, number, 0, FinishAssessment(round_id).pack())
            self.stage = "decision"
            await self._presses(http, number, 0, _no(number, BECAUSE).pack())
            self.stage = "second thoughts"
            answer = await self._presses(http, number, 0, _no(number, IN_THE_END).pack())
            # There is one already, so the council sees once more what its readers will read.
            if "Skicka beslutet" in str(answer):
                await self._presses(http, number, 0, button(answer["value"], "Skicka beslutet"))
            self.stage = "afterwards"

    async def answer_all(self, number: int, members: int) -> None:
        """Everybody in a group answers at about the same time."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as http:
            await asyncio.gather(*(self._answers(http, number, member) for member in range(members)))

    async def _answers(self, http: aiohttp.ClientSession, number: int, member: int) -> None:
        await asyncio.sleep(self.random.random() * 0.3)
        words = f"Glas på gångvägen, anteckning {next(_ids)}x"
        data = SubmitReport(f"round{number}").pack() | {"impact_1": "3", "comment_1": words}
        answer = await self._presses(http, number, member, data)
        if answer.get("type") == "application/vnd.microsoft.card.adaptive":
            assert words in str(answer["value"]), answer
            self.receipts.append(Promise(who(number, member), f"round{number}", words))
        else:
            self.refusals.append(answer)

    async def _writes(self, http: aiohttp.ClientSession, number: int, text: str) -> None:
        await self._post(http, personal(self.connector.url, text), number, 0)

    async def _presses(self, http: aiohttp.ClientSession, number: int, member: int, data: Json) -> Json:
        activity = executed(self.connector.url, str(data["verb"]), data)
        return await self._post(http, activity, number, member) or {}

    async def _post(
        self, http: aiohttp.ClientSession, activity: Json, number: int, member: int
    ) -> Json | None:
        user = who(number, member)
        body = {**activity, "id": f"activity-{next(_ids)}"}
        body["from"] = {"id": f"29:{user}", "name": user, "aadObjectId": f"aad-{user}"}
        body["conversation"] = {"id": f"a:{user}", "conversationType": "personal", "tenantId": TENANT}
        headers = self.issuer.authorization(self.connector.url)
        url = self.random.choice(self.urls)
        async with http.post(f"{url}/api/messages", json=body, headers=headers) as answer:
            assert answer.status < 500, await answer.text()
            return dict(await answer.json()) if answer.content_type == "application/json" else None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Any]:
        """The bot, running."""
        environment = {**self.issuer.environment, "DATABASE_URL": self.database_url, "LOG_LEVEL": "WARNING"}
        async with serving(*OURS, environment=environment, ready="/readyz") as server:
            self.urls.append(url := f"http://127.0.0.1:{server.port}")
            try:
                yield server.process
            finally:
                with suppress(ValueError):
                    self.urls.remove(url)

    async def kill_while_living(self, number: int) -> None:
        """Start the bot, let a group live, and kill the bot at any time of a stage of that."""
        stage = self.random.choice(list(STAGES))
        async with self.open() as process:
            self.stage = ""
            living = asyncio.create_task(self.lives_through(number))
            while self.stage != stage and not living.done():  # noqa: ASYNC110 - a millisecond is exact enough
                await asyncio.sleep(0.001)
            await asyncio.sleep(self.random.random() * STAGES[stage])
            self.kill(process)
            self.killed_in[self.stage] += 1
            await asyncio.to_thread(process.wait)
            await self.note_what_is_sent()
            with suppress(aiohttp.ClientError, ConnectionError, TimeoutError):
                await living

    def kill(self, process: Any) -> None:
        """End a process without a word; nobody writes to it any more."""
        process.kill()
        self.kills.append(time.monotonic())

    async def note_what_is_sent(self) -> None:
        """What the ledger knows to be sent now is not to come again."""
        columns = tables.deliveries.c
        sent = select(columns.kind, columns.conversation_id).where(
            columns.state == "sent", columns.kind.in_(["prompt", "picture", "round_feedback", "feedback"])
        )
        for kind, conversation in await self._all(sent):
            self.known.setdefault(seen_as(kind, conversation), time.monotonic())

    async def settle(self, numbers: range) -> None:
        """The bot comes back, everybody repeats what got no answer, and the queue empties."""
        async with self.open():
            for number in numbers:
                await self.lives_through(number)
            await self.is_settled()

    async def is_settled(self) -> None:
        """Wait until the outcome of every delivery is known."""
        async with asyncio.timeout(SETTLE_SECONDS):
            while await self._unsettled():  # noqa: ASYNC110 - what is counted is in the database
                await asyncio.sleep(0.2)

    async def _unsettled(self) -> list[Any]:
        """Deliveries whose outcome is not known, and jobs that are not over."""
        states = select(tables.deliveries.c.key).where(tables.deliveries.c.state.in_(["queued", "throttled"]))
        table = f"{SCHEMA}.workflow_status" if "postgresql" in self.database_url else "workflow_status"
        jobs = text(f"SELECT 1 FROM {table} WHERE name = '{JOB}' AND status NOT IN ('SUCCESS', 'ERROR')")
        return [*await self._all(states), *await self._all(jobs)]

    async def opened(self) -> int:
        """How often a round was opened, by the audit."""
        return len(await self._all(select(tables.audit.c.id).where(tables.audit.c.action == "open round")))

    async def lost(self) -> list[Promise]:
        """Answers with a receipt that are not in the history."""
        columns = tables.report_revisions.c
        rows = await self._all(select(columns.round_id, columns.member_id, columns.answers))
        stored = {(row.round_id, row.member_id, answer["comment"]) for row in rows for answer in row.answers}
        return [one for one in self.receipts if (one.round_id, one.member_id, one.words) not in stored]

    async def _all(self, query: Any) -> list[Any]:
        engine = create_engine(self.database_url)
        async with engine.connect() as connection:
            await connection.execution_options(write=False)
            found = list((await connection.execute(query)).all())
        await engine.dispose()
        return found


def _lifted(number: int, now: datetime) -> Referral:
    """What the group has put to the council."""
    key, group_id, round_id = ReferralId(f"lifted{number}"), GroupId(f"g{number}"), RoundId(f"round{number}")
    due = (now + timedelta(days=40)).date()
    return Referral(
        key, group_id, round_id, Area.DISORDER, LIFTED, "Mörkt länge", MemberId(who(number, 0)), now, due
    )


def _no(number: int, because: str) -> SendDecision:
    """The council's answer to it."""
    return SendDecision(f"g{number}", f"lifted{number}", "no", sentence=because, owner_name="Gata och park")


@asynccontextmanager
async def a_town(database_url: str, seed: int, *, limited: bool = False) -> AsyncIterator[Town]:
    """A town in front of a connector that takes its time, and may hold to Teams' limits."""
    async with (
        Issuer() as issuer,
        FakeConnector(accepts=issuer.accepts, delay=0.02, limited=limited) as connector,
    ):
        yield Town(connector, database_url, issuer, random.Random(seed))
