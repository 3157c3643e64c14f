"""`check_card(card)`: the lint and, where it is set up, Microsoft's own renderer, on any card that a test produces."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cards.card import Card
from cards.safe import listen
from tests.cards.lint import Kind, lint
from tests.renderer import RENDERER, judge

SAID = listen()


def check_card(
    card: Card | Mapping[str, Any], *, kind: Kind = "personal", texts: bool = True, renderer: bool = True
) -> dict[str, Any]:
    """Asserts that a card keeps every rule, and gives it as JSON. `texts=False` for a card that another process built."""
    made = card.to_dict() if isinstance(card, Card) else json.loads(json.dumps(card))
    problems = lint(made, kind=kind, said=SAID if texts else None)
    if renderer and RENDERER.exists():
        problems += judge(made)
    assert not problems, "\n".join(problems)
    return made
