"""Every way an attempt can end is in the ledger, and only passing faults are tried again (F4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.delivery.couriers import Outgoing, Skip
from bot.teams.connector import Ref
from lagesbild.deliveries import DeliveryKind, DeliveryState
from lagesbild.ids import DeliveryKey, MemberId
from lagesbild.people import MemberState
from tests.connector import FakeConnector
from tests.delivery.rig import Rig, prompt, somebody

FINAL = [
    (403, "ConversationBlockedByUser", DeliveryState.BLOCKED),
    (403, "BotDisabledByAdmin", DeliveryState.BLOCKED),
    (403, "MessageWritesBlocked", DeliveryState.BLOCKED),
    (403, "ForbiddenOperationException", DeliveryState.NOT_INSTALLED),
    (403, "BotNotInConversationRoster", DeliveryState.NOT_INSTALLED),
    (413, "RequestEntityTooLarge", DeliveryState.TOO_LARGE),
    (400, "BadSyntax", DeliveryState.FAILED),
    (500, "ServiceError", DeliveryState.FAILED),
]


async def _prompted(rig: Rig) -> Any:
    """Anna's prompt, once all attempts have been made."""
    await rig.join(somebody("anna", "chat-anna"))
    await rig.put(prompt("anna"))
    await rig.engine.drain(retries=True)
    return await rig.row("prompt:r1:anna")


def _opened(teams: FakeConnector) -> int:
    return sum(call.path == "/v3/conversations" for call in teams.calls)


async def test_what_teams_refuses_for_good_is_not_tried_again(sqlite_rig: Rig, teams: FakeConnector) -> None:
    people = [f"p{i}" for i in range(len(FINAL))]
    await sqlite_rig.join(*(somebody(one, f"chat-{one}") for one in people))
    for one, (status, code, _) in zip(people, FINAL, strict=True):
        teams.fail(status, code, conversation_id=f"chat-{one}")
    await sqlite_rig.put(*map(prompt, people))
    await sqlite_rig.engine.drain(retries=True)
    assert teams.sent == []
    for one, (_, code, state) in zip(people, FINAL, strict=True):
        row = await sqlite_rig.row(f"prompt:r1:{one}")
        assert (row.state, row.code, row.attempts) == (state, code, 1)
        assert row.updated_at is not None


@pytest.mark.parametrize("status", [412, 502, 503, 504])
async def test_a_passing_fault_is_tried_again(sqlite_rig: Rig, teams: FakeConnector, status: int) -> None:
    teams.fail(status)
    row = await _prompted(sqlite_rig)
    assert (row.state, row.attempts, row.code) == (DeliveryState.SENT, 2, "")
    assert len(teams.sent) == 1


async def test_a_throttled_message_waits_as_long_as_it_was_told(rig: Rig, teams: FakeConnector) -> None:
    teams.fail(429, "TooManyRequests", retry_after=2)
    row = await _prompted(rig)
    assert (row.state, row.attempts) == (DeliveryState.SENT, 2)
    first, second = (call.at for call in teams.calls)
    assert 2.0 <= second - first < 30.0


async def test_others_are_sent_while_one_waits(sqlite_rig: Rig, teams: FakeConnector) -> None:
    await sqlite_rig.join(somebody("anna", "chat-anna"), somebody("bo", "chat-bo"))
    teams.fail(429, "TooManyRequests", retry_after=5, conversation_id="chat-anna")
    await sqlite_rig.put(prompt("anna"))
    await sqlite_rig.put(prompt("bo"))
    await sqlite_rig.engine.drain()
    assert [one.conversation_id for one in teams.sent] == ["chat-bo"]
    assert (await sqlite_rig.row("prompt:r1:anna")).state is DeliveryState.THROTTLED


async def test_a_message_that_was_delivered_in_spite_of_the_fault_comes_twice_at_most(
    sqlite_rig: Rig, teams: FakeConnector
) -> None:
    teams.fail(504, carried_out=True)
    row = await _prompted(sqlite_rig)
    assert row.state is DeliveryState.SENT
    assert len(teams.sent) == 2


async def test_nobody_listening_is_a_passing_fault(sqlite_rig: Rig, teams: FakeConnector) -> None:
    await sqlite_rig.join(somebody("anna", "chat-anna"))
    there, sqlite_rig.teams_url = sqlite_rig.teams_url, "http://127.0.0.1:9/"
    await sqlite_rig.put(prompt("anna"))
    await sqlite_rig.engine.drain()
    sqlite_rig.teams_url = there
    await sqlite_rig.engine.drain(retries=True)
    row = await sqlite_rig.row("prompt:r1:anna")
    assert row.state is DeliveryState.SENT
    assert row.attempts >= 2


async def test_an_unknown_chat_is_opened_and_remembered(rig: Rig, teams: FakeConnector) -> None:
    await rig.join(somebody("anna"))
    await rig.put(prompt("anna"))
    await rig.engine.drain()
    await rig.put(prompt("anna", "r2"))
    await rig.engine.drain()
    assert [one.conversation_id for one in teams.sent] == ["personal-29:anna"] * 2
    assert _opened(teams) == 1


async def test_a_forgotten_chat_is_opened_anew_once(sqlite_rig: Rig, teams: FakeConnector) -> None:
    teams.fail(404, "ConversationNotFound", conversation_id="chat-anna")
    row = await _prompted(sqlite_rig)
    assert (row.state, row.attempts, row.conversation_id) == (DeliveryState.SENT, 1, "personal-29:anna")
    async with sqlite_rig.storage.begin() as transaction:
        member = await transaction.members.get(MemberId("anna"))
    assert member is not None
    assert member.conversation_id == "personal-29:anna"


async def test_a_chat_that_is_gone_even_when_new_is_recorded_as_gone(
    sqlite_rig: Rig, teams: FakeConnector
) -> None:
    teams.fail(404, "ConversationNotFound", conversation_id="personal-29:anna")
    teams.fail(404, "ConversationNotFound", conversation_id="chat-anna")
    row = await _prompted(sqlite_rig)
    assert (row.state, row.code) == (DeliveryState.GONE, "ConversationNotFound")
    assert _opened(teams) == 1


async def test_what_is_not_needed_any_more_is_skipped_with_its_reason(
    sqlite_rig: Rig, teams: FakeConnector
) -> None:
    await sqlite_rig.join(replace(somebody("anna", "chat-anna"), state=MemberState.LEFT))
    await sqlite_rig.put(prompt("anna"))
    await sqlite_rig.engine.drain()
    row = await sqlite_rig.row("prompt:r1:anna")
    assert (row.state, row.code) == (DeliveryState.SKIPPED, "left")
    assert teams.sent == []


async def test_a_fault_of_our_own_is_tried_again_and_then_given_up(
    sqlite_rig: Rig, teams: FakeConnector
) -> None:
    async def broken(_work: Any, _delivery: Any) -> Outgoing:
        raise LookupError

    sqlite_rig.couriers[DeliveryKind.REMINDER] = broken
    await sqlite_rig.join(somebody("anna"))
    delivery = prompt("anna")
    await sqlite_rig.put(replace(delivery, key=DeliveryKey("reminder:1"), kind=DeliveryKind.REMINDER))
    await sqlite_rig.engine.drain()
    row = await sqlite_rig.row("reminder:1")
    assert (row.state, row.code) == (DeliveryState.QUEUED, "LookupError")
    assert row.attempts >= 1


async def test_parts_are_sent_in_turn_and_none_twice_when_a_later_one_fails(
    sqlite_rig: Rig, teams: FakeConnector
) -> None:
    posted: list[str] = []

    async def parts(_work: Any, _delivery: Any) -> Outgoing | Skip:
        number = len(posted)

        async def sent(_t: Any, _conversation: str, activity_id: str) -> None:
            posted.append(activity_id)

        channel = Ref(teams.url, "19:channel")
        thread = posted[0] if posted else None
        return Outgoing(channel, {"text": f"part {number}"}, reply_to=thread, sent=sent, more=number < 2)

    teams.fail(503)
    sqlite_rig.couriers[DeliveryKind.PICTURE] = parts
    await sqlite_rig.join(somebody("anna"))
    delivery = prompt("anna")
    await sqlite_rig.put(replace(delivery, key=DeliveryKey("picture:1"), kind=DeliveryKind.PICTURE))
    await sqlite_rig.engine.drain(retries=True)
    assert [one.body["text"] for one in teams.in_conversation("19:channel")] == ["part 0", "part 1", "part 2"]
    assert [one.reply_to for one in teams.sent] == [None, "message-1", "message-1"]
    assert (await sqlite_rig.row("picture:1")).state is DeliveryState.SENT


async def test_an_update_goes_to_the_message_it_names(sqlite_rig: Rig, teams: FakeConnector) -> None:
    message = await sqlite_rig.connector.send(Ref(teams.url, "19:channel"), {"text": "old"})

    async def edit(_work: Any, _delivery: Any) -> Outgoing:
        return Outgoing(Ref(teams.url, "19:channel"), {"text": "new"}, update=message)

    await sqlite_rig.join(somebody("anna"))
    sqlite_rig.couriers[DeliveryKind.PROMPT] = edit
    await sqlite_rig.put(prompt("anna"))
    await sqlite_rig.engine.drain()
    assert (await sqlite_rig.row("prompt:r1:anna")).activity_id == message
    assert [one.body["text"] for one in teams.in_conversation("19:channel")] == ["new"]


async def test_a_courier_that_cannot_remember_does_not_make_it_sent_twice(
    sqlite_rig: Rig, teams: FakeConnector
) -> None:
    async def forgetful(_t: Any, _conversation: str, _activity_id: str) -> None:
        raise LookupError

    async def build(_work: Any, _delivery: Any) -> Outgoing:
        return Outgoing(Ref(teams.url, "19:channel"), {"text": "once"}, sent=forgetful)

    await sqlite_rig.join(somebody("anna"))
    sqlite_rig.couriers[DeliveryKind.PROMPT] = build
    await sqlite_rig.put(prompt("anna"))
    await sqlite_rig.engine.drain(within=60)
    assert len(teams.sent) == 1
    assert (await sqlite_rig.row("prompt:r1:anna")).state is DeliveryState.SENT


@dataclass
class Board:
    """A courier that keeps one message in the channel up to date, and remembers where it stands."""

    rig: Rig
    teams: FakeConnector
    stands: str | None = None
    more: bool = False
    forgotten: int = 0

    async def __call__(self, _work: Any, _delivery: Any) -> Outgoing:
        async def sent(_t: Any, _conversation: str, activity_id: str) -> None:
            self.stands = activity_id

        async def forget(_t: Any) -> None:
            self.stands, self.forgotten = None, self.forgotten + 1

        where = Ref(self.teams.url, "19:channel")
        text = {"text": "new"}
        return Outgoing(where, text, update=self.stands, sent=sent, forget=forget, more=self.more)

    async def posts(self) -> Any:
        """One delivery, once all attempts have been made; its row."""
        self.rig.couriers[DeliveryKind.PICTURE] = self
        await self.rig.join(somebody("anna"))
        await self.rig.put(replace(prompt("anna"), key=DeliveryKey("picture:1"), kind=DeliveryKind.PICTURE))
        await self.rig.engine.drain(retries=True)
        return await self.rig.row("picture:1")


async def test_a_message_that_somebody_deleted_is_sent_anew_once(rig: Rig, teams: FakeConnector) -> None:
    board = Board(rig, teams, stands=await rig.connector.send(Ref(teams.url, "19:channel"), {"text": "old"}))
    teams.messages.clear()
    row = await board.posts()
    (message,) = teams.in_conversation("19:channel")
    assert (row.state, row.code, row.attempts) == (DeliveryState.SENT, "", 1)
    assert row.activity_id == message.activity_id == board.stands
    assert len(teams.sent) == 2


async def test_it_is_sent_anew_after_a_passing_fault_too_and_not_twice(
    sqlite_rig: Rig, teams: FakeConnector
) -> None:
    board = Board(sqlite_rig, teams, stands="deleted")
    teams.fail(503, method="POST")
    row = await board.posts()
    assert (row.state, row.attempts, board.forgotten) == (DeliveryState.SENT, 2, 1)
    assert len(teams.sent) == 1


async def test_a_message_that_is_deleted_as_soon_as_it_is_sent_is_not_sent_for_ever(
    sqlite_rig: Rig, teams: FakeConnector
) -> None:
    board = Board(sqlite_rig, teams, stands="deleted", more=True)
    teams.fail(404, "ActivityNotFoundInConversation", method="PUT", times=-1)
    row = await board.posts()
    assert (row.state, row.attempts, board.forgotten) == (DeliveryState.GONE, 1, 1)
    assert len(teams.sent) == 1


async def test_a_deleted_message_whose_channel_is_gone_too_is_recorded_as_gone(
    sqlite_rig: Rig, teams: FakeConnector
) -> None:
    board = Board(sqlite_rig, teams, stands="deleted")
    teams.fail(404, "ConversationNotFound", conversation_id="19:channel", times=-1)
    row = await board.posts()
    assert (row.state, row.code) == (DeliveryState.GONE, "ConversationNotFound")
    assert board.stands is None
