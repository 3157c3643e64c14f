"""Durable delivery: the queue, its limits and retries, the ledger's outcomes, and the clock that says what is due."""
