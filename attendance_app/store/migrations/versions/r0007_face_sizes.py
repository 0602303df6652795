"""face templates keep how large the face was in its photo

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("face_template") as table:
        # Of the photos enrolled before nobody has kept the size.
        table.add_column(sa.Column("face_px", sa.Double(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("face_template") as table:
        table.drop_column("face_px")
