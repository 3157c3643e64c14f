"""Setting a scene: a test stores what it likes, over whatever is there."""

from __future__ import annotations

from typing import Any


class _Everything(set[Any]):
    """What every row is in."""

    def __contains__(self, _row: object) -> bool:
        return True


def overwriting(store: Any) -> Any:
    """The same unit of work; it saves over rows that it has not locked, too."""
    store._rows._held = _Everything()
    return store
