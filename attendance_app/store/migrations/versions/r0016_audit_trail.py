"""an append-only, hash-chained record of every change

Revision 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_record"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit_row",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(64), nullable=False),
        sa.Column("row_key", sa.String(64), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(32), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["audit_record.id"], name="fk_audit_row_record_id_audit_record"),
        sa.PrimaryKeyConstraint("record_id", "position", name="pk_audit_row"),
    )
    op.create_index("ix_audit_row_student_id", "audit_row", ["student_id"])
    op.create_index("ix_audit_row_session_id", "audit_row", ["session_id"])


def downgrade() -> None:
    op.drop_table("audit_row")
    op.drop_table("audit_record")
