"""cards that students hold up, and marks made by them

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "student_card",
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name="fk_student_card_student_id_student", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("student_id", name="pk_student_card"),
        sa.UniqueConstraint("token", name="uq_student_card_token"),
    )


def downgrade() -> None:
    # Earlier versions know no such mark; the card was read by the camera.
    op.execute("UPDATE mark SET marked_by = 'camera' WHERE marked_by = 'card'")
    op.execute("UPDATE mark_history SET changed_by = 'camera' WHERE changed_by = 'card'")
    op.drop_table("student_card")
