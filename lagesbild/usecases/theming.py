"""Themes: a person ties answers together over areas, rounds and organisations, and the bot suggests which (B1, C1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lagesbild.audit import AuditAction
from lagesbild.authority import Act, require
from lagesbild.errors import Invalid, NotFound
from lagesbild.guarded import guarded
from lagesbild.ids import MemberId, RoundId, ThemeId, fresh
from lagesbild.people import Group, Member
from lagesbild.ports import Work
from lagesbild.referrals import Referral
from lagesbild.reports import Answer, Report
from lagesbild.rounds import Round
from lagesbild.standings import organisation_of
from lagesbild.templates import Area, Question, Template
from lagesbild.themes import MOST_TITLE, Said, Theme, ThemeSuggestion, Tie, suggested_themes
from lagesbild.usecases.audit import record
from lagesbild.usecases.finding import held_group, held_theme, own_group, own_member, own_round, own_theme
from lagesbild.usecases.telling import tell_reporters

EARLIER = 5
"""How many rounds before this one suggestions look back."""

Answered = tuple[RoundId, MemberId, Area]
"""Which answer: a member's, in an area of a round."""


@dataclass(frozen=True)
class Voice:
    """One answer as a person reads it: whose, of which round, to which question."""

    round: Round
    member: Member
    question: Question
    answer: Answer

    @property
    def key(self) -> Answered:
        return self.round.id, self.member.id, self.question.area


@dataclass(frozen=True)
class ThemeSheet:
    """A theme with its answers over rounds and organisations, newest first, and what it has led to."""

    group: Group
    theme: Theme
    round: Round
    """The round it is looked at from."""
    voices: tuple[Voice, ...]
    untied: tuple[Voice, ...]
    """This round's answers that are not in it: what a person may add."""
    referrals: tuple[Referral, ...]


@dataclass(frozen=True)
class ThemeList:
    """The group's open themes with how many answers each has, and what could become one."""

    group: Group
    round: Round
    themes: tuple[tuple[Theme, int], ...]
    suggestions: tuple[ThemeSuggestion, ...]


async def suggest_themes(work: Work, group: Group, round_: Round) -> tuple[ThemeSuggestion, ...]:
    """What could be themes, from this round's answers and those of the five before."""
    rounds = [round_, *await work.store.rounds.list_by_group(group.id, EARLIER, before=round_.number)]
    members = {member.id: member for member in await work.store.members.list_by_group(group.id)}
    by_id = {one.id: one for one in rounds}
    said = [
        _said(work, by_id[report.round_id], report, members.get(report.member_id))
        for report in await work.store.reports.list_by_rounds(list(by_id))
    ]
    themes = [one for one in await work.store.themes.list_by_group(group.id) if one.closed_at is None]
    ties = [tie for one in themes for tie in await work.store.themes.ties(one.id)]
    answers = [answer for answers in said for answer in answers]
    return suggested_themes(answers, municipality=group.municipality, themes=themes, ties=ties)


def _said(work: Work, round_: Round, report: Report, member: Member | None) -> list[Said]:
    template = work.templates.get(round_.template)
    return [
        Said(
            round_.id,
            round_.number,
            report.member_id,
            organisation_of(member),
            question.area,
            question.title,
            answer.words,
        )
        for question, answer in _answers(template, report)
    ]


def _answers(template: Template, report: Report) -> Sequence[tuple[Question, Answer]]:
    found = ((question, report.answer(question.number)) for question in template.questions)
    return [(question, answer) for question, answer in found if answer is not None]


async def theme_list(work: Work, actor: Member, round_id: RoundId) -> ThemeList:
    """The open themes and the suggestions, seen from a round."""
    require(actor, Act.ASSESS)
    group, round_ = await own_group(work, actor), await own_round(work, actor, round_id)
    open_ = [one for one in await work.store.themes.list_by_group(group.id) if one.closed_at is None]
    counted = [(one, len(await work.store.themes.ties(one.id))) for one in open_]
    return ThemeList(group, round_, tuple(counted), await suggest_themes(work, group, round_))


async def create_theme(work: Work, actor: Member, title: str, ties: Collection[Answered] = ()) -> Theme:
    """Make a theme and tie answers to it. An open one of the same title is gone on with: a repeat makes no second."""
    require(actor, Act.ASSESS)
    words = guarded("theme_title", title, limit=MOST_TITLE, required=True)
    await held_group(work, actor)
    known = await _open_of_title(work, actor, words)
    theme = known or Theme(ThemeId(fresh()), actor.group_id, words, actor.id, work.clock.now())
    if known is None:
        await work.store.themes.save(theme)
        await record(work, actor.group_id, actor, AuditAction.CREATE_THEME, f"theme:{theme.id}")
    await tie(work, actor, theme.id, ties)
    return theme


async def _open_of_title(work: Work, actor: Member, title: str) -> Theme | None:
    themes = await work.store.themes.list_by_group(actor.group_id)
    same = (one for one in themes if one.title.casefold() == title.casefold() and one.closed_at is None)
    return next(same, None)


async def take_suggestion(work: Work, actor: Member, round_id: RoundId, key: str) -> Theme | None:
    """Make the suggested theme, or go on with the one there is; None if nothing of that key is suggested any more."""
    require(actor, Act.ASSESS)
    group = await held_group(work, actor)
    suggestions = await suggest_themes(work, group, await own_round(work, actor, round_id))
    chosen = next((one for one in suggestions if one.key == key), None)
    return await create_theme(work, actor, chosen.title, chosen.ties) if chosen else None


async def tie(work: Work, actor: Member, theme_id: ThemeId, answers: Collection[Answered]) -> None:
    """Tie answers to an open theme; those that are tied already stay so. Invalid (`theme`, `closed`) if it is over.

    Who answered hears of what the theme has led to: at once if the council has decided, else with its decision (C5).
    """
    require(actor, Act.ASSESS)
    theme = await own_theme(work, actor, theme_id)
    if theme.closed_at is not None:
        raise Invalid("theme", "closed")
    known = {_of(one) for one in await work.store.themes.ties(theme.id)}
    new = [one for one in dict.fromkeys(answers) if one not in known]
    for answered in new:
        await _voice(work, actor, answered)
        await work.store.themes.tie(Tie(theme.id, *answered))
    if new:
        await record(work, actor.group_id, actor, AuditAction.TIE, f"theme:{theme.id}", detail=str(len(new)))
        await _tell_of_decisions(work, actor, theme)


async def untie(work: Work, actor: Member, theme_id: ThemeId, answers: Collection[Answered]) -> None:
    """Take answers out of a theme; those that are not in it change nothing."""
    require(actor, Act.ASSESS)
    theme = await own_theme(work, actor, theme_id)
    gone = [one for one in await work.store.themes.ties(theme.id) if _of(one) in answers]
    for one in gone:
        await work.store.themes.untie(one)
    if gone:
        await record(
            work, actor.group_id, actor, AuditAction.UNTIE, f"theme:{theme.id}", detail=str(len(gone))
        )


async def close_theme(work: Work, actor: Member, theme_id: ThemeId) -> Theme:
    """The theme is over: its answers and referrals stay with it, and it is not offered any more."""
    require(actor, Act.ASSESS)
    theme = await held_theme(work, actor, theme_id)
    if theme.closed_at is not None:
        return theme
    closed = replace(theme, closed_at=work.clock.now())
    await work.store.themes.save(closed)
    await record(work, actor.group_id, actor, AuditAction.CLOSE_THEME, f"theme:{theme.id}")
    return closed


async def theme_sheet(work: Work, actor: Member, theme_id: ThemeId, round_id: RoundId) -> ThemeSheet:
    """A theme's answers over rounds and organisations, newest first, and those of this round that it lacks."""
    require(actor, Act.ASSESS)
    theme, round_ = await own_theme(work, actor, theme_id), await own_round(work, actor, round_id)
    group = await own_group(work, actor)
    tied = [_of(one) for one in await work.store.themes.ties(theme.id)]
    voices = [voice for one in tied if (voice := await _voice_or_none(work, actor, one)) is not None]
    referrals = await work.store.referrals.list_by_group(group.id)
    return ThemeSheet(
        group,
        theme,
        round_,
        tuple(sorted(voices, key=_newest_first)),
        tuple(one for one in await _of_round(work, actor, round_) if one.key not in tied),
        tuple(one for one in referrals if one.theme_id == theme.id),
    )


def _of(one: Tie) -> Answered:
    return one.round_id, one.member_id, one.area


def _newest_first(voice: Voice) -> tuple[int, str, int]:
    return -voice.round.number, organisation_of(voice.member), voice.question.number


async def _of_round(work: Work, actor: Member, round_: Round) -> list[Voice]:
    """Every answer of a round that says something in words, in the order of the questions."""
    template = work.templates.get(round_.template)
    found = [
        Voice(round_, await own_member(work, actor, report.member_id), question, answer)
        for report in await work.store.reports.list_by_round(round_.id)
        if report.is_submitted
        for question, answer in _answers(template, report)
        if answer.words and not question.is_positive
    ]
    return sorted(found, key=lambda voice: (voice.question.number, organisation_of(voice.member)))


async def _voice(work: Work, actor: Member, answered: Answered) -> Voice:
    """That answer, if it is one of the actor's group; NotFound if nothing was answered there."""
    round_id, member_id, area = answered
    round_ = await own_round(work, actor, round_id)
    member = await own_member(work, actor, member_id)
    report = await work.store.reports.get(round_.id, member.id)
    if report is not None and report.is_submitted:
        for question, answer in _answers(work.templates.get(round_.template), report):
            if question.area is area:
                return Voice(round_, member, question, answer)
    raise NotFound("answer", f"{round_id}:{member_id}:{area.value}")


async def _voice_or_none(work: Work, actor: Member, answered: Answered) -> Voice | None:
    """The answer, unless it was taken back after it was tied."""
    try:
        return await _voice(work, actor, answered)
    except NotFound:
        return None


async def _tell_of_decisions(work: Work, actor: Member, theme: Theme) -> None:
    group = await own_group(work, actor)
    for referral in await work.store.referrals.list_by_group(group.id):
        if referral.theme_id == theme.id and await work.store.referrals.decisions(referral.id):
            await tell_reporters(work, group, referral)
