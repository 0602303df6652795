"""``attendance train identity --course CODE``: the identity network learns a class."""

from pathlib import Path

import typer

from attendance_app.bootstrap import open_data, open_photo_embedder, utc_now
from attendance_app.cli.training_progress import TrainingLines


def train_course(home: Path, code: str) -> None:
    """Train the head of the course and say how well it does on photos kept back."""
    from attendance_app.services.identity.heads import train_course_head

    with open_data(home) as store:
        found = train_course_head(store, code, open_embedder=open_photo_embedder, report=TrainingLines(), clock=utc_now)
        students = {student.id: student for student in store.students.of_course(store.courses.by_code(code).id)}
    learnt = len(students) - len(found.without_photos)
    typer.echo(f"Learnt {learnt} {'student' if learnt == 1 else 'students'} from {found.photos} photos.")
    if found.kept_back:
        typer.echo(f"Each photo kept back once: {found.named_right} of {found.kept_back} named right.")
    for first, second in found.look_alikes:
        typer.echo(f"The network confuses {students[first].number} and {students[second].number}: check their photos.")
    for student_id in found.without_photos:
        typer.echo(f"{students[student_id].number} has no photo and can't be recognised.")
