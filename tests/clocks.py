"""A clock that runs, and can be put forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Shifted:
    """The machine's clock, some time later. It begins at nine in the morning in Sweden, when people may be written to."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self.ahead = now.replace(hour=8, minute=0) - now

    def now(self) -> datetime:
        """Now, and as much later as was asked for."""
        return datetime.now(UTC) + self.ahead

    def forward(self, **later: float) -> None:
        """Put it forward: `days=36`."""
        self.ahead += timedelta(**later)
