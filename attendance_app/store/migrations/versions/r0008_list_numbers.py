"""list numbers, and the order of a course's students

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("list_number", sa.Integer(), nullable=True))
    # As text without CHECK, like the other words from a list (``store.types.enum_column``).
    op.add_column(
        "course",
        sa.Column("roster_order", sa.String(32), server_default=sa.text("'family_name'"), nullable=False),
    )


def downgrade() -> None:
    # SQLite's own statement: Alembic would copy the table, which other tables refer to.
    op.execute("ALTER TABLE course DROP COLUMN roster_order")
    op.execute("ALTER TABLE enrolment DROP COLUMN list_number")
