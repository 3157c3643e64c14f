"""When to try again, and what a failure means for the ledger (F4). Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.teams.faults import ConnectorError, FaultKind
from lagesbild.deliveries import DeliveryState

_FINAL: dict[FaultKind, DeliveryState] = {
    "blocked": DeliveryState.BLOCKED,
    "not_installed": DeliveryState.NOT_INSTALLED,
    "gone": DeliveryState.GONE,
    "too_large": DeliveryState.TOO_LARGE,
    "rejected": DeliveryState.FAILED,
}


@dataclass(frozen=True)
class Verdict:
    """What becomes of a delivery after a failed attempt: its state, and the wait in seconds if it is tried again."""

    state: DeliveryState
    code: str
    wait: float | None = None


@dataclass(frozen=True)
class Patience:
    """How retries are spaced: the first wait, the longest one, and how long a delivery is tried at all."""

    first: float = 2.0
    longest: float = 600.0
    give_up_after: timedelta = timedelta(hours=6)

    def backoff(self, attempts: int) -> float:
        """Seconds after that many failures: doubling, with jitter so that a crowd does not come back together."""
        whole = min(self.longest, self.first * 2.0 ** min(max(attempts - 1, 0), 30))
        return whole * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, keeps no secret

    def judge(self, error: Exception, attempts: int, since: datetime, now: datetime) -> Verdict:
        """The verdict on the failure of attempt number `attempts` of a delivery that is tried `since` then.

        Only throttling and passing faults are tried again (never a 500). An error that is not Teams' own (the
        database, a courier) counts as passing: nothing was refused, so the message is kept as long as patience lasts.
        """
        if isinstance(error, ConnectorError):
            if final := _FINAL.get(error.kind):
                return Verdict(final, error.code)
            code, least = error.code, error.retry_after or 0.0
        else:
            code, least = type(error).__name__, 0.0
        wait = max(self.backoff(attempts), least + random.uniform(0.0, min(1.0, least)))  # noqa: S311
        if now + timedelta(seconds=wait) > since + self.give_up_after:
            return Verdict(DeliveryState.FAILED, code)
        throttled = isinstance(error, ConnectorError) and error.kind == "throttled"
        return Verdict(DeliveryState.THROTTLED if throttled else DeliveryState.QUEUED, code, wait)
