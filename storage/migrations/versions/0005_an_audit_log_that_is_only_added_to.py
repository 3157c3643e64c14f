"""The audit log can only be added to, and what an analysis was used for stands where details do (F2)."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WHY = "the audit log is append-only"
_USED = "use analysis: "


def upgrade() -> None:
    op.execute(
        f"UPDATE audit SET detail = substr(action, {len(_USED) + 1}), action = 'use analysis'"  # noqa: S608 - ours
        f" WHERE action LIKE '{_USED}%'"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{_WHY}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit"
            " FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )
        return
    for what in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_refuses_{what.lower()} BEFORE {what} ON audit"
            f" BEGIN SELECT RAISE(ABORT, '{_WHY}'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_is_append_only ON audit")
        op.execute("DROP FUNCTION refuse_audit_change()")
        return
    for what in ("update", "delete"):
        op.execute(f"DROP TRIGGER audit_refuses_{what}")
