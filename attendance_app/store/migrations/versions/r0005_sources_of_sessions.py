"""a session says which cameras, recordings or photographs its roll was taken from

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Sessions from before don't say: their text is empty.
    op.add_column("session", sa.Column("sources", sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    # SQLite's own statement: Alembic would copy the table, which other tables refer to.
    op.execute("ALTER TABLE session DROP COLUMN sources")
