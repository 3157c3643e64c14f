"""The whole bot over HTTP, with signed tokens, in front of a connector of our own: as Teams would have it."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.app import App, running
from bot.delivery.engine import Pace
from bot.door import opened
from bot.settings import Settings
from lagesbild.ports import Clock
from tests.bot.chat import button
from tests.connector import FakeConnector, Sent
from tests.edge.payloads import TEAM, TENANT, executed, in_channel, installation, personal, submitted
from tests.issuer import Issuer

Json = dict[str, Any]
FAST = Pace(poll=0.02, tick="0 0 0 1 1 *")
_ids = itertools.count(1)


@dataclass
class Team:
    """Fagersta's team: write, press and install as any of its people."""

    app: App
    url: str
    http: aiohttp.ClientSession
    issuer: Issuer
    connector: FakeConnector
    people: dict[str, Json] = field(default_factory=dict)

    async def post(self, activity: Json) -> Any:
        """An activity with a token that vouches for its serviceUrl; every call has an id of its own."""
        headers = self.issuer.authorization(activity["serviceUrl"])
        body = {**activity, "id": f"activity-{next(_ids)}"}
        async with self.http.post(f"{self.url}/api/messages", json=body, headers=headers) as answer:
            assert answer.status in (200, 201, 202), await answer.text()
            return await answer.json() if answer.content_type == "application/json" else None

    async def installs(self, who: str) -> None:
        """The bot is added to the team."""
        event = installation(self.connector.url, "add", team=True, selected="19:lage@thread.tacv2")
        await self.post({**event, "from": self.people[who]})

    async def installs_alone(self, who: str) -> None:
        """Somebody adds the bot to the personal chat."""
        event = installation(self.connector.url, "add", team=False)
        await self.post({**event, **self._personally(who)})

    async def writes_in_channel(self, who: str, text: str) -> None:
        """Write in the channel, with a mention of the bot."""
        await self.post(
            {**in_channel(self.connector.url, f"<at>Lägesbild</at> {text}"), "from": self.people[who]}
        )

    async def writes(self, who: str, text: str) -> None:
        """Write in the personal chat."""
        await self.post({**personal(self.connector.url, text), **self._personally(who)})

    async def presses(self, who: str, data: Json, *, in_team: bool = False) -> Json:
        """Press an Action.Execute; the card or text that the bot answers with."""
        activity = executed(self.connector.url, data["verb"], data)
        where = self._in_team() if in_team else {}
        answer = await self.post({**activity, **self._personally(who), **where, "from": self.people[who]})
        return dict(answer)

    async def submits(self, who: str, data: Json, message_id: str) -> None:
        """Press the fallback of an old client, an Action.Submit."""
        activity = submitted(self.connector.url, data, replyToId=message_id)
        await self.post({**activity, **self._personally(who)})

    async def delivered(self) -> None:
        """Wait until everything that was queued is sent."""
        await self.app.engine.drain()

    def got(self, who: str) -> list[Sent]:
        """What somebody got in the personal chat, oldest first."""
        return self.connector.in_conversation(self.connector.opened.get(self.people[who]["id"], f"a:{who}"))

    def _personally(self, who: str) -> Json:
        chat = self.connector.opened.get(self.people[who]["id"], f"a:{who}")
        conversation = {"id": chat, "conversationType": "personal", "tenantId": TENANT}
        return {"from": self.people[who], "conversation": conversation}

    @staticmethod
    def _in_team() -> Json:
        thread = {"id": "19:lage@thread.tacv2;messageid=1", "conversationType": "channel", "tenantId": TENANT}
        data = {"tenant": {"id": TENANT}, "team": TEAM, "channel": {"id": "19:lage@thread.tacv2"}}
        return {"conversation": thread, "channelData": data}


@asynccontextmanager
async def a_team(database_url: str, *names: str, clock: Clock | None = None) -> AsyncIterator[Team]:
    """The bot and a team of those people; the first one installs it. `clock` is what the bot takes for the time."""
    async with Issuer() as issuer, FakeConnector(accepts=issuer.accepts) as connector:
        settings = Settings.model_validate({**issuer.environment, "DATABASE_URL": database_url})
        async with (
            running(settings, clock=clock, pace=FAST) as app,
            opened(app.web, "127.0.0.1", 0, stop_within=0.1) as url,
            aiohttp.ClientSession() as http,
        ):
            team = Team(app, url, http, issuer, connector)
            for name in names:
                team.people[name] = {"id": f"29:{name}", "name": name.title(), "aadObjectId": f"aad-{name}"}
            connector.roster[TEAM["id"]] = list(team.people.values())
            connector.channels[TEAM["id"]] = [
                {"id": TEAM["id"]},
                {"id": "19:lage@thread.tacv2", "name": "Lägesbild"},
            ]
            yield team


async def set_up(team: Team) -> None:
    """Installed, and set up with the form; the first try has a mistake in it."""
    await team.installs("karin")
    await team.installs("karin")
    hello = [
        sent
        for sent in team.connector.sent
        if "Hej, jag är Lägesbild" in json.dumps(sent.body, ensure_ascii=False)
    ]
    assert len(hello) == 1
    assert hello[0].card is not None
    form = (await team.presses("karin", button(hello[0].card, "Kom igång"), in_team=True))["value"]
    first = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    data = {
        **button(form, "Spara"),
        "municipality": "Fagersta",
        "name": "EST-gruppen",
        "template": "fagersta",
    }
    data |= {"channel": "19:lage@thread.tacv2", "first": first, "at": "13:00", "interval": "two_weeks"}
    wrong = (await team.presses("karin", {**data, "first": "2020-01-01", "name": "Vår grupp"}, in_team=True))[
        "value"
    ]
    assert "Den tiden har redan varit" in json.dumps(wrong, ensure_ascii=False)
    assert "Vår grupp" in json.dumps(wrong, ensure_ascii=False)
    saved = (await team.presses("karin", data, in_team=True))["value"]
    assert "är igång" in json.dumps(saved, ensure_ascii=False)
    await team.delivered()
