"""Reminders, inboxes, the outbox, and what the worker did."""

import sqlalchemy as sa
from alembic import op

from tracker.core.db import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    "reminder",
    "notice",
    "message",
    "moved_step",
    "correspondent",
    "worker_run",
)


def upgrade() -> None:
    _reminders()
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.Column("next_at", Instant(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", Instant(timezone=True), nullable=True),
        sa.Column("given_up_at", Instant(timezone=True), nullable=True),
        sa.Column("is_empty", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint("way IN ('mail', 'gateway')", name=op.f("ck_message_way")),
        sa.CheckConstraint(
            "sent_at IS NULL OR given_up_at IS NULL", name=op.f("ck_message_ended")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_message_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("user_id", "batch", "way", name=op.f("uq_message_user_id_batch_way")),
    )
    waits = sa.text("sent_at IS NULL AND given_up_at IS NULL")
    op.create_index(
        "ix_message_next_at", "message", ["next_at"], sqlite_where=waits, postgresql_where=waits
    )
    given_up = sa.text("given_up_at IS NOT NULL")
    op.create_index(
        "ix_message_given_up_at",
        "message",
        ["given_up_at"],
        sqlite_where=given_up,
        postgresql_where=given_up,
    )
    op.create_table(
        "moved_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "priority IN ('ordinary', 'urgent')", name=op.f("ck_moved_step_priority")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_step")),
        sa.UniqueConstraint(
            "clock", "kind", "priority", "step", name=op.f("uq_moved_step_clock_kind_priority_step")
        ),
    )
    op.create_table(
        "correspondent",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("telephone", sa.Text(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("stand_in_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("hour BETWEEN 7 AND 16", name=op.f("ck_correspondent_hour")),
        sa.CheckConstraint(
            "(away_from IS NULL) = (away_until IS NULL)", name=op.f("ck_correspondent_away")
        ),
        sa.CheckConstraint(
            "away_until IS NULL OR away_until >= away_from",
            name=op.f("ck_correspondent_away_order"),
        ),
        sa.CheckConstraint(
            "stand_in_id IS NULL OR stand_in_id <> user_id",
            name=op.f("ck_correspondent_stand_in"),
        ),
        sa.ForeignKeyConstraint(
            ["stand_in_id"], ["user_account.id"], name=op.f("fk_correspondent_stand_in_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_correspondent_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_correspondent")),
    )
    op.create_table(
        "worker_run",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("began_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("failed_at", Instant(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_worker_run")),
    )


def _reminders() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.Column("is_pressing", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_reminder_case_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reminder_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "clock",
            "subject_id",
            "began_on",
            "step",
            name=op.f("uq_reminder_clock_subject_id_began_on_step"),
        ),
    )
    op.create_index("ix_reminder_case_id", "reminder", ["case_id"])
    op.create_index("ix_reminder_reminded_on", "reminder", ["reminded_on", "unit_id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        sa.Column("stands_in_for_id", sa.Uuid(), nullable=True),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("read_at", Instant(timezone=True), nullable=True),
        sa.Column("later_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminder.id"], name=op.f("fk_notice_reminder_id")
        ),
        sa.ForeignKeyConstraint(
            ["stands_in_for_id"], ["user_account.id"], name=op.f("fk_notice_stands_in_for_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "user_id", "reminder_id", name=op.f("uq_notice_user_id_reminder_id")
        ),
    )
    for name, columns, condition in (
        ("ix_notice_unread", ["user_id", "id"], "read_at IS NULL"),
        ("ix_notice_unplanned", ["user_id"], "batch IS NULL"),
    ):
        op.create_index(
            name,
            "notice",
            columns,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )
    op.create_index("ix_notice_user_id_batch", "notice", ["user_id", "batch"])
    op.create_index("ix_notice_reminder_id", "notice", ["reminder_id"])


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
