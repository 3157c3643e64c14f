"""A promise while it is written: what was typed, checked; what is missing; the period that comes next (D1, D2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from lagesbild.errors import Invalid
from lagesbild.guarded import guarded
from lagesbild.ids import ReferralId
from lagesbild.promises import CitizenPromise, Commitment, Section, Signature
from lagesbild.templates import Area

MAX_TITLE = 120
MAX_WHO = 80
MAX_WHAT = 400
MAX_WHY = 1000
MOST_SECTIONS = 15
MOST_COMMITMENTS = 8
MOST_SIGNATURES = 6
LONGEST = timedelta(days=4 * 366)
"""A promise outlives no term of office."""

_ONE_DAY = timedelta(days=1)


class PeriodKind(StrEnum):
    """How long a promise is for: Fagersta's, Ludvika's, or a last day of its own (D1)."""

    THREE_MONTHS = "three_months"
    YEAR = "year"
    OTHER = "other"


_MONTHS = {PeriodKind.THREE_MONTHS: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True)
class PromiseForm:
    """What is typed about the promise as a whole. `last` is wanted for a period of another length."""

    title: str
    preamble: str = ""
    first: date | None = None
    period: PeriodKind = PeriodKind.THREE_MONTHS
    last: date | None = None


@dataclass(frozen=True)
class SectionForm:
    """What is typed about one section."""

    title: str
    commitments: tuple[Commitment, ...] = ()
    why: str = ""
    areas: tuple[Area, ...] = ()
    indicator: str = ""


@dataclass(frozen=True)
class Front:
    """A checked PromiseForm."""

    title: str
    preamble: str
    first: date
    last: date


class Lack(StrEnum):
    """What stands between a draft and its adoption."""

    SECTIONS = "sections"
    COMMITMENTS = "commitments"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: `what` names the section or the role it concerns."""

    lack: Lack
    what: str = ""


def checked_front(form: PromiseForm) -> Front:
    """The form's values; Invalid for what cannot be used."""
    title = guarded("title", form.title, limit=MAX_TITLE, required=True, names=False)
    preamble = guarded("preamble", form.preamble, names=False)
    if form.first is None:
        raise Invalid("first", "missing")
    last = form.last if form.period is PeriodKind.OTHER else period_end(form.first, form.period)
    if last is None:
        raise Invalid("last", "missing")
    if last < form.first:
        raise Invalid("last", "before_first")
    if last - form.first > LONGEST:
        raise Invalid("period", "too_long")
    return Front(" ".join(title.split()), preamble, form.first, last)


def checked_section(number: int, form: SectionForm, referral_id: ReferralId | None = None) -> Section:
    """The section that was typed; Invalid for what cannot be used."""
    if len(form.commitments) > MOST_COMMITMENTS:
        raise Invalid("commitments", "too_many", most=MOST_COMMITMENTS)
    title = guarded("title", form.title, limit=MAX_TITLE, required=True, names=False)
    return Section(
        number=number,
        title=" ".join(title.split()),
        commitments=tuple(map(_checked_commitment, form.commitments)),
        why=guarded("why", form.why, limit=MAX_WHY, names=False),
        areas=tuple(area for area in Area if area in form.areas),
        indicator=guarded("indicator", form.indicator, limit=MAX_TITLE, names=False),
        referral_id=referral_id,
    )


def parse_commitments(text: str) -> tuple[Commitment, ...]:
    """One a line, as "Vem: vad". Invalid (`no_who`, with the line) for a line that does not say who."""
    lines = (raw.strip().lstrip("-•*").strip() for raw in text.splitlines())
    return tuple(_commitment(line) for line in lines if line)


def commitment_lines(commitments: Sequence[Commitment]) -> str:
    """Commitments as they are typed: what `parse_commitments` reads."""
    return "\n".join(f"{one.who}: {one.what}" for one in commitments)


def period_end(first: date, kind: PeriodKind) -> date:
    """The last day of three months or a year that begin on `first`."""
    return first + relativedelta(months=_MONTHS[kind]) - _ONE_DAY


def period_kind(first: date, last: date) -> PeriodKind:
    """Which of the usual lengths a period has."""
    return next((kind for kind in _MONTHS if period_end(first, kind) == last), PeriodKind.OTHER)


def next_period(first: date, last: date) -> tuple[date, date]:
    """A period of the same length, directly after. Of the usual lengths it is counted in months."""
    begins, kind = last + _ONE_DAY, period_kind(first, last)
    ends = begins + (last - first) if kind is PeriodKind.OTHER else period_end(begins, kind)
    return begins, ends


def coming_period(first: date, last: date, today: date) -> tuple[date, date]:
    """The next period; from today on and as long, if that one is over already."""
    begins, ends = next_period(first, last)
    if ends >= today:
        return begins, ends
    kind = period_kind(first, last)
    return today, today + (last - first) if kind is PeriodKind.OTHER else period_end(today, kind)


def missing_for_adoption(promise: CitizenPromise) -> tuple[Missing, ...]:
    """What is missing before a draft can be adopted, in the order of the promise; empty when it is ready (D2)."""
    if not promise.sections:
        return (Missing(Lack.SECTIONS), *_unsigned(promise))
    empty = tuple(Missing(Lack.COMMITMENTS, one.title) for one in promise.sections if not one.commitments)
    return (*empty, *_unsigned(promise))


def numbered(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections, numbered from 1 in their order."""
    return tuple(replace(section, number=number) for number, section in enumerate(sections, start=1))


def checked_signature(role: str, name: str, day: date | None, today: date) -> Signature:
    """A signature by role; nobody has signed in the future."""
    if day is not None and day > today:
        raise Invalid("signed_on", "in_future")
    return Signature(
        role=" ".join(guarded("role", role, limit=MAX_TITLE, required=True, names=False).split()),
        name=" ".join(guarded("name", name, limit=MAX_TITLE, names=False).split()),
        signed_on=day,
    )


def with_signature(signatures: Sequence[Signature], signature: Signature) -> tuple[Signature, ...]:
    """The signatures with this one in the place of its role's, or last."""
    same = [same_words(one.role, signature.role) for one in signatures]
    if not any(same) and len(signatures) >= MOST_SIGNATURES:
        raise Invalid("signatures", "too_many", most=MOST_SIGNATURES)
    if not any(same):
        return (*signatures, signature)
    return tuple(signature if here else one for one, here in zip(signatures, same, strict=True))


def same_words(one: str, other: str) -> bool:
    """Whether two titles or roles say the same, whatever their case and spaces."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _unsigned(promise: CitizenPromise) -> tuple[Missing, ...]:
    return tuple(Missing(Lack.SIGNATURE, one.role) for one in promise.signatures if one.signed_on is None)


def _commitment(line: str) -> Commitment:
    who, colon, what = (part.strip() for part in line.partition(":"))
    if not (who and colon and what):
        raise Invalid("commitments", "no_who", line=line)
    return Commitment(who, what)


def _checked_commitment(one: Commitment) -> Commitment:
    return Commitment(
        guarded("commitments", one.who, limit=MAX_WHO, required=True, names=False),
        guarded("commitments", one.what, limit=MAX_WHAT, required=True, names=False),
    )
