"""marks say where the face is in the picture of any source, not of a photograph only

Revision 0006, after 0005.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # As SQL: Alembic would copy the table to rename a column.
    op.execute("ALTER TABLE mark RENAME COLUMN photograph TO seen_by")


def downgrade() -> None:
    op.execute("ALTER TABLE mark RENAME COLUMN seen_by TO photograph")
