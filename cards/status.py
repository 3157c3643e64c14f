"""The coordinator's status: who answered, who did not and why, what did not arrive and what to do (B2, F4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.chain import chain_section
from cards.elements import ActionSet, Container, Element, TextBlock
from cards.help import RunCommand
from cards.layout import unfold
from cards.report import OpenReport
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.deliveries import DeliveryKind
from lagesbild.people import Member
from lagesbild.picture import Participant, SituationPicture, Standing
from lagesbild.rounds import Meeting, MeetingState, Round, RoundState
from lagesbild.usecases.status import Status, Unreached

_ANSWERED: Final = (Standing.ANSWERED, Standing.NOTHING)
_MISSING: Final = (Standing.SILENT, Standing.ABSENT, Standing.OPTED_OUT)
_MOST_ROWS: Final = 20
_MOST_NAMES: Final = 60
_MOST_ANSWERED_FOR: Final = 2

_TO_COUNCIL = frozenset({DeliveryKind.REFERRAL, DeliveryKind.REFERRAL_REMINDER})


@dataclass(frozen=True)
class ResendUnreached(Payload, verb="status.resend"):
    """Send once more to just those that were not reached (F4)."""

    round_id: str = ""
    group_id: str = ""


def status_card(t: Texts, status: Status) -> Card:
    """Everything the coordinator needs to act on, on one card."""
    round_, picture = status.round, status.picture
    if round_ is None or picture is None:
        title = t("status.none")
        body: list[Element] = [TextBlock(title, weight="bolder", style="heading")]
    else:
        title = _title(t, status, round_, picture)
        body = [*_heading(t, status, round_, picture, title), *_standings(t, status, round_, picture)]
    body += _undelivered(t, status)
    body += _pending(t, status.pending)
    body += chain_section(t, status.chain)
    body += _ahead(t, status)
    return Card(
        body,
        lang=t.language,
        fallback_text=_fallback(t, title, picture),
        actions=_buttons(t, status) or None,
    )


def status_line(t: Texts, status: Status) -> str:
    """The figures without names, for a channel where everybody reads."""
    if status.round is None or status.picture is None:
        return t("status.none")
    title = _title(t, status, status.round, status.picture)
    return f"{_fallback(t, title, status.picture)}. {t('status.in_private')}"


def _title(t: Texts, status: Status, round_: Round, picture: SituationPicture) -> str:
    day = t.date(status.group.local_day(picture.meeting_at))
    return t("status.title", number=round_.number, day=day)


def _fallback(t: Texts, title: str, picture: SituationPicture | None) -> str:
    if picture is None:
        return title
    return t("status.fallback", title=title, answered=picture.answered, total=len(picture.participants))


def _heading(t: Texts, status: Status, round_: Round, picture: SituationPicture, title: str) -> list[Element]:
    answered = t("status.answered", answered=picture.answered, total=len(picture.participants))
    return [
        TextBlock(title, size="large", weight="bolder", style="heading"),
        TextBlock(_when(t, status, round_), is_subtle=True, spacing="none"),
        TextBlock(answered, size="medium", spacing="medium"),
    ]


def _when(t: Texts, status: Status, round_: Round) -> str:
    zone = status.group.timezone
    if round_.state is RoundState.OPEN:
        return t("status.open_until", when=t.datetime(round_.deadline, zone))
    return t("status.closed_late", when=t.datetime(round_.closed_at or round_.deadline, zone))


def _standings(t: Texts, status: Status, round_: Round, picture: SituationPicture) -> list[Element]:
    """Those who matter now in the open; those who answered are folded. Who was not reached comes with its reason."""
    found: list[Element] = []
    if answered := picture.standing(*_ANSWERED):
        found.append(unfold(t("status.people_answered", n=len(answered)), "answered"))
        names = TextBlock(_names(t, status, answered), spacing="none", size="small")
        found.append(Container([names], id="answered", is_visible=False, spacing="none"))
    for standing in _MISSING:
        if people := picture.standing(standing):
            found.append(_subheading(t(f"status.people_{standing.value}", n=len(people))))
            found.append(TextBlock(_names(t, status, people), spacing="none"))
        if standing is Standing.SILENT:
            found += [_answer_for(t, round_, one) for one in _entered(status, people)]
    if unreached := picture.standing(Standing.UNREACHED):
        found.append(_subheading(t("status.people_unreached", n=len(unreached))))
        found.append(TextBlock(_names(t, status, unreached), spacing="none"))
    return found


def _subheading(title: str) -> TextBlock:
    return TextBlock(title, weight="bolder", style="heading", size="default", spacing="medium")


def _names(t: Texts, status: Status, people: Sequence[Participant]) -> str:
    lines = [f"- {_person(t, status, one)}" for one in people[:_MOST_NAMES]]
    if len(people) > _MOST_NAMES:
        lines.append(f"- {t('status.undelivered_more', n=len(people) - _MOST_NAMES)}")
    return "\n".join(lines)


def _person(t: Texts, status: Status, one: Participant) -> str:
    name, organisation = one_line(one.name) or t("status.somebody"), one_line(one.organisation)
    if organisation and organisation != name:
        name = t("status.person", name=name, organisation=organisation)
    marks = [
        t(f"status.{mark}")
        for mark, holds in (
            ("nothing", one.standing is Standing.NOTHING),
            ("late", one.late),
            ("behalf", one.on_behalf),
            ("without_teams", one.standing is Standing.SILENT and one.member_id in status.without_teams),
        )
        if holds
    ]
    return ", ".join([name, *marks])


def _undelivered(t: Texts, status: Status) -> list[Element]:
    """One line for each person and reason, with what to do about it; and the button that sends again."""
    grouped: dict[tuple[str, str, str], list[Unreached]] = {}
    for one in status.unreached:
        key = (one.delivery.member_id or "", one.delivery.state.value, one.delivery.code)
        grouped.setdefault(key, []).append(one)
    rows = [TextBlock(_why(t, same), spacing="small") for same in grouped.values()]
    if not rows:
        return []
    more = len(rows) - _MOST_ROWS
    if more > 0:
        rows = [*rows[:_MOST_ROWS], TextBlock(t("status.undelivered_more", n=more))]
    title = TextBlock(f"⚠ {t('status.undelivered')}", weight="bolder", color="attention")
    payload = ResendUnreached(status.round.id if status.round else "", status.group.id)
    again = ActionSet([execute(t("status.resend"), payload)], spacing="small")
    return [Container([title, *rows, again], style="emphasis", spacing="medium")]


def _why(t: Texts, same: Sequence[Unreached]) -> str:
    one = same[0]
    kinds = dict.fromkeys(t(f"status.kind_{each.delivery.kind.value}") for each in same)
    return t(
        "status.undelivered_to",
        who=_receiver(t, one),
        what=t.list(kinds),
        why=_words(t, one, "why"),
        remedy=_words(t, one, "do"),
    )


def _receiver(t: Texts, one: Unreached) -> str:
    if one.delivery.member_id is None:
        council = one.delivery.kind in _TO_COUNCIL
        return t("status.the_council" if council else "status.the_channel")
    return (one_line(one.member.name) if one.member else "") or t("status.somebody")


def _words(t: Texts, one: Unreached, part: str) -> str:
    """The sentence for this code if there is one, else for the state; the channel has sentences of its own."""
    state, code = one.delivery.state.value, one.delivery.code
    keys = [f"status.{part}_{code}", f"status.{part}_{state}"]
    if one.delivery.member_id is None:
        keys.insert(0, f"status.channel_{part}_{state}")
    if one.delivery.member_id is None and one.delivery.kind in _TO_COUNCIL:
        keys.insert(0, f"status.council_{part}_{state}")
    return t(next(key for key in keys if t.has(key)), code=one_line(code) or state)


def _pending(t: Texts, pending: Sequence[Member]) -> list[Element]:
    if not pending:
        return []
    names = t.list(one_line(member.name) for member in pending)
    return [TextBlock(t("status.pending", names=names), separator=True, spacing="medium")]


def _ahead(t: Texts, status: Status) -> list[Element]:
    lines = [_meeting(t, status, meeting) for meeting in status.next_meetings]
    if not lines:
        lines.append(t("status.no_meetings"))
    if status.next_round is not None:
        when = t.datetime(status.next_round.opens_at, status.group.timezone)
        lines.insert(0, t("status.next_round", number=status.next_round.number, when=when))
    items = [TextBlock(line, size="small", spacing="none") for line in lines]
    return [_subheading(t("status.next")), *items]


def _meeting(t: Texts, status: Status, meeting: Meeting) -> str:
    key = {
        MeetingState.PLANNED: "status.next_meeting",
        MeetingState.QUESTIONED: "status.next_meeting_questioned",
        MeetingState.CANCELLED: "status.next_meeting_cancelled",
    }[meeting.state]
    return t(key, when=t.datetime(meeting.starts_at, status.group.timezone))


def _buttons(t: Texts, status: Status) -> list[Action]:
    group, round_, picture = status.group.id, status.round, status.picture
    found: list[Action] = []
    if round_ is not None and picture is not None:
        silent = picture.standing(Standing.SILENT)
        if round_.state is RoundState.OPEN and any(p.member_id not in status.without_teams for p in silent):
            found.append(execute(t("status.remind"), RunCommand("påminn", group)))
        found.append(execute(t("status.compile"), RunCommand(f"sammanställ {round_.number}", group)))
        if round_.state is RoundState.CLOSED or round_.revision:
            found.append(execute(t("status.assess"), RunCommand(f"bedöm {round_.number}", group)))
    return found


def _entered(status: Status, silent: Sequence[Participant]) -> list[Participant]:
    return [one for one in silent if one.member_id in status.without_teams][:_MOST_ANSWERED_FOR]


def _answer_for(t: Texts, round_: Round, one: Participant) -> ActionSet:
    title = t("status.answer_for", name=plain(one.name)[:40])
    return ActionSet([execute(title, OpenReport(round_.id, one.member_id))], spacing="small")
