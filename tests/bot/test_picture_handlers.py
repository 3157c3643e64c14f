"""`sammanställ` and `status` through the router, and the post in the channel over real HTTP (B1–B6, A11, F4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery.couriers import Couriers
from bot.delivery.limits import Gate
from bot.delivery.outbox import Job, Jobs
from bot.delivery.retry import Patience
from bot.delivery.worker import Worker
from bot.handlers import picture
from bot.teams.connector import Connector
from lagesbild.deliveries import DeliveryKind, DeliveryState, delivery_key
from lagesbild.ids import DeliveryKey, MemberId
from lagesbild.ports import Work
from lagesbild.reports import Override, Report
from tests.bot.chat import Chat, button, words
from tests.connector import FakeConnector, Sent
from tests.samples import a_group, a_prompt, a_report, an_answer
from tests.usecases.world import LedgerOutbox

STOPPED = Override(1, "phone", "0223-123 45", "numret till växeln")


@dataclass
class Channel:
    """The chat with a connector that posts in its channel, when told to."""

    chat: Chat
    teams: FakeConnector
    worker: Worker

    async def answers(self, *answers: Any, **changes: Any) -> Report:
        """Mehmet has answered just now."""
        self.chat.world.time += timedelta(minutes=1)
        now = self.chat.world.time
        report = replace(a_report("mehmet", *answers, **changes), updated_at=now, submitted_at=now)
        await self.chat.world.has(report)
        return report

    async def compiles(self) -> str:
        """Karin types the command in the channel; what was queued for it is sent."""
        reply = words(await self.chat.says(self.chat.karin, "sammanställ", in_channel=True))
        for revision in range(1, 9):
            await self.deliver(delivery_key(DeliveryKind.PICTURE, "round7", revision))
        return reply

    async def deliver(self, key: DeliveryKey) -> DeliveryState | None:
        """One attempt at a delivery, if it waits; its state afterwards."""
        async with self.chat.world.storage.begin(write=False) as store:
            delivery = await store.deliveries.get(key)
        if delivery is None:
            return None
        await self.worker.run(Job(key, delivery.attempts, self.chat.world.time))
        async with self.chat.world.storage.begin(write=False) as store:
            delivery = await store.deliveries.get(key)
        assert delivery is not None
        return delivery.state

    async def row(self, revision: int) -> tuple[DeliveryState, str, int, str | None]:
        """What the ledger says of a revision: state, code, attempts and the message."""
        key = delivery_key(DeliveryKind.PICTURE, "round7", revision)
        async with self.chat.world.storage.begin(write=False) as store:
            found = await store.deliveries.get(key)
        assert found is not None
        return found.state, found.code, found.attempts, found.activity_id

    def standing(self) -> list[Sent]:
        """The messages that stand in the channel and its threads."""
        home = self.chat.group.home.channel_id
        return [m for m in self.teams.messages.values() if m.conversation_id.startswith(home)]


@pytest.fixture
async def channel(chat: Chat, sqlite_url: str) -> AsyncIterator[Channel]:
    async with FakeConnector() as teams, Connector() as connector:
        group = a_group(home=replace(a_group().home, service_url=teams.url))
        await chat.world.has(group)
        world = chat.world

        def work_on(transaction: Any) -> Work:
            return Work(transaction, world, LedgerOutbox(transaction), world.templates)

        jobs = Jobs.on(sqlite_url)
        begin = world.storage.begin
        worker = Worker(
            begin, connector, Couriers(work_on, picture.feature.deliveries), jobs, Gate(), world, Patience()
        )
        yield Channel(replace(chat, group=group), teams, worker)
        jobs.close()


def long_comment(number: int) -> str:
    return f"Text {number} " + "lång " * 700


async def test_the_personal_chat_shows_a_preview_and_the_button_releases_it(channel: Channel) -> None:
    await channel.answers(an_answer(4, 4, "Bråk."))
    preview = await channel.chat.says(channel.chat.karin, "sammanställ")
    assert preview.card is not None
    assert "bara du ser det här" in words(preview)

    pressed = await channel.chat.presses(channel.chat.karin, button(preview.card, "Lägg i kanalen"))

    assert "Lägesbilden är på väg till #Lägesbild" in words(pressed)
    assert await channel.deliver(delivery_key(DeliveryKind.PICTURE, "round7", 1)) is DeliveryState.SENT
    assert "Bråk." in str(channel.standing()[0].card)


async def test_in_the_channel_the_command_posts_at_once_and_later_answers_edit_the_post(
    channel: Channel,
) -> None:
    await channel.answers(an_answer(4, 4, "Bråk."))
    assert "på väg till #Lägesbild" in await channel.compiles()
    await channel.answers(an_answer(4, 5, "Värre."))
    await channel.compiles()

    (post,) = channel.standing()
    assert post.conversation_id == channel.chat.group.home.channel_id
    assert "Värre." in str(post.card)
    assert "Bråk." not in str(post.card)
    assert post.body["summary"].startswith("Lägesbild 13 mars: 1 av 2 har svarat")
    assert "Ligger i #Lägesbild" in await channel.compiles()


async def test_stopped_words_are_previewed_in_private_and_not_shown_in_the_channel(channel: Channel) -> None:
    await channel.answers(an_answer(1, 3, "Ring 0223-123 45"), overrides=(STOPPED,))

    reply = await channel.compiles()

    assert "i vår chatt" in reply
    assert "0223" not in reply
    assert channel.standing() == []
    (preview,) = await channel.chat.world.sent(DeliveryKind.PREVIEW)
    assert await channel.deliver(preview.key) is DeliveryState.SENT
    (message,) = channel.teams.in_conversation("a:karin")
    assert "0223-123 45" in str(message.card)


async def test_what_does_not_fit_goes_to_the_thread_and_comes_back_when_it_shrinks(channel: Channel) -> None:
    await channel.answers(*(an_answer(number, 3, long_comment(number)) for number in range(1, 7)))
    for index in range(3):
        other = f"other{index}"
        member = replace(channel.chat.mehmet, id=MemberId(other), user_id=f"29:{other}", name=other)
        await channel.chat.world.has(member)
        answers = (an_answer(number, 3, f"{other} {long_comment(number)}") for number in range(1, 7))
        await channel.chat.world.has(a_report(member, *answers))
    await channel.compiles()

    post, *replies = channel.standing()
    assert replies
    assert {one.conversation_id for one in replies} == {
        f"{post.conversation_id};messageid={post.activity_id}"
    }
    assert {one.reply_to for one in replies} == {post.activity_id}
    shown = "".join(str(one.card) for one in (post, *replies))
    assert all(shown.count(f"other0 Text {number} ") == 1 for number in range(1, 7))

    for index in range(3):
        await channel.chat.world.has(a_report(f"other{index}", an_answer(1, 3, "Kort.")))
    await channel.answers(an_answer(1, 3, "Kort."))
    await channel.compiles()

    assert len(channel.standing()) == 1 + len(replies)
    assert all("ingår nu i inlägget ovan" in str(one.card) for one in channel.standing()[1:])


async def test_a_post_that_somebody_deleted_is_posted_anew_by_itself(channel: Channel) -> None:
    await channel.answers(an_answer(4, 4, "Bråk."))
    await channel.compiles()
    channel.teams.messages.clear()
    await channel.answers(an_answer(4, 5, "Värre."))
    await channel.compiles()
    (post,) = channel.standing()
    assert "Värre." in str(post.card)
    assert len(channel.teams.sent) == 2
    assert await channel.row(2) == (DeliveryState.SENT, "", 1, post.activity_id)
    await channel.answers(an_answer(4, 3, "Bättre."))
    await channel.compiles()
    (edited,) = channel.standing()
    assert (edited.activity_id, len(channel.teams.sent)) == (post.activity_id, 2)


async def test_a_deleted_reply_is_posted_anew_and_the_post_is_not(channel: Channel) -> None:
    await channel.answers(*(an_answer(number, 3, long_comment(number)) for number in range(1, 7)))
    member = replace(channel.chat.mehmet, id=MemberId("other"), user_id="29:other")
    longer = a_report(member, *(an_answer(number, 3, f"A {long_comment(number)}") for number in range(1, 7)))
    await channel.chat.world.has(member, longer)
    await channel.compiles()
    post, *replies = channel.standing()
    assert len(replies) > 1
    last = replies[-1]
    del channel.teams.messages[last.activity_id]
    before = len(channel.teams.sent)
    changed = (an_answer(number, 4, f"B {long_comment(number)}") for number in range(1, 7))
    await channel.answers(*changed)
    await channel.compiles()
    standing = channel.standing()
    assert len(channel.teams.sent) == before + 1
    assert [one.activity_id for one in standing[:-1]] == [one.activity_id for one in (post, *replies[:-1])]
    assert (standing[-1].reply_to, len(standing)) == (post.activity_id, 1 + len(replies))
    assert (await channel.row(2))[0] is DeliveryState.SENT


async def test_a_channel_that_is_gone_waits_for_a_press(channel: Channel) -> None:
    await channel.answers(an_answer(4, 4, "Bråk."))
    await channel.compiles()
    channel.teams.fail(404, "ConversationNotFound", times=-1)
    await channel.answers(an_answer(4, 5, "Värre."))
    await channel.compiles()
    assert (await channel.row(2))[0] is DeliveryState.GONE
    status = await channel.chat.says(channel.chat.karin, "status")
    assert status.card is not None
    assert "kanalen eller inlägget finns inte längre" in words(status)

    channel.teams.heal()
    channel.teams.messages.clear()
    again = button({"actions": _sending(status.card)}, "Skicka igen")
    assert "Jag försöker igen" in words(await channel.chat.presses(channel.chat.karin, again))
    assert await channel.deliver(delivery_key(DeliveryKind.PICTURE, "round7", 2)) is DeliveryState.SENT
    (post,) = channel.standing()
    assert "Värre." in str(post.card)


async def test_an_older_revision_is_not_sent_once_there_is_a_newer(channel: Channel) -> None:
    for level in (2, 3):
        await channel.answers(an_answer(4, level))
        await channel.chat.says(channel.chat.karin, "sammanställ", in_channel=True)

    states = [await channel.deliver(delivery_key(DeliveryKind.PICTURE, "round7", n)) for n in (1, 2)]

    assert states == [DeliveryState.SKIPPED, DeliveryState.SENT]
    assert len(channel.standing()) == 1


async def test_the_status_names_people_in_private_only(channel: Channel) -> None:
    blocked = a_prompt(channel.chat.mehmet, DeliveryState.BLOCKED, code="ConversationBlockedByUser")
    await channel.chat.world.has(blocked)

    private = words(await channel.chat.says(channel.chat.karin, "status"))
    public = words(await channel.chat.says(channel.chat.karin, "status", in_channel=True))

    assert "har blockerat mig i Teams" in private
    assert "Mehmet" not in public
    assert "0 av 2 har svarat" in public


async def test_a_reporter_can_neither_compile_nor_see_the_status(channel: Channel) -> None:
    for command in ("sammanställ", "status"):
        assert "samordnaren" in words(await channel.chat.says(channel.chat.mehmet, command))


def _sending(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, list):
        return [one for item in part for one in _sending(item)]
    if not isinstance(part, dict):
        return []
    if part.get("type") == "Action.Execute":
        return [part]
    return [one for item in part.values() for one in _sending(item)]
