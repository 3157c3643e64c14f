"""Themes tie answers together over areas, rounds and organisations: what goes on in one place (C1, B1)."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lagesbild.collation import swedish
from lagesbild.ids import GroupId, MemberId, RoundId, ThemeId
from lagesbild.places import is_sure, places_in
from lagesbild.templates import Area

MOST_SUGGESTED = 5
MOST_TITLE = 120
"""Characters of a theme's title, and of the referral's that carries it."""
_AREAS = tuple(Area)


@dataclass(frozen=True)
class Theme:
    """A subject that answers are about (`tema`), such as "Kolarbyområdet, belysning". A person decides what it is."""

    id: ThemeId
    group_id: GroupId
    title: str
    created_by: MemberId
    created_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Tie:
    """One answer that belongs to a theme: a member's answer in an area of a round."""

    theme_id: ThemeId
    round_id: RoundId
    member_id: MemberId
    area: Area


@dataclass(frozen=True)
class ThemeSuggestion:
    """Answers that name the same place and belong to no theme yet: a person says whether they are one.

    `theme_id` is the open theme about that place which they would go on, if there is one.
    """

    title: str
    ties: tuple[tuple[RoundId, MemberId, Area], ...]
    organisations: int
    rounds: int
    theme_id: ThemeId | None = None

    @property
    def key(self) -> str:
        """Names the suggestion in a button, the same whenever it is reckoned anew."""
        return hashlib.sha256(self.title.casefold().encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Said:
    """One answer as suggestions read it. `round_number` orders it, `title` is its area's."""

    round_id: RoundId
    round_number: int
    member_id: MemberId
    organisation: str
    area: Area
    title: str
    words: str

    @property
    def answer(self) -> tuple[RoundId, MemberId, Area]:
        return self.round_id, self.member_id, self.area


def suggested_themes(
    said: Iterable[Said], *, municipality: str, themes: Sequence[Theme] = (), ties: Collection[Tie] = ()
) -> tuple[ThemeSuggestion, ...]:
    """What could be themes: a place that at least two organisations name, or that is named in at least two rounds.

    Those of the latest round come first, then those that most organisations and rounds name; at most five. Answers
    that are tied to an open theme are left out, and so is what went well. The municipality itself is no place.
    """
    tied = {(tie.round_id, tie.member_id, tie.area) for tie in ties}
    answers = [one for one in said if one.area is not Area.POSITIVE]
    by_place: defaultdict[str, list[Said]] = defaultdict(list)
    for one in answers:
        for place in places_in(one.words):
            by_place[place].append(one)
    latest = max((one.round_number for one in answers), default=0)
    found = [
        (_weight(named, latest), place, _suggestion(place, named, themes, tied))
        for place, named in by_place.items()
        if place.casefold() != municipality.casefold() and _is_shared(place, named)
    ]
    found.sort(key=lambda one: (one[0], swedish(one[1])))
    return tuple(one for *_, one in found if one.ties)[:MOST_SUGGESTED]


def _is_shared(place: str, named: Sequence[Said]) -> bool:
    """What only one organisation calls a place by a capital after a preposition may be anything."""
    several = len({one.organisation for one in named}) > 1
    return several or (is_sure(place) and len({one.round_id for one in named}) > 1)


def _weight(named: Sequence[Said], latest: int) -> tuple[bool, int, int]:
    now = any(one.round_number == latest for one in named)
    organisations, rounds = {one.organisation for one in named}, {one.round_id for one in named}
    return not now, -len(organisations), -len(rounds)


def _suggestion(
    place: str,
    named: Sequence[Said],
    themes: Sequence[Theme],
    tied: Collection[tuple[RoundId, MemberId, Area]],
) -> ThemeSuggestion:
    known = next((theme for theme in themes if _is_about(theme, place)), None)
    free = sorted((one for one in named if one.answer not in tied), key=_newest_first)
    return ThemeSuggestion(
        title=known.title if known else f"{_capital(place)}, {_most_named(named)}",
        ties=tuple(dict.fromkeys(one.answer for one in free)),
        organisations=len({one.organisation for one in named}),
        rounds=len({one.round_id for one in named}),
        theme_id=known.id if known else None,
    )


def _is_about(theme: Theme, place: str) -> bool:
    """Whether an open theme is named after the place."""
    return theme.closed_at is None and theme.title.casefold().startswith(f"{place.casefold()},")


def _newest_first(one: Said) -> tuple[int, str, int]:
    return -one.round_number, one.member_id, _AREAS.index(one.area)


def _most_named(named: Sequence[Said]) -> str:
    """The title of the area in which most name the place; the newest round's words for it."""
    counted = Counter(one.area for one in named)
    area = min(counted, key=lambda area: (-counted[area], _AREAS.index(area)))
    return max((one for one in named if one.area is area), key=lambda one: one.round_number).title


def _capital(place: str) -> str:
    return place[:1].upper() + place[1:]
