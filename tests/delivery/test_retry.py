"""The rules of trying again, as a table (F4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.retry import Patience
from bot.teams.faults import ConnectorError
from lagesbild.deliveries import DeliveryState

SINCE = datetime(2025, 3, 11, 9, 0, tzinfo=UTC)


@given(st.integers(1, 100))
def test_the_wait_grows_to_its_limit_and_never_beyond(attempts: int) -> None:
    patience = Patience(first=2.0, longest=600.0)
    whole = min(600.0, 2.0 * 2.0 ** (attempts - 1))
    assert whole / 2 <= patience.backoff(attempts) <= whole


@given(st.floats(0, 3600), st.integers(1, 20))
def test_a_throttled_delivery_never_comes_back_before_it_may(retry_after: float, attempts: int) -> None:
    error = ConnectorError(429, "TooManyRequests", retry_after)
    verdict = Patience().judge(error, attempts, SINCE, SINCE)
    assert verdict.state is DeliveryState.THROTTLED
    assert verdict.wait is not None
    assert verdict.wait >= retry_after


@pytest.mark.parametrize("status", [500, 501, 400, 401, 403, 404, 405, 413])
def test_what_will_not_pass_is_final(status: int) -> None:
    verdict = Patience().judge(ConnectorError(status, "x"), 1, SINCE, SINCE)
    assert verdict.wait is None
    assert verdict.state.is_final
    assert verdict.state.is_undelivered


def test_patience_ends() -> None:
    verdict = Patience().judge(ConnectorError(503, "x"), 30, SINCE, SINCE + timedelta(hours=6))
    assert (verdict.state, verdict.wait) == (DeliveryState.FAILED, None)


def test_a_wait_beyond_the_end_of_patience_is_not_begun() -> None:
    late = SINCE + timedelta(hours=5, minutes=59)
    verdict = Patience().judge(ConnectorError(429, "x", 120), 1, SINCE, late)
    assert (verdict.state, verdict.wait) == (DeliveryState.FAILED, None)


def test_a_fault_of_our_own_is_passing_and_named() -> None:
    verdict = Patience().judge(KeyError("secret"), 1, SINCE, SINCE)
    assert (verdict.state, verdict.code) == (DeliveryState.QUEUED, "KeyError")
    assert verdict.wait is not None
