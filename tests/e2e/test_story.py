"""The main job over HTTP: install, set up, prompt, answer, guard, compile, post, and the same post updated."""

from __future__ import annotations

import json

from tests.bot.chat import button
from tests.e2e.team import Json, Team, a_team, set_up


def _card(team: Team, conversation_id: str) -> Json:
    card = team.connector.in_conversation(conversation_id)[-1].card
    assert card is not None
    return card


async def test_from_installation_to_the_picture_in_the_channel(database_url: str) -> None:
    async with a_team(database_url, "karin", "mehmet", "lena", "per") as team:
        team.connector.fail(
            403, "ConversationBlockedByUser", times=99, conversation_id="29:ove", method="POST"
        )
        await set_up(team)
        assert all(
            "Välkommen" in json.dumps(team.got(who)[0].body, ensure_ascii=False) for who in ("mehmet", "lena")
        )

        await team.writes_in_channel("karin", "öppna")
        await team.delivered()
        prompt = team.got("mehmet")[-1]
        assert prompt.card is not None
        assert len(team.got("mehmet")) == 2

        sent = {**button(prompt.card, "Skicka"), "impact_1": "3", "comment_1": "Glas på gångvägen"}
        receipt = await team.presses("mehmet", sent)
        assert receipt["type"] == "application/vnd.microsoft.card.adaptive"
        assert "Glas på gångvägen" in json.dumps(receipt, ensure_ascii=False)
        again = await team.presses("mehmet", sent)
        assert "redan sparad" in json.dumps(again, ensure_ascii=False)

        lena = team.got("lena")[-1]
        assert lena.card is not None
        await team.submits("lena", {**button(lena.card, "Skicka"), "impact_4": "4"}, lena.activity_id)
        assert team.connector.updated[-1].activity_id == lena.activity_id
        assert "Tack, din rapport är sparad" in json.dumps(
            team.connector.updated[-1].body, ensure_ascii=False
        )

        per = team.got("per")[-1]
        assert per.card is not None
        stopped = await team.presses(
            "per", {**button(per.card, "Skicka"), "comment_2": "Hot av 19121212-1212"}
        )
        assert "Inget är skickat än" in json.dumps(stopped, ensure_ascii=False)

        await team.writes("karin", "sammanställ")
        preview = _card(team, team.connector.opened.get("29:karin", "a:karin"))
        await team.presses("karin", button(preview, "Lägg i kanalen"))
        await team.delivered()
        posts = team.connector.in_conversation("19:lage@thread.tacv2")
        assert len(posts) == 1
        assert "Glas på gångvägen" in json.dumps(posts[0].body, ensure_ascii=False)

        await team.presses("per", button(per.card, "Inget att rapportera"))
        await team.delivered()
        assert len(team.connector.in_conversation("19:lage@thread.tacv2")) == 1
        assert team.connector.updated[-1].activity_id == posts[0].activity_id


async def test_somebody_who_blocked_the_bot_is_named_and_reached_when_back(sqlite_url: str) -> None:
    async with a_team(sqlite_url, "karin", "ove") as team:
        await set_up(team)
        chat = team.connector.opened["29:ove"]
        team.connector.fail(403, "ConversationBlockedByUser", times=99, conversation_id=chat)
        await team.writes_in_channel("karin", "öppna")
        await team.delivered()
        await team.writes("karin", "status")
        status = json.dumps(_card(team, team.connector.opened["29:karin"]), ensure_ascii=False)
        assert "Ove" in status
        assert "blockera" in status
        team.connector.heal()
        before = len(team.got("ove"))
        await team.writes("ove", "hej")
        await team.delivered()
        cards = json.dumps([sent.body for sent in team.got("ove")[before:]], ensure_ascii=False)
        assert "Lägesrapport inför mötet" in cards


async def test_a_restart_sends_nothing_twice_and_forgets_nothing(sqlite_url: str) -> None:
    async with a_team(sqlite_url, "karin", "mehmet", "lena") as team:
        await set_up(team)
        await team.writes_in_channel("karin", "öppna")
        await team.delivered()
        await team.app.engine.tick_now()
        await team.app.engine.tick_now()
        await team.delivered()
        assert {who: len(team.got(who)) for who in team.people} == {"karin": 2, "mehmet": 2, "lena": 2}
    async with a_team(sqlite_url, "karin", "mehmet", "lena") as team:
        await team.app.engine.tick_now()
        await team.delivered()
        assert team.connector.sent == []
