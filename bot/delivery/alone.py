"""Which process sends, where several run on one SQLite file: DBOS takes whoever works there for the only one."""

from __future__ import annotations

from filelock import FileLock, Timeout

from storage import database_file


class Sending:
    """The right to send what one SQLite file's outbox holds; on PostgreSQL every process has it (F4).

    The operating system takes it back from a process that dies, however it dies.
    """

    def __init__(self, database_url: str) -> None:
        file = database_file(database_url)
        self._lock = FileLock(f"{file}.lock", blocking=False) if file else None

    def taken(self) -> bool:
        """Whether this process has the right by now. Asking again is harmless."""
        if self._lock is None or self._lock.is_locked:
            return True
        try:
            self._lock.acquire()
        except Timeout:
            return False
        return True

    def release(self) -> None:
        """Leave it to another process."""
        if self._lock is not None:
            self._lock.release()
