"""``attendance train identity --course CODE --variant 1``: one of the identity report's networks learns a class."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from attendance_app import laboratory
from attendance_app.bootstrap import network_to_compare, open_data, open_photo_embedder, utc_now
from attendance_app.cli.output import Json, print_table
from attendance_app.cli.training_progress import TrainingLines

if TYPE_CHECKING:
    from attendance_app.services.course_cnn.report import CnnReport
    from attendance_app.services.course_cnn.teaching import CnnRecipe
    from attendance_app.services.rates import Rate


def train_course_cnn(home: Path, code: str, recipe: "CnnRecipe") -> None:
    """Train the course's network and say how well it does on photos kept back, beside the other ways."""
    from attendance_app.services.course_cnn.teaching import teach_course_cnn

    with open_data(home) as store:
        course = store.courses.by_code(code)
        numbers = {student.id: student.number for student in store.students.of_course(course.id)}
        found = teach_course_cnn(
            store,
            code,
            recipe,
            make_task=laboratory.course_cnn_task,
            embedder=open_photo_embedder(network_to_compare(store, course)),
            report=TrainingLines(),
            clock=utc_now,
        )
    if found.stopped:
        typer.echo("Stopped: the best so far is kept and in use. The same command goes on with it.")
    typer.echo(
        f"Variant {found.variant} learnt {found.students} students from {found.photos} photos; best epoch "
        f"{found.best_epoch} of {found.epochs}."
    )
    for student_id in found.without_photos:
        typer.echo(f"{numbers[student_id]} has no photo with a face and can't be recognised.")
    typer.echo(
        f"Likeliest student right, however uncertain: {found.best_named} of {found.right.total} photos kept back."
    )
    print_table(["the course's own photos", "named right", "named wrong", "strangers named"], list(_rows(found)))
    typer.echo("In brackets: where the share lies with 95 % certainty.")
    _say_what_it_may(found, code)


def _rows(found: "CnnReport") -> "Iterator[list[Json]]":
    from attendance_app.domain.fusion import ClassifierChoice

    own = f"the report's variant {found.variant}"
    yield [own, _share(found.right), _share(found.wrong), _share(found.strangers)]
    names = {ClassifierChoice.ENCODINGS: "dlib's encodings", ClassifierChoice.CNN: "our own network"}
    for other in found.beside:
        yield [names[other.way], _share(other.right), _share(other.wrong), _share(other.strangers)]


def _share(rate: "Rate") -> str:
    if not rate.total:
        return "–"
    low, high = rate.interval
    return f"{rate.count} of {rate.total} ({low:.1%} to {high:.1%})"


def _say_what_it_may(found: "CnnReport", code: str) -> None:
    if found.sure_alone:
        typer.echo("It may name students alone (--classifier cnn).")
    else:
        typer.echo(
            "It may not name students alone: that takes half of the photos named right and, with 95 % certainty, at "
            f"most 5 % of strangers named. Ask both: attendance session run --course {code} --classifier both"
        )
