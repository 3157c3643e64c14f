"""The database: tables, repositories, the unit of work and migrations. One SQLite file, or PostgreSQL."""

from __future__ import annotations

from storage.engine import create_engine
from storage.migrate import is_current, migrate
from storage.sharing import Undone
from storage.unit_of_work import Storage, StorageUnitOfWork

__all__ = ["Storage", "StorageUnitOfWork", "Undone", "create_engine", "is_current", "migrate"]
