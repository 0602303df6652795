"""face templates keep an encoding of their photo as from afar

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("face_template") as table:
        # Of the photos enrolled before it is made from their thumbnails, with the next roll.
        table.add_column(sa.Column("far_encoding", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("face_template") as table:
        table.drop_column("far_encoding")
