"""``attendance train identity --course CODE``: the identity network learns a class."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from attendance_app.bootstrap import chosen_network, open_data, open_photo_embedder, utc_now
from attendance_app.cli.output import Json, print_table
from attendance_app.cli.progress import TerminalJob
from attendance_app.cli.training_progress import TrainingLines

if TYPE_CHECKING:
    from attendance_app.networks.own import OwnNetwork
    from attendance_app.services.classifier_comparison import CourseComparison


def train_course(home: Path, code: str, *, network: str | None = None) -> None:
    """Train the head of the course and say how well it does on photos kept back.

    ``network``: an identity network of the user's own to learn it with, in place of the one in use.
    """
    from attendance_app.networks.own import NetworkKind
    from attendance_app.services.classifier_comparison import compare_course
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
        course = store.courses.by_code(code)
        students = {student.id: student for student in store.students.of_course(course.id)}
        with TerminalJob("Comparing") as job:
            compared = compare_course(store, course, open_photo_embedder(own), job)
    learnt = len(students) - len(found.without_photos)
    typer.echo(f"Learnt {learnt} {'student' if learnt == 1 else 'students'} from {found.photos} photos.")
    if found.kept_back:
        typer.echo(f"Each photo kept back once: {found.named_right} of {found.kept_back} named right.")
    for first, second in found.look_alikes:
        typer.echo(f"The network confuses {students[first].number} and {students[second].number}: check their photos.")
    for student_id in found.without_photos:
        typer.echo(f"{students[student_id].number} has no photo and can't be recognised.")
    _print_compared(compared, own)


def _print_compared(compared: "CourseComparison", own: "OwnNetwork | None") -> None:
    """Each way to name on the same photos: each left out once, and each student off the list once."""
    from attendance_app.classifiers.thresholds import Strictness
    from attendance_app.domain.fusion import ClassifierChoice
    from attendance_app.services.identity.networks import strangers_named

    network = "shipped network" if own is None else own.name
    ways = {
        ClassifierChoice.ENCODINGS: "dlib's encodings",
        ClassifierChoice.CNN: network,
        ClassifierChoice.BOTH: "both together",
    }
    checks = {name: compared.checks[way] for way, name in ways.items()}
    if not any(check.judged for check in checks.values()):
        typer.echo("Too few photos to compare with dlib's encodings: it takes students with two or more.")
        return
    rows: list[list[Json]] = []
    for name, check in checks.items():
        found = check.outcomes[Strictness.BALANCED]
        strangers = f"{found.strangers_named} of {check.strangers}"
        rows.append([name, f"{found.right} of {check.judged}", found.doubtful, found.wrong, strangers])
    print_table(["the course's own photos", "named right", "doubtful", "named wrong", "strangers named"], rows)
    if own is not None:
        kept_apart = strangers_named(own)
        typer.echo(f"Strangers kept apart from its training: {kept_apart.count} of {kept_apart.total} named.")
