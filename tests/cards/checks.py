"""`check_card(card)`: the lint and, where it is set up, Microsoft's own renderer, on any card that a test produces."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cards.card import Card
from cards.lint import Kind, lint
from cards.safe import listen

ROOT = Path(__file__).parents[2]
JUDGE = Path(__file__).parent / "judge.cjs"
LIBRARY = ROOT / "node_modules" / "adaptivecards" / "dist" / "adaptivecards.js"
SAID = listen()


def check_card(
    card: Card | Mapping[str, Any], *, kind: Kind = "personal", texts: bool = True, renderer: bool = True
) -> dict[str, Any]:
    """Asserts that a card keeps every rule, and gives it as JSON. `texts=False` for a card that another process built."""
    made = card.to_dict() if isinstance(card, Card) else json.loads(json.dumps(card))
    problems = lint(made, kind=kind, said=SAID if texts else None)
    if renderer:
        problems += judge(made)
    assert not problems, "\n".join(problems)
    return made


def judge(*cards: Mapping[str, Any]) -> list[str]:
    """What Microsoft's renderer reports of the cards; nothing where Node isn't set up (the e2e tests need it anyway)."""
    if not LIBRARY.exists():
        return []
    ran = subprocess.run(
        [_node(), str(JUDGE), str(LIBRARY)],
        input=json.dumps(cards),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return [str(problem) for problem in json.loads(ran.stdout)]


def _node() -> str:
    own = ROOT / ".venv" / "bin" / "node"
    return str(own) if os.access(own, os.X_OK) else "node"
