"""A person in several groups is asked which one a line is about, unless the facts say it (F1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app import FEATURES
from bot.commands import Command
from bot.fetching import Fetched, Fetcher, Need, Needs
from bot.routing import Router
from bot.teams.activities import BotAdded, Event, Message
from bot.teams.connector import Connector
from cards.help import MOST_GROUPS, REST, RunCommand
from lagesbild.ids import GroupId, MeetingId, RoundId
from lagesbild.people import Group, Member, MemberState, Role
from lagesbild.roster import Person
from lagesbild.rounds import RoundState
from tests.bot.chat import Chat, button, titles, words
from tests.cards.checks import check_card
from tests.connector import FakeConnector
from tests.samples import a_group, a_meeting, a_member, a_round

LEADING = ("status", "påminn", "öppna", "stäng", "sammanställ", "inställningar")
ASKED = "Vilken grupp?"


async def joins(
    chat: Chat, person: Member, number: int, *roles: Role, state: RoundState = RoundState.OPEN
) -> Group:
    """The person is in one more group, which has a round of its own."""
    key = f"g{number}"
    home = replace(a_group().home, team_id=f"19:team{number}", channel_id=f"19:channel{number}")
    group = a_group(id=GroupId(key), municipality=f"Stad {number}", home=home)
    member = a_member(
        person.name, "NVK", *roles, id=f"{person.id}{number}", group_id=group.id, user_id=person.user_id
    )
    meeting = a_meeting(id=MeetingId(f"meeting-{key}"), group_id=group.id)
    round_ = a_round(id=RoundId(f"round-{key}"), group_id=group.id, meeting_id=meeting.id, state=state)
    await chat.world.has(group, member, meeting, round_)
    return group


async def choose(chat: Chat, person: Member, line: str, title: str) -> str:
    """The answer after the question which group."""
    asked = await chat.says(person, line)
    assert asked.card is not None
    assert ASKED in words(asked)
    check_card(asked.card)
    fields = {one["id"]: one["value"] for one in asked.card["body"] if one["type"] == "Input.Text"}
    return words(await chat.presses(person, button(asked.card, title) | fields))


async def notes(chat: Chat, member_id: str) -> list[str]:
    async with chat.world.storage.begin(write=False) as store:
        member = await store.members.get((await chat.world.member(member_id)).id)
        assert member is not None
        return [note.text for note in await store.observations.list_unreported(member.id)]


@pytest.mark.parametrize("command", [c for c in Command if c.swedish not in ("hjälp", "löften")])
async def test_every_command_about_a_group_asks_in_both_languages(chat: Chat, command: Command) -> None:
    await joins(chat, chat.karin, 2, Role.COORDINATOR, Role.REPRESENTATIVE)
    for word in (command.swedish, command.english):
        reply = await chat.says(chat.karin, word)
        assert ASKED in words(reply)
        check_card(reply.card or {})


async def test_the_button_runs_the_same_line_for_that_group(chat: Chat) -> None:
    await joins(chat, chat.karin, 2, Role.COORDINATOR)
    assert "Stad 2" in await choose(chat, chat.karin, "inställningar", "EST-gruppen Stad 2")
    assert "Fagersta" in await choose(chat, chat.karin, "inställningar", "EST-gruppen Fagersta")
    closed = await choose(chat, chat.karin, "stäng 7", "EST-gruppen Stad 2")
    assert "stängd" in closed
    async with chat.world.storage.begin(write=False) as store:
        states = [(await store.rounds.list_by_group(GroupId(group), 1))[0].state for group in ("g1", "g2")]
    assert states == [RoundState.OPEN, RoundState.CLOSED]


async def test_nothing_is_remembered_of_the_choice(chat: Chat) -> None:
    await joins(chat, chat.karin, 2, Role.COORDINATOR)
    await choose(chat, chat.karin, "status", "EST-gruppen Stad 2")
    assert ASKED in words(await chat.says(chat.karin, "status"))


@pytest.mark.parametrize("text", ["klotter vid skolan", "rad ett\n\nrad  två * _x_", "å" * 3900])
async def test_a_note_keeps_its_words_through_the_choice(chat: Chat, text: str) -> None:
    await joins(chat, chat.mehmet, 2)
    await choose(chat, chat.mehmet, f"notera {text}", "EST-gruppen Stad 2")
    assert await notes(chat, "mehmet2") == [text]
    assert await notes(chat, "mehmet") == []


async def test_a_sentence_without_a_command_is_offered_as_a_note_for_each_group(chat: Chat) -> None:
    await joins(chat, chat.mehmet, 2)
    await choose(chat, chat.mehmet, "krossat glas vid stationen", "EST-gruppen Stad 2")
    assert await notes(chat, "mehmet2") == ["krossat glas vid stationen"]


async def test_a_text_that_is_too_long_to_note_is_refused_and_not_cut(chat: Chat) -> None:
    await joins(chat, chat.mehmet, 2)
    pressed = RunCommand("notera", "g2").pack() | {REST: "x" * 4001}
    assert "för lång" in words(await chat.presses(chat.mehmet, pressed))
    assert await notes(chat, "mehmet2") == []


@pytest.mark.parametrize("line", LEADING)
async def test_who_leads_only_one_group_is_not_asked_for_what_leaders_do(chat: Chat, line: str) -> None:
    await joins(chat, chat.karin, 2, Role.REPORTER)
    assert ASKED not in words(await chat.says(chat.karin, line))


async def test_a_group_that_came_first_does_not_hide_the_one_that_is_led(chat: Chat) -> None:
    await joins(chat, chat.mehmet, 2, Role.COORDINATOR)
    assert "Stad 2" in words(await chat.says(chat.mehmet, "inställningar"))
    assert "**status**" in words(await chat.says(chat.mehmet, "hjälp"))


async def test_who_leads_none_is_told_who_may(chat: Chat) -> None:
    await joins(chat, chat.mehmet, 2, state=RoundState.PLANNED)
    assert "samordnaren och ersättaren" in words(await chat.says(chat.mehmet, "status"))


async def test_a_report_goes_to_the_only_group_that_asks(chat: Chat) -> None:
    await joins(chat, chat.mehmet, 2, state=RoundState.CLOSED)
    await joins(chat, chat.mehmet, 3, Role.COORDINATOR)
    reply = words(await chat.says(chat.mehmet, "rapportera"))
    assert ASKED not in reply
    assert "round7" in reply


async def test_a_report_is_asked_about_when_two_groups_ask(chat: Chat) -> None:
    await joins(chat, chat.mehmet, 2)
    await joins(chat, chat.mehmet, 3, state=RoundState.CLOSED)
    asked = await chat.says(chat.mehmet, "rapportera")
    assert asked.card is not None
    assert titles(asked.card) == ["EST-gruppen Fagersta", "EST-gruppen Stad 2"]
    assert "round-g2" in words(await chat.presses(chat.mehmet, button(asked.card, titles(asked.card)[1])))


async def test_a_membership_that_waits_is_no_choice(chat: Chat) -> None:
    await joins(chat, chat.mehmet, 2, state=RoundState.OPEN)
    waiting = replace(await chat.world.member("mehmet2"), state=MemberState.PENDING)
    await chat.world.has(waiting)
    assert ASKED not in words(await chat.says(chat.mehmet, "frånvaro"))


async def test_in_a_teams_channel_the_team_says_which(chat: Chat) -> None:
    await joins(chat, chat.karin, 2, Role.COORDINATOR)
    assert "0 av 2 har svarat" in words(await chat.says(chat.karin, "status", in_channel=True))


async def test_a_button_for_a_group_that_is_not_ours_is_refused(chat: Chat) -> None:
    await joins(chat, chat.mehmet, 2)
    reply = await chat.presses(chat.karin, RunCommand("status", "g2").pack())
    assert "inte med i någon grupp" in words(reply)


async def test_more_groups_than_buttons_are_spoken_of(chat: Chat) -> None:
    for number in range(2, MOST_GROUPS + 2):
        await joins(chat, chat.karin, number, Role.COORDINATOR)
    asked = await chat.says(chat.karin, "status")
    check_card(asked.card or {})
    assert len(titles(asked.card or {})) == MOST_GROUPS
    assert "annan grupp" in words(asked)


async def test_what_is_fetched_from_teams_is_of_the_chosen_group(chat: Chat) -> None:
    """Else the roster of one team would throw out the members of another."""
    group = await joins(chat, chat.karin, 2, Role.COORDINATOR)
    teams: list[str] = []

    async def fetch(needs: Needs, event: Event, of: Group | None) -> Fetched:
        teams.append(of.home.team_id if of else "")
        return Fetched()

    chat = replace(chat, router=Router(chat.world.work, fetch, FEATURES))
    await choose(chat, chat.karin, "inställningar", "EST-gruppen Stad 2")
    assert teams == [group.home.team_id]


async def test_the_roster_is_the_acting_groups_and_in_a_new_team_the_events(chat: Chat) -> None:
    async with FakeConnector() as teams, Connector() as connector:
        for team in ("19:one", "19:two"):
            teams.roster[team] = [{"id": f"29:{team}", "name": "Någon"}]
        home = replace(a_group().home, service_url=teams.url, team_id="19:two")
        personal = replace(chat._where(), service_url=teams.url)
        who = chat._who(chat.karin)
        fetch = Fetcher(connector)

        async def roster(team_id: str | None, group: Group | None) -> list[str]:
            event = Message(who, replace(personal, team_id=team_id), "a1", "inställningar")
            return [person.user_id for person in (await fetch({Need.ROSTER}, event, group)).roster]

        assert await roster(None, a_group(home=home)) == ["29:19:two"]
        assert await roster("19:one", a_group(home=home)) == ["29:19:two"]
        assert await roster("19:one", None) == ["29:19:one"]
        assert await roster(None, None) == []


async def test_a_second_team_gets_a_group_of_its_own(chat: Chat) -> None:
    """Who installs the bot there may be in another team's group, whose people must stay as they are."""
    there = replace(
        chat._where(in_channel=True),
        team_id="19:new",
        channel_id="19:newchannel",
    )
    who = chat._who(chat.karin)

    async def fetch(needs: Needs, event: Event, of: Group | None) -> Fetched:
        return Fetched(roster=(Person("29:karin", "Karin Ek"), Person("29:new", "Nils Ny")))

    router = Router(chat.world.work, fetch, FEATURES)
    hello = await router(BotAdded(who, there, "a9", in_team=True, installer=who))
    assert hello is not None
    form = await router(Message(who, there, "a10", "inställningar"))
    assert form is not None
    async with chat.world.storage.begin(write=False) as store:
        new = await store.groups.get_by_team(who.tenant_id, "19:new")
        old = await store.members.list_by_group(chat.group.id)
    assert new is not None
    assert new.id in str(form.card)
    assert [member.state for member in old] == [MemberState.ACTIVE] * 2
