"""``attendance train identity --course CODE``: the identity network learns a class."""

from functools import partial
from pathlib import Path

import typer

from attendance_app.bootstrap import chosen_network, open_data, open_photo_embedder, utc_now
from attendance_app.cli.training_progress import TrainingLines


def train_course(home: Path, code: str, *, network: str | None = None) -> None:
    """Train the head of the course and say how well it does on photos kept back.

    ``network``: an identity network of the user's own to learn it with, in place of the one in use.
    """
    from attendance_app.networks.own import NetworkKind
    from attendance_app.services.identity.heads import train_course_head
    from attendance_app.services.identity.networks import backbone_id

    with open_data(home) as store:
        own = chosen_network(home, NetworkKind.IDENTITY, named=network, course_id=store.courses.by_code(code).id)
        found = train_course_head(
            store,
            code,
            backbone_id=backbone_id(own),
            open_embedder=partial(open_photo_embedder, own),
            report=TrainingLines(),
            clock=utc_now,
        )
        students = {student.id: student for student in store.students.of_course(store.courses.by_code(code).id)}
    learnt = len(students) - len(found.without_photos)
    typer.echo(f"Learnt {learnt} {'student' if learnt == 1 else 'students'} from {found.photos} photos.")
    if found.kept_back:
        typer.echo(f"Each photo kept back once: {found.named_right} of {found.kept_back} named right.")
    for first, second in found.look_alikes:
        typer.echo(f"The network confuses {students[first].number} and {students[second].number}: check their photos.")
    for student_id in found.without_photos:
        typer.echo(f"{students[student_id].number} has no photo and can't be recognised.")
