"""Every command and every button with every role, a stranger, another municipality's member and another tenant (F1).

Walked from what is registered: a feature that is added later is walked too.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import FEATURES
from bot.commands import Command
from bot.features import Feature, merged
from bot.fetching import Fetched, Needs
from bot.permission import EVERYBODY, Rule
from bot.routing import Router
from bot.teams.activities import Event, Identity, Message, Place, Pressed, Reply
from cards.actions import SPACE, Payload
from cards.help import RunCommand
from lagesbild.authority import may
from lagesbild.ids import GroupId, MeetingId, RoundId
from lagesbild.people import Group, Home, Member, MemberState, Role
from storage.engine import create_engine
from storage.migrate import migrate
from storage.tables import metadata
from storage.unit_of_work import Storage
from tests.bot.chat import TENANT, Chat, a_chat, nothing_fetched
from tests.cards.checks import SAID  # noqa: F401  the texts are listened to before any is read
from tests.samples import NOW, a_coordinator, a_group, a_meeting, a_member, a_round
from tests.usecases.world import World

ALL = merged(FEATURES)
HANDLED: list[Any] = [*ALL.commands, *ALL.buttons]
ELSEWHERE = "another-tenant"
REACHED = "reached"
POWERS = (Role.COORDINATOR, Role.DEPUTY, Role.REPRESENTATIVE, Role.REPORTER, Role.COUNCIL)


def _name(key: object) -> str:
    return key.swedish if isinstance(key, Command) else str(getattr(key, "verb", key))


@dataclass(frozen=True)
class Person:
    """Somebody who writes or presses: with a membership in Fagersta's group, in another, or in none."""

    name: str
    user_id: str
    tenant_id: str = TENANT
    member: Member | None = None
    """The membership in Fagersta's group."""


@dataclass
class Town:
    """Fagersta's group with a member of each kind, Ludvika's group, and a group of another tenant."""

    chat: Chat
    engine: AsyncEngine
    people: dict[str, Person]

    def router(self, *features: Feature) -> Router:
        return Router(self.chat.world.work, nothing_fetched, features or FEATURES)

    async def does(
        self, router: Router, person: Person, key: object, *, in_team: bool = False
    ) -> Reply | None:
        """Write the command, or press the button with the ids of Fagersta's group."""
        who = Identity(person.user_id, None, person.name, person.tenant_id, "sv-SE")
        home = self.chat.group.home
        team = (home.team_id, None, home.channel_id) if in_team else ()
        where = Place(
            "19:x" if in_team else "a:x", "channel" if in_team else "personal",
            home.service_url, person.tenant_id, home.bot_id, *team,
        )  # fmt: skip
        if isinstance(key, Command):
            return await router(Message(who, where, "a1", f"{key.swedish} något"))
        assert isinstance(key, type)
        data = self.data(key)
        return await router(Pressed(who, where, "a1", data))

    def data(self, payload: type[Payload]) -> dict[str, Any]:
        """The button as the coordinator of Fagersta would get it, and inputs that hold something."""
        ids = {
            "group_id": self.chat.group.id, "round_id": self.chat.round.id, "meeting_id": self.chat.meeting.id,
            "member_id": self.chat.mehmet.id, "for_member": self.chat.mehmet.id,
        }  # fmt: skip
        kinds = get_type_hints(payload)
        packed = {one.name: ids.get(one.name, _some(kinds[one.name])) for one in fields(payload)}
        inputs = {
            "member": self.chat.mehmet.id,
            "first": "2025-03-12",
            "last": "2025-03-12",
            "note": "klotter",
        }
        return {
            "verb": payload.verb,
            SPACE: packed,
            **inputs,
            "group": self.chat.group.id,
            "comment_1": "klotter",
        }

    async def rows(self, group: str = "") -> dict[str, set[str]]:
        """Everything stored, by table; of one group if it is named."""
        found = {}
        async with self.engine.connect() as connection:
            for table in metadata.sorted_tables:
                rows = [repr(tuple(row)) for row in await connection.execute(select(table))]
                found[table.name] = {row for row in rows if f"'{group}'" in row or not group}
        return found


def _some(kind: Any) -> Any:
    """A value that a payload's field takes."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    for name, value in (("bool", True), ("tuple", []), ("int", 1), ("float", 1.0), ("None", None)):
        if name in str(kind):
            return value
    return "some"


def _members() -> dict[str, Member]:
    found = {
        role.value: a_member(role.value.title(), "Skolan", role, id=f"only-{role.value}") for role in Role
    }
    every = frozenset(Role)
    found["pending"] = replace(a_coordinator("Väntar", id="pending"), state=MemberState.PENDING, roles=every)
    found["left"] = replace(a_coordinator("Slutat", id="left"), state=MemberState.LEFT, roles=every)
    return found


@pytest.fixture
async def town(sqlite_url: str) -> AsyncIterator[Town]:
    await migrate(sqlite_url)
    engine = create_engine(sqlite_url)
    try:
        chat = await a_chat(World(Storage(engine), NOW))
        yield Town(chat, engine, await _settle(chat))
    finally:
        await engine.dispose()


async def _settle(chat: Chat) -> dict[str, Person]:
    members = _members()
    await chat.world.has(*members.values())
    people = {name: Person(one.name, one.user_id or "", member=one) for name, one in members.items()}
    people["left"] = replace(people["left"], member=None)  # as a stranger: may ask to join again
    people["stranger"] = Person("Okänd", "29:nobody")
    people["another tenant's namesake"] = Person("Coordinator", people["coordinator"].user_id, ELSEWHERE)
    for number, (name, tenant) in enumerate(
        (("another municipality", TENANT), ("another tenant", ELSEWHERE))
    ):
        home = Home(tenant, "http://localhost:9/", "28:bot", f"19:team{number}", f"19:channel{number}")
        group = a_group(id=GroupId(f"other{number}"), municipality="Ludvika", home=home)
        leader = a_member(name, "Skolan", *POWERS, id=f"leader{number}", group_id=group.id)
        meeting = a_meeting(id=MeetingId(f"meeting-{number}"), group_id=group.id)
        round_ = a_round(id=RoundId(f"round-{number}"), group_id=group.id, meeting_id=meeting.id)
        await chat.world.has(group, leader, meeting, round_)
        people[name] = Person(name, leader.user_id or "", tenant)
    return people


def _probes() -> Feature:
    """The registered commands, buttons and rules, with handlers that only say that they were reached."""

    async def probe(*_: Any) -> Reply:
        return Reply(text=REACHED)

    async def stranger(*_: Any) -> Reply:
        return Reply(text="stranger")

    return Feature(
        commands=dict.fromkeys(ALL.commands, probe),
        buttons=dict.fromkeys(ALL.buttons, probe),
        unclear=probe,
        stranger=stranger,
        rules=dict(ALL.rules),
    )


def _expected(rule: Rule, person: Person, key: object) -> bool:
    """What authority's table says of this person in Fagersta's group; others act in their own group, if at all."""
    if rule.act is None:
        return True
    if person.member is not None:
        return may(person.member, rule.act)
    return rule.strangers


def test_nothing_can_be_registered_without_a_rule() -> None:
    async def anything(*_: Any) -> Reply:
        return Reply(text=REACHED)

    with pytest.raises(TypeError, match="who"):
        Feature().button(RunCommand)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="no rule"):
        merged([Feature(buttons={RunCommand: anything})])
    with pytest.raises(ValueError, match="no rule"):
        merged([Feature(commands={Command.HELP: anything})])


def test_every_button_names_what_it_is_about_for_a_person_in_several_groups() -> None:
    nameless = [
        key.verb
        for key in ALL.buttons
        if not {one.name for one in fields(key)} & {"group_id", "round_id"} and ALL.rules[key] != EVERYBODY
    ]
    assert nameless == []


@pytest.mark.parametrize("in_team", [False, True], ids=["personal", "team"])
async def test_the_router_asks_the_table_before_it_runs_a_handler(town: Town, in_team: bool) -> None:
    router, wrong = town.router(_probes()), []
    for key in HANDLED:
        rule = ALL.rules[key]
        for name, person in town.people.items():
            if person.member is None and not _names_the_group(key, person, in_team):
                continue
            reply = await town.does(router, person, key, in_team=in_team)
            reached = reply is not None and reply.text == REACHED
            if reached != _expected(rule, person, key):
                wrong.append(f"{_name(key)}: {name} {'was let in' if reached else 'was refused'}")
    assert not wrong, "\n".join(wrong)


def _names_the_group(key: object, person: Person, in_team: bool) -> bool:
    """Whether it is about Fagersta's group, whoever does it; else it is about the person's own."""
    if in_team:
        return person.tenant_id == TENANT
    return isinstance(key, type) and bool({one.name for one in fields(key)} & {"group_id", "round_id"})


async def test_teams_is_asked_for_those_alone_who_may(town: Town) -> None:
    """A roster is fetched before the transaction, but not for somebody who is refused anyway."""
    asked: list[str] = []

    async def fetch(needs: Needs, event: Event, group: Group | None) -> Fetched:
        asked.append(event.who.user_id)
        return await nothing_fetched(needs, event, group)

    router = Router(town.chat.world.work, fetch, FEATURES)
    needing = [key for key in HANDLED if ALL.needs[key]]
    assert needing
    for key in needing:
        for name in ("reporter", "council", "pending"):
            await town.does(router, town.people[name], key)
        assert asked == []
        await town.does(router, town.people["coordinator"], key)
        assert asked.pop() == town.people["coordinator"].user_id


async def test_a_button_that_runs_a_command_is_asked_as_the_command(town: Town) -> None:
    router = town.router(_probes())
    reporter = town.people["reporter"]
    who = Identity(reporter.user_id, None, reporter.name, TENANT, "sv-SE")
    home = town.chat.group.home
    where = Place("a:x", "personal", home.service_url, TENANT, home.bot_id)
    for command, allowed in ((Command.REPORT, True), (Command.COMPILE, False), (Command.SETTINGS, False)):
        data = RunCommand(command.swedish, town.chat.group.id).pack()
        reply = await router(Pressed(who, where, "a1", data))
        assert reply is not None
        assert (reply.text == REACHED) is allowed


@pytest.mark.parametrize("checked", [True, False], ids=["with the router's check", "by the use cases alone"])
async def test_who_is_refused_changes_nothing_and_is_told(town: Town, checked: bool) -> None:
    """Also with the router's check taken away: a use case asks by itself."""
    whole = merged(FEATURES)
    if not checked:
        whole.rules = dict.fromkeys(whole.rules, EVERYBODY)
    router, wrong = town.router(whole), []
    for person in town.people.values():  # the chat of who writes for the first time is remembered
        await town.does(router, person, Command.HELP)
    for key in HANDLED:
        rule = ALL.rules[key]
        for name, person in town.people.items():
            if person.member is None or _expected(rule, person, key):
                continue
            before = await town.rows()
            reply = await town.does(router, person, key)
            wrong += [f"{_name(key)}: {name} changed something"] if await town.rows() != before else []
            wrong += [f"{_name(key)}: {name} got no answer"] if reply is None else []
            shown = reply is not None and reply.card is not None
            wrong += [f"{_name(key)}: {name} saw a card"] if shown and checked else []
    assert not wrong, "\n".join(wrong)


async def test_who_leads_elsewhere_changes_and_sees_nothing_here(town: Town) -> None:
    """With every power in another group, and the ids of this one."""
    router, wrong = town.router(), []
    group = str(town.chat.group.id)
    for key in HANDLED:
        rule = ALL.rules[key]
        for name, person in town.people.items():
            if person.member is not None or (rule.act is None and isinstance(key, type)):
                continue
            before = await town.rows(group)
            reply = await town.does(router, person, key)
            said = json.dumps(reply.card, ensure_ascii=False) + (reply.text or "") if reply else ""
            wrong += [f"{_name(key)}: {name} changed something"] if await town.rows(group) != before else []
            wrong += [f"{_name(key)}: {name} sees a member"] if "Mehmet" in said or "Karin" in said else []
    assert not wrong, "\n".join(wrong)


async def test_asking_to_join_is_open_to_the_tenant_alone(town: Town) -> None:
    router, group = town.router(), str(town.chat.group.id)
    (ask,) = [key for key in ALL.buttons if key.verb == "join.ask"]
    before = await town.rows(group)
    for name in ("another tenant", "another tenant's namesake"):
        await town.does(router, town.people[name], ask)
    assert await town.rows(group) == before
    await town.does(router, town.people["stranger"], ask)
    assert await town.rows(group) != before


async def test_who_may_is_not_refused_by_what_comes_after(town: Town) -> None:
    """The table at the door and the use cases agree: nobody is let in only to be told that it is not allowed."""
    wrong = []
    router = town.router()
    for key in HANDLED:
        rule = ALL.rules[key]
        for name, person in town.people.items():
            if person.member is None or rule.act is None or not _expected(rule, person, key):
                continue
            reply = await town.does(router, person, key)
            said = (reply.text or "") if reply else ""
            if "samordnaren och ersättaren" in said and not _for_others(key):
                wrong.append(f"{_name(key)}: {name}: {said}")
    assert not wrong, "\n".join(wrong)


def _for_others(key: object) -> bool:
    """Buttons that can also be pressed on somebody's behalf, and `möte` with a change, ask for more then."""
    if isinstance(key, Command):
        return key is Command.MEETING
    return isinstance(key, type) and "for_member" in {one.name for one in fields(key)}


async def test_the_channel_of_the_posts_is_one_of_the_teams_own(town: Town) -> None:
    (save,) = [key for key in ALL.buttons if key.verb == "setup.save"]
    before = await town.rows()
    data = {**town.data(save), "channel": "19:another-teams-channel@thread.tacv2"}
    reply = await town.chat.presses(town.chat.karin, data)
    assert reply.outcome == "refused"
    assert await town.rows() == before
