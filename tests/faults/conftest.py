"""A process of its own, as for the tests of its stopping."""

from tests.operation.conftest import connector, database, environment, issuer

__all__ = ["connector", "database", "environment", "issuer"]
