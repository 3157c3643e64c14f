"""What a handler needs to know from Teams (roster, channels), read before its transaction is opened."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import structlog

from bot.teams.activities import Event
from bot.teams.connector import Channel, Connector
from bot.teams.faults import ConnectorError
from lagesbild.people import Home
from lagesbild.ports import Work
from lagesbild.roster import Person

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Fetched:
    """A team's people (no bots) and channels (id, name; the general one has no name). Empty when Teams did not answer."""

    roster: tuple[Person, ...] = ()
    channels: tuple[tuple[str, str], ...] = ()


class Fetcher:
    """Fetches a team's roster and channels: the team of the event, or of the acting person's group."""

    def __init__(
        self, connector: Connector, open_work: Callable[[], AbstractAsyncContextManager[Work]]
    ) -> None:
        self._connector = connector
        self._open_work = open_work

    async def __call__(self, what: str, event: Event) -> Fetched:
        """`what` names `roster`, `channels` or both."""
        team = await self._team(event)
        if team is None:
            return Fetched()
        service_url, team_id, bot_id = team
        roster = await self._roster(service_url, team_id, bot_id) if "roster" in what else ()
        channels = await self._channels(service_url, team_id) if "channels" in what else ()
        return Fetched(roster, channels)

    async def _team(self, event: Event) -> tuple[str, str, str] | None:
        where = event.where
        if where.team_id:
            return where.service_url, where.team_id, where.bot_id
        async with self._open_work() as work:
            for member in await work.store.members.list_by_user(event.who.tenant_id, event.who.user_id):
                group = await work.store.groups.get(member.group_id)
                if group is not None:
                    home: Home = group.home
                    return home.service_url, home.team_id, home.bot_id
        return None

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
