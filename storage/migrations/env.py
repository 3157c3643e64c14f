"""Run by Alembic on the connection that `storage.migrate` hands over."""

from __future__ import annotations

from alembic import context

from storage.migrate import VERSION_TABLE
from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # The queue keeps its own tables in the same database.
    include_name=lambda name, kind, _parents: kind != "table" or name in metadata.tables,
)
with context.begin_transaction():
    context.run_migrations()
