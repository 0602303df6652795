"""when a student came, as the teacher has said

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mark", sa.Column("arrived_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    # SQLite's own statement: Alembic would copy the table, which other tables refer to.
    op.execute("ALTER TABLE mark DROP COLUMN arrived_at")
