"""excuses for days

Revision 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "excuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name="fk_excuse_student_id_student", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_excuse"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_excuse_student_id", "excuse", ["student_id"])


def downgrade() -> None:
    op.drop_table("excuse")
