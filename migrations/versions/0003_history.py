"""The story and the versions of cases, and their search."""

import sqlalchemy as sa
from alembic import op

from tracker.core.db import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("case_search", "case_version", "entry")
SQLITE_INDEX = (
    "CREATE VIRTUAL TABLE case_search_index USING fts5(folded, scope, content='case_search',"
    " content_rowid='serial', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER case_search_insert AFTER INSERT ON case_search BEGIN"
    " INSERT INTO case_search_index(rowid, folded, scope)"
    " VALUES (new.serial, new.folded, new.scope); END",
    "CREATE TRIGGER case_search_delete AFTER DELETE ON case_search BEGIN"
    " INSERT INTO case_search_index(case_search_index, rowid, folded, scope)"
    " VALUES ('delete', old.serial, old.folded, old.scope); END",
    "CREATE TRIGGER case_search_update AFTER UPDATE ON case_search BEGIN"
    " INSERT INTO case_search_index(case_search_index, rowid, folded, scope)"
    " VALUES ('delete', old.serial, old.folded, old.scope);"
    " INSERT INTO case_search_index(rowid, folded, scope)"
    " VALUES (new.serial, new.folded, new.scope); END",
)
# The words stand in the row as well: what the index finds is checked against them.
POSTGRESQL_INDEX = (
    "ALTER TABLE case_search ADD COLUMN words tsvector"
    " GENERATED ALWAYS AS (strip(to_tsvector('simple', folded || ' ' || scope))) STORED",
    "CREATE INDEX ix_case_search_words ON case_search USING gin (words)",
)


def upgrade() -> None:
    op.create_table(
        "case_search",
        sa.Column(
            "serial",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_search_case_id")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_case_search")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_search_case_id")),
    )
    op.create_table(
        "case_version",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_from", Instant(timezone=True), nullable=False),
        sa.Column("recorded_to", Instant(timezone=True), nullable=False),
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
            name=op.f("ck_case_version_accepted_on"),
        ),
        sa.CheckConstraint(
            "(ended_on IS NOT NULL) = (state = 'closed' AND outcome <> 'promised')",
            name=op.f("ck_case_version_ended"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (outcome IS NOT NULL) AND (state = 'closed') = (closed_on IS NOT NULL)",
            name=op.f("ck_case_version_closed"),
        ),
        sa.CheckConstraint(
            "confidentiality IN ('normal', 'confidential', 'denunciation')",
            name=op.f("ck_case_version_confidentiality"),
        ),
        sa.CheckConstraint(
            "kind IN ('complaint', 'denunciation', 'recommendation', 'opinion', 'voter', 'supervision')",
            name=op.f("ck_case_version_kind"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('resolved', 'explained', 'promised', 'withdrawn', 'guided', 'forwarded', 'refused', 'filed', 'duplicate', 'voided')",
            name=op.f("ck_case_version_outcome"),
        ),
        sa.CheckConstraint(
            "state <> 'answered' OR answered_on IS NOT NULL", name=op.f("ck_case_version_answered")
        ),
        sa.CheckConstraint(
            "state <> 'assigned' OR lead_unit_id IS NOT NULL", name=op.f("ck_case_version_assigned")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'verifying', 'assigned', 'answered', 'closed')",
            name=op.f("ck_case_version_state"),
        ),
        sa.CheckConstraint(
            "answered_on IS NULL OR answered_on >= received_on",
            name=op.f("ck_case_version_answered_on"),
        ),
        sa.CheckConstraint(
            "assigned_on IS NULL OR assigned_on >= received_on",
            name=op.f("ck_case_version_assigned_on"),
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR closed_on >= received_on", name=op.f("ck_case_version_closed_on")
        ),
        sa.CheckConstraint("recorded_from < recorded_to", name=op.f("ck_case_version_recorded")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_case_version_round")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_case_version_area_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_version_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_case_version_channel_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_case_version_event_id")),
        sa.ForeignKeyConstraint(["field_id"], ["field.id"], name=op.f("fk_case_version_field_id")),
        sa.ForeignKeyConstraint(
            ["lead_unit_id"], ["unit.id"], name=op.f("fk_case_version_lead_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["logged_by_id"], ["user_account.id"], name=op.f("fk_case_version_logged_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_version_unit_id")),
        sa.PrimaryKeyConstraint("case_id", "recorded_from", name=op.f("pk_case_version")),
    )
    op.create_index("ix_case_version_kind_received_on", "case_version", ["kind", "received_on"])
    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("import_row", sa.Integer(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_entry_sequence")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_entry_case_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_entry_import_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_entry_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_entry_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("case_id", "sequence", name=op.f("uq_entry_case_id_sequence")),
    )
    op.create_index("ix_entry_import_id", "entry", ["import_id"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_INDEX if is_sqlite else POSTGRESQL_INDEX:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE case_search_index")
    for table in reversed(TABLES):
        op.drop_table(table)
