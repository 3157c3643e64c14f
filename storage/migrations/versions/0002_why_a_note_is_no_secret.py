"""Why a note that the guard stopped is a false alarm."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Words

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("observations", sa.Column("reason", Words(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("observations", "reason")
