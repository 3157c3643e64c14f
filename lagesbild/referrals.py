"""What the group lifts to the council, and what the council answers (C1, C2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from lagesbild.assessments import Owner
from lagesbild.errors import Invalid
from lagesbild.ids import DecisionId, GroupId, MemberId, ReferralId, RoundId, ThemeId
from lagesbild.templates import Area


class ReferralState(StrEnum):
    """WAITING for the council's answer → DECIDED → CLOSED when it is done and shows. Every state can be left.

    ON_AGENDA: somebody answered that it does not show; the group's next meeting takes it up (C6), and refers it
    again (WAITING) or closes it with a reason. WITHDRAWN: the group corrected its red before the council answered;
    red once more makes it WAITING again.
    """

    WAITING = "waiting"
    DECIDED = "decided"
    ON_AGENDA = "on_agenda"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Referral:
    """A question lifted to the council (`lyft fråga`): one for each red area of a round, with a date to answer by."""

    id: ReferralId
    group_id: GroupId
    round_id: RoundId
    area: Area
    title: str
    comment: str
    """The group's own words about it."""
    referred_by: MemberId
    referred_at: datetime
    answer_by: date
    state: ReferralState = ReferralState.WAITING
    theme_id: ThemeId | None = None
    times: int = 1
    """How many times it has been put to the council: more than one after a "no" that led on."""
    changed_at: datetime | None = None
    closing: str = ""
    """The sentence that went to the reporters when it was closed without a decision of the council."""

    def is_overdue(self, today: date) -> bool:
        """Whether the council should have answered by now."""
        return self.state is ReferralState.WAITING and today > self.answer_by


_STEPS = {
    ReferralState.WAITING: {ReferralState.DECIDED, ReferralState.CLOSED, ReferralState.WITHDRAWN},
    ReferralState.DECIDED: {ReferralState.DECIDED, ReferralState.ON_AGENDA, ReferralState.CLOSED},
    ReferralState.ON_AGENDA: {ReferralState.WAITING, ReferralState.DECIDED, ReferralState.CLOSED},
    ReferralState.CLOSED: {ReferralState.ON_AGENDA, ReferralState.WAITING},
    ReferralState.WITHDRAWN: {ReferralState.WAITING},
}
"""Which step leads where: every state can be left, and WAITING is reached from each."""


def may_move(referral: Referral, to: ReferralState) -> bool:
    """Whether a referral can take that step."""
    return to in _STEPS[referral.state]


def moved(referral: Referral, to: ReferralState, at: datetime) -> Referral:
    """The referral in its new state; Invalid (`referral`, `state`) if there is no such step."""
    if not may_move(referral, to):
        raise Invalid("referral", "state")
    return replace(referral, state=to, changed_at=at)


class DecisionKind(StrEnum):
    """What the council can answer (C2). Every kind but NO has an owner and a date; NO has its because."""

    PRIORITISE = "prioritise"
    MEASURE = "measure"
    ROOT_CAUSE = "root_cause"
    MAPPING = "mapping"
    PROMISE = "promise"
    NO = "no"


@dataclass(frozen=True)
class Decision:
    """One answer of the council to a referral (`beslut`). `sentence` is what the reporters read, word for word.

    A referral can get several: each is kept, the last one holds.
    """

    id: DecisionId
    group_id: GroupId
    referral_id: ReferralId
    kind: DecisionKind
    text: str
    """What is to be done, for those who do it; empty for NO."""
    sentence: str
    owner: Owner
    due: date | None
    decided_by: MemberId
    decided_at: datetime


@dataclass(frozen=True)
class DecisionForm:
    """What the council enters: refused without owner and sentence, and without a date unless it is NO."""

    kind: DecisionKind
    text: str = ""
    sentence: str = ""
    owner: Owner | None = None
    due: date | None = None


@dataclass(frozen=True)
class CouncilConversation:
    """A channel or group chat in which the council meets the bot."""

    service_url: str
    bot_id: str
    conversation_id: str
    name: str = ""


class CouncilKind(StrEnum):
    """Who sits in the council: officials (Fagersta) or also politicians (Ludvika)."""

    OFFICIALS = "officials"
    POLITICIANS = "politicians"


@dataclass(frozen=True)
class Council:
    """The municipality's crime prevention council (`lokala Brå`) as this group meets it.

    With a conversation, everybody in it answers for the council; without, the members with the role COUNCIL do,
    each in the own chat.
    """

    group_id: GroupId
    kind: CouncilKind
    set_up_by: MemberId
    set_up_at: datetime
    conversation: CouncilConversation | None = None
    answer_days: int = 14
    """How many days the council has to answer, unless a referral says otherwise."""
