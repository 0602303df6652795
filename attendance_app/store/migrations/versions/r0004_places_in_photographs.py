"""marks that rest on a photograph say where the face is in it

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SIDES = ("face_left", "face_top", "face_right", "face_bottom")


def upgrade() -> None:
    with op.batch_alter_table("mark") as table:
        table.add_column(sa.Column("photograph", sa.Text(), nullable=True))
        for side in SIDES:
            table.add_column(sa.Column(side, sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("mark") as table:
        for side in reversed(SIDES):
            table.drop_column(side)
        table.drop_column("photograph")
