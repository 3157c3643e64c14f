"""An index to what one group has planned: the question read every group's planned rounds."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INDEX = "ix_rounds_group_id_state_opens_at"


def upgrade() -> None:
    op.create_index(_INDEX, "rounds", ["group_id", "state", "opens_at"])


def downgrade() -> None:
    op.drop_index(_INDEX, "rounds")
