"""topics of sessions, and sessions that do not count

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("topic", "void_reason"):
        op.add_column("session", sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("session", sa.Column("voided_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    # SQLite's own statement: Alembic would copy the table, which other tables refer to.
    for name in ("topic", "void_reason", "voided_at"):
        op.execute(f"ALTER TABLE session DROP COLUMN {name}")
