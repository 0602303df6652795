"""the first schema

Revision 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("code", name=op.f("uq_course_code")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=False),
        sa.Column("templates", sa.Integer(), nullable=False),
        sa.Column("consents", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "student",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student")),
        sa.UniqueConstraint("number", name=op.f("uq_student_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_consent_student_id_student"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_student_id"), "consent", ["student_id"])

    op.create_table(
        "enrolment",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_enrolment_course_id_course"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_enrolment_student_id_student"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", "student_id", name=op.f("pk_enrolment")),
    )
    op.create_index(op.f("ix_enrolment_student_id"), "enrolment", ["student_id"])

    op.create_table(
        "face_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("encoder_id", sa.String(length=128), nullable=False),
        sa.Column("encoding", sa.LargeBinary(), nullable=False),
        sa.Column("photo_sha256", sa.String(length=64), nullable=False),
        sa.Column("quality", sa.Double(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_face_template_student_id_student"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_template")),
        sa.UniqueConstraint(
            "student_id", "photo_sha256", "encoder_id", name=op.f("uq_face_template_student_id_photo_sha256_encoder_id")
        ),
    )
    op.create_index(op.f("ix_face_template_encoder_id"), "face_template", ["encoder_id"])
    op.create_index(op.f("ix_face_template_photo_sha256"), "face_template", ["photo_sha256"])

    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("late_after_s", sa.Double(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("unknown_people", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_session_course_id_course"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_session_course_id"), "session", ["course_id"])
    op.create_index(
        "uq_session_unfinished", "session", ["course_id"], unique=True, sqlite_where=sa.text("ended_at IS NULL")
    )

    op.create_table(
        "trained_head",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("backbone_id", sa.String(length=128), nullable=False),
        sa.Column("student_ids", sa.Text(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("trained_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_trained_head_course_id_course"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_trained_head")),
    )
    op.create_table(
        "face_thumbnail",
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["face_template.id"],
            name=op.f("fk_face_thumbnail_template_id_face_template"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("template_id", name=op.f("pk_face_thumbnail")),
    )
    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("marked_by", sa.String(length=32), nullable=False),
        sa.Column("marked_at", sa.DateTime(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=True),
        sa.Column("sightings", sa.Integer(), nullable=True),
        sa.Column("best_distance", sa.Double(), nullable=True),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column("cnn_student_id", sa.Integer(), nullable=True),
        sa.Column("cnn_probability", sa.Double(), nullable=True),
        sa.Column("mask", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["cnn_student_id"], ["student.id"], name=op.f("fk_mark_cnn_student_id_student"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_mark_session_id_session"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_mark_student_id_student"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("session_id", "student_id", name=op.f("uq_mark_session_id_student_id")),
    )
    op.create_index(op.f("ix_mark_cnn_student_id"), "mark", ["cnn_student_id"])
    op.create_index(op.f("ix_mark_student_id"), "mark", ["student_id"])

    op.create_table(
        "mark_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=False),
        sa.Column("old_status", sa.String(length=32), nullable=True),
        sa.Column("new_status", sa.String(length=32), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_mark_history_session_id_session"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_mark_history_student_id_student"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_history")),
    )
    op.create_index(op.f("ix_mark_history_session_id_student_id"), "mark_history", ["session_id", "student_id"])
    op.create_index(op.f("ix_mark_history_student_id"), "mark_history", ["student_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_mark_history_student_id"), table_name="mark_history")
    op.drop_index(op.f("ix_mark_history_session_id_student_id"), table_name="mark_history")

    op.drop_table("mark_history")
    op.drop_index(op.f("ix_mark_student_id"), table_name="mark")
    op.drop_index(op.f("ix_mark_cnn_student_id"), table_name="mark")

    op.drop_table("mark")
    op.drop_table("face_thumbnail")
    op.drop_table("trained_head")
    op.drop_index("uq_session_unfinished", table_name="session")
    op.drop_index(op.f("ix_session_course_id"), table_name="session")

    op.drop_table("session")
    op.drop_index(op.f("ix_face_template_photo_sha256"), table_name="face_template")
    op.drop_index(op.f("ix_face_template_encoder_id"), table_name="face_template")

    op.drop_table("face_template")
    op.drop_index(op.f("ix_enrolment_student_id"), table_name="enrolment")

    op.drop_table("enrolment")
    op.drop_index(op.f("ix_consent_student_id"), table_name="consent")

    op.drop_table("consent")
    op.drop_table("student")
    op.drop_table("setting")
    op.drop_table("erasure")
    op.drop_table("course")
