"""What a handler needs to know from Teams (roster, channels), read before its transaction is opened."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

import structlog

from bot.teams.activities import Event
from bot.teams.connector import Channel, Connector
from bot.teams.faults import ConnectorError
from lagesbild.people import Group
from lagesbild.roster import Person

log = structlog.get_logger(__name__)


class Need(StrEnum):
    """Something of a team that Teams alone knows."""

    ROSTER = "roster"
    CHANNELS = "channels"


Needs = AbstractSet[Need]
NOTHING: Needs = frozenset()


@dataclass(frozen=True)
class Fetched:
    """A team's people (no bots) and channels (id, name; the general one has no name).

    Empty where nothing was needed, and when Teams did not answer.
    """

    roster: tuple[Person, ...] = ()
    channels: tuple[tuple[str, str], ...] = ()


class Fetcher:
    """Fetches a team's roster and channels: the acting person's group's, or the event's."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def __call__(self, needs: Needs, event: Event, group: Group | None) -> Fetched:
        """What is needed of the group's team, or of the event's before there is a group."""
        where = event.where
        if group is not None and group.home.team_id != where.team_id:
            service_url, team_id, bot_id = group.home.service_url, group.home.team_id, group.home.bot_id
        elif where.team_id:
            service_url, team_id, bot_id = where.service_url, where.team_id, where.bot_id
        else:
            return Fetched()
        roster = await self._roster(service_url, team_id, bot_id) if Need.ROSTER in needs else ()
        channels = await self._channels(service_url, team_id) if Need.CHANNELS in needs else ()
        return Fetched(roster, channels)

    async def _roster(self, service_url: str, team_id: str, bot_id: str) -> tuple[Person, ...]:
        try:
            members = await self._connector.members(service_url, team_id)
        except ConnectorError as error:
            log.warning("roster_not_fetched", code=error.code, status=error.status)
            return ()
        return tuple(
            Person(m.user_id, m.name, m.aad_object_id) for m in members if m.user_id and m.user_id != bot_id
        )

    async def _channels(self, service_url: str, team_id: str) -> tuple[tuple[str, str], ...]:
        try:
            channels: list[Channel] = await self._connector.channels(service_url, team_id)
        except ConnectorError as error:
            log.warning("channels_not_fetched", code=error.code, status=error.status)
            return ()
        return tuple((channel.id, channel.name or "") for channel in channels)
