"""Themes tie answers together over areas, rounds and organisations: what goes on in one place (C1, B1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lagesbild.ids import GroupId, MemberId, RoundId, ThemeId
from lagesbild.templates import Area


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
    """Answers that name the same place, or raise the same area round after round: a person says whether it is one."""

    title: str
    ties: tuple[tuple[RoundId, MemberId, Area], ...]
    organisations: int
    rounds: int
