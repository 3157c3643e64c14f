"""What is stored about a person, and how to have fewer messages (A7, F3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, Fact, FactSet, TextBlock
from cards.feedback import SetFewer
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.people import Absence, Group, Member
from lagesbild.reports import Observation, Report


@dataclass(frozen=True)
class SetPreference(Payload, verb="mydata.preference"):
    """Turn prompts or reminders on or off."""

    group_id: str
    prompted: bool
    reminded: bool


@dataclass(frozen=True)
class OwnData:
    """What `mina uppgifter` shows of one membership."""

    member: Member
    group: Group
    reports: Sequence[Report]
    notes: Sequence[Observation]
    absences: Sequence[Absence]


def my_data_card(t: Texts, own: OwnData) -> Card:
    """Everything about the reader in one group, and the switches for prompts, reminders and feedback."""
    member = own.member
    facts = [
        Fact(t("mydata.name"), one_line(member.name)),
        Fact(t("mydata.group"), one_line(own.group.title)),
        Fact(
            t("mydata.organisation"),
            one_line(member.organisation) if member.organisation else t("mydata.not_yet"),
        ),
        Fact(t("mydata.roles"), t.list([t(f"mydata.role_{role.value}") for role in sorted(member.roles)])),
        Fact(t("mydata.reports"), t.plural("mydata.reports_sent", len(own.reports))),
        Fact(t("mydata.notes"), t.number(len(own.notes))),
        Fact(
            t("mydata.absences"), t.list([t.span(a.first, a.last) for a in own.absences]) or t("mydata.none")
        ),
    ]
    body: list[Element] = [
        TextBlock(t("mydata.title"), size="medium", weight="bolder", style="heading"),
        FactSet(facts),
        TextBlock(t("mydata.prompts_on" if member.prompted else "mydata.prompts_off"), separator=True),
    ]
    if member.prompted:
        body.append(
            TextBlock(t("mydata.reminders_on" if member.reminded else "mydata.reminders_off"), spacing="none")
        )
    body.append(
        TextBlock(t("mydata.feedback_fewer" if member.fewer else "mydata.feedback_all"), spacing="none")
    )
    return Card(body, lang=t.language, fallback_text=t("mydata.title"), actions=_switches(t, member))


def _switches(t: Texts, member: Member) -> list[Action]:
    prompts = SetPreference(member.group_id, prompted=not member.prompted, reminded=member.reminded)
    buttons: list[Action] = [
        execute(t("mydata.stop_prompts" if member.prompted else "mydata.start_prompts"), prompts)
    ]
    if member.prompted:
        reminders = SetPreference(member.group_id, prompted=True, reminded=not member.reminded)
        title = "mydata.stop_reminders" if member.reminded else "mydata.start_reminders"
        buttons.insert(0, execute(t(title), reminders))
    feedback = SetFewer(member.group_id, fewer=not member.fewer, in_my_data=True)
    title = "mydata.more_feedback" if member.fewer else "mydata.less_feedback"
    return [*buttons, execute(t(title), feedback)]
