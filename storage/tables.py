"""The tables. Foreign keys are checked at commit, so that a unit of work may write in any order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
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
    UniqueConstraint("meeting_id"),
    UniqueConstraint("group_id", "number"),
    Index(None, "state", "opens_at"),
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
