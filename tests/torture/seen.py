"""What came to Teams from a town whose bot was killed again and again, and what should have."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from tests.connector import FakeConnector, Sent

MEMBERS = 6
BECAUSE = "Nej, därför att vägen ska flyttas i höst."
IN_THE_END = "Nej, därför att vägen ska flyttas redan i vår."
MEETING = "Så blev bilden"
REMINDS = "Påminnelse: "
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
    known: dict[str, float] = field(default_factory=dict, init=False)
    """What the ledger said was sent when a process had died, and when that was."""

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

    def misinformed(self) -> set[str]:
        """Members who answered and can read nowhere what the council said in the end."""
        cards = [one for one in self.connector.messages.values() if one.card is not None]
        informed = {one.conversation_id for one in cards if IN_THE_END in str(one.body)}
        return {one.member_id for one in self.receipts if f"a:{one.member_id}" not in informed}

    def reminded(self) -> list[str]:
        """The chats that were reminded, as often as they were."""
        return [one.conversation_id for one in self.connector.sent if REMINDS in str(one.body)]

    def untold(self) -> set[str]:
        """Members who answered and were never told what the meeting made of it."""
        told = {one.conversation_id for one in self._of_the_round()}
        return {one.member_id for one in self.receipts if f"a:{one.member_id}" not in told}

    def repeated(self) -> list[str]:
        """Where the same message came more than once."""
        return [conversation for conversation, times in self._times().items() if len(times) > 1]

    def needlessly_repeated(self) -> list[str]:
        """Messages that came once more after a process had died with them on its ledger as sent."""
        times = self._times()
        return [what for what, at in self.known.items() if any(one > at + ON_THE_WAY for one in times[what])]

    def _times(self) -> dict[str, list[float]]:
        times: dict[str, list[float]] = defaultdict(list)
        for one in (*self._prompts(), *self._posts()):
            times[one.conversation_id].append(one.at)
        for one in self._of_the_round():
            times[seen_as("round_feedback", one.conversation_id)].append(one.at)
        for one in self._feedback():
            times[seen_as("feedback", one.conversation_id)].append(one.at)
        return times

    def _prompts(self) -> list[Sent]:
        return [one for one in self.connector.sent if "Lägesrapport inför mötet" in str(one.body)]

    def _of_the_round(self) -> list[Sent]:
        return [one for one in self.connector.sent if one.card is not None and MEETING in str(one.body)]

    def _feedback(self) -> list[Sent]:
        cards = [one for one in self.connector.sent if one.card is not None]
        return [one for one in cards if BECAUSE in str(one.body) or IN_THE_END in str(one.body)]

    def _posts(self) -> list[Sent]:
        return [one for one in self.connector.sent if re.match(r"19:channel\d+$", one.conversation_id)]


def who(number: int, member: int) -> str:
    """A member's id."""
    return f"p{number}-{member}"


def seen_as(kind: str, conversation_id: str) -> str:
    """What a message is counted as: each chat gets one question and one piece of each feedback, each channel one post."""
    return f"{kind} in {conversation_id}" if kind.endswith("feedback") else conversation_id
