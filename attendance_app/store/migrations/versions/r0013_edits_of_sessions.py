"""sessions that are put away or confirmed, and what was done to them as a whole

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("deleted_at", "confirmed_at"):
        op.add_column("session", sa.Column(name, sa.DateTime(), nullable=True))
    op.create_table(
        "session_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("edit", sa.String(32), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_session_change_session_id_session", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_session_change"),
    )
    op.create_index("ix_session_change_session_id", "session_change", ["session_id"])


def downgrade() -> None:
    # Earlier versions would show a session that was put away, and count it.
    op.execute("DELETE FROM session WHERE deleted_at IS NOT NULL")
    op.drop_table("session_change")
    for name in ("deleted_at", "confirmed_at"):
        op.execute(f"ALTER TABLE session DROP COLUMN {name}")
