"""Cases, what is brought, asked and answered."""

import sqlalchemy as sa
from alembic import op

from tracker.core.db import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("case_file", "unit_succession", "answer", "assignment", "case_merge", "submission")


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), server_default="ordinary", nullable=False),
        sa.Column("due_basis", sa.Text(), server_default="rule", nullable=False),
        sa.Column("decided_due_on", sa.Date(), nullable=True),
        sa.Column("pauses", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("pauses_before_decision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ruling_due_on", sa.Date(), nullable=True),
        sa.Column("sent_to", sa.Text(), nullable=True),
        sa.Column("proposed_unit_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("register_key", sa.Text(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("confidentiality", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("original_due_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("return_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("redo_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("lead_unit_id", sa.Uuid(), nullable=True),
        sa.Column("logged_by_id", sa.Uuid(), nullable=True),
        sa.Column("field_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("channel_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "accepted_on IS NULL OR accepted_on >= received_on",
            name=op.f("ck_case_file_accepted_on"),
        ),
        sa.CheckConstraint(
            "(ended_on IS NOT NULL) = (state = 'closed' AND outcome <> 'promised')",
            name=op.f("ck_case_file_ended"),
        ),
        sa.CheckConstraint(
            "(outcome = 'duplicate') OR merged_into_id IS NULL", name=op.f("ck_case_file_merged")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (outcome IS NOT NULL) AND (state = 'closed') = (closed_on IS NOT NULL)",
            name=op.f("ck_case_file_closed"),
        ),
        sa.CheckConstraint(
            "condition IN ('ordinary', 'remote', 'second', 'second_remote', 'at_dialogue', 'party_head', 'hotline', 'hotline_urgent')",
            name=op.f("ck_case_file_condition"),
        ),
        sa.CheckConstraint(
            "confidentiality IN ('normal', 'confidential', 'denunciation')",
            name=op.f("ck_case_file_confidentiality"),
        ),
        sa.CheckConstraint(
            "due_basis IN ('rule', 'register', 'decision')", name=op.f("ck_case_file_due_basis")
        ),
        sa.CheckConstraint(
            "kind IN ('complaint', 'denunciation', 'recommendation', 'opinion', 'voter', 'supervision')",
            name=op.f("ck_case_file_kind"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('resolved', 'explained', 'promised', 'withdrawn', 'guided', 'forwarded', 'refused', 'filed', 'duplicate', 'voided')",
            name=op.f("ck_case_file_outcome"),
        ),
        sa.CheckConstraint(
            "state <> 'answered' OR answered_on IS NOT NULL", name=op.f("ck_case_file_answered")
        ),
        sa.CheckConstraint(
            "state <> 'assigned' OR lead_unit_id IS NOT NULL", name=op.f("ck_case_file_assigned")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'verifying', 'assigned', 'answered', 'closed')",
            name=op.f("ck_case_file_state"),
        ),
        sa.CheckConstraint(
            "answered_on IS NULL OR answered_on >= received_on",
            name=op.f("ck_case_file_answered_on"),
        ),
        sa.CheckConstraint(
            "assigned_on IS NULL OR assigned_on >= received_on",
            name=op.f("ck_case_file_assigned_on"),
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR closed_on >= received_on", name=op.f("ck_case_file_closed_on")
        ),
        sa.CheckConstraint("round >= 1", name=op.f("ck_case_file_round")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_case_file_area_id")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_case_file_channel_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_case_file_event_id")),
        sa.ForeignKeyConstraint(["field_id"], ["field.id"], name=op.f("fk_case_file_field_id")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.id"], name=op.f("fk_case_file_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["lead_unit_id"], ["unit.id"], name=op.f("fk_case_file_lead_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["logged_by_id"], ["user_account.id"], name=op.f("fk_case_file_logged_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["case_file.id"], name=op.f("fk_case_file_merged_into_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_unit_id"], ["unit.id"], name=op.f("fk_case_file_proposed_unit_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_file_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("code", name=op.f("uq_case_file_code")),
        sa.UniqueConstraint("serial", name=op.f("uq_case_file_serial")),
        sa.UniqueConstraint(
            "unit_id", "register_key", name=op.f("uq_case_file_unit_id_register_key")
        ),
    )
    op.create_index("ix_case_file_import_id", "case_file", ["import_id"])
    op.create_index("ix_case_file_kind_ended_on", "case_file", ["kind", "ended_on"])
    op.create_index(
        "ix_case_file_kind_received_on",
        "case_file",
        [
            "kind",
            "received_on",
            "ended_on",
            "outcome",
            "due_on",
            "answered_on",
            "suspended_on",
            "lead_unit_id",
            "unit_id",
            "confidentiality",
            "logged_by_id",
        ],
    )
    op.create_index(
        "ix_case_file_lead_unit_id_received_on", "case_file", ["lead_unit_id", "received_on"]
    )
    op.create_index("ix_case_file_merged_into_id", "case_file", ["merged_into_id"])
    op.create_index("ix_case_file_received_on_id", "case_file", ["received_on", "id"])
    op.create_index(
        "ix_case_file_sight",
        "case_file",
        ["confidentiality", "unit_id", "lead_unit_id", "logged_by_id", "id"],
    )
    is_open, to_rule = sa.text("state <> 'closed'"), sa.text("ruling_due_on IS NOT NULL")
    promised = sa.text("outcome = 'promised'")
    suspended = sa.text("suspended_on IS NOT NULL AND state <> 'closed'")
    for name, columns, part in (
        ("ix_case_file_promised_on", ["promised_on"], promised),
        ("ix_case_file_suspended_on", ["suspended_on"], suspended),
        ("ix_case_file_open_due_on", ["due_on", "id"], is_open),
        ("ix_case_file_open_state", ["state", "received_on", "id"], is_open),
        ("ix_case_file_open_serial", ["serial"], is_open),
        ("ix_case_file_ruling", ["received_on", "id"], to_rule),
        ("ix_case_file_logged_by_id_received_on", ["logged_by_id", "received_on", "id"], None),
    ):
        op.create_index(name, "case_file", columns, sqlite_where=part, postgresql_where=part)
    op.create_index("ix_case_file_unit_id_received_on", "case_file", ["unit_id", "received_on"])
    op.create_table(
        "unit_succession",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("takes_rest", sa.Boolean(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('merge', 'split', 'rename', 'dissolve')",
            name=op.f("ck_unit_succession_reason"),
        ),
        sa.CheckConstraint("unit_id <> successor_id", name=op.f("ck_unit_succession_other_unit")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["unit_change.id"], name=op.f("fk_unit_succession_change_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["unit.id"], name=op.f("fk_unit_succession_successor_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_succession_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_succession")),
        sa.UniqueConstraint(
            "unit_id", "successor_id", name=op.f("uq_unit_succession_unit_id_successor_id")
        ),
    )
    op.create_index("ix_unit_succession_change_id", "unit_succession", ["change_id"])
    op.create_index("ix_unit_succession_successor_id", "unit_succession", ["successor_id"])
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('resolved', 'explained', 'promised', 'withdrawn', 'guided', 'forwarded', 'refused', 'filed', 'duplicate', 'voided')",
            name=op.f("ck_answer_outcome"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_answer_case_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_answer_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_index("ix_answer_case_id", "answer", ["case_id"])
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("decided_due_on", sa.Date(), nullable=True),
        sa.Column("pauses_before_decision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("part IN ('lead', 'supporting')", name=op.f("ck_assignment_part")),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= assigned_on", name=op.f("ck_assignment_ended_on")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_assignment_case_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_case_id", "assignment", ["case_id"])
    is_open = sa.text("ended_on IS NULL")
    is_unaccepted = sa.text("ended_on IS NULL AND accepted_on IS NULL")
    for name, columns, part in (
        ("ix_assignment_open_due_on", ["due_on", "case_id"], is_open),
        ("ix_assignment_unaccepted", ["assigned_on", "case_id"], is_unaccepted),
    ):
        op.create_index(name, "assignment", columns, sqlite_where=part, postgresql_where=part)
    op.create_index("ix_assignment_unit_id_ended_on", "assignment", ["unit_id", "ended_on", "due_on"])
    op.create_index(
        "uq_assignment_open_lead",
        "assignment",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("part = 'lead' AND ended_on IS NULL"),
        postgresql_where=sa.text("part = 'lead' AND ended_on IS NULL"),
    )
    op.create_table(
        "case_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("merged_at", Instant(timezone=True), nullable=False),
        sa.Column("undone_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint("case_id <> into_id", name=op.f("ck_case_merge_into")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_merge_case_id")),
        sa.ForeignKeyConstraint(["into_id"], ["case_file.id"], name=op.f("fk_case_merge_into_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_case_merge_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_merge")),
    )
    op.create_index("ix_case_merge_case_id", "case_merge", ["case_id"])
    op.create_index("ix_case_merge_into_id", "case_merge", ["into_id"])
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("logged_by_id", sa.Uuid(), nullable=True),
        sa.Column("voided_at", Instant(timezone=True), nullable=True),
        sa.Column("merge_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("persons >= 1", name=op.f("ck_submission_persons")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_submission_case_id")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_submission_channel_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_submission_event_id")),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["case_merge.id"], name=op.f("fk_submission_merge_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_submission_person_id")),
        sa.ForeignKeyConstraint(
            ["logged_by_id"], ["user_account.id"], name=op.f("fk_submission_logged_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    op.create_index("ix_submission_case_id", "submission", ["case_id"])
    op.create_index("ix_submission_event_id", "submission", ["event_id"])
    op.create_index("ix_submission_merge_id", "submission", ["merge_id"])
    op.create_index("ix_submission_person_id", "submission", ["person_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
