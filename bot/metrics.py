"""What the edge and the clock count, for `/metrics`. Labels never carry a person, a text or an id."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)

TURNS = Counter("lagesbild_turns", "Events handled, by kind and outcome.", ("kind", "outcome"))
TURN_SECONDS = Histogram(
    "lagesbild_turn_seconds", "Time from request to answer.", ("kind",), buckets=_BUCKETS
)
REFUSED = Counter("lagesbild_requests_refused", "Requests refused at the door, by reason.", ("reason",))
EVICTED = Counter("lagesbild_connections_evicted", "Idle connections closed to make room for others.")
TICK_FAILURES = Counter(
    "lagesbild_due_work_failures",
    "Rounds and groups whose work by the clock failed, by what it was.",
    ("what",),
)
OUTBOUND = Counter("lagesbild_outbound", "Calls to Teams, by call and outcome.", ("call", "outcome"))
OUTBOUND_SECONDS = Histogram("lagesbild_outbound_seconds", "Time of a call to Teams.", buckets=_BUCKETS)
LATENESS = Histogram(
    "lagesbild_loop_lateness_seconds",
    "How late the event loop came to a task that slept: what holds the loop makes everybody wait.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
