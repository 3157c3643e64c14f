"""The tables. Foreign keys are checked at commit, so that a unit of work may write in any order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    false,
)

from storage.types import Instant, Json, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _words(name: str, *, optional: bool = False) -> Column[str]:
    return Column(name, Words, nullable=optional)


def _to(name: str, target: str, *, optional: bool = False, ondelete: str | None = None) -> Column[str]:
    key = ForeignKey(target, deferrable=True, initially="DEFERRED", ondelete=ondelete)
    return Column(name, Words, key, nullable=optional)


groups = Table(
    "groups",
    metadata,
    Column("id", Words, primary_key=True),
    _words("municipality"),
    _words("name"),
    _words("state"),
    _words("tenant_id"),
    _words("service_url"),
    _words("bot_id"),
    _words("team_id"),
    _words("channel_id"),
    _words("channel_name"),
    Column("created_at", Instant, nullable=False),
    _words("template_id", optional=True),
    Column("template_version", Integer),
    Column("schedule", Json),
    _words("publication"),
    Column("colour_of_impact", Json),
    _words("concern_url", optional=True),
    _words("assignment", optional=True),
    _words("guidelines", optional=True),
    Column("follow_up_weeks", Integer, nullable=False, server_default="5"),
    UniqueConstraint("tenant_id", "team_id"),
    Index(None, "state"),
)

members = Table(
    "members",
    metadata,
    Column("id", Words, primary_key=True),
    _to("group_id", "groups.id"),
    _words("name"),
    Column("roles", Json, nullable=False),
    _words("state"),
    Column("joined_at", Instant, nullable=False),
    _words("organisation", optional=True),
    _words("user_id", optional=True),
    _words("aad_object_id", optional=True),
    _words("conversation_id", optional=True),
    _words("locale"),
    Column("prompted", Boolean, nullable=False),
    Column("reminded", Boolean, nullable=False),
    Column("fewer", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("group_id", "user_id"),
    Index(None, "user_id"),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Words, primary_key=True),
    _to("member_id", "members.id"),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Index(None, "member_id", "first"),
)

meetings = Table(
    "meetings",
    metadata,
    Column("id", Words, primary_key=True),
    _to("group_id", "groups.id"),
    Column("slot", Date, nullable=False),
    Column("starts_at", Instant, nullable=False),
    _words("state"),
    _words("holiday", optional=True),
    UniqueConstraint("group_id", "slot"),
    Index(None, "group_id", "starts_at"),
)

rounds = Table(
    "rounds",
    metadata,
    Column("id", Words, primary_key=True),
    _to("group_id", "groups.id"),
    _to("meeting_id", "meetings.id"),
    Column("number", Integer, nullable=False),
    _words("template_id"),
    Column("template_version", Integer, nullable=False),
    _words("state"),
    Column("opens_at", Instant, nullable=False),
    Column("remind_at", Json, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("period_first", Date, nullable=False),
    Column("period_last", Date, nullable=False),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    Column("revision", Integer, nullable=False),
    _to("reviewed_by", "members.id", optional=True),
    Column("assessed_at", Instant),
    UniqueConstraint("meeting_id"),
    UniqueConstraint("group_id", "number"),
    Index(None, "state", "opens_at"),
    # What a group has planned: by state alone SQLite would read every group's.
    Index(None, "group_id", "state", "opens_at"),
)


def _report_columns() -> list[Column[Any]]:
    return [
        _to("round_id", "rounds.id"),
        _to("member_id", "members.id"),
        _words("state"),
        Column("answers", Json, nullable=False),
        _to("entered_by", "members.id"),
        Column("updated_at", Instant, nullable=False),
        Column("submitted_at", Instant),
        Column("late", Boolean, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("overrides", Json, nullable=False),
        Column("counts", Json, nullable=False),
    ]


reports = Table(
    "reports",
    metadata,
    Column("id", Words, primary_key=True),
    *_report_columns(),
    UniqueConstraint("round_id", "member_id"),
    Index(None, "member_id", "submitted_at"),
)

report_revisions = Table(
    "report_revisions",
    metadata,
    _to("id", "reports.id"),
    *_report_columns(),
    PrimaryKeyConstraint("id", "revision"),
    Index(None, "round_id", "member_id"),
)

observations = Table(
    "observations",
    metadata,
    Column("id", Words, primary_key=True),
    _to("group_id", "groups.id"),
    _to("member_id", "members.id"),
    _words("area", optional=True),
    _words("text"),
    Column("noted_at", Instant, nullable=False),
    _words("place"),
    Column("seen_on", Date),
    _to("reported_in", "rounds.id", optional=True),
    Column("reason", Words, nullable=False, server_default=""),
    Index(None, "member_id", "reported_in"),
)

pictures = Table(
    "pictures",
    metadata,
    _to("round_id", "rounds.id"),
    Column("revision", Integer, nullable=False),
    Column("published_at", Instant, nullable=False),
    _to("published_by", "members.id", optional=True),
    _words("digest"),
    PrimaryKeyConstraint("round_id", "revision"),
)

posts = Table(
    "posts",
    metadata,
    _to("round_id", "rounds.id"),
    Column("part", Integer, nullable=False),
    _words("conversation_id"),
    _words("activity_id"),
    _words("digest"),
    PrimaryKeyConstraint("round_id", "part"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("key", Words, primary_key=True),
    _to("group_id", "groups.id"),
    _words("kind"),
    Column("queued_at", Instant, nullable=False),
    _to("member_id", "members.id", optional=True),
    # A planned round may be forgotten after something about it was sent.
    _to("round_id", "rounds.id", optional=True, ondelete="SET NULL"),
    _words("subject"),
    _words("state"),
    _words("code"),
    Column("attempts", Integer, nullable=False),
    Column("updated_at", Instant),
    _words("conversation_id", optional=True),
    _words("activity_id", optional=True),
    Index(None, "group_id", "state", "queued_at"),
    Index(None, "round_id"),
    Index(None, "member_id", "queued_at"),
)

kept_cards = Table(
    "kept_cards",
    metadata,
    Column("key", Words, primary_key=True),
    _words("conversation_id"),
    _words("activity_id"),
    _words("digest"),
)


def _assessment_columns() -> list[Column[Any]]:
    return [
        _to("group_id", "groups.id"),
        _to("round_id", "rounds.id"),
        _words("area"),
        _words("colour"),
        _words("comment"),
        _to("assessed_by", "members.id"),
        Column("assessed_at", Instant, nullable=False),
        Column("revision", Integer, nullable=False),
    ]


assessments = Table(
    "assessments",
    metadata,
    Column("id", Words, primary_key=True),
    *_assessment_columns(),
    UniqueConstraint("round_id", "area"),
)

assessment_revisions = Table(
    "assessment_revisions",
    metadata,
    _to("id", "assessments.id"),
    *_assessment_columns(),
    PrimaryKeyConstraint("id", "revision"),
    Index(None, "round_id", "area"),
)

themes = Table(
    "themes",
    metadata,
    Column("id", Words, primary_key=True),
    _to("group_id", "groups.id"),
    _words("title"),
    _to("created_by", "members.id"),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index(None, "group_id"),
)

ties = Table(
    "ties",
    metadata,
    _to("theme_id", "themes.id"),
    _to("round_id", "rounds.id"),
    _to("member_id", "members.id"),
    _words("area"),
    PrimaryKeyConstraint("theme_id", "round_id", "member_id", "area"),
    Index(None, "round_id"),
)

councils = Table(
    "councils",
    metadata,
    Column(
        "group_id", Words, ForeignKey("groups.id", deferrable=True, initially="DEFERRED"), primary_key=True
    ),
    _words("kind"),
    _to("set_up_by", "members.id"),
    Column("set_up_at", Instant, nullable=False),
    _words("conversation_id", optional=True),
    Column("conversation", Json),
    Column("answer_days", Integer, nullable=False),
    Index(None, "conversation_id"),
)

referrals = Table(
    "referrals",
    metadata,
    Column("id", Words, primary_key=True),
    _to("group_id", "groups.id"),
    _to("round_id", "rounds.id"),
    _words("area"),
    _words("title"),
    _words("comment"),
    _to("referred_by", "members.id"),
    Column("referred_at", Instant, nullable=False),
    Column("answer_by", Date, nullable=False),
    _words("state"),
    _to("theme_id", "themes.id", optional=True),
    Column("times", Integer, nullable=False),
    Column("changed_at", Instant),
    _words("closing"),
    UniqueConstraint("round_id", "area"),
    Index(None, "group_id", "state"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Words, primary_key=True),
    _to("group_id", "groups.id"),
    _to("referral_id", "referrals.id"),
    _words("kind"),
    _words("text"),
    _words("sentence"),
    Column("owner", Json, nullable=False),
    Column("due", Date),
    _to("decided_by", "members.id"),
    Column("decided_at", Instant, nullable=False),
    Index(None, "referral_id", "decided_at"),
)

measures = Table(
    "measures",
    metadata,
    Column("id", Words, primary_key=True),
    _to("group_id", "groups.id"),
    _words("area"),
    _words("text"),
    Column("owner", Json, nullable=False),
    Column("due", Date, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    _to("round_id", "rounds.id", optional=True),
    _to("referral_id", "referrals.id", optional=True),
    _to("decision_id", "decisions.id", optional=True),
    _to("analysis_id", "analyses.id", optional=True),
    _words("state"),
    _words("reach", optional=True),
    _words("goal"),
    _words("outcome"),
    Column("done_on", Date),
    Index(None, "group_id", "due"),
    Index(None, "round_id"),
    Index(None, "referral_id"),
)

analyses = Table(
    "analyses",
    metadata,
    Column("id", Words, primary_key=True),
    _to("group_id", "groups.id"),
    _words("area"),
    _words("problem"),
    _to("decided_by", "members.id"),
    Column("decided_at", Instant, nullable=False),
    Column("owner", Json, nullable=False),
    Column("due", Date, nullable=False),
    Column("changed_at", Instant, nullable=False),
    _to("referral_id", "referrals.id", optional=True),
    _to("decision_id", "decisions.id", optional=True),
    Column("hypotheses", Json, nullable=False),
    _words("result"),
    _words("used_for"),
    _words("state"),
    Index(None, "group_id", "due"),
    Index(None, "referral_id"),
)

directions = Table(
    "directions",
    metadata,
    Column("id", Words, primary_key=True),
    _to("group_id", "groups.id"),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("priorities", Json, nullable=False),
    Column("not_pursued", Json, nullable=False),
    _words("responsible"),
    _to("decided_by", "members.id"),
    Column("decided_at", Instant, nullable=False),
    Index(None, "group_id", "decided_at"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    _to("measure_id", "measures.id"),
    _to("member_id", "members.id"),
    _to("referral_id", "referrals.id"),
    Column("number", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False),
    _words("shows", optional=True),
    _words("comment"),
    Column("answered_at", Instant),
    Column("again", Boolean, nullable=False),
    PrimaryKeyConstraint("measure_id", "member_id", "number"),
    Index(None, "referral_id"),
    Index(None, "member_id"),
)

promises = Table(
    "promises",
    metadata,
    Column("id", Words, primary_key=True),
    _to("group_id", "groups.id"),
    _words("title"),
    _words("preamble"),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("sections", Json, nullable=False),
    Column("signatures", Json, nullable=False),
    _to("drafted_by", "members.id"),
    Column("changed_at", Instant, nullable=False),
    _words("state"),
    _words("adopted_by"),
    Column("adopted_on", Date),
    Column("published_at", Instant),
    _to("previous_id", "promises.id", optional=True),
    Index(None, "group_id", "first"),
)

section_follow_ups = Table(
    "section_follow_ups",
    metadata,
    _to("promise_id", "promises.id"),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    _to("by", "members.id"),
    _words("status"),
    _words("comment"),
    Column("value", Float),
    PrimaryKeyConstraint("promise_id", "number", "at"),
)

promises_opened = Table(
    "promises_opened",
    metadata,
    _to("promise_id", "promises.id"),
    _to("member_id", "members.id"),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("promise_id", "member_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _to("group_id", "groups.id"),
    Column("at", Instant, nullable=False),
    # Without foreign keys: the log outlives what it tells of.
    _words("actor_id", optional=True),
    _words("action"),
    _words("subject"),
    _words("on_behalf_of", optional=True),
    _words("detail"),
    Index(None, "group_id", "at"),
)
