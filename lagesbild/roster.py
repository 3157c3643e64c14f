"""Who is in the team, as Teams tells it, and what a comparison with the group's members changed."""

from __future__ import annotations

from dataclasses import dataclass

from lagesbild.people import Member


@dataclass(frozen=True)
class Person:
    """Somebody as Teams knows them; `user_id` is the bot's own id for the person."""

    user_id: str
    name: str
    aad_object_id: str | None = None
    locale: str = "sv"


@dataclass(frozen=True)
class RosterChange:
    """What a roster changed. `kept` leads the group alone and stays although no longer in the team."""

    joined: tuple[Member, ...] = ()
    returned: tuple[Member, ...] = ()
    left: tuple[Member, ...] = ()
    kept: tuple[Member, ...] = ()
    promoted: tuple[Member, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.joined or self.returned or self.left or self.kept or self.promoted)
