"""From picture to decision, and back to those who reported, over HTTP (B5, C1, C2, C5, C6)."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.bot.chat import button
from tests.clocks import Shifted
from tests.e2e.team import Json, Team, a_team, set_up

DARK = "Trasig belysning i Kolarbyområdet, mörkt efter klockan 17"
SENTENCE = "Lamporna i Kolarbyområdet byts före jul."


def last(team: Team, who: str) -> Json:
    """The newest card in somebody's own chat."""
    return next(sent.card for sent in reversed(team.got(who)) if sent.card is not None)


def said(card: Json) -> str:
    """All that a card says."""
    return json.dumps(card, ensure_ascii=False)


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


async def reported(team: Team, clock: Shifted) -> None:
    """Karin opens a round; Mehmet and Lena report the same place; the picture is in the channel."""
    await team.writes_in_channel("karin", "öppna")
    await team.delivered()
    for who, words in (("mehmet", DARK), ("lena", "Mörkt på gångvägen i Kolarbyområdet, elever går omvägar")):
        await pressed(team, who, last(team, who), "Skicka", impact_1="4", comment_1=words)
    await pressed(team, "karin", await asked(team, "karin", "sammanställ"), "Lägg i kanalen")


async def council_of(team: Team, who: str) -> None:
    """That person is the council."""
    seats = await pressed(team, "karin", await asked(team, "karin", "brå"), "Ställ in")
    members = seats["body"]
    choice = next(item for item in members if item.get("id") == "council_members")
    chosen = next(one["value"] for one in choice["choices"] if who.title() in one["title"])
    await pressed(
        team, "karin", seats, "Spara", council_members=chosen, council_kind="officials", council_days="14"
    )


async def test_a_janitors_answer_leads_to_something_and_the_janitor_hears_of_it(database_url: str) -> None:
    clock = Shifted()
    async with a_team(database_url, "karin", "mehmet", "lena", "per", clock=clock) as team:
        await set_up(team)
        await reported(team, clock)
        await council_of(team, "per")

        form = await pressed(
            team, "karin", await asked(team, "karin", "bedöm"), "Bedöm området", area="disorder"
        )
        overview = await pressed(
            team,
            "karin",
            form,
            "Spara",
            colour="red",
            title="Belysningen i Kolarbyområdet",
            comment="Mörkt länge",
        )
        await pressed(team, "karin", overview, "Klart: skicka vidare")
        assert "Belysningen i Kolarbyområdet" in said(last(team, "mehmet"))

        referral = last(team, "per")
        assert "Lyft till Brå" in said(referral)
        assert DARK not in said(referral)
        due = (clock.now() + timedelta(days=21)).date().isoformat()
        preview = await pressed(
            team,
            "per",
            referral,
            "Förhandsgranska",
            decision_kind="measure",
            decision_sentence=SENTENCE,
            decision_other="Tekniska förvaltningen",
            decision_due=due,
        )
        assert SENTENCE in said(preview)
        await pressed(team, "per", preview, "Skicka beslutet")
        for who, other in (("mehmet", "elever går omvägar"), ("lena", DARK)):
            card = said(last(team, who))
            assert SENTENCE in card
            assert "Mörkt länge" in card
            assert "Tekniska förvaltningen" in card
            assert other not in card
        assert DARK in said(last(team, "mehmet"))

        measures = await asked(team, "karin", "insatser")
        key = next(item for item in measures["body"] if item.get("id") == "measure")["choices"][0]["value"]
        measure = await pressed(team, "karin", measures, "Öppna", measure=key)
        await pressed(
            team, "karin", measure, "Spara", measure_state="done", measure_outcome="Alla lampor är bytta"
        )
        before = len(team.got("mehmet"))
        clock.forward(days=36)
        await team.app.engine.tick_now()
        await team.delivered()
        question = next(
            sent.card
            for sent in team.got("mehmet")[before:]
            if sent.card is not None and "Märks det?" in said(sent.card)
        )
        await pressed(team, "mehmet", question, "Nej")
        agenda = await asked(team, "karin", "bedöm")
        assert "Tillbaka på dagordningen" in said(agenda)
        assert "Belysningen i Kolarbyområdet" in said(agenda)
