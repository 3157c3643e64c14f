"""The way from an answer to the council and back, a step a function, as its people press it (B5, C1, C2, C6)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from tests.bot.chat import button
from tests.e2e.team import Json, Team

DARK = "Trasig belysning i Kolarbyområdet, mörkt efter klockan 17"
DETOUR = "Mörkt på gångvägen i Kolarbyområdet, elever går omvägar"
MOPEDS = "Mopeder kör fort förbi skolgården"
LIGHTS = "Belysningen i Kolarbyområdet"
TRAFFIC = "Mopederna vid skolan"
SENTENCE = "Lamporna i Kolarbyområdet byts före jul."
BECAUSE = "Nej, eftersom Trafikverket äger vägen. Vi har bett dem svara före mars."


def last(team: Team, who: str) -> Json:
    """The newest card in somebody's own chat."""
    return next(sent.card for sent in reversed(team.got(who)) if sent.card is not None)


def said(card: Any) -> str:
    """All that a card, or several, say."""
    return json.dumps(card, ensure_ascii=False)


def card_of(team: Team, who: str, *words: str, since: int = 0) -> Json:
    """The newest card in somebody's own chat that says all this."""
    cards = [sent.card for sent in reversed(team.got(who)[since:]) if sent.card is not None]
    found = [card for card in cards if all(one in said(card) for one in words)]
    assert found, f"{who} got no card that says {words}"
    return found[0]


async def pressed(team: Team, who: str, card: Json, name: str, /, **typed: str) -> Json:
    """The card that a press with these inputs is answered with."""
    answer = await team.presses(who, {**button(card, name), **typed})
    assert isinstance(answer["value"], dict), answer
    await team.delivered()
    return dict(answer["value"])


async def asked(team: Team, who: str, line: str) -> Json:
    """The card that a line is answered with."""
    await team.writes(who, line)
    await team.delivered()
    return last(team, who)


async def reported(team: Team) -> None:
    """Karin opens a round; Mehmet and Lena report the same place, Lena one thing more; the picture is in the channel."""
    await team.writes_in_channel("karin", "öppna")
    await team.delivered()
    await pressed(team, "mehmet", last(team, "mehmet"), "Skicka", impact_1="4", comment_1=DARK)
    both = {"impact_1": "4", "comment_1": DETOUR, "impact_4": "3", "comment_4": MOPEDS}
    await pressed(team, "lena", last(team, "lena"), "Skicka", **both)
    await pressed(team, "karin", await asked(team, "karin", "sammanställ"), "Lägg i kanalen")


async def council_of(team: Team, who: str) -> None:
    """That person is the council."""
    seats = await pressed(team, "karin", await asked(team, "karin", "brå"), "Inställningar för Brå")
    members = seats["body"]
    choice = next(item for item in members if item.get("id") == "council_members")
    chosen = next(one["value"] for one in choice["choices"] if who.title() in one["title"])
    await pressed(
        team, "karin", seats, "Spara", council_members=chosen, council_kind="officials", council_days="14"
    )


async def assessed(team: Team) -> None:
    """The meeting sets two areas red, each with its own words, and sends them on."""
    overview = await asked(team, "karin", "bedöm")
    for area, title, words in (("disorder", LIGHTS, "Mörkt länge"), ("youth", TRAFFIC, "Sker varje fredag")):
        form = await pressed(team, "karin", overview, "Bedöm området", area=area)
        overview = await pressed(team, "karin", form, "Spara", colour="red", title=title, comment=words)
    await pressed(team, "karin", overview, "Klart: skicka vidare")


async def decided(team: Team, title: str, **answer: str) -> None:
    """The council answers the referral of that title, after seeing what its readers will."""
    referral = card_of(team, "per", title, "Brås svar")
    assert DARK not in said(referral)
    preview = await pressed(team, "per", referral, "Förhandsgranska", **answer)
    assert answer["decision_sentence"] in said(preview)
    await pressed(team, "per", preview, "Skicka beslutet")


async def directed(team: Team, until: date) -> None:
    """The council says what to pursue until that day, and what not."""
    form = await pressed(team, "karin", await asked(team, "karin", "brå"), "Ny inriktning")
    period = {item["id"]: item["value"] for item in form["body"] if item["type"] == "Input.Date"}
    await pressed(
        team,
        "karin",
        form,
        "Spara inriktningen",
        **{**period, "direction_last": until.isoformat()},
        direction_priorities="Trygga gångvägar",
        direction_not_pursued="Cykelstölder",
        direction_responsible="Brås ordförande",
    )


async def carried_out(team: Team) -> None:
    """The measure is done, as its owner says."""
    measures = await asked(team, "karin", "insatser")
    key = next(item for item in measures["body"] if item.get("id") == "measure")["choices"][0]["value"]
    measure = await pressed(team, "karin", measures, "Öppna", measure=key)
    await pressed(
        team, "karin", measure, "Spara", measure_state="done", measure_outcome="Alla lampor är bytta"
    )
