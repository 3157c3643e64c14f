"""From picture to decision, and back to those who reported, over HTTP (B5, C1, C2, C5, C6)."""

from __future__ import annotations

from datetime import timedelta

from tests.clocks import Shifted
from tests.e2e.chain import (
    BECAUSE,
    DARK,
    DETOUR,
    LIGHTS,
    MOPEDS,
    SENTENCE,
    TRAFFIC,
    asked,
    assessed,
    card_of,
    carried_out,
    council_of,
    decided,
    directed,
    last,
    pressed,
    reported,
    said,
)
from tests.e2e.team import a_team, set_up


async def test_a_janitors_answer_leads_to_something_and_the_janitor_hears_of_it(database_url: str) -> None:
    clock = Shifted()
    async with a_team(database_url, "karin", "mehmet", "lena", "per", clock=clock) as team:
        await set_up(team)
        await reported(team)
        await council_of(team, "per")
        await assessed(team)
        assert LIGHTS in said(last(team, "mehmet"))

        due = (clock.now() + timedelta(days=21)).date().isoformat()
        owner = {"decision_other": "Tekniska förvaltningen", "decision_due": due}
        await decided(team, LIGHTS, decision_kind="measure", decision_sentence=SENTENCE, **owner)
        await decided(team, TRAFFIC, decision_kind="no", decision_sentence=BECAUSE, decision_other="Brå")
        for who, own, other in (("mehmet", DARK, DETOUR), ("lena", DETOUR, DARK)):
            card = said(card_of(team, who, LIGHTS, SENTENCE))
            for told in (own, "Mörkt länge", "Tekniska förvaltningen"):
                assert told in card
            assert other not in card
        assert MOPEDS in said(card_of(team, "lena", TRAFFIC, BECAUSE))
        assert BECAUSE not in said([sent.body for sent in team.got("mehmet")])

        await directed(team, until=(clock.now() + timedelta(days=60)).date())
        await carried_out(team)
        before = len(team.got("mehmet"))
        clock.forward(days=36)
        await team.app.engine.tick_now()
        await team.delivered()
        question = card_of(team, "mehmet", "Märks det?", LIGHTS, since=before)
        await pressed(team, "mehmet", question, "Nej")
        agenda = said(await asked(team, "karin", "bedöm"))
        assert "Tillbaka på dagordningen" in agenda
        assert LIGHTS in agenda

        await team.writes_in_channel("karin", "öppna")
        await team.delivered()
        prompt = said(card_of(team, "mehmet", "Lägesrapport inför mötet", "Det här är på gång", since=before))
        assert "Trygga gångvägar" in prompt
        assert "Cykelstölder" in prompt
