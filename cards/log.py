"""The audit log for whoever leads the group: who did what, when, to what and on whose behalf (F2)."""

from __future__ import annotations

from dataclasses import dataclass

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.people import Group, Member
from lagesbild.promises import CitizenPromise
from lagesbild.referrals import Referral
from lagesbild.rounds import Meeting, Round
from lagesbild.usecases.audit import AuditLine, AuditPage


@dataclass(frozen=True)
class ShowLog(Payload, verb="log.show"):
    """Another page of the group's log."""

    group_id: str
    page: int = 0


def log_card(t: Texts, log: AuditPage) -> Card:
    """A page of the log, newest first: what was done, and under it when and by whom."""
    body: list[Element] = [
        TextBlock(t("log.title"), size="large", weight="bolder", style="heading"),
        TextBlock(
            t("log.intro", group=one_line(log.group.title)),
            is_subtle=True,
            size="small",
            spacing="none",
        ),
    ]
    for line in log.lines:
        body.append(TextBlock(_done(t, log.group, line), spacing="medium"))
        body.append(TextBlock(_by(t, log.group, line), is_subtle=True, size="small", spacing="none"))
    if not log.lines:
        body.append(TextBlock(t("log.empty")))
    return Card(body, lang=t.language, fallback_text=t("log.title"), actions=_turning(t, log))


def _done(t: Texts, group: Group, line: AuditLine) -> str:
    done = t(f"log.{line.entry.action.name.lower()}")
    return t("log.line", what=_what(t, group, line), done=done)


def _what(t: Texts, group: Group, line: AuditLine) -> str:
    """What was changed, by its name; by its kind where it has none or is gone."""
    match line.about:
        case Member(name=name) if name:
            return one_line(name)
        case Round(number=number) if number:
            return t("log.round", number=number)
        case Meeting(starts_at=starts_at):
            return t("log.meeting", day=t.date(group.local_day(starts_at)))
        case Referral(title=title) | CitizenPromise(title=title) if title:
            return one_line(title)
    return t(f"log.of_{line.entry.subject.partition(':')[0]}")


def _by(t: Texts, group: Group, line: AuditLine) -> str:
    when = t.datetime(line.entry.at, group.timezone)
    if line.entry.actor_id is None:
        return t("log.by", when=when, who=t("log.itself"))
    who = _name(t, line.actor)
    if line.entry.on_behalf_of is None:
        return t("log.by", when=when, who=who)
    return t("log.by_for", when=when, who=who, other=_name(t, line.on_behalf_of))


def _name(t: Texts, member: Member | None) -> str:
    return (one_line(member.name) if member else "") or t("log.somebody")


def _turning(t: Texts, log: AuditPage) -> list[Action]:
    pages = [("log.newer", log.page - 1, log.page > 0), ("log.older", log.page + 1, log.has_older)]
    return [execute(t(title), ShowLog(log.group.id, page)) for title, page, there in pages if there]
