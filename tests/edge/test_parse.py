"""Activities as Teams sends them, and what the bot makes of them."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given, strategies

from bot.teams.activities import (
    BotAdded,
    BotRemoved,
    Event,
    Identity,
    Ignored,
    MembersJoined,
    MembersLeft,
    Message,
    Place,
    Pressed,
)
from bot.teams.fields import BadActivity
from bot.teams.parse import parse
from tests.connector import FakeConnector
from tests.edge.bot import RunningBot
from tests.edge.payloads import (
    ANNA,
    BOT,
    TEAM,
    executed,
    from_playground,
    in_channel,
    installation,
    personal,
    submitted,
    team_event,
)

URL = "https://smba.trafficmanager.net/emea/"
WHO_ANNA = Identity("29:1anna", "aad-anna", "Anna Åberg", "tenant-fagersta", "sv-SE")


def test_a_personal_message() -> None:
    event = parse(personal(URL, "notera  klotter vid Risbroskolan "))
    where = Place("a:personal-anna", "personal", URL, "tenant-fagersta", BOT["id"])
    assert event == Message(WHO_ANNA, where, "activity-1", "notera klotter vid Risbroskolan")


def test_a_message_in_a_channel_knows_its_team_channel_and_thread() -> None:
    event = parse(in_channel(URL, "<at>Lägesbild</at>&nbsp;sammanställ\n"))
    assert isinstance(event, Message)
    assert event.text == "sammanställ"
    assert event.where == Place(
        "19:lage@thread.tacv2;messageid=1736667000000",
        "channel",
        URL,
        "tenant-fagersta",
        BOT["id"],
        TEAM["id"],
        TEAM["name"],
        "19:lage@thread.tacv2",
    )


def test_other_peoples_mentions_are_kept_as_names() -> None:
    mentions = [
        {"type": "mention", "mentioned": BOT, "text": "<at>Lägesbild</at>"},
        {"type": "mention", "mentioned": {"id": "29:bo", "name": "Bo Ek"}, "text": "<at>Bo</at>"},
    ]
    event = parse(in_channel(URL, "<at>Lägesbild</at> medlemmar <at>Bo</at>", entities=mentions))
    assert isinstance(event, Message)
    assert event.text == "medlemmar Bo Ek"


def test_a_bare_mention_is_a_message_that_can_be_answered() -> None:
    event = parse(in_channel(URL, "<at>Lägesbild</at> "))
    assert isinstance(event, Message)
    assert event.text == ""


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("status\u00a0", "status"),
        ("\u200bstatus\ufeff", "status"),
        ("<p>notera&nbsp;<b>klotter</b></p>", "notera klotter"),
        ("<div>rad ett</div><div>rad två<br/>rad tre</div>", "rad ett\nrad två\nrad tre"),
        ("fler än 3 < 5 & 7 > 2", "fler än 3 < 5 & 7 > 2"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("a\r\n\r\n\r\n\r\nb", "a\n\nb"),
        ("o\u0308ppna", "öppna"),
        ("familj 👨‍👩‍👧", "familj 👨‍👩‍👧"),
    ],
)
def test_text_is_freed_from_markup_and_odd_spaces(typed: str, understood: str) -> None:
    event = parse(personal(URL, typed))
    assert isinstance(event, Message)
    assert event.text == understood


def test_an_execute_and_the_message_that_its_card_sits_in() -> None:
    event = parse(executed(URL, "report.submit", {"round_id": "r1", "comment": "bråk\x00"}))
    assert isinstance(event, Pressed)
    assert (event.data, event.card_message_id) == ({"round_id": "r1", "comment": "bråk"}, "message-1")


@pytest.mark.parametrize("value", [{"verb": "note.save"}, '{"verb": "note.save"}'])
def test_a_submit_is_a_message_with_a_value_and_no_text(value: Any) -> None:
    event = parse(submitted(URL, value))
    assert isinstance(event, Pressed)
    assert event.data == {"verb": "note.save"}


@pytest.mark.parametrize("value", ['{"verb": "\\ud800"}', '{"a":' * 5000 + "1" + "}" * 5000, "{"])
def test_a_packed_value_that_is_no_sound_json_is_no_press(value: str) -> None:
    assert not isinstance(parse(submitted(URL, cast("dict[str, Any]", value))), Pressed)


@pytest.mark.parametrize("value", [{}, {"action": None}, None])
def test_a_button_without_a_verb_is_still_a_press_that_can_be_answered(value: Any) -> None:
    event = parse({**executed(URL), "value": value})
    assert isinstance(event, Pressed)
    assert event.data == {}


def test_the_bot_is_added_to_a_team_by_somebody() -> None:
    event = parse(team_event(URL, "teamMemberAdded", membersAdded=[{"id": BOT["id"]}]))
    assert isinstance(event, BotAdded)
    assert (event.in_team, event.installer) == (True, WHO_ANNA)
    assert (event.where.team_id, event.where.team_name, event.where.kind) == (
        TEAM["id"],
        TEAM["name"],
        "channel",
    )
    assert event.where.channel_id == TEAM["id"]


def test_an_installation_names_the_channel_that_was_chosen() -> None:
    event = parse(installation(URL, "add", team=True, selected="19:lage@thread.tacv2"))
    assert isinstance(event, BotAdded)
    assert (event.in_team, event.installer, event.where.channel_id) == (
        True,
        WHO_ANNA,
        "19:lage@thread.tacv2",
    )


def test_a_personal_installation_an_upgrade_and_a_removal() -> None:
    assert isinstance(added := parse(installation(URL, "add", team=False)), BotAdded)
    assert (added.in_team, added.where.kind, added.installed) == (False, "personal", True)
    assert isinstance(parse(installation(URL, "add-upgrade", team=True)), BotAdded)
    assert isinstance(removed := parse(installation(URL, "remove", team=True)), BotRemoved)
    assert removed.in_team
    assert isinstance(parse(installation(URL, "remove-upgrade", team=True)), Ignored)


def test_a_bot_that_installs_itself_has_no_installer() -> None:
    event = parse({**installation(URL, "add", team=True), "from": BOT})
    assert isinstance(event, BotAdded)
    assert event.installer is None


def test_the_bot_is_removed_from_a_team() -> None:
    event = parse(team_event(URL, "teamMemberRemoved", membersRemoved=[{"id": BOT["id"]}]))
    assert isinstance(event, BotRemoved)


def test_members_come_and_go() -> None:
    bo = {"id": "29:bo", "aadObjectId": "aad-bo"}
    joined = parse(team_event(URL, "teamMemberAdded", membersAdded=[bo, ANNA]))
    assert isinstance(joined, MembersJoined)
    assert [member.user_id for member in joined.members] == ["29:bo", "29:1anna"]
    left = parse(team_event(URL, "teamMemberRemoved", membersRemoved=[bo]))
    assert isinstance(left, MembersLeft)
    assert left.members == (Identity("29:bo", "aad-bo", "", "tenant-fagersta"),)


def test_the_bot_and_a_person_added_together_is_an_installation() -> None:
    activity = {**personal(URL), "type": "conversationUpdate", "membersAdded": [ANNA, BOT]}
    assert isinstance(parse(activity), BotAdded)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"type": "messageUpdate"}, "messageUpdate"),
        ({"type": "messageDelete"}, "messageDelete"),
        ({"type": "messageReaction", "reactionsAdded": [{"type": "like"}]}, "messageReaction"),
        ({"type": "typing"}, "typing"),
        ({"type": "event", "name": "application/vnd.microsoft.meetingStart"}, "event"),
        ({"type": "invoke", "name": "task/fetch"}, "invoke/task/fetch"),
        ({"type": "conversationUpdate", "channelData": {"eventType": "channelRenamed"}}, "channelRenamed"),
        ({"type": "conversationUpdate"}, "conversationUpdate"),
        ({"text": " \u00a0\n"}, "empty"),
        ({"text": "", "attachments": [{"contentType": "image/png"}]}, "attachment"),
        ({"from": BOT}, "own"),
    ],
)
def test_what_needs_no_answer_is_ignored_by_name(change: dict[str, Any], kind: str) -> None:
    event = parse({**personal(URL), **change})
    assert isinstance(event, Ignored)
    assert event.kind == kind


def test_the_locale_is_the_clients_own_when_the_activity_says_none() -> None:
    assert parse({**personal(URL), "locale": None}).who.locale == "sv-SE"
    assert parse({**personal(URL), "locale": None, "entities": []}).who.locale is None


async def test_the_playground_is_understood_without_a_token(open_bot: RunningBot) -> None:
    async with FakeConnector() as playground:
        open_bot.reply = None
        url = playground.url.replace("127.0.0.1", "localhost") + "/_connector"
        answer = await open_bot.post(from_playground(url, "hjälp"))
    assert answer.status == 200
    (event,) = open_bot.events
    assert isinstance(event, Message)
    assert (event.text, event.where.kind, event.who.name) == ("hjälp", "personal", "Alex Wilber")


FIELDS = (
    "type",
    "text",
    "value",
    "action",
    "verb",
    "data",
    "from",
    "id",
    "recipient",
    "conversation",
    "name",
)
MORE = ("serviceUrl", "channelData", "team", "entities", "mentioned", "membersAdded", "locale", "attachments")
ANYTHING = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.floats() | strategies.text(max_size=5),
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.dictionaries(strategies.sampled_from(FIELDS + MORE), inner, max_size=4)
    ),
    max_leaves=8,
)
REAL = strategies.sampled_from(
    [
        personal(URL),
        in_channel(URL, "<at>Lägesbild</at> hej"),
        executed(URL),
        submitted(URL, {"verb": "x"}),
        team_event(URL, "teamMemberAdded", membersAdded=[BOT]),
        installation(URL, "add", team=True),
    ]
)


@given(REAL, strategies.dictionaries(strategies.sampled_from(FIELDS + MORE), ANYTHING, max_size=3))
def test_whatever_comes_is_an_event_or_a_bad_activity(
    activity: dict[str, Any], changed: dict[str, Any]
) -> None:
    try:
        event = parse({**activity, **changed})
    except BadActivity:
        return
    assert isinstance(event, Event)
