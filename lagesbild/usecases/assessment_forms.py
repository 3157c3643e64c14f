"""What the coordinator filled in for an area: completed with what is suggested, and checked (B5, A3, A11)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from lagesbild.assessments import AssessmentForm, suggested_title
from lagesbild.errors import Invalid
from lagesbild.guarded import guarded
from lagesbild.people import Group
from lagesbild.ports import Work
from lagesbild.rounds import Round
from lagesbild.templates import Area, Colour
from lagesbild.themes import MOST_TITLE, Theme
from lagesbild.usecases.pictures import picture_of
from lagesbild.usecases.referring import default_answer_by


async def checked_form(  # noqa: PLR0917 - one call site
    work: Work, group: Group, round_: Round, area: Area, form: AssessmentForm, theme: Theme | None
) -> AssessmentForm:
    """The form as it can be stored; Invalid, naming the field, if it can't."""
    if area is Area.POSITIVE and form.colour is not Colour.GREEN:
        raise Invalid("colour", "positive")
    whole = await _completed(work, group, round_, area, form, theme) if form.colour is Colour.RED else form
    checked = replace(
        whole,
        comment=guarded("comment", whole.comment),
        measure=guarded("measure", whole.measure, required=form.colour is Colour.YELLOW, names=False),
        title=guarded("title", whole.title, limit=MOST_TITLE),
    )
    kept = await _kept_days(work, round_, area)
    today = group.local_day(work.clock.now())
    if form.colour is Colour.YELLOW:
        _check_owned(checked, today, kept)
    elif form.colour is Colour.RED:
        _check_day("answer_by", checked.answer_by, today, kept)
    return checked


async def _completed(  # noqa: PLR0917 - one call site
    work: Work, group: Group, round_: Round, area: Area, form: AssessmentForm, theme: Theme | None
) -> AssessmentForm:
    """A red with what nobody changed: the theme's title, else the area's with its place; and the council's days."""
    suggested = suggested_title(await picture_of(work, group, round_), area)
    title = form.title.strip()
    if title in ("", suggested):
        title = theme.title if theme else suggested
    answer_by = form.answer_by or await default_answer_by(work, group)
    return replace(form, title=title[:MOST_TITLE], answer_by=answer_by)


async def _kept_days(work: Work, round_: Round, area: Area) -> tuple[date, ...]:
    """The days that stand already: a correction of the words must not fail because one of them has passed."""
    referral = await work.store.referrals.get_by_area(round_.id, area)
    measures = await work.store.measures.list_by_round(round_.id)
    days = [one.due for one in measures if one.area is area]
    return (*days, referral.answer_by) if referral else tuple(days)


def _check_owned(form: AssessmentForm, today: date, kept: Collection[date]) -> None:
    if form.owner is None:
        raise Invalid("owner", "missing")
    guarded("owner", form.owner.name, limit=MOST_TITLE, required=True, names=False)
    _check_day("due", form.due, today, kept)


def _check_day(field: str, day: date | None, today: date, kept: Collection[date]) -> None:
    if day is None:
        raise Invalid(field, "missing")
    if day < today and day not in kept:
        raise Invalid(field, "past")
