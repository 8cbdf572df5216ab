"""Persons read and merged, meetings' story, what citizens say, papers."""

import sqlalchemy as sa
from alembic import op

from tracker.core.db import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "lookup_guess",
    "paper_template",
    "person_merge",
    "person_correction",
    "event_entry",
    "person_reading",
    "citizen_feedback",
)


def upgrade() -> None:
    op.create_table(
        "lookup_guess",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", Instant(timezone=True), nullable=False),
        sa.Column("blocked_until", Instant(timezone=True), nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_lookup_guess_failures")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_lookup_guess")),
    )
    op.create_index("ix_lookup_guess_since", "lookup_guess", ["since"])
    op.create_table(
        "paper_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.Column("retired_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["digest"], ["stored_file.digest"], name=op.f("fk_paper_template_digest")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_paper_template_unit_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_paper_template_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_template")),
    )
    op.create_index("ix_paper_template_unit_id_paper", "paper_template", ["unit_id", "paper"])
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("turn_ids", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("merged_at", Instant(timezone=True), nullable=False),
        sa.Column("undone_at", Instant(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("person_id <> into_id", name=op.f("ck_person_merge_into")),
        sa.ForeignKeyConstraint(["into_id"], ["person.id"], name=op.f("fk_person_merge_into_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_merge_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user_account.id"], name=op.f("fk_person_merge_undone_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_person_merge_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_index("ix_person_merge_into_id", "person_merge", ["into_id"])
    op.create_index("ix_person_merge_person_id", "person_merge", ["person_id"])
    op.create_table(
        "person_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("corrected_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_correction_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_person_correction_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_correction")),
    )
    op.create_index("ix_person_correction_key_name", "person_correction", ["key_name", "id"])
    op.create_index("ix_person_correction_person_id", "person_correction", ["person_id"])
    op.create_table(
        "event_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_entry_event_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_event_entry_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_entry")),
    )
    op.create_index("ix_event_entry_event_id", "event_entry", ["event_id"])
    op.create_table(
        "person_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("read_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_person_reading_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_reading_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_person_reading_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_reading")),
    )
    op.create_index("ix_person_reading_case_id", "person_reading", ["case_id"])
    op.create_index("ix_person_reading_person_id", "person_reading", ["person_id"])
    op.create_index("ix_person_reading_user_id", "person_reading", ["user_id"])
    op.create_table(
        "citizen_feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("is_satisfied", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.Column("handled_at", Instant(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.CheckConstraint("is_satisfied OR reason <> ''", name=op.f("ck_citizen_feedback_reason")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_citizen_feedback_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_citizen_feedback_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_feedback")),
        sa.UniqueConstraint(
            "submission_id", "round", name=op.f("uq_citizen_feedback_submission_id_round")
        ),
    )
    op.create_index("ix_citizen_feedback_case_id", "citizen_feedback", ["case_id"])
    op.create_index(
        "ix_citizen_feedback_waiting",
        "citizen_feedback",
        ["case_id"],
        sqlite_where=sa.text("NOT is_satisfied AND handled_at IS NULL"),
        postgresql_where=sa.text("NOT is_satisfied AND handled_at IS NULL"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
