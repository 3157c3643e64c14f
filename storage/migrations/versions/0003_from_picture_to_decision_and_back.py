"""From picture to decision and back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Instant, Json, Words

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_cards",
        sa.Column("key", Words(), nullable=False),
        sa.Column("conversation_id", Words(), nullable=False),
        sa.Column("activity_id", Words(), nullable=False),
        sa.Column("digest", Words(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_kept_cards")),
    )
    op.create_table(
        "councils",
        sa.Column("group_id", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("set_up_by", Words(), nullable=False),
        sa.Column("set_up_at", Instant(timezone=True), nullable=False),
        sa.Column("conversation_id", Words(), nullable=True),
        sa.Column("conversation", Json(), nullable=True),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_councils_group_id_groups"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["set_up_by"],
            ["members.id"],
            name=op.f("fk_councils_set_up_by_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_councils")),
    )
    op.create_index(op.f("ix_councils_conversation_id"), "councils", ["conversation_id"], unique=False)
    op.create_table(
        "directions",
        sa.Column("id", Words(), nullable=False),
        sa.Column("group_id", Words(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("priorities", Json(), nullable=False),
        sa.Column("not_pursued", Json(), nullable=False),
        sa.Column("responsible", Words(), nullable=False),
        sa.Column("decided_by", Words(), nullable=False),
        sa.Column("decided_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["members.id"],
            name=op.f("fk_directions_decided_by_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_directions_group_id_groups"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directions")),
    )
    op.create_index(
        op.f("ix_directions_group_id_decided_at"), "directions", ["group_id", "decided_at"], unique=False
    )
    op.create_table(
        "promises",
        sa.Column("id", Words(), nullable=False),
        sa.Column("group_id", Words(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("preamble", Words(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("sections", Json(), nullable=False),
        sa.Column("signatures", Json(), nullable=False),
        sa.Column("drafted_by", Words(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("adopted_by", Words(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("published_at", Instant(timezone=True), nullable=True),
        sa.Column("previous_id", Words(), nullable=True),
        sa.ForeignKeyConstraint(
            ["drafted_by"],
            ["members.id"],
            name=op.f("fk_promises_drafted_by_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_promises_group_id_groups"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"],
            ["promises.id"],
            name=op.f("fk_promises_previous_id_promises"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index(op.f("ix_promises_group_id_first"), "promises", ["group_id", "first"], unique=False)
    op.create_table(
        "themes",
        sa.Column("id", Words(), nullable=False),
        sa.Column("group_id", Words(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("created_by", Words(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("closed_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["members.id"],
            name=op.f("fk_themes_created_by_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_themes_group_id_groups"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
    )
    op.create_index(op.f("ix_themes_group_id"), "themes", ["group_id"], unique=False)
    op.create_table(
        "assessments",
        sa.Column("id", Words(), nullable=False),
        sa.Column("group_id", Words(), nullable=False),
        sa.Column("round_id", Words(), nullable=False),
        sa.Column("area", Words(), nullable=False),
        sa.Column("colour", Words(), nullable=False),
        sa.Column("comment", Words(), nullable=False),
        sa.Column("assessed_by", Words(), nullable=False),
        sa.Column("assessed_at", Instant(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessed_by"],
            ["members.id"],
            name=op.f("fk_assessments_assessed_by_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_assessments_group_id_groups"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_assessments_round_id_rounds"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("round_id", "area", name=op.f("uq_assessments_round_id_area")),
    )
    op.create_table(
        "promises_opened",
        sa.Column("promise_id", Words(), nullable=False),
        sa.Column("member_id", Words(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_promises_opened_member_id_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"],
            ["promises.id"],
            name=op.f("fk_promises_opened_promise_id_promises"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("promise_id", "member_id", name=op.f("pk_promises_opened")),
    )
    op.create_table(
        "referrals",
        sa.Column("id", Words(), nullable=False),
        sa.Column("group_id", Words(), nullable=False),
        sa.Column("round_id", Words(), nullable=False),
        sa.Column("area", Words(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("comment", Words(), nullable=False),
        sa.Column("referred_by", Words(), nullable=False),
        sa.Column("referred_at", Instant(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("theme_id", Words(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=True),
        sa.Column("closing", Words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_referrals_group_id_groups"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["referred_by"],
            ["members.id"],
            name=op.f("fk_referrals_referred_by_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_referrals_round_id_rounds"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"],
            ["themes.id"],
            name=op.f("fk_referrals_theme_id_themes"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("round_id", "area", name=op.f("uq_referrals_round_id_area")),
    )
    op.create_index(op.f("ix_referrals_group_id_state"), "referrals", ["group_id", "state"], unique=False)
    op.create_table(
        "section_follow_ups",
        sa.Column("promise_id", Words(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("by", Words(), nullable=False),
        sa.Column("status", Words(), nullable=False),
        sa.Column("comment", Words(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by"],
            ["members.id"],
            name=op.f("fk_section_follow_ups_by_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"],
            ["promises.id"],
            name=op.f("fk_section_follow_ups_promise_id_promises"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("promise_id", "number", "at", name=op.f("pk_section_follow_ups")),
    )
    op.create_table(
        "ties",
        sa.Column("theme_id", Words(), nullable=False),
        sa.Column("round_id", Words(), nullable=False),
        sa.Column("member_id", Words(), nullable=False),
        sa.Column("area", Words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_ties_member_id_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_ties_round_id_rounds"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"],
            ["themes.id"],
            name=op.f("fk_ties_theme_id_themes"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("theme_id", "round_id", "member_id", "area", name=op.f("pk_ties")),
    )
    op.create_index(op.f("ix_ties_round_id"), "ties", ["round_id"], unique=False)
    op.create_table(
        "assessment_revisions",
        sa.Column("id", Words(), nullable=False),
        sa.Column("group_id", Words(), nullable=False),
        sa.Column("round_id", Words(), nullable=False),
        sa.Column("area", Words(), nullable=False),
        sa.Column("colour", Words(), nullable=False),
        sa.Column("comment", Words(), nullable=False),
        sa.Column("assessed_by", Words(), nullable=False),
        sa.Column("assessed_at", Instant(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessed_by"],
            ["members.id"],
            name=op.f("fk_assessment_revisions_assessed_by_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_assessment_revisions_group_id_groups"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["assessments.id"],
            name=op.f("fk_assessment_revisions_id_assessments"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_assessment_revisions_round_id_rounds"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_assessment_revisions")),
    )
    op.create_index(
        op.f("ix_assessment_revisions_round_id_area"),
        "assessment_revisions",
        ["round_id", "area"],
        unique=False,
    )
    op.create_table(
        "decisions",
        sa.Column("id", Words(), nullable=False),
        sa.Column("group_id", Words(), nullable=False),
        sa.Column("referral_id", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("sentence", Words(), nullable=False),
        sa.Column("owner", Json(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("decided_by", Words(), nullable=False),
        sa.Column("decided_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["members.id"],
            name=op.f("fk_decisions_decided_by_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_decisions_group_id_groups"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.id"],
            name=op.f("fk_decisions_referral_id_referrals"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(
        op.f("ix_decisions_referral_id_decided_at"), "decisions", ["referral_id", "decided_at"], unique=False
    )
    op.create_table(
        "analyses",
        sa.Column("id", Words(), nullable=False),
        sa.Column("group_id", Words(), nullable=False),
        sa.Column("area", Words(), nullable=False),
        sa.Column("problem", Words(), nullable=False),
        sa.Column("decided_by", Words(), nullable=False),
        sa.Column("decided_at", Instant(timezone=True), nullable=False),
        sa.Column("owner", Json(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("referral_id", Words(), nullable=True),
        sa.Column("decision_id", Words(), nullable=True),
        sa.Column("hypotheses", Json(), nullable=False),
        sa.Column("result", Words(), nullable=False),
        sa.Column("used_for", Words(), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["members.id"],
            name=op.f("fk_analyses_decided_by_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_analyses_decision_id_decisions"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_analyses_group_id_groups"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.id"],
            name=op.f("fk_analyses_referral_id_referrals"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analyses")),
    )
    op.create_index(op.f("ix_analyses_group_id_due"), "analyses", ["group_id", "due"], unique=False)
    op.create_index(op.f("ix_analyses_referral_id"), "analyses", ["referral_id"], unique=False)
    op.create_table(
        "measures",
        sa.Column("id", Words(), nullable=False),
        sa.Column("group_id", Words(), nullable=False),
        sa.Column("area", Words(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("owner", Json(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("round_id", Words(), nullable=True),
        sa.Column("referral_id", Words(), nullable=True),
        sa.Column("decision_id", Words(), nullable=True),
        sa.Column("analysis_id", Words(), nullable=True),
        sa.Column("state", Words(), nullable=False),
        sa.Column("reach", Words(), nullable=True),
        sa.Column("goal", Words(), nullable=False),
        sa.Column("outcome", Words(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["analysis_id"],
            ["analyses.id"],
            name=op.f("fk_measures_analysis_id_analyses"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_measures_decision_id_decisions"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_measures_group_id_groups"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.id"],
            name=op.f("fk_measures_referral_id_referrals"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_measures_round_id_rounds"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
    )
    op.create_index(op.f("ix_measures_group_id_due"), "measures", ["group_id", "due"], unique=False)
    op.create_index(op.f("ix_measures_referral_id"), "measures", ["referral_id"], unique=False)
    op.create_index(op.f("ix_measures_round_id"), "measures", ["round_id"], unique=False)
    op.create_table(
        "follow_ups",
        sa.Column("measure_id", Words(), nullable=False),
        sa.Column("member_id", Words(), nullable=False),
        sa.Column("referral_id", Words(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(timezone=True), nullable=False),
        sa.Column("shows", Words(), nullable=True),
        sa.Column("comment", Words(), nullable=False),
        sa.Column("answered_at", Instant(timezone=True), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["measures.id"],
            name=op.f("fk_follow_ups_measure_id_measures"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_follow_ups_member_id_members"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.id"],
            name=op.f("fk_follow_ups_referral_id_referrals"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("measure_id", "member_id", "number", name=op.f("pk_follow_ups")),
    )
    op.create_index(op.f("ix_follow_ups_member_id"), "follow_ups", ["member_id"], unique=False)
    op.create_index(op.f("ix_follow_ups_referral_id"), "follow_ups", ["referral_id"], unique=False)
    op.add_column("groups", sa.Column("follow_up_weeks", sa.Integer(), server_default="5", nullable=False))
    op.add_column("members", sa.Column("fewer", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("rounds", sa.Column("assessed_at", Instant(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("rounds", "assessed_at")
    op.drop_column("members", "fewer")
    op.drop_column("groups", "follow_up_weeks")
    op.drop_index(op.f("ix_follow_ups_referral_id"), table_name="follow_ups")
    op.drop_index(op.f("ix_follow_ups_member_id"), table_name="follow_ups")
    op.drop_table("follow_ups")
    op.drop_index(op.f("ix_measures_round_id"), table_name="measures")
    op.drop_index(op.f("ix_measures_referral_id"), table_name="measures")
    op.drop_index(op.f("ix_measures_group_id_due"), table_name="measures")
    op.drop_table("measures")
    op.drop_index(op.f("ix_analyses_referral_id"), table_name="analyses")
    op.drop_index(op.f("ix_analyses_group_id_due"), table_name="analyses")
    op.drop_table("analyses")
    op.drop_index(op.f("ix_decisions_referral_id_decided_at"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index(op.f("ix_assessment_revisions_round_id_area"), table_name="assessment_revisions")
    op.drop_table("assessment_revisions")
    op.drop_index(op.f("ix_ties_round_id"), table_name="ties")
    op.drop_table("ties")
    op.drop_table("section_follow_ups")
    op.drop_index(op.f("ix_referrals_group_id_state"), table_name="referrals")
    op.drop_table("referrals")
    op.drop_table("promises_opened")
    op.drop_table("assessments")
    op.drop_index(op.f("ix_themes_group_id"), table_name="themes")
    op.drop_table("themes")
    op.drop_index(op.f("ix_promises_group_id_first"), table_name="promises")
    op.drop_table("promises")
    op.drop_index(op.f("ix_directions_group_id_decided_at"), table_name="directions")
    op.drop_table("directions")
    op.drop_index(op.f("ix_councils_conversation_id"), table_name="councils")
    op.drop_table("councils")
    op.drop_table("kept_cards")
