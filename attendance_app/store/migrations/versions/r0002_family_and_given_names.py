"""family and given names

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("family_name", "given_name"):
        op.add_column("student", sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    # SQLite's own statement: Alembic would copy the table, which other tables refer to.
    for name in ("given_name", "family_name"):
        op.execute(f"ALTER TABLE student DROP COLUMN {name}")
