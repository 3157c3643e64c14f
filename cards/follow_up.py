"""Does it show? One tap, and what it leads to (C6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import Element, TextBlock
from cards.feedback import where_and_when, words_of
from cards.fields import TextInput
from cards.layout import quiet
from cards.safe import escape, one_line, plain
from cards.texts import Texts
from lagesbild.feedback import Shows
from lagesbild.usecases.following_up import LONGEST_COMMENT, Asked

COMMENT: Final = "shows_comment"
_WORDS: Final = 300


@dataclass(frozen=True)
class AnswerFollowUp(Payload, verb="follow_up.answer"):
    """Say whether it shows."""

    group_id: str
    measure_id: str
    number: int
    shows: Shows


@dataclass(frozen=True)
class ChangeFollowUp(Payload, verb="follow_up.change"):
    """Show the question again, to answer something else or add words."""

    group_id: str
    measure_id: str
    number: int


@dataclass(frozen=True)
class AskAgain(Payload, verb="follow_up.again"):
    """Be asked once more in some weeks, or not."""

    group_id: str
    measure_id: str
    number: int
    again: bool


def follow_up_card(t: Texts, asked: Asked) -> Card:
    """The question: what was reported, what was done, and four buttons."""
    title = t("feedback.shows_title", title=one_line(asked.referral.title))
    day = t.date(asked.measure.done_on or asked.measure.due)
    done = t("feedback.shows_done", words=one_line(asked.measure.text, _WORDS), day=day)
    body: list[Element] = [TextBlock(title, size="large", weight="bolder", style="heading")]
    for one in asked.own[:1]:
        about = where_and_when(t, asked.group, one)
        body.append(quiet(t("feedback.shows_said", words=words_of(t, one.answer), about=about)))
    body.append(TextBlock(done, spacing="small"))
    if asked.measure.outcome:
        body.append(TextBlock(escape(asked.measure.outcome), spacing="none"))
    body.append(_comment(t, asked))
    group = one_line(asked.group.title)
    body.append(TextBlock(t("feedback.shows_why", group=group), size="small", is_subtle=True))
    return Card(body, lang=t.language, fallback_text=title, actions=_answers(t, asked))


def _comment(t: Texts, asked: Asked) -> TextInput:
    return TextInput(
        COMMENT,
        t("feedback.shows_comment"),
        value=plain(asked.follow_up.comment) or None,
        placeholder=t("feedback.shows_comment_hint"),
        max_length=LONGEST_COMMENT,
        spacing="small",
    )


def _answers(t: Texts, asked: Asked) -> list[Action]:
    """The four answers; of one that led on already only that one, to add words to."""
    before = asked.follow_up.shows
    possible = [before] if before is not None and before.reopens else list(Shows)
    return [
        execute(
            t(f"feedback.shows_{shows.value}"),
            AnswerFollowUp(asked.group.id, asked.measure.id, asked.follow_up.number, shows),
        )
        for shows in possible
    ]


def answered_card(t: Texts, asked: Asked) -> Card:
    """Thanks, and what happens now."""
    follow_up = asked.follow_up
    shows = follow_up.shows or Shows.UNKNOWN
    title = t("feedback.shows_thanks", answer=t(f"feedback.shows_{shows.value}"))
    body: list[Element] = [
        TextBlock(f"✓ {title}", size="medium", weight="bolder", color="good", style="heading"),
        quiet(one_line(asked.referral.title)),
        TextBlock(t(f"feedback.then_{shows.value}"), spacing="small"),
    ]
    if follow_up.comment:
        body.append(quiet(t("feedback.your_words", words=one_line(follow_up.comment, LONGEST_COMMENT))))
    if follow_up.again:
        text = t.plural("feedback.again_on", asked.group.follow_up_weeks)
        body.append(TextBlock(text, spacing="small"))
    return Card(body, lang=t.language, fallback_text=title, actions=_afterwards(t, asked))


def _afterwards(t: Texts, asked: Asked) -> list[Action]:
    follow_up = asked.follow_up
    known = asked.group.id, asked.measure.id, follow_up.number
    again = execute(
        t("feedback.again_no" if follow_up.again else "feedback.again_yes"),
        AskAgain(*known, again=not follow_up.again),
    )
    locked = follow_up.shows is not None and follow_up.shows.reopens
    change = execute(t("feedback.add_words" if locked else "feedback.change"), ChangeFollowUp(*known))
    return [again, change]
