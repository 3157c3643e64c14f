"""What came to Teams from a town whose bot was killed again and again, and what should have."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from tests.connector import FakeConnector, Sent

MEMBERS = 6
BECAUSE = "Nej, därför att vägen ska flyttas i höst."
IN_FLIGHT = 1.5
"""Seconds before a kill in which what was accepted may not be on the ledger yet, and is sent once more."""
ON_THE_WAY = 0.3
"""Seconds after a kill in which Teams still takes what the bot had put on the line."""


@dataclass(frozen=True)
class Promise:
    """An answer that got a receipt."""

    member_id: str
    round_id: str
    words: str


@dataclass
class Seen:
    """The town from outside: what arrived, which answers got a receipt, and the instants of the kills."""

    connector: FakeConnector
    receipts: list[Promise] = field(default_factory=list, init=False)
    kills: list[float] = field(default_factory=list, init=False)

    def prompted(self) -> set[str]:
        """The chats that have the question."""
        return {one.conversation_id for one in self._prompts()}

    def unprompted(self, numbers: range) -> set[str]:
        """Members whose chat has no prompt."""
        prompted = self.prompted()
        everybody = {who(number, member) for number in numbers for member in range(MEMBERS)}
        answered = {one.member_id for one in self.receipts}
        # Who had answered before the prompt's turn came gets none.
        return {who for who in everybody - answered if f"a:{who}" not in prompted}

    def unheard(self) -> set[str]:
        """Members who answered and were never told what the council said."""
        told = {one.conversation_id for one in self._feedback()}
        return {one.member_id for one in self.receipts if f"a:{one.member_id}" not in told}

    def repeated(self) -> list[str]:
        """Where the same message came more than once."""
        return [conversation for conversation, times in self._times().items() if len(times) > 1]

    def needlessly_repeated(self) -> list[str]:
        """Messages that came twice although the first was accepted well before any kill."""
        found = []
        for conversation, times in self._times().items():
            found += [conversation for first in times[:-1] if not self._near_a_kill(first)]
        return found

    def _times(self) -> dict[str, list[float]]:
        times: dict[str, list[float]] = defaultdict(list)
        for one in (*self._prompts(), *self._posts()):
            times[one.conversation_id].append(one.at)
        for one in self._feedback():
            times[f"feedback in {one.conversation_id}"].append(one.at)
        return times

    def _near_a_kill(self, at: float) -> bool:
        return any(-ON_THE_WAY <= kill - at <= IN_FLIGHT for kill in self.kills)

    def _prompts(self) -> list[Sent]:
        return [one for one in self.connector.sent if "Lägesrapport inför mötet" in str(one.body)]

    def _feedback(self) -> list[Sent]:
        return [one for one in self.connector.sent if one.card is not None and BECAUSE in str(one.body)]

    def _posts(self) -> list[Sent]:
        return [one for one in self.connector.sent if re.match(r"19:channel\d+$", one.conversation_id)]


def who(number: int, member: int) -> str:
    """A member's id."""
    return f"p{number}-{member}"
