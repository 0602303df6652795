"""actions that can be undone

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("inverse", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "operation_student",
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"],
            ["operation.id"],
            name=op.f("fk_operation_student_operation_id_operation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_operation_student_student_id_student"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("operation_id", "student_id", name=op.f("pk_operation_student")),
    )
    op.create_index(op.f("ix_operation_student_student_id"), "operation_student", ["student_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_operation_student_student_id"), table_name="operation_student")

    op.drop_table("operation_student")
    op.drop_table("operation")
