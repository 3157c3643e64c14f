"""A group with an open round, and a way to write and press as any of its members, through the real router."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.app import FEATURES
from bot.fetching import Fetched, Needs
from bot.routing import Router
from bot.teams.activities import Event, Identity, Message, Place, Pressed, Reply
from lagesbild.people import Group, Member
from lagesbild.rounds import Meeting, Round
from tests.samples import a_coordinator, a_group, a_meeting, a_member, a_round
from tests.usecases.world import World

TENANT = a_group().home.tenant_id


async def nothing_fetched(needs: Needs, event: Event, group: Group | None) -> Fetched:
    """Teams has nothing to tell."""
    return Fetched()


@dataclass(frozen=True)
class Chat:
    """The router on a world where Karin leads and Mehmet reports."""

    world: World
    router: Router
    group: Group
    meeting: Meeting
    round: Round
    karin: Member
    mehmet: Member

    async def says(self, member: Member, text: str, *, in_channel: bool = False) -> Reply:
        """What the bot answers to a line."""
        reply = await self.router(Message(self._who(member), self._where(in_channel=in_channel), "a1", text))
        assert reply is not None
        return reply

    async def presses(self, member: Member, data: dict[str, Any]) -> Reply:
        """What the bot answers to a button with its inputs."""
        event = Pressed(self._who(member), self._where(), "a2", data)
        reply = await self.router(event)
        assert reply is not None
        return reply

    def _who(self, member: Member) -> Identity:
        return Identity(member.user_id or "", None, member.name, TENANT, "sv-SE")

    def _where(self, *, in_channel: bool = False) -> Place:
        home = self.group.home
        if in_channel:
            return Place(
                "19:thread",
                "channel",
                home.service_url,
                TENANT,
                home.bot_id,
                home.team_id,
                None,
                home.channel_id,
            )
        return Place("a:chat", "personal", home.service_url, TENANT, home.bot_id)


async def a_chat(world: World) -> Chat:
    """Fagersta's group with one open round."""
    group, meeting, round_ = a_group(), a_meeting(), a_round()
    karin = a_coordinator(id="karin")
    mehmet = a_member("Mehmet Aydin", "NVK", id="mehmet")
    await world.has(group, karin, mehmet, meeting, round_)
    router = Router(world.work, nothing_fetched, FEATURES)
    return Chat(world, router, group, meeting, round_, karin, mehmet)


def button(card: dict[str, Any], title: str) -> dict[str, Any]:
    """The data of a card's button, by its title, wherever it stands."""
    found = list(buttons(card))
    for action in found:
        if action["title"] == title:
            return dict(action["data"])
    raise AssertionError(f"{title} not among {[action['title'] for action in found]}")


def titles(card: dict[str, Any]) -> list[str]:
    """What stands on a card's buttons, in the order in which they are seen."""
    return [action["title"] for action in buttons([card["body"], card.get("actions", [])])]


def buttons(part: object) -> Iterator[dict[str, Any]]:
    """The buttons in a part of a card, without their fallbacks."""
    if isinstance(part, dict):
        if part.get("type") == "Action.Execute":
            yield part
            return
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from buttons(one)


def words(reply: Reply) -> str:
    """Everything that an answer says, as one text."""
    return reply.text or str(reply.card)
