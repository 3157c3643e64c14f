"""The database: tables, repositories, the unit of work and migrations. One SQLite file, or PostgreSQL."""

from __future__ import annotations

from storage.backup import BackupError, back_up, restore
from storage.engine import create_engine, database_file
from storage.migrate import is_current, migrate
from storage.places import SharedPlaces
from storage.presence import Presence
from storage.sharing import Undone
from storage.unit_of_work import Storage, StorageUnitOfWork

__all__ = [
    "BackupError",
    "Presence",
    "SharedPlaces",
    "Storage",
    "StorageUnitOfWork",
    "Undone",
    "back_up",
    "create_engine",
    "database_file",
    "is_current",
    "migrate",
    "restore",
]
